"""The ground of a Shang bronze: squared spirals (leiwen) set wherever there is room, hooks and lines in what is left.

Founders cut each spiral by itself into the ground between what was raised, large ones where they could: R. Bagley,
Shang Ritual Bronzes in the Arthur M. Sackler Collections (1987), introduction. Millimetres.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import distance_transform_edt, minimum_filter

from exhibit.capture.objects._relief_sheet import Relief
from exhibit.model.arrays import F8, Bool

PITCH: Final = 3.0
"""From groove to groove: six times the spacing of the scan's points, or the spirals would run together."""
_TILES: Final = (
    (12, 12), (12, 9), (9, 12), (9, 9), (15, 6), (6, 15), (12, 6), (6, 12), (9, 6), (6, 9), (6, 6),
)  # fmt: skip
_GAP: Final = 0.55


def leiwen(relief: Relief, low: float, high: float, depth: float) -> F8:
    """Return a ground for a relief (rows, columns): 0 on its lines, ``-depth`` in its grooves.

    Parameters
    ----------
    relief : what is raised.
    low, high : of v, between which the ground is filled.
    depth : of the grooves.
    """
    grooves = Relief(relief.lower, (relief.us[-1], relief.vs[-1]), relief.cell, relief.slope)
    grooves.heights, grooves.us, grooves.vs = np.zeros_like(relief.heights), relief.us, relief.vs
    across, along = np.meshgrid(relief.us, relief.vs)
    is_ground = (relief.beside > _GAP) & (along > low) & (along < high) & (across > relief.us[0])
    is_free = is_ground & (along > low + _GAP) & (along < high - _GAP)
    is_tiled = np.zeros_like(is_free)
    for n, (column, row, width, height) in enumerate(_packed(is_free, is_tiled, relief.cell)):
        middle = (relief.us[0] + column * relief.cell, relief.vs[0] + row * relief.cell)
        path = _spiral(width / 2, height / 2) * [1 if n % 2 else -1, -1 if n % 3 else 1] + np.array(middle)
        grooves.cut_stroke(path, PITCH / 4, depth)
    away = np.minimum(relief.beside, distance_transform_edt(~is_tiled) * relief.cell)
    away = np.minimum(away, np.minimum(along - low, high - along))
    line = np.abs(np.mod(away / PITCH, 1.0) - 0.5) * PITCH - PITCH / 4
    rest = np.where(is_tiled, 0.0, np.clip(0.5 - line * relief.slope / depth, 0.0, 1.0))
    held = rest * rest * (3 - 2 * rest)
    return np.where(is_ground, grooves.heights - depth * held, 0.0)


def _packed(is_free: Bool, is_tiled: Bool, cell: float) -> list[tuple[int, int, float, float]]:
    """Return column and row of the middle, width and height of tiles that fit; mark them in `is_tiled`."""
    found = []
    for width, height in _TILES:
        # the line round a tile may lie against what is raised: only its grooves need free ground
        inner = [2 * int((side / 2 - PITCH / 4) / cell) + 1 for side in (height, width)]
        while True:
            fits = minimum_filter(is_free & ~is_tiled, size=inner, mode="constant", cval=False)
            places = np.argwhere(fits)
            if len(places) == 0:
                break
            # lowest first, then leftmost: rows close up
            row, column = (int(one) for one in places[np.lexsort((places[:, 1], places[:, 0]))[0]])
            half_v, half_u = int(height / 2 / cell), int(width / 2 / cell)
            is_tiled[max(row - half_v, 0) : row + half_v + 1, max(column - half_u, 0) : column + half_u + 1] = True
            found.append((column, row, float(width), float(height)))
    return found


def _spiral(half_u: float, half_v: float) -> F8:
    """Return the middle line (m, 2) of a groove that winds from a corner of a rectangle to its heart."""
    left, right, low, high = -half_u + PITCH / 2, half_u - PITCH / 2, -half_v + PITCH / 2, half_v - PITCH / 2
    corners = [(left, low)]
    for turn in range(40):
        side = turn % 4
        if side == 0:
            corners.append((right, low))
            low += PITCH
        elif side == 1:
            corners.append((right, high))
            right -= PITCH
        elif side == 2:
            corners.append((left, high))
            high -= PITCH
        else:
            corners.append((left, low))
            left += PITCH
        if left > right + 1e-6 or low > high + 1e-6:
            break
    return np.array(corners)
