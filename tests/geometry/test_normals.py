"""Normals against those of shapes with rims, and of noise."""

import numpy as np
import pytest
from analytic import box, sphere

from exhibit.geometry.neighbours import Neighbours, PointIndex
from exhibit.geometry.normals import closer_normals, estimate_planes


def errors_of(shape, noise):
    """Angles (n,) in degrees between true normals and those of all neighbours, then of the closer ones."""
    points = np.asarray(shape.points, np.float32)
    neighbours = PointIndex(points).nearest(None, 20)
    planes = estimate_planes(points, neighbours)
    closer = closer_normals(points, neighbours, planes, noise)
    return [
        np.degrees(np.arccos(np.clip(np.abs((found * shape.normals).sum(axis=1)), 0, 1)))
        for found in (planes.normals, closer)
    ]


def test_few_equal_or_collinear_points_give_unit_normals():
    for points in ([[0, 0, 0]] * 12, [[x, 0, 0] for x in range(12)], [[5e5, 0, 0], [5e5, 1, 0], [5e5, 0, 1]]):
        points = np.array(points, np.float32)
        neighbours = PointIndex(points).nearest(None, 20)
        found = closer_normals(points, neighbours, estimate_planes(points, neighbours), 0.0)
        assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_near_a_rim_closer_neighbours_see_less_of_the_other_side():
    shape = box(20_000, size=(1.0, 1.0, 1.0))
    sigma = 0.1 * np.sqrt(shape.area / len(shape.points))
    shape = shape.noisy(sigma)
    wide, closer = errors_of(shape, sigma)
    rim = np.sort(np.abs(np.abs(shape.points) - 0.5), axis=1)[:, 1] < 0.03
    assert closer[rim].mean() < 0.9 * wide[rim].mean()
    assert closer[~rim].mean() < 1.05 * wide[~rim].mean()


def test_where_points_scatter_no_more_than_by_noise_all_neighbours_are_asked():
    sigma = 0.3 * np.sqrt(4 * np.pi / 20_000)
    wide, closer = errors_of(sphere(20_000).noisy(sigma), sigma)
    assert (wide == closer).mean() > 0.999


def test_a_table_of_some_points_gives_the_normals_it_gives_in_the_table_of_all():
    points = box(5000).points.astype(np.float32)
    neighbours = PointIndex(points).nearest(None, 20)
    whole = estimate_planes(points, neighbours)
    some = Neighbours(neighbours.distances[::7], neighbours.indices[::7])
    assert np.array_equal(estimate_planes(points, some).normals, whole.normals[::7])
