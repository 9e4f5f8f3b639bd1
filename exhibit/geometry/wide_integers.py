"""Bytes as signed 64-bit integers inside numba kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def wide(value: Any) -> int:
    """Return a byte as int64: `int()` of it is unsigned to numba, and unsigned with signed makes a float."""
    return np.int64(value)  # type: ignore[return-value]  # an int to every caller, and to numba int64
