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


def smooth_border(vertices: F4, faces: I4, rounds: int = 6) -> F4:
    """Return the vertices with those on borders averaged ALONG their border; the rest stays."""
    edges = border_edges(faces)
    moved = vertices.copy()
    for _ in range(rounds):
        around = moved.copy()
        replace_by_border_means(around, moved, edges)
        moved = 0.5 * moved + 0.5 * around
    return moved


def replace_by_border_means(means: F4, vertices: F4, edges: I4) -> None:
    """Write into `means` (n, 3), for vertices on one border, the middle of their two neighbours along it."""
    n = len(vertices)
    a, b = edges.T
    simple = np.flatnonzero(np.bincount(edges.ravel(), minlength=n) == 2)
    for axis in range(3):
        total = np.bincount(np.r_[a, b], weights=np.r_[vertices[b, axis], vertices[a, axis]], minlength=n)
        means[simple, axis] = total[simple] / 2
