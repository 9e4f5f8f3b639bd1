"""A relic in the studio: what each ray of the camera sees, lit by lamps, by the room and from the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.hemisphere import cone_directions, cosine_directions
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_texture import sample_texture, sample_values
from exhibit.geometry.shade import Finish, Lights, shade
from exhibit.geometry.tangent_space import decode_normals
from exhibit.model.arrays import F4, I4, Bool
from exhibit.model.surface import Textured
from exhibit.stages.portraying.surroundings import Reflections, Surroundings

_CLAY = (0.42, 0.40, 0.37)
_POWER = np.array([[0.75, 0.72, 0.67], [0.10, 0.11, 0.13], [0.05, 0.055, 0.065]], np.float32)
_SKY = np.array([0.20, 0.205, 0.22], np.float32)
_FLOOR = np.array([0.083, 0.077, 0.067], np.float32)
_LAMP_DEG = 9.0
_KEY_RAYS = 4
_SKY_RAYS = 6
_BACK_IS_OPEN = 0.35
_FLOOR_REACH = 1.6
"""In sizes of the object: farther away its shadow is not looked for."""


@dataclass(frozen=True, slots=True)
class View:
    """What rays see.

    Parameters
    ----------
    light : (n, 3) float32, linear, from the object; 0 where it is not.
    is_object : (n,) bool.
    shadow : (n,) float32, 0 to 1: how much of the floor's light the object takes, where the floor is seen.
    """

    light: F4
    is_object: Bool
    shadow: F4


class Studio:
    """The object on its floor, the lamps around it.

    Parameters
    ----------
    textured : the object; its lowest vertex touches the floor.
    surroundings : the light; its first lamp throws the shadow. By default a photographer's, see `studio_light`.
    finish : how the object meets light.
    clay : plain clay in place of the object's own colour and finish.
    """

    def __init__(
        self, textured: Textured, surroundings: Surroundings, finish: Finish = Finish(), *, clay: bool = False
    ) -> None:
        vertices = textured.mesh.vertices[np.unique(textured.mesh.faces)]
        self.floor = float(vertices[:, 1].min())
        self._middle: F4 = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
        self._size = float(np.linalg.norm(np.ptp(vertices.astype(np.float64), axis=0))) or 1.0
        self._textured = textured
        self._clay = clay
        self._scene = RaycastScene(textured.mesh.vertices, textured.mesh.faces)
        self._finish = Finish() if clay else finish
        self._lamps = surroundings
        self._key: F4 = surroundings.toward[0] if len(surroundings.toward) else np.array([0, 1, 0], np.float32)
        self._reflections = Reflections(surroundings, self._finish)
        self._n_seen = 0

    def look(self, origins: F4, directions: F4, floor: F4 | None, meets_floor: Bool) -> View:
        """Follow rays (n, 3); `floor` (n, 3) is where those of `meets_floor` (n,) would meet it, None for no shadow."""
        hits = self._scene.cast(origins, directions)
        is_object = hits.face >= 0
        view = View(np.zeros((len(directions), 3), np.float32), is_object, np.zeros(len(directions), np.float32))
        at = np.flatnonzero(is_object)
        if len(at):
            view.light[at] = self._light(hits.face[at], hits.weights[at], directions[at])
        below = np.flatnonzero(~is_object & meets_floor)
        if floor is not None and len(below):
            view.shadow[below] = self._shadow(floor[below])
        self._n_seen += len(directions)
        return view

    def _light(self, face: I4, weights: F4, directions: F4) -> F4:
        """Return the light (n, 3) that places of faces send back along rays (n, 3)."""
        textured, mesh = self._textured, self._textured.mesh
        uv = interpolate(mesh.uv, mesh.faces, face, weights)
        normals = self._normals(face, weights, uv)
        corners = mesh.vertices[mesh.faces[face]]
        flat = _unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))
        # of an open shell the back is seen too: it is lit from its own side
        is_back = (flat * directions).sum(axis=1) > 0
        side = np.where(is_back, np.float32(-1), np.float32(1))[:, None]
        normals, flat = normals * side, flat * side
        points = interpolate(mesh.vertices, mesh.faces, face, weights) + flat * np.float32(5e-4 * self._size)

        color = np.broadcast_to(np.array(_CLAY, np.float32), normals.shape)
        if not self._clay:
            color = sample_texture(textured.base_color, uv)
        open_sky: F4 = np.ones(len(face), np.float32)
        if textured.occlusion is not None:
            open_sky = sample_values(textured.occlusion[:, :, None], uv)[:, 0] / np.float32(255)
        open_sky = np.where(is_back, np.float32(_BACK_IS_OPEN) * open_sky, open_sky)

        light = self._reflections.light(color, normals, -directions) * open_sky[:, None]
        if len(self._lamps.toward):
            dark = np.zeros(3, np.float32)
            # a lamp of power 1 makes white stuff white; the formula's own unit is pi times less
            lamps = Lights(self._lamps.toward, self._lamps.power * np.float32(np.pi), dark, dark)
            lit = self._lit(points, normals, slanted=False)
            light += shade(
                np.ascontiguousarray(color, np.float32), normals, -directions, open_sky, lit, self._finish, lamps
            )
        return light

    def _normals(self, face: I4, weights: F4, uv: F4) -> F4:
        textured, mesh = self._textured, self._textured.mesh
        smooth = _unit(interpolate(mesh.normals, mesh.faces, face, weights))
        if textured.normal_map is None:
            return smooth
        local = _unit(sample_values(textured.normal_map, uv) / np.float32(127.5) - 1)
        return decode_normals(local, smooth, interpolate(mesh.tangents, mesh.faces, face, weights))

    def _lit(self, points: F4, normals: F4, *, slanted: bool = True) -> F4:
        """Return how much of the first lamp each point (n, 3) sees; `slanted`: times the cosine of its fall."""
        slant = np.maximum(normals @ self._key, 0)
        lit = np.zeros(len(points), np.float32)
        at = np.flatnonzero(slant > 0)
        if len(at):
            rays = cone_directions(self._key, _LAMP_DEG, len(at), _KEY_RAYS, self._n_seen)
            lit[at] = (slant[at] if slanted else 1) * (1 - self._share_met(points[at], rays))
        return lit

    def _shadow(self, floor: F4) -> F4:
        away = np.linalg.norm((floor - self._middle)[:, [0, 2]], axis=1) / self._size
        shadow = np.zeros(len(floor), np.float32)
        near = np.flatnonzero(away < _FLOOR_REACH)
        if len(near):
            points = floor[near] + np.array([0, 1e-4 * self._size, 0], np.float32)
            up = np.broadcast_to(np.array([0, 1, 0], np.float32), points.shape)
            lit = self._lit(points, up) / max(float(self._key[1]), 0.1)
            open_sky = 1 - self._share_met(points, cosine_directions(up, _SKY_RAYS, self._n_seen))
            fades = np.clip(2 * (_FLOOR_REACH - away[near]) / _FLOOR_REACH, 0, 1)
            shadow[near] = (1 - (0.45 * lit + 0.55 * open_sky)) * fades
        return shadow

    def _share_met(self, points: F4, rays: F4) -> F4:
        """Return the share (n,) of the rays (n, k, 3) from each point that meet the object."""
        n_rays = rays.shape[1]
        met = self._scene.is_occluded(np.repeat(points, n_rays, axis=0), rays.reshape(-1, 3))
        share: F4 = met.reshape(-1, n_rays).mean(axis=1, dtype=np.float32)
        return share


def studio_light(toward_deg: float) -> Surroundings:
    """Return a photographer's light for a camera at this azimuth: a key lamp from its left, weak ones elsewhere."""
    toward = [_lamp(toward_deg - 42, 44), _lamp(toward_deg + 58, 18), _lamp(toward_deg + 155, 40)]
    return Surroundings.plain(np.array(toward, np.float32), _POWER, _SKY, _FLOOR)


def _lamp(azimuth_deg: float, above_deg: float) -> F4:
    azimuth, above = np.radians(azimuth_deg), np.radians(above_deg)
    way = [np.sin(azimuth) * np.cos(above), np.sin(above), np.cos(azimuth) * np.cos(above)]
    return np.array(way, np.float32)


def _unit(vectors: F4) -> F4:
    unit: F4 = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    return unit
