"""Rounding that keeps a mesh a mesh."""

import numpy as np
import pytest
from meshes import sphere_mesh

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.lattice import round_to_lattice
from exhibit.geometry.mesh_measures import area_vectors
from exhibit.geometry.weld import find_equal_points
from exhibit.stages.packing.streams import quantise_positions


def crowded_sphere():
    """A ball whose faces at the poles are far finer than a lattice of 400 points across."""
    vertices, faces = sphere_mesh(120, radius=200.0)
    return vertices.astype(np.float64), faces


def test_nothing_and_one_point_are_rounded():
    none = np.empty((0, 3), np.int32)
    assert round_to_lattice(np.empty((0, 3)), none)[0].shape == (0, 3)
    assert round_to_lattice(np.array([[0.4, 1.6, -2.2]]), none)[0].tolist() == [[0, 2, -2]]


def test_where_plain_rounding_collapses_and_pinches_faces_none_does():
    places, faces = crowded_sphere()
    plain = np.rint(places)
    assert (np.linalg.norm(area_vectors(plain, faces), axis=1) == 0).sum() > 20
    rounded, n_unsound = round_to_lattice(places, faces)
    assert n_unsound < 0.1 * (np.linalg.norm(area_vectors(plain, faces), axis=1) == 0).sum()
    assert np.abs(rounded - places).max() <= 1.5
    is_far = np.abs(places[:, 1]) < 150
    assert (rounded[is_far] == plain[is_far]).all()


def test_copies_of_a_vertex_along_a_seam_stay_together():
    places, faces = crowded_sphere()
    apart, own = places[faces.ravel()], np.arange(faces.size, dtype=np.int32).reshape(-1, 3)
    rounded, _ = round_to_lattice(apart, own)
    first = find_equal_points(apart.astype(np.float32))
    assert (rounded == rounded[first]).all()


@pytest.mark.parametrize("bits", [8, 10, 16])
def test_a_stored_mesh_is_closed_and_no_face_turned_even_where_bits_are_too_few(bits):
    vertices, faces = crowded_sphere()
    stored, scale, centre = quantise_positions(vertices.astype(np.float32), bits, faces)
    back = stored[:, :3] / 32767 * scale + centre
    joined = find_equal_points(back.astype(np.float32)).astype(np.int32)[faces]
    assert find_adjacency(joined).is_closed
    facing = (area_vectors(back, faces) * area_vectors(vertices, faces)).sum(axis=1)
    assert (facing > 0).all()


def test_far_from_the_middle_nothing_overflows():
    vertices = np.array([[0, 0, 0], [1, 1, 1], [1, 0, 0]], np.float32)
    stored, scale, centre = quantise_positions(vertices, 16, np.array([[0, 1, 2]], np.int32))
    assert stored[:, :3] / 32767 * scale + centre == pytest.approx(vertices, abs=1e-4)
