"""Find room for bitmaps in a square of cells.

Rows are kept as 64-bit words; a search that meets an occupied cell goes on behind it, and rows without a run of free
cells as long as the bitmap needs are not searched at all.
"""

from __future__ import annotations

import numba as nb
import numpy as np


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
def _longest_run(words, n, bit):  # type: ignore[no-untyped-def]  # numba infers
    """Return the most cells side by side, of the first `n`, whose bit is `bit`."""
    longest = 0
    run = 0
    for k in range(n // 64 + 1):
        left = min(64, n - k * 64)
        if words[k] == 0 and bit == 1:
            run = 0
            continue
        for b in range(left):
            run = run + 1 if (words[k] >> np.uint64(b)) & np.uint64(1) == bit else 0
            longest = max(longest, run)
    return longest


@nb.njit(cache=True)
def _widest_first(runs, n):  # type: ignore[no-untyped-def]  # numba infers
    """Return the rows in the order in which to look for a hit, those with the longest runs first."""
    place = np.zeros(n + 2, np.int64)
    for run in runs:
        place[n - run + 1] += 1
    for w in range(n + 1):
        place[w + 1] += place[w]
    order = np.empty(len(runs), np.int64)
    for r in range(len(runs)):
        order[place[n - runs[r]]] = r
        place[n - runs[r]] += 1
    return order


@nb.njit(cache=True)
def place_bitmaps(bitmap, size, first, order, is_left_out, grid):  # type: ignore[no-untyped-def]  # numba infers
    """Put bitmaps where `grid` is free, and mark them in it.

    Each goes, turned as keeps its upper end lowest, to the lowest free place, and there as far left as it can.

    Parameters
    ----------
    bitmap : (sum of sizes,) bool, one bitmap after the other, row by row.
    size : (k, 2) int64, columns and rows of each. first : (k,) int64, where each begins.
    order : (k,) in which they are placed.
    is_left_out : (k,) bool, those not to be placed.
    grid : (n, n // 64 + 3) uint64, the square's rows.

    Returns
    -------
    (k, 3) int32: column and row of the lower left corner, and quarter turns; -1 where there was no room.
    """
    n_cells = len(grid)
    where = np.full((len(order), 3), -1, np.int32)
    # the most free cells side by side in each row: most rows need not be searched for most charts
    room = np.empty(n_cells, np.int64)
    for y in range(n_cells):
        room[y] = _longest_run(grid[y], n_cells, 0)
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
            runs = np.empty(h, np.int64)
            for r in range(h):
                runs[r] = _longest_run(rows[r], w, 1)
            lookout = _widest_first(runs, w)
            y = -1
            while y + 1 + h < best_end:
                y += 1
                fits = True
                for r in lookout:
                    if runs[r] > room[y + r]:
                        fits = False
                        break
                if not fits:
                    continue
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
            room[best_y + r] = _longest_run(grid[best_y + r], n_cells, 0)
        where[c, 0], where[c, 1], where[c, 2] = best_x, best_y, best_turn
    return where
