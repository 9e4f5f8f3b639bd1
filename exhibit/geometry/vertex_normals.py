"""Smooth vertex normals, weighted by the angle of each face at the vertex.

Thürmer & Wüthrich, "Computing vertex normals from polygonal facets", Journal of Graphics Tools 3 (1998): unlike weights
by area, the result does not change when a flat face is cut into more triangles.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.corner_angles import corner_angles
from exhibit.geometry.mesh_measures import area_vectors
from exhibit.model.arrays import F4, F8, I4


def face_normals(vertices: F4, faces: I4) -> tuple[F4, F4]:
    """Return unit normals (m, 3) float32 and areas (m,) float32 of faces; a face without area has normal zero."""
    vectors = area_vectors(vertices, faces)
    length = np.linalg.norm(vectors, axis=1)
    unit = vectors / np.where(length > 0, length, 1.0)[:, None]
    return unit.astype(np.float32), (length / 2).astype(np.float32)


def vertex_normals(vertices: F4, faces: I4) -> F4:
    """Return smooth unit normals of the vertices of a mesh.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32, counter-clockwise seen from outside.

    Returns
    -------
    (n, 3) float32, unit length. A vertex without any face of area, or whose faces cancel out, gets +Y: a normal of zero
    would make the file invalid.
    """
    normals, _ = face_normals(vertices, faces)
    weighted = corner_angles(vertices, faces)[:, :, None] * normals[:, None, :]
    total: F8 = sum_at_vertices(weighted, faces, len(vertices))
    length = np.linalg.norm(total, axis=1)
    is_sound = length > 1e-9
    unit = np.where(is_sound[:, None], total / np.where(is_sound, length, 1.0)[:, None], (0.0, 1.0, 0.0))
    return unit.astype(np.float32)


def sum_at_vertices(values: F8, faces: I4, n_vertices: int) -> F8:
    """Sum values (m, 3, d) given per face corner at the vertices: (n_vertices, d) float64, in a fixed order."""
    where = faces.ravel()
    columns = [
        np.bincount(where, weights=values[:, :, axis].ravel(), minlength=n_vertices) for axis in range(values.shape[2])
    ]
    return np.stack(columns, axis=1)
