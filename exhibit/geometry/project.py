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

from exhibit.geometry.adjacency import compact_mesh
from exhibit.geometry.border import border_edges, replace_by_border_means
from exhibit.geometry.mesh_measures import face_centres
from exhibit.geometry.near_points import PointTable, step_down
from exhibit.geometry.neighbour_means import area_weighted_normals, mean_edge_length, mean_of_neighbours
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
N_RINGS = 2
"""Rings of faces around a part that is projected alone, so that it sees its surroundings."""


@dataclass(frozen=True, slots=True)
class PointSurface:
    """Oriented points as the truth to project on.

    Parameters
    ----------
    normals : (p, 3) float32, of the points.
    table : the points and their neighbours.
    kernel : width of the Gaussian in local spacings: 0.7 for clean points, 1.4 for noise of 0.3 spacings.
    """

    normals: F4
    table: PointTable
    kernel: float

    def offsets(self, places: F4, normals: F4, nearest: I4) -> tuple[F4, F4, F4]:
        """Measure how far places are from the points' surface.

        Parameters
        ----------
        places, normals : (n, 3) float32.
        nearest : (n,) int32, a point near each place; the nearest one is written into it.

        Returns
        -------
        (n,) float32 signed offset, confidence 0 to 1 in it, and local spacing.
        """
        table = self.table
        return _mls_offsets(
            places, normals, nearest, table.index.points, self.normals, table.spacing, table.around, self.kernel
        )


def project_vertices(vertices: F4, faces: I4, surface: PointSurface, nearest: I4, rounds: int = 1) -> F4:
    """Return the vertices (n, 3) moved onto the points' surface; `nearest` (n,) int32 follows them.

    Where no points are, vertices follow their neighbours and are smoothed; no face is turned over.
    """
    border = border_edges(faces)
    for _ in range(rounds):
        normals = area_weighted_normals(vertices, faces)
        own, confidence, spacing = surface.offsets(vertices, normals, nearest)
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


def project_around(vertices: F4, faces: I4, surface: PointSurface, nearest: I4, chosen: Bool) -> F4:
    """Return the vertices (n, 3), those of the `chosen` (m,) faces projected, all others where they are."""
    free = np.zeros(len(vertices), bool)
    free[faces[chosen]] = True
    region = free.copy()
    for _ in range(N_RINGS):
        region[faces[region[faces].any(axis=1)]] = True
    part, used = compact_mesh(faces[region[faces].all(axis=1)])
    near = nearest[used]
    moved = project_vertices(vertices[used], part, surface, near, 3)
    # what is held while its neighbours move must not be folded by them
    moved = unfold_moves(vertices[used], np.where(free[used, None], moved, vertices[used]), part)
    nearest[used] = near
    result = vertices.copy()
    result[used] = moved
    return result


def unfold_moves(vertices: F4, moved: F4, faces: I4, rounds: int = 12) -> F4:
    """Return `moved` vertices (n, 3), but with those taken back that turn a face by more than about 75 degrees."""
    moved = moved.copy()
    _take_back_folds(vertices, moved, faces, rounds)
    return moved


def find_coarse_faces(vertices: F4, faces: I4, surface: PointSurface, nearest: I4, tolerance: float) -> Bool:
    """Mark (m,) the faces whose centre lies off the points' surface by more than `tolerance` local spacings."""
    normals, _ = face_normals(vertices, faces)
    # the walk to the centre begins at the point nearest to a corner
    offset, confidence, spacing = surface.offsets(face_centres(vertices, faces), normals, nearest[faces[:, 0]])
    coarse: Bool = np.abs(offset) * confidence > tolerance * spacing
    return coarse


@njit(parallel=True, cache=True)
def _mls_offsets(
    places: F4, place_normals: F4, nearest: I4, points: F4, normals: F4, spacing: F4, around: I4, kernel: float
) -> tuple[F4, F4, F4]:
    n, k = len(places), around.shape[1]
    offsets = np.zeros(n, np.float32)
    confidence = np.zeros(n, np.float32)
    spacings = np.empty(n, np.float32)
    for i in prange(n):
        here, least = step_down(places, i, nearest[i], points, around)
        nearest[i] = here
        local = spacing[here]
        spacings[i] = local
        support = np.sqrt(least) / local
        if support >= SEEN:
            continue
        # at least the fourth nearest point must count
        a = b = c = d = np.float32(np.inf)
        for j in range(k):
            q = around[here, j]
            square = np.float32(0)
            for axis in range(3):
                square += (points[q, axis] - places[i, axis]) ** 2
            if square < d:
                d = square
                if d < c:
                    c, d = d, c
                if c < b:
                    b, c = c, b
                if b < a:
                    a, b = b, a
        width = max(local * kernel, np.sqrt(d if k > 3 else a) * 0.6)
        fall = 1 / (2 * width * width)
        total = px = py = pz = nx = ny = nz = pn = pp = 0.0
        n_agreeing = 0
        for j in range(k):
            q = around[here, j]
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
            confidence[i] = min(1.0, SEEN - support) * min(1.0, n_agreeing / 4.0)
    return offsets, confidence, spacings


@njit(cache=True)
def _take_back_folds(before: F4, moved: F4, faces: I4, rounds: int) -> None:
    """Put vertices back in `moved` whose move turns the normal of a face by more than `FOLD` allows."""
    is_new = np.ones(len(before), np.bool_)
    for _ in range(rounds):
        back = np.zeros(len(before), np.bool_)
        n_folded = 0
        for t in range(len(faces)):
            a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
            if not (is_new[a] or is_new[b] or is_new[c]):
                continue
            ux, uy, uz = _normal(before, a, b, c)
            wx, wy, wz = _normal(moved, a, b, c)
            lengths = np.sqrt((ux * ux + uy * uy + uz * uz) * (wx * wx + wy * wy + wz * wz))
            if ux * wx + uy * wy + uz * wz < FOLD * lengths:
                back[a] = back[b] = back[c] = True
                n_folded += 1
        if n_folded == 0:
            break
        for v in range(len(before)):
            if back[v]:
                for axis in range(3):
                    moved[v, axis] = before[v, axis]
        is_new = back


@njit(inline="always")
def _normal(places: F4, a: int, b: int, c: int) -> tuple[float, float, float]:
    x, y, z = np.float64(places[a, 0]), np.float64(places[a, 1]), np.float64(places[a, 2])
    ux, uy, uz = places[b, 0] - x, places[b, 1] - y, places[b, 2] - z
    wx, wy, wz = places[c, 0] - x, places[c, 1] - y, places[c, 2] - z
    return uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx
