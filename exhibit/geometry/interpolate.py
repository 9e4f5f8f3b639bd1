"""Values inside triangles from the values at their corners."""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.model.arrays import F4, I4, read_only


def interpolate(values: F4, faces: I4, face: I4, weights: F4) -> F4:
    """Interpolate values given at vertices.

    Parameters
    ----------
    values : (n, d) float32 at the vertices.
    faces : (m, 3) int32 into `values`.
    face : (k,) int32, the face of each point asked for.
    weights : (k, 2) float32, barycentric weights of the face's second and third corner.

    Returns
    -------
    (k, d) float32.

    Raises
    ------
    IndexError
        A face or a vertex that is not there.
    """
    mixed = np.empty((len(face), values.shape[1]), np.float32)
    if len(face) == 0:
        return mixed
    if face.min() < 0 or face.max() >= len(faces) or faces.min() < 0 or faces.max() >= len(values):
        raise IndexError("interpolation in a face that is not there")
    values, weights = values.astype(np.float32, copy=False), weights.astype(np.float32, copy=False)
    _interpolate(read_only(values), read_only(faces), read_only(face), read_only(weights), mixed)
    return mixed


@nb.njit(parallel=True, cache=True)
def _interpolate(values, faces, face, weights, mixed):  # type: ignore[no-untyped-def]  # numba infers
    for i in nb.prange(len(face)):
        a = faces[face[i], 0]
        b = faces[face[i], 1]
        c = faces[face[i], 2]
        first = np.float32(1) - weights[i, 0] - weights[i, 1]
        for d in range(values.shape[1]):
            mixed[i, d] = first * values[a, d] + weights[i, 0] * values[b, d] + weights[i, 1] * values[c, d]
