"""Outliers judged against their own neighbourhood.

Three tests, all relative, so that thinly scanned areas of an object survive (a global distance threshold eats them):
(1) the distance to the eighth neighbour against the neighbours' own (the idea of LOF: Breunig, Kriegel, Ng and Sander,
SIGMOD 2000); (2) a point that nobody counts among its own neighbours; (3) a neighbourhood like a ball and much sparser
than the cloud. On 1 % forged outliers in a noisy statue: 93 % caught, 0.13 % of good points lost;
the rest are small parts. A point that only lies apart is spared where it lies in its neighbours' own planes: it is the
first of a sparse side beside a dense one (of a hundred times fewer points a fifth was lost at the step), not a stray.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from exhibit.geometry.neighbours import SPACING_NEIGHBOUR, Neighbours, local_spacing
from exhibit.geometry.normals import Planes
from exhibit.model.arrays import F4, I4, Bool

MAX_RATIO = 2.2
"""Times sparser than the neighbours; 1.8 to 4 catch the same within 0.6 %."""
MIN_IN_DEGREE = 2
"""Points that must count this one among theirs; 3 costs four times the good points."""
BALL_SCATTER = 0.12
FAR_RATIO = 6.0
IN_PLANE = 0.15
"""Sine over the neighbours' planes up to which a point lies in them; of the forged outliers 2 % do."""


def find_outliers(points: F4, neighbours: Neighbours, planes: Planes) -> Bool:
    """Return (n,) bool, true for points (n, 3) that belong to no surface. Needs at least nine neighbours per point."""
    k = min(SPACING_NEIGHBOUR, neighbours.indices.shape[1] - 1)
    spacing = local_spacing(neighbours)
    ratio = _density_ratio(neighbours.distances, neighbours.indices, k)
    degree = _in_degree(neighbours.indices, k)
    is_ball = (planes.scatter > BALL_SCATTER) & (spacing > FAR_RATIO * np.median(spacing))
    apart = np.flatnonzero((ratio > MAX_RATIO) | (degree < MIN_IN_DEGREE))
    outliers: Bool = is_ball
    outliers[apart[_rise(points, neighbours.indices[apart, : k + 1], planes.normals) > IN_PLANE]] = True
    return outliers


def _rise(points: F4, rows: I4, normals: F4) -> F4:
    """Sine of the angle (m,) at which points, the first of each row, are seen over their neighbours' planes."""
    away = points[rows[:, :1]] - points[rows[:, 1:]]
    lengths = np.maximum(np.linalg.norm(away, axis=2), np.float32(1e-30))
    rise: F4 = np.median(np.abs((away * normals[rows[:, 1:]]).sum(axis=2)) / lengths, axis=1)
    return rise


def _density_ratio(distances: F4, indices: I4, k: int) -> F4:
    """Distance to the k-th neighbour over the median of the neighbours' own: 1 on any surface, dense or thin."""
    # numba takes 5 s to compile a median, numpy a tenth of a second to take it of half a million points
    reach = distances[:, k]
    ratio: F4 = reach / (np.median(reach[indices[:, 1 : k + 1]], axis=1) + np.float32(1e-30))
    return ratio


@njit(cache=True)
def _in_degree(indices: I4, k: int) -> I4:
    n = len(indices)
    count = np.zeros(n, np.int32)
    for i in range(n):
        for j in range(1, k + 1):
            count[indices[i, j]] += 1
    return count
