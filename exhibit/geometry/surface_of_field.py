"""Points of a surface that is given by a signed distance: drawn onto it along lines, and its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.model.arrays import F8, Bool

Distance = Callable[[F8], F8]

_CORNERS = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], dtype=np.float64)
_BLOCK: Final = 16384
"""Points per call of a distance: its temporaries stay in the processor's cache."""
_STEEPEST: Final = 1.1
"""A distance may exceed the true one by this factor."""
_STEPS: Final = 8


def gradient_of(distance: Distance, points: F8, step: float) -> F8:
    """Return the gradient (n, 3) from four samples at the corners of a tetrahedron of half size `step`."""
    return np.asarray(sum(corner * distance(points + step * corner)[:, None] for corner in _CORNERS)) / (4 * step)


def evaluate(distance: Distance, points: F8, check: Callable[[], None] = lambda: None) -> F8:
    """Return the distance (n,) of points (n, 3), block by block; `check` is called before each and may raise."""
    found = np.empty(len(points))
    for first in range(0, len(points), _BLOCK):
        check()
        found[first : first + _BLOCK] = distance(points[first : first + _BLOCK])
    return found


def cells_near_surface(
    distance: Distance, low: F8, high: F8, size: float, check: Callable[[], None] = lambda: None
) -> npt.NDArray[np.int64]:
    """Find the cubes that the surface may pass through, from coarse to fine.

    Parameters
    ----------
    low, high : (3,), corners of a box around the surface.
    size : side of a cube. Cube (i, j, k) reaches from ``low + size * (i, j, k)`` to one more in each direction.
    check : called now and then; may raise.

    Returns
    -------
    (m, 3) int64.
    """
    n_levels = max(0, int(np.log2(max(1.0, float((high - low).max()) / size / 8))))
    counts = np.ceil((high - low) / (size * 2**n_levels)).astype(np.int64)
    cells = np.stack(np.meshgrid(*(np.arange(count) for count in counts), indexing="ij"), axis=-1).reshape(-1, 3)
    corners = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), axis=-1).reshape(-1, 3)
    for level in range(n_levels, -1, -1):
        side = size * 2**level
        far = np.abs(evaluate(distance, low + (cells + 0.5) * side, check))
        cells = cells[far <= _STEEPEST * side * 3**0.5 / 2]
        if level:
            cells = (2 * cells[:, None] + corners[None]).reshape(-1, 3)
    return cells


def points_on_surface(
    distance: Distance, starts: F8, axes: npt.NDArray[np.int64], slopes: F8, reach: float, tolerance: float
) -> tuple[F8, Bool]:
    """Move points onto the surface, each along one coordinate axis (secant steps).

    Parameters
    ----------
    starts : (n, 3), near the surface.
    axes : (n,), 0, 1 or 2: the coordinate that may change.
    slopes : (n,), expected slope of the distance along that axis; only its sign must be right.
    reach : no point moves farther.
    tolerance : a distance this small counts as on the surface.

    Returns
    -------
    The points (n, 3), and which of them arrived (n,).
    """
    points = starts.copy()
    at = np.arange(len(starts))
    arrived = np.zeros(len(starts), bool)
    slope = np.where(np.abs(slopes) < 0.2, np.copysign(0.2, slopes), slopes)
    before, step = np.zeros(0), np.zeros(0)
    for turn in range(_STEPS):
        free = distance(points[at])
        if turn:
            found = (free - before) / np.where(np.abs(step) > 1e-15, step, 1e-15)
            is_sound = (np.sign(found) == np.sign(slope)) & (np.abs(found) > 0.1) & (np.abs(found) < 3.0)
            slope = np.where(is_sound, found, slope)
        is_there = np.abs(free) < tolerance
        arrived[at[is_there]] = True
        left = ~is_there
        at, free, slope = at[left], free[left], slope[left]
        if len(at) == 0:
            break
        step = np.clip(-free / slope, -reach, reach)
        before = free
        points[at, axes[at]] += step
        inside = np.abs(points[at, axes[at]] - starts[at, axes[at]]) <= reach
        at, before, step, slope = at[inside], before[inside], step[inside], slope[inside]
    return points, arrived
