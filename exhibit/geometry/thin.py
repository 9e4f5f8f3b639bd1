"""Thinning by averaging the points of each cell: below a cloud's own noise more points only cost time.

`CellSums` takes a cloud of any size block by block and holds no more than a set number of cells: when it grows past
that, cells merge eight into one, as in an octree. The cells are found by hashing (Teschner, Heidelberger, Müller,
Pomerantz and Gross, VMV 2003): a tenth of a microsecond a point, where sorting took half a microsecond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from exhibit.model.arrays import F4, F8, I4, U1, read_only

_BITS = 21
_SIDE = 2**_BITS - 1
_FIRST = 1 << 16
_HASH = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)."""
_NONE = np.empty((0, 3), np.uint8), np.empty((0, 3), np.float32)

I8 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Thinned:
    """One point per occupied cell: mean position, mean colour, sum of normals (unit where any), points averaged."""

    positions: F4
    colors: U1 | None
    normals: F4 | None
    counts: F4

    def among(self, rows: I8) -> Thinned:
        """Return those of `rows` (m,)."""
        colors = None if self.colors is None else self.colors[rows]
        normals = None if self.normals is None else self.normals[rows]
        return Thinned(self.positions[rows], colors, normals, self.counts[rows])


class CellSums:
    """Running sums per cell of a cubic grid over ``[low, low + extent]``.

    Parameters
    ----------
    low : (3,) lower corner, unit of the points.
    extent : side of the cube, > 0.
    max_cells : most cells to hold.
    cell : side of a cell to begin with; None begins with the finest, 2**-21 of the extent.
    """

    def __init__(self, low: F8, extent: float, max_cells: int, cell: float | None = None) -> None:
        self._low = np.asarray(low, np.float64)
        self.cell = max(extent / _SIDE, cell or 0.0)
        self._max_cells = max_cells
        self._n = 0
        self._table: I4 = np.empty(0, np.int32)
        self._keys: I8 = np.empty(0, np.int64)
        self._sums: F8 = np.empty((0, 0))

    def __len__(self) -> int:
        """Return how many cells are occupied."""
        return self._n

    def add(self, positions: F4, colors: U1 | None, normals: F4 | None, counts: F4 | None = None) -> None:
        """Add finite points inside the cube; every block must carry the same attributes.

        Parameters
        ----------
        counts : (n,) float32, how many points each of these is the mean of; None: one.
        """
        shade = read_only(_NONE[0] if colors is None else np.ascontiguousarray(colors))
        facing = read_only(_NONE[1] if normals is None else np.ascontiguousarray(normals))
        weights = read_only(np.ones(1, np.float32) if counts is None else counts)
        points = read_only(np.ascontiguousarray(positions))
        if not self._n:
            self._sums = np.empty((0, 4 + 3 * (colors is not None) + 3 * (normals is not None)))
        done = 0
        while done < len(points):
            if self._n == len(self._keys):
                self._make_room()
            self._n, done = _add(
                self._table, self._keys, self._sums, self._n, points, shade, facing, weights, self._low, self.cell, done
            )

    def _make_room(self) -> None:
        if self._n >= self._max_cells:
            self._coarsen()
        room = min(self._max_cells, max(_FIRST, 2 * self._n))
        if room > len(self._keys):
            keys, sums = np.empty(room, np.int64), np.zeros((room, self._sums.shape[1]))
            keys[: self._n], sums[: self._n] = self._keys[: self._n], self._sums[: self._n]
            self._keys, self._sums = keys, sums
        if len(self._table) < 2 * room:
            self._table = np.empty(1 << (2 * room - 1).bit_length(), np.int32)
        _hash_all(self._table, self._keys, self._n)

    def _coarsen(self) -> None:
        mask = _SIDE
        while self._n >= self._max_cells:
            keys = self._keys[: self._n]
            x, y, z = keys & mask, (keys >> _BITS) & mask, keys >> 2 * _BITS
            keys, sums = _merge(((z >> 1) << 2 * _BITS) | ((y >> 1) << _BITS) | (x >> 1), self._sums[: self._n])
            self._n = len(keys)
            self._keys[: self._n], self._sums[: self._n] = keys, sums
            self._sums[self._n :] = 0
            self.cell *= 2

    def result(self, has_colors: bool, has_normals: bool) -> Thinned:
        """Return the means of all cells, in the order in which they were first met."""
        sums = self._sums[: self._n]
        counts = sums[:, 0].astype(np.float32)
        mean = sums[:, 1:] / sums[:, :1]
        positions = mean[:, :3].astype(np.float32)
        colors = np.clip(mean[:, 3:6] + 0.5, 0, 255).astype(np.uint8) if has_colors else None
        if not has_normals:
            return Thinned(positions, colors, None, counts)
        length = np.maximum(np.linalg.norm(mean[:, -3:], axis=1, keepdims=True), 1e-30)
        return Thinned(positions, colors, (mean[:, -3:] / length).astype(np.float32), counts)


def thin_points(positions: F4, colors: U1 | None, normals: F4 | None, cell: float, counts: F4 | None = None) -> Thinned:
    """Average finite points (n, 3), each the mean of `counts` (n,), over cells of side `cell`."""
    low = positions.min(axis=0).astype(np.float64)
    sums = CellSums(low, float((positions.max(axis=0) - low).max()) or cell, len(positions) + 1, cell)
    sums.add(positions, colors, normals, counts)
    return sums.result(colors is not None, normals is not None)


@njit(cache=True)
def _add(  # type: ignore[no-untyped-def]  # numba infers
    table, keys, sums, n, points, colors, normals, counts, low, cell, start
):
    """Add points from row `start` on until all cells are taken: the cells taken, and the first row not added."""
    shift = np.uint64(64 - round(math.log2(len(table))))
    facing = 7 if len(colors) else 4
    for i in range(start, len(points)):
        key = np.int64(0)
        for axis in range(2, -1, -1):
            at = np.int64(math.floor((np.float64(points[i, axis]) - low[axis]) / cell))
            key = (key << _BITS) | min(max(at, 0), _SIDE)
        slot = np.int64((np.uint64(key) * _HASH) >> shift)
        while table[slot] >= 0 and keys[table[slot]] != key:
            slot = (slot + 1) & (len(table) - 1)
        row = table[slot]
        if row < 0:
            if n == len(keys):
                return n, i
            row = n
            table[slot] = n
            keys[n] = key
            n += 1
        weight = np.float64(counts[i] if len(counts) > 1 else counts[0])
        sums[row, 0] += weight
        for axis in range(3):
            sums[row, 1 + axis] += weight * points[i, axis]
            if len(colors):
                sums[row, 4 + axis] += weight * colors[i, axis]
            if len(normals) and math.isfinite(normals[i, axis]):
                sums[row, facing + axis] += weight * normals[i, axis]
    return n, len(points)


@njit(cache=True)
def _hash_all(table, keys, n):  # type: ignore[no-untyped-def]  # numba infers
    table[:] = -1
    shift = np.uint64(64 - round(math.log2(len(table))))
    for row in range(n):
        slot = np.int64((np.uint64(keys[row]) * _HASH) >> shift)
        while table[slot] >= 0:
            slot = (slot + 1) & (len(table) - 1)
        table[slot] = row


def _merge(keys: I8, rows: F8) -> tuple[I8, F8]:
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    if len(starts) == 0:
        return keys, rows
    return keys[starts], np.add.reduceat(rows[order], starts, axis=0)
