"""Pack flat charts into the square by their true outlines, so that small ones settle in the bays of large ones.

Every chart becomes a bitmap of coarse cells (those that a face, widened by half the gutter, touches); bitmaps go
into the square from the largest down, each in the lowest free place of four quarter turns. Bitmap packing as in xatlas
(Young 2018); rows are kept as 64-bit words, and a search that meets an occupied cell goes on behind it. The scale is
found by trying: charts that do not fit are tried a little smaller.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from exhibit.geometry.flatten_charts import FlatCharts
from exhibit.model.arrays import F8, I4
from exhibit.progress import SILENT, Progress

_CELLS = 512
_HOPEFUL = 0.95
"""Share of the square that charts rarely exceed: the scale tried first."""
_SMALLER = 0.965
_TRIES = 40


def pack_charts(flat: FlatCharts, texture_px: int, gutter_px: int, *, progress: Progress = SILENT) -> F8:
    """Return the place (k, 2) float64 of each vertex of `flat` in the unit square.

    Parameters
    ----------
    flat : charts, each in any place of the plane.
    texture_px, gutter_px : side of the texture and room between charts, pixels; half a gutter stays free at the rim.

    Notes
    -----
    Charts keep their relative sizes. All are turned so that their bounding box is smallest.
    """
    xy = _turn_to_smallest_box(flat)
    for attempt, gutter in enumerate((gutter_px, gutter_px / 2, 0)):
        placed = _pack(xy, flat, texture_px, gutter, progress.part(attempt / 3, (attempt + 1) / 3))
        if placed is not None:
            return placed
    return _in_rows(xy, flat)


def _pack(xy: F8, flat: FlatCharts, texture_px: int, gutter_px: float, progress: Progress) -> F8 | None:
    """Return places in the unit square at the largest scale tried that fits, or None."""
    cell_px = max(1.0, texture_px / _CELLS)
    n_cells = int(texture_px / cell_px)
    side = max(float(np.sqrt(np.abs(flat.doubled_areas).sum() / 2)), 1e-6 * float(xy.max()), 1e-30)
    widest = max(float(xy.max()), 1e-30)
    scale = min(np.sqrt(_HOPEFUL) * texture_px / side, max(texture_px - gutter_px - cell_px, 1.0) / widest)
    for attempt in range(_TRIES):
        progress.tick(attempt / _TRIES, "packing charts")
        placed = _try(xy * scale / cell_px, flat, n_cells, gutter_px / 2 / cell_px)
        if placed is not None:
            return placed / n_cells
        scale *= _SMALLER
    return None


def _in_rows(xy: F8, flat: FlatCharts) -> F8:
    """Return places on a regular grid: the way out when there are more charts than texels for their gutters."""
    starts = _starts(flat.vertex_chart)
    n_side = int(np.ceil(np.sqrt(len(starts))))
    largest = max(float(xy.max()), 1e-30)
    row, column = np.divmod(flat.vertex_chart, n_side)
    place: F8 = (xy / largest * 0.9 + 0.05 + np.stack([column, row], axis=1)) / n_side
    return place


def _turn_to_smallest_box(flat: FlatCharts) -> F8:
    starts = _starts(flat.vertex_chart)
    best = np.full(len(starts), np.inf)
    turn = np.zeros(len(starts))
    for angle in np.linspace(0, np.pi / 2, 24, endpoint=False):
        turned = _rotate(flat.xy, np.full(len(flat.xy), angle))
        extent = np.maximum.reduceat(turned, starts) - np.minimum.reduceat(turned, starts)
        box = extent[:, 0] * extent[:, 1]
        is_better = box < best * (1 - 1e-9)
        best[is_better], turn[is_better] = box[is_better], angle
    turned = _rotate(flat.xy, turn[flat.vertex_chart])
    return turned - np.minimum.reduceat(turned, starts)[flat.vertex_chart]


def _rotate(xy: F8, angle: F8) -> F8:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([cos * xy[:, 0] - sin * xy[:, 1], sin * xy[:, 0] + cos * xy[:, 1]], axis=1)


def _starts(vertex_chart: I4) -> I4:
    starts: I4 = np.flatnonzero(np.r_[True, vertex_chart[1:] != vertex_chart[:-1]]).astype(np.int32)
    return starts


def _try(xy: F8, flat: FlatCharts, n_cells: int, margin: float) -> F8 | None:
    """Return the place of each vertex in cells, or None if the charts do not all fit."""
    starts = _starts(flat.vertex_chart)
    size = np.ceil(np.maximum.reduceat(xy, starts) + 2 * margin).astype(np.int64) + 1
    if size.max() > n_cells:
        return None
    area = size[:, 0] * size[:, 1]
    first = np.cumsum(area) - area
    bitmap = _draw(xy + margin, flat.faces, flat.chart, size, first, int(area.sum()), margin)
    filled = np.add.reduceat(bitmap.astype(np.int64), first)
    order = np.argsort(-filled, kind="stable")
    where = _place(bitmap, size, first, order, n_cells)
    if where[0, 0] < 0:
        return None
    return _move(xy + margin, flat.vertex_chart, size, where)


def _move(xy: F8, vertex_chart: I4, size: npt.NDArray[np.int64], where: I4) -> F8:
    """Turn each vertex by its chart's quarter turns inside the chart's box and put it where the chart went."""
    turn = where[vertex_chart, 2]
    x, y = xy[:, 0], xy[:, 1]
    w, h = size[vertex_chart, 0], size[vertex_chart, 1]
    turned_x = np.choose(turn, [x, h - y, w - x, y])
    turned_y = np.choose(turn, [y, x, h - y, w - x])
    return np.stack([turned_x + where[vertex_chart, 0], turned_y + where[vertex_chart, 1]], axis=1)


@nb.njit(cache=True)
def _draw(xy, faces, chart, size, first, n_all, margin):  # type: ignore[no-untyped-def]  # numba infers
    """Mark the cells that a face touches when widened by `margin` (all in cells)."""
    bitmap = np.zeros(n_all, np.bool_)
    half = 0.5 + margin
    for t in range(len(faces)):
        c = chart[t]
        px = np.array([xy[faces[t, 0], 0], xy[faces[t, 1], 0], xy[faces[t, 2], 0]])
        py = np.array([xy[faces[t, 0], 1], xy[faces[t, 1], 1], xy[faces[t, 2], 1]])
        if not (np.isfinite(px).all() and np.isfinite(py).all()):
            continue
        left = max(0, int(np.floor(px.min() - margin)))
        right = min(size[c, 0] - 1, int(np.floor(px.max() + margin)))
        top = max(0, int(np.floor(py.min() - margin)))
        bottom = min(size[c, 1] - 1, int(np.floor(py.max() + margin)))
        area = (px[1] - px[0]) * (py[2] - py[0]) - (px[2] - px[0]) * (py[1] - py[0])
        sign = 1.0 if area >= 0 else -1.0
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                touches = True
                for e in range(3):
                    n = (e + 1) % 3
                    # normal of the edge, pointing out of the face
                    nx = sign * (py[n] - py[e])
                    ny = -sign * (px[n] - px[e])
                    nearest = nx * (x + 0.5 - px[e]) + ny * (y + 0.5 - py[e]) - half * (abs(nx) + abs(ny))
                    if nearest > 0:
                        touches = False
                        break
                if touches:
                    bitmap[first[c] + y * size[c, 0] + x] = True
    return bitmap


@nb.njit(cache=True)
def _rows_of(bitmap, w, h, start, turn):  # type: ignore[no-untyped-def]  # numba infers
    """Return the chart's rows as words, turned by quarter turns, bit 0 of word 0 on the left."""
    tw = w if turn % 2 == 0 else h
    th = h if turn % 2 == 0 else w
    rows = np.zeros((th, tw // 64 + 1), np.uint64)
    for y in range(h):
        for x in range(w):
            if not bitmap[start + y * w + x]:
                continue
            if turn == 0:
                tx, ty = x, y
            elif turn == 1:
                tx, ty = h - 1 - y, x
            elif turn == 2:
                tx, ty = w - 1 - x, h - 1 - y
            else:
                tx, ty = y, w - 1 - x
            rows[ty, tx // 64] |= np.uint64(1) << np.uint64(tx % 64)
    return rows, tw, th


@nb.njit(cache=True)
def _collision(grid, rows, x, y):  # type: ignore[no-untyped-def]  # numba infers
    """Return how far right the chart must go to pass the last cell it hits in the first row it hits; 0 if free."""
    word = x // 64
    shift = np.uint64(x % 64)
    back = np.uint64(64) - shift
    for r in range(rows.shape[0]):
        hit = -1
        for k in range(rows.shape[1]):
            bits = rows[r, k]
            if bits == 0:
                continue
            low = grid[y + r, word + k] & (bits << shift)
            if low != 0:
                hit = (word + k) * 64 + _highest(low)
            if shift > 0:
                high = grid[y + r, word + k + 1] & (bits >> back)
                if high != 0:
                    hit = (word + k + 1) * 64 + _highest(high)
        if hit >= 0:
            # leftmost cell of this row of the chart must get past the cell that was hit
            for k in range(rows.shape[1]):
                if rows[r, k] != 0:
                    return max(1, hit + 1 - (x + k * 64 + _lowest(rows[r, k])))
    return 0


@nb.njit(cache=True)
def _highest(bits):  # type: ignore[no-untyped-def]  # numba infers
    n = 0
    for step in (32, 16, 8, 4, 2, 1):
        if bits >> np.uint64(n + step) != 0:
            n += step
    return n


@nb.njit(cache=True)
def _lowest(bits):  # type: ignore[no-untyped-def]  # numba infers
    n = 0
    while (bits >> np.uint64(n)) & np.uint64(1) == 0:
        n += 1
    return n


@nb.njit(cache=True)
def _place(bitmap, size, first, order, n_cells):  # type: ignore[no-untyped-def]  # numba infers
    """Return column, row and quarter turns of every chart; -1 first of all if one does not fit."""
    n_words = n_cells // 64 + 3
    grid = np.zeros((n_cells, n_words), np.uint64)
    where = np.zeros((len(order), 3), np.int32)
    # charts of one size or smaller than one that found no room in a row find none there either: begin where it ended
    lowest = 0
    for c in order:
        best_y = n_cells + 1
        best_x = 0
        best_turn = 0
        for turn in range(4):
            rows, w, h = _rows_of(bitmap, size[c, 0], size[c, 1], first[c], turn)
            if w > n_cells or h > n_cells:
                continue
            y = lowest
            while y + h <= n_cells and y < best_y:
                x = 0
                found = False
                while x + w <= n_cells:
                    ahead = _collision(grid, rows, x, y)
                    if ahead == 0:
                        found = True
                        break
                    x += ahead
                if found:
                    best_y, best_x, best_turn = y, x, turn
                    break
                y += 1
        if best_y > n_cells:
            where[0, 0] = -1
            return where
        rows, w, h = _rows_of(bitmap, size[c, 0], size[c, 1], first[c], best_turn)
        shift = np.uint64(best_x % 64)
        for r in range(h):
            for k in range(rows.shape[1]):
                grid[best_y + r, best_x // 64 + k] |= rows[r, k] << shift
                if shift > 0:
                    grid[best_y + r, best_x // 64 + k + 1] |= rows[r, k] >> (np.uint64(64) - shift)
        where[c, 0], where[c, 1], where[c, 2] = best_x, best_y, best_turn
    return where
