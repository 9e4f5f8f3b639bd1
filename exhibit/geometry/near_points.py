"""The points nearest to a surface that moves and is refined: walked to instead of searched for.

A vertex stays near where it was, and the middle of an edge or a face lies near its corners. So the nearest point is
found by walking downhill over a table of the points' own neighbours (Arya and Mount, "Approximate nearest neighbor
queries in fixed dimensions", SODA 1993), and the points around a place are the row of its nearest one: a tenth of what
asking a tree costs. Where a walk ends far from the place it may have stopped in a dip, and the tree is asked.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4, I4

_N_SPACINGS = 3
_STEP = 2.0
"""Times sparser from which on a point near by is asked too."""
_REACH = 2.5
"""Spacings up to which a sparse point says what is near it, as `support.SEEN`."""
_SURE = 2.0
"""Spacings up to which the end of a walk is believed."""


class PointTable:
    """Points, and for each those around it.

    Parameters
    ----------
    index : search tree over the points.
    spacing : (p,) float32, local spacing of the points.
    n_around : points in a row of the table, the point itself among them.

    Attributes
    ----------
    around : (p, k) int32, the nearest points of each point, itself first.
    spacing : (p,) float32, the median over the nearest three: one stray spacing must not decide.
    sparser : (p,) int32, a much sparser point near by, or the point itself. At a step of density the gap beside the
        dense side is wide for it and narrow for the sparse one, whose points reach over it.
    """

    def __init__(self, index: PointIndex, spacing: F4, n_around: int) -> None:
        self.index = index
        self.around = index.nearest(None, n_around).indices
        theirs = np.sort(spacing[self.around[:, :_N_SPACINGS]], axis=1)
        self.spacing = np.maximum(theirs[:, theirs.shape[1] // 2], np.float32(1e-30))
        self.sparser = _find_sparser(index.points, self.around, self.spacing)

    def search(self, places: F4) -> I4:
        """Return (n,) int32, the nearest point of each place (n, 3), by the tree."""
        return self.index.nearest(places, 1).indices[:, 0]

    def walk(self, places: F4, nearest: I4, corners: I4) -> tuple[I4, F4]:
        """Find the nearest points of places between others whose nearest points are known.

        Parameters
        ----------
        places : (m, 3) float32.
        nearest : (n,) int32, nearest points of the others.
        corners : (m, c) int32, the others around each place.

        Returns
        -------
        (m,) int32 nearest points, and (m,) float32 how far they are, in local spacings; or how far a sparser point
        is, in its own, where that is less.
        """
        found, support = _walk(places, nearest, corners, self.index.points, self.around, self.spacing, self.sparser)
        unsure = np.flatnonzero(support > _SURE)
        if len(unsure):
            exact = self.index.nearest(places[unsure], 1)
            found[unsure] = exact.indices[:, 0]
            other = self.sparser[found[unsure]]
            reach = np.linalg.norm(places[unsure] - self.index.points[other], axis=1) / self.spacing[other]
            support[unsure] = np.minimum(exact.distances[:, 0] / self.spacing[found[unsure]], reach)
        return found, support


@njit(inline="always")
def step_down(places: F4, i: int, start: int, points: F4, around: I4) -> tuple[int, float]:
    """Walk from point `start` to the nearest point of place `i`: that point, and the squared distance."""
    x, y, z = places[i, 0], places[i, 1], places[i, 2]
    here = start
    nearest = (points[here, 0] - x) ** 2 + (points[here, 1] - y) ** 2 + (points[here, 2] - z) ** 2
    at = -1
    while at != here:
        at = here
        for j in range(1, around.shape[1]):
            q = around[at, j]
            square = (points[q, 0] - x) ** 2 + (points[q, 1] - y) ** 2 + (points[q, 2] - z) ** 2
            if square < nearest:
                nearest = square
                here = q
    return here, nearest


@njit(parallel=True, cache=True)
def _walk(places: F4, nearest: I4, corners: I4, points: F4, around: I4, spacing: F4, sparser: I4) -> tuple[I4, F4]:
    m, c = corners.shape
    found = np.empty(m, np.int32)
    support = np.empty(m, np.float32)
    for i in prange(m):
        start = nearest[corners[i, 0]]
        least = np.inf
        for j in range(c):
            q = nearest[corners[i, j]]
            square = 0.0
            for axis in range(3):
                square += (points[q, axis] - places[i, axis]) ** 2
            if square < least:
                least = square
                start = q
        here, square = step_down(places, i, start, points, around)
        found[i] = here
        other = sparser[here]
        reach = 0.0
        for axis in range(3):
            reach += (points[other, axis] - places[i, axis]) ** 2
        support[i] = min(np.sqrt(square) / spacing[here], np.sqrt(reach) / spacing[other])
    return found, support


@njit(cache=True)
def _find_sparser(points: F4, around: I4, spacing: F4) -> I4:
    """Find for each point the much sparser one that it is nearest to, in spacings of that, among those in reach."""
    n, k = around.shape
    sparser = np.arange(n, dtype=np.int32)
    least = np.full(n, _REACH, np.float32)
    front = np.empty(n, np.int32)
    n_front = 0
    for i in range(n):
        for j in range(1, k):
            q = around[i, j]
            if spacing[i] > _STEP * spacing[q]:
                away = _apart(points, i, q) / spacing[i]
                if away < least[q]:
                    if sparser[q] == q:
                        front[n_front] = q
                        n_front += 1
                    least[q] = away
                    sparser[q] = i
    # what a sparse point reaches is more than its own neighbours: it is handed on along the dense side
    is_waiting = np.zeros(n, np.bool_)
    after = np.empty(n, np.int32)
    while n_front > 0:
        n_after = 0
        for t in range(n_front):
            i = front[t]
            is_waiting[i] = False
            other = sparser[i]
            for j in range(1, k):
                q = around[i, j]
                if spacing[other] > _STEP * spacing[q]:
                    away = _apart(points, other, q) / spacing[other]
                    if away < least[q]:
                        least[q] = away
                        sparser[q] = other
                        if not is_waiting[q]:
                            is_waiting[q] = True
                            after[n_after] = q
                            n_after += 1
        front, after = after, front
        n_front = n_after
    return sparser


@njit(inline="always")
def _apart(points: F4, i: int, j: int) -> float:
    x, y, z = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1], points[i, 2] - points[j, 2]
    return float(np.sqrt(x * x + y * y + z * z))
