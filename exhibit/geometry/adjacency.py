"""Which faces meet at which edges; built by counting sorts, so that no mesh, however odd, makes it slow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from exhibit.geometry.unions import label_components
from exhibit.model.arrays import I4, Bool, read_only


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The edges of a mesh as seen from its faces; edge e of a face joins its corners e and e + 1.

    Parameters
    ----------
    across : (m, 3) int32, the face on the other side where exactly two faces of opposite direction meet, else -1.
    uses : (m, 3) int32, how many faces lie on the edge: 1 at a border, 2 inside, more where it is not manifold.
    """

    across: I4
    uses: I4

    @property
    def is_closed(self) -> bool:
        """Whether every edge joins two faces of one orientation."""
        return bool((self.across >= 0).all())

    @property
    def bad_faces(self) -> Bool:
        """(m,) bool: faces on an edge of more than two faces, or of two that disagree on the outside."""
        bad: Bool = ((self.uses > 2) | ((self.uses == 2) & (self.across < 0))).any(axis=1)
        return bad


def edge_keys(faces: I4) -> npt.NDArray[np.int64]:
    """Return (m, 3) int64: a number per edge, equal for equal edges whatever their direction."""
    if len(faces) == 0:
        return np.empty((0, 3), np.int64)
    a = faces.astype(np.int64)
    b = np.roll(a, -1, axis=1)
    return np.minimum(a, b) * (int(faces.max()) + 1) + np.maximum(a, b)


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a mesh, ordered by their lower vertex, then by their higher one.

    Parameters
    ----------
    of_face : (m, 3) int32, the number of each face's edges.
    first : (e,) int32, the place in ``of_face.ravel()`` of the first face on each edge.
    second : (e,) int32, that of the second face; -1 at a border.
    uses : (e,) int32, how many faces lie on each edge.
    """

    of_face: I4
    first: I4
    second: I4
    uses: I4


def number_edges(faces: I4) -> Edges:
    """Number the edges of faces (m, 3); raises ValueError when a vertex has a negative number."""
    faces = read_only(faces.astype(np.int32, copy=False))
    if len(faces) and faces.min() < 0:
        raise ValueError("a face names a vertex that is not there")
    return Edges(*_number_edges(faces, int(faces.max()) + 1 if len(faces) else 0))


def find_adjacency(faces: I4, edges: Edges | None = None) -> Adjacency:
    """Pair the faces (m, 3) across their edges."""
    edges = edges or number_edges(faces)
    pair = edges.uses == 2
    first, second = edges.first[pair], edges.second[pair]
    # of two faces with one orientation, one walks the edge the other way
    corner = faces.ravel()
    opposite = corner[first] != corner[second]
    first, second = first[opposite], second[opposite]
    across = np.full(faces.size, -1, np.int32)
    across[first], across[second] = second // 3, first // 3
    return Adjacency(across.reshape(-1, 3), edges.uses[edges.of_face])


def label_face_parts(adjacency: Adjacency, joined: Bool | None = None) -> tuple[int, I4]:
    """Label the faces connected across edges.

    Parameters
    ----------
    joined : (m, 3) bool, the edges that count as connections; None means all.

    Returns
    -------
    the number of parts and (m,) int32 labels.
    """
    linked = adjacency.across >= 0
    if joined is not None:
        linked &= joined
    face, edge = np.nonzero(linked)
    return label_components(len(adjacency.across), face, adjacency.across[face, edge])


def compact_mesh(faces: I4) -> tuple[I4, npt.NDArray[np.int64]]:
    """Renumber the vertices that faces use: (m, 3) int32 new faces, and (k,) the old number of each new vertex."""
    is_used = np.zeros(int(faces.max()) + 1 if len(faces) else 0, bool)
    is_used[faces] = True
    number = np.cumsum(is_used) - 1
    return number[faces].astype(np.int32).reshape(-1, 3), np.flatnonzero(is_used)


@njit(cache=True)
def _number_edges(faces: I4, n: int) -> tuple[I4, I4, I4, I4]:
    """Sort the edges by their higher, then stably by their lower vertex, and number the different ones."""
    m = len(faces) * 3
    low = np.empty(m, np.int32)
    high = np.empty(m, np.int32)
    for t in range(len(faces)):
        for e in range(3):
            a = faces[t, e]
            b = faces[t, (e + 1) % 3]
            low[3 * t + e] = min(a, b)
            high[3 * t + e] = max(a, b)
    order = np.arange(m).astype(np.int32)
    for turn in range(2):
        key = high if turn == 0 else low
        place = np.zeros(n + 1, np.int32)
        for i in range(m):
            place[key[i] + 1] += 1
        for v in range(n):
            place[v + 1] += place[v]
        sorted_by_key = np.empty(m, np.int32)
        for i in range(m):
            at = key[order[i]]
            sorted_by_key[place[at]] = order[i]
            place[at] += 1
        order = sorted_by_key
    number = np.empty((len(faces), 3), np.int32)
    first = np.empty(m, np.int32)
    second = np.full(m, -1, np.int32)
    uses = np.zeros(m, np.int32)
    e = -1
    for i in range(m):
        h = order[i]
        if i == 0 or low[h] != low[order[i - 1]] or high[h] != high[order[i - 1]]:
            e += 1
            first[e] = h
        elif uses[e] == 1:
            second[e] = h
        uses[e] += 1
        number[h // 3, h % 3] = e
    return number, first[: e + 1].copy(), second[: e + 1].copy(), uses[: e + 1].copy()
