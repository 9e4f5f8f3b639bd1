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


def test_flat_points_flatten_what_stands_out_of_their_plane():
    flat = np.c_[np.random.default_rng(0).random((500, 2)), np.zeros(500)].astype(np.float32)
    clamped = clamp_to_hull(np.array([[0.5, 0.5, 0.3]], np.float32), flat, 0.01)
    assert clamped[0] == pytest.approx([0.5, 0.5, 0.01], abs=1e-4)


def test_a_sphere_of_many_points_costs_neither_minutes_nor_gigabytes():
    import tracemalloc

    number = np.arange(50_000) + 0.5
    polar, turn = np.arccos(1 - number / 25_000), np.pi * (1 + 5**0.5) * number
    ball = np.c_[np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)].astype(np.float32)
    tracemalloc.start()
    clamped = clamp_to_hull(ball * np.float32(1.2), ball, 0.01)
    assert tracemalloc.get_traced_memory()[1] < 400e6
    tracemalloc.stop()
    assert np.linalg.norm(clamped, axis=1).max() < 1.03
    assert np.array_equal(clamp_to_hull(ball, ball, 0.01), ball)
