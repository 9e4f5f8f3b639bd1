"""Vertices at one place are one vertex."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F4


def find_equal_points(points: F4) -> npt.NDArray[np.int64]:
    """Return (n,) int64: for each point (n, 3) the index of the first one with exactly the same coordinates."""
    # adding zero makes -0.0 and 0.0 the same bits
    bits = (np.ascontiguousarray(points, np.float32) + np.float32(0)).view(np.uint32)
    order = np.lexsort((bits[:, 2], bits[:, 1], bits[:, 0]))
    ranked = bits[order]
    is_new = np.ones(len(points), bool)
    is_new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    # lexsort is stable, so the first of each group is the earliest point
    leaders = order[is_new]
    first = np.empty(len(points), np.int64)
    first[order] = leaders[np.cumsum(is_new) - 1]
    return first
