"""The place on another mesh that a place on this one stands for.

A level follows the finest surface only roughly. For each of its points the counterpart is where the normal through it
meets the other mesh, the nearer one of outward and inward, on a face that looks the same way; where the normal meets
none within reach, it is the closest point. Without the test of facing, thin walls would show their back.

Most places are asked for in rows: those are found by walking from one to the next, and only the others by rays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import Hits, RaycastScene
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.follow_lines import follow_lines, starts_of_rows
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.mesh_measures import area_vectors
from exhibit.geometry.vertex_normals import vertex_normals
from exhibit.model.arrays import F4, I4, Bool
from exhibit.progress import SILENT, Progress

_NEAR = 0.05
_SHEETS = 2
"""So many faces that look away are passed before a ray gives up."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Places on the other mesh.

    Parameters
    ----------
    face : (n,) int32; weights : (n, 2) float32 of the face's second and third corner.
    points, normals : (n, 3) float32; smooth normals of unit length.
    is_facing : (n,) bool: the other mesh looks the same way there.
    """

    face: I4
    weights: F4
    points: F4
    normals: F4
    is_facing: Bool


class OtherMesh:
    """A mesh to find counterparts on.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32.
    ignores_facing : for meshes whose faces look anywhere: no test, the nearest place counts.

    Attributes
    ----------
    normals : (n, 3) float32, smooth; `areas` : (m,) float32.
    """

    def __init__(self, vertices: F4, faces: I4, *, ignores_facing: bool = False) -> None:
        self.vertices = vertices
        self.faces = faces
        self.normals = vertex_normals(vertices, faces)
        self.scene = RaycastScene(vertices, faces)
        self._looks = area_vectors(vertices, faces).astype(np.float32)
        self.areas: F4 = np.linalg.norm(self._looks, axis=1) / 2
        self._across = find_adjacency(faces).across
        self._ignores_facing = ignores_facing

    def counterparts(self, points: F4, normals: F4, reach: float, *, progress: Progress = SILENT) -> Counterparts:
        """Find the counterparts of `points` (n, 3) with `normals` (n, 3), along the normal no farther than `reach`.

        It is fastest where each point is close to the one before.
        """
        starts = np.full(len(points), -1, np.int32)
        first = np.flatnonzero(starts_of_rows(points))
        starts[first] = self._ask_rays(points[first], normals[first], reach, progress.part(0.0, 0.2)).face
        face, weights = follow_lines(self.vertices, self.faces, self._across, points, normals, starts, _NEAR * reach)
        others = np.flatnonzero(face < 0)
        if len(others):
            found = self._ask_rays(points[others], normals[others], reach, progress.part(0.2, 1.0))
            face[others], weights[others] = found.face, found.weights
        return self._places(face, weights, normals)

    def _ask_rays(self, points: F4, normals: F4, reach: float, progress: Progress) -> Hits:
        # a ray that starts exactly on a face may miss it, so both start a little on the other side
        step = np.float32(1e-3 * reach)
        found = self._first_facing(points - step * normals, normals, normals, reach, progress.part(0.0, 0.4))
        distance = np.abs(found.distance - step)
        # outward it lies so near that inward is not asked: nothing that looks the same way fits in between
        unsettled = np.flatnonzero(distance > _NEAR * reach)
        if len(unsettled):
            inside, ways = points[unsettled] + step * normals[unsettled], normals[unsettled]
            inward = self._first_facing(inside, -ways, ways, reach, progress.part(0.4, 0.8))
            is_nearer = np.abs(inward.distance - step) < distance[unsettled]
            nearer = unsettled[is_nearer]
            found.face[nearer] = inward.face[is_nearer]
            found.weights[nearer] = inward.weights[is_nearer]
            distance[nearer] = inward.distance[is_nearer]
        missed = np.flatnonzero(~np.isfinite(distance))
        if len(missed):
            closest = self.scene.closest(points[missed], progress=progress.part(0.8, 1.0))
            found.face[missed] = closest.face
            found.weights[missed] = closest.weights
        return found

    def _first_facing(self, origins: F4, directions: F4, normals: F4, reach: float, progress: Progress) -> Hits:
        """Cast rays through faces that look away; what is no hit within reach then has an infinite distance."""
        found = self.scene.cast(origins, directions, progress=progress)
        for _ in range(_SHEETS):
            looks_away = (found.face >= 0) & (found.distance < reach) & ~self._faces(found.face, normals)
            again = np.flatnonzero(looks_away)
            if len(again) == 0:
                break
            past = found.distance[again] + np.float32(1e-3 * reach)
            farther = self.scene.cast(origins[again] + past[:, None] * directions[again], directions[again])
            found.face[again] = farther.face
            found.weights[again] = farther.weights
            found.distance[again] = farther.distance + past
        is_usable = (found.face >= 0) & (found.distance < reach) & self._faces(found.face, normals)
        found.distance[~is_usable] = np.inf
        return found

    def _faces(self, face: I4, normals: F4) -> Bool:
        """Tell whether faces (n,), where not negative, look the way of `normals` (n, 3)."""
        if self._ignores_facing:
            return np.ones(len(face), np.bool_)
        looks: Bool = np.einsum("ij,ij->i", self._looks[np.maximum(face, 0)], normals) > 0
        return looks

    def _places(self, face: I4, weights: F4, normals: F4) -> Counterparts:
        there = interpolate(self.normals, self.faces, face, weights)
        length = np.sqrt(np.einsum("ij,ij->i", there, there))[:, None]
        there /= np.maximum(length, np.float32(1e-6))
        np.copyto(there, normals, where=length <= 1e-6)
        is_facing = np.einsum("ij,ij->i", there, normals) > 0
        return Counterparts(face, weights, interpolate(self.vertices, self.faces, face, weights), there, is_facing)
