"""Regions of a mask: nothing, edges and corners first, then each shape against what can be counted."""

import numpy as np

from exhibit.geometry.regions import KEPT, OPEN, REMOVED, find_inside, judge_by_mask
from exhibit.model.mask import Box, Lasso, Mask, Region, Side

GRID = np.stack(np.meshgrid(*[np.arange(5.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


def test_no_points_and_no_regions_are_no_fault():
    assert len(judge_by_mask(np.empty((0, 3), np.float32), np.zeros(3), Mask(()))) == 0
    assert (judge_by_mask(GRID, np.zeros(3), Mask((), rest="remove")) == REMOVED).all()


def test_a_box_holds_its_faces_and_a_side_only_what_lies_beyond_its_plane():
    assert find_inside(GRID, Box((1, 1, 1), (2, 2, 2))).sum() == 8
    assert find_inside(GRID, Side((0, 0, 2), (0, 0, -7))).sum() == 50


def test_a_lasso_holds_what_its_outline_shows_along_each_axis():
    # an L of three unit squares around grid places
    outline = ((0.5, 0.5), (2.5, 0.5), (2.5, 1.5), (1.5, 1.5), (1.5, 2.5), (0.5, 2.5))
    for number, along in enumerate("xyz"):
        inside = GRID[find_inside(GRID, Lasso(along, outline, (1.0, 2.0)))]
        seen = {tuple(row) for row in np.delete(inside, number, axis=1)}
        assert seen == {(1, 1), (2, 1), (1, 2)}
        assert set(inside[:, number]) == {1.0, 2.0}


def test_the_last_region_that_holds_a_point_decides_and_the_origin_counts():
    mask = Mask((Region(True, Box((0, 0, 0), (4, 4, 4))), Region(False, Box((0, 0, 0), (1, 1, 1)))), rest="auto")
    far = np.array([4e5, 5.6e6, 120.0])
    moved = Mask(
        tuple(Region(one.keep, Box(tuple(one.shape.low + far), tuple(one.shape.high + far))) for one in mask.regions)
    )
    points = np.concatenate([GRID, [[9, 9, 9], [np.nan, 0, 0]]]).astype(np.float32)
    found = judge_by_mask(points, np.zeros(3), mask)
    assert ((found == REMOVED).sum(), (found == KEPT).sum(), (found == OPEN).sum()) == (8, 117, 2)
    assert (judge_by_mask(points, far, moved) == found).all()
