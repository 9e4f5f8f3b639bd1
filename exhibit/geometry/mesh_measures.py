"""Areas, centres and volume of triangle meshes."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, F8, I4


def area_vectors(vertices: F4, faces: I4) -> F8:
    """Return (m, 3) float64: the normal of each face, as long as twice its area."""
    first = vertices[faces[:, 0]].astype(np.float64)
    u, v = vertices[faces[:, 1]] - first, vertices[faces[:, 2]] - first
    # np.cross makes a copy per product
    vectors = np.empty((len(faces), 3))
    for x, y, z in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        vectors[:, x] = u[:, y] * v[:, z] - u[:, z] * v[:, y]
    return vectors


def face_areas(vertices: F4, faces: I4) -> F8:
    """Return (m,) float64 areas."""
    areas: F8 = np.linalg.norm(area_vectors(vertices, faces), axis=1) / 2
    return areas


def face_centres(vertices: F4, faces: I4) -> F4:
    """Return (m, 3) float32 centres of gravity."""
    third = np.float32(1 / 3)
    centres: F4 = (vertices[faces[:, 0]] + vertices[faces[:, 1]] + vertices[faces[:, 2]]) * third
    return centres


def longest_edges(vertices: F4, faces: I4) -> F4:
    """Return (m,) float32: the length of each face's longest edge."""
    longest = np.zeros(len(faces), np.float32)
    for corner in range(3):
        edge = vertices[faces[:, corner]] - vertices[faces[:, corner - 1]]
        np.maximum(longest, np.einsum("ij,ij->i", edge, edge), out=longest)
    return np.sqrt(longest)


def signed_volume(vertices: F4, faces: I4) -> float:
    """Return the volume a closed mesh encloses; negative when its faces point inward."""
    corner = (vertices - vertices.mean(axis=0))[faces].astype(np.float64)
    return float(np.einsum("ij,ij->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])) / 6)
