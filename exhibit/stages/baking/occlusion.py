"""How much of the open sky above each place the object itself leaves free (ambient occlusion), and a map of it."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.hemisphere import cosine_directions
from exhibit.geometry.pad_texture import nearest_covered, pad_texture
from exhibit.geometry.rasterise import rasterise
from exhibit.geometry.smooth_over_surface import smooth_over_surface
from exhibit.model.arrays import F4, U1
from exhibit.model.surface import Unwrapped
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.counterpart import OtherMesh
from exhibit.stages.baking.paint import place_of

_RAYS_AT_ONCE = 1 << 19
_OFFSET = 1e-3


def bake_occlusion(
    mesh: Unwrapped, finest: OtherMesh, size_px: int, n_rays: int, reach: float, *, progress: Progress = SILENT
) -> U1:
    """Return the occlusion map (size_px, size_px) uint8, 255 = open: the finest surface's shade on a level.

    The floor that the object stands on is not part of it, for a page may hold the object in the air.
    """
    band = rasterise(mesh.uv, mesh.faces, size_px)
    is_covered = band.face >= 0
    points, own = place_of(mesh, band.face[is_covered], band.weights[is_covered])
    there = finest.counterparts(points, own, reach, progress=progress.part(0.0, 0.1))
    normals = np.where(there.is_facing[:, None], there.normals, own)
    offset = _OFFSET * float(np.linalg.norm(np.ptp(mesh.vertices.astype(np.float64), axis=0)))
    free = open_sky(finest.scene, there.points, normals, n_rays, offset, progress=progress.part(0.1, 0.9))
    smooth = smooth_over_surface(there.points, normals, free, progress=progress.part(0.9, 1.0))
    picture = np.full((size_px, size_px), 255, np.uint8)
    picture[is_covered] = np.clip(smooth * 255 + 0.5, 0, 255).astype(np.uint8)
    return pad_texture(picture, nearest_covered(is_covered))


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
