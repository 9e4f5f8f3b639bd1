"""Colours of a plane whose light is known everywhere, from scattered points."""

import numpy as np
import pytest

from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.geometry.gather_colour import CloudColours
from exhibit.geometry.learn_colours import Learned
from exhibit.geometry.point_grid import PointGrid

N = 40_000
SPACING = 1 / np.sqrt(N)


def waves(points):
    """Smooth colours of 25 spacings a wave, sRGB values (n, 3)."""
    turn = 2 * np.pi / (25 * SPACING)
    x, y = turn * points[:, 0], turn * points[:, 1]
    return np.stack([128 + 80 * np.sin(x), 128 + 80 * np.cos(y), 128 + 60 * np.sin(x + y)], 1)


def halves(points):
    return np.where(points[:, :1] < 0.5, [[200.0, 60.0, 40.0]], [[30.0, 60.0, 150.0]])


def scattered(painted, grain=0.0, mistakes=0.0, shaken=0.0, offset=0.0):
    """A cloud of the unit square, and decibels of what it gives at other places."""
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.random((N, 2)), np.zeros((N, 1))], 1)
    colors = np.clip(np.round(painted(points) + rng.normal(0, grain, (N, 3))), 0, 255).astype(np.uint8)
    wrong = rng.random(N) < mistakes
    colors[wrong] = rng.integers(0, 256, (wrong.sum(), 3))
    points[:, :2] += rng.normal(0, shaken * SPACING, (N, 2))
    up = np.tile(np.float32([0, 0, 1]), (N, 1))
    cloud = CloudColours((points + offset).astype(np.float32), up, colors, np.full(N, SPACING, np.float32))

    def decibels(near=0.5):
        flat = 0.5 + (rng.random((20_000, 2)) - 0.5) * [1.96 * near, 0.98]
        places = np.concatenate([flat, np.zeros((20_000, 1))], 1)
        shown = srgb_from_linear(cloud.at((places + offset).astype(np.float32), np.tile(up[:1], (20_000, 1))))
        return 10 * np.log10(255**2 / np.mean((shown - painted(places)) ** 2))

    return decibels


def test_smooth_colours_are_found_between_scattered_points():
    assert scattered(waves)() > 42.5  # the mean of the nearest four points: 36.2
    assert scattered(waves, offset=1000.0)() > 42.5


def test_grain_is_averaged_away_the_more_of_it_there_is():
    # grain of 8 levels alone is 30 dB; the mean of the nearest four points: 32.0 and 35.8
    assert scattered(waves, grain=8)() > 35.5
    assert scattered(waves, grain=2)() > 40.5


def test_points_that_lie_beside_their_places_are_averaged_too():
    assert scattered(waves, shaken=0.5)() > 36  # 32.4


def test_colours_that_nothing_around_them_resembles_are_left_out():
    # the mean of the nearest four points: 28.7 and 28.4
    assert scattered(waves, mistakes=0.02)() > scattered(waves)() - 2
    assert scattered(waves, grain=4, mistakes=0.02)() > scattered(waves, grain=4)() - 2


def test_the_rim_of_a_painted_field_stays_sharp_and_has_no_halo():
    decibels = scattered(halves)
    assert decibels(5 * SPACING) > 22  # the mean of the nearest four points: 22.5, in a strip of ten spacings
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.random((N, 2)), np.zeros((N, 1))], 1).astype(np.float32)
    up = np.tile(np.float32([0, 0, 1]), (N, 1))
    cloud = CloudColours(points, up, halves(points).astype(np.uint8), np.full(N, SPACING, np.float32))
    shown = srgb_from_linear(cloud.at(points[:5000] + np.float32(0.3 * SPACING), up[:5000]))
    assert shown.min(axis=0).tolist() == [30, 60, 40]
    assert shown.max(axis=0).tolist() == [200, 60, 150]


def test_both_sides_of_a_sheet_keep_their_own_colours():
    rng = np.random.default_rng(2)
    points = np.concatenate([rng.random((N, 2)), np.zeros((N, 1))], 1).astype(np.float32)
    looks = np.where(np.arange(N) % 2, 1.0, -1.0)
    normals = (looks[:, None] * [[0, 0, 1]]).astype(np.float32)
    colors = np.where(looks[:, None] > 0, [[220, 30, 30]], [[30, 30, 220]]).astype(np.uint8)
    cloud = CloudColours(points, normals, colors, np.full(N, SPACING, np.float32))
    assert (srgb_from_linear(cloud.at(points[:2000], normals[:2000])) == colors[:2000]).all()


@pytest.mark.parametrize("points", [np.zeros((1, 3)), np.zeros((9, 3)), np.linspace([0, 0, 0], [1, 0, 0], 50)])
def test_points_that_lie_alone_together_or_in_a_row_learn_finite_colours(points):
    points = points.astype(np.float32)
    up = np.tile(np.float32([0, 1, 0]), (len(points), 1))
    light = np.linspace(0, 1, 3 * len(points), dtype=np.float32).reshape(-1, 3)
    grid = PointGrid(points, 0.1)
    learned = Learned(grid, points, up, light, np.full(len(points), 0.02, np.float32))
    learned.learn(np.arange(len(points), dtype=np.int32))
    assert np.isfinite(learned.light).all()
    assert np.isfinite(learned.slopes).all()
    if np.ptp(points) > 0:
        assert learned.light == pytest.approx(light, abs=1e-3)


def test_what_a_point_learns_does_not_depend_on_who_asked_before():
    rng = np.random.default_rng(3)
    points = rng.random((2000, 3)).astype(np.float32)
    up = np.tile(np.float32([0, 1, 0]), (2000, 1))
    light = rng.random((2000, 3)).astype(np.float32)
    grid, spacing = PointGrid(points, 0.1), np.full(2000, 0.05, np.float32)
    once, twice = (Learned(grid, points, up, light, spacing) for _ in range(2))
    once.learn(np.arange(2000, dtype=np.int32))
    for part in np.array_split(rng.permutation(2000).astype(np.int32), 7):
        twice.learn(part)
    assert once.light.tobytes() == twice.light.tobytes()
    assert once.slopes.tobytes() == twice.slopes.tobytes()
