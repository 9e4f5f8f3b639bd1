"""Merge flat charts with their neighbours while the whole still lies flat, true to length and without a fold.

A small chart is laid beside a larger one by the motion that fits their common border best; the vertices about the
border are relaxed; what folds, is crushed or stretches is taken back. So charts grow past what one projection can show:
around a bend, as far as the surface can be developed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import Adjacency
from exhibit.geometry.find_folds import find_folds
from exhibit.geometry.flatten_charts import FlatCharts, is_crushed, relax, untangle
from exhibit.model.arrays import F4, F8, I4, Bool
from exhibit.progress import SILENT, Progress

_ROUNDS = 4
_MOST_AREA = 0.03
"""Share of the surface that a merged chart may have, unless what joins it is small."""
_SMALL_AREA = 0.004
_LEAST_SHARE = 0.2
"""Share of its border with larger charts that a chart must have with the one it joins, unless it is small."""
_MOST_MISFIT = 0.25
"""How far two borders may lie apart (RMS), against the square root of the smaller chart's area."""
_MOST_STRETCH = 1.06
_MOST_LEAVES = 64
_RINGS = 10

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Seams:
    """Edges between two faces: `face` and `edge` on one side, `other` and `other_edge` on the other, and length."""

    face: Ints
    edge: Ints
    other: Ints
    other_edge: Ints
    length: F8

    def between(self, chart: I4) -> _Seams:
        """Those where charts meet."""
        at = chart[self.face] != chart[self.other]
        return _Seams(self.face[at], self.edge[at], self.other[at], self.other_edge[at], self.length[at])


def merge_charts(
    vertices: F4, faces: I4, adjacency: Adjacency, chart: I4, corner_xy: F8, cell: float, *, progress: Progress = SILENT
) -> tuple[I4, F8]:
    """Return fewer charts (m,) and the places (m, 3, 2) of the faces' corners in them.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32.
    adjacency : of the faces.
    chart : (m,) int32, from 0; every chart connected.
    corner_xy : (m, 3, 2) float64, no face overturned and no chart folded.
    cell : side of the cells in which folds are looked for, in the vertices' unit.
    """
    points = vertices.astype(np.float64)
    face_areas = _areas(points, faces)
    seams = _find_seams(points, faces, adjacency)
    forbidden = np.empty(0, np.int64)
    most_leaves = np.full(int(chart.max()) + 1, _MOST_LEAVES)
    for turn in range(_ROUNDS):
        progress.tick(turn / _ROUNDS, "merging charts")
        joins = _choose(seams.between(chart), chart, corner_xy, face_areas, forbidden, most_leaves)
        if len(joins.leaf) == 0:
            break
        chart, corner_xy, refused = _join(points, faces, face_areas, chart, corner_xy, joins, cell, most_leaves)
        forbidden = np.union1d(forbidden, refused)
    _, dense = np.unique(chart, return_inverse=True)
    return dense.astype(np.int32), corner_xy


@dataclass(frozen=True, slots=True)
class _Joins:
    """Charts `leaf` that shall join charts `hub`, laid beside them by `turn` (2,), a cosine and a sine, and `move`."""

    hub: Ints
    leaf: Ints
    turn: F8
    move: F8


def _areas(points: F8, faces: I4) -> F8:
    corners = points[faces]
    area: F8 = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    return area


def _find_seams(points: F8, faces: I4, adjacency: Adjacency) -> _Seams:
    face, edge = np.nonzero(adjacency.across > np.arange(len(faces))[:, None])
    other = adjacency.across[face, edge].astype(np.int64)
    one, two = faces[face, edge], faces[face, (edge + 1) % 3]
    back = (faces[other] == two[:, None]) & (np.roll(faces[other], -1, axis=1) == one[:, None])
    return _Seams(face, edge, other, back.argmax(axis=1), np.linalg.norm(points[one] - points[two], axis=1))


def _choose(seams: _Seams, chart: I4, corner_xy: F8, face_areas: F8, forbidden: Ints, most_leaves: Ints) -> _Joins:
    """Pair charts with smaller neighbours whose border fits theirs, the best fit first; no chart joins two."""
    n = int(chart.max()) + 1
    area = np.bincount(chart, weights=face_areas, minlength=n)
    is_swapped = area[chart[seams.face]] < area[chart[seams.other]]
    is_swapped |= (area[chart[seams.face]] == area[chart[seams.other]]) & (chart[seams.face] > chart[seams.other])
    hub = np.where(is_swapped, chart[seams.other], chart[seams.face]).astype(np.int64)
    leaf = np.where(is_swapped, chart[seams.face], chart[seams.other]).astype(np.int64)
    one = corner_xy[seams.face[:, None], np.stack([seams.edge, (seams.edge + 1) % 3], 1)]
    two = corner_xy[seams.other[:, None], np.stack([(seams.other_edge + 1) % 3, seams.other_edge], 1)]
    p = np.where(is_swapped[:, None, None], two, one)
    q = np.where(is_swapped[:, None, None], one, two)
    key, pair = np.unique(hub * n + leaf, return_inverse=True)
    k = len(key)
    hub, leaf = key // n, key % n

    def total(values: F8) -> F8:
        summed: F8 = np.bincount(pair, weights=values * seams.length, minlength=k).astype(np.float64)
        return summed

    length = np.maximum(total(np.ones(len(pair))), 1e-30)
    mid_p = np.stack([total(p[:, :, axis].mean(axis=1)) for axis in (0, 1)], axis=1) / length[:, None]
    mid_q = np.stack([total(q[:, :, axis].mean(axis=1)) for axis in (0, 1)], axis=1) / length[:, None]
    p, q = p - mid_p[pair][:, None], q - mid_q[pair][:, None]
    along = total((p * q).sum(axis=2).mean(axis=1))
    across = total((q[:, :, 0] * p[:, :, 1] - q[:, :, 1] * p[:, :, 0]).mean(axis=1))
    turned = np.maximum(np.hypot(along, across), 1e-30)
    misfit = total((p * p).sum(axis=2).mean(axis=1)) + total((q * q).sum(axis=2).mean(axis=1)) - 2 * turned
    misfit = np.sqrt(np.maximum(misfit, 0) / length)
    along_leaf: F8 = np.bincount(leaf, weights=length, minlength=n).astype(np.float64)
    share = length / np.maximum(along_leaf, 1e-30)[leaf]
    # what the border lacks to fit, against how wide the smaller chart is
    lack = misfit / np.sqrt(np.maximum(area[leaf], 1e-30))
    all_area = float(area.sum())
    is_small = area[leaf] < _SMALL_AREA * all_area
    may = (area[hub] + area[leaf] <= _MOST_AREA * all_area) | is_small
    may &= (lack <= _MOST_MISFIT) & ((share >= _LEAST_SHARE) | is_small) & ~np.isin(key, forbidden)
    score = share - lack
    order = np.argsort(-score, kind="stable")
    order = order[may[order]]
    role = np.zeros(n, np.int8)
    grown = area.copy()
    left = most_leaves.copy()
    chosen = []
    for i in order:
        h, f = hub[i], leaf[i]
        if role[f] != 0 or role[h] == 2 or left[h] == 0:
            continue
        if not is_small[i] and grown[h] + area[f] > _MOST_AREA * all_area:
            continue
        role[f], role[h] = 2, 1
        grown[h] += area[f]
        left[h] -= 1
        chosen.append(i)
    at = np.array(chosen, np.int64)
    turn = np.stack([along[at], across[at]], axis=1) / turned[at, None]
    turn[turned[at] <= 1e-30] = (1.0, 0.0)
    move = mid_p[at] - _turn(mid_q[at], turn)
    return _Joins(hub[at], leaf[at], turn, move)


def _turn(xy: F8, turn: F8) -> F8:
    x, y = xy[..., 0], xy[..., 1]
    return np.stack([turn[..., 0] * x - turn[..., 1] * y, turn[..., 1] * x + turn[..., 0] * y], axis=-1)


def _join(
    points: F8,
    faces: I4,
    face_areas: F8,
    chart: I4,
    corner_xy: F8,
    joins: _Joins,
    cell: float,
    most_leaves: Ints,
) -> tuple[I4, F8, Ints]:
    """Lay the leaves beside their hubs and keep what lies well.

    Returns the charts, their corners and the refused pairs, as hub times n plus leaf. A hub that lies ill itself keeps
    none, and may try half as many leaves next (`most_leaves` (n,) is changed).
    """
    n = len(most_leaves)
    into = np.arange(n)
    into[joins.leaf] = joins.hub
    is_leaf = np.zeros(n, np.bool_)
    is_leaf[joins.leaf] = True
    is_hub = np.zeros(n, np.bool_)
    is_hub[joins.hub] = True
    rows = np.flatnonzero(is_leaf[chart] | is_hub[chart])
    # hubs first: of two faces that lie on each other the later one is told
    rows = np.concatenate([rows[is_hub[chart[rows]]], rows[is_leaf[chart[rows]]]])
    was, now = chart[rows], into[chart[rows]]
    number = np.zeros(n, np.int64)
    number[joins.leaf] = np.arange(len(joins.leaf))
    tried = corner_xy[rows]
    of_leaf = is_leaf[was]
    which = number[was[of_leaf]]
    tried[of_leaf] = _turn(tried[of_leaf], joins.turn[which][:, None]) + joins.move[which][:, None]

    key, corner, local = np.unique(
        now[:, None].astype(np.int64) * len(points) + faces[rows], return_index=True, return_inverse=True
    )
    local = local.reshape(-1, 3).astype(np.int32)
    # np.unique returns the first corner of each vertex: that of the hub where it has one
    xy = tried.reshape(-1, 2)[corner]
    own = points[key % len(points)]
    dense = np.zeros(n, np.int64)
    hubs = np.unique(joins.hub)
    dense[hubs] = np.arange(len(hubs))
    vertex_chart = dense[key // len(points)].astype(np.int32)

    is_free, touched = _near_seams(local, of_leaf, vertex_chart)
    near = local[touched]
    xy = untangle(xy, near)
    xy = relax(xy, own, near, is_free)
    flat = FlatCharts(local, xy, dense[now].astype(np.int32), vertex_chart)

    doubled = 2 * face_areas[rows]
    bad = is_crushed(flat, doubled) | find_folds(flat, cell)
    bad_leaf = np.bincount(was[bad & of_leaf], minlength=n) > 0
    bad_hub = np.bincount(now[bad & ~of_leaf], minlength=n) > 0
    bad_hub |= _stretch(own[local], xy[local], now, n) > _MOST_STRETCH
    n_leaves = np.bincount(joins.hub, minlength=n)
    most_leaves[bad_hub] = np.maximum(n_leaves[bad_hub] // 2, 1)
    fails = bad_leaf[joins.leaf] | (bad_hub[joins.hub] & (n_leaves[joins.hub] == 1))
    keeps = ~bad_hub[now] & ~bad_leaf[was]
    corner_xy = corner_xy.copy()
    chart = chart.copy()
    corner_xy[rows[keeps]] = xy[local[keeps]]
    chart[rows[keeps]] = now[keeps]
    return chart, corner_xy, joins.hub[fails] * n + joins.leaf[fails]


def _near_seams(faces: I4, of_leaf: Bool, vertex_chart: I4) -> tuple[Bool, Ints]:
    """Return which vertices (n,) lie near those that leaves share with hubs, and the faces that they are of."""
    n = len(vertex_chart)
    in_leaf, in_hub = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    in_leaf[faces[of_leaf]] = True
    in_hub[faces[~of_leaf]] = True
    near = in_leaf & in_hub
    one, two, three = np.ascontiguousarray(faces.T)
    touched = near[one] | near[two] | near[three]
    for _ in range(_RINGS):
        near[faces[touched]] = True
        touched = near[one] | near[two] | near[three]
    # the first vertex holds a chart that is near as a whole
    starts = np.flatnonzero(np.r_[True, vertex_chart[1:] != vertex_chart[:-1]])
    near[starts[np.logical_and.reduceat(near, starts)]] = False
    return near, np.flatnonzero(touched)


def _stretch(corners: F8, flat: F8, chart: Ints, n: int) -> F8:
    """Return the L2 stretch (n,) of each chart, lengths taken as they are (Sander et al. 2001)."""
    e1, e2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    f1, f2 = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    doubled = f1[:, 0] * f2[:, 1] - f1[:, 1] * f2[:, 0]
    area = np.linalg.norm(np.cross(e1, e2), axis=1)
    safe = np.where(doubled > 0, doubled, np.inf)[:, None]
    u = (e1 * f2[:, 1:] - e2 * f1[:, 1:]) / safe
    v = (e2 * f1[:, :1] - e1 * f2[:, :1]) / safe
    squared = ((u**2).sum(axis=1) + (v**2).sum(axis=1)) / 2
    total = np.bincount(chart, weights=squared * area, minlength=n)
    stretch: F8 = np.sqrt(total / np.maximum(np.bincount(chart, weights=area, minlength=n), 1e-30))
    return stretch
