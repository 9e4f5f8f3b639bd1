"""Nearest neighbours and the local spacing of points.

One table of neighbours serves the whole cleaning: spacing, outliers, parts, normals and the orientation graph all come
from it, so that every scale follows the local density instead of one number for the whole object.
Trees: pykdtree (Nielsen), the implicit kd-tree of Friedman, Bentley and Finkel, ACM TOMS 3 (1977).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from exhibit.model.arrays import F4, I4, Bool
from exhibit.progress import SILENT, Progress

SPACING_NEIGHBOUR = 8
"""The neighbour whose distance tells the spacing: nearer ones are noisy, farther ones blur edges of density."""
_CHUNK = 1 << 17
_WORTH = 0.3
"""Share of rows that must be whole for a table to be taken over."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A table of nearest points, nearest first.

    Parameters
    ----------
    distances : (n, k) float32, in the unit of the points.
    indices : (n, k) int32 into the points.
    """

    distances: F4
    indices: I4


NO_NEIGHBOURS = Neighbours(np.empty((0, 1), np.float32), np.empty((0, 1), np.int32))


class PointIndex:
    """A search tree over points.

    Parameters
    ----------
    points : (n, 3) float32, finite, n >= 1.
    """

    def __init__(self, points: F4) -> None:
        from pykdtree.kdtree import KDTree

        self.points = np.ascontiguousarray(points, np.float32)
        if len(self.points) == 0 or not np.isfinite(self.points).all():
            raise ValueError("a PointIndex needs at least one point, and only finite ones")
        self._tree: Any = KDTree(self.points)

    def nearest(self, queries: F4 | None, k: int, *, progress: Progress = SILENT) -> Neighbours:
        """Find the `k` nearest points of every query.

        Parameters
        ----------
        queries : (n, 3) float32, finite; None asks for the points themselves (each is then its own first neighbour).
        k : neighbours wanted; fewer come back when there are fewer points.

        Raises
        ------
        ValueError : a query is not finite (the tree would answer with indices out of range).
        """
        asked = self.points if queries is None else np.ascontiguousarray(queries, np.float32)
        if not np.isfinite(asked).all():
            raise ValueError("neighbours of points that are not finite were asked for")
        k = min(k, len(self.points))
        distances = np.empty((len(asked), k), np.float32)
        indices = np.empty((len(asked), k), np.int32)
        for start in range(0, len(asked), _CHUNK):
            progress.tick(start / len(asked), "finding neighbours")
            rows = slice(start, start + _CHUNK)
            found, where = self._tree.query(asked[rows], k)
            distances[rows] = found.reshape(-1, k)
            indices[rows] = where.reshape(-1, k)
        return Neighbours(distances, indices)


def neighbours_among(points: F4, neighbours: Neighbours, keep: Bool, *, progress: Progress = SILENT) -> Neighbours:
    """Return the table of the points marked in `keep` (n,) among themselves, asking anew only where one is missing.

    Parameters
    ----------
    points : (n, 3) float32, finite.
    neighbours : their table.
    """
    kept = points[keep]
    k = neighbours.indices.shape[1]
    is_whole = keep[neighbours.indices[keep]].all(axis=1)
    if k > len(kept) or is_whole.mean() < _WORTH:
        return PointIndex(kept).nearest(None, k, progress=progress)
    number = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    distances, indices = neighbours.distances[keep], number[neighbours.indices[keep]]
    torn = np.flatnonzero(~is_whole)
    if len(torn):
        found = PointIndex(kept).nearest(kept[torn], k, progress=progress)
        distances[torn], indices[torn] = found.distances, found.indices
    return Neighbours(distances, indices)


def local_spacing(neighbours: Neighbours) -> F4:
    """Return (n,) float32: the distance between neighbouring points, as if the surface were flat and evenly sampled.

    It is ``1 / sqrt(points per area)``, the area being the disc out to the eighth neighbour.
    """
    k = min(SPACING_NEIGHBOUR, neighbours.distances.shape[1] - 1)
    if k < 1:
        return np.zeros(len(neighbours.distances), np.float32)
    spacing: F4 = neighbours.distances[:, k] * np.float32(np.sqrt(np.pi / k))
    return spacing


def spacing_of_moved(points: F4, neighbours: Neighbours) -> F4:
    """Return the local spacing (n,) of points (n, 3) that moved a little since their neighbours were looked for."""
    square: F4 = np.zeros(neighbours.indices.shape, np.float32)
    for axis in range(3):
        column = np.ascontiguousarray(points[:, axis])
        square += (column[neighbours.indices] - column[:, None]) ** 2
    k = min(SPACING_NEIGHBOUR, square.shape[1] - 1)
    spacing: F4 = np.sqrt(np.partition(square, k, axis=1)[:, k]) * np.float32(np.sqrt(np.pi / max(k, 1)))
    return spacing
