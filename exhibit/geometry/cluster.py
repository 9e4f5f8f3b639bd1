"""Fewer triangles whatever the mesh: vertices of one cell become one.

Rossignac and Borrel, "Multi-resolution 3D approximations for rendering complex scenes", 1993. Coarse, but it always
reaches its target: the last resort where edge collapse refuses, because every collapse left would turn a face over.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.repair import Repaired, make_manifold
from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import F4, I4


def cluster_vertices(vertices: F4, faces: I4, max_faces: int) -> Repaired:
    """Return a manifold mesh of at most `max_faces` triangles (at least 4 are needed for one to be left)."""
    low = vertices.min(axis=0)
    extent = float((vertices.max(axis=0) - low).max()) or 1.0
    # a surface crosses about as many cells as the square of their number along a side
    n_cells = max(2.0, max_faces**0.5)
    while True:
        cell = np.floor((vertices - low) / (extent / n_cells)).astype(np.float32)
        fixed = make_manifold(vertices, find_equal_points(cell)[faces].astype(np.int32))
        if len(fixed.faces) <= max_faces or n_cells <= 2:
            return fixed
        n_cells = max(2.0, n_cells * min(0.95, (max_faces / len(fixed.faces)) ** 0.5))
