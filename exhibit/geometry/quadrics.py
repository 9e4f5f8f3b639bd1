"""Quadrics of vertices: how far a place is from the planes of the faces that have met there.

Garland and Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997. A row of ten holds xx, xy,
xz, yy, yz, zz, xd, yd, zd, dd of planes x, y, z, d, weighted by area.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BORDER = 4.0
"""Weight of the planes across open borders: borders are seen as outlines."""
STAY = 1e-4
"""Weight of the distance to the vertices themselves: settles where along a plane or a ridge a vertex lies."""


@njit(cache=True)
def quadrics_of(p, faces, edge_first, edge_uses):  # type: ignore[no-untyped-def]  # numba infers
    """Return the quadrics (n, 10) of places (n, 3), and which of them are on an open border, (n,) bool."""
    q = np.zeros((len(p), 10))
    is_border = np.zeros(len(p), np.bool_)
    for t in range(len(faces)):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        nx, ny, nz = corner_normal(p, a, b, p[c, 0], p[c, 1], p[c, 2])
        length = np.sqrt(nx * nx + ny * ny + nz * nz)
        if length <= 0.0:
            continue
        nx, ny, nz = nx / length, ny / length, nz / length
        d = -(nx * p[a, 0] + ny * p[a, 1] + nz * p[a, 2])
        for k in range(3):
            v = faces[t, k]
            _add_plane(q, v, nx, ny, nz, d, length)
            # distances along the three axes are three planes
            _add_plane(q, v, 1.0, 0.0, 0.0, -p[v, 0], STAY * length)
            _add_plane(q, v, 0.0, 1.0, 0.0, -p[v, 1], STAY * length)
            _add_plane(q, v, 0.0, 0.0, 1.0, -p[v, 2], STAY * length)
    for e in range(len(edge_first)):
        if edge_uses[e] != 1:
            continue
        t, k = edge_first[e] // 3, edge_first[e] % 3
        a, b, c = faces[t, k], faces[t, (k + 1) % 3], faces[t, (k + 2) % 3]
        is_border[a] = is_border[b] = True
        nx, ny, nz = corner_normal(p, a, b, p[c, 0], p[c, 1], p[c, 2])
        ex, ey, ez = p[b, 0] - p[a, 0], p[b, 1] - p[a, 1], p[b, 2] - p[a, 2]
        x, y, z = ny * ez - nz * ey, nz * ex - nx * ez, nx * ey - ny * ex
        length = np.sqrt(x * x + y * y + z * z)
        if length <= 0.0:
            continue
        x, y, z = x / length, y / length, z / length
        weight = BORDER * (ex * ex + ey * ey + ez * ez)
        d = -(x * p[a, 0] + y * p[a, 1] + z * p[a, 2])
        _add_plane(q, a, x, y, z, d, weight)
        _add_plane(q, b, x, y, z, d, weight)
    return q, is_border


@njit(cache=True)
def cost_of_joining(q, p, a, b, place):  # type: ignore[no-untyped-def]  # numba infers
    """Return what joining two vertices costs, and put in `place` where they would meet."""
    xx, xy, xz = q[a, 0] + q[b, 0], q[a, 1] + q[b, 1], q[a, 2] + q[b, 2]
    yy, yz, zz = q[a, 3] + q[b, 3], q[a, 4] + q[b, 4], q[a, 5] + q[b, 5]
    mx, my, mz = (p[a, 0] + p[b, 0]) / 2, (p[a, 1] + p[b, 1]) / 2, (p[a, 2] + p[b, 2]) / 2
    # the slope at the middle of the edge, so that what is solved is small
    gx = q[a, 6] + q[b, 6] + xx * mx + xy * my + xz * mz
    gy = q[a, 7] + q[b, 7] + xy * mx + yy * my + yz * mz
    gz = q[a, 8] + q[b, 8] + xz * mx + yz * my + zz * mz
    c0, c1, c2 = yy * zz - yz * yz, yz * xz - xy * zz, xy * yz - yy * xz
    c3, c4, c5 = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    det = xx * c0 + xy * c1 + xz * c2
    x = y = z = 0.0
    if det > 1e-12 * (xx + yy + zz) ** 3:
        x = -(c0 * gx + c1 * gy + c2 * gz) / det
        y = -(c1 * gx + c3 * gy + c4 * gz) / det
        z = -(c2 * gx + c4 * gy + c5 * gz) / det
        ex, ey, ez = p[b, 0] - p[a, 0], p[b, 1] - p[a, 1], p[b, 2] - p[a, 2]
        if x * x + y * y + z * z > ex * ex + ey * ey + ez * ez:
            x = y = z = 0.0
    place[0], place[1], place[2] = mx + x, my + y, mz + z
    at_middle = (
        q[a, 9] + q[b, 9]
        + mx * (q[a, 6] + q[b, 6] + gx) + my * (q[a, 7] + q[b, 7] + gy) + mz * (q[a, 8] + q[b, 8] + gz)
    )  # fmt: skip
    return at_middle + x * gx + y * gy + z * gz if x != 0.0 or y != 0.0 or z != 0.0 else at_middle


@njit(inline="always")
def corner_normal(p, a, b, x, y, z):  # type: ignore[no-untyped-def]  # numba infers
    """Twice the area vector of the face of vertices a, b and the place x, y, z."""
    ux, uy, uz = p[b, 0] - p[a, 0], p[b, 1] - p[a, 1], p[b, 2] - p[a, 2]
    vx, vy, vz = x - p[a, 0], y - p[a, 1], z - p[a, 2]
    return uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx


@njit(inline="always")
def face_normal(p, faces, t):  # type: ignore[no-untyped-def]  # numba infers
    """Twice the area vector of a face."""
    c = faces[t, 2]
    return corner_normal(p, faces[t, 0], faces[t, 1], p[c, 0], p[c, 1], p[c, 2])


@njit(cache=True)
def _add_plane(q, v, x, y, z, d, w):  # type: ignore[no-untyped-def]  # numba infers
    q[v, 0] += w * x * x
    q[v, 1] += w * x * y
    q[v, 2] += w * x * z
    q[v, 3] += w * y * y
    q[v, 4] += w * y * z
    q[v, 5] += w * z * z
    q[v, 6] += w * x * d
    q[v, 7] += w * y * d
    q[v, 8] += w * z * d
    q[v, 9] += w * d * d
