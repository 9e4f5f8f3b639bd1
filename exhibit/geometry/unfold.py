"""Laying open faces that are folded back onto their neighbours, as crumpled borders are.

Their vertices go to the middle of their neighbours (Laplacian smoothing; Field, Comm. Appl. Numer. Methods 4, 1988),
again and wider where that does not help; the topology stays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import Adjacency, compact_mesh, find_adjacency
from exhibit.geometry.mesh_measures import area_vectors
from exhibit.geometry.neighbour_means import area_weighted_normals, mean_of_neighbours
from exhibit.model.arrays import F4, F8, I4

FOLD = -0.9
"""Cosine between the normals of two neighbouring faces below which they are folded: an edge of less than 26 degrees."""
STEEP = 0.9
"""Sine between a move and the surface above which the vertex stays."""
_TURNS = 4


def find_folded_edges(vertices: F4, faces: I4, adjacency: Adjacency | None = None) -> npt.NDArray[np.int64]:
    """Return (f, 2) int64: pairs of neighbouring faces of opposite normals.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32, consistently oriented. Faces without area count as unfolded.
    """
    across = (adjacency or find_adjacency(faces)).across
    face, edge = np.nonzero(across > np.arange(len(faces), dtype=np.int32)[:, None])
    other = across[face, edge]
    vectors: F8 = area_vectors(vertices, faces)
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    facing = np.einsum("ij,ij->i", vectors[face], vectors[other])
    folded = facing < FOLD * length[face] * length[other]
    return np.stack([face[folded], other[folded]], axis=1)


def unfold(vertices: F4, faces: I4, rings: int = 4) -> F4:
    """Return the vertices (n, 3) float32, those of folded faces among the faces (m, 3) smoothed.

    Where nothing is folded it is the same array. Two layers that cross can keep a fold.

    Parameters
    ----------
    rings : how wide around a stubborn fold vertices may move: 1 for a few large faces, more for many small ones.
    """
    pairs = find_folded_edges(vertices, faces)
    if not len(pairs):
        return vertices
    # what a wide round may move, and a ring more, is all that has to be looked at
    around = np.zeros(len(vertices), bool)
    around[faces[pairs.ravel()]] = True
    for _ in range(rings):
        around[faces[around[faces].any(axis=1)]] = True
    faces, used = compact_mesh(faces[around[faces].any(axis=1)])
    places = vertices[used]
    is_inner = around[used]
    adjacency = find_adjacency(faces)
    pairs = find_folded_edges(places, faces, adjacency)
    for turn in range(_TURNS * rings):
        touched = np.zeros(len(places), bool)
        touched[faces[pairs.ravel()]] = True
        for _ in range(turn // _TURNS):
            touched[faces[touched[faces].any(axis=1)]] = True
        moves = mean_of_neighbours(places, faces) - places
        # the ridge of a thin blade is folded by right: there the middle lies across the surface, not along it
        rise = np.abs((moves * area_weighted_normals(places, faces)).sum(axis=1))
        touched &= is_inner & (rise < STEEP * np.linalg.norm(moves, axis=1))
        places = np.where(touched[:, None], places + moves, places)
        pairs = find_folded_edges(places, faces, adjacency)
        if not len(pairs):
            break
    opened = vertices.copy()
    opened[used] = places
    return opened
