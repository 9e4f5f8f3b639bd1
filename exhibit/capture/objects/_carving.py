"""What a stone carver repeats: bodies like ropes, scales, scrolling grass, clouds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exhibit.geometry.distance_fields import box
from exhibit.model.arrays import F8

Vector = tuple[float, float, float]


def within(points: F8, lower: Vector, upper: Vector, reach: float, form: Callable[[F8], F8]) -> F8:
    """Return the distance (n,) to a form that lies in a box, reckoned only nearer than `reach` to that box."""
    low, high = np.array(lower), np.array(upper)
    away = np.maximum(box(points, tuple((low + high) / 2), tuple((high - low) / 2)), reach)
    near = np.flatnonzero(away <= reach)
    if len(near):
        away[near] = form(points[near])
    return away


def rope(points: F8, path: F8, radii: F8) -> tuple[F8, F8, F8]:
    """Return the distance to a tapering bent rod along `path` (m, 3), the length along it (n,), and how far aside (n,).

    The last is the signed distance to the left of the path in the x-y plane, seen from +z.
    """
    nearest, along, aside = (np.full(len(points), np.inf) for _ in range(3))
    start = 0.0
    for a, b, ra, rb in zip(path[:-1], path[1:], radii[:-1], radii[1:]):
        way = b - a
        length = float(np.linalg.norm(way))
        t = np.clip((points - a) @ way / length**2, 0.0, 1.0)
        off = points - a - t[:, None] * way
        away = np.linalg.norm(off, axis=1) - (ra + (rb - ra) * t)
        closer = away < nearest
        nearest = np.where(closer, away, nearest)
        along = np.where(closer, start + t * length, along)
        aside = np.where(closer, (way[0] * off[:, 1] - way[1] * off[:, 0]) / length, aside)
        start += length
    return nearest, along, aside


def scales(along: F8, across: F8, size: float) -> F8:
    """Return relief (n,) 0 to 1 of overlapping scales, their round ends towards greater `along`."""
    best = np.zeros(len(along))
    for shift in (0, 1):
        row = np.floor(along / size) - shift
        at = (across / size + 0.5 * (row % 2)) % 1.0 - 0.5
        run = along / size - row
        reach = np.hypot(at / 0.62, np.maximum(run - 0.55, 0) / 0.75)
        best = np.maximum(best, np.clip(1.25 * (1 - reach**3), 0, 1) * (0.45 + 0.4 * np.minimum(run, 1.3)))
    return best


def grass(along: F8, across: F8, period: float, half: float) -> F8:
    """Return relief (n,) 0 to 1 of a scrolling plant within a strip from -half to half."""
    wave = 2 * np.pi / period
    swing = 0.55 * half
    vine = np.abs(across - swing * np.sin(wave * along)) / np.sqrt(1 + (swing * wave * np.cos(wave * along)) ** 2)
    relief = np.clip(1.6 - vine / (0.085 * half), 0, 1)
    step = period / 2
    cell = np.floor(along / step)
    side = np.where(cell % 2 == 0, -1.0, 1.0)
    u, v = along - (cell + 0.5) * step, side * across - 0.22 * half
    radius, angle = np.hypot(u, v), np.arctan2(v, u * side)
    reach = 0.66 * half
    turn = (angle / (2 * np.pi) + 1.45 * radius / reach) % 1.0
    curl = np.clip(2.4 - 5.2 * np.abs(turn - 0.5), 0, 1) * np.clip((reach - radius) / (0.1 * half), 0, 1)
    leaf = np.clip(1.8 - np.hypot((u - 0.3 * step) / 0.1, (v - 0.42 * half) / 0.16) / (1.9 * half), 0, 1)
    return np.asarray(np.maximum(np.maximum(relief, curl), 0.8 * leaf * (radius > reach)))


def swirls(u: F8, v: F8, size: float) -> F8:
    """Return relief (n,) 0 to 1 of curling clouds that fill a plane, one curl about each `size`."""
    row = np.floor(v / size)
    column = np.floor(u / size + 0.5 * (row % 2))
    du, dv = u - (column + 0.5 - 0.5 * (row % 2)) * size, v - (row + 0.5) * size
    radius, angle = np.hypot(du, dv), np.arctan2(dv, du * np.where(column % 2 == 0, 1, -1))
    turn = (angle / (2 * np.pi) + 2.0 * radius / size) % 1.0
    return np.asarray(
        np.clip(1.8 - 4.4 * np.abs(turn - 0.5), 0, 1) * np.clip((0.56 * size - radius) / (0.12 * size), 0, 1)
    )
