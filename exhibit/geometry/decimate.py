"""Fewer triangles with the least error: quadric edge collapse.

Garland and Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997, by fast-simplification at
aggressiveness 3: eight to ten times faster than Open3D's and MeshLab's at the same error, with clean output (the
library's default, 7, has twice the error). Where it stops above the target it is run again, more boldly.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.cluster import cluster_vertices
from exhibit.geometry.fill_holes import fill_holes
from exhibit.geometry.repair import Repaired, drop_small_parts, make_manifold
from exhibit.model.arrays import F4, I4

AGGRESSIVENESS = 3
MOST_AGGRESSIVE = 9


def decimate_mesh(vertices: F4, faces: I4, max_faces: int) -> tuple[F4, I4]:
    """Return a manifold mesh of at most `max_faces` triangles; the mesh itself if it has no more than that.

    A closed mesh stays closed.
    """
    if len(faces) <= max_faces:
        return vertices, faces
    is_closed = find_adjacency(faces).is_closed
    points, triangles, target = vertices, faces, max_faces
    for aggressiveness in range(AGGRESSIVENESS, MOST_AGGRESSIVE + 1):
        fixed = _tidy(*_collapse(points, triangles, target, aggressiveness))
        points, triangles = fixed.vertices, fixed.faces
        if is_closed:
            points, triangles = fill_holes(points, triangles)
        if len(triangles) <= max_faces:
            return points, triangles
        # it stops early where every collapse left would bend too much: ask for less, and more boldly
        target = int(target * 0.97)
    fixed = cluster_vertices(points, triangles, max_faces)
    return fixed.vertices, fixed.faces


def _collapse(vertices: F4, faces: I4, target: int, aggressiveness: int) -> tuple[F4, I4]:
    import fast_simplification

    # copies, because the library refuses arrays closed against writing
    points, triangles = fast_simplification.simplify(
        np.array(vertices, np.float64), np.array(faces, np.int32), target_count=max(4, target), agg=aggressiveness
    )
    return np.asarray(points, np.float32), np.asarray(triangles, np.int32)


def _tidy(vertices: F4, faces: I4) -> Repaired:
    fixed = make_manifold(vertices, faces)
    keep = drop_small_parts(fixed.vertices, fixed.faces, 1e-4)
    return fixed if keep.all() else make_manifold(fixed.vertices, fixed.faces[keep])
