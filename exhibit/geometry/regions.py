"""Which points a person's mask keeps, removes or leaves open."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F4, F8, Bool
from exhibit.model.mask import Box, Lasso, Mask, Side

REMOVED, OPEN, KEPT = -1, 0, 1
_AT_ONCE = 1 << 18


def judge_by_mask(points: F4 | F8, origin: F8, mask: Mask) -> npt.NDArray[np.int8]:
    """Return `REMOVED`, `OPEN` or `KEPT` for each point, (n,) int8; points without finite coordinates stay open.

    Parameters
    ----------
    points : (n, 3) relative to `origin`, scan units.
    origin : (3,) float64.
    """
    rest = {"auto": OPEN, "keep": KEPT, "remove": REMOVED}[mask.rest]
    verdict = np.full(len(points), rest, np.int8)
    for start in range(0, len(points), _AT_ONCE):
        some = points[start : start + _AT_ONCE].astype(np.float64) + origin
        for region in mask.regions:
            verdict[start : start + _AT_ONCE][find_inside(some, region.shape)] = KEPT if region.keep else REMOVED
    verdict[~np.isfinite(points).all(axis=1)] = OPEN
    return verdict


def find_inside(points: F8, shape: Box | Side | Lasso) -> Bool:
    """Return (n,) bool: which points (n, 3) a shape holds."""
    with np.errstate(invalid="ignore"):
        if isinstance(shape, Box):
            inside: Bool = np.all((points >= shape.low) & (points <= shape.high), axis=1)
            return inside
        if isinstance(shape, Side):
            beyond: Bool = np.asarray((points - shape.point) @ np.asarray(shape.normal) > 0, bool)
            return beyond
        axis = "xyz".index(shape.along)
        u, v = (points[:, other] for other in range(3) if other != axis)
        held = _in_outline(u, v, np.asarray(shape.outline, np.float64))
        if shape.between is not None:
            held &= (points[:, axis] >= shape.between[0]) & (points[:, axis] <= shape.between[1])
        return held


def _in_outline(u: npt.NDArray[Any], v: npt.NDArray[Any], outline: F8) -> Bool:
    """Even-odd rule: count the edges that a ray to +u crosses."""
    inside = np.zeros(len(u), bool)
    for (u0, v0), (u1, v1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if v0 != v1:
            crosses = (v0 > v) != (v1 > v)
            inside ^= crosses & (u < u0 + (v - v0) * (u1 - u0) / (v1 - v0))
    return inside
