"""Areas, centres and volume of triangle meshes."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, F8, I4


def area_vectors(vertices: F4, faces: I4) -> F8:
    """Return (m, 3) float64: the normal of each face, as long as twice its area."""
    corner = vertices[faces].astype(np.float64)
    return np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])


def face_areas(vertices: F4, faces: I4) -> F8:
    """Return (m,) float64 areas."""
    areas: F8 = np.linalg.norm(area_vectors(vertices, faces), axis=1) / 2
    return areas


def face_centres(vertices: F4, faces: I4) -> F4:
    """Return (m, 3) float32 centres of gravity."""
    centres: F4 = vertices[faces].mean(axis=1, dtype=np.float32)
    return centres


def longest_edges(vertices: F4, faces: I4) -> F4:
    """Return (m,) float32: the length of each face's longest edge."""
    corner = vertices[faces]
    longest: F4 = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max(axis=1)
    return longest


def signed_volume(vertices: F4, faces: I4) -> float:
    """Return the volume a closed mesh encloses; negative when its faces point inward."""
    corner = (vertices - vertices.mean(axis=0))[faces].astype(np.float64)
    return float(np.einsum("ij,ij->", corner[:, 0], np.cross(corner[:, 1], corner[:, 2])) / 6)
