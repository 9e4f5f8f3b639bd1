import numpy as np
import pytest

from exhibit.geometry.clamp_to_hull import clamp_to_hull


def box(n=4000, seed=3):
    points = np.random.default_rng(seed).random((n, 3)).astype(np.float32)
    corners = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T
    return np.concatenate([points, corners.astype(np.float32)])


def test_a_dome_over_an_opening_becomes_flat_and_the_inside_stays():
    dome = np.array([[0.5, -0.4, 0.5], [0.3, -0.2, 0.6], [0.5, 0.5, 0.5], [0.2, 0.0, 0.2]], np.float32)
    clamped = clamp_to_hull(dome, box(), 0.01)
    assert clamped[:2, 1] == pytest.approx([-0.01, -0.01], abs=1e-4)
    assert np.array_equal(clamped[2:], dome[2:])


def test_a_place_past_an_edge_comes_within_reach_of_every_side():
    clamped = clamp_to_hull(np.array([[-0.5, -0.4, -0.3]], np.float32), box(), 0.01)
    assert clamped.min() >= -0.0102


@pytest.mark.parametrize(
    "points", [np.zeros((3, 3)), np.eye(3), np.c_[np.random.default_rng(0).random((50, 2)), np.zeros(50)]]
)
def test_points_without_a_hull_move_nothing(points):
    vertices = np.ones((2, 3), np.float32)
    assert np.array_equal(clamp_to_hull(vertices, points.astype(np.float32), 0.1), vertices)
