"""A cong of one tier, Liangzhu culture: square without, round within, a mask about each corner.

Millimetres inside this module.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from exhibit.capture.modelled import ModelledObject
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._jade import jade
from exhibit.capture.objects._relief_sheet import Relief, Sheet, curve, displaced, outline_sheet, tapered
from exhibit.geometry.distance_fields import rectangle, smooth_cut, smooth_union
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_HALF: Final = 32.0
_BLOCK: Final = (6.0, 40.0)
"""Heights between which it is square."""
_COLLAR: Final = 29.2
_HEIGHT: Final = 46.0
_RELIEF_TOP: Final = 1.2
_CHANNEL_DEPTH: Final = 1.3
_EYE: Final = (13.2, 22.2)


@cache
def _mask() -> Sheet:
    """Draw half a mask: u from the corner's edge along the side, v the height above the table."""
    relief = Relief((0.0, 0.0), (36.0, 46.0), 0.1, 1.15)
    for low in (35.0, 29.6):
        relief.raise_outline(np.array([(-3, low), (26.4, low), (26.4, low + 3.6), (-3, low + 3.6)], float), 0.8)
        for line in (0.95, 1.8, 2.65):
            relief.cut_stroke(np.array([(-3, low + line), (25.6, low + line)]), 0.2, 0.45)
    u, v = _EYE
    corner = 8.6
    for side in (-1.0, 1.0):
        lid = curve([(u + side * 3.1, v + 2.8), (u + side * 5.6, v + 1.2), (u + side * corner, v + 0.2)])
        relief.raise_stroke(lid, tapered(lid, 0.5, 0.7, 0.25), 0.7)
        lid = curve([(u + side * 3.1, v - 2.8), (u + side * 5.6, v - 1.2), (u + side * corner, v + 0.2)])
        relief.raise_stroke(lid, tapered(lid, 0.5, 0.7, 0.25), 0.7)
    relief.raise_dome(_EYE, (5.0, 5.0), 1.0)
    relief.raise_stroke(_ring(_EYE, 4.2), 0.6, 1.0)
    relief.cut_stroke(_ring(_EYE, 2.8), 0.28, 0.6)
    relief.cut_stroke(_ring(_EYE, 0.5), 0.35, 0.5)
    relief.raise_outline(
        np.array([(-3, 9.2), (9.6, 9.2), (10.6, 10.2), (10.6, 13.8), (9.6, 14.8), (-3, 14.8)], float), 1.0
    )
    scroll = curve([(1.2, 10.9), (3.4, 13.3), (7.4, 13.2), (8.6, 11.6), (6.6, 10.7), (5.6, 11.9)])
    relief.cut_stroke(scroll, 0.25, 0.5)
    # the channel down the middle of each side
    relief.cut_stroke(np.array([(34.0, -4.0), (34.0, 50.0)]), 6.4, _CHANNEL_DEPTH)
    return relief.sheet()


_mask_slack = cache(lambda: _mask().slack(0.4))


def _ring(middle: tuple[float, float], radius: float) -> F8:
    turn = np.linspace(0, 2 * np.pi, 33)
    return np.column_stack([middle[0] + radius * np.cos(turn), middle[1] + radius * np.sin(turn)])


@cache
def _tube() -> Sheet:
    """Tabulate the distance to the revolved collar."""
    outline = np.array([(-40, 0.0), (_COLLAR - 1.1, 0.0), (_COLLAR - 0.3, 0.35), (_COLLAR, 1.2), (_COLLAR + 0.2, 23),
                        (_COLLAR, _HEIGHT - 1.2), (_COLLAR - 0.3, _HEIGHT - 0.35), (_COLLAR - 1.1, _HEIGHT),
                        (-40, _HEIGHT)])  # fmt: skip
    return outline_sheet(outline, (0.0, -30.0), (70.0, 76.0), 0.25)


def distance_to_cong(points: F8) -> F8:
    """Return the distance (n,), metres."""
    return _distance(points * 1000.0) / 1000.0


def _distance(points: F8) -> F8:
    x, y, z = points.T
    x, z = x + 0.012 * (y - 23.0), z - 0.008 * (y - 23.0)
    radius = np.hypot(x, z)
    block = _block(x, y, z)
    near = np.flatnonzero(np.abs(block) < 4.0)
    place = _mask_place(x[near], y[near], z[near])
    block[near] = displaced(block[near], _mask().at(*place), _mask_slack().at(*place), _RELIEF_TOP)
    block[block >= 4.0] -= _RELIEF_TOP
    block[block <= -4.0] += _CHANNEL_DEPTH
    # the top was ground a little out of level
    collar = _tube().at(radius, y + np.clip(y / _HEIGHT, 0, 1) * (0.28 + 0.008 * x - 0.006 * z))
    collar += np.maximum(np.maximum(radius - 69.0, y - 75.0), np.maximum(-29.0 - y, 0.0))
    cong = smooth_union(block, collar, 1.2)
    cong = smooth_cut(cong, _bore(x, y, z), 0.8)
    return _chipped(cong, points)


def _block(x: F8, y: F8, z: F8) -> F8:
    """Return the distance to the square part, its sides a little convex."""
    side = _HALF + 0.9 * (1.0 - (np.minimum(np.abs(x), np.abs(z)) / _HALF) ** 2)
    taper = 0.012 * (y - 23.0)
    plane = rectangle(x, z, side + taper, side + taper, 2.2)
    over = np.maximum(y - _BLOCK[1], _BLOCK[0] - y)
    outside = np.hypot(np.maximum(plane + 0.6, 0.0), np.maximum(over + 0.6, 0.0))
    return np.asarray(outside + np.minimum(np.maximum(plane, over) + 0.6, 0.0) - 0.6)


def _mask_place(x: F8, y: F8, z: F8) -> tuple[F8, F8]:
    """Return where on the drawn half mask a place lies: drawn by hand eight times, it wavers."""
    turn = np.arctan2(z, x)
    along = (_HALF + 0.2 - np.minimum(np.abs(x), np.abs(z))) * (1.0 + 0.018 * np.sin(3 * turn + 0.5))
    return along, y + 0.22 * np.sin(turn * 2 + 0.8) + 0.16 * np.sin(5 * turn)


def _bore(x: F8, y: F8, z: F8) -> F8:
    """Return the distance to the hole, drilled from both ends: the two do not quite meet."""
    upper = np.hypot(x - 0.45, z + 0.25) - (18.0 + 0.05 * (y - 22.6))
    lower = np.hypot(x + 0.35, z - 0.1) - (17.9 + 0.05 * (22.6 - y))
    rings = 0.05 * np.sin(2.1 * y + 1.5 * np.sin(0.9 * y))
    # what the drills left standing between them was broken out and rubbed down
    ridge = 0.9 * np.exp(-(((y - 22.6) / 1.3) ** 2))
    mouth = 0.7 * np.clip(1 - np.minimum(y, _HEIGHT - y) / 1.6, 0, 1.2) ** 2
    share = np.clip((y - 21.9) / 1.4, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    return np.asarray((lower + (upper - lower) * share + ridge + rings - mouth) / 1.25)


def _chipped(cong: F8, points: F8) -> F8:
    """Return the stone less what was knocked off its edges."""
    for (x, y, z), size in _CHIPS:
        near = np.flatnonzero(np.abs(points - (x, y, z)).max(axis=1) < 2.5 * size)
        away = np.linalg.norm((points[near] - (x, y, z)) * (1.0, 0.8, 1.0), axis=1) - size
        rough = 0.18 * size * wave_noise(points[near], 1.6 * size, 5, 2)
        cong[near] = smooth_cut(cong[near], (away + rough) / 1.3, 0.3)
    return cong


_CHIPS: Final = (
    ((-34.6, 40.6, 33.6), 2.6),
    ((29.0, 47.0, -7.0), 2.3),
    ((34.2, 5.0, -33.0), 2.2),
    ((-13.0, -0.8, 26.8), 1.9),
)


def colour_of_cong(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    places = points * 1000.0
    x, y, z = places.T
    x, z = x + 0.012 * (y - 23.0), z - 0.008 * (y - 23.0)
    on_side = np.abs(_block(x, y, z)) < 1.6
    height = np.where(on_side & (np.abs(normals[:, 1]) < 0.8), _mask().at(*_mask_place(x, y, z)), 0.0)
    return jade(places, height, np.maximum(0.0, 24.0 - np.hypot(x, z)) / 6.0)


OBJECT = ModelledObject(
    "jade_cong",
    "cong of one tier, jade",
    (0.0684, 0.046, 0.0684),
    distance_to_cong,
    colour_of_cong,
    {
        "mask": landmark_near(distance_to_cong, (0.0330, 0.0270, 0.0330), 5e-6),
        "bore": landmark_near(distance_to_cong, (0.0, 0.0300, -0.0180), 5e-6),
        "collar": landmark_near(distance_to_cong, (0.0, 0.0450, 0.0292), 5e-6),
    },
)
