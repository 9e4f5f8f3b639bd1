"""Neighbours by a grid against all distances there are."""

import numpy as np
import pytest
from meshes import fibonacci

from exhibit.geometry.gather_colour import CloudColours
from exhibit.geometry.point_grid import PointGrid


def nearest_of_all(points, places, reach):
    far = np.linalg.norm(points[None].astype(np.float64) - places[:, None], axis=2)
    order = np.argsort(far, axis=1)[:, :4]
    distances = np.take_along_axis(far, order, 1)
    return np.where(distances[:, 3:] < reach, order, -1), distances


@pytest.mark.parametrize("shift", [0.0, 1000.0])
@pytest.mark.parametrize("is_in_rows", [True, False])
def test_the_four_nearest_points_within_reach_are_those_of_all_distances(shift, is_in_rows):
    rng = np.random.default_rng(0)
    ball = fibonacci(2000) * (1 + 0.02 * rng.normal(size=(2000, 1)))
    points = (np.concatenate([ball, rng.random((200, 3)) * 3]) + shift).astype(np.float32)
    turn = np.linspace(0, 20 * np.pi, 1500)
    places = np.stack([np.cos(turn), turn / 40 - 0.8, np.sin(turn)], 1) if is_in_rows else rng.random((1500, 3)) * 4 - 1
    places = (places + shift).astype(np.float32)
    found = PointGrid(points, 0.15).nearest_four(places)
    indices, distances = nearest_of_all(points, places, 0.15)
    known = found.indices[:, 0] >= 0
    assert 0.03 < known.mean() < 1
    assert (known == (indices[:, 0] >= 0)).mean() > 0.998
    assert found.distances[known] == pytest.approx(distances[known], rel=1e-3, abs=1e-5)
    if shift == 0:
        assert np.array_equal(found.indices[known], indices[known])


def test_one_point_equal_points_far_places_and_no_reach_are_no_trouble():
    grid = PointGrid(np.zeros((1, 3), np.float32), 1.0)
    places = np.float32([[0, 0, 0], [1e30, 0, 0], [-1e30, 0, 0], [np.nan, 0, 0]])
    assert (grid.nearest_four(places).indices == -1).all()
    equal = PointGrid(np.ones((9, 3), np.float32), 0.5).nearest_four(np.ones((2, 3), np.float32))
    assert equal.indices.tolist() == [[0, 1, 2, 3]] * 2
    assert (PointGrid(np.ones((9, 3), np.float32), 0.0).nearest_four(places).indices == -1).all()
    assert PointGrid(np.ones((9, 3), np.float32), 0.5).nearest_four(places[:0]).indices.shape == (0, 4)
    # two points so far apart that cells as wide as the reach would not fit into any memory
    wide = PointGrid(np.float32([[0, 0, 0], [1e6, 1e6, 1e6]] * 4), 1e-3).nearest_four(np.float32([[1e6, 1e6, 1e6]]))
    assert sorted(wide.indices[0]) == [1, 3, 5, 7]


@pytest.mark.parametrize("n", [1, 3, 4, 40])
def test_every_place_gets_a_colour_however_few_points_there_are_and_however_far_they_lie(n):
    points = np.linspace([0, 0, 0], [1, 0, 0], n).astype(np.float32)
    up = np.tile(np.float32([0, 1, 0]), (n, 1))
    colours = CloudColours(points, up, np.full((n, 3), 255, np.uint8), np.full(n, 0.02, np.float32))
    places = np.float32([[0, 0, 0], [0.5, 0.001, 0], [0, 50, 0]])
    light = colours.at(places, up[np.zeros(3, int)])
    assert light == pytest.approx(1.0)
