"""Which face each texel of an atlas shows, and where on it.

Texel (column x, row y) has its centre at ``u = (x + 0.5) / size``, ``v = (y + 0.5) / size``; row 0 is on top (glTF).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from exhibit.model.arrays import F4, I4

_BESIDE = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
_FARTHEST = 4.0


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `first_row` and following of an atlas of `size` pixels a side.

    Parameters
    ----------
    face : (rows, size) int32, -1 where no face is.
    weights : (rows, size, 2) float32, barycentric weights of the face's second and third corner.
    n_overlaps : texels that two faces claim well inside both.
    """

    first_row: int
    face: I4
    weights: F4
    n_overlaps: int


def rasterise(uv: F4, faces: I4, size: int, first_row: int = 0, n_rows: int | None = None) -> Band:
    """Rasterise the rows of an atlas.

    Parameters
    ----------
    uv : (n, 2) float32; faces with a uv that is not finite are left out.
    faces : (m, 3) int32 into `uv`.
    size : side of the atlas, pixels.
    first_row, n_rows : the rows wanted; all by default.

    Notes
    -----
    A texel whose centre no face covers but which holds the middle of a face shows that face, so that faces smaller than
    a texel are not lost.
    """
    n_rows = size - first_row if n_rows is None else min(n_rows, size - first_row)
    face = np.full((n_rows, size), -1, np.int32)
    weights = np.zeros((n_rows, size, 2), np.float32)
    n_overlaps = _fill(np.ascontiguousarray(uv, np.float32), faces, size, first_row, face, weights)
    return Band(first_row, face, weights, int(n_overlaps))


def rasterise_with_rim(uv: F4, faces: I4, size: int, first_row: int, n_rows: int, rim: int) -> Band:
    """Rasterise rows of an atlas, and let each chart go on for `rim` texels past its edge.

    A texel of the rim shows the face of the one beside it, its weights outside 0 to 1: what the surface is like where
    it goes on in another chart. Read bilinearly, both charts then show the same along their seam.
    """
    above = min(rim, first_row)
    band = rasterise(uv, faces, size, first_row - above, n_rows + above + rim)
    face = band.face
    for _ in range(rim):
        face = _grown(face)
    row, column = np.nonzero((face >= 0) & (band.face < 0))
    corner = uv[faces[face[row, column]]].astype(np.float64) * size - 0.5
    at = np.stack([column, row + first_row - above], axis=1) - corner[:, 0]
    one, two = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    area = one[:, 0] * two[:, 1] - two[:, 0] * one[:, 1]
    area[np.abs(area) < 1e-6] = np.nan
    first = (at[:, 0] * two[:, 1] - two[:, 0] * at[:, 1]) / area
    second = (one[:, 0] * at[:, 1] - at[:, 0] * one[:, 1]) / area
    # a sliver would throw its rim anywhere
    is_sound = (np.abs(first) < _FARTHEST) & (np.abs(second) < _FARTHEST)
    row, column = row[is_sound], column[is_sound]
    band.face[row, column] = face[row, column]
    band.weights[row, column] = np.stack([first, second], axis=1)[is_sound]
    wanted = slice(above, above + n_rows)
    return Band(first_row, band.face[wanted], band.weights[wanted], band.n_overlaps)


def _grown(face: I4) -> I4:
    """Return faces of texels (h, w), the empty ones beside others filled from them."""
    grown = face.copy()
    for away_y, away_x in _BESIDE:
        here = grown[max(0, -away_y) : len(face) - max(0, away_y), max(0, -away_x) : face.shape[1] - max(0, away_x)]
        there = face[max(0, away_y) : len(face) + min(0, away_y), max(0, away_x) : face.shape[1] + min(0, away_x)]
        np.copyto(here, there, where=(here < 0) & (there >= 0))
    return grown


@nb.njit(cache=True)
def _fill(uv, faces, size, first_row, face, weights):  # type: ignore[no-untyped-def]  # numba infers
    n_rows = face.shape[0]
    overlaps = 0
    for t in range(len(faces)):
        ax = uv[faces[t, 0], 0] * size - 0.5
        ay = uv[faces[t, 0], 1] * size - 0.5
        bx = uv[faces[t, 1], 0] * size - 0.5
        by = uv[faces[t, 1], 1] * size - 0.5
        cx = uv[faces[t, 2], 0] * size - 0.5
        cy = uv[faces[t, 2], 1] * size - 0.5
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        # the comparison is false for NaN too: int(NaN) would index anywhere
        if not (1e-12 < abs(area) < 1e12):
            continue
        top = max(first_row, int(np.floor(min(ay, by, cy))))
        bottom = min(first_row + n_rows - 1, int(np.ceil(max(ay, by, cy))))
        left = max(0, int(np.floor(min(ax, bx, cx))))
        right = min(size - 1, int(np.ceil(max(ax, bx, cx))))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
                w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
                if w1 >= -1e-4 and w2 >= -1e-4 and w1 + w2 <= 1.0001:
                    row = y - first_row
                    if face[row, x] >= 0 and _is_well_inside(w1, w2):
                        overlaps += _is_well_inside(weights[row, x, 0], weights[row, x, 1])
                    face[row, x] = t
                    weights[row, x, 0] = w1
                    weights[row, x, 1] = w2
    for t in range(len(faces)):
        mx = (uv[faces[t, 0], 0] + uv[faces[t, 1], 0] + uv[faces[t, 2], 0]) / 3 * size
        my = (uv[faces[t, 0], 1] + uv[faces[t, 1], 1] + uv[faces[t, 2], 1]) / 3 * size
        if not (0 <= mx < size and first_row <= my < first_row + n_rows):
            continue
        row = int(my) - first_row
        if face[row, int(mx)] < 0:
            face[row, int(mx)] = t
            weights[row, int(mx), 0] = 1 / 3
            weights[row, int(mx), 1] = 1 / 3
    return overlaps


@nb.njit(inline="always")
def _is_well_inside(w1, w2):  # type: ignore[no-untyped-def]  # numba infers
    return w1 > 0.02 and w2 > 0.02 and w1 + w2 < 0.98
