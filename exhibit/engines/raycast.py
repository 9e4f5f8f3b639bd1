"""Rays and closest points against one triangle mesh: Open3D's RaycastingScene (Intel Embree), typed and in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from exhibit.model.arrays import F4, I4, Bool
from exhibit.progress import SILENT, Progress

_CHUNK = 1 << 19
_NO_FACE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Hits:
    """Where rays met the mesh, or which of its points are closest.

    Parameters
    ----------
    face : (n,) int32; -1 where a ray met nothing.
    weights : (n, 2) float32, barycentric weights of the face's second and third corner.
    distance : (n,) float32: along the ray in units of its direction's length (inf for a miss), or to the closest point.
    """

    face: I4
    weights: F4
    distance: F4


class RaycastScene:
    """A mesh to shoot at.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32, m >= 1.

    Notes
    -----
    The answers to equal questions were equal, bit for bit, over processes and thread counts (tests/engines).
    """

    def __init__(self, vertices: F4, faces: I4) -> None:
        if len(faces) == 0:
            raise ValueError("a scene of no faces")
        open3d: Any = import_module("open3d")
        self._tensor = open3d.core.Tensor
        self._scene = open3d.t.geometry.RaycastingScene()
        # a vertex that is not finite would spoil the whole tree
        sound = np.where(np.isfinite(vertices), vertices, np.float32(0))
        self._scene.add_triangles(
            self._tensor(np.ascontiguousarray(sound, np.float32)), self._tensor(np.ascontiguousarray(faces, np.uint32))
        )

    def cast(self, origins: F4, directions: F4, *, progress: Progress = SILENT) -> Hits:
        """Find the first face each ray meets. `origins`, `directions` : (n, 3) float32."""
        found = Hits(
            np.full(len(origins), -1, np.int32),
            np.zeros((len(origins), 2), np.float32),
            np.full(len(origins), np.inf, np.float32),
        )
        for rows in _chunks(len(origins), progress):
            answer = self._scene.cast_rays(self._rays(origins[rows], directions[rows]))
            face = answer["primitive_ids"].numpy()
            found.face[rows] = np.where(face == _NO_FACE, np.uint32(0), face).astype(np.int32)
            found.face[rows][face == _NO_FACE] = -1
            found.weights[rows] = answer["primitive_uvs"].numpy()
            found.distance[rows] = answer["t_hit"].numpy()
        return found

    def is_occluded(
        self, origins: F4, directions: F4, *, farthest: float = np.inf, progress: Progress = SILENT
    ) -> Bool:
        """Tell for each ray whether it meets anything nearer than `farthest` (units of its direction's length)."""
        met = np.zeros(len(origins), np.bool_)
        for rows in _chunks(len(origins), progress):
            rays = self._rays(origins[rows], directions[rows])
            met[rows] = self._scene.test_occlusions(rays, tfar=farthest).numpy()
        return met

    def is_shaded(self, rays: F4) -> Bool:
        """Tell for each of `rays` (n, 6) float32, origin and direction, whether it meets anything at all."""
        met: Bool = self._scene.test_occlusions(self._tensor(rays)).numpy()
        return met

    def closest(self, points: F4, *, progress: Progress = SILENT) -> Hits:
        """Find the closest point of the mesh to each of `points` (n, 3) float32, finite."""
        found = Hits(
            np.zeros(len(points), np.int32), np.zeros((len(points), 2), np.float32), np.zeros(len(points), np.float32)
        )
        for rows in _chunks(len(points), progress):
            asked = np.ascontiguousarray(points[rows], np.float32)
            answer = self._scene.compute_closest_points(self._tensor(asked))
            found.face[rows] = answer["primitive_ids"].numpy().astype(np.int32)
            found.weights[rows] = answer["primitive_uvs"].numpy()
            found.distance[rows] = np.linalg.norm(answer["points"].numpy() - asked, axis=1)
        return found

    def _rays(self, origins: F4, directions: F4) -> Any:
        return self._tensor(np.concatenate([origins, directions], axis=1).astype(np.float32, copy=False))


def _chunks(n: int, progress: Progress) -> Iterator[slice]:
    for start in range(0, n, _CHUNK):
        progress.tick(start / n)
        yield slice(start, start + _CHUNK)
    progress.tick(1.0)
