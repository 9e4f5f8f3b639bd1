"""Cut a surface into charts: connected pieces whose faces look much the same way.

Regions grow from seeds while their normals stay inside a cone about the running mean (in the spirit of D-Charts,
Julius et al. 2005), steered by smoothed normals so that the grain of a scan does not cut; small leftovers join the
neighbour they face best; then neighbours with a long common border are merged while the cone of the whole allows it.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.adjacency import Adjacency, label_face_parts
from exhibit.model.arrays import F8, I4, Bool

_LEAST_SMOOTHING, _MOST_SMOOTHING = 6, 40
_CONE_DEG = 48.0
_SEED_CONE_DEG = 62.0
_MERGED_CONE_DEG = 68.0
_SMALL = 24
_RINGS = 2
_SMOOTHINGS = 4
_LEAST_FACING = 0.2


def cut_charts(adjacency: Adjacency, steering: F8, areas: F8) -> I4:
    """Return a chart number (m,) int32 for each face.

    Parameters
    ----------
    adjacency : of the m faces.
    steering : (m, 3) float64, what :func:`smooth_normals` returned.
    areas : (m,) float64.
    """
    across = adjacency.across
    # seeds in the order of how squarely a face looks along an axis: the same whatever the order of other faces
    seeds = np.argsort(-np.abs(steering).max(axis=1), kind="stable")
    everywhere = np.ones(len(across), np.bool_)
    chart = _grow(across, steering, areas, seeds, everywhere, _cos(_CONE_DEG), _cos(_SEED_CONE_DEG))
    chart = absorb_small(adjacency, split_apart(adjacency, chart), steering, areas)
    chart = smooth_borders(adjacency, _merge(adjacency, chart, steering * areas[:, None]))
    return absorb_small(adjacency, split_apart(adjacency, chart), steering, areas)


def recut(adjacency: Adjacency, chart: I4, evicted: Bool, steering: F8, areas: F8) -> tuple[I4, Bool]:
    """Return charts (m,) in which the `evicted` faces (m,), and those around them, form charts of their own.

    The second value (k,) tells which charts are new; of the others each is part of an old one.
    """
    is_inside = (adjacency.across >= 0) & (chart[np.maximum(adjacency.across, 0)] == chart[:, None])
    for _ in range(_RINGS):
        evicted = evicted | (is_inside & evicted[np.maximum(adjacency.across, 0)]).any(axis=1)
    fresh = _grow(
        adjacency.across, steering, areas, np.flatnonzero(evicted), evicted, _cos(_CONE_DEG), _cos(_SEED_CONE_DEG)
    )
    chart = split_apart(adjacency, np.where(evicted, int(chart.max()) + 1 + fresh, chart).astype(np.int32))
    # crumbs between the evicted and the edge go with the evicted; back into the old chart they would fold again
    is_fresh = np.zeros(int(chart.max()) + 1, np.bool_)
    is_fresh[chart[evicted]] = True
    chart = absorb_small(adjacency, chart, steering, areas, is_fresh)
    fresh_now = np.zeros(int(chart.max()) + 1, np.bool_)
    fresh_now[chart[evicted]] = True
    return chart, fresh_now


def split_apart(adjacency: Adjacency, chart: I4) -> I4:
    """Return charts (m,) numbered from 0, each of them connected across edges."""
    other = chart[np.maximum(adjacency.across, 0)]
    _, label = label_face_parts(adjacency, other == chart[:, None])
    return label


def smooth_borders(adjacency: Adjacency, chart: I4, within: I4 | None = None) -> I4:
    """Return charts (m,) without teeth: a face that shares two edges with one other chart goes over to it.

    `within` : (m,) int32, only to a chart of the same number here, by default any.
    """
    across = adjacency.across
    safe = np.maximum(across, 0)
    may = across >= 0
    if within is not None:
        may &= within[safe] == within[:, None]
    for _ in range(_SMOOTHINGS):
        beside = np.where(may, chart[safe], -1 - np.arange(3))
        moved = chart.copy()
        for one, two in ((0, 1), (1, 2), (2, 0)):
            goes = (beside[:, one] == beside[:, two]) & (beside[:, one] != chart)
            moved[goes] = beside[goes, one]
        # only one way at a time: neighbours that change places would do so for ever
        up = moved > chart
        chart = np.where(up, moved, chart).astype(np.int32)
        beside = np.where(may, chart[safe], -1 - np.arange(3))
        moved = chart.copy()
        for one, two in ((0, 1), (1, 2), (2, 0)):
            goes = (beside[:, one] == beside[:, two]) & (beside[:, one] != chart)
            moved[goes] = beside[goes, one]
        chart = np.where(moved < chart, moved, chart).astype(np.int32)
    return chart


def chart_axes(chart: I4, vectors: F8) -> F8:
    """Return the unit mean direction (k, 3) of each chart's `vectors` (m, 3)."""
    n = int(chart.max()) + 1
    total = np.stack([np.bincount(chart, weights=vectors[:, axis], minlength=n) for axis in range(3)], axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 0, total / np.where(length > 0, length, 1.0), (0.0, 0.0, 1.0))


def absorb_small(adjacency: Adjacency, chart: I4, steering: F8, areas: F8, may_grow: Bool | None = None) -> I4:
    """Return charts in which the faces of small ones have joined the neighbour (of those in `may_grow`) they face best.

    `chart` is numbered as :func:`split_apart` does; `may_grow` : (k,) bool, by default all charts that are not small.
    """
    chart = chart.copy()
    axes = chart_axes(chart, steering * areas[:, None])
    sizes = np.bincount(chart)
    may_grow = sizes >= _SMALL if may_grow is None else may_grow
    _absorb(chart, adjacency.across, steering, axes, sizes, may_grow, _SMALL, _LEAST_FACING)
    return split_apart(adjacency, chart)


def _cos(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))


def smooth_normals(adjacency: Adjacency, area_vectors: F8) -> F8:
    """Return unit normals (m, 3) without the grain of the scan, from normals as long as twice the faces' areas."""
    n_rounds = int(min(np.sqrt(len(area_vectors)) / 8, _MOST_SMOOTHING))
    smooth: F8 = _smooth(adjacency.across, area_vectors, max(n_rounds, _LEAST_SMOOTHING))
    return smooth


@nb.njit(cache=True)
def _smooth(across, vectors, n_rounds):  # type: ignore[no-untyped-def]  # numba infers
    smooth = vectors.copy()
    spread = np.empty_like(smooth)
    for _ in range(n_rounds):
        for f in range(len(smooth)):
            x, y, z = smooth[f, 0], smooth[f, 1], smooth[f, 2]
            for e in range(3):
                g = across[f, e]
                if g >= 0:
                    x += smooth[g, 0]
                    y += smooth[g, 1]
                    z += smooth[g, 2]
            length = np.sqrt(x * x + y * y + z * z)
            if length > 0:
                x, y, z = x / length, y / length, z / length
            spread[f, 0], spread[f, 1], spread[f, 2] = x, y, z
        smooth, spread = spread, smooth
    return smooth


def _merge(adjacency: Adjacency, chart: I4, vectors: F8) -> I4:
    """Merge pairs of neighbours, longest common border first, while all of the pair stays inside one cone."""
    for _ in range(8):
        chart = split_apart(adjacency, chart)
        axes = chart_axes(chart, vectors)
        face, edge = np.nonzero(adjacency.across >= 0)
        one, two = chart[face], chart[adjacency.across[face, edge]]
        at_border = one < two
        n = len(axes)
        pair, border = np.unique(one[at_border].astype(np.int64) * n + two[at_border], return_counts=True)
        if len(pair) == 0:
            break
        one, two = pair // n, pair % n
        agreement = (axes[one] * axes[two]).sum(axis=1)
        n_border = np.bincount(np.r_[one, two], weights=np.r_[border, border], minlength=n)
        # the share of the smaller chart's border that would vanish, less for charts that look apart
        gain = border / np.maximum(np.minimum(n_border[one], n_border[two]), 1) * agreement
        order = np.argsort(-gain, kind="stable")
        into = _pick_pairs(one[order], two[order], gain[order], n, 0.12)
        if (into == np.arange(n)).all():
            break
        tried = into[chart].astype(np.int32)
        fits = _fits(tried, vectors, n)
        # a pair that does not fit into the cone is left as it was
        undone = np.arange(n)
        keeps = fits[into]
        undone[keeps] = into[keeps]
        if (undone == np.arange(n)).all():
            break
        chart = undone[chart].astype(np.int32)
    return chart


def _fits(chart: I4, vectors: F8, n: int) -> Bool:
    """Tell for each chart whether nearly all of its area looks inside the cone about its mean."""
    total = np.stack([np.bincount(chart, weights=vectors[:, axis], minlength=n) for axis in range(3)], axis=1)
    axes = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-30)
    area = np.linalg.norm(vectors, axis=1)
    is_outside = (vectors * axes[chart]).sum(axis=1) < _cos(_MERGED_CONE_DEG) * area
    outside = np.bincount(chart, weights=area * is_outside, minlength=n)
    fits: Bool = outside <= 0.002 * np.bincount(chart, weights=area, minlength=n)
    return fits


@nb.njit(cache=True)
def _pick_pairs(one, two, gain, n, least):  # type: ignore[no-untyped-def]  # numba infers
    into = np.arange(n)
    is_taken = np.zeros(n, np.bool_)
    for i in range(len(one)):
        if gain[i] > least and not is_taken[one[i]] and not is_taken[two[i]]:
            into[two[i]] = one[i]
            is_taken[one[i]] = True
            is_taken[two[i]] = True
    return into


@nb.njit(cache=True)
def _grow(across, normals, areas, seeds, is_free, cos_axis, cos_seed):  # type: ignore[no-untyped-def]  # numba infers
    n = len(across)
    chart = np.full(n, -1, np.int32)
    n_charts = 0
    queue = np.empty(n, np.int64)
    for seed in seeds:
        if chart[seed] >= 0 or not is_free[seed]:
            continue
        head = 0
        tail = 1
        queue[0] = seed
        chart[seed] = n_charts
        mean = normals[seed] * areas[seed]
        while head < tail:
            f = queue[head]
            head += 1
            for e in range(3):
                g = across[f, e]
                if g < 0 or chart[g] >= 0 or not is_free[g]:
                    continue
                length = np.sqrt(mean[0] ** 2 + mean[1] ** 2 + mean[2] ** 2) + 1e-300
                along = normals[g, 0] * mean[0] + normals[g, 1] * mean[1] + normals[g, 2] * mean[2]
                to_seed = (
                    normals[g, 0] * normals[seed, 0]
                    + normals[g, 1] * normals[seed, 1]
                    + normals[g, 2] * normals[seed, 2]
                )
                if along > cos_axis * length and to_seed > cos_seed:
                    chart[g] = n_charts
                    queue[tail] = g
                    tail += 1
                    for axis in range(3):
                        mean[axis] += normals[g, axis] * areas[g]
        n_charts += 1
    return chart


@nb.njit(cache=True)
def _absorb(chart, across, directions, axes, sizes, may_grow, small, least):  # type: ignore[no-untyped-def]  # numba infers
    for _ in range(8):
        n_moved = 0
        for f in range(len(chart)):
            if sizes[chart[f]] >= small:
                continue
            best = least
            to = -1
            for e in range(3):
                g = across[f, e]
                if g >= 0 and chart[g] != chart[f] and may_grow[chart[g]]:
                    c = chart[g]
                    along = (
                        directions[f, 0] * axes[c, 0] + directions[f, 1] * axes[c, 1] + directions[f, 2] * axes[c, 2]
                    )
                    if along > best:
                        best = along
                        to = c
            if to >= 0:
                sizes[chart[f]] -= 1
                chart[f] = to
                sizes[to] += 1
                n_moved += 1
        if n_moved == 0:
            break
