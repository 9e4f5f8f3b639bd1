"""The modelled sample: on its own surface, with the faults of a scan, the same every time."""

import numpy as np
import pytest

from exhibit.geometry.sample_vessel import (
    HEIGHT_MM,
    MOUTH_DIAMETER_MM,
    distance_to_vessel,
    mask_relief,
    sample_vessel,
)


@pytest.fixture(scope="module")
def vessel():
    return sample_vessel(20_000)


def test_the_points_lie_on_the_surface_with_a_little_noise(vessel):
    distance = distance_to_vessel(vessel.positions.astype(np.float64))
    assert np.abs(distance).mean() == pytest.approx(0.06 * np.sqrt(2 / np.pi), rel=0.3)
    assert np.abs(distance).max() < 1.0


def test_the_size_is_that_of_the_record(vessel):
    low, high = vessel.positions.min(axis=0), vessel.positions.max(axis=0)
    assert high[2] - max(0.0, low[2]) == pytest.approx(HEIGHT_MM, abs=0.6)
    assert high[0] - low[0] == pytest.approx(MOUTH_DIAMETER_MM, abs=1.5)
    assert np.abs(low[:2] + high[:2]).max() < 1.0


def test_normals_are_unit_and_point_outward(vessel):
    assert np.allclose(np.linalg.norm(vessel.normals, axis=1), 1.0, atol=1e-5)
    outside = distance_to_vessel((vessel.positions + 1.0 * vessel.normals).astype(np.float64))
    inside = distance_to_vessel((vessel.positions - 0.6 * vessel.normals).astype(np.float64))
    assert (outside > inside).mean() > 0.995
    assert (outside > 0).mean() > 0.98


def test_no_camera_saw_the_underside_but_everything_else(vessel):
    z, up = vessel.positions[:, 2], vessel.normals[:, 2]
    away = np.hypot(vessel.positions[:, 0], vessel.positions[:, 1])
    assert not np.any((up < -0.6) & (z < 115) & (away < 36))
    assert not np.any((up < -0.6) & (z < 4))
    assert np.any((up < -0.9) & (z < 115) & (away > 40)), "the belly is seen beside the legs"
    assert np.any((up > 0.9) & (z < 105)), "the floor of the bowl is there"
    assert np.any(z > HEIGHT_MM - 1), "the handles are there"
    azimuth = np.arctan2(vessel.positions[:, 1], vessel.positions[:, 0])
    assert np.histogram(azimuth, bins=24)[0].min() > 300


def test_the_mask_is_in_relief_and_the_eye_stands_out_most():
    u, v = np.meshgrid(np.linspace(0, 94, 200), np.linspace(-28, 28, 120))
    height = mask_relief(u, v)
    assert height.min() == 0.0
    assert 4.5 < height.max() <= 5.0
    at = np.unravel_index(height.argmax(), height.shape)
    assert np.hypot(u[at] - 29, v[at] - 3) < 5


def test_colours_are_a_bronze_s_and_differ_between_relief_and_ground(vessel):
    mean = vessel.colors.mean(axis=0)
    assert mean[1] > mean[2], "green patina"
    assert vessel.colors.std(axis=0).min() > 8
    assert vessel.colors.dtype == np.uint8


def test_the_same_seed_gives_the_same_points_and_another_does_not(vessel):
    again, other = sample_vessel(20_000), sample_vessel(500, seed=2)
    assert np.array_equal(again.positions, vessel.positions) and np.array_equal(again.colors, vessel.colors)
    assert not np.array_equal(other.positions, vessel.positions[:500])
    assert len(other.positions) == 500
