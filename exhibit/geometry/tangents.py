"""Tangent frames for normal maps, as MikkTSpace makes them and glTF stores them.

Mikkelsen, "Simulation of wrinkled surfaces revisited" (2008), and his mikktspace.c: the tangent of a face is the
direction in which u grows; a vertex takes the mean of its faces' tangents, each first laid into the vertex' tangent
plane and made a unit, weighted by the corner's angle in that plane. glTF's v grows downward and its normal maps' green
points up, so w is the sign with v turned over (as the README of npm `mikktspace` says to do).
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.vertex_normals import sum_at_vertices
from exhibit.model.arrays import F4, F8, I4


def uv_orientation(uv: F4, faces: I4) -> F8:
    """Return twice the signed area (m,) of faces in uv, v turned upward: positive where not mirrored."""
    corners = uv[faces].astype(np.float64)
    first = corners[:, 1] - corners[:, 0]
    second = corners[:, 2] - corners[:, 0]
    signed: F8 = -(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
    return signed


def vertex_tangents(vertices: F4, normals: F4, uv: F4, faces: I4) -> F4:
    """Return tangents with the sign of their bitangent.

    Parameters
    ----------
    vertices, normals : (n, 3) float32; normals of unit length. Vertices are already split at seams, so that a
        vertex has one uv, and no vertex joins a mirrored face with one that is not.
    uv : (n, 2) float32, glTF convention (origin top left).
    faces : (m, 3) int32.

    Returns
    -------
    (n, 4) float32: unit tangent, orthogonal to the normal; w is +1 or -1, ``bitangent = w * cross(normal, tangent)``.
    Where uv says nothing (degenerate or not finite) any unit vector orthogonal to the normal is taken.
    """
    weighted, sign = _corner_tangents(vertices, normals, uv, faces)
    total = sum_at_vertices(weighted, faces, len(vertices))
    unit_normals = normals.astype(np.float64)
    total -= unit_normals * (unit_normals * total).sum(axis=1, keepdims=True)
    length = np.linalg.norm(total, axis=1)
    is_sound = length > 1e-9
    tangents = np.where(
        is_sound[:, None], total / np.where(is_sound, length, 1.0)[:, None], any_orthogonal(unit_normals)
    )
    votes = np.bincount(faces.ravel(), weights=np.repeat(sign, 3), minlength=len(vertices))
    w = np.where(votes < 0, -1.0, 1.0)
    return np.concatenate([tangents, w[:, None]], axis=1).astype(np.float32)


def _corner_tangents(vertices: F4, normals: F4, uv: F4, faces: I4) -> tuple[F8, F8]:
    """Return the weighted tangent each face gives to each of its corners (m, 3, 3), and the face's sign (m,)."""
    corners = vertices[faces].astype(np.float64)
    chart = uv[faces].astype(np.float64)
    edge_1, edge_2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    v_1, v_2 = chart[:, 1, 1] - chart[:, 0, 1], chart[:, 2, 1] - chart[:, 0, 1]
    area = uv_orientation(uv, faces)
    sign = np.sign(np.where(np.isfinite(area), area, 0.0))
    # with v turned over: dP/du = (edge_1 * -v_2 + edge_2 * v_1) / area; only its direction counts
    along_u = (v_1[:, None] * edge_2 - v_2[:, None] * edge_1) * sign[:, None]
    along_u = np.where(np.isfinite(along_u), along_u, 0.0)

    at_corner = normals[faces].astype(np.float64)
    tangents = _unit(_into_plane(np.broadcast_to(along_u[:, None, :], at_corner.shape), at_corner))
    to_next = _unit(_into_plane(np.roll(corners, -1, axis=1) - corners, at_corner))
    to_previous = _unit(_into_plane(np.roll(corners, 1, axis=1) - corners, at_corner))
    angle = np.arccos(np.clip((to_next * to_previous).sum(axis=2), -1.0, 1.0))
    return tangents * angle[:, :, None], sign


def any_orthogonal(directions: F8) -> F8:
    """Return some unit vector (n, 3) orthogonal to each unit vector (n, 3), always the same for the same input."""
    axis = np.where(np.abs(directions[:, :1]) < 0.6, [[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]])
    return _unit(np.cross(axis, directions))


def _into_plane(vectors: F8, normals: F8) -> F8:
    inside: F8 = vectors - normals * (normals * vectors).sum(axis=-1, keepdims=True)
    return inside


def _unit(vectors: F8) -> F8:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: F8 = np.where(length > 1e-30, vectors / np.where(length > 1e-30, length, 1.0), 0.0)
    return unit
