"""Normals as a normal map stores them, and back, as three.js and glTF viewers decode them."""

from __future__ import annotations

import numba as nb
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
    local = np.empty((len(wanted), 3), np.float32)
    _encode(
        np.ascontiguousarray(wanted, np.float32),
        np.ascontiguousarray(normals, np.float32),
        np.ascontiguousarray(tangents, np.float32),
        local,
    )
    return local


@nb.njit(inline="always")
def _cross(a, b):  # type: ignore[no-untyped-def]  # numba infers
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@nb.njit(inline="always")
def _normalized(x, y, z):  # type: ignore[no-untyped-def]  # numba infers
    length = max(np.sqrt(x * x + y * y + z * z), 1e-12)
    return x / length, y / length, z / length


@nb.njit(inline="always")
def _dot(a, b):  # type: ignore[no-untyped-def]  # numba infers
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@nb.njit(parallel=True, cache=True)
def _encode(wanted, normals, tangents, local):  # type: ignore[no-untyped-def]  # numba infers
    for i in nb.prange(len(wanted)):
        sign = -1.0 if tangents[i, 3] < 0 else 1.0
        n = _normalized(normals[i, 0], normals[i, 1], normals[i, 2])
        t = _normalized(tangents[i, 0], tangents[i, 1], tangents[i, 2])
        x, y, z = _cross(n, t)
        b = _normalized(sign * x, sign * y, sign * z)
        # the rows of the inverse, times the determinant
        by_n = _cross(b, n)
        determinant = _dot(t, by_n)
        if not abs(determinant) > 1e-3:
            local[i, 0] = 0
            local[i, 1] = 0
            local[i, 2] = 1
            continue
        turn = -1.0 if determinant < 0 else 1.0
        u = turn * _dot(by_n, wanted[i])
        v = turn * _dot(_cross(n, t), wanted[i])
        w = max(turn * _dot(_cross(t, b), wanted[i]), 0.05 * abs(determinant))
        local[i, 0], local[i, 1], local[i, 2] = _normalized(u, v, w)


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
