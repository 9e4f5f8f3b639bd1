"""Faces that agree with their neighbours on the outside.

Kruskal's algorithm on disjoint sets that carry a sign, as for normals of points: every edge with exactly two faces says
whether they agree. Each connected piece keeps the orientation that most of its area had.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.adjacency import edge_keys
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.unions import join_signed
from exhibit.model.arrays import F4, I4, Bool


def find_flipped_faces(vertices: F4, faces: I4) -> Bool:
    """Mark (m,) the faces to be turned round; one-sided pieces keep some contradiction.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32, in range.
    """
    keys = edge_keys(faces).ravel()
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    pair = starts[np.diff(np.r_[starts, len(keys)]) == 2]
    first, second = order[pair], order[pair + 1]
    corner = faces.ravel()
    # faces that agree walk their common edge in opposite directions
    agree = np.where(corner[first] != corner[second], 1, -1).astype(np.int8)
    labels, sign = join_signed(len(faces), first // 3, second // 3, agree)
    areas = face_areas(vertices, faces)
    majority = np.bincount(labels, weights=sign * areas, minlength=len(faces))
    flipped: Bool = sign * np.where(majority < 0, -1, 1)[labels] < 0
    return flipped
