"""How much a texture jumps where the atlas is cut, beside how much it changes anywhere else.

Across an edge of the mesh two places are looked at, half a texel (of the mipmap) off the edge on either side, as a GPU
does: bilinear, in linear light, from mipmaps of 2 x 2 means. Where the edge is a seam the two lie in different charts
and see different texels; what they differ by there should be no more than across other edges.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from tests.bench.truth import F4, U1

_MIPS = 3
_MOST = 40_000

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]


def seam_figures(made: dict[str, Any], scan: F4, colors: U1) -> dict[str, float]:
    """Return, for each mipmap, how much larger the steps across seams are than the steps across edges beside them.

    Seams run where the surface folds and colours change, so both are first divided by the steps that the scan's own
    points (n, 3) with `colors` (n, 3) make between the same places: 1 is no larger.

    Parameters
    ----------
    made : has vertices, faces, corner_uv (m, 3, 2) and base_color.
    """
    picture, tree = _linear(made["base_color"]), cKDTree(scan)
    found: dict[str, float] = {}
    for mip in range(_MIPS):
        shares = {}
        for name, sides in _pairs(made, len(made["base_color"]), 0.5 * 2**mip).items():
            one, two = (_srgb(_bilinear(picture, uv)) for uv, _ in sides)
            first, second = (_nearby(tree, colors, points) for _, points in sides)
            step = float(np.abs(one - two).mean())
            shares[name] = step / max(float(np.abs(first - second).mean()), 1e-9)
            found[f"{name}_step_{mip}"] = step
        found[f"seam_excess_{mip}"] = shares["seam"] / max(shares["inner"], 1e-9)
        picture = picture.reshape(len(picture) // 2, 2, -1, 2, picture.shape[2]).mean(axis=(1, 3))
    return found


def _nearby(tree: Any, colors: U1, points: F8) -> F8:
    distance, near = tree.query(points, 4)
    weights = 1 / np.maximum(distance, 1e-12)
    mean: F8 = (colors[near] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return mean


def _pairs(made: dict[str, Any], size: int, off: float) -> dict[str, tuple[tuple[F8, F8], tuple[F8, F8]]]:
    """Return uv and points of places `off` texels to either side of the middles of edges.

    Of seams, and of other edges that touch them: what lies beside them folds much as they do.
    """
    faces = made["faces"].astype(np.int64)
    values = np.concatenate([made["corner_uv"], made["vertices"][faces]], axis=2).astype(np.float64)
    _, same = np.unique(made["vertices"], axis=0, return_inverse=True)
    corner = same.reshape(-1)[faces]
    ends = np.sort(np.stack([corner, np.roll(corner, -1, axis=1)], axis=2), axis=2).reshape(-1, 2)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    equal = (ends[order][1:] == ends[order][:-1]).all(axis=1)
    # edges of exactly two faces
    is_pair = equal & ~np.concatenate([[False], equal[:-1]]) & ~np.concatenate([equal[1:], [False]])
    one, two = order[:-1][is_pair], order[1:][is_pair]
    (first, fits), (second, fit_too) = (_off_edge(side // 3, side % 3, values, size, off) for side in (one, two))
    gaps = _ends(one, values) - _ends(two, values)[:, ::-1]  # the neighbour runs along the edge the other way round
    is_seam = np.abs(gaps).max(axis=(1, 2)) > 1e-6
    touches = np.isin(ends[one], ends[one][is_seam]).any(axis=1)
    rng = np.random.default_rng(7)
    result = {}
    for name, chosen in (("seam", is_seam), ("inner", ~is_seam & touches)):
        rows = np.flatnonzero(chosen & fits & fit_too)
        rows = rows if len(rows) <= _MOST else rng.choice(rows, _MOST, replace=False)
        result[name] = (first[rows, :2], first[rows, 2:]), (second[rows, :2], second[rows, 2:])
    return result


def _ends(side: I8, values: F8) -> F8:
    return np.stack([values[side // 3, (side % 3 + k) % 3, :2] for k in (0, 1)], axis=1)


def _off_edge(face: I8, side: I8, values: F8, size: int, off: float) -> tuple[F8, npt.NDArray[np.bool_]]:
    """Return uv and points (n, 5) in faces, `off` texels off one side's middle, and whether the face is high enough."""
    a, b, c = (values[face, (side + k) % 3] for k in range(3))
    middle = (a + b) / 2
    edge, toward = (b - a)[:, :2], (c - middle)[:, :2]
    length = np.maximum(np.linalg.norm(edge, axis=1), 1e-12)
    height = np.abs(edge[:, 0] * toward[:, 1] - edge[:, 1] * toward[:, 0]) / length
    share = off / size / np.maximum(height, 1e-12)
    return middle + share[:, None] * (c - middle), (share < 0.5) & (length * size > 1)


def _linear(picture: U1) -> F4:
    values = picture.astype(np.float32) / 255
    light: F4 = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return light


def _srgb(light: F8) -> F8:
    return 255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def _bilinear(picture: F4, uv: F8) -> F8:
    size = len(picture)
    at = np.clip(uv * size - 0.5, 0, size - 1)
    low = np.minimum(at.astype(np.int64), size - 2)
    x, y = (at - low).T[:, :, None]
    upper = picture[low[:, 1], low[:, 0]] * (1 - x) + picture[low[:, 1], low[:, 0] + 1] * x
    lower = picture[low[:, 1] + 1, low[:, 0]] * (1 - x) + picture[low[:, 1] + 1, low[:, 0] + 1] * x
    mixed: F8 = upper * (1 - y) + lower * y
    return mixed
