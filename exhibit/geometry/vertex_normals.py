"""Smooth vertex normals, weighted by the angle of each face at the vertex.

Thürmer & Wüthrich, "Computing vertex normals from polygonal facets", Journal of Graphics Tools 3 (1998): unlike weights
by area, the result does not change when a flat face is cut into more triangles.
"""

from __future__ import annotations

import numba as nb
import numpy as np

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
    normals: F4 = _vertex_normals(np.ascontiguousarray(vertices, np.float32), faces)
    return normals


@nb.njit(cache=True)
def _vertex_normals(vertices, faces):  # type: ignore[no-untyped-def]  # numba infers
    total = np.zeros((len(vertices), 3), np.float64)
    edge = np.empty((3, 3), np.float64)
    square = np.empty(3, np.float64)
    for t in range(len(faces)):
        # edge i lies opposite corner i
        for i in range(3):
            square[i] = 0.0
            for axis in range(3):
                edge[i, axis] = (
                    np.float64(vertices[faces[t, (i + 2) % 3], axis]) - vertices[faces[t, (i + 1) % 3], axis]
                )
                square[i] += edge[i, axis] ** 2
        x = edge[0, 1] * edge[1, 2] - edge[0, 2] * edge[1, 1]
        y = edge[0, 2] * edge[1, 0] - edge[0, 0] * edge[1, 2]
        z = edge[0, 0] * edge[1, 1] - edge[0, 1] * edge[1, 0]
        area = np.sqrt(x * x + y * y + z * z)
        # false for what is not a number too
        if not area > 0:
            continue
        for i in range(3):
            # atan2 is exact for needles, where arccos of a rounded cosine is not; edges of length 0 have no area above
            angle = np.arctan2(area, (square[(i + 1) % 3] + square[(i + 2) % 3] - square[i]) / 2)
            share = angle / area
            total[faces[t, i], 0] += share * x
            total[faces[t, i], 1] += share * y
            total[faces[t, i], 2] += share * z
    normals = np.zeros((len(vertices), 3), np.float32)
    for v in range(len(vertices)):
        length = np.sqrt(total[v, 0] ** 2 + total[v, 1] ** 2 + total[v, 2] ** 2)
        if length > 1e-9:
            for axis in range(3):
                normals[v, axis] = total[v, axis] / length
        else:
            normals[v, 1] = 1.0
    return normals


def sum_at_vertices(values: F8, faces: I4, n_vertices: int) -> F8:
    """Sum values (m, 3, d) given per face corner at the vertices: (n_vertices, d) float64, in a fixed order."""
    where = faces.ravel()
    columns = [
        np.bincount(where, weights=values[:, :, axis].ravel(), minlength=n_vertices) for axis in range(values.shape[2])
    ]
    return np.stack(columns, axis=1)
