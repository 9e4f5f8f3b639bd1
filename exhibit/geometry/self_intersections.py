"""Which triangles of a mesh cut through one another.

Pairs are found by a tree of boxes over the faces in Z-order (Lauterbach et al., "Fast BVH construction on GPUs",
Computer Graphics Forum 28, 2009, without the GPU) and judged by the signs of volumes, as Guigue and Devillers ("Fast
and robust triangle-triangle overlap test using orientation predicates", J. of Graphics Tools 8, 2003). Triangles that
share a vertex or an edge meet there by right; they are counted when they also meet elsewhere: one folded back onto its
neighbour, or cut by the far edge of the other.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from exhibit.geometry.mesh_measures import area_vectors
from exhibit.geometry.morton import morton_order
from exhibit.model.arrays import F4, F8, I4, Bool

_LEAF = 4
_TOLERANCE = 1e-13
"""Of a volume, per cube of the pair's extent: below it float64 cannot tell on which side a vertex lies."""
_ROUNDING = 2.0**-22
"""Of the largest coordinate: what float32 leaves of a flat place lies in one plane to within this."""


def find_self_intersections(vertices: F4, faces: I4) -> Bool:
    """Mark (m,) the faces that cut or touch another one where they share no vertex, or lie upon it.

    Parameters
    ----------
    vertices : (n, 3) float32, finite.
    faces : (m, 3) int32; vertices at one place must be one vertex (`weld`), else every seam is a touch. Faces without
        area take no part.
    """
    met = np.zeros(len(faces), bool)
    doubled = np.linalg.norm(area_vectors(vertices, faces), axis=1)
    solid = np.flatnonzero(doubled > 1e-14 * max(float(doubled.max(initial=0.0)), 1e-300))
    if len(solid) < 2:
        return met
    corners = vertices[faces[solid]]
    order = morton_order(corners.mean(axis=1))
    corners = corners[order].astype(np.float64)
    low, high = corners.min(axis=1), corners.max(axis=1)
    n_leaves = 1 << int(np.ceil(np.log2(max(2, -(-len(order) // _LEAF)))))
    boxes = _box_tree(low, high, n_leaves)
    # coordinates relative to the mesh's middle keep more digits of the volumes
    places = vertices.astype(np.float64) - vertices.mean(axis=0, dtype=np.float64)
    flat = _ROUNDING * float(np.abs(corners).max()) * doubled[solid[order]]
    met[solid[order]] = _find(places, faces[solid[order]], low, high, flat, boxes)
    return met


def _box_tree(low: F8, high: F8, n_leaves: int) -> F8:
    """Return boxes (2 n_leaves, 6): node 1 is the root, node k has the children 2 k and 2 k + 1."""
    boxes = np.empty((2 * n_leaves, 6))
    boxes[:, :3], boxes[:, 3:] = np.inf, -np.inf
    padded = np.full((n_leaves * _LEAF, 6), -np.inf)
    padded[:, :3] = np.inf
    padded[: len(low), :3], padded[: len(high), 3:] = low, high
    grouped = padded.reshape(n_leaves, _LEAF, 6)
    boxes[n_leaves:, :3], boxes[n_leaves:, 3:] = grouped[:, :, :3].min(axis=1), grouped[:, :, 3:].max(axis=1)
    first = n_leaves
    while first > 1:
        children = boxes[first : 2 * first].reshape(first // 2, 2, 6)
        first //= 2
        boxes[first : 2 * first, :3] = children[:, :, :3].min(axis=1)
        boxes[first : 2 * first, 3:] = children[:, :, 3:].max(axis=1)
    return boxes


@njit(cache=True)
def _find(v: F8, faces: I4, low: F8, high: F8, flat: F8, boxes: F8) -> Bool:
    n, n_leaves = len(faces), len(boxes) // 2
    met = np.zeros(n, np.bool_)
    stack = np.empty(64, np.int64)
    for i in range(n):
        top = 1
        stack[0] = 1
        while top > 0:
            top -= 1
            node = stack[top]
            if (
                boxes[node, 0] > high[i, 0] or boxes[node, 1] > high[i, 1] or boxes[node, 2] > high[i, 2]
                or boxes[node, 3] < low[i, 0] or boxes[node, 4] < low[i, 1] or boxes[node, 5] < low[i, 2]
            ):  # fmt: skip
                continue
            if node < n_leaves:
                stack[top] = 2 * node
                stack[top + 1] = 2 * node + 1
                top += 2
                continue
            first = (node - n_leaves) * _LEAF
            # each pair once
            for j in range(max(first, i + 1), min(first + _LEAF, n)):
                if met[i] and met[j]:
                    continue
                apart = False
                widest = 0.0
                for axis in range(3):
                    apart |= low[j, axis] > high[i, axis] or high[j, axis] < low[i, axis]
                    widest = max(widest, max(high[i, axis], high[j, axis]) - min(low[i, axis], low[j, axis]))
                if not apart and _meet(v, faces[i], faces[j], flat[i], flat[j], _TOLERANCE * widest**3):
                    met[i] = True
                    met[j] = True
    return met


@njit(cache=True)
def _volume(v, a, b, c, d):  # type: ignore[no-untyped-def]  # numba infers
    """Six times the signed volume of a tetrahedron: on which side of the plane a, b, c the vertex d lies."""
    ax, ay, az = v[a, 0] - v[d, 0], v[a, 1] - v[d, 1], v[a, 2] - v[d, 2]
    bx, by, bz = v[b, 0] - v[d, 0], v[b, 1] - v[d, 1], v[b, 2] - v[d, 2]
    cx, cy, cz = v[c, 0] - v[d, 0], v[c, 1] - v[d, 1], v[c, 2] - v[d, 2]
    return ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)


@njit(cache=True)
def _meet(v, s, t, s_flat, t_flat, tolerance):  # type: ignore[no-untyped-def]  # numba infers
    n_shared, s_shares, t_shares = 0, 0, 0  # the latter as bits, one for each corner
    for a in range(3):
        for b in range(3):
            if s[a] == t[b]:
                n_shared += 1
                s_shares |= 1 << a
                t_shares |= 1 << b
    if n_shared == 3:
        return True
    # the plane of one, the vertices of the other that are its own: all strictly on one side means apart
    for turn in range(2):
        plane, other, shares, flat = (s, t, t_shares, s_flat) if turn == 0 else (t, s, s_shares, t_flat)
        flat = max(flat, tolerance)
        above, below, on = 0, 0, 0
        for k in range(3):
            if not shares >> k & 1:
                side = _volume(v, plane[0], plane[1], plane[2], other[k])
                above += side > flat
                below += side < -flat
                on += abs(side) <= flat
        if above == 3 - n_shared or below == 3 - n_shared:
            return False
        if on == 3 - n_shared:
            return _overlap_in_plane(v, s, t)
    if n_shared == 2:
        return False
    for k in range(3):
        k1 = (k + 1) % 3
        if not (s_shares >> k | s_shares >> k1) & 1 and _edge_meets(v, s[k], s[k1], t, tolerance):
            return True
        if not (t_shares >> k | t_shares >> k1) & 1 and _edge_meets(v, t[k], t[k1], s, tolerance):
            return True
    return False


@njit(cache=True)
def _edge_meets(v, a, b, t, tolerance):  # type: ignore[no-untyped-def]  # numba infers
    """Tell whether the edge a, b meets the triangle t, whose plane it does not lie in."""
    from_a = _volume(v, t[0], t[1], t[2], a)
    from_b = _volume(v, t[0], t[1], t[2], b)
    if (from_a > tolerance and from_b > tolerance) or (from_a < -tolerance and from_b < -tolerance):
        return False
    if abs(from_a) <= tolerance and abs(from_b) <= tolerance:
        return False  # what crosses an edge in the plane is an edge of the other triangle
    x = _volume(v, a, b, t[0], t[1])
    y = _volume(v, a, b, t[1], t[2])
    z = _volume(v, a, b, t[2], t[0])
    return min(x, y, z) >= -tolerance or max(x, y, z) <= tolerance


@njit(cache=True)
def _overlap_in_plane(v, s, t):  # type: ignore[no-untyped-def]  # numba infers
    """Tell whether two triangles of one plane overlap in more than a line: no edge has the other one all outside."""
    ux, uy, uz = v[s[1], 0] - v[s[0], 0], v[s[1], 1] - v[s[0], 1], v[s[1], 2] - v[s[0], 2]
    wx, wy, wz = v[s[2], 0] - v[s[0], 0], v[s[2], 1] - v[s[0], 1], v[s[2], 2] - v[s[0], 2]
    nx, ny, nz = abs(uy * wz - uz * wy), abs(uz * wx - ux * wz), abs(ux * wy - uy * wx)
    # seen along the axis that the plane faces most
    i, j = (1, 2) if nx >= ny and nx >= nz else ((0, 2) if ny >= nz else (0, 1))
    for turn in range(2):
        p, q = (s, t) if turn == 0 else (t, s)
        for k in range(3):
            a, b, c = p[k], p[(k + 1) % 3], p[(k + 2) % 3]
            ex, ey = v[b, i] - v[a, i], v[b, j] - v[a, j]
            inner = ex * (v[c, j] - v[a, j]) - ey * (v[c, i] - v[a, i])
            reach = -1e300
            for m in range(3):
                side = ex * (v[q[m], j] - v[a, j]) - ey * (v[q[m], i] - v[a, i])
                reach = max(reach, side if inner > 0 else -side)
            if reach <= 1e-9 * abs(inner):
                return False
    return True
