"""Rays from places on a surface into the open half of space above them, ready to be cast."""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.hemisphere import hammersley, scramble
from exhibit.model.arrays import F4


def sky_rays(points: F4, normals: F4, n_rays: int, offset: float, first: int = 0) -> F4:
    """Return rays (n * n_rays, 6) float32: origin and unit direction, the rays of one place after another.

    Parameters
    ----------
    points, normals : (n, 3) float32; unit normals.
    n_rays : rays from each place, cosine-weighted; each place has the pattern of
        :func:`exhibit.geometry.hemisphere.cosine_directions`, shifted by a number of its own.
    offset : how far above its place a ray starts, in the unit of the points.
    first : number of the first place.

    Notes
    -----
    Frames without square roots or branches: Duff et al., "Building an orthonormal basis, revisited", JCGT 6 (2017).
    """
    rays = np.empty((len(points) * n_rays, 6), np.float32)
    _fill(
        np.ascontiguousarray(points, np.float32),
        np.ascontiguousarray(normals, np.float32),
        hammersley(n_rays).astype(np.float32),
        scramble(len(points), first).astype(np.float32),
        np.float32(offset),
        rays,
    )
    return rays


@nb.njit(cache=True)
def _fill(points, normals, pattern, shifts, offset, rays):  # type: ignore[no-untyped-def]  # numba infers
    k = len(pattern)
    for i in range(len(points)):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        sign = np.float32(1) if nz >= 0 else np.float32(-1)
        a = np.float32(-1) / (sign + nz)
        b = nx * ny * a
        for j in range(k):
            share = pattern[j, 0] + shifts[i, 0]
            turn = np.float32(2 * np.pi) * (pattern[j, 1] + shifts[i, 1])
            share -= np.floor(share)
            radius = np.sqrt(share)
            x, y, z = radius * np.cos(turn), radius * np.sin(turn), np.sqrt(np.float32(1) - share)
            ray = rays[i * k + j]
            ray[0] = points[i, 0] + offset * nx
            ray[1] = points[i, 1] + offset * ny
            ray[2] = points[i, 2] + offset * nz
            ray[3] = x * (1 + sign * nx * nx * a) + y * b + z * nx
            ray[4] = x * sign * b + y * (sign + ny * ny * a) + z * ny
            ray[5] = z * nz - x * sign * nx - y * ny
