"""Pack flat charts into the square by their true outlines, so that small ones settle in the bays of large ones.

Every chart becomes a bitmap of coarse cells (those that a face, widened by half the gutter, touches); bitmaps go
into the square from the largest down, each turned by the quarter turns that keep its upper end lowest. Bitmap packing
as in xatlas (Young 2018); rows are kept as 64-bit words, and a search that meets an occupied cell goes on behind it.
The scale is found by trying. Charts for which no room is left are cut in two, whose halves may find some, as long as
charts are few; then all are tried a little smaller.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import Adjacency
from exhibit.geometry.cut_to_fit import cut_in_two
from exhibit.model.arrays import F8, I4
from exhibit.progress import SILENT, Progress

_CELLS = 768
_HOPEFUL = 0.74
"""Share of the square that charts rarely exceed: the scale tried first."""
_MOST_CHARTS = 140
_FACES_PER_CUT = 200
_CUTTABLE = 0.2
"""Share of all charts' area that may be left over for cutting to help."""
_SMALLER, _LARGER = 0.993, 1.007
_CUTS = 2
_TRIES = 80
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
        own = corner_xy[self.rows]
        turn = _smallest_boxes(own, np.r_[self.starts, len(own)])[self.chart]
        cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
        self.xy = np.stack([cos * own[..., 0] - sin * own[..., 1], sin * own[..., 0] + cos * own[..., 1]], axis=-1)
        self.xy -= np.minimum.reduceat(self.xy.min(axis=1), self.starts)[self.chart][:, None]
        self.extent = np.maximum.reduceat(self.xy.max(axis=1), self.starts)

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
    most_charts = min(_MOST_CHARTS, len(chart) // _FACES_PER_CUT)
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
            scale *= _SMALLER if share <= _CUTTABLE else float(np.sqrt(1 - share / 2))
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
    placed = np.empty_like(boxed.xy)
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
    where = _place(bitmap, size, first, np.argsort(-key, kind="stable"), is_huge, grid)
    turn = np.maximum(where[boxed.chart, 2], 0)[:, None]
    x, y = xy[..., 0], xy[..., 1]
    w, h = size[boxed.chart, 0][:, None], size[boxed.chart, 1][:, None]
    turned = np.stack([np.choose(turn, [x, h - y, w - x, y]), np.choose(turn, [y, x, h - y, w - x])], axis=-1)
    placed[boxed.rows] = turned + where[boxed.chart, None, :2]
    weight = np.where(is_huge, boxed.extent.prod(axis=1) * scale**2, filled)
    is_left = where[:, 2] < 0
    return boxed.rows[is_left[boxed.chart]], float(weight[is_left].sum() / max(weight.sum(), 1e-30))


@nb.njit(cache=True)
def _smallest_boxes(corners, starts):  # type: ignore[no-untyped-def]  # numba infers
    """Return the turn, radians, that makes the box of each chart smallest."""
    n = 24
    best = np.zeros(len(starts) - 1)
    low = np.empty((n, 2))
    high = np.empty((n, 2))
    cos = np.cos(np.arange(n) * (np.pi / 2 / n))
    sin = np.sin(np.arange(n) * (np.pi / 2 / n))
    for c in range(len(starts) - 1):
        low[:] = np.inf
        high[:] = -np.inf
        for t in range(starts[c], starts[c + 1]):
            for e in range(3):
                x, y = corners[t, e, 0], corners[t, e, 1]
                for a in range(n):
                    u = cos[a] * x - sin[a] * y
                    v = sin[a] * x + cos[a] * y
                    low[a, 0] = min(low[a, 0], u)
                    high[a, 0] = max(high[a, 0], u)
                    low[a, 1] = min(low[a, 1], v)
                    high[a, 1] = max(high[a, 1], v)
        least = np.inf
        for a in range(n):
            box = (high[a, 0] - low[a, 0]) * (high[a, 1] - low[a, 1])
            if box < least * (1 - 1e-9):
                least = box
                best[c] = a * (np.pi / 2 / n)
    return best


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
def _collision(grid, rows, order, x, y):  # type: ignore[no-untyped-def]  # numba infers
    """Return how far right the chart must go to pass the last cell it hits in the first row that hits; 0 if free."""
    word = x // 64
    shift = np.uint64(x % 64)
    back = np.uint64(64) - shift
    for r in order:
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
def _widest_first(rows):  # type: ignore[no-untyped-def]  # numba infers
    """Return the rows in the order in which to look for a hit: those that reach farthest to both sides first."""
    h = rows.shape[0]
    n = rows.shape[1] * 64
    width = np.zeros(h, np.int64)
    place = np.zeros(n + 1, np.int64)
    for r in range(h):
        low, high = -1, -1
        for k in range(rows.shape[1]):
            if rows[r, k] != 0:
                if low < 0:
                    low = k * 64 + _lowest(rows[r, k])
                high = k * 64 + _highest(rows[r, k])
        width[r] = n - 1 - (high - low)
        place[width[r] + 1] += 1
    for w in range(n):
        place[w + 1] += place[w]
    order = np.empty(h, np.int64)
    for r in range(h):
        order[place[width[r]]] = r
        place[width[r]] += 1
    return order


@nb.njit(cache=True)
def _place(bitmap, size, first, order, is_left_out, grid):  # type: ignore[no-untyped-def]  # numba infers
    """Return column, row and quarter turns of every chart; turns of -1 where a chart found no room.

    Each goes, turned as keeps its upper end lowest, to the lowest free place, and there as far left as it can.
    """
    n_cells = len(grid)
    where = np.full((len(order), 3), -1, np.int32)
    for c in order:
        best_end = n_cells + 1
        best_x = 0
        best_turn = -1
        if is_left_out[c]:
            continue
        for turn in range(4):
            rows, w, h = _rows_of(bitmap, size[c, 0], size[c, 1], first[c], turn)
            if w > n_cells:
                continue
            lookout = _widest_first(rows)
            y = 0
            while y + h < best_end:
                x = 0
                found = False
                while x + w <= n_cells:
                    ahead = _collision(grid, rows, lookout, x, y)
                    if ahead == 0:
                        found = True
                        break
                    x += ahead
                if found:
                    best_end, best_x, best_turn = y + h, x, turn
                    break
                y += 1
        if best_turn < 0:
            continue
        rows, w, h = _rows_of(bitmap, size[c, 0], size[c, 1], first[c], best_turn)
        best_y = best_end - h
        shift = np.uint64(best_x % 64)
        for r in range(h):
            for k in range(rows.shape[1]):
                grid[best_y + r, best_x // 64 + k] |= rows[r, k] << shift
                if shift > 0:
                    grid[best_y + r, best_x // 64 + k + 1] |= rows[r, k] >> (np.uint64(64) - shift)
        where[c, 0], where[c, 1], where[c, 2] = best_x, best_y, best_turn
    return where
