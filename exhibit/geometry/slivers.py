"""Opening faces that have next to no area, so that they have a normal and need not be dropped, which would tear a hole.

Marching cubes leaves them where the surface passes close by a corner of its grid, more so between cells of two sizes.
Their vertices go to the middle of their neighbours (Laplacian smoothing; Field, Comm. Appl. Numer. Methods 4, 1988).
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.mesh_measures import face_areas, longest_edges
from exhibit.geometry.neighbour_means import mean_of_neighbours
from exhibit.model.arrays import F4, I4, Bool

THIN = 0.02
"""Area over the square of the longest edge below which a face is a sliver; 0.43 is equilateral."""
_ROUNDS = 4


def find_slivers(vertices: F4, faces: I4) -> Bool:
    """Mark (m,) the faces that are slivers."""
    thin: Bool = face_areas(vertices, faces) <= THIN * longest_edges(vertices, faces).astype(np.float64) ** 2
    return thin


def open_slivers(vertices: F4, faces: I4) -> F4:
    """Return the vertices (n, 3) with those of slivers among the faces (m, 3) moved between their neighbours."""
    for _ in range(_ROUNDS):
        thin = find_slivers(vertices, faces)
        if not thin.any():
            break
        # of a sliver's faces around only those that touch it matter
        touched = np.zeros(len(vertices), bool)
        touched[faces[thin]] = True
        near = touched[faces].any(axis=1)
        means = mean_of_neighbours(vertices, faces[near])
        vertices = np.where(touched[:, None], (vertices + means) / 2, vertices).astype(np.float32)
    return vertices
