"""Closing the holes of a manifold mesh.

Each border loop gets a cap of rings that halve in number towards one middle vertex; its shape is the membrane that a
uniform Laplacian draws (Tutte, 1963; as the first step of Liepa, "Filling holes in meshes", SGP 2003). Every inner edge
has a new vertex, so a cap can never meet the mesh in an edge that exists: what was manifold stays so, and is closed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.border import border_edges
from exhibit.model.arrays import F4, F8, I4

Index = npt.NDArray[np.int64]
_LAST_RING = 6


def find_border_loops(faces: I4) -> list[Index]:
    """Return the closed loops of border vertices of a manifold mesh (m, 3), walked as the faces there walk them."""
    edges = border_edges(faces)
    follower = dict(zip(edges[:, 0].tolist(), edges[:, 1].tolist(), strict=True))
    loops = []
    while follower:
        start, vertex = follower.popitem()
        loop = [start]
        while vertex != start:
            loop.append(vertex)
            vertex = follower.pop(vertex)
        loops.append(np.array(loop, np.int64))
    return loops


def fill_holes(vertices: F4, faces: I4) -> tuple[F4, I4]:
    """Return the mesh with every hole closed; old vertices and faces come first and keep their numbers.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32 of a manifold mesh (see `repair.make_manifold`).
    """
    n = len(vertices)
    caps: list[Index] = []
    guesses: list[F8] = []
    for loop in find_border_loops(faces):
        cap, places = _cap(vertices, loop[::-1], n + sum(map(len, guesses)))
        caps.append(cap)
        guesses.append(places)
    if not caps:
        return vertices, faces
    new_faces = np.concatenate(caps)
    places = np.concatenate([vertices.astype(np.float64), *guesses])
    return _relax(places, new_faces, n).astype(np.float32), np.concatenate([faces, new_faces.astype(np.int32)])


def _cap(vertices: F4, loop: Index, first_new: int) -> tuple[Index, F8]:
    """Return faces (k, 3) over a loop, and first places (v, 3) of its new vertices, numbered from `first_new`."""
    rim = vertices[loop].astype(np.float64)
    middle = rim.mean(axis=0)
    faces, places = [], []
    ring, n_made = loop, 0
    while len(ring) > _LAST_RING:
        n_inner = (len(ring) + 1) // 2
        inner = first_new + n_made + np.arange(n_inner)
        n_made += n_inner
        faces.append(_zip_rings(ring, inner))
        picked = (np.arange(n_inner) * len(rim)) // n_inner
        places.append(middle + n_inner / len(rim) * (rim[picked] - middle))
        ring = inner
    centre = np.full(len(ring), first_new + n_made)
    faces.append(np.stack([ring, np.roll(ring, -1), centre], axis=1))
    places.append(middle[None])
    return np.concatenate(faces), np.concatenate(places)


def _zip_rings(outer: Index, inner: Index) -> Index:
    """Triangles (n + m, 3) between two rings walked the same way, kept in step by their share of the turn."""
    n, m = len(outer), len(inner)
    steps = np.concatenate([(np.arange(n) + 1) / n, (np.arange(m) + 1) / m - 0.5 / m])
    is_outer = np.arange(n + m) < n
    order = np.argsort(steps, kind="stable")
    on_outer = is_outer[order]
    i: Index = np.cumsum(on_outer) - on_outer
    j: Index = np.cumsum(~on_outer) - ~on_outer
    here, there = outer[i % n], inner[j % m]
    tip = np.where(on_outer, outer[(i + 1) % n], inner[(j + 1) % m])
    return np.stack([here, tip, there], axis=1)


def _relax(places: F8, caps: Index, n_fixed: int) -> F8:
    """Move the new vertices (from `n_fixed` on) to the mean of their neighbours, all at once."""
    from scipy.sparse import coo_matrix, diags
    from scipy.sparse.linalg import spsolve

    # an inner edge belongs to two faces and is met once in each direction, so rows are complete
    a, b = caps.ravel(), np.roll(caps, -1, axis=1).ravel()
    rows, columns = np.r_[a, b], np.r_[b, a]
    mine = rows >= n_fixed
    shape = (len(places) - n_fixed, len(places))
    links = coo_matrix((np.ones(int(mine.sum())), (rows[mine] - n_fixed, columns[mine])), shape).tocsr()
    degree = np.asarray(links.sum(axis=1)).ravel()
    system = diags(degree) - links[:, n_fixed:]
    relaxed = places.copy()
    relaxed[n_fixed:] = spsolve(system.tocsc(), links[:, :n_fixed] @ places[:n_fixed])
    return relaxed
