"""Averaging points denser than their noise lets a surface follow."""

import numpy as np
import pytest
from analytic import plane, sphere

from exhibit.geometry.averaged import N_AROUND, Averaged, Density, find_lone
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.thin import thin_points

NOISE = 0.004


def even(shape):
    return shape.points.astype(np.float32)


def around(points):
    return PointIndex(points).nearest(None, N_AROUND)


@pytest.mark.parametrize("points", [np.empty((0, 3)), np.zeros((5, 3)), np.zeros((500, 3))])
def test_the_density_of_no_surface_is_none(points):
    assert Density.of(points.astype(np.float32), 1.0) is None


def test_density_told_from_a_tenth_of_the_points_is_that_of_all():
    shape = sphere(200_000).noisy(NOISE)
    density = Density.of(even(shape)[::10], 10.0)
    assert density.spacing == pytest.approx((4 * np.pi / 200_000) ** 0.5, rel=0.1)
    assert density.noise == pytest.approx(NOISE, rel=0.3)
    assert density.area == pytest.approx(4 * np.pi, rel=0.2)


def test_as_many_cells_are_occupied_as_are_asked_for():
    points = even(sphere(300_000))
    density = Density.of(points[::3], 3.0)
    thinned = thin_points(points, None, None, density.cell_for(20_000))
    assert len(thinned.positions) == pytest.approx(20_000, rel=0.15)
    assert thinned.counts.sum() == len(points)


@pytest.mark.parametrize("noise", [0.0, 0.0003])
def test_points_that_scatter_less_than_they_lie_apart_are_not_averaged(noise):
    assert Density.of(even(plane(200_000).noisy(noise)), 1.0).noise_cell() == 0


def test_too_few_points_for_cells_as_wide_as_their_noise_are_not_averaged():
    assert Density.of(even(sphere(200_000).noisy(0.02)), 1.0).noise_cell() == 0


def test_means_on_spheres_are_four_times_nearer_to_a_noisy_ball_than_its_points():
    points = even(sphere(400_000).noisy(NOISE))
    thinned = thin_points(points, None, None, 3.5 * NOISE)
    flat = Averaged(thinned.positions, thinned.counts)
    normals = thinned.positions / np.linalg.norm(thinned.positions, axis=1, keepdims=True)
    on_planes = flat.on_planes(around(flat.means))
    on_spheres = flat.on_spheres(normals, around(on_planes))
    error = [np.sqrt(np.mean((np.linalg.norm(p, axis=1) - 1) ** 2)) for p in (points, on_planes, on_spheres)]
    assert error[0] == pytest.approx(NOISE, rel=0.05)
    assert error[1] < error[0] / 3.5
    assert error[2] < error[0] / 3.9


def test_means_far_from_the_origin_settle_alike():
    points = even(sphere(100_000).noisy(0.01))
    near = thin_points(points, None, None, 0.04)
    flat = Averaged(near.positions, near.counts).on_planes(around(near.positions))
    there = near.positions + np.float32(64)
    moved = Averaged(there, near.counts).on_planes(around(there)) - np.float32(64)
    assert np.abs(moved - flat).max() < 1e-3


def test_strays_in_the_open_are_alone_and_a_sparse_part_of_the_surface_is_not():
    rng = np.random.default_rng(1)
    dense, sparse = sphere(200_000).points, sphere(2000, radius=0.4, seed=3).points + np.array([3.0, 0, 0])
    stray = rng.uniform(-2, 5, (3000, 3))
    stray = stray[(np.abs(np.linalg.norm(stray, axis=1) - 1) > 0.3) & (np.linalg.norm(stray - [3, 0, 0], axis=1) > 0.7)]
    thinned = thin_points(np.concatenate([dense, sparse, stray]).astype(np.float32), None, None, 0.03)
    lone = find_lone(thinned.positions, thinned.counts, around(thinned.positions), 0.03)
    is_stray = np.abs(np.linalg.norm(thinned.positions, axis=1) - 1) > 0.05
    is_stray &= np.abs(np.linalg.norm(thinned.positions - [3, 0, 0], axis=1) - 0.4) > 0.05
    assert lone[is_stray].mean() > 0.85
    assert not lone[~is_stray].any()
