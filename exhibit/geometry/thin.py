"""Thinning by averaging the points of each cell: below a cloud's own noise more points only cost time.

`CellSums` takes a cloud of any size block by block and holds no more than a set number of cells: when it grows past
that, cells merge eight into one, as in an octree, so one pass finds the finest resolution that fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F4, F8, U1

_BITS = 20


@dataclass(frozen=True, slots=True)
class Thinned:
    """One point per occupied cell: mean position, mean colour, sum of normals (unit where any)."""

    positions: F4
    colors: U1 | None
    normals: F4 | None


class CellSums:
    """Running sums per cell of a cubic grid over ``[low, low + extent]``.

    Parameters
    ----------
    low : (3,) lower corner, unit of the points.
    extent : side of the cube, > 0.
    max_cells : most cells to hold.
    cell : side of a cell to begin with; None begins with the finest, 2**-20 of the extent.
    """

    def __init__(self, low: F8, extent: float, max_cells: int, cell: float | None = None) -> None:
        self._low = low
        self.cell = max(extent / (2**_BITS - 1), cell or 0.0)
        self._max_cells = max_cells
        self._keys = np.empty(0, np.int64)
        self._sums: F8 | None = None

    def add(self, positions: F4, colors: U1 | None, normals: F4 | None) -> None:
        """Add finite points inside the cube; every block must carry the same attributes."""
        cells = np.floor((positions - self._low) / self.cell).astype(np.int64)
        cells = np.clip(cells, 0, 2**_BITS - 1)
        columns: list[npt.NDArray[Any]] = [np.ones((len(positions), 1)), positions]
        columns += [colors] if colors is not None else []
        columns += [np.nan_to_num(normals)] if normals is not None else []
        rows = np.concatenate(columns, axis=1, dtype=np.float64)
        keys = (cells[:, 2] << 2 * _BITS) | (cells[:, 1] << _BITS) | cells[:, 0]
        keys, rows = _merge(keys, rows)
        if self._sums is None:
            self._keys, self._sums = keys, rows
        else:
            self._keys, self._sums = _merge(np.concatenate([self._keys, keys]), np.concatenate([self._sums, rows]))
        while len(self._keys) > self._max_cells:
            self._coarsen()

    def _coarsen(self) -> None:
        assert self._sums is not None
        mask = 2**_BITS - 1
        x, y, z = self._keys & mask, (self._keys >> _BITS) & mask, self._keys >> 2 * _BITS
        keys = ((z >> 1) << 2 * _BITS) | ((y >> 1) << _BITS) | (x >> 1)
        self._keys, self._sums = _merge(keys, self._sums)
        self.cell *= 2

    def result(self, has_colors: bool, has_normals: bool) -> Thinned:
        """Return the means of all cells, ordered by cell."""
        if self._sums is None:
            return Thinned(np.empty((0, 3), np.float32), None, None)
        mean = self._sums[:, 1:] / self._sums[:, :1]
        positions = mean[:, :3].astype(np.float32)
        colors = np.clip(mean[:, 3:6] + 0.5, 0, 255).astype(np.uint8) if has_colors else None
        if not has_normals:
            return Thinned(positions, colors, None)
        length = np.maximum(np.linalg.norm(mean[:, -3:], axis=1, keepdims=True), 1e-30)
        return Thinned(positions, colors, (mean[:, -3:] / length).astype(np.float32))


def thin_points(positions: F4, colors: U1 | None, normals: F4 | None, cell: float) -> Thinned:
    """Average finite points (n, 3) over cells of side `cell`."""
    low = positions.min(axis=0).astype(np.float64)
    sums = CellSums(low, float((positions.max(axis=0) - low).max()) or cell, len(positions) + 1, cell)
    sums.add(positions, colors, normals)
    return sums.result(colors is not None, normals is not None)


def _merge(keys: npt.NDArray[np.int64], rows: F8) -> tuple[npt.NDArray[np.int64], F8]:
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    if len(starts) == 0:
        return keys, rows
    return keys[starts], np.add.reduceat(rows[order], starts, axis=0)
