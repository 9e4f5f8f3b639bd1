"""The four nearest points of places that come in rows, by a grid: half of what asking a tree costs.

What the last place found bounds how far the next one has to look. Cells that follow each other along z do so in memory
too, so a search looks through few runs of points. It is exact within its reach; beyond, it says that it found nothing.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.neighbours import Neighbours
from exhibit.model.arrays import F4, I4

_MOST_CELLS = 1 << 23


class PointGrid:
    """Points sorted into cells.

    Parameters
    ----------
    points : (n, 3) float32, finite, n >= 1.
    reach : how far neighbours are looked for, in the unit of the points; not negative.
    """

    def __init__(self, points: F4, reach: float) -> None:
        self._reach = np.float32(reach)
        self._lower = points.min(axis=0)
        size = np.ptp(points, axis=0).astype(np.float64)
        cell = max(reach, float(size.max()) / 2**12, 1e-12)
        # wider cells cost little; a grid that fills the memory costs everything
        while np.prod(np.floor(size / cell) + 2) > _MOST_CELLS:
            cell *= 1.26
        self._per_metre = np.float32(1 / cell)
        # one cell more, for what is rounded up at the far end
        self._counts = (np.floor(size / cell) + 2).astype(np.int32)
        at = ((points - self._lower) * self._per_metre).astype(np.int32)
        key = (at[:, 0] * self._counts[1] + at[:, 1]) * self._counts[2] + at[:, 2]
        self._order: I4 = np.argsort(key, kind="stable").astype(np.int32)
        self._points = np.ascontiguousarray(points[self._order], np.float32)
        per_cell = np.bincount(key, minlength=int(self._counts.prod()))
        self._starts = np.concatenate([[0], np.cumsum(per_cell)]).astype(np.int32)

    @property
    def cells(self) -> tuple[F4, I4, I4, I4, F4, np.float32]:
        """What other kernels search: points by cell, their numbers, starts of cells, counts, lower corner, 1 / side."""
        return self._points, self._order, self._starts, self._counts, self._lower, self._per_metre

    def nearest_four(self, places: F4) -> Neighbours:
        """Return the four nearest points of each of `places` (m, 3) float32; index -1 where fewer lie within reach."""
        indices = np.full((len(places), 4), -1, np.int32)
        distances = np.full((len(places), 4), np.inf, np.float32)
        asked = np.ascontiguousarray(places, np.float32)
        _search(
            asked, self._points, self._order, self._starts, self._counts, self._lower, self._per_metre, self._reach,
            indices, distances,
        )  # fmt: skip
        return Neighbours(distances, indices)


@nb.njit(cache=True)
def _search(asked, points, order, starts, counts, lower, per_metre, reach, indices, distances):  # type: ignore[no-untyped-def]  # numba infers
    nx, ny, nz = counts[0], counts[1], counts[2]
    q0 = q1 = q2 = q3 = 0
    is_found = False
    for i in range(len(asked)):
        x, y, z = asked[i, 0], asked[i, 1], asked[i, 2]
        farthest = reach * reach
        if is_found:
            bound = np.float32(0)
            for q in (q0, q1, q2, q3):
                u, v, w = points[q, 0] - x, points[q, 1] - y, points[q, 2] - z
                bound = max(bound, u * u + v * v + w * w)
            # equal points have no distance at all, and must still be less far than this
            farthest = min(farthest, np.float32(1.0001) * bound + np.float32(1e-30))
        is_found = False
        # a little more, so that rounding leaves out no cell
        ball = np.float32(1.0001) * np.sqrt(farthest)
        left, right = (x - ball - lower[0]) * per_metre, (x + ball - lower[0]) * per_metre
        low, high = (y - ball - lower[1]) * per_metre, (y + ball - lower[1]) * per_metre
        back, front = (z - ball - lower[2]) * per_metre, (z + ball - lower[2]) * per_metre
        # false for what is not a number too
        if not (left < nx and low < ny and back < nz and right >= 0 and high >= 0 and front >= 0):
            continue
        first_z, last_z = int(max(back, 0)), int(min(front, nz - 1))
        d0 = d1 = d2 = d3 = farthest
        n_found = 0
        for column in range(int(max(left, 0)), int(min(right, nx - 1)) + 1):
            for row in range(int(max(low, 0)), int(min(high, ny - 1)) + 1):
                line = (column * ny + row) * nz
                for q in range(starts[line + first_z], starts[line + last_z + 1]):
                    u, v, w = points[q, 0] - x, points[q, 1] - y, points[q, 2] - z
                    d = u * u + v * v + w * w
                    if d >= d3:
                        continue
                    n_found += 1
                    if d >= d2:
                        d3, q3 = d, q
                    elif d >= d1:
                        d3, q3, d2, q2 = d2, q2, d, q
                    elif d >= d0:
                        d3, q3, d2, q2, d1, q1 = d2, q2, d1, q1, d, q
                    else:
                        d3, q3, d2, q2, d1, q1, d0, q0 = d2, q2, d1, q1, d0, q0, d, q
        is_found = n_found >= 4
        if is_found:
            indices[i, 0], indices[i, 1], indices[i, 2], indices[i, 3] = order[q0], order[q1], order[q2], order[q3]
            distances[i, 0], distances[i, 1] = np.sqrt(d0), np.sqrt(d1)
            distances[i, 2], distances[i, 3] = np.sqrt(d2), np.sqrt(d3)
