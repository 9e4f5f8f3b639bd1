"""The six dragons of the crown: scaled bodies that cross over the top, legs that grip, heads that hang at the sides."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

import numpy as np
from numba import njit

from exhibit.capture.objects._carving import scales, within
from exhibit.capture.objects._chi_head import chi_head
from exhibit.geometry.distance_fields import capsule, smooth_union, sphere
from exhibit.model.arrays import F8

FACE: Final = 0.078
# up the right side, over the top to the left, down beside the panel; metres from the middle of the slab's top edge
_WAY: Final = np.array(
    [(0.325, 0.13), (0.33, 0.215), (0.338, 0.305), (0.302, 0.395), (0.236, 0.462), (0.15, 0.512), (0.06, 0.538),
     (-0.035, 0.53), (-0.115, 0.487), (-0.172, 0.425), (-0.205, 0.355), (-0.208, 0.285), (-0.178, 0.225),
     (-0.172, 0.165), (-0.205, 0.115), (-0.228, 0.065), (-0.2, 0.022), (-0.155, 0.016), (-0.14, 0.044)]
)  # fmt: skip
_THICK: Final = np.array(
    [29, 34, 43, 46, 41, 37, 38, 42, 45, 43, 37, 35, 37, 34, 28, 23, 18, 13, 6]
) / 1000  # fmt: skip
_OVER: Final = np.array([76, 60, 26, 46, 84, 96, 112, 112, 98, 90, 96, 98, 92, 96, 98, 94, 90, 88, 86]) / 1000
_UNDER: Final = np.array([70, 70, 76, 84, 82, 74, 66, 66, 78, 88, 94, 98, 96, 92, 96, 96, 92, 88, 86]) / 1000
_RIDGE: Final = np.array(
    [(0.335, 0.12, 0.0), (0.322, 0.2, 0.018), (0.292, 0.29, 0.07), (0.275, 0.385, 0.062), (0.24, 0.474, 0.012),
     (0.16, 0.53, 0.0), (0.06, 0.556, 0.028), (-0.05, 0.553, 0.03), (-0.14, 0.52, 0.016), (-0.21, 0.46, 0.01)]
)  # fmt: skip
_RIDGE_THICK: Final = np.array([28, 34, 41, 43, 40, 37, 38, 36, 30, 18]) / 1000


def _smoothed(knots: F8, n_between: int) -> F8:
    """Return a Catmull-Rom curve through knots (n, k)."""
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    before, here, after, last = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    pieces = [
        0.5 * (2 * here + (after - before) * t + (2 * before - 5 * here + 4 * after - last) * t * t
               + (3 * here - before - 3 * after + last) * t**3)
        for t in np.arange(n_between) / n_between
    ]  # fmt: skip
    return np.concatenate([np.stack(pieces, axis=1).reshape(-1, knots.shape[1]), knots[-1:]])


_FIRST: Final = _smoothed(np.column_stack([_WAY, _OVER, _THICK]), 3)
_SECOND: Final = _smoothed(np.column_stack([_WAY, _UNDER, _THICK]), 3)
_THIRD: Final = _smoothed(np.column_stack([_RIDGE, _RIDGE_THICK]), 3)


@njit(cache=True)
def _along_and_around(points: F8, path: F8) -> F8:
    """Return distance, length along, angle around (0 inwards) and radius, (n, 4), of a body along `path` (m, 4)."""
    found = np.empty((len(points), 4))
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        best, start = 1e9, 0.0
        for n in range(len(path) - 1):
            wx, wy, wz = path[n + 1, 0] - path[n, 0], path[n + 1, 1] - path[n, 1], path[n + 1, 2] - path[n, 2]
            squared = wx * wx + wy * wy + wz * wz
            px, py, pz = x - path[n, 0], y - path[n, 1], z - path[n, 2]
            t = min(max((px * wx + py * wy + pz * wz) / squared, 0.0), 1.0)
            px, py, pz = px - t * wx, py - t * wy, pz - t * wz
            radius = path[n, 3] + t * (path[n + 1, 3] - path[n, 3])
            away = math.sqrt(px * px + py * py + pz * pz) - radius
            length = math.sqrt(squared)
            if away < best:
                best = away
                flat = math.sqrt(wx * wx + wy * wy) + 1e-12
                found[i, 0], found[i, 1], found[i, 3] = away, start + t * length, radius
                found[i, 2] = math.atan2(pz, (wx * py - wy * px) / flat)
            start += length
    return found


def _body(at: F8, path: F8) -> F8:
    """Return the distance to a body: scales on its flanks, plates on its belly, a toothed fin along its back."""
    body, along, around, radius = _along_and_around(np.ascontiguousarray(at), path).T
    body = body.copy()
    near = np.flatnonzero(np.abs(body) < 0.03)
    run, turn, thick = along[near], np.abs(around[near]), radius[near]
    fade = np.clip(1.5 - np.abs(body[near]) / 0.02, 0, 1)
    flank = scales(2.0 - run, (turn - 0.5 * np.pi) * 0.04 + 0.2, 0.021)
    plate = 0.9 - 0.9 * np.abs(np.sin(np.pi * run / 0.026)) ** 6
    is_belly = np.clip((0.82 - turn) / 0.1, 0, 1)
    relief = 0.0036 * flank * (1 - is_belly) + 0.0042 * plate * is_belly
    relief *= np.clip(thick / 0.03, 0.25, 1)
    tooth = 0.45 + 0.55 * np.abs(np.sin(np.pi * run / 0.034)) ** 0.7
    fin = np.clip(1 - (np.pi - turn) * thick / 0.011, 0, 1) ** 0.6
    body[near] -= (relief + 0.0125 * tooth * fin * np.clip(thick / 0.035, 0.2, 1)) * fade
    return np.asarray(body * 0.74)


_LEGS: Final = (
    # hip, knee, paw; the fore leg on the neighbour's back, the hind leg at the panel, the raised one at the pearl
    ((0.3, 0.365, 0.072), (0.262, 0.285, 0.13), (0.208, 0.238, 0.126), 1.0),
    ((0.21, 0.31, 0.1), (0.158, 0.352, 0.136), (0.133, 0.3, 0.108), 0.95),
    ((0.185, 0.17, 0.098), (0.168, 0.1, 0.13), (0.127, 0.13, 0.106), 0.85),
    ((0.172, 0.44, 0.092), (0.1, 0.402, 0.135), (0.052, 0.437, 0.12), 0.95),
)


def _leg(at: F8, hip: F8, knee: F8, paw: F8, size: float) -> F8:
    """Return the distance to a leg with three claws, tufts of hair at its joint."""
    leg = smooth_union(
        capsule(at, tuple(hip), tuple(knee), 0.04 * size, 0.02 * size),
        capsule(at, tuple(knee), tuple(paw), 0.018 * size, 0.0125 * size), 0.008,
    )  # fmt: skip
    shin = (paw - knee) / np.linalg.norm(paw - knee)
    thigh = (knee - hip) / np.linalg.norm(knee - hip)
    for bend in (-0.5, 0.0, 0.5):
        back = thigh - 0.4 * shin + bend * np.array([-thigh[1], thigh[0], 0.0])
        tip = knee + 0.042 * size * back / np.linalg.norm(back) - [0, 0, 0.012]
        leg = smooth_union(leg, capsule(at, tuple(knee), tuple(tip), 0.013 * size, 0.003), 0.004)
    leg = smooth_union(leg, sphere(at, tuple(paw), 0.0175 * size), 0.008)
    side = np.array([-shin[1], shin[0], 0.0])
    for spread in (-0.95, 0.0, 0.95):
        way = shin + spread * side
        way = way / np.linalg.norm(way)
        knuckle = paw + size * (0.024 * way + np.array([0, 0, 0.006]))
        claw = paw + size * (0.047 * way - np.array([0, 0, 0.012]))
        leg = smooth_union(leg, capsule(at, tuple(paw), tuple(knuckle), 0.011 * size, 0.0105 * size), 0.004)
        leg = smooth_union(leg, capsule(at, tuple(knuckle), tuple(claw), 0.0095 * size, 0.003), 0.003)
    return leg


def _corner(place: F8) -> tuple[float, float, float]:
    return float(place[0]), float(place[1]), float(place[2])


def _legs(both: F8) -> F8:
    nearest = np.full(len(both), np.inf)
    for hip, knee, paw, size in _LEGS:
        ends = np.array([hip, knee, paw])
        low, high = _corner(ends.min(axis=0) - 0.05), _corner(ends.max(axis=0) + 0.05)
        leg = partial(_leg, hip=ends[0], knee=ends[1], paw=ends[2], size=size)
        nearest = np.minimum(nearest, within(both, low, high, 0.02, leg))
    return nearest


def _head(at: F8, middle: tuple[float, float, float], length: float, outward: float) -> F8:
    away = at - np.array(middle)
    lean = math.hypot(1.0, outward)
    ahead, up = np.array([outward, -1.0, 0.0]) / lean, np.array([1.0, outward, 0.0]) / lean
    return chi_head(np.column_stack([away @ ahead, away @ up, away[:, 2]]) / length) * length * 0.92


def distance_to_dragons(at: F8) -> F8:
    """Return the distance (n,), metres: x and y as on the front, z from the middle of the slab's thickness."""
    turned = at * [-1.0, 1.0, -1.0]
    mirrored = at * [-1.0, 1.0, 1.0]
    front, high = ((-0.28, -0.01, -0.03), (0.4, 0.6, 0.17)), ((-0.25, 0.08, -0.06), (0.4, 0.62, 0.12))
    nearest = np.full(len(at), np.inf)
    for places, path, (low, top) in (
        (at, _FIRST, front), (mirrored, _SECOND, front), (turned, _FIRST, front), (turned * [-1, 1, 1], _SECOND, front),
        (at, _THIRD, high), (turned, _THIRD, high),
    ):  # fmt: skip
        nearest = np.minimum(nearest, within(places, low, top, 0.02, partial(_body, path=path)))
    both = np.abs(at)
    both[:, 1] = at[:, 1]
    nearest = smooth_union(nearest, within(both, (0.0, 0.0, 0.06), (0.36, 0.5, 0.18), 0.02, _legs), 0.02)
    side = within(
        both, (0.25, -0.11, 0.02), (0.43, 0.2, 0.16), 0.02, lambda p: _head(p, (0.336, 0.05, 0.082), 0.122, 0.14)
    )
    middle = within(
        both, (0.25, -0.13, 0.0), (0.43, 0.2, 0.07), 0.02, lambda p: _head(p, (0.346, 0.036, 0.0), 0.122, 0.12)
    )
    return smooth_union(np.minimum(side, middle), nearest, 0.01)
