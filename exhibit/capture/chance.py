"""Random numbers by number: the same seed, purpose and number give the same value, in whatever order they are asked.

The mixing function is that of SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014), used as a hash of a counter (J. K. Salmon and others, "Parallel random numbers: as easy as
1, 2, 3", SC 2011).
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F8

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


def uniform(seed: int, purpose: str, numbers: npt.NDArray[np.int64], n_columns: int = 1) -> F8:
    """Return values (n, n_columns) in [0, 1) for `numbers` (n,); `purpose` tells one use of them from another."""
    salt = zlib.crc32(purpose.encode()) << 20
    key = _mixed(np.array([(seed ^ salt) & (2**64 - 1)], np.uint64))
    counters = (numbers[:, None] * n_columns + np.arange(n_columns)).astype(np.uint64)
    return (_mixed(_mixed(counters * _GOLDEN + key) ^ key) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(seed: int, purpose: str, numbers: npt.NDArray[np.int64], n_columns: int = 1) -> F8:
    """Return values (n, n_columns) of the standard normal distribution (Box and Muller, 1958)."""
    flat = uniform(seed, purpose, numbers, 2 * n_columns)
    radius = np.sqrt(-2 * np.log1p(-flat[:, :n_columns]))
    return np.asarray(radius * np.cos(2 * np.pi * flat[:, n_columns:]))


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
