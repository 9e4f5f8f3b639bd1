"""Kernels on meshes: adjacency, repair, subdivision, folds, decimation."""

import numpy as np
import pytest
from analytic import euler_characteristic

from exhibit.geometry import decimate
from exhibit.geometry.adjacency import find_adjacency, label_face_parts
from exhibit.geometry.border import border_edges, smooth_border
from exhibit.geometry.cluster import cluster_vertices
from exhibit.geometry.decimate import decimate_mesh
from exhibit.geometry.mesh_measures import face_areas, signed_volume
from exhibit.geometry.project import unfold_moves
from exhibit.geometry.repair import drop_small_parts, make_manifold
from exhibit.geometry.slivers import find_slivers, open_slivers
from exhibit.geometry.subdivide import split_faces

NONE = np.empty((0, 3), np.int32)


def grid(n: int = 6):
    """A flat square of n by n quads, z = 0, facing +z."""
    x, y = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    vertices = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1).astype(np.float32)
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    a = (i * (n + 1) + j).ravel()
    b, c, d = a + n + 1, a + n + 2, a + 1
    return vertices, np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]).astype(np.int32)


def ball(n: int = 40):
    """A closed sphere of about 2 n^2 faces."""
    vertices, faces = grid(n)
    polar, turn = vertices[:, 0] / n * np.pi, vertices[:, 1] / n * 2 * np.pi
    places = np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], axis=1)
    _, first, inverse = np.unique(np.round(places, 5), axis=0, return_index=True, return_inverse=True)
    fixed = make_manifold(places[first].astype(np.float32), inverse.ravel()[faces].astype(np.int32))
    return fixed.vertices, fixed.faces


def test_an_empty_mesh_breaks_nothing():
    assert find_adjacency(NONE).across.shape == (0, 3)
    assert label_face_parts(find_adjacency(NONE))[0] == 0
    assert len(make_manifold(np.empty((0, 3), np.float32), NONE).faces) == 0


def test_adjacency_sees_borders_pinches_and_disagreement():
    _, faces = grid(2)
    adjacency = find_adjacency(faces)
    assert (adjacency.uses == 1).sum() == 8
    assert not adjacency.bad_faces.any()
    flipped = faces.copy()
    flipped[0] = flipped[0][::-1]
    assert find_adjacency(flipped).bad_faces[0]
    fins = np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4]], np.int32)
    assert find_adjacency(fins).bad_faces.all()


def test_repair_of_a_sound_mesh_changes_nothing():
    vertices, faces = ball(10)
    fixed = make_manifold(vertices, faces)
    assert len(fixed.vertices) == len(vertices)
    assert (face_areas(fixed.vertices, fixed.faces) == face_areas(vertices, faces)).all()
    assert (fixed.n_degenerate, fixed.n_split, fixed.n_deleted) == (0, 0, 0)


def test_two_cones_that_touch_in_one_vertex_are_parted():
    faces = np.array([[0, 1, 2], [0, 2, 3], [0, 4, 5], [0, 5, 6]], np.int32)
    vertices = np.random.default_rng(0).random((7, 3)).astype(np.float32)
    fixed = make_manifold(vertices, faces)
    assert fixed.n_split == 1
    assert (fixed.vertices == vertices[fixed.vertex_source]).all()
    assert label_face_parts(find_adjacency(fixed.faces))[0] == 2


@pytest.mark.parametrize("seed", range(10))
def test_repair_makes_any_heap_of_triangles_manifold(seed):
    rng = np.random.default_rng(seed)
    faces = rng.integers(0, 12, (60, 3)).astype(np.int32)
    vertices = rng.random((12, 3)).astype(np.float32)
    fixed = make_manifold(vertices, faces)
    assert not find_adjacency(fixed.faces).bad_faces.any()
    assert (fixed.vertices[fixed.faces] == vertices[faces[fixed.face_source]]).all()


def test_small_parts_go_and_the_largest_stays_even_alone():
    vertices, faces = grid(6)
    both = np.concatenate([vertices, vertices[:3] * 0.1 + 50])
    small = np.concatenate([faces, [[len(vertices), len(vertices) + 1, len(vertices) + 2]]]).astype(np.int32)
    both[-1] += [0.5, 0, 0]
    assert drop_small_parts(both, small, 0.01).tolist() == [True] * len(faces) + [False]
    assert drop_small_parts(vertices, faces, 2.0).all()


def test_splitting_keeps_the_area_the_border_and_opens_no_crack():
    vertices, faces = ball(12)
    chosen = np.random.default_rng(0).random(len(faces)) < 0.3
    split = split_faces(vertices, faces, chosen)
    assert find_adjacency(split.faces).is_closed
    assert euler_characteristic(split.faces) == 2
    assert signed_volume(split.vertices, split.faces) == pytest.approx(signed_volume(vertices, faces), rel=1e-5)
    assert len(split.faces) >= len(faces) + 3 * chosen.sum()
    areas = np.bincount(split.parent, weights=face_areas(split.vertices, split.faces))
    assert areas == pytest.approx(face_areas(vertices, faces), rel=1e-4)
    assert split.vertices[len(vertices) :] == pytest.approx(split.vertices[split.ends].mean(axis=1), abs=1e-6)
    flat_vertices, flat = grid(5)
    assert (split_faces(flat_vertices, flat, np.zeros(len(flat), bool)).faces == flat).all()


def test_a_border_is_smoothed_along_itself_and_the_inside_stays():
    vertices, faces = grid(8)
    ragged = vertices.copy()
    edge = vertices[:, 0] == 0
    ragged[edge, 0] += 0.3 * (-1) ** np.arange(edge.sum())
    smoothed = smooth_border(ragged, faces)
    inside = np.ones(len(vertices), bool)
    inside[border_edges(faces).ravel()] = False
    assert (smoothed[inside] == ragged[inside]).all()
    middle = edge & (vertices[:, 1] > 1) & (vertices[:, 1] < 7)
    assert np.ptp(smoothed[middle, 0]) < 0.1


def test_slivers_are_opened_and_the_rest_stays():
    vertices, faces = grid(6)
    squeezed = vertices.copy()
    squeezed[24] = vertices[25] + [0, 0, 1e-7]  # two vertices in one place
    squeezed[10] = (vertices[3] + vertices[11]) / 2  # a corner in the middle of the opposite edge
    assert find_slivers(squeezed, faces).sum() >= 3
    opened = open_slivers(squeezed, faces)
    assert not find_slivers(opened, faces).any()
    assert np.abs(opened - vertices).max() < 1
    far = np.linalg.norm(vertices[:, None] - vertices[[24, 10]], axis=2).min(axis=1) > 3
    assert (opened[far] == vertices[far]).all()
    assert len(make_manifold(opened, faces).faces) == len(faces)


def test_moves_that_fold_a_face_are_taken_back_and_others_stay():
    vertices, faces = grid(6)
    wanted = vertices.copy()
    wanted[:, 2] += 0.1
    wanted[24] += [3.0, 0, 0]
    moved = unfold_moves(vertices, wanted, faces)
    assert moved[24] == pytest.approx(vertices[24])
    assert (moved[:, 2] > 0.05).sum() > 30


def test_decimation_keeps_its_limit_the_shape_and_never_grows():
    vertices, faces = ball(60)
    assert decimate_mesh(vertices, faces, len(faces))[1] is faces
    for limit in (4000, 500, 50):
        coarse_vertices, coarse = decimate_mesh(vertices, faces, limit)
        assert 0.7 * limit < len(coarse) <= limit
        assert find_adjacency(coarse).is_closed
    volume = signed_volume(coarse_vertices, coarse)
    assert 3.2 < volume < 4.3


def test_a_mesh_that_collapsing_cannot_reduce_still_keeps_its_limit(monkeypatch):
    monkeypatch.setattr(decimate, "collapse_edges", lambda vertices, faces, _: (vertices, faces))
    assert 0 < len(decimate.decimate_mesh(*ball(40), 300)[1]) <= 300


def test_clustering_reaches_any_target():
    vertices, faces = ball(60)
    for limit in (1000, 100, 20):
        fixed = cluster_vertices(vertices, faces, limit)
        assert 0 < len(fixed.faces) <= limit
        assert not find_adjacency(fixed.faces).bad_faces.any()
