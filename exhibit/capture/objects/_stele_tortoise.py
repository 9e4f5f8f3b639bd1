"""Bixi, the tortoise that bears the stele, on its plinth."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._carving import dragon_head, rope, within
from exhibit.geometry.distance_fields import box, capsule, ellipsoid, smooth_union
from exhibit.model.arrays import F8

PLINTH_HEIGHT: Final = 0.075
PLINTH_HALF: Final = (0.43, 0.625)
SHELL_MIDDLE: Final = np.array([0.0, 0.165, -0.13])
_SHELL_RADII: Final = np.array([0.365, 0.25, 0.43])
_HEX: Final = 0.082


def hexagons(x: F8, z: F8) -> F8:
    """Return how far (n,) inside its hexagon a place lies, 0 at the seams to 1 in the middle."""
    width = 2 * _HEX
    rise = width * np.sqrt(3) / 2
    best = np.full(len(x), np.inf)
    second = best.copy()
    row = np.floor(x / rise + 0.5)
    for dr in (-1, 0, 1):
        r = row + dr
        shift = 0.5 * (r % 2)
        column = np.floor(z / width - shift + 0.5)
        for dc in (-1, 0, 1):
            away = np.hypot(x - r * rise, z - (column + dc + shift) * width)
            second = np.minimum(second, np.maximum(best, away))
            best = np.minimum(best, away)
    return np.asarray((second - best) / width)


def _shell(at: F8) -> F8:
    shell = ellipsoid(at, tuple(SHELL_MIDDLE), tuple(_SHELL_RADII))
    close = np.flatnonzero((np.abs(shell) < 0.03) & (at[:, 1] > 0.17))
    away = (at[close] - SHELL_MIDDLE) / _SHELL_RADII
    # spread so that hexagons keep their size as the dome falls away
    flat = np.hypot(away[:, 0], away[:, 2])
    spread = np.arctan2(flat, np.maximum(away[:, 1], 1e-6)) / np.maximum(flat, 1e-6)
    inside = hexagons(away[:, 0] * spread * 0.33, away[:, 2] * spread * 0.39 + _HEX)
    relief = 0.008 * np.clip(inside / 0.2, 0, 1) + 0.006 * np.clip((inside - 0.36) / 0.12, 0, 1)
    shell[close] -= relief * np.clip((at[close, 1] - 0.17) / 0.02, 0, 1)
    around = np.arctan2(at[:, 0] / 0.41, (at[:, 2] - SHELL_MIDDLE[2]) / 0.48)
    skirt = ellipsoid(at, (0.0, 0.165, float(SHELL_MIDDLE[2])), (0.405, 0.042, 0.475))
    skirt = skirt + 0.004 * np.clip(1 - np.abs(np.sin(13 * around)) / 0.22, 0, 1)
    return smooth_union(shell, skirt, 0.02) * 0.79


def _under(at: F8) -> F8:
    belly = ellipsoid(at, (0.0, 0.12, -0.13), (0.31, 0.085, 0.4))
    for hip, paw, way in (
        ((0.22, 0.15, 0.17), (0.315, 0.105, 0.285), 1.0),
        ((0.24, 0.15, -0.4), (0.315, 0.105, -0.5), -0.35),
    ):
        leg = capsule(at, hip, paw, 0.075, 0.055)
        leg = smooth_union(leg, ellipsoid(at, (paw[0] + 0.008, 0.1, paw[2] + 0.03 * way), (0.062, 0.04, 0.075)), 0.03)
        for n in range(4):
            aside = (n - 1.5) * 0.031
            root = (paw[0] + 0.008 + aside, 0.1, paw[2] + 0.03 * way + 0.055 * np.sign(way))
            tip = (root[0] + 0.35 * aside, 0.084, root[2] + 0.048 * np.sign(way))
            leg = smooth_union(leg, capsule(at, root, tip, 0.018, 0.009), 0.006)
        belly = smooth_union(belly, leg, 0.03)
    return np.asarray(belly)


def _neck_and_head(at: F8) -> F8:
    path = np.array([(0.0, 0.2, 0.12), (0.0, 0.215, 0.25), (0.0, 0.26, 0.35), (0.0, 0.325, 0.41)])
    neck, along, _ = rope(at, path, np.array([0.125, 0.115, 0.1, 0.09]))
    neck = neck + 0.004 * np.cos(along * 2 * np.pi / 0.04) * (np.abs(neck) < 0.03)
    length = 0.165
    away = at - np.array([0.0, 0.365, 0.44])
    ahead, up = np.array([0.0, 0.1, 0.995]), np.array([0.0, 0.995, -0.1])
    frame = np.column_stack([away @ ahead, away @ up, away[:, 0]]) / length
    return smooth_union(neck, dragon_head(frame, has_mane=False) * length * 0.95, 0.03) * 0.9


def _tail(at: F8) -> F8:
    path = np.array([(0.0, 0.13, -0.5), (0.02, 0.12, -0.57), (0.07, 0.11, -0.6), (0.12, 0.1, -0.585)])
    return rope(at, path, np.array([0.055, 0.04, 0.028, 0.012]))[0]


def distance_to_tortoise(points: F8) -> F8:
    """Return the distance (n,), metres, to tortoise and plinth."""
    both = points.copy()
    both[:, 0] = np.abs(both[:, 0])
    half = PLINTH_HEIGHT / 2
    tortoise = box(points, (0.0, half, 0.0), (PLINTH_HALF[0], half, PLINTH_HALF[1]), 0.008)
    tortoise = np.minimum(tortoise, within(both, (0.0, 0.1, -0.61), (0.42, 0.44, 0.36), 0.03, _shell))
    low = within(both, (0.0, 0.02, -0.62), (0.42, 0.24, 0.46), 0.03, _under)
    tortoise = smooth_union(tortoise, low, 0.012)
    head = within(points, (-0.14, 0.06, 0.05), (0.14, 0.48, 0.61), 0.03, _neck_and_head)
    tortoise = smooth_union(tortoise, head, 0.015)
    return np.minimum(tortoise, within(points, (-0.06, 0.06, -0.64), (0.15, 0.2, -0.44), 0.03, _tail))
