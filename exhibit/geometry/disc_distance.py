"""How far places are from the surface that a cloud of points stands for.

The distance to the nearest point would mostly measure the gaps between points. Here each point is a disc (a surfel:
Pfister et al. 2000) as wide as its spacing, lying across its normal, and the distance is that to the nearest disc:
off the plane it is what it should be, and it still grows where the cloud ends.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4
from exhibit.progress import SILENT, Progress

_NEIGHBOURS = 6


def disc_distance(places: F4, points: F4, normals: F4, spacing: F4, *, progress: Progress = SILENT) -> F4:
    """Return the distance (n,) float32 of each place (n, 3) from the nearest disc.

    Parameters
    ----------
    points, normals : (m, 3) float32, m >= 1, finite.
    spacing : (m,) float32, radius of the discs.
    """
    near = PointIndex(points).nearest(places, _NEIGHBOURS, progress=progress)
    best = np.full(len(places), np.inf, np.float32)
    for k in range(near.indices.shape[1]):
        at = near.indices[:, k]
        offset = places - points[at]
        height = (offset * normals[at]).sum(axis=1)
        aside = np.sqrt(np.maximum((offset**2).sum(axis=1) - height**2, 0))
        best = np.minimum(best, np.hypot(height, np.maximum(aside - spacing[at], 0)))
    return best
