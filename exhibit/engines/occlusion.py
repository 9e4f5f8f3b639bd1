"""How much of the open sky above each place of a surface the object itself leaves free (ambient occlusion)."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.hemisphere import cosine_directions
from exhibit.model.arrays import F4
from exhibit.progress import SILENT, Progress

_RAYS_AT_ONCE = 1 << 19


def open_sky(
    scene: RaycastScene, points: F4, normals: F4, n_rays: int, offset: float, *, progress: Progress = SILENT
) -> F4:
    """Return the cosine-weighted share (n,) float32 of the hemisphere that is free: 1 open, 0 shut in.

    Parameters
    ----------
    points, normals : (n, 3) float32, on the scene's mesh; unit normals.
    n_rays : rays for each point; the standard error of the share is below ``0.5 / sqrt(n_rays)``.
    offset : how far above the surface the rays start, metres: more than the flatness of its faces.
    """
    free = np.ones(len(points), np.float32)
    step = max(1, _RAYS_AT_ONCE // n_rays)
    for start in range(0, len(points), step):
        progress.tick(start / len(points), "casting light")
        rows = slice(start, start + step)
        directions = cosine_directions(normals[rows], n_rays, start)
        origins = np.repeat(points[rows] + np.float32(offset) * normals[rows], n_rays, axis=0)
        met = scene.is_occluded(origins, directions.reshape(-1, 3))
        free[rows] = 1 - met.reshape(-1, n_rays).mean(axis=1)
    progress.tick(1.0)
    return free
