"""How much of a scan's relief a mesh keeps: 1 is all of it, 0 none.

Relief of a size is what stands above or below the plane through its wider surroundings, averaged over its closer ones;
the same is asked of the mesh's nearest places. A plain regression of one on the other would be pulled down by the
scan's noise, which the mesh rightly lacks. So the scan is dealt into two hands, whose noise is independent, and one
serves as the instrument for the other (Reiersøl, "Confluence analysis by means of instrumental sets of variables",
Arkiv för Matematik, Astronomi och Fysik 32A, 1945): kept = cov(mesh at one hand's places, other hand) / cov(one hand,
other hand).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4, F8, Bool
from exhibit.progress import SILENT, Progress

_LEAST_ALIKE = 0.3
"""Cosine of normals below which a neighbour is taken for another sheet or the other side of an edge."""
_CLOSE = 1 / 3
"""Radius of the closer surroundings, in those of the wider ones."""
_CLEAR = 5.0
"""Standard errors by which the relief must stand out of the noise."""
_FEWEST = 100
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class KeptRelief:
    """Relief of one size.

    Parameters
    ----------
    radius : of the wider surroundings (the median), unit of the points.
    amplitude : standard deviation of the scan's own relief, without its noise.
    kept : share of it that the mesh has, or None where the scan has none that stands out of its noise.
    """

    radius: float
    amplitude: float
    kept: float | None


def kept_relief(
    points: F4, normals: F4, on_mesh: F4, spacings: int, n_places: int, *, progress: Progress = SILENT
) -> KeptRelief:
    """Hold a mesh's relief against a scan's, above surroundings with a radius of so many `spacings` (4 or more).

    Parameters
    ----------
    points : (n, 3) float32 in Morton order, so that every k-th is an even choice.
    normals : (n, 3) float32, unit; neighbours agree on the side.
    on_mesh : (n, 3) float32, the mesh's place nearest to each point.
    n_places : at how many places to look.
    """
    stride = max(1, round((spacings / 8) ** 2))
    dealt = _deal(len(points))
    hands = np.flatnonzero(dealt)[::stride], np.flatnonzero(~dealt)[::stride]
    n_base = round(np.pi * spacings**2 / stride / 2)
    if min(map(len, hands)) < max(n_base, _FEWEST):
        return KeptRelief(0.0, 0.0, None)
    indices = [PointIndex(points[hand]) for hand in hands]
    asked = np.linspace(0, len(points) - 1, min(n_places, len(points))).astype(np.int64)
    heights, radii = [], []
    for start in range(0, len(asked), _AT_ONCE):
        progress.tick(start / len(asked), "measuring relief")
        some = asked[start : start + _AT_ONCE]
        near = [index.nearest(points[some], n_base) for index in indices]
        rows = np.concatenate([hand[found.indices] for hand, found in zip(hands, near, strict=True)], axis=1)
        radius = np.maximum(near[0].distances[:, -1], near[1].distances[:, -1])
        heights.append(_heights(points, normals, on_mesh, some, rows, radius))
        radii.append(radius)
    progress.tick(1.0)
    return _regress(np.concatenate(heights), float(np.median(np.concatenate(radii))))


def _deal(n: int) -> Bool:
    """Mark (n,) one of two hands by lot (splitmix64, Steele et al. 2014): neighbours in Z-order have like noise."""
    lot = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    lot = (lot ^ (lot >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    lot = (lot ^ (lot >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((lot >> np.uint64(63)).astype(bool))


def _heights(
    points: F4, normals: F4, on_mesh: F4, asked: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], radius: F4
) -> F8:
    """Return the relief (p, 4) as one hand and the other have it, then as the mesh has it at the places of each; NaN
    where it cannot be told.

    Parameters
    ----------
    asked : (p,) the places. rows : (p, 2 k) their wider surroundings, one hand's and then the other's.
    """
    alike: Bool = np.einsum("pkd,pd->pk", normals[rows], normals[asked]) > _LEAST_ALIKE
    scan = points[rows].astype(np.float64)
    middle, axes = _frames(scan, alike, normals[asked])
    local = (scan - middle[:, None]) @ axes
    moved = (on_mesh[rows] - points[rows]).astype(np.float64) @ axes
    # where the mesh has a hole its nearest place is the rim, which says nothing of relief
    reach = _CLOSE * radius.astype(np.float64)
    counts = alike & (np.hypot(moved[:, :, 0], moved[:, :, 1]) < reach[:, None])
    centre = np.einsum("pd,pde->pe", points[asked] - middle, axes)
    # chosen across the plane only: the nearest in space would be those with like noise
    aside = np.hypot(local[:, :, 0] - centre[:, :1], local[:, :, 1] - centre[:, 1:2])
    close = counts & (aside < reach[:, None])
    height = local[:, :, 2]
    half = rows.shape[1] // 2
    hands = slice(0, half), slice(half, None)
    found = [
        _above_surroundings(local[:, hand], values[:, hand], counts[:, hand], close[:, hand])
        for values in (height, height + moved[:, :, 2])
        for hand in hands
    ]
    return np.stack(found, axis=1)


def _frames(points: F8, counts: Bool, toward: F4) -> tuple[F8, F8]:
    """Return middles (p, 3) and axes (p, 3, 3) of groups (p, k, 3); the last axis is the normal, `toward` its side."""
    weight = counts.astype(np.float64)
    middle = np.einsum("pkd,pk->pd", points, weight) / np.maximum(weight.sum(axis=1), 1)[:, None]
    away = (points - middle[:, None]) * weight[:, :, None]
    _, axes = np.linalg.eigh(away.transpose(0, 2, 1) @ away)
    axes = np.ascontiguousarray(axes[:, :, ::-1])
    axes[:, :, 2] *= np.where(np.einsum("pd,pd->p", axes[:, :, 2], toward) < 0, -1.0, 1.0)[:, None]
    return middle, axes


def _above_surroundings(local: F8, height: F8, wide: Bool, close: Bool) -> F8:
    """Return the mean (p,) over `close` of what `height` (p, k) stands above the plane fitted to it over `wide`."""
    weight = wide.astype(np.float64)
    basis = np.stack([np.ones_like(height), local[:, :, 0], local[:, :, 1]], axis=2)
    weighted = (basis * weight[:, :, None]).transpose(0, 2, 1)
    normal = weighted @ basis
    enough = (weight.sum(axis=1) >= 8) & close.any(axis=1)
    # lengths in the frame are tiny: what counts as flat follows their own size
    scale = np.einsum("pii->pi", normal).copy()
    normal[~enough], scale[~enough] = np.eye(3), 1.0
    normal += np.eye(3) * 1e-9 * scale[:, None, :]
    plane = np.linalg.solve(normal, weighted @ height[:, :, None])
    rest = height - (basis @ plane)[:, :, 0]
    mean: F8 = np.where(close, rest, 0).sum(axis=1) / np.maximum(close.sum(axis=1), 1)
    return np.where(enough, mean, np.nan)


def _regress(heights: F8, radius: float) -> KeptRelief:
    heights = heights[np.isfinite(heights).all(axis=1)]
    if len(heights) < _FEWEST:
        return KeptRelief(radius, 0.0, None)
    # the far tails, where a plane was laid amiss, are drawn in
    low, high = np.quantile(heights, (0.002, 0.998), axis=0)
    heights = np.clip(heights, low, high)
    heights -= heights.mean(axis=0)
    one, two, mesh_one, mesh_two = heights.T
    own = one * two
    amplitude = float(np.sqrt(max(own.mean(), 0.0)))
    if own.mean() <= _CLEAR * own.std() / np.sqrt(len(own)):
        return KeptRelief(radius, amplitude, None)
    # each hand in turn is the instrument
    return KeptRelief(radius, amplitude, float((mesh_one * two + mesh_two * one).mean() / 2 / own.mean()))
