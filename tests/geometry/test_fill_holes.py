"""Caps over holes close a mesh and touch nothing else."""

import numpy as np
import pytest

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.fill_holes import fill_holes, find_border_loops
from exhibit.geometry.mesh_measures import signed_volume


def tube(n: int, height: float = 2.0):
    """An open tube of n sides around y, radius 1, facing outward; bottom at 0."""
    turn = np.arange(n) / n * 2 * np.pi
    ring = np.stack([np.cos(turn), np.zeros(n), np.sin(turn)], axis=1)
    vertices = np.concatenate([ring, ring + np.array([0, height, 0])]).astype(np.float32)
    i, j = np.arange(n), (np.arange(n) + 1) % n
    faces = np.concatenate([np.stack([i, i + n, j], axis=1), np.stack([j, i + n, j + n], axis=1)])
    return vertices, faces.astype(np.int32)


def test_a_closed_mesh_is_returned_as_it_is():
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], np.int32)
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    assert fill_holes(vertices, tetrahedron)[1] is tetrahedron


@pytest.mark.parametrize("n", [3, 4, 6, 7, 50, 501])
def test_a_tube_of_any_number_of_sides_becomes_a_closed_drum(n):
    vertices, faces = tube(n)
    assert sorted(map(len, find_border_loops(faces))) == [n, n]
    filled_vertices, filled_faces = fill_holes(vertices, faces)
    assert find_adjacency(filled_faces).is_closed
    assert (filled_faces[: len(faces)] == faces).all()
    assert (filled_vertices[: len(vertices)] == vertices).all()
    truth = 2.0 * n / 2 * np.sin(2 * np.pi / n)
    assert signed_volume(filled_vertices, filled_faces) == pytest.approx(truth, rel=1e-4)


def test_even_a_single_triangle_can_be_closed():
    vertices, faces = np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32)
    _, filled = fill_holes(vertices, faces)
    assert find_adjacency(filled).is_closed
    assert len(np.unique(np.sort(filled, axis=1), axis=0)) == len(filled)
