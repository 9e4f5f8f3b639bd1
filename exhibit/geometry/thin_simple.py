"""Averaging oriented points where a surface is simple, for a reconstruction that has only to find the topology.

An octree is as fine as its points are dense. Where all normals around agree, neither a second sheet nor a sharp form is
near, and cells of twice the size find the same surface; elsewhere points stay as dense as the finest cells can use.
Coarser cells everywhere lost thin walls. Every point kept where it is not simple made so steep a step of density that
the screening of the sparse side (Kazhdan and Hoppe weigh it by points) no longer held: the floor of a bowl was lost.
Where little is simple nothing is gained, and the points stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4, F8

COARSE = 2.0
"""Finest cells of the reconstruction over which points of a simple place are averaged; an octree knows only doubles."""
AGREEING = 0.95
"""Length of the mean normal around a place from which on it is simple; 0.9 lost sparse parts of a real scan."""
AGREEING_HERE = 0.9
"""The same within the averaged cell itself: two sheets are never averaged into one."""
N_AROUND = 27
MOST = 0.6
"""Share of the points that must be in simple places."""


@dataclass(frozen=True, slots=True)
class CellTotals:
    """Sums over the cells of a grid: cell of each point (n,), points (c,), mean position and summed normal (c, 3)."""

    of_point: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]
    middle: F8
    normal: F8

    def agreeing(self) -> F8:
        """Return (c,) the length of each cell's mean normal."""
        return np.asarray(np.linalg.norm(self.normal, axis=1) / self.count, np.float64)


def thin_simple(points: F4, normals: F4, cell: float) -> tuple[F4, F4]:
    """Return fewer points (m, 3) and unit normals (m, 3), or those given where little can be saved.

    Parameters
    ----------
    points, normals : (n, 3) float32; unit normals, n >= 1.
    cell : side of the finest cells of the reconstruction, unit of the points, > 0.
    """
    coarse = sum_in_cells(points, normals, COARSE * cell)
    around = PointIndex(coarse.middle.astype(np.float32)).nearest(None, N_AROUND).indices
    agreeing = np.linalg.norm(coarse.normal[around].sum(axis=1), axis=1) / coarse.count[around].sum(axis=1)
    simple = (agreeing > AGREEING) & (coarse.agreeing() > AGREEING_HERE)
    kept = ~simple[coarse.of_point]
    if kept.mean() > 1 - MOST:
        return points, normals
    places, directions = [coarse.middle[simple]], [coarse.normal[simple]]
    if kept.any():
        fine = sum_in_cells(points[kept], normals[kept], cell)
        flat = fine.agreeing() > AGREEING_HERE
        raw = ~flat[fine.of_point]
        places += [fine.middle[flat], points[kept][raw]]
        directions += [fine.normal[flat], normals[kept][raw]]
    direction = np.concatenate(directions, dtype=np.float64)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-30)
    return np.concatenate(places).astype(np.float32), direction.astype(np.float32)


def sum_in_cells(points: F4, normals: F4, side: float) -> CellTotals:
    """Sum points and normals (n, 3) over the cells of a grid of the given side."""
    low = points.min(axis=0)
    grid = np.floor((points - low) / np.float32(side)).astype(np.int64)
    size = grid.max(axis=0) + 1
    key = (grid[:, 0] * size[1] + grid[:, 1]) * size[2] + grid[:, 2]
    _, of_point, count = np.unique(key, return_inverse=True, return_counts=True)
    # of_point is flat only from NumPy 2.1 on
    of_point = of_point.reshape(-1)
    sums = [
        np.bincount(of_point, weights=values[:, axis], minlength=len(count))
        for values in (points - low, normals)
        for axis in range(3)
    ]
    middle = np.stack(sums[:3], axis=1) / count[:, None] + low
    return CellTotals(of_point, count, middle, np.stack(sums[3:], axis=1))
