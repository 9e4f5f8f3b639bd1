"""Normals as a normal map stores them, and back, as three.js and glTF viewers decode them."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, U1


def encode_normals(wanted: F4, normals: F4, tangents: F4) -> F4:
    """Return `wanted` normals in the frames of a mesh.

    Parameters
    ----------
    wanted : (n, 3) float32, unit.
    normals : (n, 3) float32, the mesh's own, interpolated inside its faces.
    tangents : (n, 4) float32, the mesh's own, interpolated; w is the sign of the bitangent.

    Returns
    -------
    (n, 3) float32, unit, never pointing below the surface: what, decoded as ``normalize(mat3(normalize(T),
    normalize(B), normalize(N)) * m)``, gives `wanted` again. Interpolated frames are not orthogonal, so this is the
    inverse of the matrix and not its transpose.
    """
    normal = _unit(normals)
    tangent = _unit(tangents[:, :3])
    bitangent = _unit(np.cross(normal, tangents[:, :3]) * np.where(tangents[:, 3:] < 0, -1, 1).astype(np.float32))
    determinant = (tangent * np.cross(bitangent, normal)).sum(axis=1)
    inverse_rows = (np.cross(bitangent, normal), np.cross(normal, tangent), np.cross(tangent, bitangent))
    local = np.stack([(row * wanted).sum(axis=1) for row in inverse_rows], axis=1)
    local *= np.where(determinant < 0, -1, 1).astype(np.float32)[:, None]
    is_sound = np.abs(determinant) > 1e-3
    local = np.where(is_sound[:, None], local, np.array([0, 0, 1], np.float32))
    local[:, 2] = np.maximum(local[:, 2], 0.05 * np.abs(determinant))
    return _unit(local)


def decode_normals(local: F4, normals: F4, tangents: F4) -> F4:
    """Return unit normals (n, 3) in the mesh's own space; parameters as of :func:`encode_normals`."""
    normal = _unit(normals)
    tangent = _unit(tangents[:, :3])
    bitangent = _unit(np.cross(normal, tangents[:, :3]) * np.where(tangents[:, 3:] < 0, -1, 1).astype(np.float32))
    return _unit(local[:, :1] * tangent + local[:, 1:2] * bitangent + local[:, 2:] * normal)


def bytes_from_normals(local: F4) -> U1:
    """Return the picture values of unit normals: -1 to 1 becomes 0 to 255."""
    return np.clip(np.round((local + 1) * 127.5), 0, 255).astype(np.uint8)


def _unit(vectors: F4) -> F4:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: F4 = vectors / np.maximum(length, np.float32(1e-12))
    return unit
