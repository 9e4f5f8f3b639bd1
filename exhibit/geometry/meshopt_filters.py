"""The filters that meshopt-compressed attributes may have passed through.

Source: Khronos Group, *KHR_meshopt_compression*, Appendix B; the first three are those of EXT_meshopt_compression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F8, U1


def apply_filter(data: U1, stride: int, name: str) -> U1:
    """Return the bytes after the filter; ValueError for a filter or stride the specification does not have."""
    if name == "NONE":
        return data
    if name not in _FILTERS or stride not in _STRIDES.get(name, (stride,)):
        raise ValueError(f"a meshopt buffer of {stride} bytes an element cannot have the filter {name[:20]}")
    return _FILTERS[name](data, stride)


def _away_from_zero(values: F8) -> F8:
    """Round halves away from zero, as the specification has it."""
    rounded: F8 = np.trunc(values + np.copysign(0.5, values))
    return rounded


def _vectors(data: U1, stride: int, kind: str) -> npt.NDArray[Any]:
    return data.view(f"<{kind}{stride // 4}").reshape(-1, 4)


def _packed(vectors: F8, stride: int, kind: str) -> U1:
    dtype = np.dtype(f"<{kind}{stride // 4}")
    limits = np.iinfo(dtype)
    safe = np.clip(np.nan_to_num(vectors), limits.min, limits.max)
    return np.ascontiguousarray(safe.astype(dtype)).view(np.uint8).reshape(-1)


def _octahedral(data: U1, stride: int) -> U1:
    source = _vectors(data, stride, "i").astype(np.float64)
    largest = 2 ** (stride * 2 - 1) - 1
    one = np.where(source[:, 2] == 0, 1.0, source[:, 2])
    x, y = source[:, 0] / one, source[:, 1] / one
    z = 1.0 - np.abs(x) - np.abs(y)
    fold = np.minimum(z, 0.0)
    x, y = x - np.copysign(fold, x), y - np.copysign(fold, y)
    scale = largest / np.maximum(np.sqrt(x * x + y * y + z * z), 1e-12)
    scaled = _away_from_zero(np.stack([x * scale, y * scale, z * scale], axis=1))
    return _packed(np.concatenate([scaled, source[:, 3:]], axis=1), stride, "i")


def _quaternion(data: U1, stride: int) -> U1:
    source = _vectors(data, stride, "i")
    one = (source[:, 3] | 3).astype(np.float64)
    one[one == 0] = 1.0
    small = source[:, :3] / one[:, None] * np.sqrt(0.5)
    largest = np.sqrt(np.maximum(0.0, 1.0 - (small**2).sum(axis=1)))
    place = (source[:, 3] & 3).astype(np.int64)
    turned = np.zeros((len(source), 4))
    rows = np.arange(len(source))
    for i in range(3):
        turned[rows, (place + 1 + i) % 4] = small[:, i]
    turned[rows, place] = largest
    return _packed(_away_from_zero(turned * 32767.0), stride, "i")


def _exponential(data: U1, stride: int) -> U1:
    words = data.view("<i4")
    mantissa = (words << 8) >> 8
    with np.errstate(over="ignore"):
        values = np.ldexp(mantissa.astype(np.float64), words >> 24).astype("<f4")
    return np.ascontiguousarray(values).view(np.uint8)


def _color(data: U1, stride: int) -> U1:
    unsigned = _vectors(data, stride, "u").astype(np.int64)
    signed = _vectors(data, stride, "i").astype(np.int64)
    luma, orange, green = unsigned[:, 0], signed[:, 1], signed[:, 2]
    alpha = np.maximum(unsigned[:, 3], 1)
    full = 2 ** (np.floor(np.log2(alpha)).astype(np.int64) + 1) - 1
    low = alpha & (full >> 1)
    channels = [luma + orange - green, luma + green, luma - orange - green, low << 1 | low & 1]
    scale = (2 ** (stride * 2) - 1) / full
    return _packed(_away_from_zero(np.stack(channels, axis=1) * scale[:, None]), stride, "u")


_FILTERS: Final[dict[str, Callable[[U1, int], U1]]] = {
    "OCTAHEDRAL": _octahedral,
    "QUATERNION": _quaternion,
    "EXPONENTIAL": _exponential,
    "COLOR": _color,
}
_STRIDES: Final = {"OCTAHEDRAL": (4, 8), "QUATERNION": (8,), "COLOR": (4, 8)}
