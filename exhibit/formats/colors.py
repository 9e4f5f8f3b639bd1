"""Colours as files store them (0-1, 0-255, 0-65535) become 8-bit sRGB."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import U1

NEUTRAL: Final = 128
"""Stands where some parts of a source have colour and this one has not."""


def largest_color(values: npt.NDArray[Any]) -> float:
    """Return the largest finite value, or 0 where there is none."""
    if values.size == 0:
        return 0.0
    if values.dtype.kind != "f":
        return float(values.max())
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 0.0


def to_eight_bit(values: npt.NDArray[Any], largest: float) -> U1:
    """Bring colours to 0-255.

    Parameters
    ----------
    values : (n, 3) integers or floats.
    largest : largest value of the WHOLE source, which tells the range: files say 16-bit and store 8-bit values, both
        as they are and shifted left by eight; floats are 0-1 or 0-255.

    Returns
    -------
    (n, 3) uint8. NaN becomes 0.
    """
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values)
    if largest > 255:
        # the high byte is exact for both v << 8 and v * 257
        words = np.clip(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0, 65535).astype(np.uint16)
        return np.ascontiguousarray((words >> 8).astype(np.uint8))
    scale = 255.0 if values.dtype.kind == "f" and largest <= 1.0 else 1.0
    scaled = np.clip(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0, 255).astype(np.float32) * np.float32(
        scale
    )
    return np.ascontiguousarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
