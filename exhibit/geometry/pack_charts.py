"""Pack flat charts into the square by their true outlines, so that small ones settle in the bays of large ones.

Every chart becomes a bitmap of coarse cells (those that a face, widened by half the gutter, touches); bitmaps go
into the square from the largest down, each turned by the quarter turns that keep its upper end lowest. Bitmap packing
as in xatlas (Young 2018).
The scale is found by trying. Charts for which no room is left are cut in two, whose halves may find some, as long as
charts are few; then all are tried a little smaller.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import Adjacency
from exhibit.geometry.cut_to_fit import cut_in_two
from exhibit.geometry.place_bitmaps import place_bitmaps
from exhibit.model.arrays import F8, I4
from exhibit.progress import SILENT, Progress

_CELLS = 768
_HOPEFUL = 0.72
"""Share of the square that charts rarely exceed: the scale tried first."""
_MOST_CHARTS = 140
_FACES_PER_CHART = 200
"""Charts are cut while there are fewer than these: a coarse level has no faces to spare for seams."""
_CUTTABLE = 0.2
"""Share of all charts' area that may be left over for cutting to help."""
_SMALLER, _LARGER = 0.997, 1.007
_CUTS = 2
_PATIENCE, _TRIES = 12, 80
_LEAST_SCALE = 0.01
_ORDERS = 3

Ints = npt.NDArray[np.int64]


def pack_charts(
    adjacency: Adjacency, chart: I4, corner_xy: F8, texture_px: int, gutter_px: int, *, progress: Progress = SILENT
) -> F8:
    """Return the place (m, 3, 2) float64 of each face's corners in the unit square.

    Parameters
    ----------
    adjacency : of the m faces.
    chart : (m,) int32, from 0.
    corner_xy : (m, 3, 2) float64, the corners in the charts' planes.
    texture_px, gutter_px : side of the texture and room between charts, pixels; half a gutter stays free at the rim.

    Notes
    -----
    Charts keep their relative sizes. All are turned so that their bounding box is smallest.
    """
    for attempt, gutter in enumerate((gutter_px, gutter_px / 2, 0)):
        part = progress.part(attempt / 3, (attempt + 1) / 3)
        placed = _pack(adjacency, chart, corner_xy, texture_px, gutter, part)
        if placed is not None:
            return placed
    return _in_rows(_Boxed(chart, corner_xy, np.arange(len(chart))))


class _Boxed:
    """Some charts turned into their smallest boxes.

    Faces `rows` in order of their charts, numbered anew from 0 in `chart`, each in the box from 0 to `extent`.
    """

    def __init__(self, chart: I4, corner_xy: F8, rows: Ints) -> None:
        self.rows = rows[np.argsort(chart[rows], kind="stable")]
        is_first = np.r_[True, chart[self.rows][1:] != chart[self.rows][:-1]]
        self.starts = np.flatnonzero(is_first)
        self.chart = np.cumsum(is_first) - 1
        self.xy, self.extent = _box(corner_xy[self.rows], np.r_[self.starts, len(rows)])

    @property
    def area(self) -> float:
        """Area of all charts."""
        first, second = self.xy[:, 1] - self.xy[:, 0], self.xy[:, 2] - self.xy[:, 0]
        return float(np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]).sum()) / 2


def _pack(
    adjacency: Adjacency, chart: I4, corner_xy: F8, texture_px: int, gutter_px: float, progress: Progress
) -> F8 | None:
    """Return places in the unit square at the largest scale tried that fits, or None."""
    cell_px = max(1.0, texture_px / _CELLS)
    n_cells = int(texture_px / cell_px)
    boxed = _Boxed(chart, corner_xy, np.arange(len(chart)))
    side = max(float(np.sqrt(boxed.area)), 1e-6 * float(boxed.extent.max()), 1e-30)
    scale = float(np.sqrt(_HOPEFUL)) * texture_px / side
    most_charts = min(_MOST_CHARTS, len(chart) // _FACES_PER_CHART)
    is_cut, first_scale = False, scale
    best: F8 | None = None
    for attempt in range(_TRIES):
        progress.tick(attempt / _TRIES, "packing charts")
        grid = np.zeros((n_cells, n_cells // 64 + 3), np.uint64)
        placed = np.zeros_like(corner_xy)
        left, share = _place_in(grid, boxed, scale / cell_px, gutter_px / 2 / cell_px, attempt % _ORDERS, placed)
        for _ in range(_CUTS if best is None and share <= _CUTTABLE else 0):
            n_charts = int(chart.max()) + 1
            is_left = np.zeros(n_charts, np.bool_)
            is_left[chart[left]] = True
            if len(left) == 0 or n_charts + is_left.sum() > most_charts:
                break
            chart = cut_in_two(adjacency, chart, corner_xy, is_left)
            if chart.max() + 1 == n_charts:
                break
            halves = _Boxed(chart, corner_xy, left)
            left, _ = _place_in(grid, halves, scale / cell_px, gutter_px / 2 / cell_px, 0, placed)
            is_cut = True
        if len(left) == 0:
            best = placed / n_cells
            if is_cut:
                break
            scale *= _LARGER
        elif best is not None:
            break
        else:
            fine = _SMALLER if attempt < _PATIENCE else _SMALLER**4
            scale *= fine if share <= _CUTTABLE else float(np.sqrt(1 - share / 2))
            if scale < first_scale * _LEAST_SCALE:
                break
            if is_cut:
                boxed = _Boxed(chart, corner_xy, np.arange(len(chart)))
    return best


def _in_rows(boxed: _Boxed) -> F8:
    """Return places on a regular grid: the way out when there are more charts than texels for their gutters."""
    n_side = int(np.ceil(np.sqrt(len(boxed.starts))))
    largest = max(float(boxed.extent.max()), 1e-30)
    row, column = np.divmod(boxed.chart, n_side)
    placed: F8 = np.empty_like(boxed.xy)
    placed[boxed.rows] = (boxed.xy / largest * 0.9 + 0.05 + np.stack([column, row], axis=1)[:, None]) / n_side
    return placed


def _place_in(
    grid: npt.NDArray[np.uint64], boxed: _Boxed, scale: float, margin: float, order_by: int, placed: F8
) -> tuple[Ints, float]:
    """Put charts where `grid` is free, their corners into `placed`; return the faces left over and their share."""
    xy = boxed.xy * scale + margin
    size = np.ceil(boxed.extent * scale + 2 * margin).astype(np.int64) + 1
    # too large for the square however turned: not even drawn
    is_huge = size.max(axis=1) > len(grid)
    size[is_huge] = 1
    area = size[:, 0] * size[:, 1]
    first = np.cumsum(area) - area
    drawn = ~is_huge[boxed.chart]
    bitmap = _draw(xy[drawn], boxed.chart[drawn], size, first, int(area.sum()), margin)
    filled = np.add.reduceat(bitmap.astype(np.int64), first)
    if filled.sum() > len(grid) ** 2:
        return boxed.rows, 1.0
    key = (filled, size.sum(axis=1), area)[order_by]
    where = place_bitmaps(bitmap, size, first, np.argsort(-key, kind="stable"), is_huge, grid)
    _move(xy, boxed.chart, size, where, boxed.rows, placed)
    weight = np.where(is_huge, boxed.extent.prod(axis=1) * scale**2, filled)
    is_left = where[:, 2] < 0
    return boxed.rows[is_left[boxed.chart]], float(weight[is_left].sum() / max(weight.sum(), 1e-30))


@nb.njit(cache=True)
def _box(corners, starts):  # type: ignore[no-untyped-def]  # numba infers
    """Return the corners, each chart turned so that its box is smallest and begins at 0, and the boxes' sides."""
    n = 24
    boxed = np.empty_like(corners)
    extent = np.empty((len(starts) - 1, 2))
    low = np.empty((n, 2))
    high = np.empty((n, 2))
    cos = np.cos(np.arange(n) * (np.pi / 2 / n))
    sin = np.sin(np.arange(n) * (np.pi / 2 / n))
    for c in range(len(starts) - 1):
        low[:] = np.inf
        high[:] = -np.inf
        for t in range(starts[c], starts[c + 1]):
            for e in range(3):
                for a in range(n):
                    u = cos[a] * corners[t, e, 0] - sin[a] * corners[t, e, 1]
                    v = sin[a] * corners[t, e, 0] + cos[a] * corners[t, e, 1]
                    low[a, 0] = min(low[a, 0], u)
                    high[a, 0] = max(high[a, 0], u)
                    low[a, 1] = min(low[a, 1], v)
                    high[a, 1] = max(high[a, 1], v)
        best = 0
        least = np.inf
        for a in range(n):
            box = (high[a, 0] - low[a, 0]) * (high[a, 1] - low[a, 1])
            if box < least * (1 - 1e-9):
                least = box
                best = a
        extent[c, 0] = high[best, 0] - low[best, 0]
        extent[c, 1] = high[best, 1] - low[best, 1]
        for t in range(starts[c], starts[c + 1]):
            for e in range(3):
                boxed[t, e, 0] = cos[best] * corners[t, e, 0] - sin[best] * corners[t, e, 1] - low[best, 0]
                boxed[t, e, 1] = sin[best] * corners[t, e, 0] + cos[best] * corners[t, e, 1] - low[best, 1]
    return boxed, extent


@nb.njit(cache=True)
def _move(xy, chart, size, where, rows, placed):  # type: ignore[no-untyped-def]  # numba infers
    """Turn each corner by its chart's quarter turns inside the chart's box and put it where the chart went."""
    for t in range(len(xy)):
        c = chart[t]
        for e in range(3):
            x, y = xy[t, e, 0], xy[t, e, 1]
            if where[c, 2] == 1:
                x, y = size[c, 1] - y, x
            elif where[c, 2] == 2:
                x, y = size[c, 0] - x, size[c, 1] - y
            elif where[c, 2] == 3:
                x, y = y, size[c, 0] - x
            placed[rows[t], e, 0] = x + where[c, 0]
            placed[rows[t], e, 1] = y + where[c, 1]


@nb.njit(cache=True)
def _draw(xy, chart, size, first, n_all, margin):  # type: ignore[no-untyped-def]  # numba infers
    """Mark the cells that a face (m, 3, 2) touches when widened by `margin` (all in cells)."""
    bitmap = np.zeros(n_all, np.bool_)
    half = 0.5 + margin
    for t in range(len(xy)):
        c = chart[t]
        if not np.isfinite(xy[t]).all():
            continue
        left = max(0, int(np.floor(min(xy[t, 0, 0], xy[t, 1, 0], xy[t, 2, 0]) - margin)))
        right = min(size[c, 0] - 1, int(np.floor(max(xy[t, 0, 0], xy[t, 1, 0], xy[t, 2, 0]) + margin)))
        top = max(0, int(np.floor(min(xy[t, 0, 1], xy[t, 1, 1], xy[t, 2, 1]) - margin)))
        bottom = min(size[c, 1] - 1, int(np.floor(max(xy[t, 0, 1], xy[t, 1, 1], xy[t, 2, 1]) + margin)))
        ax, ay = xy[t, 0, 0], xy[t, 0, 1]
        area = (xy[t, 1, 0] - ax) * (xy[t, 2, 1] - ay) - (xy[t, 2, 0] - ax) * (xy[t, 1, 1] - ay)
        sign = 1.0 if area >= 0 else -1.0
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                at = first[c] + y * size[c, 0] + x
                if bitmap[at]:
                    continue
                touches = True
                for e in range(3):
                    px, py = xy[t, e, 0], xy[t, e, 1]
                    # normal of the edge, pointing out of the face
                    nx = sign * (xy[t, (e + 1) % 3, 1] - py)
                    ny = -sign * (xy[t, (e + 1) % 3, 0] - px)
                    if nx * (x + 0.5 - px) + ny * (y + 0.5 - py) > half * (abs(nx) + abs(ny)):
                        touches = False
                        break
                bitmap[at] = touches
    return bitmap
