"""Holding an invented bulge back to the convex hull of the points: nothing was measured outside of it.

A reconstruction closes an opening, say a neck or the sole of a leg, with a dome that can stand centimetres out of the
object and falsify its height. Pushed back to the hull it becomes flat, and stays closed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F4, F8

_ROUNDS = 12
_CHUNK = 1 << 15


def clamp_to_hull(vertices: F4, points: F4, reach: float) -> F4:
    """Return vertices (n, 3) float32 moved so that none lies farther than `reach` outside the hull of the points.

    Parameters
    ----------
    vertices : (n, 3) float32.
    points : (p, 3) float32; flat or fewer than four points have no hull, and nothing is moved.
    reach : same length unit; about the points' noise.
    """
    from scipy.spatial import ConvexHull, QhullError

    try:
        planes = ConvexHull(points.astype(np.float64)).equations
    except (QhullError, ValueError):
        return vertices
    clamped = vertices.astype(np.float64)
    outside = np.arange(len(clamped))
    for _ in range(_ROUNDS):
        height, plane = _highest(clamped[outside], planes)
        over = height > reach * 1.001
        outside, height, plane = outside[over], height[over], plane[over]
        if not len(outside):
            break
        clamped[outside] -= planes[plane, :3] * (height - reach)[:, None]
    moved: F4 = clamped.astype(np.float32)
    return moved


def _highest(places: F8, planes: F8) -> tuple[F8, npt.NDArray[np.int64]]:
    """Return (n,) the largest signed distance to any plane, and which plane."""
    height, plane = np.empty(len(places)), np.empty(len(places), np.int64)
    for start in range(0, len(places), _CHUNK):
        part = slice(start, start + _CHUNK)
        signed = places[part] @ planes[:, :3].T + planes[:, 3]
        plane[part] = signed.argmax(axis=1)
        height[part] = np.take_along_axis(signed, plane[part, None], axis=1)[:, 0]
    return height, plane
