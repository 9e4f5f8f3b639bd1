"""A relic standing in a room, in the light that all relics have: see `exhibit.stages.portraying`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.geometry.hemisphere import cone_directions, cosine_directions
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_texture import sample_texture
from exhibit.geometry.shade import Finish, Lights, shade
from exhibit.model.arrays import F4, F8, I4
from exhibit.model.cloud import SourceMesh
from exhibit.model.room import Point
from exhibit.stages.portraying.surroundings import Reflections, Surroundings

_LIGHT = 1.4
"""As strong as the room's script has it."""
_ROWS = 32
_LAMP_DEG = 6.0
_LAMP_RAYS, _NEAR_RAYS = 2, 4
_NEAR = 0.4
"""In sizes of the relic: what is nearer takes light from all around away."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A relic's model in the room.

    Parameters
    ----------
    mesh : metres, base centre at the origin. finish : how it meets light.
    position, turn_deg : where its base centre stands, metres, and the model's turn about +Y.
    faces_deg : where its front faces, 0 is +Z: its lamp hangs before that.
    """

    mesh: SourceMesh
    finish: Finish
    position: Point
    turn_deg: float
    faces_deg: float


def coarse(surroundings: Surroundings) -> Surroundings:
    """Return the light in as little detail as a relic shows that is a hundred pixels high: much sooner smoothed."""
    height, width = surroundings.rest.shape[:2]
    step = max(step for step in range(1, max(height // _ROWS, 1) + 1) if height % step == 0)
    blocks = surroundings.rest.reshape(height // step, step, width // step, step, 3)
    return Surroundings(surroundings.toward, surroundings.power, blocks.mean(axis=(1, 3), dtype=np.float32))


class Standing:
    """A relic for rays."""

    def __init__(self, shown: Shown, surroundings: Surroundings) -> None:
        mesh = shown.mesh
        self.faces = mesh.faces
        self.vertices: F4 = (
            (mesh.vertices.astype(np.float64) + mesh.origin) @ _turn(shown.turn_deg).T + np.array(shown.position)
        ).astype(np.float32)
        self._mesh, self._finish, self._lamps = mesh, shown.finish, surroundings
        self._normals = None if mesh.normals is None else (mesh.normals @ _turn(shown.turn_deg).T).astype(np.float32)
        self._own = _turn(shown.faces_deg).T.astype(np.float32)
        self._reflections = Reflections(surroundings, shown.finish)
        self._size = float(np.linalg.norm(np.ptp(self.vertices, axis=0))) if len(self.vertices) else 1.0

    def light(self, scene: RaycastScene, face: I4, weights: F4, directions: F4, first: int) -> F4:
        """Return the light (n, 3) that places of faces send back along rays (n, 3) of the eye.

        Parameters
        ----------
        scene : all that may stand in the light's way. first : number of the first place, for patterns of rays.
        """
        corners = self.vertices[self.faces[face]]
        flat = _unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
        normals = flat
        if self._normals is not None:
            normals = _unit(interpolate(self._normals, self.faces, face, weights))
        side = np.where((flat * directions).sum(axis=1) > 0, np.float32(-1), np.float32(1))[:, None]
        flat, normals = flat * side, normals * side
        points = interpolate(self.vertices, self.faces, face, weights) + flat * np.float32(2e-3 * self._size)
        around = cosine_directions(flat, _NEAR_RAYS, first) * np.float32(_NEAR * self._size)
        open_sky = 1 - _share_met(scene, points, around)
        color = self._color(face, weights)
        # the light is told about a relic that faces +Z
        seen, eye = (np.ascontiguousarray(ways @ self._own.T) for ways in (normals, -directions))
        light = self._reflections.light(color, seen, eye) * open_sky[:, None]
        if len(self._lamps.toward):
            dark = np.zeros(3, np.float32)
            lights = Lights(self._lamps.toward, self._lamps.power * np.float32(np.pi), dark, dark)
            key = self._lamps.toward[0] @ self._own
            lit = 1 - _share_met(scene, points, cone_directions(key, _LAMP_DEG, len(points), _LAMP_RAYS, first) * 0.9)
            light += shade(color, seen, eye, open_sky, lit, self._finish, lights)
        return np.float32(_LIGHT) * light

    def _color(self, face: I4, weights: F4) -> F4:
        mesh = self._mesh
        color = np.ones((len(face), 3), np.float32)
        w = np.concatenate([1 - weights.sum(axis=1, keepdims=True), weights], axis=1)
        if mesh.vertex_colors is not None:
            color *= (linear_from_srgb(mesh.vertex_colors[mesh.faces[face]]) * w[:, :, None]).sum(axis=1)
        for number, material in enumerate(mesh.materials):
            at = np.flatnonzero(mesh.face_material[face] == number)
            color[at] *= linear_from_srgb(material.color[:3])
            if material.texture is not None and mesh.corner_uv is not None and len(at):
                uv: F4 = (mesh.corner_uv[face[at]] * w[at][:, :, None]).sum(axis=1).astype(np.float32)
                color[at] *= sample_texture(np.ascontiguousarray(material.texture[:, :, :3]), uv, repeats=True)
        return color


def _share_met(scene: RaycastScene, points: F4, rays: F4) -> F4:
    """Return the share (n,) of rays (n, k, 3) that meet something before they end."""
    n_rays = rays.shape[1]
    met = scene.is_occluded(np.repeat(points, n_rays, axis=0), rays.reshape(-1, 3).astype(np.float32), farthest=1.0)
    share: F4 = met.reshape(-1, n_rays).mean(axis=1, dtype=np.float32)
    return share


def _turn(degrees: float) -> F8:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _unit(vectors: F4) -> F4:
    unit: F4 = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return unit
