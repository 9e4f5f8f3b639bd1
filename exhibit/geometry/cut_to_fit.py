"""Cut flat charts whose outline wastes room: bows and angles into straight pieces that pack side by side.

A chart is already flat, so a straight cut through it costs a seam and nothing else. Of many cuts the one is taken that
saves most of the boxes about the pieces (after Limper, Vining & Sheffer, "Box Cutter: Atlas refinement for efficient
packing via void elimination", SIGGRAPH 2018, with cuts through the plane in place of theirs along iso-lines).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.adjacency import Adjacency
from exhibit.geometry.charts import smooth_borders, split_apart
from exhibit.model.arrays import F8, I4, Bool

_ROUNDS = 6
_ACROSS = 26
"""Cells across a chart's box, about, in which cuts are tried."""
_LEAST_GAIN = 0.005
"""Share of all charts' area that a cut must save; finer cuts are left to packing, which knows where room is short."""
_WEIGHT = 0.4
"""How much of the room saved in boxes is saved in truth: bays are filled by other charts."""
_CHART_COST = 0.0004
_CRUMB = 0.004


def cut_to_fit(adjacency: Adjacency, chart: I4, corner_xy: F8, texel: float, gutter_px: float) -> I4:
    """Return charts (m,), those that waste room in pieces.

    Parameters
    ----------
    adjacency : of the m faces.
    chart : (m,) int32, from 0, each connected.
    corner_xy : (m, 3, 2) float64, their flat corners.
    texel : side of a texel in the unit of `corner_xy`.
    gutter_px : room that a seam costs, texels.
    """
    area = _flat_areas(corner_xy)
    whole = max(float(area.sum()), 1e-30)
    may = np.ones(int(chart.max()) + 1, np.bool_)
    for _ in range(_ROUNDS):
        may &= np.bincount(chart, weights=area) > _LEAST_GAIN * whole
        chart, may = _cut(adjacency, chart, corner_xy, area, may, _LEAST_GAIN * whole, texel * gutter_px)
        if not may.any():
            break
    return chart


def cut_in_two(adjacency: Adjacency, chart: I4, corner_xy: F8, is_cut: Bool) -> I4:
    """Return charts (m,) of which those that `is_cut` (k,) tells are in two, or more where a bow is cut."""
    return _cut(adjacency, chart, corner_xy, _flat_areas(corner_xy), is_cut, -np.inf, 0.0)[0]


def _flat_areas(corner_xy: F8) -> F8:
    first, second = corner_xy[:, 1] - corner_xy[:, 0], corner_xy[:, 2] - corner_xy[:, 0]
    area: F8 = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    return area


def _cut(
    adjacency: Adjacency, chart: I4, corner_xy: F8, area: F8, may: Bool, least: float, seam_width: float
) -> tuple[I4, Bool]:
    """Cut the charts that `may` (k,) be cut and gain more than `least`; tell which charts are new."""
    rows = np.flatnonzero(may[chart])
    rows = rows[np.argsort(chart[rows], kind="stable")]
    if len(rows) == 0:
        return chart, np.zeros(len(may), np.bool_)
    starts = np.flatnonzero(np.r_[True, chart[rows][1:] != chart[rows][:-1]])
    cuts = _best_cuts(
        corner_xy[rows], np.r_[starts, len(rows)], float(area.sum()), seam_width, _ACROSS, _WEIGHT, _CHART_COST, least
    )
    which = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(rows)]))
    gain, normal, offset = cuts[:, 0], cuts[:, 1:3], cuts[:, 3]
    is_cut = gain > least
    beyond = (corner_xy[rows].mean(axis=1) * normal[which]).sum(axis=1) > offset[which]
    side = np.zeros(len(chart), np.int32)
    side[rows] = beyond & is_cut[which]
    was_cut = np.zeros(len(may), np.bool_)
    was_cut[chart[rows[starts[is_cut]]]] = True
    pieces = split_apart(adjacency, smooth_borders(adjacency, chart * 2 + side, chart))
    pieces = _keep_crumbs(adjacency, pieces, chart, area, was_cut)
    is_new = np.zeros(int(pieces.max()) + 1, np.bool_)
    is_new[pieces[was_cut[chart]]] = True
    return pieces, is_new


def _keep_crumbs(adjacency: Adjacency, pieces: I4, chart: I4, area: F8, was_cut: Bool) -> I4:
    """Leave small pieces of what was cut with their largest neighbour that was of the same chart."""
    for _ in range(4):
        size = np.bincount(pieces, weights=area)
        whole = np.bincount(chart, weights=area)
        small = (size[pieces] < _CRUMB * whole[chart]) & was_cut[chart]
        if not small.any():
            break
        face, edge = np.nonzero((adjacency.across >= 0) & small[:, None])
        other = adjacency.across[face, edge]
        ok = (chart[other] == chart[face]) & (pieces[other] != pieces[face])
        into = np.arange(len(size))
        # the larger neighbour wins
        order = np.argsort(size[pieces[other[ok]]], kind="stable")
        one, two = pieces[face[ok]][order], pieces[other[ok]][order]
        up = size[two] > size[one]
        into[one[up]] = two[up]
        pieces = split_apart(adjacency, into[pieces].astype(np.int32))
        if not up.any():
            break
    return pieces


@nb.njit(cache=True)
def _best_cuts(corners, starts, whole, seam_width, across, weight, chart_cost, least):  # type: ignore[no-untyped-def]  # numba infers
    """Return for each chart what its best cut gains, the cut's normal and its offset: (k, 4)."""
    n_angles = 6
    n_offsets = 11
    k = len(starts) - 1
    found = np.zeros((k, 4))
    found[:, 0] = least
    is_forced = least < 0
    cos = np.empty(2 * n_angles)
    sin = np.empty(2 * n_angles)
    for j in range(2 * n_angles):
        angle = (j % n_angles) * np.pi / 2 / n_angles + (np.pi / 2 if j >= n_angles else 0.0)
        cos[j] = np.cos(angle)
        sin[j] = np.sin(angle)
    for c in range(k):
        own = corners[starts[c] : starts[c + 1]]
        left, low = own[:, :, 0].min(), own[:, :, 1].min()
        wide, tall = own[:, :, 0].max() - left, own[:, :, 1].max() - low
        cell = np.sqrt(max(wide * tall, 1e-30)) / across
        cell = max(cell, max(wide, tall) / (8 * across))
        nx, ny = int(wide / cell) + 1, int(tall / cell) + 1
        label = np.full((ny, nx), -2, np.int32)
        for t in range(len(own)):
            # places along the face no farther apart than a cell
            far = 0.0
            for e in range(3):
                far = max(far, np.hypot(own[t, e, 0] - own[t, e - 1, 0], own[t, e, 1] - own[t, e - 1, 1]))
            steps = int(far / cell) + 1
            for i in range(steps + 1):
                for j in range(steps + 1 - i):
                    a, b = i / steps, j / steps
                    x = own[t, 0, 0] + a * (own[t, 1, 0] - own[t, 0, 0]) + b * (own[t, 2, 0] - own[t, 0, 0])
                    y = own[t, 0, 1] + a * (own[t, 1, 1] - own[t, 0, 1]) + b * (own[t, 2, 1] - own[t, 0, 1])
                    label[min(int((y - low) / cell), ny - 1), min(int((x - left) / cell), nx - 1)] = -1
        n_cells = 0
        for y in range(ny):
            for x in range(nx):
                n_cells += label[y, x] == -1
        cx = np.empty(n_cells, np.int32)
        cy = np.empty(n_cells, np.int32)
        at = 0
        for y in range(ny):
            for x in range(nx):
                if label[y, x] == -1:
                    cx[at], cy[at] = x, y
                    at += 1
        stack = np.empty(n_cells, np.int32)
        place = np.full((ny, nx), -1, np.int32)
        for i in range(n_cells):
            place[cy[i], cx[i]] = i
        along = np.empty((2 * n_angles, n_cells))
        for j in range(2 * n_angles):
            for i in range(n_cells):
                along[j, i] = cos[j] * cx[i] + sin[j] * cy[i]
        mark = np.empty(n_cells, np.int32)
        lows = np.empty(2 * n_angles)
        highs = np.empty(2 * n_angles)
        uncut = 0.0
        for candidate in range(2 * n_angles * n_offsets + 1):
            # the first is no cut at all
            j = max(candidate - 1, 0) // n_offsets
            least, most = along[j].min(), along[j].max()
            cut = least + (most - least) * ((candidate - 1) % n_offsets + 1) / (n_offsets + 1)
            if candidate == 0:
                cut = most + 1
            elif is_forced and abs((candidate - 1) % n_offsets + 1 - (n_offsets + 1) / 2) > 2:
                continue
            mark[:] = 0
            n_pieces = 0
            boxes = 0.0
            seam = 0
            for i in range(n_cells):
                if mark[i] != 0:
                    continue
                n_pieces += 1
                mark[i] = 1
                side = along[j, i] > cut
                stack[0] = i
                n_stack = 1
                for a in range(2 * n_angles):
                    lows[a], highs[a] = along[a, i], along[a, i]
                while n_stack > 0:
                    n_stack -= 1
                    o = stack[n_stack]
                    for a in range(2 * n_angles):
                        if along[a, o] < lows[a]:
                            lows[a] = along[a, o]
                        elif along[a, o] > highs[a]:
                            highs[a] = along[a, o]
                    for d in range(4):
                        x = cx[o] + (d == 0) - (d == 1)
                        y = cy[o] + (d == 2) - (d == 3)
                        if x < 0 or y < 0 or x >= nx or y >= ny or place[y, x] < 0:
                            continue
                        n = place[y, x]
                        if (along[j, n] > cut) != side:
                            seam += 1
                        elif mark[n] == 0:
                            mark[n] = 1
                            stack[n_stack] = n
                            n_stack += 1
                box = np.inf
                for a in range(n_angles):
                    box = min(box, (highs[a] - lows[a] + 1) * (highs[a + n_angles] - lows[a + n_angles] + 1))
                boxes += box
            cost = boxes * cell * cell * weight + seam / 2 * cell * seam_width + n_pieces * chart_cost * whole
            if candidate == 0:
                uncut = cost
            elif uncut - cost > found[c, 0]:
                found[c, 0] = uncut - cost
                found[c, 1], found[c, 2] = cos[j], sin[j]
                found[c, 3] = (cut + 0.5 * (cos[j] + sin[j])) * cell + cos[j] * left + sin[j] * low
    return found
