"""Kernels on points: neighbours, duplicates, order, planes, thinning."""

import numpy as np
import pytest
from analytic import plane, sphere

from exhibit.geometry.duplicates import find_distinct
from exhibit.geometry.morton import morton_order
from exhibit.geometry.neighbours import PointIndex, local_spacing, neighbours_among
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.thin import CellSums, thin_points
from exhibit.geometry.unions import join_signed, label_components


def test_an_index_refuses_what_would_crash_a_kernel():
    with pytest.raises(ValueError):
        PointIndex(np.empty((0, 3), np.float32))
    with pytest.raises(ValueError):
        PointIndex(np.array([[0, 0, np.nan]], np.float32))
    with pytest.raises(ValueError):
        PointIndex(np.zeros((3, 3), np.float32)).nearest(np.full((1, 3), np.inf, np.float32), 1)


def test_asking_for_more_neighbours_than_points_gives_all_points():
    found = PointIndex(np.eye(3, dtype=np.float32)).nearest(None, 10)
    assert found.indices.shape == (3, 3)
    assert sorted(found.indices[0]) == [0, 1, 2]


def test_neighbours_agree_with_brute_force():
    points = np.random.default_rng(0).random((500, 3)).astype(np.float32)
    found = PointIndex(points).nearest(None, 5)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert found.distances == pytest.approx(np.sort(distance, axis=1)[:, :5], abs=1e-5)


@pytest.mark.parametrize("share", [0.002, 0.2, 0.98, 1.0])
def test_a_table_of_some_points_equals_one_made_for_them_alone(share):
    rng = np.random.default_rng(2)
    points = rng.random((3000, 3)).astype(np.float32)
    keep = rng.random(3000) < share
    points[~keep] *= np.float32([1, 1, 0.5])
    taken = neighbours_among(points, PointIndex(points).nearest(None, 12), keep)
    alone = PointIndex(points[keep]).nearest(None, 12)
    assert taken.indices.shape == alone.indices.shape
    assert (taken.distances == alone.distances).all()
    assert (taken.indices == alone.indices).all()


def test_spacing_is_one_over_the_root_of_the_density_however_dense():
    for n in (2000, 20_000):
        spacing = local_spacing(PointIndex(plane(n).points.astype(np.float32)).nearest(None, 12))
        assert np.median(spacing) == pytest.approx(1 / np.sqrt(n), rel=0.08)


def test_distinct_points_are_the_first_of_their_group_and_zero_has_no_sign():
    points = np.array([[1, 2, 3], [0.0, 1, 1], [1, 2, 3], [-0.0, 1, 1], [5, 5, 5]], np.float32)
    assert find_distinct(points).tolist() == [0, 1, 4]


def test_morton_order_brings_neighbours_together():
    points = np.random.default_rng(1).random((5000, 3)).astype(np.float32)
    ordered = points[morton_order(points)]
    step = np.linalg.norm(np.diff(ordered, axis=0), axis=1).mean()
    assert step < 0.2 * np.linalg.norm(np.diff(points, axis=0), axis=1).mean()
    assert sorted(morton_order(np.zeros((4, 3), np.float32))) == [0, 1, 2, 3]


def test_planes_of_a_sphere_have_radial_normals_and_the_noise_as_residual():
    clean = sphere(20_000)
    points = clean.noisy(0.003).points.astype(np.float32)
    planes = estimate_planes(points, PointIndex(points).nearest(None, 20))
    assert np.abs((planes.normals * clean.normals).sum(axis=1)).mean() > 0.98
    assert np.median(planes.residuals) == pytest.approx(0.003, rel=0.25)


def test_planes_of_equal_or_collinear_points_are_finite():
    for points in (np.zeros((30, 3)), np.linspace(0, 1, 30)[:, None] * [1, 1, 1]):
        points = points.astype(np.float32)
        planes = estimate_planes(points, PointIndex(points).nearest(None, 10))
        assert np.isfinite(planes.normals).all()
        assert np.linalg.norm(planes.normals, axis=1) == pytest.approx(np.ones(30), abs=1e-3)


def test_planes_do_not_depend_on_the_unit():
    points = sphere(3000).points.astype(np.float32)
    for scale in (1e-4, 1e4):
        scaled = (points * scale).astype(np.float32)
        planes = estimate_planes(scaled, PointIndex(scaled).nearest(None, 20))
        assert np.abs((planes.normals * points).sum(axis=1)).min() > 0.9


def test_thinning_averages_positions_colours_and_normals_of_a_cell():
    points = np.array([[0.1, 0, 0], [0.3, 0, 0], [5, 0, 0]], np.float32)
    colors = np.array([[10, 0, 0], [20, 0, 0], [7, 7, 7]], np.uint8)
    normals = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], np.float32)
    thin = thin_points(points, colors, normals, 1.0)
    assert thin.positions[:, 0] == pytest.approx([0.2, 5])
    assert thin.colors[:, 0].tolist() == [15, 7]
    assert thin.normals[0] == pytest.approx([0, 0.7071, 0.7071], abs=1e-3)


def test_cells_merge_when_they_are_too_many_whatever_the_blocks():
    points = sphere(20_000).points.astype(np.float32)
    results = []
    for size in (20_000, 777):
        sums = CellSums(np.full(3, -2.0), 4.0, 1000)
        for start in range(0, len(points), size):
            sums.add(points[start : start + size], None, None)
        results.append(sums.result(False, False).positions)
    assert 250 <= len(results[0]) <= 1000
    assert results[0] == pytest.approx(results[1], abs=1e-6)


def test_components_are_numbered_by_their_first_member():
    assert label_components(5, np.array([4, 1]), np.array([0, 2]))[1].tolist() == [0, 1, 1, 2, 0]
    assert label_components(0, np.array([], int), np.array([], int))[0] == 0
    with pytest.raises(ValueError):
        label_components(2, np.array([0]), np.array([2]))


def test_signs_follow_the_first_links_and_ignore_later_contradictions():
    first, second = np.array([0, 1, 0]), np.array([1, 2, 2])
    labels, sign = join_signed(3, first, second, np.array([-1, -1, -1], np.int8))
    assert len(set(labels.tolist())) == 1
    assert sign[0] == -sign[1] == sign[2]
