"""Edge collapse by quadrics that never tears, joins or folds a mesh.

Garland and Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997, weighted by area, with planes
across open borders; the cheapest edge first, by a queue of buckets, one for each power of two. An edge is collapsed
only where that leaves the topology as it is (the link condition: Dey, Edelsbrunner, Guha and Nekhayev, "Topology
preserving edge contraction", 1999), turns no face over and makes neither sliver nor fold.

Vertices stay where the quadrics put them: moved to the nearest place of the finest surface they are 40 to 60 % further
from it, since facets then lie inside of every bulge. Colours do not weigh in: they come from a texture that is baked on
the level itself, and so are as sharp on few triangles as on many.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from exhibit.geometry.adjacency import compact_mesh, number_edges
from exhibit.geometry.quadrics import corner_normal, cost_of_joining, face_normal, quadrics_of
from exhibit.model.arrays import F4, F8, I4

TURN = 0.2
"""Cosine of the angle that a collapse may turn a face by."""
FOLD = -0.8
"""Cosine between the normals of neighbours that a collapse may not go below: 37 degrees is the sharpest edge."""
THIN = 0.03
"""Twice the area over the square of the longest edge that a collapse may make a face of; 0.87 is equilateral."""
SHARE = 0.7
"""Of the faces that are left when the quadrics are made anew from the mesh as it is: those that have gathered many
planes, far apart, keep vertices from where the surface is. Measured on a stone lion, 428,608 to 3,000 triangles: RMS
.063 % of the diagonal with one set of quadrics, .055 with this, .053 at .9, which takes twice as long."""
_N_BUCKETS = 256
_MOST_FACES = 48
"""At one vertex after a collapse."""


def collapse_edges(vertices: F4, faces: I4, target: int) -> tuple[F4, I4]:
    """Collapse edges until `target` faces are left, or no edge that may be.

    Parameters
    ----------
    vertices : (n, 3) float32, finite.
    faces : (m, 3) int32 of a manifold mesh (see `repair.make_manifold`).
    target : faces wanted; a closed mesh may end one below it.

    Returns
    -------
    Vertices (k, 3) float32 and faces (l, 3) int32, manifold, closed where it was closed.
    """
    if len(faces) <= target:
        return vertices, faces
    low, high = vertices.min(axis=0).astype(np.float64), vertices.max(axis=0).astype(np.float64)
    middle, extent = (low + high) / 2, float((high - low).max()) or 1.0
    places, left = (vertices - middle) / extent, np.array(faces, np.int32)
    n_before = 0
    while len(left) > target and len(left) != n_before:
        n_before = len(left)
        edges = number_edges(left)
        _run(places, left, edges.first, edges.second, edges.uses, max(target, int(SHARE * n_before)))
        left, used = compact_mesh(left[left[:, 0] >= 0])
        places = places[used]
    return (places * extent + middle).astype(np.float32), left


@njit(cache=True)
def _run(p: F8, faces: I4, edge_first: I4, edge_second: I4, edge_uses: I4, target: int) -> None:
    """Collapse in place: `p` moves, dead faces get corners -1."""
    n, m = len(p), len(faces)
    q, is_border = quadrics_of(p, faces, edge_first, edge_uses)
    is_folded = _folded_vertices(p, faces, edge_first, edge_second, edge_uses)
    # the corners of a vertex as a chain
    first = np.full(n, -1, np.int32)
    after = np.empty(3 * m, np.int32)
    for c in range(3 * m - 1, -1, -1):
        after[c] = first[faces[c // 3, c % 3]]
        first[faces[c // 3, c % 3]] = c
    version = np.zeros(n, np.int32)
    mark = np.full(n, -1, np.int64)
    near = np.empty(2 * _MOST_FACES, np.int32)
    place = np.empty(3)
    fan = np.empty((_MOST_FACES, 5))  # normal and outer corners of the faces that stay
    queue = np.empty((3 * len(edge_first) + 64, 4), np.int32)  # two vertices, their versions' sum, the next entry
    ends = np.empty((_N_BUCKETS, 2), np.int32)  # first and last entry of each bucket
    state = np.empty(3, np.int64)  # lowest bucket, entries ever used, first of those free again
    n_left, tag = m, np.int64(0)
    while n_left > target:
        n_before = n_left
        ends[:] = -1
        state[0], state[1], state[2] = 0, 0, -1
        # all edges; again where the queue was full, or edges were refused while their surroundings were others
        for t in range(m):
            for k in range(3):
                a, b = faces[t, k], faces[t, (k + 1) % 3]
                if a >= 0 and (a < b or (is_border[a] and is_border[b])):
                    _offer(q, p, version, a, b, place, queue, ends, state)
        while n_left > target and state[1] < len(queue) - len(near):
            i = _take(queue, ends, state)
            if i < 0:
                break
            a, b = queue[i, 0], queue[i, 1]
            if version[a] + version[b] != queue[i, 2]:
                continue
            cost_of_joining(q, p, a, b, place)
            tag += 2
            n_lost = _may_collapse(p, faces, first, after, is_border, is_folded, mark, tag, a, b, place, fan)
            if n_lost == 0:
                continue
            n_left -= n_lost
            _join(p, faces, first, after, a, b, place)
            for j in range(10):
                q[a, j] += q[b, j]
            is_border[a] |= is_border[b]
            is_folded[a] |= is_folded[b]
            version[a] += 1
            version[b] = 1 << 29
            tag += 2
            n_near = 0
            c = first[a]
            while c >= 0:
                for k in range(1, 3):
                    w = faces[c // 3, (c + k) % 3]
                    if mark[w] != tag:
                        mark[w] = tag
                        near[n_near] = w
                        n_near += 1
                c = after[c]
            for j in range(n_near):
                _offer(q, p, version, a, near[j], place, queue, ends, state)
        if n_left == n_before:
            break


@njit(cache=True)
def _offer(q, p, version, a, b, place, queue, ends, state):  # type: ignore[no-untyped-def]  # numba infers
    """Put an edge at the end of the bucket of its cost, by the exponent.

    Inside a bucket neighbours follow one another, which a processor's cache likes: a third faster than 32 buckets for
    each power of two, and two per cent less true.
    """
    cost = cost_of_joining(q, p, a, b, place)
    key = 0
    if cost > 1e-60:
        key = min(_N_BUCKETS - 1, max(0, math.frexp(cost)[1] + 200))
    i = state[2]
    if i >= 0:
        state[2] = queue[i, 3]
    else:
        i = state[1]
        state[1] += 1
    queue[i, 0], queue[i, 1], queue[i, 2], queue[i, 3] = a, b, version[a] + version[b], -1
    if ends[key, 0] < 0:
        ends[key, 0] = i
    else:
        queue[ends[key, 1], 3] = i
    ends[key, 1] = i
    state[0] = min(state[0], key)


@njit(cache=True)
def _take(queue, ends, state):  # type: ignore[no-untyped-def]  # numba infers
    """Take the first entry of the lowest bucket; -1 where all are empty."""
    key = state[0]
    while key < _N_BUCKETS and ends[key, 0] < 0:
        key += 1
    state[0] = key
    if key == _N_BUCKETS:
        return -1
    i = ends[key, 0]
    ends[key, 0] = queue[i, 3]
    queue[i, 3] = state[2]
    state[2] = i
    return i


@njit(cache=True)
def _folded_vertices(p, faces, edge_first, edge_second, edge_uses):  # type: ignore[no-untyped-def]  # numba infers
    is_folded = np.zeros(len(p), np.bool_)
    for e in range(len(edge_first)):
        if edge_uses[e] != 2:
            continue
        s, t = edge_first[e] // 3, edge_second[e] // 3
        x, y, z = face_normal(p, faces, s)
        u, v, w = face_normal(p, faces, t)
        if x * u + y * v + z * w < FOLD * np.sqrt((x * x + y * y + z * z) * (u * u + v * v + w * w)):
            for k in range(3):
                is_folded[faces[s, k]] = is_folded[faces[t, k]] = True
    return is_folded


@njit(cache=True)
def _may_collapse(  # type: ignore[no-untyped-def]  # numba infers
    p, faces, first, after, is_border, is_folded, mark, tag, a, b, place, fan
):
    """Return how many faces go when a and b meet in `place`; 0 where they must not."""
    # what is folded already may be turned over
    most = -2.0 if is_folded[a] or is_folded[b] else TURN
    n_lost, n_common, n_fan = 0, 0, 0
    for turn in range(2):
        here, there = (a, b) if turn == 0 else (b, a)
        c = first[here]
        while c >= 0:
            t = c // 3
            v, w = faces[t, (c + 1) % 3], faces[t, (c + 2) % 3]
            if v == there or w == there:
                n_lost += 1 - turn
            elif n_fan == _MOST_FACES or not _stays(p, here, v, w, place, most, fan[n_fan]):
                return 0
            else:
                n_fan += 1
            for s in (v, w):
                if turn == 0:
                    mark[s] = tag
                elif mark[s] == tag:
                    mark[s] = tag + 1
                    n_common += 1
            c = after[c]
        # tell an inner edge between two borders early
        if turn == 0 and (n_lost == 0 or (n_lost == 2 and is_border[a] and is_border[b])):
            return 0
    # both may be next to the corners of the faces that go, and to no others
    if n_common != n_lost or n_fan < (1 if is_border[a] or is_border[b] else 3):
        return 0
    return 0 if most == TURN and _folds(p, faces, first, after, a, b, fan, n_fan) else n_lost


@njit(cache=True)
def _stays(p, moved, v, w, place, turn, side):  # type: ignore[no-untyped-def]  # numba infers
    """Whether a face keeps its side and some width when its vertex `moved` goes to `place`; `side` gets its normal."""
    x, y, z = place[0], place[1], place[2]
    ox, oy, oz = corner_normal(p, v, w, p[moved, 0], p[moved, 1], p[moved, 2])
    nx, ny, nz = corner_normal(p, v, w, x, y, z)
    square = nx * nx + ny * ny + nz * nz
    before = ox * ox + oy * oy + oz * oz
    if before > 0.0 and ox * nx + oy * ny + oz * nz < turn * np.sqrt(square * before):
        return False
    to_v = (p[v, 0] - x) ** 2 + (p[v, 1] - y) ** 2 + (p[v, 2] - z) ** 2
    to_w = (p[w, 0] - x) ** 2 + (p[w, 1] - y) ** 2 + (p[w, 2] - z) ** 2
    between = (p[v, 0] - p[w, 0]) ** 2 + (p[v, 1] - p[w, 1]) ** 2 + (p[v, 2] - p[w, 2]) ** 2
    if not square > (THIN * max(between, to_v, to_w)) ** 2:
        return False
    length = np.sqrt(square)
    side[0], side[1], side[2], side[3], side[4] = nx / length, ny / length, nz / length, v, w
    return True


@njit(cache=True)
def _folds(p, faces, first, after, a, b, fan, n_fan):  # type: ignore[no-untyped-def]  # numba infers
    """Whether a face of the fan to be would lie folded on another or on the face beyond its outer edge."""
    for i in range(n_fan):
        nx, ny, nz, v, w = fan[i, 0], fan[i, 1], fan[i, 2], int(fan[i, 3]), int(fan[i, 4])
        for j in range(i):
            if (fan[j, 3] == w or fan[j, 4] == v) and fan[j, 0] * nx + fan[j, 1] * ny + fan[j, 2] * nz < FOLD:
                return True
        c = first[v]
        while c >= 0:
            t = c // 3
            # the other side walks the edge from w to v
            s = faces[t, (c + 1) % 3]
            if faces[t, (c + 2) % 3] == w and s != a and s != b:
                mx, my, mz = corner_normal(p, w, v, p[s, 0], p[s, 1], p[s, 2])
                if mx * nx + my * ny + mz * nz < FOLD * np.sqrt(mx * mx + my * my + mz * mz):
                    return True
            c = after[c]
    return False


@njit(cache=True)
def _join(p, faces, first, after, a, b, place):  # type: ignore[no-untyped-def]  # numba infers
    """Move a to `place`, give it b's faces and unlink those that both had."""
    c, last = first[a], -1
    first[a] = -1
    for turn in range(2):
        while c >= 0:
            following = after[c]
            t = c // 3
            v, w = faces[t, (c + 1) % 3], faces[t, (c + 2) % 3]
            other = b if turn == 0 else a
            if v == other or w == other:
                # both walk over it; the third corner's chain is mended the second time
                if turn == 1:
                    third = w if v == other else v
                    k = (c + 2) % 3 if v == other else (c + 1) % 3
                    _unlink(first, after, third, 3 * t + k)
                    faces[t, 0] = faces[t, 1] = faces[t, 2] = -1
            else:
                faces[t, c % 3] = a
                after[c] = -1
                if last < 0:
                    first[a] = c
                else:
                    after[last] = c
                last = c
            c = following
        c = first[b]
        # the first turn is over: now the corners of b
    first[b] = -1
    for axis in range(3):
        p[a, axis] = place[axis]


@njit(cache=True)
def _unlink(first, after, v, corner):  # type: ignore[no-untyped-def]  # numba infers
    c = first[v]
    if c == corner:
        first[v] = after[c]
        return
    while after[c] != corner:
        c = after[c]
    after[c] = after[corner]
