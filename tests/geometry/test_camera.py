"""The camera sees all of the object, in the middle of the picture."""

import numpy as np
import pytest

from exhibit.geometry.camera import frame, meets_plane


def seen_at(camera, points):
    offset = points - camera.position
    depth = -offset @ camera.toward
    return np.stack([offset @ camera.right / depth / camera.slope_x, offset @ camera.up / depth / camera.slope_y], 1)


@pytest.mark.parametrize("aspect", [4 / 3, 1.0, 0.5])
@pytest.mark.parametrize("elevation_deg", [-20.0, 12.0, 60.0, 90.0])
def test_a_tall_thing_near_the_lens_fills_the_frame_and_is_centred(aspect, elevation_deg):
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32) * np.float32([0.3, 2.0, 1.5]) + 5
    place = seen_at(frame(points, 35.0, elevation_deg, aspect, margin=0.1), points)
    low, high = place.min(0), place.max(0)
    assert np.abs(low + high).max() < 0.02
    assert high.max() == pytest.approx(0.8, abs=0.01)


def test_azimuth_zero_looks_from_plus_z_and_ninety_from_plus_x():
    points = np.random.default_rng(0).random((50, 3)).astype(np.float32)
    assert frame(points, 0.0, 0.0, 1.0).toward == pytest.approx([0, 0, 1])
    assert frame(points, 90.0, 0.0, 1.0).toward == pytest.approx([1, 0, 0], abs=1e-12)


def test_a_single_point_can_be_framed():
    assert np.isfinite(frame(np.zeros((1, 3), np.float32), 0, 0, 1.0).position).all()


def test_rays_meet_the_floor_below_and_not_above_the_horizon():
    points = np.random.default_rng(0).random((50, 3)).astype(np.float32)
    camera = frame(points, 20.0, 15.0, 1.0)
    down, up = np.float32([[0.1, -1, 0.2]]), np.float32([[0.1, 1, 0.2]])
    place, meets = meets_plane(camera, np.concatenate([down, up]), 0.0)
    assert meets.tolist() == [True, False]
    assert place[0, 1] == pytest.approx(0, abs=1e-5)
