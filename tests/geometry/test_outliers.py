"""A point that belongs to no surface flies over its neighbours' planes; the first of a sparse side lies in them."""

import numpy as np
from analytic import sphere

from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.outliers import find_outliers


def outliers_of(points):
    points = np.asarray(points, np.float32)
    neighbours = PointIndex(points).nearest(None, 20)
    return find_outliers(points, neighbours, estimate_planes(points, neighbours))


def test_of_a_side_with_a_hundredth_of_the_points_hardly_one_is_lost_at_the_step():
    points = sphere(60_000).points
    is_sparse = points[:, 2] < 0
    kept = ~is_sparse | (np.arange(len(points)) % 100 == 0)
    points, is_sparse = points[kept], is_sparse[kept]
    at_step = is_sparse & (points[:, 2] > -0.2)
    assert at_step.sum() > 40
    assert outliers_of(points)[at_step].mean() < 0.1


def test_points_that_fly_over_a_surface_are_found_and_none_of_it():
    points = sphere(20_000).points
    flying = points[::200] * np.random.default_rng(1).uniform(1.1, 1.5, (100, 1))
    found = outliers_of(np.concatenate([points, flying]))
    assert found[len(points) :].mean() > 0.95
    assert found[: len(points)].mean() < 0.001
