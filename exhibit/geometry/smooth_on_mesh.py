"""Even out noisy values at the vertices of a mesh, along its edges: creases and true steps stay."""

from __future__ import annotations

from collections.abc import Sequence

import numba as nb
import numpy as np

from exhibit.model.arrays import F4, I4, read_only


def smooth_on_mesh(values: F4, normals: F4, faces: I4, steps: Sequence[float]) -> F4:
    """Return smoothed values (n,) float32.

    Parameters
    ----------
    values : (n,) float32 at the vertices.
    normals : (n, 3) float32, unit; neighbours that look elsewhere count little.
    faces : (m, 3) int32.
    steps : for each round, in which every vertex takes the mean of its neighbours and itself: differences well above
        this are taken for real and stay.

    Notes
    -----
    A bilateral filter (Tomasi & Manduchi 1998) on a mesh: both sides of a thin wall never mix, which a search in space
    cannot promise.
    """
    smooth = np.ascontiguousarray(values, np.float32)
    normals, faces = read_only(normals), read_only(faces)
    for step in steps:
        smooth = _round(smooth, normals, faces, np.float32(1 / step**2))
    return smooth


@nb.njit(cache=True)
def _round(values, normals, faces, sharpness):  # type: ignore[no-untyped-def]  # numba infers
    total = np.ones(len(values), np.float32)
    mixed = values.copy()
    for t in range(len(faces)):
        for corner in range(3):
            a = faces[t, corner]
            b = faces[t, (corner + 1) % 3]
            facing = normals[a, 0] * normals[b, 0] + normals[a, 1] * normals[b, 1] + normals[a, 2] * normals[b, 2]
            if not facing > 0:
                continue
            gap = values[a] - values[b]
            near = np.float32(1) + sharpness * gap * gap
            # each edge inside the mesh comes twice
            weight = np.float32(0.5) * facing**8 / (near * near)
            total[a] += weight
            total[b] += weight
            mixed[a] += weight * values[b]
            mixed[b] += weight * values[a]
    return mixed / total
