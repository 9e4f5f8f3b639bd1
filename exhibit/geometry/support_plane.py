"""The table or floor that a scanned object stands on.

RANSAC (Fischler and Bolles, Comm. ACM 24 (1981) 381) with one point a guess, since a point and its normal are a plane.
A support is a large share of the area, flat, has (almost) everything else on ONE side (a pedestal or a slab with stone
below it is not one), and reaches out from under the object (the underside of a chest or a stele is not one either).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.normals import Planes
from exhibit.model.arrays import F4, F8, Bool

MIN_SHARE = 0.12
MIN_ONE_SIDED = 0.985
MAX_TOLERANCE = 3.0
"""Spacings: a table's five sigma measured 1.7, the flattish side of a head 5 to 7."""
MIN_OVERHANG = 0.2
"""Share of the plane's own area that must lie outside the object's outline seen from above."""
N_GUESSES = 400
N_JUDGES = 15_000


@dataclass(frozen=True, slots=True)
class SupportPlane:
    """A support found.

    Parameters
    ----------
    below : (n,) bool, points on the plane or under it.
    normal : (3,) float64 unit, towards the object.
    share : of the cloud's area that lies on the plane.
    one_sidedness : share of the rest that lies above.
    overhang : share of the plane that lies outside the object's outline.
    """

    below: Bool
    normal: F8
    share: float
    one_sidedness: float
    overhang: float


def find_support_plane(points: F4, planes: Planes, spacing: F4) -> SupportPlane | None:
    """Find the support among points (n, 3), or None when nothing qualifies."""
    median = float(np.median(spacing))
    weight = np.minimum(spacing, 3 * median).astype(np.float64) ** 2
    guess = _best_guess(points, planes, weight, median)
    if guess is None:
        return None
    near, normal, height = _refine(points, planes.normals, guess, median)
    tolerance = max(5 * 1.4826 * float(np.median(np.abs(height[near]))), median)
    above = float(weight[height > tolerance].sum())
    under = float(weight[height < -tolerance].sum())
    if above < under:
        above, under, height, normal = under, above, -height, -normal
    share = float(weight[np.abs(height) < tolerance].sum() / weight.sum())
    one_sidedness = above / (above + under + 1e-30)
    # a cloud that is nothing but a plane is the object itself: a relief, a sheet, a tablet
    is_object = above + under < 0.02 * float(weight.sum())
    if share < MIN_SHARE or one_sidedness < MIN_ONE_SIDED or tolerance > MAX_TOLERANCE * median or is_object:
        return None
    overhang = _overhang(points, normal, height, tolerance, weight)
    if overhang < MIN_OVERHANG:
        return None
    return SupportPlane(height < tolerance, normal, share, one_sidedness, overhang)


def _overhang(points: F4, normal: F8, height: F8, tolerance: float, weight: F8) -> float:
    """Share of the plane outside the convex outline of what stands on it, both seen along the normal."""
    from scipy.spatial import ConvexHull, QhullError

    # the lowest twentieth of the object does not count: stray points just above a table reach over all of it
    foot = max(tolerance, 0.05 * float(np.quantile(height[height > tolerance], 0.98)))
    _, _, axes = np.linalg.svd(normal[None])
    flat = points @ axes[1:].T
    try:
        outline = ConvexHull(flat[height > foot]).equations
    except (QhullError, ValueError):
        return 1.0  # what stands there has no outline: a line, a few points
    on = np.abs(height) < tolerance
    outside = (flat[on] @ outline[:, :2].T + outline[:, 2] > 0).any(axis=1)
    return float(weight[on][outside].sum() / weight[on].sum())


def _best_guess(points: F4, planes: Planes, weight: F8, median: float) -> int | None:
    flat = np.flatnonzero(planes.scatter < 0.02)
    if len(flat) < 100:
        return None
    judges = np.linspace(0, len(points) - 1, min(len(points), N_JUDGES)).astype(np.int64)
    where, facing, worth = points[judges], planes.normals[judges], weight[judges]
    best, found = 0.0, None
    for guess in flat[np.linspace(0, len(flat) - 1, min(len(flat), N_GUESSES)).astype(np.int64)]:
        normal = planes.normals[guess]
        on = np.abs((where - points[guess]) @ normal) < 2 * median
        on &= np.abs(facing @ normal) > 0.9
        score = float(worth[on].sum())
        if score > best:
            best, found = score, int(guess)
    return found


def _refine(points: F4, normals: F4, guess: int, median: float) -> tuple[Bool, F8, F8]:
    centre = points[guess].astype(np.float64)
    normal = normals[guess].astype(np.float64)
    near = np.zeros(len(points), bool)
    for _ in range(4):
        near = (np.abs((points - centre) @ normal) < 2 * median) & (np.abs(normals @ normal) > 0.8)
        if near.sum() < 3:
            break
        centre = points[near].mean(axis=0, dtype=np.float64)
        _, axes = np.linalg.eigh(np.cov((points[near] - centre).T))
        normal = axes[:, 0]
    return near, normal, (points - centre) @ normal
