"""Signed distances of plain forms, and how they are joined: what modelled objects are made of.

I. Quilez, "Distance functions", iquilezles.org; "Smooth minimum", the same. Points are (n, 3), distances (n,) in the
points' unit, negative inside. Plane forms take two coordinates, for profiles that are revolved or drawn out.
"""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F8

Scalar = F8 | float
Vector = tuple[float, float, float]


def sphere(points: F8, middle: Vector, radius: Scalar) -> F8:
    """Return the distance to a ball."""
    return np.asarray(np.linalg.norm(points - np.asarray(middle), axis=1) - radius)


def ellipsoid(points: F8, middle: Vector, radii: Vector) -> F8:
    """Return a bound of the distance to an ellipsoid with its axes along x, y and z; exact on its surface."""
    away, half = points - np.asarray(middle), np.asarray(radii)
    scaled = np.linalg.norm(away / half, axis=1)
    slope = np.linalg.norm(away / half**2, axis=1)
    return np.asarray(np.where(slope > 1e-12, scaled * (scaled - 1) / np.maximum(slope, 1e-12), -half.min()))


def box(points: F8, middle: Vector, half: Vector, corner: float = 0.0) -> F8:
    """Return the distance to a box of half sizes `half`, its edges rounded by `corner`."""
    over = np.abs(points - np.asarray(middle)) - np.asarray(half) + corner
    outside = np.linalg.norm(np.maximum(over, 0.0), axis=1)
    return np.asarray(outside + np.minimum(over.max(axis=1), 0.0) - corner)


def capsule(points: F8, start: Vector, end: Vector, radius: float, end_radius: float | None = None) -> F8:
    """Return the distance to a rod with round ends; with `end_radius` its radius changes evenly (a close bound)."""
    first, way = np.asarray(start), np.asarray(end) - np.asarray(start)
    along = np.clip((points - first) @ way / max(float(way @ way), 1e-18), 0.0, 1.0)
    away = np.linalg.norm(points - first - along[:, None] * way, axis=1)
    thick = radius if end_radius is None else radius + (end_radius - radius) * along
    return np.asarray(away - thick)


def tube(points: F8, path: F8, radii: F8 | float) -> F8:
    """Return the distance to a bent rod along a polyline `path` (m, 3), with radii (m,) or one radius."""
    thick = np.broadcast_to(np.asarray(radii, dtype=np.float64), (len(path),))
    nearest = np.full(len(points), np.inf)
    for n in range(len(path) - 1):
        nearest = np.minimum(
            nearest, capsule(points, tuple(path[n]), tuple(path[n + 1]), float(thick[n]), float(thick[n + 1]))
        )
    return nearest


def torus(points: F8, middle: Vector, ring_radius: float, radius: float) -> F8:
    """Return the distance to a ring about +Y."""
    x, y, z = (points - np.asarray(middle)).T
    return np.asarray(np.hypot(np.hypot(x, z) - ring_radius, y) - radius)


def rectangle(u: F8, v: F8, half_u: Scalar, half_v: Scalar, corner: Scalar = 0.0) -> F8:
    """Return the plane distance to a rectangle about (0, 0), its corners rounded."""
    du, dv = np.abs(u) - half_u + corner, np.abs(v) - half_v + corner
    outside = np.hypot(np.maximum(du, 0.0), np.maximum(dv, 0.0))
    return np.asarray(outside + np.minimum(np.maximum(du, dv), 0.0) - corner)


def polygon(u: F8, v: F8, outline: F8) -> F8:
    """Return the plane distance to a closed outline (m, 2), negative inside whichever way round it runs.

    Revolve a profile with ``polygon(hypot(x, z), y, outline)``; draw it out with :func:`extruded`.
    """
    squared, sign = np.full(u.shape, np.inf), np.ones(u.shape)
    for (au, av), (bu, bv) in zip(outline, np.roll(outline, 1, axis=0)):
        eu, ev, wu, wv = bu - au, bv - av, u - au, v - av
        along = np.clip((wu * eu + wv * ev) / max(eu * eu + ev * ev, 1e-18), 0.0, 1.0)
        squared = np.minimum(squared, (wu - eu * along) ** 2 + (wv - ev * along) ** 2)
        is_above, is_below, is_left = v >= av, v < bv, eu * wv > ev * wu
        crosses = (is_above & is_below & is_left) | ~(is_above | is_below | is_left)
        sign = np.where(crosses, -sign, sign)
    return np.asarray(sign * np.sqrt(squared))


def extruded(plane: F8, along: F8, half: float, corner: float = 0.0) -> F8:
    """Return the distance to a plane form drawn out to ``-half .. half`` of the coordinate `along`."""
    over_plane, over_along = plane + corner, np.abs(along) - half + corner
    outside = np.hypot(np.maximum(over_plane, 0.0), np.maximum(over_along, 0.0))
    return np.asarray(outside + np.minimum(np.maximum(over_plane, over_along), 0.0) - corner)


def smooth_union(a: F8, b: F8, width: float) -> F8:
    """Return the union of two forms, its inner corner filled over about `width`."""
    near = np.maximum(width - np.abs(a - b), 0.0) / width
    return np.asarray(np.minimum(a, b) - near * near * width / 4)


def smooth_cut(a: F8, b: F8, width: float) -> F8:
    """Return `a` without `b`, its edge rounded over about `width`."""
    return -smooth_union(-a, b, width)


def stroke(u: F8, v: F8, start: tuple[float, float], end: tuple[float, float]) -> F8:
    """Return the plane distance to a line from `start` to `end`."""
    du, dv = end[0] - start[0], end[1] - start[1]
    along = np.clip(((u - start[0]) * du + (v - start[1]) * dv) / max(du * du + dv * dv, 1e-18), 0.0, 1.0)
    return np.hypot(u - start[0] - along * du, v - start[1] - along * dv)


def turned(points: F8, axis: int, angle_deg: float, about: Vector = (0.0, 0.0, 0.0)) -> F8:
    """Return points turned by `angle_deg` about axis 0, 1 or 2 through `about`, right-handed."""
    angle = np.radians(angle_deg)
    first, second = [n for n in range(3) if n != axis] if axis != 1 else (2, 0)
    away = points - np.asarray(about)
    turned_points = away.copy()
    turned_points[:, first] = np.cos(angle) * away[:, first] - np.sin(angle) * away[:, second]
    turned_points[:, second] = np.sin(angle) * away[:, first] + np.cos(angle) * away[:, second]
    return np.asarray(turned_points + np.asarray(about))


def mirrored(points: F8) -> F8:
    """Return points with x made positive: a form modelled on the right appears on both sides."""
    folded = points.copy()
    folded[:, 0] = np.abs(folded[:, 0])
    return folded
