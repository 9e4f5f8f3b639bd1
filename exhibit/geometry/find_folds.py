"""Find where a flat chart lies over itself: two places of the surface would share a texel."""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.flatten_charts import FlatCharts
from exhibit.model.arrays import Bool

_MOST_CELLS = 1 << 26


def find_folds(flat: FlatCharts, cell: float) -> Bool:
    """Tell which faces (m,) cover a cell that an earlier face of the same chart covers already, both well inside.

    Parameters
    ----------
    flat : the charts.
    cell : side of a cell in the charts' unit; coarser where the charts would need too many.
    """
    starts = np.flatnonzero(np.r_[True, flat.vertex_chart[1:] != flat.vertex_chart[:-1]])
    low = np.minimum.reduceat(flat.xy, starts)
    extent = np.maximum.reduceat(flat.xy, starts) - low
    cell = max(cell, float(np.sqrt((extent[:, 0] * extent[:, 1]).sum() / _MOST_CELLS)), 1e-30)
    n_columns = np.ceil(extent[:, 0] / cell).astype(np.int64) + 1
    n_cells = n_columns * (np.ceil(extent[:, 1] / cell).astype(np.int64) + 1)
    first = np.cumsum(n_cells) - n_cells
    xy = (flat.xy - low[flat.vertex_chart]) / cell
    is_folded: Bool = _find(xy, flat.faces, flat.chart, first, n_columns, n_cells, int(n_cells.sum()))
    return is_folded


@nb.njit(cache=True)
def _find(xy, faces, chart, first, n_columns, n_cells, n_all):  # type: ignore[no-untyped-def]  # numba infers
    owner = np.full(n_all, -1, np.int32)
    is_folded = np.zeros(len(faces), np.bool_)
    for t in range(len(faces)):
        ax, ay = xy[faces[t, 0], 0], xy[faces[t, 0], 1]
        bx, by = xy[faces[t, 1], 0], xy[faces[t, 1], 1]
        cx, cy = xy[faces[t, 2], 0], xy[faces[t, 2], 1]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        # the comparison is false for NaN too
        if not (1e-12 < abs(area) < 1e12):
            continue
        c = chart[t]
        for y in range(int(np.ceil(min(ay, by, cy))), int(np.floor(max(ay, by, cy))) + 1):
            for x in range(int(np.ceil(min(ax, bx, cx))), int(np.floor(max(ax, bx, cx))) + 1):
                at = y * n_columns[c] + x
                if x < 0 or x >= n_columns[c] or at < 0 or at >= n_cells[c]:
                    continue
                w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
                w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
                if w1 > 1e-3 and w2 > 1e-3 and w1 + w2 < 0.999:
                    if owner[first[c] + at] >= 0:
                        is_folded[t] = True
                    else:
                        owner[first[c] + at] = t
    return is_folded
