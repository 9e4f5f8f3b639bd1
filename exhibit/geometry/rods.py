"""A body grown together from many tapered rods, as one signed distance: for figures that are modelled, not turned.

A rod is a capsule whose radius changes evenly and whose section may be an ellipse. Distances to such sections are
first-order bounds, value over gradient (J. C. Hart, "Sphere tracing", The Visual Computer 12, 1996); rods are blended
one after the other by the quadratic smooth minimum (I. Quilez, "Smooth minimum", iquilezles.org).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from exhibit.model.arrays import F8

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Rods:
    """Rods in groups that lie close together, so that far groups are passed over.

    Parameters
    ----------
    rows : (n, 18) float64, one rod each, in the order of blending.
    groups : (m, 8) float64: first row, last row + 1, middle (3) and radius of a ball round them, the width over which
        the group grows into the groups before it, and the widest seam inside it.
    """

    rows: F8
    groups: F8


def rod(
    start: Vector,
    end: Vector,
    radius: float,
    end_radius: float | None = None,
    *,
    side: Vector = (0.0, 0.0, 1.0),
    squash: float = 1.0,
    end_squash: float | None = None,
    blend: float = 0.0,
    is_cut: bool = False,
) -> F8:
    """Return the row (18,) of one rod.

    Parameters
    ----------
    start, end : of its axis; any unit.
    radius, end_radius : across the axis; by default the same at both ends.
    side : unit direction along which the section is squashed, best at right angles to the axis.
    squash, end_squash : radius along `side` over the radius across it, at either end; by default the same at both.
    blend : width over which its seam with the rods before it in its group is filled.
    is_cut : it is taken away from them instead.
    """
    a, way = np.asarray(start, float), np.subtract(end, start)
    last = radius if end_radius is None else end_radius
    long = max(float(np.linalg.norm(way)), 1e-6)
    taper = np.clip((radius - last) / long, -0.95, 0.95)
    shift = taper / np.sqrt(1 - taper * taper) / long
    widen = 1 / squash - 1
    end_widen = widen if end_squash is None else 1 / end_squash - 1
    ball = long / 2 + max(radius, last) * max(1.0, 1 / (1 + min(widen, end_widen)))
    row = [
        *a, *way, 1 / long**2, radius, last - radius, *side, widen, blend, shift, float(is_cut),
        end_widen - widen, ball,
    ]  # fmt: skip
    return np.asarray(row, dtype=np.float64)


def rods_of(groups: Sequence[tuple[float, Sequence[F8]]]) -> Rods:
    """Gather groups of rods, each with the width over which it grows into those before it."""
    bounds, first = [], 0
    for blend, group in groups:
        rows = np.asarray(group)
        ends = np.concatenate([rows[:, :3], rows[:, :3] + rows[:, 3:6]])
        widest = np.maximum(1, 1 / (1 + np.minimum(rows[:, 12], rows[:, 12] + rows[:, 16])))
        radii = np.tile(np.maximum(rows[:, 7], rows[:, 7] + rows[:, 8]) * widest, 2)
        middle = (ends.min(axis=0) + ends.max(axis=0)) / 2
        reach = float((np.linalg.norm(ends - middle, axis=1) + radii).max())
        bounds.append([first, first + len(rows), *middle, reach + rows[:, 13].max() / 4, blend, rows[:, 13].max()])
        first += len(rows)
    return Rods(np.concatenate([np.asarray(group) for _, group in groups]), np.asarray(bounds, dtype=np.float64))


def distance_to_rods(points: F8, rods: Rods) -> F8:
    """Return the signed distance (n,) of points (n, 3)."""
    distances = np.empty(len(points))
    _all_rods(np.ascontiguousarray(points, dtype=np.float64), rods.rows, rods.groups, distances)
    return distances


@njit(cache=True, error_model="numpy")
def one_rod(x: float, y: float, z: float, row: F8) -> float:
    """Return the distance of one point to one rod."""
    u, v, w = x - row[0], y - row[1], z - row[2]
    along = (u * row[3] + v * row[4] + w * row[5]) * row[6]
    across = u * row[9] + v * row[10] + w * row[11]
    if row[14] != 0.0:
        # of all balls along a tapered rod, the nearest is not the one square below the point
        widen = 1 + row[12] + row[16] * min(max(along, 0.0), 1.0)
        beside = u * u + v * v + w * w + across * across * (widen * widen - 1) - along * along / row[6]
        along -= np.sqrt(max(beside, 0.0)) * row[14]
    along = min(max(along, 0.0), 1.0)
    u, v, w = u - along * row[3], v - along * row[4], w - along * row[5]
    squared = u * u + v * v + w * w
    widen = 1 + row[12] + row[16] * along
    if widen == 1.0:
        return float(np.sqrt(squared) - row[7] - row[8] * along)
    across = u * row[9] + v * row[10] + w * row[11]
    added = across * across * (widen * widen - 1)
    away = np.sqrt(squared + added)
    slope = np.sqrt(squared + added * (widen * widen + 1))
    return float((away - row[7] - row[8] * along) * away / max(slope, 1e-9))


@njit(cache=True, error_model="numpy")
def grown_together(x: float, y: float, z: float, rows: F8, groups: F8) -> float:
    """Return the distance of one point to all rods, blended."""
    free = 1e9
    for group in range(len(groups)):
        u, v, w = x - groups[group, 2], y - groups[group, 3], z - groups[group, 4]
        if np.sqrt(u * u + v * v + w * w) - groups[group, 5] > abs(free) + groups[group, 6]:
            continue
        own, seam = 1e9, groups[group, 7]
        limit = free + groups[group, 6]
        for n in range(int(groups[group, 0]), int(groups[group, 1])):
            u = x - rows[n, 0] - 0.5 * rows[n, 3]
            v = y - rows[n, 1] - 0.5 * rows[n, 4]
            w = z - rows[n, 2] - 0.5 * rows[n, 5]
            is_cut = rows[n, 15] != 0.0
            # a ball round the rod tells whether it can matter here
            reach = rows[n, 17] + seam + (-own if is_cut else min(own, limit))
            if reach < 0.0 or u * u + v * v + w * w > reach * reach:
                continue
            one = one_rod(x, y, z, rows[n])
            if is_cut:
                own = -joined(-own, one, rows[n, 13])
            else:
                own = joined(own, one, rows[n, 13])
        free = joined(free, own, groups[group, 6])
    return free


@njit(cache=True, error_model="numpy")
def joined(a: float, b: float, width: float) -> float:
    """Return the union of two distances, its seam filled over `width`."""
    near = max(width - abs(a - b), 0.0)
    return min(a, b) - (near * near / (4 * width) if near > 0.0 else 0.0)


@njit(cache=True, error_model="numpy")
def _all_rods(points: F8, rows: F8, groups: F8, distances: F8) -> None:
    for i in range(len(points)):
        distances[i] = grown_together(points[i, 0], points[i, 1], points[i, 2], rows, groups)
