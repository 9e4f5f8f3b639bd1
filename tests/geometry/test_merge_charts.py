"""Merging flat charts, and cutting them where room is short: nothing folds, nothing stretches, all have a place."""

import numpy as np
import pytest
from meshes import plane_mesh

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.atlas import lay_out_atlas
from exhibit.geometry.cut_to_fit import cut_in_two, cut_to_fit
from exhibit.geometry.flatten_charts import relax
from exhibit.geometry.merge_charts import merge_charts
from exhibit.geometry.split_vertices import split_vertices
from exhibit.geometry.stretch import l2_stretch


def bent_sheet(turn, n=40):
    """Return a sheet 1 by 2 rolled by `turn` radians, and its corners in the plane."""
    _, faces = plane_mesh(n)
    u, v = (axis.ravel() for axis in np.meshgrid(np.linspace(0, 2, n + 1), np.linspace(0, 1, n + 1)))
    angle, radius = u / 2 * turn, 2 / turn
    vertices = np.stack([radius * np.cos(angle), v, radius * np.sin(angle)], axis=1).astype(np.float32)
    return vertices, faces, np.stack([u, v], axis=1)[faces]


def shares(flat):
    first, second = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    return (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2


def patches(flat):
    """Cut small squares out of `flat`, each a chart of its own, moved and turned."""
    column, row = (flat.mean(axis=1) * (20, 40)).astype(np.int32).T
    is_patch = (column % 8 // 2 == 1) & (row % 8 // 2 == 1)
    chart = np.where(is_patch, 1 + column // 8 * 5 + row // 8, 0).astype(np.int32)
    cos, sin = np.cos(chart * 0.7)[:, None], np.sin(chart * 0.7)[:, None]
    x, y = flat[..., 0], flat[..., 1]
    return chart, np.stack([cos * x - sin * y + chart[:, None] * 5, sin * x + cos * y], axis=-1)


def test_patches_of_a_rolled_sheet_are_put_back_where_they_were():
    vertices, faces, flat = bent_sheet(5.0)
    if shares(flat).sum() < 0:
        flat = flat * (-1, 1) + (2, 0)
    chart, apart = patches(flat)
    assert len(np.unique(chart)) == 26
    merged, corner_xy = merge_charts(vertices, faces, find_adjacency(faces), chart, apart, 1 / 512)
    assert len(np.unique(merged)) == 1
    assert (shares(corner_xy) > 0).all()
    # lengths are those of the sheet, across the old seams too
    sides = np.linalg.norm(corner_xy - np.roll(corner_xy, 1, axis=1), axis=2)
    assert sides == pytest.approx(np.linalg.norm(flat - np.roll(flat, 1, axis=1), axis=2), rel=0.01)


def test_what_would_lie_over_another_part_of_its_chart_is_not_merged():
    # a flat ring of a little more than one turn: its last piece fits the end, but lies on the beginning
    n = 301
    turn = np.arange(n + 1) * (2 * np.pi / 300)
    inner, outer = (np.stack([r * np.cos(turn), r * np.sin(turn)], 1) for r in (0.8, 1.0))
    places = np.concatenate([inner, outer])
    vertices = np.stack([places[:, 0], np.tile(0.001 * turn, 2), places[:, 1]], axis=1).astype(np.float32)
    a = np.arange(n)
    faces = np.concatenate([np.stack([a, a + n + 2, a + 1], 1), np.stack([a, a + n + 1, a + n + 2], 1)]).astype(
        np.int32
    )
    flat = places[faces]
    assert (shares(flat) > 0).all()
    chart = (np.tile(a, 2) == n - 1).astype(np.int32)
    merged, _ = merge_charts(vertices, faces, find_adjacency(faces), chart, flat, 1 / 1024)
    assert (merged == chart).all()
    # a piece in the middle has its place
    chart = (np.tile(a, 2) == n // 2).astype(np.int32)
    ring = np.tile(a, 2) < 300
    merged, _ = merge_charts(vertices, faces[ring], find_adjacency(faces[ring]), chart[ring], flat[ring], 1 / 1024)
    assert len(np.unique(merged)) == 1


def test_a_rolled_sheet_is_few_charts_without_stretch():
    vertices, faces, _ = bent_sheet(6.0, 60)
    corner_uv = lay_out_atlas(vertices, faces, 512, 4)
    assert split_vertices(faces, corner_uv).n_charts <= 4
    assert l2_stretch(vertices, faces, corner_uv) < 1.002


def test_an_angle_is_cut_and_a_square_is_not():
    vertices, faces = plane_mesh(40)
    flat = vertices[:, [0, 2]][faces].astype(np.float64)
    whole = np.zeros(len(faces), np.int32)
    assert (cut_to_fit(find_adjacency(faces), whole, flat, 1 / 512, 4) == 0).all()
    is_angle = (flat.mean(axis=1) > 0.35).any(axis=1)
    angle = np.ascontiguousarray(faces[is_angle])
    pieces = cut_to_fit(find_adjacency(angle), whole[: len(angle)], flat[is_angle], 1 / 512, 4)
    assert len(np.unique(pieces)) == 2


def test_only_the_charts_asked_for_are_cut_in_two():
    vertices, faces = plane_mesh(20)
    flat = vertices[:, [0, 2]][faces].astype(np.float64)
    chart = (flat[:, :, 0].mean(axis=1) > 0).astype(np.int32)
    pieces = cut_in_two(find_adjacency(faces), chart, flat, np.array([False, True]))
    assert len(np.unique(pieces[chart == 0])) == 1
    assert len(np.unique(pieces[chart == 1])) == 2
    assert np.bincount(pieces).min() > 0.25 * (chart == 1).sum()


def test_a_face_alone_and_one_without_area_cannot_be_cut():
    faces = np.array([[0, 1, 2]], np.int32)
    for flat in (np.array([[[0.0, 0], [1, 0], [0, 1]]]), np.zeros((1, 3, 2))):
        assert (cut_in_two(find_adjacency(faces), np.zeros(1, np.int32), flat, np.array([True])) == 0).all()


def test_a_piece_that_nothing_holds_keeps_its_shape_and_its_place():
    sheet, faces = plane_mesh(6)
    flat = sheet[:, [0, 2]].astype(np.float64) * (1, -1)  # seen from above
    points = np.concatenate([sheet, sheet]).astype(np.float64)
    both = np.concatenate([faces, faces + len(sheet)]).astype(np.int32)
    xy = np.concatenate([flat, flat + np.array([3.0, 0.0])])
    is_free = np.ones(len(xy), bool)
    is_free[:3] = False
    rng = np.random.default_rng(0)
    shaken = xy + is_free[:, None] * rng.normal(0, 0.002, xy.shape)
    for _ in range(10):
        shaken = relax(shaken, points, both, is_free)
    assert np.isfinite(shaken).all()
    for own in (shaken[: len(sheet)], shaken[len(sheet) :]):
        area = shares(own[faces])
        np.testing.assert_allclose(area, area.mean(), rtol=0.03)
    assert abs(shaken[len(sheet) :].mean(axis=0) - xy[len(sheet) :].mean(axis=0)).max() < 0.1
