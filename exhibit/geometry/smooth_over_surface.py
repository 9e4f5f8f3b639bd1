"""Even out noisy values over a surface without knowing its seams: neighbours in space that look the same way."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4
from exhibit.progress import SILENT, Progress


def smooth_over_surface(
    points: F4, normals: F4, values: F4, n_neighbours: int = 16, *, progress: Progress = SILENT
) -> F4:
    """Return values (n,) float32, each the mean of its nearest neighbours', weighted by nearness and by facing.

    Parameters
    ----------
    points, normals : (n, 3) float32, finite.
    values : (n,) float32.

    Notes
    -----
    A bilateral filter (Tomasi & Manduchi 1998) whose second measure is the normal: creases stay. It looks in space
    and not in the atlas, so both sides of a seam get the same.
    """
    if len(points) < 2:
        return values
    near = PointIndex(points).nearest(points, n_neighbours, progress=progress)
    width = near.distances[:, -1:] / 2 + np.float32(1e-30)
    weights = np.exp(-0.5 * (near.distances / width) ** 2)
    total = np.zeros(len(points), np.float32)
    mixed = np.zeros(len(points), np.float32)
    for k in range(near.indices.shape[1]):
        at = near.indices[:, k]
        facing = np.maximum((normals * normals[at]).sum(axis=1), 0) ** 4
        weight = weights[:, k] * facing
        total += weight
        mixed += weight * values[at]
    return np.where(total > 1e-6, mixed / np.maximum(total, np.float32(1e-6)), values)
