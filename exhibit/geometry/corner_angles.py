"""Angles at the corners of triangles: weights under which normals do not depend on the triangulation."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, F8, I4


def corner_angles(vertices: F4, faces: I4) -> F8:
    """Return (m, 3) float64: the angle of each face at each of its corners, radians; 0 where an edge has no length."""
    corners = vertices[faces].astype(np.float64)
    to_next = np.roll(corners, -1, axis=1) - corners
    to_previous = np.roll(corners, 1, axis=1) - corners
    across = np.linalg.norm(np.cross(to_next, to_previous), axis=2)
    along = (to_next * to_previous).sum(axis=2)
    # atan2 is exact for needles, where arccos of a rounded cosine is not; atan2(0, 0) is 0
    angles: F8 = np.arctan2(across, along)
    angles[(np.abs(to_next).max(axis=2) == 0) | (np.abs(to_previous).max(axis=2) == 0)] = 0.0
    return angles
