"""Which faces meet at which edges; built by sorting, so that no mesh, however odd, makes it slow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.unions import label_components
from exhibit.model.arrays import I4, Bool


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


def find_adjacency(faces: I4) -> Adjacency:
    """Pair the faces (m, 3) across their edges."""
    keys = edge_keys(faces).ravel()
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(keys) else np.empty(0, np.int64)
    counts = np.diff(np.r_[starts, len(keys)])
    uses = np.empty(len(keys), np.int32)
    uses[order] = np.repeat(counts, counts)
    pair = starts[counts == 2]
    first, second = order[pair], order[pair + 1]
    # of two faces with one orientation, one walks the edge the other way
    corner = faces.ravel()
    opposite = corner[first] != corner[second]
    first, second = first[opposite], second[opposite]
    across = np.full(len(keys), -1, np.int32)
    across[first], across[second] = second // 3, first // 3
    return Adjacency(across.reshape(-1, 3), uses.reshape(-1, 3))


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
