"""Bixi, the tortoise that bears the stele, on its plinth."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._carving import grass, rope, scales, within
from exhibit.capture.objects._tortoise_head import distance_to_neck_and_head
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
    # rings of growth: each plate rises in steps to a boss
    relief = 0.009 * np.clip(inside / 0.12, 0, 1)
    for ring, rise in ((0.3, 0.0045), (0.5, 0.004), (0.7, 0.0035)):
        relief += rise * np.clip((inside - ring) / 0.07, 0, 1) - 0.0025 * np.clip(
            1 - np.abs(inside - ring) / 0.05, 0, 1
        )
    shell[close] -= relief * np.clip((at[close, 1] - 0.17) / 0.02, 0, 1)
    around = np.arctan2(at[:, 0] / 0.41, (at[:, 2] - SHELL_MIDDLE[2]) / 0.48)
    skirt = ellipsoid(at, (0.0, 0.165, float(SHELL_MIDDLE[2])), (0.405, 0.044, 0.475))
    outward = np.hypot(at[:, 0] / 0.405, (at[:, 2] - SHELL_MIDDLE[2]) / 0.475)
    near = np.clip(1.5 - np.abs(skirt) / 0.02, 0, 1) * (at[:, 1] > 0.16)
    seam = np.clip(1 - np.abs(np.sin(13 * around)) / 0.16, 0, 1)
    rolled = np.clip(1 - np.abs(outward - 0.985) / 0.022, 0, 1)
    groove = np.clip(1 - np.abs(outward - 0.945) / 0.014, 0, 1)
    ring = np.clip(1 - np.abs(np.abs(np.sin(13 * around)) - 0.55) / 0.12, 0, 1) * (outward < 0.94)
    skirt = skirt + (0.0055 * np.maximum(seam * (outward < 0.95), groove) - 0.005 * rolled + 0.003 * ring) * near
    return smooth_union(shell, skirt, 0.014) * 0.76


def _under(at: F8) -> F8:
    belly = ellipsoid(at, (0.0, 0.12, -0.13), (0.31, 0.085, 0.4))
    for hip, paw, way in (
        ((0.22, 0.15, 0.17), (0.315, 0.105, 0.285), 1.0),
        ((0.24, 0.15, -0.4), (0.315, 0.105, -0.5), -0.35),
    ):
        path = np.array([hip, tuple(0.5 * (np.array(hip) + paw) + [0.03, 0.02, 0.0]), paw])
        leg, along, aside = rope(at, path, np.array([0.085, 0.075, 0.056]))
        leg = leg - 0.0045 * scales(along, aside + 0.3, 0.034) * np.clip(1.5 - np.abs(leg) / 0.02, 0, 1)
        leg = smooth_union(leg, ellipsoid(at, (paw[0] + 0.008, 0.1, paw[2] + 0.03 * way), (0.07, 0.036, 0.078)), 0.025)
        for n in range(4):
            aside_m = (n - 1.5) * 0.034
            root = (paw[0] + 0.008 + aside_m, 0.098, paw[2] + 0.03 * way + 0.05 * np.sign(way))
            knuckle = (root[0] + 0.25 * aside_m, 0.104, root[2] + 0.024 * np.sign(way))
            tip = (root[0] + 0.55 * aside_m, 0.079, root[2] + 0.078 * np.sign(way))
            leg = smooth_union(leg, capsule(at, root, knuckle, 0.02, 0.0185), 0.005)
            leg = np.minimum(leg, capsule(at, knuckle, tip, 0.0155, 0.003))
        belly = smooth_union(belly, leg, 0.03)
    return np.asarray(belly)


def _tail(at: F8) -> F8:
    path = np.array([(0.0, 0.13, -0.5), (0.02, 0.12, -0.57), (0.07, 0.11, -0.6), (0.12, 0.1, -0.585)])
    return rope(at, path, np.array([0.055, 0.04, 0.028, 0.012]))[0]


def _waves(u: F8, v: F8, size: float) -> F8:
    """Return relief (n,) 0 to 1 of the sea as carvers draw it: rows of overlapping rings."""
    best = np.zeros(len(u))
    filled = np.zeros(len(u), bool)
    half = size / 2
    for step in range(4):
        row = np.floor(v / half) - step + 1
        column = np.floor(u / size + 0.5 * (row % 2) + 0.5)
        away = np.hypot(u - (column - 0.5 * (row % 2)) * size, v - row * half) / half
        inside = (away < 1) & ~filled & (v >= row * half - half)
        best = np.where(inside, 0.5 + 0.5 * np.cos(2 * np.pi * (away - 0.9) * 3), best)
        filled |= inside
    return best


def _plinth(at: F8) -> F8:
    half = PLINTH_HEIGHT / 2
    plinth = box(at, (0.0, half, 0.0), (PLINTH_HALF[0], half, PLINTH_HALF[1]), 0.008)
    near = np.flatnonzero(np.abs(plinth) < 0.02)
    x, y, z = at[near].T
    fade = np.clip(1.5 - np.abs(plinth[near]) / 0.012, 0, 1)
    to_edge = np.minimum(PLINTH_HALF[0] - np.abs(x), PLINTH_HALF[1] - np.abs(z))
    top = (y > PLINTH_HEIGHT - 0.012) * np.clip((to_edge - 0.03) / 0.006, 0, 1)
    band = 0.5 * np.clip(1 - np.abs(to_edge - 0.022) / 0.004, 0, 1) * (y > PLINTH_HEIGHT - 0.012)
    cut = top * 0.0055 * (1 - _waves(x, -z, 0.13)) + 0.004 * band
    is_front = np.abs(z) > PLINTH_HALF[1] - 0.012
    along, length = np.where(is_front, x, z), np.where(is_front, PLINTH_HALF[0], PLINTH_HALF[1])
    frieze = np.clip((0.022 - np.abs(y - half)) / 0.003, 0, 1) * np.clip((length - 0.03 - np.abs(along)) / 0.004, 0, 1)
    frieze *= (is_front | (np.abs(x) > PLINTH_HALF[0] - 0.012)) & (y < PLINTH_HEIGHT - 0.012)
    cut += 0.0045 * frieze * (1 - grass(along, y - half, 0.088, 0.024))
    plinth[near] = (plinth[near] + cut * fade) * 0.85
    return plinth


def distance_to_tortoise(points: F8) -> F8:
    """Return the distance (n,), metres, to tortoise and plinth."""
    both = points.copy()
    both[:, 0] = np.abs(both[:, 0])
    tortoise = within(both, (0.0, 0.1, -0.61), (0.42, 0.44, 0.36), 0.03, _shell)
    low = within(both, (0.0, 0.02, -0.64), (0.43, 0.25, 0.48), 0.03, _under)
    tortoise = smooth_union(tortoise, low, 0.012)
    head = within(points, (-0.16, 0.04, 0.0), (0.16, 0.48, 0.63), 0.03, distance_to_neck_and_head)
    tortoise = smooth_union(tortoise, head, 0.015)
    tortoise = np.minimum(tortoise, within(points, (-0.06, 0.06, -0.64), (0.15, 0.2, -0.44), 0.03, _tail))
    return smooth_union(tortoise, _plinth(points), 0.006)
