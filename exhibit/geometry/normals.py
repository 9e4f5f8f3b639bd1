"""Normals of points: the plane of the nearest neighbours.

Hoppe, DeRose, Duchamp, McDonald and Stuetzle, "Surface reconstruction from unorganized points", SIGGRAPH 1992, with
weights that fall towards the last neighbour, so that the plane does not jump when one neighbour comes or goes.
Where neighbours leave the plane by more than the noise, as at rims and in lettering, half as many see less of the other
side. Choosing of all planes around the one that most neighbours lie on was tried: sharper rims still (.30 spacings off
instead of .33 and, with all neighbours, .36), but letters two spacings deep lost a twentieth of their depth.
Signs are arbitrary here; `orientation.orient_normals` settles them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange

from exhibit.geometry.eigen import smallest_eigenvector
from exhibit.geometry.neighbours import Neighbours
from exhibit.model.arrays import F4, I4, read_only

BENT = 2.0
"""Times the noise that neighbours scatter about a plane from which on fewer are asked."""
LEAST_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Planes:
    """The tangent plane at each point.

    Parameters
    ----------
    normals : (n, 3) float32, unit length, sign arbitrary.
    residuals : (n,) float32, standard deviation of the neighbours about the plane, unit of the points.
    scatter : (n,) float32, share of the neighbours' variance that lies across the plane: 0 flat, 1/3 a ball.
    """

    normals: F4
    residuals: F4
    scatter: F4


def estimate_planes(points: F4, neighbours: Neighbours) -> Planes:
    """Fit a plane to the neighbours of every point (n, 3)."""
    return Planes(*_estimate_planes(read_only(points), neighbours.indices, neighbours.distances))


def closer_normals(points: F4, neighbours: Neighbours, planes: Planes, noise: float) -> F4:
    """Return the normals (n, 3) of planes, fitted anew to the nearer half where the points around are not flat.

    Parameters
    ----------
    points : (n, 3) float32.
    neighbours : table of the points among themselves.
    planes : those through all of it.
    noise : standard deviation of the points about their surface, unit of the points.
    """
    bent = np.flatnonzero(planes.residuals > BENT * noise)
    k = max(LEAST_NEIGHBOURS, neighbours.indices.shape[1] // 2)
    normals = planes.normals.copy()
    near = neighbours.indices[bent, :k], neighbours.distances[bent, :k]
    normals[bent] = _estimate_planes(read_only(points), *near)[0]
    return normals


@njit(parallel=True, cache=True)
def _estimate_planes(points: F4, indices: I4, distances: F4) -> tuple[F4, F4, F4]:
    """Fit planes to rows of neighbours (n, k), each beginning with the point itself."""
    n, k = indices.shape
    normals = np.empty((n, 3), np.float32)
    residuals = np.empty(n, np.float32)
    scatter = np.empty(n, np.float32)
    for i in prange(n):
        here = indices[i, 0]
        radius2 = (distances[i, k - 1] * 1.05) ** 2 + 1e-30
        total = mx = my = mz = xx = xy = xz = yy = yz = zz = 0.0
        for j in range(k):
            q = indices[i, j]
            x = np.float64(points[q, 0]) - points[here, 0]
            y = np.float64(points[q, 1]) - points[here, 1]
            z = np.float64(points[q, 2]) - points[here, 2]
            weight = max(0.0, 1 - (x * x + y * y + z * z) / radius2) + 0.05
            total += weight
            mx += weight * x
            my += weight * y
            mz += weight * z
            xx += weight * x * x
            xy += weight * x * y
            xz += weight * x * z
            yy += weight * y * y
            yz += weight * y * z
            zz += weight * z * z
        mx /= total
        my /= total
        mz /= total
        nx, ny, nz, low, middle, high = smallest_eigenvector(
            xx / total - mx * mx,
            xy / total - mx * my,
            xz / total - mx * mz,
            yy / total - my * my,
            yz / total - my * mz,
            zz / total - mz * mz,
        )
        normals[i, 0] = nx
        normals[i, 1] = ny
        normals[i, 2] = nz
        residuals[i] = np.sqrt(low)
        scatter[i] = low / (low + middle + high + 1e-30)
    return normals, residuals, scatter
