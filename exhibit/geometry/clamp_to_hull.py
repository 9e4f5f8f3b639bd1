"""Holding an invented bulge back to the convex hull of the points: nothing was measured outside of it.

A reconstruction closes an opening, say a neck or the sole of a leg, with a dome that can stand centimetres out of the
object and falsify its height. Pushed back to the hull it becomes flat, and stays closed.

The hull is taken by its support function in fixed directions, the axes among them, so that extents come out exactly;
a smooth scan has a hull of fifty thousand facets, and testing every vertex against each took minutes and gigabytes.
Points come in runs that are near each other; the box of a run tells of most runs that they cannot reach the hull.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from exhibit.geometry.visibility import even_directions
from exhibit.model.arrays import F4, F8

N_DIRECTIONS = 486
_ROUNDS = 12
_CHUNK = 1 << 14
_RUN = 32


def clamp_to_hull(vertices: F4, points: F4, reach: float) -> F4:
    """Return vertices (n, 3) float32 moved so that none lies farther than `reach` outside the hull of the points.

    Parameters
    ----------
    vertices : (n, 3) float32.
    points : (p, 3) float32, p >= 1.
    reach : same length unit; about the points' noise.
    """
    directions = _directions()
    limits = _support(points, directions)
    clamped = vertices.astype(np.float64)
    outside = _rows_beyond(vertices, directions, limits + reach)
    for _ in range(_ROUNDS):
        height, direction = _highest(clamped[outside], directions, limits)
        over = height > reach * 1.001
        outside, height, direction = outside[over], height[over], direction[over]
        if not len(outside):
            break
        clamped[outside] -= directions[direction] * (height - reach)[:, None]
    moved: F4 = clamped.astype(np.float32)
    return moved


def _directions() -> F8:
    """Return (k, 3) unit directions: the 26 of a cube's faces, edges and corners, and an even spread."""
    cube = np.array([step for step in itertools.product((-1, 0, 1), repeat=3) if any(step)], np.float64)
    cube /= np.linalg.norm(cube, axis=1, keepdims=True)
    return np.concatenate([cube, even_directions(N_DIRECTIONS)])


def _support(points: F4, directions: F8) -> F8:
    """Return (k,) how far the points reach in each direction."""
    # one point of each run bounds the limits from below
    limits: F8 = (points[::_RUN].astype(np.float64) @ directions.T).max(axis=0)
    far = points[_rows_beyond(points, directions, limits)]
    for start in range(0, len(far), _CHUNK):
        limits = np.maximum(limits, (far[start : start + _CHUNK].astype(np.float64) @ directions.T).max(axis=0))
    return limits


def _rows_beyond(places: F4, directions: F8, limits: F8) -> npt.NDArray[np.int64]:
    """Return the rows of places in runs whose box reaches beyond a limit in some direction."""
    starts = np.arange(0, len(places), _RUN)
    if len(starts) == 0:
        return starts
    low, high = np.minimum.reduceat(places, starts), np.maximum.reduceat(places, starts)
    middle, half = (low.astype(np.float64) + high) / 2, (high.astype(np.float64) - low) / 2
    beyond = np.empty(len(starts), bool)
    for start in range(0, len(starts), _CHUNK):
        runs = slice(start, start + _CHUNK)
        reach = middle[runs] @ directions.T + half[runs] @ np.abs(directions).T
        beyond[runs] = (reach > limits).any(axis=1)
    return np.flatnonzero(np.repeat(beyond, _RUN)[: len(places)])


def _highest(places: F8, directions: F8, limits: F8) -> tuple[F8, npt.NDArray[np.int64]]:
    """Return (n,) how far each place stands out at most, and in which direction."""
    height, direction = np.empty(len(places)), np.empty(len(places), np.int64)
    for start in range(0, len(places), _CHUNK):
        part = slice(start, start + _CHUNK)
        over = places[part] @ directions.T - limits
        direction[part] = over.argmax(axis=1)
        height[part] = np.take_along_axis(over, direction[part, None], axis=1)[:, 0]
    return height, direction
