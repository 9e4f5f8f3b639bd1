"""Open borders: where they run, and smoothing the saw-tooth that trimming leaves."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.adjacency import Adjacency, find_adjacency
from exhibit.model.arrays import F4, I4


def border_edges(faces: I4, adjacency: Adjacency | None = None) -> I4:
    """Return (b, 2) int32: the edges with a face on one side only, in that face's direction."""
    adjacency = adjacency or find_adjacency(faces)
    face, edge = np.nonzero(adjacency.across < 0)
    return np.stack([faces[face, edge], faces[face, (edge + 1) % 3]], axis=1).astype(np.int32)


def smooth_border(vertices: F4, faces: I4, rounds: int = 3) -> F4:
    """Return the vertices with those on borders averaged ALONG their border; the rest stays."""
    edges = border_edges(faces)
    if len(edges) == 0:
        return vertices
    a, b = edges.T
    n = len(vertices)
    simple = np.flatnonzero(np.bincount(edges.ravel(), minlength=n) == 2)
    moved = vertices.copy()
    for _ in range(rounds):
        total = np.stack(
            [np.bincount(np.r_[a, b], weights=np.r_[moved[b, axis], moved[a, axis]], minlength=n) for axis in range(3)],
            axis=1,
        )
        moved[simple] = (0.5 * moved[simple] + 0.25 * total[simple]).astype(np.float32)
    return moved
