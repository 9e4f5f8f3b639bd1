"""A relic in the studio: what each ray of the camera sees, lit by lamps, by the room and from the floor."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.geometry.hemisphere import I8, cone_directions, cosine_directions, shifts_in_tiles
from exhibit.geometry.read_surface import Frames, read_surface
from exhibit.geometry.shade import Finish, Lights, shade
from exhibit.model.arrays import F4, I4, Bool
from exhibit.model.surface import Textured
from exhibit.stages.portraying.surroundings import Reflections, Surroundings

_CLAY = np.array([0.42, 0.40, 0.37], np.float32)
_POWER = np.array([[0.75, 0.72, 0.67], [0.10, 0.11, 0.13], [0.05, 0.055, 0.065]], np.float32)
_SKY = np.array([0.20, 0.205, 0.22], np.float32)
_FLOOR = np.array([0.083, 0.077, 0.067], np.float32)
_LAMP_DEG = 9.0
_KEY_RAYS = 4
_SKY_RAYS = 6
_ABOUT = 5
"""Parts of the picture each way that must agree about the lamp, for one ray to be enough."""
_BACK_IS_OPEN = 0.35
_FLOOR_REACH = 1.6
"""In sizes of the object: farther away its shadow is not looked for."""


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
        self._color = np.full((1, 1, 3), srgb_from_linear(_CLAY), np.uint8) if clay else textured.base_color
        self._scene = RaycastScene(textured.mesh.vertices, textured.mesh.faces)
        self._finish = Finish() if clay else finish
        self._lamps = surroundings
        self._key: F4 = surroundings.toward[0] if len(surroundings.toward) else np.array([0, 1, 0], np.float32)
        self._reflections = Reflections(surroundings, self._finish)
        self._n_seen = 0

    def light(self, face: I4, weights: F4, eye: F4) -> F4:
        """Return the light that the object sends to the eye.

        Parameters
        ----------
        face : (height, width) int32, what each part of a picture shows; -1 where the object is not.
        weights : (height, width, 2) float32, barycentric weights of the face's second and third corner.
        eye : (3,) float32.

        Returns
        -------
        (height, width, 3) float32, linear; 0 where the object is not.
        """
        light = np.zeros((*face.shape, 3), np.float32)
        at = face >= 0
        if not at.any():
            return light
        textured, mesh = self._textured, self._textured.mesh
        frames = Frames(mesh.vertices, mesh.normals, mesh.tangents, mesh.uv, mesh.faces)
        found = read_surface(frames, self._color, textured.normal_map, textured.occlusion, face[at], weights[at], eye)
        open_sky = np.where(found.is_back, np.float32(_BACK_IS_OPEN) * found.open_sky, found.open_sky)
        own = self._reflections.light(found.color, found.normals, found.toward_eye) * open_sky[:, None]
        if len(self._lamps.toward):
            dark = np.zeros(3, np.float32)
            # a lamp of power 1 makes white stuff white; the formula's own unit is pi times less
            lamps = Lights(self._lamps.toward, self._lamps.power * np.float32(np.pi), dark, dark)
            points = found.points + found.flat * np.float32(5e-4 * self._size)
            lit = self._lit_parts(at, points, found.normals)
            own += shade(found.color, found.normals, found.toward_eye, open_sky, lit, self._finish, lamps)
        light[at] = own
        return light

    def _lit_parts(self, at: Bool, points: F4, normals: F4) -> F4:
        """Return how much of the first lamp the parts `at` (height, width) of a picture see (n,).

        One ray tells for most: only where those about it disagree, in the soft rim of a shadow, more are sent instead.
        """
        from scipy.ndimage import maximum_filter, minimum_filter

        lit = np.zeros(len(points), np.float32)
        faces_it = np.flatnonzero(normals @ self._key > 0)
        if not len(faces_it):
            return lit
        rays = cone_directions(self._key, _LAMP_DEG, len(faces_it), 1, self._n_seen)
        self._n_seen += len(faces_it)
        lit[faces_it] = 1 - self._share_met(points[faces_it], rays)
        darkest, brightest = np.ones(at.shape, np.uint8), np.zeros(at.shape, np.uint8)
        darkest[at] = brightest[at] = lit
        disagree = minimum_filter(darkest, _ABOUT) != maximum_filter(brightest, _ABOUT)
        unsure = faces_it[disagree[at][faces_it]]
        if len(unsure):
            rays = cone_directions(self._key, _LAMP_DEG, len(unsure), _KEY_RAYS, self._n_seen)
            lit[unsure] = 1 - self._share_met(points[unsure], rays)
        return lit

    def shadow(self, floor: F4, columns: I8, rows: I8) -> F4:
        """Return how much of the floor's light (n,) the object takes at places (n, 3), numbered in two ways (n,)."""
        away = np.linalg.norm((floor - self._middle)[:, [0, 2]], axis=1) / self._size
        shadow = np.zeros(len(floor), np.float32)
        near = np.flatnonzero(away < _FLOOR_REACH)
        if len(near):
            points = floor[near] + np.array([0, 1e-4 * self._size, 0], np.float32)
            up = np.broadcast_to(np.array([0, 1, 0], np.float32), points.shape)
            lit = np.zeros(len(points), np.float32)
            if self._key[1] > 0:
                rays = cone_directions(
                    self._key,
                    _LAMP_DEG,
                    len(points),
                    _KEY_RAYS,
                    shifts=shifts_in_tiles(columns[near], rows[near], _KEY_RAYS),
                )
                lit = self._key[1] * (1 - self._share_met(points, rays)) / max(float(self._key[1]), 0.1)
            open_sky = 1 - self._share_met(
                points, cosine_directions(up, _SKY_RAYS, shifts=shifts_in_tiles(columns[near], rows[near], _SKY_RAYS))
            )
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
