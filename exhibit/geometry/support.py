"""How well points stand behind a surface: distance to the nearest points in units of their own spacing."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4

SEEN = 2.5
"""Spacings to the nearest point up to which a place on the surface counts as scanned."""


def measure_support(places: F4, index: PointIndex, spacing: F4) -> F4:
    """Return (n,) float32: distance of each place to the nearest point, in that neighbourhood's spacings.

    Parameters
    ----------
    places : (n, 3) float32.
    index : search tree over the points.
    spacing : (p,) float32 local spacing of the points.
    """
    found = index.nearest(places, 3)
    # the median of three: one stray spacing must not decide
    around = np.median(spacing[found.indices], axis=1)
    ratio: F4 = (found.distances[:, 0] / np.maximum(around, 1e-30)).astype(np.float32)
    return ratio
