"""Moving a mesh that lies near its points to where it fits all of them best: a smoothing spline over the mesh.

A local projection sees a Gaussian's worth of points, smooths relief by that width, and lays the mesh's corners on the
surface, so that its faces are chords. Here the heights of all vertices along their normals are chosen together, by
least squares of the points' distances to the FACES and of the heights' own bending (the discrete thin plate of Kobbelt,
Campagna, Vorsatz and Seidel, "Interactive multi-resolution modeling on arbitrary meshes", SIGGRAPH 1998), as in the
meshes that Hoppe, DeRose, Duchamp, McDonald and Stuetzle optimise ("Mesh optimization", SIGGRAPH 1993). Points far off
for their noise count little (Geman and McClure's weights): they belong to another layer.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from exhibit.geometry.adjacency import Adjacency, find_adjacency, number_edges
from exhibit.geometry.follow_lines import follow_lines, starts_of_rows
from exhibit.geometry.neighbour_means import area_weighted_normals, mean_edge_length
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.project import MAX_STEP, unfold_moves
from exhibit.model.arrays import F4, F8, I4

STIFFNESS = 30.0
"""Weight of bending, over the squared noise in spacings: real scans want 10, smooth balls 100. Choosing it by points
kept back failed: the mesh lies on them already, so that the stiffest always won."""
SOFTEST = 0.02
TENSION = 0.3
"""Weight of heights that differ at all, over that of bending: without it what spans a gap swings beyond its rim."""
REACH = 2.5
"""Median spacings from the mesh up to which points draw it."""
CUT = 10.0
"""Typical distances at which a point counts a quarter: a real scan errs by far more here and there, and is right."""
FACING = 0.5
"""Cosine between a point's and a face's normal below which they belong to different sheets."""
ROUNDS = 2
STEPS = 30
ENOUGH = 1e-3
"""Share of the first residual at which the equations count as solved."""


def fit_to_points(vertices: F4, faces: I4, points: F4, normals: F4, spacing: float, noise: float) -> F4:
    """Return the vertices (n, 3) float32 moved along their normals; no face is turned over.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32, manifold, within a few spacings of the points.
    points, normals : (p, 3) float32; unit normals outward. Faster where points near in memory are near in space.
    spacing : median distance between neighbouring points, unit of the points, > 0.
    noise : standard deviation of the points about the surface, unit of the points.
    """
    edges = number_edges(faces)
    adjacency = find_adjacency(faces, edges)
    stiffness = max(SOFTEST, STIFFNESS * (noise / spacing) ** 2)
    corner = faces.ravel()
    ends = np.stack([corner[edges.first], faces[edges.first // 3, (edges.first + 1) % 3]], axis=1).astype(np.int32)
    for _ in range(ROUNDS):
        face, weights = _place_points(vertices, faces, adjacency, points, normals, REACH * spacing)
        at_corners = area_weighted_normals(vertices, faces)
        away, shares = _measure(vertices, faces, at_corners, points, normals, face, weights)
        is_near = np.isfinite(away)
        if not is_near.any():
            break
        typical = 1.4826 * float(np.median(np.abs(away[is_near])))
        trust = np.where(is_near, (1 + (away / max(CUT * typical, 1e-6 * spacing)) ** 2) ** -2, 0).astype(np.float32)
        own, between, pull = _sum_up(len(vertices), len(ends), faces, edges.of_face, face, shares, away, trust)
        heights = _solve(own, between, pull, ends, stiffness, TENSION * stiffness, STEPS, ENOUGH)
        most = MAX_STEP * mean_edge_length(vertices, faces)
        moved = vertices + at_corners * np.clip(heights, -most, most)[:, None].astype(np.float32)
        vertices = unfold_moves(vertices, moved, faces)
    return vertices


def _place_points(
    vertices: F4, faces: I4, adjacency: Adjacency, points: F4, normals: F4, reach: float
) -> tuple[I4, F4]:
    """Find where the line through each point along its normal meets the mesh: face (p,), -1 where none, and weights."""
    is_start = starts_of_rows(points)
    of_vertex = np.full(len(vertices), -1, np.int32)
    of_vertex[faces.ravel()] = np.repeat(np.arange(len(faces), dtype=np.int32), 3)
    used = np.flatnonzero(of_vertex >= 0)
    index = PointIndex(vertices[used])
    starts = np.full(len(points), -1, np.int32)
    starts[is_start] = of_vertex[used[index.nearest(points[is_start], 1).indices[:, 0]]]
    face, weights = follow_lines(vertices, faces, adjacency.across, points, normals, starts, reach)
    # where a row lost its way each point starts by itself
    lost = np.flatnonzero(face < 0)
    if len(lost):
        begin = of_vertex[used[index.nearest(points[lost], 1).indices[:, 0]]]
        face[lost], weights[lost] = follow_lines(
            vertices, faces, adjacency.across, points[lost], normals[lost], begin, reach
        )
    return face, weights


@njit(cache=True)
def _measure(vertices: F4, faces: I4, at_corners: F4, points: F4, normals: F4, face: I4, weights: F4) -> tuple[F4, F4]:
    """Return each point's distance from its face, along the face's normal (NaN: it counts for nothing), and how far
    that follows the height of each corner."""
    n = len(points)
    away = np.full(n, np.nan, np.float32)
    shares = np.zeros((n, 3), np.float32)
    edge = np.empty((2, 3), np.float64)
    normal = np.empty(3, np.float64)
    for i in range(n):
        t = face[i]
        if t < 0:
            continue
        for axis in range(3):
            edge[0, axis] = np.float64(vertices[faces[t, 1], axis]) - vertices[faces[t, 0], axis]
            edge[1, axis] = np.float64(vertices[faces[t, 2], axis]) - vertices[faces[t, 0], axis]
        normal[0] = edge[0, 1] * edge[1, 2] - edge[0, 2] * edge[1, 1]
        normal[1] = edge[0, 2] * edge[1, 0] - edge[0, 0] * edge[1, 2]
        normal[2] = edge[0, 0] * edge[1, 1] - edge[0, 1] * edge[1, 0]
        length = np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
        if not length > 0:
            continue
        height = facing = 0.0
        for axis in range(3):
            normal[axis] /= length
            height += normal[axis] * (np.float64(points[i, axis]) - vertices[faces[t, 0], axis])
            facing += normal[axis] * normals[i, axis]
        if facing < FACING:
            continue
        away[i] = height
        for k in range(3):
            lift = 0.0
            for axis in range(3):
                lift += normal[axis] * at_corners[faces[t, k], axis]
            share = weights[i, k - 1] if k > 0 else 1 - weights[i, 0] - weights[i, 1]
            shares[i, k] = lift * share
    return away, shares


@njit(cache=True)
def _sum_up(
    n: int, n_edges: int, faces: I4, of_face: I4, face: I4, shares: F4, away: F4, trust: F4
) -> tuple[F8, F8, F8]:
    """Sum the normal equations: their diagonal and right side per vertex (n,), the rest per edge (e,)."""
    own = np.zeros(n, np.float64)
    pull = np.zeros(n, np.float64)
    between = np.zeros(n_edges, np.float64)
    for i in range(len(face)):
        if trust[i] > 0:
            t = face[i]
            for k in range(3):
                v = faces[t, k]
                own[v] += trust[i] * shares[i, k] * shares[i, k]
                pull[v] += trust[i] * shares[i, k] * away[i]
                between[of_face[t, k]] += trust[i] * shares[i, k] * shares[i, (k + 1) % 3]
    return own, between, pull


@njit(cache=True)
def _solve(own: F8, between: F8, pull: F8, ends: I4, stiffness: float, tension: float, steps: int, enough: float) -> F8:
    """Solve by conjugate gradients from zero."""
    n = len(own)
    degree = np.zeros(n, np.float64)
    for e in range(len(ends)):
        degree[ends[e, 0]] += 1
        degree[ends[e, 1]] += 1
    x = np.zeros(n, np.float64)
    left = pull.copy()
    scale = np.empty(n, np.float64)
    step = np.empty(n, np.float64)
    bend = np.empty(n, np.float64)
    image = np.empty(n, np.float64)
    product = 0.0
    for v in range(n):
        degree[v] = max(degree[v], 1.0)
        scale[v] = 1 / (own[v] + stiffness * (degree[v] + 1) + tension * degree[v] + 1e-30)
        step[v] = scale[v] * left[v]
        product += left[v] * step[v]
    first = product
    for _ in range(steps):
        if not product > enough * enough * first:
            break
        # how far each vertex stands off the middle of its neighbours, and the same of that
        for v in range(n):
            bend[v] = degree[v] * step[v]
            image[v] = own[v] * step[v]
        for e in range(len(ends)):
            a, b = ends[e, 0], ends[e, 1]
            bend[a] -= step[b]
            bend[b] -= step[a]
            image[a] += between[e] * step[b]
            image[b] += between[e] * step[a]
        for v in range(n):
            image[v] += tension * bend[v]
            bend[v] *= 6 * stiffness / (degree[v] * degree[v])
            image[v] += degree[v] * bend[v]
        for e in range(len(ends)):
            a, b = ends[e, 0], ends[e, 1]
            image[a] -= bend[b]
            image[b] -= bend[a]
        curve = 0.0
        for v in range(n):
            curve += step[v] * image[v]
        if not curve > 0:
            break
        ahead = product / curve
        before = product
        product = 0.0
        for v in range(n):
            x[v] += ahead * step[v]
            left[v] -= ahead * image[v]
            product += left[v] * left[v] * scale[v]
        for v in range(n):
            step[v] = scale[v] * left[v] + product / before * step[v]
    return x
