"""LZF decompression, as PCD files use it.

Source: M. Lehmann, *LibLZF* 3.6, ``lzf_d.c``. A control byte under 32 begins a run of that many bytes plus one;
any other a copy of earlier output: its upper three bits plus two are the length (7: one more byte adds to it), its
lower five with the next byte the distance minus one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from exhibit.geometry.wide_integers import wide
from exhibit.model.arrays import U1

MAX_EXPANSION = 100
"""Three bytes yield at most 264, so a claim beyond this factor is false."""


def decompress_lzf(data: U1, n_bytes: int) -> U1:
    """Return the (n_bytes,) uint8 that `data` holds compressed; ValueError where it does not hold just these."""
    if n_bytes > MAX_EXPANSION * len(data):
        raise ValueError("the compressed data are too short for what they promise")
    output = np.empty(n_bytes, np.uint8)
    if _decompress(np.ascontiguousarray(data), output) != n_bytes:
        raise ValueError("the compressed data are damaged")
    return output


@njit(cache=True, nogil=True)
def _decompress(data: U1, output: U1) -> int:
    n_in = len(data)
    n_out = len(output)
    at = 0
    written = 0
    while at < n_in:
        control = wide(data[at])
        at += 1
        if control < 32:
            n_run = control + 1
            if at + n_run > n_in or written + n_run > n_out:
                return -1
            for i in range(n_run):
                output[written + i] = data[at + i]
            at += n_run
            written += n_run
            continue
        length = control >> 5
        if length == 7:
            if at >= n_in:
                return -1
            length += wide(data[at])
            at += 1
        if at >= n_in:
            return -1
        source = written - ((control & 31) << 8) - wide(data[at]) - 1
        at += 1
        length += 2
        if source < 0 or written + length > n_out:
            return -1
        for i in range(length):
            # byte by byte: source and target may overlap, which is how runs are stored
            output[written + i] = output[source + i]
        written += length
    return written
