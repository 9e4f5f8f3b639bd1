"""Values inside triangles from the values at their corners."""

from __future__ import annotations

from exhibit.model.arrays import F4, I4


def interpolate(values: F4, faces: I4, face: I4, weights: F4) -> F4:
    """Interpolate values given at vertices.

    Parameters
    ----------
    values : (n, d) float32 at the vertices.
    faces : (m, 3) int32.
    face : (k,) int32, the face of each point asked for; never negative.
    weights : (k, 2) float32, barycentric weights of the face's second and third corner.

    Returns
    -------
    (k, d) float32.
    """
    corners = faces[face]
    mixed: F4 = (1 - weights[:, 0] - weights[:, 1])[:, None] * values[corners[:, 0]]
    mixed += weights[:, :1] * values[corners[:, 1]]
    mixed += weights[:, 1:] * values[corners[:, 2]]
    return mixed
