"""Pulling a coarse surface onto the raw points.

Algebraic point set surfaces: a sphere is fitted to the oriented points around each vertex in closed form (Guennebaud
and Gross, SIGGRAPH 2007; the fit to normals of Guennebaud, Germann and Gross, Eurographics 2008). Planes instead of
spheres (implicit MLS) shrank round shapes: 13 to 25 % more error on every analytic shape. Only the signed offset along
the vertex normal is used, blended over the mesh by confidence: stepping left plateaus at the edge of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange

from exhibit.geometry.border import border_edges, replace_by_border_means
from exhibit.geometry.mesh_measures import face_centres
from exhibit.geometry.neighbour_means import area_weighted_normals, mean_edge_length, mean_of_neighbours
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.support import SEEN
from exhibit.geometry.vertex_normals import face_normals
from exhibit.model.arrays import F4, I4, Bool

MAX_OFFSET = 1.5
"""Local spacings a vertex may move in one round."""
BLEND = 0.12
N_BLENDS = 4
MAX_STEP = 0.5
"""Mean edge lengths a vertex may move in one round: more would let neighbours cross."""
FAIRING = 0.5
"""Share of the way to its neighbours' middle that a vertex goes in one round where nothing is known."""
N_FAIRINGS = 3
FINEST = 0.6
"""Local spacings below which edges are finer than anything the points can show."""
FOLD = 0.25
"""Cosine between a face's normals before and after a move below which the move is taken back."""
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

    def offsets(self, places: F4, normals: F4, k: int = N_NEIGHBOURS) -> tuple[F4, F4, F4]:
        """Signed offsets (n,) of places from the points' surface, confidence (n,) in them, local spacing (n,)."""
        found = self.index.nearest(places, k)
        return _mls_offsets(
            places, normals, self.points, self.normals, self.spacing, found.indices, found.distances, self.kernel
        )


def project_vertices(vertices: F4, faces: I4, surface: PointSurface, rounds: int = 1) -> F4:
    """Return the vertices (n, 3) moved onto the points' surface.

    Where no points are, vertices follow their neighbours and are smoothed; no face is turned over.
    """
    border = border_edges(faces)
    for _ in range(rounds):
        normals = area_weighted_normals(vertices, faces)
        own, confidence, spacing = surface.offsets(vertices, normals)
        offset = own * confidence
        for _ in range(N_BLENDS):
            around = mean_of_neighbours(offset[:, None], faces)[:, 0]
            offset = (confidence * own + BLEND * around) / (confidence + BLEND)
        length = mean_edge_length(vertices, faces)
        moved = vertices - normals * np.clip(offset, -MAX_STEP * length, MAX_STEP * length)[:, None]
        # neither places without points nor wrinkles finer than the points can show are known: smooth both
        excess = 1 - length / np.maximum(FINEST * spacing, 1e-30)
        unknown = np.maximum(1 - confidence, np.clip(excess, 0, 1))[:, None]
        for _ in range(N_FAIRINGS):
            around = mean_of_neighbours(moved, faces)
            # a border is smoothed along itself: its other neighbours would draw it inward
            replace_by_border_means(around, moved, border)
            moved = moved + FAIRING * unknown * (around - moved)
        vertices = unfold_moves(vertices, moved.astype(np.float32), faces)
    return vertices


def unfold_moves(vertices: F4, moved: F4, faces: I4, rounds: int = 6) -> F4:
    """Return `moved` vertices (n, 3), but with those taken back that turn a face by more than about 75 degrees."""
    moved = moved.copy()
    for _ in range(rounds):
        folded = _find_folds(vertices, moved, faces)
        if not folded.any():
            break
        at_fold = faces[folded].ravel()
        moved[at_fold] = vertices[at_fold]
    return moved


def find_coarse_faces(vertices: F4, faces: I4, surface: PointSurface, tolerance: float) -> Bool:
    """Mark (m,) the faces whose centre lies off the points' surface by more than `tolerance` local spacings."""
    normals, _ = face_normals(vertices, faces)
    centres = face_centres(vertices, faces)
    offset, confidence, spacing = surface.offsets(centres, normals, 10)
    coarse: Bool = np.abs(offset) * confidence > tolerance * spacing
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
) -> tuple[F4, F4, F4]:
    n, k = indices.shape
    offsets = np.zeros(n, np.float32)
    confidence = np.zeros(n, np.float32)
    spacings = np.empty(n, np.float32)
    for i in prange(n):
        m = min(k, 5)
        near = np.empty(m, np.float32)
        for j in range(m):
            near[j] = spacing[indices[i, j]]
        local = np.median(near) + 1e-30
        spacings[i] = local
        support = distances[i, 0] / local
        width = max(local * kernel, distances[i, min(k - 1, 3)] * 0.6)
        fall = 1 / (2 * width * width)
        total = px = py = pz = nx = ny = nz = pn = pp = 0.0
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
            x = np.float64(points[q, 0]) - places[i, 0]
            y = np.float64(points[q, 1]) - places[i, 1]
            z = np.float64(points[q, 2]) - places[i, 2]
            square = x * x + y * y + z * z
            weight = np.exp(-square * fall) * facing
            total += weight
            px += weight * x
            py += weight * y
            pz += weight * z
            nx += weight * normals[q, 0]
            ny += weight * normals[q, 1]
            nz += weight * normals[q, 2]
            pn += weight * (x * normals[q, 0] + y * normals[q, 1] + z * normals[q, 2])
            pp += weight * square
            n_agreeing += 1
        if total > 1e-3:
            spread = pp - (px * px + py * py + pz * pz) / total
            bend = 0.0
            if spread > 1e-6 * total * local * local:
                bend = 0.5 * (pn - (px * nx + py * ny + pz * nz) / total) / spread
            # beyond the rim of the data all points lie to one side: a plane goes on sanely there, a sphere does not
            aside = (px * px + py * py + pz * pz) / (total * width) ** 2
            bend = min(1.0, max(0.0, 1.5 - aside)) * min(0.5 / local, max(-0.5 / local, bend))
            ux = (nx - 2 * bend * px) / total
            uy = (ny - 2 * bend * py) / total
            uz = (nz - 2 * bend * pz) / total
            height = -(ux * px + uy * py + uz * pz + bend * pp) / total
            limit = MAX_OFFSET * local
            offsets[i] = min(limit, max(-limit, height / max(0.3, np.sqrt(ux * ux + uy * uy + uz * uz))))
            # falls to nothing where the points end, so that the caller can blend
            confidence[i] = min(1.0, max(0.0, SEEN - support)) * min(1.0, n_agreeing / 4.0)
    return offsets, confidence, spacings


@njit(parallel=True, cache=True)
def _find_folds(before: F4, after: F4, faces: I4) -> Bool:
    """Mark the faces whose normals before and after a move differ by more than `FOLD` allows."""
    folded = np.zeros(len(faces), np.bool_)
    for t in prange(len(faces)):
        normal = np.empty((2, 3))
        for state in range(2):
            place = before if state == 0 else after
            a = place[faces[t, 0]]
            b = place[faces[t, 1]]
            c = place[faces[t, 2]]
            ux, uy, uz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
            wx, wy, wz = c[0] - a[0], c[1] - a[1], c[2] - a[2]
            normal[state, 0] = uy * wz - uz * wy
            normal[state, 1] = uz * wx - ux * wz
            normal[state, 2] = ux * wy - uy * wx
        dot = (normal[0] * normal[1]).sum()
        lengths = np.sqrt((normal[0] ** 2).sum() * (normal[1] ** 2).sum())
        folded[t] = dot < FOLD * lengths
    return folded
