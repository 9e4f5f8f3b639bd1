"""The horse's three glazes: amber, straw and green, fluxed with lead, so that they run, pool and mingle; and bare clay.

Colours are diffuse albedo as sRGB, without light; dirt in hollows and worn places are colour. Points in centimetres.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._horse_field import (
    BOUND_TAIL,
    CLOTH,
    COVER,
    HIDE,
    MANE,
    PENDANT,
    SLAB,
    STRAP,
    layers_of_horse,
)
from exhibit.capture.objects._horse_form import EYE_RADIUS, EYES, POLL, TURN_DEG
from exhibit.capture.objects._horse_tack import PENDANTS
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

# each glaze from thin over dark where it pools
_AMBER: Final = np.array([[0.86, 0.64, 0.29], [0.70, 0.40, 0.11], [0.55, 0.26, 0.06], [0.33, 0.14, 0.04]])
_STRAW: Final = np.array([[0.94, 0.88, 0.74], [0.92, 0.84, 0.64], [0.86, 0.73, 0.46], [0.72, 0.54, 0.26]])
_GREEN: Final = np.array([[0.66, 0.72, 0.44], [0.34, 0.52, 0.22], [0.17, 0.37, 0.15], [0.07, 0.20, 0.09]])
_CLAY: Final = np.array([0.87, 0.74, 0.63])
_EARTH: Final = np.array([0.50, 0.38, 0.27])

# where straw glaze was splashed on: x, y, which side (+1 left), half width, length of the runs
_SPLASHES: Final = (
    (-16.0, 41.0, 1, 1.9, 9), (-12.6, 37.5, 1, 1.7, 8), (14.8, 36.0, 1, 3.0, 9), (11.0, 29.5, 1, 1.5, 7),
    (-14.2, 28.0, 1, 1.9, 9), (-13.0, 41.0, -1, 2.8, 10), (12.0, 36.5, -1, 3.2, 9), (-14.0, 28.0, -1, 2.0, 8),
    (15.0, 26.0, -1, 1.6, 8), (-19.0, 35.0, 0, 1.8, 6), (18.5, 30.0, 0, 2.0, 9), (14.6, 25.0, 1, 1.7, 8),
)  # fmt: skip


def _step(value: F8, low: float, high: float) -> F8:
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _glaze(tones: F8, thick: F8) -> F8:
    at = np.clip(thick, 0.0, 1.0) * (len(tones) - 1)
    return np.column_stack([np.interp(at, np.arange(len(tones)), tones[:, n]) for n in range(3)])


def _over(below: F8, above: F8, part: F8) -> F8:
    return np.asarray(below + (above - below) * part[:, None])


def _runs(points: F8, size: float, seed: int, stretch: float = 0.16, n_octaves: int = 2) -> F8:
    """Return noise drawn out downwards, as runs of glaze are."""
    return wave_noise(points * (1.0, stretch, 1.0), size, seed, n_octaves)


def paint_horse(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3) of points (n, 3), centimetres, with their normals (n, 3)."""
    drawn = points.copy()
    drawn[:, 1] += 0.12 * wave_noise(points, 1.4, 5, 2)
    layers = layers_of_horse(drawn)
    part = layers.argmin(axis=1)
    hollow = np.zeros(len(points))
    for reach in (0.25, 0.7):
        hollow += np.clip(1 - layers_of_horse(points + reach * normals).min(axis=1) / reach, -0.6, 1.0) / 2
    pooled = 0.10 * wave_noise(points, 3.0, 11) + 0.55 * hollow - 0.12 * normals[:, 1]
    colours = np.empty((len(points), 3))
    painters = {
        HIDE: _hide, MANE: _mane, CLOTH: _cloth, COVER: _cover, STRAP: _strap, PENDANT: _pendant, SLAB: _bare,
        BOUND_TAIL: _tail,
    }  # fmt: skip
    for layer, painter in painters.items():
        at = part == layer
        if at.any():
            colours[at] = painter(points[at], normals[at], pooled[at])
    bare = (part == SLAB) | (points[:, 1] < 4.0)
    dirt = _step(hollow + 0.35 * wave_noise(points, 1.2, 31), 0.35, 0.95) * np.where(bare, 0.55, 0.4)
    colours = _over(colours, np.broadcast_to(_EARTH, colours.shape), dirt)
    # where glaze has flaked from edges, the clay shows
    flaked = _step(wave_noise(points, 0.9, 41) - 0.6 * hollow, 1.28, 1.36) * (part != SLAB)
    return np.clip(_over(colours, np.broadcast_to(_CLAY, colours.shape), 0.85 * flaked), 0.0, 1.0)


def _bare(points: F8, normals: F8, pooled: F8) -> F8:
    clay = np.broadcast_to(_CLAY, points.shape) * (1 + 0.05 * wave_noise(points, 5.0, 51) - 0.04)[:, None]
    dusty = _step(wave_noise(points, 4.5, 52), 0.0, 1.4) * 0.28
    clay = _over(clay, np.broadcast_to(_EARTH, points.shape), dusty)
    # a few drops fell from the belly
    drop = _step(wave_noise(points, 1.6, 53, 1), 1.12, 1.3) * (points[:, 1] > 1.3)
    return _over(clay, _glaze(_AMBER, 0.35 + pooled), drop)


def _hide(points: F8, normals: F8, pooled: F8) -> F8:
    x, y, z = points.T
    fine, broad = _runs(points, 1.2, 61), _runs(points, 4.5, 62, 0.3)
    amber = _glaze(_AMBER, 0.40 + 1.3 * pooled + 0.17 * broad + 0.13 * fine - 0.25 * _step(fine + broad, 0.7, 1.5))
    straw = _glaze(_STRAW, 0.34 + 1.2 * pooled + 0.16 * fine + 0.12 * broad)
    # splashes of straw glaze on neck, shoulder and haunch, each running down in drips of its own length
    splashed = np.zeros(len(points))
    for n, (sx, sy, left, wide, long) in enumerate(_SPLASHES):
        at = np.flatnonzero(
            (np.abs(x - sx) < 1.3 * wide) & (y < sy + wide) & (y > sy - 1.4 * long) & (z * left >= -0.5)
        )
        if len(at) == 0:
            continue
        aside = (x[at] - sx + 0.25 * broad[at]) / wide
        drips = 0.45 + 0.3 * np.sin(3.1 * wide * aside + n) + 0.2 * np.sin(5.3 * wide * aside + 2.3 * n)
        round_off = np.sqrt(np.clip(1 - aside**2, 0, 1))
        down = (sy - y[at]) / (long * (0.3 + 0.7 * drips) * round_off + 0.1)
        rise = (y[at] - sy) / (wide * (0.7 + 0.35 * np.sin(2.2 * wide * aside + 3 * n)) * round_off + 0.1)
        inside = np.minimum(1 - np.maximum(down, rise), 2.2 * (1 - np.abs(aside)))
        # the runs of two glazes mingle: sharp nowhere, feathered in threads
        threads = _runs(points[at], 0.5, 65, 0.06, 1)
        splashed[at] = np.maximum(splashed[at], _step(inside + 0.14 * threads + 0.1 * fine[at], -0.08, 0.5))
    angle = np.radians(TURN_DEG)
    u, w = x - POLL[0], z - POLL[2]
    ahead, aside = np.cos(angle) * u - np.sin(angle) * w, np.sin(angle) * u + np.cos(angle) * w
    facing = -(np.cos(angle) * normals[:, 0] - np.sin(angle) * normals[:, 2])
    blaze = _step(1.25 + 0.3 * fine - np.abs(aside), 0.0, 0.5) * _step(facing, 0.45, 0.75) * (ahead < -3.2) * (y > 37.5)
    coat = _over(amber, straw, np.maximum(0.88 * splashed, 0.95 * blaze))
    # what is glazed green above sends green down
    above = points.copy()
    above[:, 1] += 1.0 + 0.9 * _runs(points, 1.1, 21, 0.05, 1)
    upstream = layers_of_horse(above)[:, [PENDANT, CLOTH]].min(axis=1)
    green = 1 - _step(upstream, 0.02, 0.3)
    coat = _over(coat, _glaze(_GREEN, 0.3 + pooled), 0.75 * green * _step(fine, -0.3, 0.6) * (y < 36))
    # thinning down the legs to an irregular line, below it bare clay
    legs = _step(11.0 + 1.5 * fine - y, 0.0, 6.0)
    coat = _over(coat, straw, 0.6 * legs)
    end = 4.9 + 0.8 * _runs(points, 1.8, 64, 0.05) + 0.25 * np.sin(0.8 * x)
    coat = _over(coat, _glaze(_AMBER, 0.55 + pooled), 0.8 * _step(end + 0.7 - y, 0.0, 0.5))
    coat = _over(coat, _bare(points, normals, pooled), _step(end - y, -0.08, 0.08))
    for eye in EYES:
        ball = np.linalg.norm(points - eye, axis=1) - EYE_RADIUS
        coat = _over(coat, straw, 1 - _step(ball, 0.03, 0.10))
        pupil = eye + np.array([-0.25, 0.0, np.sign(eye[2])])
        black = (1 - _step(np.linalg.norm(points - pupil, axis=1), 0.55, 0.7)) * (ball < 0.1)
        coat = _over(coat, np.broadcast_to(_EARTH * 0.3, coat.shape), black)
    return coat


def _mane(points: F8, normals: F8, pooled: F8) -> F8:
    runs = _runs(points, 1.6, 71, 0.4)
    straw = _glaze(_STRAW, 0.25 + 1.1 * pooled + 0.12 * runs)
    return _over(straw, _glaze(_AMBER, 0.25 + pooled), 0.6 * _step(runs, 0.5, 1.2))


def _tail(points: F8, normals: F8, pooled: F8) -> F8:
    cord = _step(1.35 - np.abs(points[:, 1] - 29.75) + 0.1 * wave_noise(points, 0.8, 72), 0.0, 0.25)
    amber = _glaze(_AMBER, 0.4 + 1.2 * pooled)
    root = _step(20.2 + 0.7 * _runs(points, 1.2, 73) - points[:, 0], -0.3, 0.5)
    return _over(_mane(points, normals, pooled), amber, np.maximum(0.9 * cord, 0.95 * root))


def _cloth(points: F8, normals: F8, pooled: F8) -> F8:
    x, y, _ = points.T
    fine, broad = _runs(points, 1.0, 81, 0.09), _runs(points, 3.0, 82, 0.12)
    green = _glaze(_GREEN, 0.50 + 1.2 * pooled + 0.20 * broad + 0.14 * fine)
    straw = _glaze(_STRAW, 0.3 + pooled)
    amber = _glaze(_AMBER, 0.45 + pooled)
    # spots kept free with wax, drawn out where the glaze ran over them
    row = np.floor((y - 22.0) / 2.6)
    u = (x + 1.3 * (row % 2) + 0.15 * fine) / 2.6
    du, dv = (u - np.round(u)) * 2.6, y - 22.0 - 2.6 * (row + 0.5) + 0.2 * broad
    spot = np.hypot(du, dv * np.where(dv < 0, 0.5, 1.0)) + 0.12 * np.cos(5 * np.arctan2(du, dv)) - 0.2 * fine
    dotted = (1 - _step(spot, 0.35, 0.85)) * _step(y, 24.6, 25.4)
    colour = _over(green, straw, 0.9 * dotted)
    colour = _over(colour, amber, 0.9 * (1 - _step(spot, 0.08, 0.42)) * _step(y, 24.6, 25.4))
    colour = _over(colour, straw, 0.85 * _step(broad + 0.5 * fine, 0.7, 1.3))
    colour = _over(colour, amber, 0.85 * _step(-broad + 0.5 * fine, 0.7, 1.3))
    edge = np.maximum(np.abs(x - 1.0) - 6.5, 24.2 - y)
    return _over(colour, _over(amber, straw, _step(fine, 0.1, 0.7)), 0.85 * _step(edge + 0.15 * fine, 0.0, 0.3))


def _cover(points: F8, normals: F8, pooled: F8) -> F8:
    # down either side from the seat: the runs follow the cloth over its edge
    fine, broad = (wave_noise(points * (1.0, 0.1, 0.14), size, seed, 2) for size, seed in ((1.3, 91), (3.6, 92)))
    colour = _glaze(_STRAW, 0.30 + 1.2 * pooled + 0.14 * fine)
    colour = _over(colour, _glaze(_AMBER, 0.35 + pooled), 0.9 * _step(broad + 0.3 * fine, 0.2, 0.8))
    return _over(colour, _glaze(_GREEN, 0.35 + pooled), 0.9 * _step(-broad + 0.3 * fine, 0.3, 0.9))


def _strap(points: F8, normals: F8, pooled: F8) -> F8:
    runs = _runs(points, 2.0, 101, 0.5)
    straw = _glaze(_STRAW, 0.3 + pooled)
    return _over(straw, _glaze(_GREEN, 0.35 + pooled), 0.85 * _step(runs, 0.2, 0.7))


def _pendant(points: F8, normals: F8, pooled: F8) -> F8:
    away = np.full(len(points), np.inf)
    for row in PENDANTS:
        away = np.minimum(away, np.linalg.norm(points - row[:3], axis=1) / row[9])
    green = _glaze(_GREEN, 0.42 + pooled + 0.12 * _runs(points, 0.9, 111))
    return _over(green, _glaze(_STRAW, 0.25 + pooled), 0.9 * (1 - _step(away, 0.5, 0.75)))
