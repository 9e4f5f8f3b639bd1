"""Walking to the nearest point must end where a search through all points does."""

import numpy as np
import pytest
from analytic import box, sphere

from exhibit.geometry.near_points import PointTable
from exhibit.geometry.neighbours import PointIndex, local_spacing


def table_of(points):
    index = PointIndex(np.asarray(points, np.float32))
    return PointTable(index, local_spacing(index.nearest(None, 9)), 20)


def nearest_of_all(points, places):
    return np.array([np.argmin(((points - place) ** 2).sum(axis=1)) for place in places])


@pytest.mark.parametrize("points", [[[0, 0, 0]], [[0, 0, 0], [1, 0, 0]], [[2, 2, 2]] * 5])
def test_few_or_equal_points_have_a_table_too(points):
    table = table_of(points)
    places = np.array([[0.9, 0.1, 0], [5, 5, 5]], np.float32)
    first = table.search(places)
    found, support = table.walk(places, first, np.array([[0, 1], [1, 0]], np.int32))
    distance = np.linalg.norm(table.index.points[found] - places, axis=1)
    assert distance == pytest.approx(np.linalg.norm(np.array(points)[:, None] - places, axis=2).min(axis=0), rel=1e-5)
    assert not np.isnan(support).any()


def uneven():
    """A sphere with a hundred times fewer points below its middle than above."""
    shape = sphere(40_000)
    return shape.points[(shape.points[:, 2] > 0) | (np.arange(40_000) % 100 == 0)]


CLOUDS = {
    "a hundred to one": uneven(),
    "two sheets four spacings apart": box(20_000, size=(1.0, 1.0, 0.04)).points,
    "far from the origin": sphere(3000).points + 500.0,
}


@pytest.mark.parametrize("name", CLOUDS)
def test_walks_from_the_corners_of_a_face_end_at_the_nearest_point(name):
    points = CLOUDS[name].astype(np.float32)
    table = table_of(points)
    rng = np.random.default_rng(3)
    spacing = table.spacing
    # corners about two spacings off a point, along the surface and off it by a third of that
    middle = rng.integers(0, len(points), 400)
    corners = points[table.around[middle, :3]]
    corners = corners + 0.3 * spacing[middle, None, None] * rng.normal(size=corners.shape)
    corners = corners.astype(np.float32)
    nearest = table.search(corners.reshape(-1, 3))
    centres = corners.mean(axis=1)
    found, support = table.walk(centres, nearest, np.arange(len(nearest), dtype=np.int32).reshape(-1, 3))
    true = nearest_of_all(points, centres)
    gap = np.linalg.norm(points[found] - centres, axis=1) - np.linalg.norm(points[true] - centres, axis=1)
    assert (gap > 0.01 * spacing[true]).mean() < 0.005
    assert support == pytest.approx(np.linalg.norm(points[found] - centres, axis=1) / spacing[found], rel=1e-3)


def test_far_from_all_points_the_answer_is_that_of_the_tree():
    points = sphere(5000).points.astype(np.float32)
    table = table_of(points)
    places = (points[:300] * 1.5)[:, [1, 2, 0]].copy()
    # walks begin at the far side of the sphere
    start = table.search(-places)
    found, _ = table.walk(places, start, np.arange(300, dtype=np.int32)[:, None])
    assert (found == table.search(places)).all()


def test_a_gap_beside_dense_points_counts_by_the_sparse_ones_that_reach_over_it():
    """A plane of dense points (spacing 1) and sparse ones (10) that begin one sparse spacing further on."""
    dense = np.stack(np.meshgrid(np.arange(-40, 1), np.arange(-40, 41)), axis=-1).reshape(-1, 2)
    sparse = np.stack(np.meshgrid(np.arange(10, 60, 10), np.arange(-40, 41, 10)), axis=-1).reshape(-1, 2)
    points = np.c_[np.concatenate([dense, sparse]), np.zeros(len(dense) + len(sparse))]
    table = table_of(points)
    gap = np.array([[4.5, y, 0] for y in range(-20, 21)], np.float32)
    beyond = np.array([[-44.5, y, 0] for y in range(-20, 21)], np.float32)
    for places, is_seen in ((gap, True), (beyond, False)):
        nearest = table.search(places)
        found, support = table.walk(places, nearest, np.arange(len(places), dtype=np.int32)[:, None])
        assert (found == nearest).all()
        assert ((support < 2.5) == is_seen).all()
