"""What light comes from where to a relic in a lit room: the picture that its reflections are made of."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.hemisphere import hammersley
from exhibit.model.arrays import F4, F8
from exhibit.model.room import Lamp, LitRoom, Point, RoomModel
from exhibit.progress import SILENT, Progress
from exhibit.stages.lighting.colors import linear_of
from exhibit.stages.lighting.texels import triangulate

_PARTS = 16
"""Rays per pixel."""


def surround(
    room: RoomModel, lit: LitRoom, at: Point, lamps: tuple[tuple[Lamp, float], ...], width: int = 256, /, *,
    progress: Progress = SILENT,
) -> F4:  # fmt: skip
    """Return the light (width / 2, width, 3) about a point, linear: rows from above, the middle column is +X.

    Parameters
    ----------
    lamps : spots that shine on the point, each with the half angle in degrees as which it appears: a real lamp's is
        too small for a picture of this size, and its glint too hard; the light it gives stays the same.
    width : of the picture, pixels.

    The directions are those of three.js' equirectangular pictures: u = atan2(z, x) / 2 pi + 1/2.
    """
    shape = triangulate(room.panels)
    scene = RaycastScene(shape.vertices, shape.faces)
    by_name = {material.name: material for material in room.materials}
    colors = np.array([linear_of(by_name[panel.material].color) for panel in room.panels], np.float32)
    shines = np.array([by_name[panel.material].shine for panel in room.panels])
    sky = linear_of(room.sky_color) * np.float32(room.sky)
    height = width // 2
    light = np.zeros((height, width, 3), np.float32)
    inside = hammersley(_PARTS)
    for y in range(height):
        progress.tick(y / height, "light about the relic")
        u = ((np.arange(width)[:, None] + inside[:, 0]) / width).ravel()
        v = ((y + np.broadcast_to(inside[:, 1], (width, _PARTS))) / height).ravel()
        ways = directions(u, v)
        hits = scene.cast(np.tile(np.array(at, np.float32), (len(ways), 1)), ways)
        met = np.flatnonzero(hits.face >= 0)
        seen = np.zeros((len(ways), 3), np.float32)
        panel = shape.panel[hits.face[met]]
        corners, w = shape.faces[hits.face[met]], hits.weights[met].astype(np.float64)
        share = shape.shares[corners[:, 0]] * (1 - w.sum(axis=1))[:, None]
        share = share + shape.shares[corners[:, 1]] * w[:, :1] + shape.shares[corners[:, 2]] * w[:, 1:]
        place = lit.places[panel]
        cell = np.clip((share * place[:, 2:]).astype(np.int32), 0, place[:, 2:] - 1) + place[:, :2]
        seen[met] = np.where((shines[panel] > 0)[:, None], sky, colors[panel] * lit.light[cell[:, 1], cell[:, 0]])
        for lamp, half_deg in lamps:
            seen += _glow(lamp, half_deg, at, ways)
        light[y] = seen.reshape(width, _PARTS, 3).mean(axis=1)
    return light


def directions(u: F8, v: F8) -> F4:
    """Return unit directions (n, 3) float32 of places of the picture; v from above."""
    turn, fall = 2 * np.pi * (u - 0.5), np.pi * v
    x, z = np.sin(fall) * np.cos(turn), np.sin(fall) * np.sin(turn)
    return np.stack([x, np.cos(fall), z], axis=1).astype(np.float32)


def _glow(lamp: Lamp, half_deg: float, at: Point, ways: F4) -> F4:
    """Return a lamp's light (n, 3) as a disc with a soft rim, worth `strength` on a surface that faces it."""
    to_lamp = np.array(lamp.at) - np.array(at)
    to_lamp /= np.linalg.norm(to_lamp)
    off = np.degrees(np.arccos(np.clip(ways @ to_lamp, -1, 1)))
    disc = np.clip(1.5 - off / half_deg, 0, 1)
    # solid angle of a disc whose rim falls from full at half the angle to nothing at one and a half
    solid = 2 * np.pi * (1 - np.cos(np.radians(half_deg * 1.04)))
    glow: F4 = (disc[:, None] * (lamp.strength * np.pi / solid) * linear_of(lamp.color)).astype(np.float32)
    return glow
