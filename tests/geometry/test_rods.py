from __future__ import annotations

import numpy as np

from exhibit.geometry.rods import distance_to_rods, rod, rods_of

RANDOM = np.random.default_rng(3)


def test_a_rod_without_length_is_a_ball() -> None:
    points = RANDOM.normal(size=(200, 3)) * 3
    rods = rods_of([(0.0, [rod((1, 2, 3), (1, 2, 3), 0.7)])])
    np.testing.assert_allclose(
        distance_to_rods(points, rods), np.linalg.norm(points - (1, 2, 3), axis=1) - 0.7, atol=1e-9
    )


def test_an_even_rod_is_a_capsule() -> None:
    rods = rods_of([(0.0, [rod((0, 0, 0), (4, 0, 0), 0.5)])])
    points = np.array([(2.0, 3, 0), (-2, 0, 0), (6, 0, 0), (2, 0, 0)])
    np.testing.assert_allclose(distance_to_rods(points, rods), [2.5, 1.5, 1.5, -0.5])


def test_a_squashed_rod_is_thin_along_its_side_and_no_farther_than_it_is() -> None:
    rods = rods_of([(0.0, [rod((0, 0, 0), (4, 0, 0), 1.0, squash=0.5)])])
    on_it = np.array([(2.0, 0, 0.5), (2.0, 1.0, 0), (2.0, np.sqrt(0.5), np.sqrt(0.125))])
    np.testing.assert_allclose(distance_to_rods(on_it, rods), 0, atol=1e-9)
    angle = np.linspace(0, 2 * np.pi, 4000)
    ring = np.column_stack([np.cos(angle), 0.5 * np.sin(angle)])
    away = RANDOM.normal(size=(300, 2)) * 1.5
    true = np.linalg.norm(away[:, None] - ring, axis=2).min(axis=1)
    bound = distance_to_rods(np.column_stack([np.full(300, 2.0), away]), rods)
    outside = bound > 0.02
    assert (bound[outside] < 1.1 * true[outside]).all()
    assert (bound[outside] > 0.5 * true[outside]).all()


def test_a_cut_opens_a_hole_and_far_groups_change_nothing() -> None:
    ball, drill = rod((0, 0, 0), (0, 0, 0), 2.0), rod((0, 0, -3), (0, 0, 3), 0.5, is_cut=True)
    assert distance_to_rods(np.zeros((1, 3)), rods_of([(0.0, [ball, drill])]))[0] == 0.5
    far = (1.0, [rod((50, 0, 0), (60, 0, 0), 1.0)])
    points = RANDOM.normal(size=(200, 3)) * 3
    np.testing.assert_array_equal(
        distance_to_rods(points, rods_of([(0.0, [ball, drill]), far])),
        distance_to_rods(points, rods_of([(0.0, [ball, drill])])),
    )


def test_a_seam_is_filled_only_near_both() -> None:
    rods = rods_of([(0.0, [rod((-1, 0, 0), (-1, 0, 0), 1.0)]), (0.8, [rod((1, 0, 0), (1, 0, 0), 1.0)])])
    at = np.array([(0.0, 0, 0), (0, 0.35, 0), (-3, 0, 0)])
    filled = distance_to_rods(at, rods)
    assert filled[0] < -0.19 and filled[1] < 0
    assert abs(filled[2] - 1) < 1e-12
