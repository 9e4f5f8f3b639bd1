"""Pulling a coarse surface onto the raw points.

Moving least squares in its simplest form: the Gaussian-weighted mean of the points' tangent planes (implicit MLS:
Shen, O'Brien and Shewchuk, SIGGRAPH 2004; Kolluri, SODA 2005). Only the signed offset along the vertex normal is used,
and it is blended over the mesh by confidence: stepping instead left plateaus at the edge of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange

from exhibit.geometry.mesh_measures import face_centres
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.support import SEEN
from exhibit.geometry.vertex_normals import face_normals, vertex_normals
from exhibit.model.arrays import F4, I4, Bool

MAX_OFFSET = 1.5
"""Local spacings a vertex may move in one round."""
BLEND = 0.12
N_NEIGHBOURS = 16


@dataclass(frozen=True, slots=True)
class PointSurface:
    """Oriented points as the truth to project on.

    Parameters
    ----------
    points, normals : (p, 3) float32.
    spacing : (p,) float32.
    index : search tree over the points.
    kernel : width of the Gaussian in local spacings: 0.7 for clean points, 1.4 for noise of 0.3 spacings.
    """

    points: F4
    normals: F4
    spacing: F4
    index: PointIndex
    kernel: float

    def offsets(self, places: F4, normals: F4, k: int = N_NEIGHBOURS) -> tuple[F4, F4]:
        """Signed offsets (n,) of places from the points' surface, and the confidence (n,) in them, 0 to 1."""
        found = self.index.nearest(places, k)
        return _mls_offsets(
            places, normals, self.points, self.normals, self.spacing, found.indices, found.distances, self.kernel
        )


def project_vertices(vertices: F4, faces: I4, surface: PointSurface, rounds: int = 1) -> F4:
    """Return the vertices (n, 3) moved onto the points' surface; where no points are they follow their neighbours."""
    from scipy.sparse import coo_matrix

    n = len(vertices)
    a = np.concatenate([faces[:, 0], faces[:, 1], faces[:, 2]])
    b = np.concatenate([faces[:, 1], faces[:, 2], faces[:, 0]])
    ones = np.ones(2 * len(a), np.float32)
    links = coo_matrix((ones, (np.r_[a, b], np.r_[b, a])), (n, n)).tocsr()
    degree = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)
    for _ in range(rounds):
        normals = vertex_normals(vertices, faces)
        own, confidence = surface.offsets(vertices, normals)
        offset = own * confidence
        for _ in range(4):
            offset = (confidence * own + BLEND * (links @ offset) / degree) / (confidence + BLEND)
        vertices = (vertices - normals * offset[:, None]).astype(np.float32)
    return vertices


def find_coarse_faces(vertices: F4, faces: I4, surface: PointSurface, tolerance: float) -> Bool:
    """Mark (m,) the faces whose centre lies off the points' surface by more than `tolerance` local spacings."""
    normals, _ = face_normals(vertices, faces)
    centres = face_centres(vertices, faces)
    offset, confidence = surface.offsets(centres, normals, 10)
    nearest = surface.index.nearest(centres, 1).indices[:, 0]
    coarse: Bool = np.abs(offset) * confidence > tolerance * surface.spacing[nearest]
    return coarse


@njit(parallel=True, cache=True)
def _mls_offsets(
    places: F4,
    place_normals: F4,
    points: F4,
    normals: F4,
    spacing: F4,
    indices: I4,
    distances: F4,
    kernel: float,
) -> tuple[F4, F4]:
    n, k = indices.shape
    offsets = np.zeros(n, np.float32)
    confidence = np.zeros(n, np.float32)
    for i in prange(n):
        m = min(k, 5)
        near = np.empty(m, np.float32)
        for j in range(m):
            near[j] = spacing[indices[i, j]]
        local = np.median(near) + 1e-30
        support = distances[i, 0] / local
        width = max(local * kernel, distances[i, min(k - 1, 3)] * 0.6)
        fall = 1 / (2 * width * width)
        total = height = 0.0
        n_agreeing = 0
        for j in range(k):
            q = indices[i, j]
            facing = (
                normals[q, 0] * place_normals[i, 0]
                + normals[q, 1] * place_normals[i, 1]
                + normals[q, 2] * place_normals[i, 2]
            )
            if facing < 0.3:  # another sheet of the object
                continue
            dx = places[i, 0] - points[q, 0]
            dy = places[i, 1] - points[q, 1]
            dz = places[i, 2] - points[q, 2]
            weight = np.exp(-(dx * dx + dy * dy + dz * dz) * fall) * facing
            total += weight
            height += weight * (dx * normals[q, 0] + dy * normals[q, 1] + dz * normals[q, 2])
            n_agreeing += 1
        if total > 1e-3:
            limit = MAX_OFFSET * local
            offsets[i] = min(limit, max(-limit, height / total))
            # falls to nothing where the points end, so that the caller can blend
            confidence[i] = min(1.0, max(0.0, SEEN - support)) * min(1.0, n_agreeing / 4.0)
    return offsets, confidence
