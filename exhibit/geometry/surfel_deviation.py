"""How far places of a mesh stand above or below the surface that a cloud of points stands for.

Each point is a disc (a surfel: Pfister et al. 2000) as wide as its spacing. The height above it is taken along the mean
of its normal and the place's own, which on a curved surface is right to the second order, and averaged over the nearest
discs: one disc alone would add the noise of its point, and the best of several would hide half of every deviation.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex
from exhibit.model.arrays import F4, Bool
from exhibit.progress import SILENT, Progress

_NEIGHBOURS = 8
_BESIDE = 2.0
"""Spacings from a point, across its normal, within which a place lies over the scan."""
_ABOVE = 3.0
"""Spacings above a point from which on the normals must agree for the place to be measured from it."""
_ALIKE = 0.5
"""Cosine of normals that agree."""
_AT_ONCE = 1 << 17


def surfel_deviation(
    places: F4, facing: F4, index: PointIndex, normals: F4, spacing: F4, *, progress: Progress = SILENT
) -> tuple[F4, Bool]:
    """Measure places of a mesh against a cloud.

    Parameters
    ----------
    places, facing : (n, 3) float32, the places and the mesh's unit normals there.
    index : over the points (m, 3). normals : (m, 3) float32, unit. spacing : (m,) float32.

    Returns
    -------
    Deviation (n,) float32, positive where the place stands out on the side that the mesh faces. And (n,) bool, whether
    there is scan to be measured against: a place beside the last points, over a gap or beyond the end, has none.
    """
    deviation = np.empty(len(places), np.float32)
    has_scan = np.empty(len(places), np.bool_)
    for start in range(0, len(places), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        part = progress.part(start / len(places), min(1.0, (start + _AT_ONCE) / len(places)))
        deviation[rows], has_scan[rows] = _measure(places[rows], facing[rows], index, normals, spacing, part)
    return deviation, has_scan


def _measure(
    places: F4, facing: F4, index: PointIndex, normals: F4, spacing: F4, progress: Progress
) -> tuple[F4, Bool]:
    near = index.nearest(places, _NEIGHBOURS, progress=progress)
    offset = places[:, None] - index.points[near.indices]
    own = normals[near.indices]
    alike = np.einsum("nkd,nd->nk", own, facing)
    # the far side of a thin wall must not answer; where nothing agrees, the scan's normals say nothing
    counts = (alike > 0) | ~(alike > 0).any(axis=1)[:, None]
    along = facing[:, None] + own * np.where(alike < 0, -1, 1)[:, :, None].astype(np.float32)
    along /= np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-12)
    height = np.einsum("nkd,nkd->nk", offset, along)
    aside = np.sqrt(np.maximum(near.distances**2 - height**2, 0))
    width = np.maximum(spacing[near.indices], 1e-30)
    weight = np.where(counts, np.exp(-0.5 * np.minimum(aside / width, 8) ** 2), 0) + 1e-12
    mean = (weight * height).sum(axis=1) / weight.sum(axis=1)
    over = counts & (aside < _BESIDE * width) & ((np.abs(alike) > _ALIKE) | (near.distances < _ABOVE * width))
    has_scan: Bool = over.any(axis=1)
    return mean.astype(np.float32), has_scan
