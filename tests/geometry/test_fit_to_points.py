"""Fitting a mesh to its points, against surfaces whose truth is known."""

import numpy as np
import pytest
from meshes import plane_mesh, sphere_mesh

from exhibit.geometry.fit_to_points import fit_to_points

UP = np.float32([0, 1, 0])


def waves(x, z, amplitude=0.01, length=0.2):
    return amplitude * np.sin(2 * np.pi * x / length) * np.sin(2 * np.pi * z / length)


def sheet(n=40_000, noise=0.0, seed=0):
    """Points of a wavy sheet a metre wide, about 5 mm apart; all normals upright."""
    rng = np.random.default_rng(seed)
    flat = rng.random((n, 2)) - 0.5
    points = np.stack([flat[:, 0], waves(*flat.T) + rng.normal(0, noise, n), flat[:, 1]], axis=1).astype(np.float32)
    return points, np.tile(UP, (n, 1))


def rms_inside(vertices, height):
    inside = np.abs(vertices[:, [0, 2]]).max(axis=1) < 0.45
    at = vertices[inside].astype(np.float64)
    return float(np.sqrt(np.mean((at[:, 1] - height(at[:, 0], at[:, 2])) ** 2)))


def half_waves(x, z):
    return waves(x, z) / 2


def test_a_smoothed_sheet_among_points_without_noise_takes_on_all_their_relief():
    vertices, faces = plane_mesh(100, 1.0, half_waves)
    fitted = fit_to_points(vertices, faces, *sheet(), 0.005, 0.0001)
    assert rms_inside(vertices, waves) > 0.002
    assert rms_inside(fitted, waves) < 0.0003


def test_noise_is_averaged_over_more_points_the_stronger_it_is():
    vertices, faces = plane_mesh(100, 1.0, waves)
    points, normals = sheet(noise=0.003)
    known, denied = (fit_to_points(vertices, faces, points, normals, 0.005, noise) for noise in (0.003, 0.0001))
    assert rms_inside(known, waves) < 0.25 * 0.003
    assert rms_inside(denied, waves) > 1.5 * rms_inside(known, waves)


def test_faces_are_not_chords_of_a_round_surface():
    vertices, faces = sphere_mesh(24, 1.0)
    rng = np.random.default_rng(0)
    normals = rng.normal(size=(40_000, 3))
    normals = (normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype(np.float32)
    fitted = fit_to_points(vertices, faces, normals, normals, 0.018, 0.0005)

    def middle_radius(at):
        return np.linalg.norm(at[faces].mean(axis=1), axis=1)

    assert np.abs(middle_radius(fitted) - 1).mean() < 0.6 * np.abs(middle_radius(vertices) - 1).mean()


def test_points_of_the_other_side_and_points_out_of_reach_draw_nothing():
    vertices, faces = plane_mesh(40, 1.0)
    points, normals = sheet(5000)
    for shift, sign in ((-0.01, -1), (0.2, 1)):
        moved = points + np.float32(shift) * UP
        assert np.array_equal(fit_to_points(vertices, faces, moved, sign * normals, 0.014, 0.001), vertices)


def test_a_few_stray_points_do_not_draw_the_surface_after_them():
    vertices, faces = plane_mesh(100, 1.0, waves)
    points, normals = sheet(noise=0.0002)
    points[::50, 1] += np.float32(0.012)
    assert rms_inside(fit_to_points(vertices, faces, points, normals, 0.005, 0.0002), waves) < 0.0008


def test_where_no_points_are_the_surface_swings_out_to_neither_side():
    vertices, faces = plane_mesh(100, 1.0)
    points, normals = sheet()
    points[:, 1] = 0.001
    known = np.hypot(points[:, 0], points[:, 2]) > 0.06
    fitted = fit_to_points(vertices, faces, points[known], normals[known], 0.005, 0.0005)
    assert fitted[:, 1].min() > -0.0002
    assert fitted[:, 1].max() < 0.0012


@pytest.mark.parametrize("n", [1, 2, 3])
def test_very_few_points_or_equal_ones_keep_it_finite_and_near(n):
    vertices, faces = plane_mesh(20, 1.0)
    for points in (np.full((n, 3), 0.01, np.float32), np.eye(3, dtype=np.float32)[:n] * 0.02):
        fitted = fit_to_points(vertices, faces, points, np.tile(UP, (n, 1)), 0.01, 0.0)
        assert np.isfinite(fitted).all()
        assert np.abs(fitted - vertices).max() < 0.03


def test_far_from_the_origin_it_fits_as_well():
    vertices, faces = plane_mesh(100, 1.0, half_waves)
    points, normals = sheet()
    far = np.float32([1000, 50, -1000])
    fitted = fit_to_points(vertices + far, faces, points + far, normals, 0.005, 0.0001)
    assert rms_inside(fitted.astype(np.float64) - far, waves) < 0.0004


def test_two_fits_are_equal_bytes():
    vertices, faces = plane_mesh(60, 1.0)
    first, second = (fit_to_points(vertices, faces, *sheet(10_000), 0.01, 0.001) for _ in range(2))
    assert first.tobytes() == second.tobytes()
