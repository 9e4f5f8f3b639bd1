"""Thinning where a surface is simple must never cost a sheet, a sharp form or a point that is alone."""

import numpy as np
import pytest
from analytic import box, sphere

from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.thin_simple import thin_simple


def thin(shape, cell, shift=0.0):
    points, normals = thin_simple((shape.points + shift).astype(np.float32), shape.normals.astype(np.float32), cell)
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1, abs=1e-5)
    return points - np.float32(shift), normals


@pytest.mark.parametrize("n", [1, 2, 50])
def test_equal_points_become_one_and_a_single_one_stays(n):
    points = np.full((n, 3), 3.0, np.float32)
    thinned, normals = thin_simple(points, np.tile(np.float32([0, 0, 1]), (n, 1)), 0.1)
    assert thinned == pytest.approx(np.array([[3.0, 3.0, 3.0]]))
    assert normals == pytest.approx(np.array([[0, 0, 1]]))


@pytest.mark.parametrize("shift", [0.0, 500.0])
def test_a_smooth_shape_keeps_its_place_its_normals_and_a_tenth_of_its_points(shift):
    shape = sphere(40_000)
    points, normals = thin(shape, 0.035, shift)
    assert len(points) < 0.1 * len(shape.points)
    assert np.linalg.norm(points, axis=1) == pytest.approx(1, abs=0.005)
    assert ((points * normals).sum(axis=1) > 0.995).all()
    gap = PointIndex(points).nearest(shape.points.astype(np.float32), 1).distances
    assert gap.max() < 0.1


def test_points_of_two_near_sheets_are_not_averaged_together():
    shape = box(60_000, size=(1.0, 1.0, 0.02))
    points, normals = thin(shape, 0.012)
    inside = (np.abs(points[:, :2]) < 0.45).all(axis=1)
    assert np.abs(points[inside, 2]) == pytest.approx(0.01, abs=0.002)
    assert (np.sign(points[inside, 2]) == np.sign(normals[inside, 2])).all()


def test_sharp_edges_stay_denser_than_flat_sides():
    points, _ = thin(box(100_000), 0.02)
    from_edge = np.sort(np.abs(np.abs(points) - np.abs(points).max(axis=0)), axis=1)[:, 1]
    near, far = (from_edge < 0.02).sum() / 0.02, (from_edge > 0.2).sum() / 0.3
    assert near > 2 * far


def test_where_little_is_simple_every_point_stays():
    rng = np.random.default_rng(1)
    points = rng.normal(size=(5000, 3)).astype(np.float32)
    normals = (points / np.linalg.norm(points, axis=1, keepdims=True))[::-1].copy()
    kept, directions = thin_simple(points, normals, 0.1)
    assert kept is points
    assert directions is normals
