"""Splitting chosen faces into four at their edges' middles, their neighbours into two or three, so that no crack opens.

Red-green refinement (Bank, Sherman and Weiser, 1983). The pieces of a face stay where it was in the list, so that faces
near in space stay near in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import number_edges
from exhibit.model.arrays import F4, I4, Bool


@dataclass(frozen=True, slots=True)
class Split:
    """A mesh after splitting.

    Parameters
    ----------
    vertices : (n + k, 3) float32; the old ones come first.
    faces : (m, 3) int32.
    ends : (k, 2) int32, the old vertices between which each new one lies.
    parent : (m,) int32, the old face that each face is a piece of.
    """

    vertices: F4
    faces: I4
    ends: I4
    parent: I4


def split_faces(vertices: F4, faces: I4, chosen: Bool) -> Split:
    """Split the `chosen` (m,) faces of a mesh (n, 3), (m, 3)."""
    faces = np.ascontiguousarray(faces, np.int32)
    at_chosen = np.zeros(len(vertices), bool)
    at_chosen[faces[chosen]] = True
    # only these can share an edge with a chosen face
    near = np.flatnonzero(at_chosen[faces].sum(axis=1) >= 2)
    edges = number_edges(faces[near])
    is_split = np.zeros(len(edges.first), bool)
    is_split[edges.of_face[chosen[near]]] = True
    number = np.full(len(is_split), -1, np.int32)
    number[is_split] = len(vertices) + np.arange(int(is_split.sum()))
    middle = np.full(faces.shape, -1, np.int32)
    middle[near] = number[edges.of_face]
    row, corner = np.divmod(edges.first[is_split], 3)
    face = near[row]
    ends = np.stack([faces[face, corner], faces[face, (corner + 1) % 3]], axis=1)
    middles = (vertices[ends[:, 0]] + vertices[ends[:, 1]]) / 2
    pieces, parent = _cut(faces, middle)
    return Split(np.concatenate([vertices, middles]).astype(np.float32), pieces, ends, parent)


def _cut(faces: I4, middle: I4) -> tuple[I4, I4]:
    """Cut each face at the middles (m, 3) of its edges, -1 where an edge stays whole."""
    is_cut = middle >= 0
    case = is_cut @ np.array([1, 2, 4])
    n_pieces = 1 + is_cut.sum(axis=1)
    parent = np.repeat(np.arange(len(faces), dtype=np.int32), n_pieces)
    piece = np.arange(len(parent)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    corners = np.concatenate([faces, middle], axis=1)
    return np.take_along_axis(corners[parent], _PIECES[case[parent], piece], axis=1), parent


def _pieces_by_case() -> npt.NDArray[np.int64]:
    """Pieces (8, 4, 3) by which edges are cut (bits); 0 to 2 are a face's corners, 3 to 5 its edges' middles."""
    table = np.zeros((8, 4, 3), np.int64)
    table[0, 0] = 0, 1, 2
    table[7] = (0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5)
    for turn in range(3):
        # turned so that the odd edge, cut or whole, is the first
        a, b, c = np.roll(range(3), -turn)
        ab, bc, ca = np.roll(range(3, 6), -turn)
        table[1 << turn, :2] = (a, ab, c), (ab, b, c)
        table[7 - (1 << turn), :3] = (bc, c, ca), (a, b, bc), (a, bc, ca)
    return table


_PIECES = _pieces_by_case()
