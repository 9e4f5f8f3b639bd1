"""How well points stand behind a surface: distance to the nearest points in units of their own spacing."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4

SEEN = 2.5
"""Spacings to the nearest point up to which a place on the surface counts as scanned."""

N_AROUND = 12


def measure_onesidedness(places: F4, index: PointIndex) -> F4:
    """Return (n,) float32: how far the nearest points all lie to one side of each place, 0 (around it) to 1.

    On the straight border of a sheet of points it is 4/(3 pi) / (2/3) = 0.64, and beyond the border more; in the
    middle of the points, or of a gap between them, about 0.

    Parameters
    ----------
    places : (n, 3) float32.
    index : search tree over the points.
    """
    found = index.nearest(places, N_AROUND)
    away = index.points[found.indices] - places[:, None]
    lengths = np.maximum(found.distances.mean(axis=1), 1e-30)
    onesided: F4 = (np.linalg.norm(away.mean(axis=1), axis=1) / lengths).astype(np.float32)
    return onesided
