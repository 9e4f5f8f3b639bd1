"""Holding an invented bulge back to the convex hull of the points: nothing was measured outside of it.

A reconstruction closes an opening, say a neck or the sole of a leg, with a dome that can stand centimetres out of the
object and falsify its height. Pushed back to the hull it becomes flat, and stays closed.

The hull is taken by its support function in fixed directions, the axes among them, so that extents come out exactly;
a smooth scan has a hull of fifty thousand facets, and testing every vertex against each took minutes and gigabytes.
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


def clamp_to_hull(vertices: F4, points: F4, reach: float) -> F4:
    """Return vertices (n, 3) float32 moved so that none lies farther than `reach` outside the hull of the points.

    Parameters
    ----------
    vertices : (n, 3) float32.
    points : (p, 3) float32, p >= 1.
    reach : same length unit; about the points' noise.
    """
    directions = _directions()
    limits = np.full(len(directions), -np.inf)
    for start in range(0, len(points), _CHUNK):
        signed = points[start : start + _CHUNK].astype(np.float64) @ directions.T
        limits = np.maximum(limits, signed.max(axis=0))
    clamped = vertices.astype(np.float64)
    outside = np.arange(len(clamped))
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


def _highest(places: F8, directions: F8, limits: F8) -> tuple[F8, npt.NDArray[np.int64]]:
    """Return (n,) how far each place stands out at most, and in which direction."""
    height, direction = np.empty(len(places)), np.empty(len(places), np.int64)
    for start in range(0, len(places), _CHUNK):
        part = slice(start, start + _CHUNK)
        over = places[part] @ directions.T - limits
        direction[part] = over.argmax(axis=1)
        height[part] = np.take_along_axis(over, direction[part, None], axis=1)[:, 0]
    return height, direction
