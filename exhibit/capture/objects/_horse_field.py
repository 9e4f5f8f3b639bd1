"""The horse's distance, layer by layer, in centimetres: hide, mane, cloths, straps, pendants, slab and tail."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from exhibit.capture.objects._horse_form import BODY, TAIL, TRUNK
from exhibit.capture.objects._horse_tack import CREST, FORELOCK, PENDANTS, SADDLE, STRAPS
from exhibit.geometry.rods import grown_together, joined
from exhibit.model.arrays import F8

HIDE, MANE, CLOTH, COVER, STRAP, PENDANT, SLAB, BOUND_TAIL = range(8)
N_LAYERS: Final = 8
FAR: Final = 3.0

_TABLES: Final = (
    BODY.rows, BODY.groups, TRUNK.rows, TRUNK.groups, TAIL.rows, TAIL.groups, SADDLE.rows, SADDLE.groups,
    FORELOCK.rows, FORELOCK.groups, CREST, STRAPS, PENDANTS,
)  # fmt: skip


def layers_of_horse(points: F8) -> F8:
    """Return the distances (n, 8) of points (n, 3), both in centimetres, to each layer."""
    layers = np.empty((len(points), N_LAYERS))
    _all_layers(np.ascontiguousarray(points, dtype=np.float64), layers, *_TABLES)
    return layers


@njit(cache=True, error_model="numpy")
def _ramp(value: float, low: float, high: float) -> float:
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


@njit(cache=True, error_model="numpy")
def _both_of(a: float, b: float, width: float) -> float:
    """Return the part inside two forms, its edge rounded over `width`."""
    return -joined(-a, -b, width)


@njit(cache=True, error_model="numpy")
def _mane(x: float, y: float, z: float, hide: float, crest: F8) -> float:
    """Return the distance to the long mane, combed over to the left."""
    nearest = 1e18
    for n in range(len(crest) - 1):
        du, dv = crest[n + 1, 0] - crest[n, 0], crest[n + 1, 1] - crest[n, 1]
        u, v = x - crest[n, 0], y - crest[n, 1]
        t = min(max((u * du + v * dv) / (du * du + dv * dv), 0.0), 1.0)
        nearest = min(nearest, (u - t * du) ** 2 + (v - t * dv) ** 2)
    away = np.sqrt(nearest)
    # measured straight from the poll to the withers: along the bent crest it would jump on its hollow side
    along, walked = 0.61 * (x + 15.4) - 0.79 * (y - 52.3), 19.3
    middle = _ramp(along, 0.5, 6.0) * (1 - 0.75 * _ramp(along, walked - 7.5, walked))
    left = 1.6 + 3.7 * middle + 0.3 * np.sin(1.1 * along)
    # locks lean down the neck in a long wave, deep between, fine within, each with a tip of its own
    phase = 2.1 * (along - 0.85 * away) + 0.8 * np.sin(0.75 * away + 0.45 * along)
    lock = abs(np.sin(phase))
    strand = (0.30 * lock + 0.05 * np.sin(5.0 * phase)) * _ramp(away, 0.1, 1.2)
    hair = 0.9 + (left + 0.5 * lock - 0.9) * _ramp(z, -0.8, 0.8)
    high = 0.30 + strand - 0.04 * away * middle
    fallen = _both_of(hide - high, 0.8 * (away - hair), 0.4)
    thick = 0.35 + 0.3 * _ramp(along, 0.0, 2.0) * (1 - _ramp(along, walked - 5, walked)) + 0.05 * lock
    ridge = np.sqrt(nearest + z * z) - thick
    return 0.68 * joined(fallen, ridge, 0.8)


@njit(cache=True, error_model="numpy")
def _cloth(x: float, y: float, trunk: float) -> float:
    """Return the distance to the saddle cloth, bordered and fringed, that hangs straight from the barrel."""
    u, v = abs(x - 1.0) - 5.0, abs(y - 33.0) - 7.3
    edge = np.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2) + min(max(u, v), 0.0) - 2.6
    edge += 0.12 * np.sin(1.3 * x + 0.8)
    low = 1 - _ramp(y, 24.0, 30.0)
    high = 0.62 + 0.16 * low * np.sin(1.5 * x + 0.4)
    fringe = _ramp(edge, -1.35, -1.05)
    high += 0.16 * _ramp(edge, -2.1, -1.85) * (1 - fringe) + fringe * (
        0.12 * np.sin(8.0 * x) * _ramp(-v, -2.6, -1.0) - 0.05
    )
    return 0.8 * _both_of(trunk - high, edge, 0.3)


@njit(cache=True, error_model="numpy")
def _cover(x: float, y: float, trunk: float) -> float:
    """Return the distance to the cover of the saddle, drawn together on either side and falling in pleats."""
    u = x - 1.2
    wide = 1.35 + 4.3 * _ramp(y, 29.8, 36.5) + 1.5 * (1 - _ramp(y, 26.0, 29.8))
    edge = max(0.72 * (abs(u) - wide), 25.8 + 0.25 * np.cos(3 * u) - y)
    pleat = np.cos(3.6 * np.pi * u / wide) * (1 - _ramp(y, 35.5, 38.5))
    high = 1.0 + 0.24 * pleat + 0.3 * _ramp(y, 29.0, 30.2) * (1 - _ramp(y, 30.4, 33.0))
    return 0.7 * _both_of(trunk - high, edge, 0.5)


@njit(cache=True, error_model="numpy")
def _pendant(x: float, y: float, z: float, hide: float, row: F8) -> float:
    """Return the distance to an apricot leaf with a raised rim and boss, or to a rosette of six petals."""
    u, v, w = x - row[0], y - row[1], z - row[2]
    away = float(np.sqrt(u * u + v * v + w * w) - 3.2 * row[9])
    if away > 1.0:
        return away
    size = row[9]
    across = (u * row[3] + v * row[4] + w * row[5]) / size
    down = (u * row[6] + v * row[7] + w * row[8]) / size
    if row[10] > 0.5:
        edge = np.sqrt(across * across + down * down) - 1.1
        edge += 0.1 * np.cos(6 * np.arctan2(across, down))
        high = row[11] + 0.14 * size * (1 - _ramp(edge, -1.0, -0.7))
    else:
        t = min(max(down / 1.5, 0.0), 1.0)
        leaf = np.sqrt(across * across + (down - 1.5 * t) ** 2) - 1.12 + 0.85 * t
        knob = np.sqrt(across * across + (down + 1.35) ** 2) - 0.42
        edge = min(leaf, knob)
        boss = np.sqrt(across * across + (down - 0.15) ** 2)
        high = row[11] + 0.14 * size * (_ramp(leaf, -0.34, -0.22) + 1 - _ramp(boss, 0.3, 0.5))
    return 0.8 * _both_of(_both_of(hide - high, 0.9 * edge * size, 0.12), away, 0.1)


@njit(cache=True, error_model="numpy")
def _layers(x: float, y: float, z: float, layers: F8, body: F8, body_groups: F8, trunk: F8, trunk_groups: F8,
            tail: F8, tail_groups: F8, saddle: F8, saddle_groups: F8, lock: F8, lock_groups: F8, crest: F8,
            straps: F8, pendants: F8) -> None:  # fmt: skip
    hide = max(grown_together(x, y, z, body, body_groups), 0.8 - y)
    layers[HIDE] = hide
    layers[BOUND_TAIL] = grown_together(x, y, z, tail, tail_groups)
    wave = 0.1 * np.sin(0.55 * x + 1.0) + 0.08 * np.sin(0.9 * z + 0.35 * x)
    u, v, w = abs(x + 0.2) - 17.2 + wave, abs(y - 0.8) - 0.4, abs(z) - 7.8 + wave
    layers[SLAB] = (np.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2 + max(w, 0.0) ** 2)
                    + min(max(u, max(v, w)), 0.0) - 0.4)  # fmt: skip
    # each worn thing is looked at only near its ball or box; beyond it that is its bound
    ball = np.sqrt((x + 12.5) ** 2 + (y - 45.5) ** 2 + z * z) - 12.5
    layers[MANE] = ball
    if ball < FAR:
        layers[MANE] = min(_mane(x, y, z, hide, crest), grown_together(x, y, z, lock, lock_groups))
    u, v, w = abs(x - 1.2) - 8.2, abs(y - 32.5) - 9.4, abs(z) - 9.8
    box = np.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2 + max(w, 0.0) ** 2)
    layers[CLOTH] = layers[COVER] = box
    if box < FAR:
        hung = grown_together(x, max(y, 28.5) + 0.12 * min(y - 28.5, 0.0), z, trunk, trunk_groups)
        layers[CLOTH] = _cloth(x, y, hung)
        layers[COVER] = joined(_cover(x, y, hung), grown_together(x, y, z, saddle, saddle_groups), 1.4)
    layers[STRAP] = layers[PENDANT] = max(hide - 0.8, 0.0) if hide > FAR else hide + 1.0
    if hide < FAR:
        for n in range(len(straps)):
            row = straps[n]
            away = np.sqrt((x - row[5]) ** 2 + (y - row[6]) ** 2 + (z - row[7]) ** 2) - row[8]
            if away < layers[STRAP]:
                band = abs(x * row[0] + y * row[1] + z * row[2] - row[3]) - row[4]
                layers[STRAP] = min(layers[STRAP], max(_both_of(hide - row[9], band, 0.2), away))
        for n in range(len(pendants)):
            layers[PENDANT] = min(layers[PENDANT], _pendant(x, y, z, hide, pendants[n]))


@njit(cache=True, error_model="numpy")
def _all_layers(points: F8, layers: F8, body: F8, body_groups: F8, trunk: F8, trunk_groups: F8, tail: F8,
                tail_groups: F8, saddle: F8, saddle_groups: F8, lock: F8, lock_groups: F8, crest: F8, straps: F8,
                pendants: F8) -> None:  # fmt: skip
    for i in range(len(points)):
        _layers(points[i, 0], points[i, 1], points[i, 2], layers[i], body, body_groups, trunk, trunk_groups, tail,
                tail_groups, saddle, saddle_groups, lock, lock_groups, crest, straps, pendants)  # fmt: skip
