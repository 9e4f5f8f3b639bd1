"""Rectangles side by side in one: for light maps, whose pieces are all straight."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import I4


def pack_rectangles(sizes: I4, gutter: int = 1) -> tuple[I4, tuple[int, int]]:
    """Place rectangles on shelves, the tallest first.

    Parameters
    ----------
    sizes : (n, 2) int32, width and height of each; n >= 1.
    gutter : free texels on each side of each.

    Returns
    -------
    (n, 2) int32 upper left corners, and the width and height of the whole: the width a power of two that makes the
    whole nearest to square, the height a multiple of 4.

    Source: next-fit decreasing height, Coffman et al. 1980 (https://doi.org/10.1137/0209062).
    """
    padded = sizes.astype(np.int64) + 2 * gutter
    least = max(float(padded[:, 0].max()), np.sqrt(float(padded.prod(axis=1).sum()) * 1.05))
    width = 1 << int(np.ceil(np.log2(least)))
    corners = np.zeros((len(sizes), 2), np.int32)
    x = y = shelf = 0
    for number in np.lexsort((np.arange(len(sizes)), -padded[:, 0], -padded[:, 1])):
        across, tall = padded[number]
        if x + across > width:
            x, y, shelf = 0, y + shelf, 0
        corners[number] = x + gutter, y + gutter
        x, shelf = x + int(across), max(shelf, int(tall))
    return corners, (width, -(-(y + shelf) // 4) * 4)
