"""Splitting chosen faces into four at their edges' middles, their neighbours into two or three, so that no crack opens.

Red-green refinement (Bank, Sherman and Weiser, 1983).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import edge_keys
from exhibit.model.arrays import F4, I4, Bool

Index = npt.NDArray[np.int64]


def split_faces(vertices: F4, faces: I4, chosen: Bool) -> tuple[F4, I4]:
    """Return vertices and faces with the `chosen` (m,) faces split; old vertices keep their numbers."""
    keys = edge_keys(faces)
    unique, inverse = np.unique(keys, return_inverse=True)
    inverse = inverse.reshape(-1, 3)
    is_split = np.zeros(len(unique), bool)
    is_split[inverse[chosen]] = True
    number = np.full(len(unique), -1, np.int64)
    number[is_split] = len(vertices) + np.arange(int(is_split.sum()))
    base = int(faces.max()) + 1 if len(faces) else 1
    ends = unique[is_split]
    middles = (vertices[ends // base] + vertices[ends % base]) / 2
    middle = number[inverse]
    pieces = [faces[(middle < 0).all(axis=1)].astype(np.int64), *_red(faces, middle), *_green(faces, middle)]
    return np.concatenate([vertices, middles]).astype(np.float32), np.concatenate(pieces).astype(np.int32)


def _red(faces: I4, middle: Index) -> list[Index]:
    whole = (middle >= 0).all(axis=1)
    (a, b, c), (ab, bc, ca) = faces[whole].astype(np.int64).T, middle[whole].T
    return [np.stack(piece, axis=1) for piece in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]


def _green(faces: I4, middle: Index) -> list[Index]:
    """Faces with one or two split edges, turned so that the odd edge comes first."""
    n_split = (middle >= 0).sum(axis=1)
    pieces = []
    for turn in range(3):
        order = [(turn + step) % 3 for step in range(3)]
        corner, mid = faces[:, order].astype(np.int64), middle[:, order]
        one = (n_split == 1) & (mid[:, 0] >= 0)
        (a, b, c), ab = corner[one].T, mid[one, 0]
        pieces += [np.stack(piece, axis=1) for piece in ((a, ab, c), (ab, b, c))]
        two = (n_split == 2) & (mid[:, 0] < 0)
        (a, b, c), bc, ca = corner[two].T, mid[two, 1], mid[two, 2]
        pieces += [np.stack(piece, axis=1) for piece in ((bc, c, ca), (a, b, bc), (a, bc, ca))]
    return pieces
