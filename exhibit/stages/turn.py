"""Let a relic turn once around on darkness: the moving picture of an exhibition's front page.

Lamps and camera stand still and the relic turns, so that light runs over its relief as it does when one walks around a
showcase: one warm lamp from the upper left that casts a shadow, a cold one behind that draws the outline, little else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from exhibit.errors import StageError
from exhibit.geometry.camera import Camera, frame
from exhibit.geometry.colour_spaces import luminance, srgb_from_linear
from exhibit.geometry.draw_mesh import coarsen, draw_mesh, share_above
from exhibit.geometry.read_surface import Frames, read_surface
from exhibit.geometry.shade import Finish, Lights, shade
from exhibit.model.arrays import F4, F8, I4, U1
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress

_KEY, _EDGE, _FILL = (-48.0, 38.0), (152.0, 32.0), (64.0, 10.0)
"""Azimuth from the camera and height of the lamps, degrees."""
_POWER = np.array([[4.3, 4.0, 3.55], [4.6, 5.3, 6.2], [0.26, 0.29, 0.34]], np.float32)
_SKY = np.array([0.094, 0.091, 0.088], np.float32)
_FLOOR = np.array([0.028, 0.023, 0.019], np.float32)
_SHADOW_PX = 448
_SHADOW_BIAS = 0.012
_SOFT = 2
_MIDDLE = 0.11
_KNEE = 0.6


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """How it turns.

    Parameters
    ----------
    n_frames : of one whole turn.
    size_px : width and height of the picture.
    front_deg : the side seen first: 0 is +Z, 90 is +X.
    elevation_deg : the camera's height above the horizon.
    margin : share of the picture left free on each side.
    fine : parts of a pixel each way.
    finish : how the surface meets light.
    """

    n_frames: int = 72
    size_px: int = 560
    front_deg: float = 0.0
    elevation_deg: float = 9.0
    margin: float = 0.06
    fine: int = 2
    finish: Finish = field(default_factory=Finish)


def turn(textured: Textured, options: TurnOptions = TurnOptions(), /, *, progress: Progress = SILENT) -> U1:
    """Take the pictures of one whole turn, counter-clockwise from above, the first from the front.

    Returns
    -------
    (n_frames, size_px, size_px, 4) uint8 sRGB, straight alpha.

    Raises
    ------
    StageError
        There is nothing to see.
    """
    mesh = textured.mesh
    if len(mesh.faces) == 0:
        raise StageError("there is no surface to turn.", where=mesh.name)
    camera, axis = _stand(mesh.vertices[np.unique(mesh.faces)], options)
    turntable = _Turntable(textured, camera, axis, options)
    frames = np.zeros((options.n_frames, options.size_px, options.size_px, 4), np.uint8)
    gain = turntable.exposure()
    for number in range(options.n_frames):
        progress.tick(number / options.n_frames, "turning")
        frames[number] = turntable.picture(360.0 * number / options.n_frames, gain)
    return frames


def _stand(points: F4, options: TurnOptions) -> tuple[Camera, F8]:
    """Return a camera that has all of the turning object in its picture, and a point of the axis."""
    axis = (points.min(axis=0).astype(np.float64) + points.max(axis=0)) / 2
    radius = np.hypot(points[:, 0] - axis[0], points[:, 2] - axis[2])
    order = np.argsort(points[:, 1], kind="stable")
    # what turns fills a body of revolution: the widest of each slice stands for it
    slices = np.array_split(order, min(64, len(order)))
    high = np.array([points[each, 1].max() for each in slices] + [points[each, 1].min() for each in slices])
    wide = np.tile([radius[each].max() for each in slices], 2)
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], axis=1)
    body = (ring[None] * wide[:, None, None]).reshape(-1, 3)
    body += np.repeat(np.stack([np.full_like(high, axis[0]), high, np.full_like(high, axis[2])], axis=1), 24, axis=0)
    return frame(body.astype(np.float32), 0.0, options.elevation_deg, 1.0, view_deg=20.0, margin=options.margin), axis


class _Turntable:
    """The object, and the lamps that stand around it."""

    def __init__(self, textured: Textured, camera: Camera, axis: F8, options: TurnOptions) -> None:
        self._textured, self._camera, self._axis, self._options = textured, camera, axis, options
        self._reach = float(np.linalg.norm(textured.mesh.vertices - axis.astype(np.float32), axis=1).max()) or 1.0
        halvings = self._halvings()
        self._color = _halved(textured.base_color, halvings)
        self._bumps = None if textured.normal_map is None else _halved(textured.normal_map, halvings)
        toward = np.stack([_direction(*lamp) for lamp in (_KEY, _EDGE, _FILL)]).astype(np.float32)
        self._lights = Lights(toward, _POWER, _SKY, _FLOOR)
        self._key = toward[0].astype(np.float64)

    def _halvings(self) -> int:
        """Return how often the maps are halved until a texel is about as large as a pixel."""
        depth = float((self._camera.position - self._axis) @ self._camera.toward)
        pixels_per_metre = self._options.size_px / (2 * depth * self._camera.slope_x)
        return max(0, round(math.log2(max(self._textured.texel_density / pixels_per_metre, 1e-3))))

    def exposure(self) -> float:
        """Return one gain for the whole turn: dark bronze is brought up, pale stone kept from burning out."""
        some = [self._light(angle) for angle in (0.0, 90.0, 180.0, 270.0)]
        bright = np.concatenate([luminance(light) for light, _ in some])
        if not len(bright):
            return 1.0
        typical = float(np.exp(np.log(np.maximum(bright, 1e-3)).mean()))
        return float(np.clip(min(_MIDDLE / typical, 0.9 / max(float(np.quantile(bright, 0.97)), 1e-3)), 0.5, 5.0))

    def picture(self, angle_deg: float, gain: float) -> U1:
        """Return one frame (size, size, 4)."""
        light, cover = self._light(angle_deg)
        own = light * np.float32(gain)
        over = np.maximum(own - np.float32(_KNEE), 0)
        room = np.float32(1 - _KNEE)
        own = np.where(over > 0, np.float32(_KNEE) + room * (1 - np.exp(-over / room)), own)
        picture = np.zeros((*cover.shape, 4), np.uint8)
        picture[cover > 0, :3] = srgb_from_linear(own)
        picture[:, :, 3] = np.clip(cover * 255 + 0.5, 0, 255)
        return picture

    def _light(self, angle_deg: float) -> tuple[F4, F4]:
        """Return the light (n, 3), linear, of the pixels that show the object, and its share (size, size) of all.

        Outlines are found on a finer picture, but each pixel is lit once, at one place that it shows: the maps are no
        finer than the picture, so that nothing glitters.
        """
        mesh, camera = self._textured.mesh, self._camera
        size, fine = self._options.size_px, self._options.fine
        spin = _spin(angle_deg - self._options.front_deg)
        placed = (mesh.vertices.astype(np.float64) - self._axis) @ spin.T
        seen = draw_mesh(
            camera.places(placed + self._axis, size * fine, size * fine), mesh.faces, size * fine, size * fine
        )
        picture = coarsen(seen, fine)
        filled = picture.face >= 0
        light = self._send(picture.face[filled], picture.weights[filled], placed, spin.astype(np.float32))
        return light, picture.cover

    def _send(self, face: I4, weights: F4, placed: F8, spin: F4) -> F4:
        """Return the light (n, 3) that places of faces send to the camera; `placed` is the mesh as it stands."""
        mesh = self._textured.mesh
        frames = Frames(
            placed.astype(np.float32), mesh.normals @ spin.T, _turned(mesh.tangents, spin), mesh.uv, mesh.faces
        )
        eye = (self._camera.position - self._axis).astype(np.float32)
        found = read_surface(frames, self._color, self._bumps, self._textured.occlusion, face, weights, eye)
        lit = self._lit(placed, found.points) * (np.float32(0.35) + np.float32(0.65) * found.open_sky)
        return shade(
            found.color, found.normals, found.toward_eye, found.open_sky, lit, self._options.finish, self._lights
        )

    def _lit(self, placed: F8, points: F4) -> F4:
        """Return how much of the key lamp reaches `points` (n, 3): a map of depths as the lamp sees them."""
        right = np.cross([0.0, 1.0, 0.0], self._key)
        right /= np.linalg.norm(right)
        up = np.cross(self._key, right)
        scale = _SHADOW_PX / (2.1 * self._reach)

        def seen_from_lamp(what: F8 | F4) -> F4:
            x, y = what @ right * scale + _SHADOW_PX / 2, _SHADOW_PX / 2 - what @ up * scale
            return np.stack([x, y, 2.0 + what @ self._key / self._reach], axis=1).astype(np.float32)

        depths = draw_mesh(seen_from_lamp(placed), self._textured.mesh.faces, _SHADOW_PX, _SHADOW_PX).nearness
        return share_above(depths, seen_from_lamp(points), _SHADOW_BIAS, _SOFT)


def _halved(picture: U1, times: int) -> U1:
    for _ in range(times):
        height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
        if min(height, width) < 64:
            break
        wide = picture[:height, :width].astype(np.uint16)
        picture = ((wide[::2, ::2] + wide[1::2, ::2] + wide[::2, 1::2] + wide[1::2, 1::2] + 2) // 4).astype(np.uint8)
    return picture


def _spin(angle_deg: float) -> F8:
    angle = np.radians(angle_deg)
    return np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])


def _direction(azimuth_deg: float, above_deg: float) -> F8:
    azimuth, above = np.radians(azimuth_deg), np.radians(above_deg)
    return np.array([np.sin(azimuth) * np.cos(above), np.sin(above), np.cos(azimuth) * np.cos(above)])


def _turned(tangents: F4, spin: F4) -> F4:
    turned: F4 = np.concatenate([tangents[:, :3] @ spin.T, tangents[:, 3:]], axis=1)
    return turned
