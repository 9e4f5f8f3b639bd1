"""Patterns of rays for pixels that are blurred together."""

import numpy as np

from exhibit.geometry.hemisphere import hammersley, shifts_in_tiles


def test_the_rays_of_any_four_by_four_pixels_fill_the_square_evenly():
    row, column = (grid.ravel() for grid in np.mgrid[3:7, 2:6])
    rays = (hammersley(6)[None] + shifts_in_tiles(column, row, 6)[:, None]) % 1.0
    first = np.sort(rays[..., 0].ravel())
    assert np.allclose(np.diff(first), 1 / 96)
    assert np.bincount((rays[..., 1].ravel() * 16).astype(int), minlength=16).max() <= 8
