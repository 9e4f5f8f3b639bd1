"""Exact duplicates: they spoil every statistic of neighbours (a COPC file seen had 37 % copies)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import F4


def find_distinct(points: F4) -> npt.NDArray[np.int64]:
    """Return the indices, ascending, of the first of each group of equal points (n, 3)."""
    return np.flatnonzero(find_equal_points(points) == np.arange(len(points)))
