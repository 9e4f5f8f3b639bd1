"""The faults of a mesh as such: what keeps it from being printed, simulated, or shown without tears."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.adjacency import find_adjacency, label_face_parts, number_edges
from exhibit.geometry.holes import find_holes
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.self_intersections import find_self_intersections
from exhibit.model.arrays import F4, I4
from exhibit.model.comparison import Hole, Soundness

_N_HOLES = 10


def judge_mesh(vertices: F4, faces: I4) -> Soundness:
    """Count the faults of a mesh (n, 3) float32 in metres, (m, 3) int32, whose vertices at one place are one."""
    areas, n_all = face_areas(vertices, faces), len(faces)
    # what fell together to a line or a point is nothing, and its neighbours meet in its stead
    faces = faces[(faces != np.roll(faces, 1, axis=1)).all(axis=1)]
    edges = number_edges(faces)
    adjacency = find_adjacency(faces, edges)
    holes = find_holes(vertices, faces, edges)
    largest = [
        Hole(float(length) * 1000, float(width) * 1000)
        for length, width in zip(holes.lengths[:_N_HOLES], holes.widths[:_N_HOLES], strict=True)
    ]
    # of a pair that disagrees both faces know of the edge
    n_flipped = int(((adjacency.uses == 2) & (adjacency.across < 0)).sum()) // 2
    return Soundness(
        n_triangles=n_all,
        n_vertices=len(np.unique(faces)),
        n_pieces=label_face_parts(adjacency)[0],
        is_watertight=adjacency.is_closed,
        n_holes=len(holes.widths),
        holes=tuple(largest),
        n_non_manifold_edges=int((edges.uses > 2).sum()),
        n_flipped_edges=n_flipped,
        n_self_intersecting=int(find_self_intersections(vertices, faces).sum()),
        n_degenerate=int((areas <= 1e-14 * max(float(areas.max(initial=0.0)), 1e-300)).sum()),
    )
