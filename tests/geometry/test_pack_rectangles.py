"""Rectangles side by side: none upon another, all inside."""

import numpy as np
import pytest

from exhibit.geometry.pack_rectangles import pack_rectangles


@pytest.mark.parametrize("sizes", [[[1, 1]], [[500, 3], [3, 500]], "many"])
def test_rectangles_keep_their_distance_and_stay_inside(sizes):
    if sizes == "many":
        sizes = np.random.default_rng(5).integers(1, 60, (150, 2))
    sizes = np.array(sizes, np.int32)
    corners, (width, height) = pack_rectangles(sizes, gutter=1)
    taken = np.zeros((height, width), np.int32)
    for (x, y), (w, h) in zip(corners, sizes, strict=True):
        assert x >= 1
        assert y >= 1
        assert x + w + 1 <= width
        assert y + h + 1 <= height
        taken[y : y + h + 1, x : x + w + 1] += 1  # its own gutter below and to the right; the next has its own
    assert taken.max() == 1
    assert taken.sum() > 0.5 * sizes.astype(np.int64).prod(axis=1).sum() > 0
