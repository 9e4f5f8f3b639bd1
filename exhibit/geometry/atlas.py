"""An atlas of our own: the same bytes for the same mesh, few charts, nothing folded.

Charts are cut and flattened; a face that lies upside down or crushed in its chart, or over another face of it, is
evicted with those about it and charted anew, until none is left; the rest of its chart stays as it lies. Then flat
charts are merged with their neighbours as far as they stay flat, cut where their outline wastes room, and packed.
Measured on eight scans at 150,000 faces, one core: 1.6 to 3.3 s, 45 to 142 charts, .69 to .72 of the square used, L2
stretch 1.002 to 1.010 (without merging and cutting 1.5 to 2.0 s, 89 to 348 charts, .54 to .67, 1.001 to 1.003). A scan
so noisy that its surface is all creases keeps some 300. UVAtlas stretched by 1.19, took longer and is not reproducible.
Left: to untangle what fitting crushes, instead of charting it anew (no fewer charts, stretch 1.05 to 1.1); cells half
as large (twice the time to pack, no fuller); to slide packed charts together texel by texel (.01).
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.charts import cut_charts, recut, smooth_normals
from exhibit.geometry.cut_to_fit import cut_to_fit
from exhibit.geometry.find_folds import find_folds
from exhibit.geometry.flatten_charts import flatten_charts, is_crushed
from exhibit.geometry.merge_charts import merge_charts
from exhibit.geometry.mesh_measures import area_vectors
from exhibit.geometry.pack_charts import pack_charts
from exhibit.geometry.tangents import uv_orientation
from exhibit.model.arrays import F4, F8, I4
from exhibit.progress import SILENT, Progress

_ROUNDS = 4
_FOLD_CELLS = 2048
_MOST_NEEDLES = 100


def lay_out_atlas(vertices: F4, faces: I4, texture_px: int, gutter_px: int, *, progress: Progress = SILENT) -> F4:
    """Return the uv of every face corner, (m, 3, 2) float32 in the unit square, glTF convention, no face mirrored.

    Parameters
    ----------
    vertices : (n, 3) float32, finite.
    faces : (m, 3) int32, m >= 1; any mesh, but edges of more than two faces become seams.
    texture_px, gutter_px : side of the texture and room between charts, pixels.
    """
    progress.tick(0.0, "cutting charts")
    vertices = _of_size_one(vertices)
    adjacency = find_adjacency(faces)
    vectors = area_vectors(vertices, faces)
    areas = np.linalg.norm(vectors, axis=1)
    steering = smooth_normals(adjacency, vectors)
    chart = cut_charts(adjacency, steering, areas)
    # a texture is rarely covered by more than half: about the size of its texels on the surface
    texel = max(float(np.sqrt(areas.sum())), 0.1) / texture_px
    # folds are looked for more finely where texels are large: a picture is read between its texels too
    cell = texel * min(1.0, texture_px / _FOLD_CELLS)
    final, corner_xy = _flatten_without_folds(vertices, faces, chart, steering, vectors, cell, progress.part(0.1, 0.5))
    part = progress.part(0.5, 0.8)
    final, corner_xy = merge_charts(vertices, faces, adjacency, final, corner_xy, cell, progress=part)
    final = cut_to_fit(adjacency, final, corner_xy, texel, gutter_px + 2)
    corner_uv = pack_charts(adjacency, final, corner_xy, texture_px, gutter_px, progress=progress.part(0.8, 1.0))
    # the charts are laid out with y upward
    corner_uv[:, :, 1] = 1 - corner_uv[:, :, 1]
    return _set_upright(np.clip(corner_uv, 0, 1).astype(np.float32), faces)


def _flatten_without_folds(
    vertices: F4, faces: I4, chart: I4, steering: F8, vectors: F8, cell: float, progress: Progress
) -> tuple[I4, F8]:
    """Flatten all charts; those with a fold lose the faces that make it, and only they are done again."""
    areas = np.linalg.norm(vectors, axis=1)
    corner_xy = np.zeros((len(faces), 3, 2))
    final = np.zeros(len(faces), np.int32)
    n_final = 0
    pending = np.arange(len(faces))
    for turn in range(_ROUNDS):
        part = progress.part(turn / _ROUNDS, (turn + 1) / _ROUNDS)
        flat = flatten_charts(vertices, faces[pending], chart, vectors[pending], progress=part)
        evicted = is_crushed(flat, areas[pending]) | find_folds(flat, cell)
        if turn == _ROUNDS - 1 and evicted.any():
            # a chart of one face cannot fold; the rest of its chart lies well without it
            chart = np.where(evicted, int(chart.max()) + np.cumsum(evicted), chart).astype(np.int32)
            alone = flatten_charts(
                vertices, faces[pending][evicted], np.arange(evicted.sum(), dtype=np.int32), vectors[pending][evicted]
            )
            corner_xy[pending] = flat.xy[flat.faces]
            corner_xy[pending[evicted]] = alone.xy[alone.faces]
            final[pending] = n_final + chart
            break
        has_fold = np.bincount(chart, weights=evicted) > 0
        is_pending = has_fold[chart]
        done = pending[~is_pending]
        corner_xy[done] = flat.xy[flat.faces][~is_pending]
        final[done] = n_final + chart[~is_pending]
        n_final += int(chart.max()) + 1
        if not is_pending.any():
            break
        corner_xy[pending] = flat.xy[flat.faces]
        pending = pending[is_pending]
        chart = _renumber(chart[is_pending])
        adjacency = find_adjacency(faces[pending])
        chart, is_fresh = recut(adjacency, chart, evicted[is_pending], steering[pending], areas[pending])
        # what is left of a chart lies as well without the faces that made its folds
        kept = pending[~is_fresh[chart]]
        final[kept] = n_final + chart[~is_fresh[chart]]
        n_final += int(chart.max()) + 1
        pending, chart = pending[is_fresh[chart]], chart[is_fresh[chart]]
        chart = _renumber(chart)
    return _renumber(final), corner_xy


def _set_upright(corner_uv: F4, faces: I4) -> F4:
    """Move the middle corner of needles that rounding has turned over, by a rounding or two, in all faces about it."""
    each = np.arange(faces.size, dtype=np.int32).reshape(-1, 3)
    for turn in range(_ROUNDS):
        turned = np.flatnonzero(uv_orientation(corner_uv.reshape(-1, 2), each) < 0)
        for face in turned[:_MOST_NEEDLES]:
            uv = corner_uv[face].astype(np.float64)
            sides = uv[[2, 0, 1]] - uv[[1, 2, 0]]
            middle = int((sides**2).sum(axis=1).argmax())
            x, y = sides[middle] / max(float(np.hypot(*sides[middle])), 1e-30)
            at = (faces == faces[face, middle]) & (corner_uv == corner_uv[face, middle]).all(axis=2)
            corner_uv[at] = np.clip(uv[middle] + 2.0 ** (turn - 22) * np.array([y, -x]), 0, 1)
    return corner_uv


def _of_size_one(vertices: F4) -> F4:
    """Return the vertices with the longest side of their box made 1: what follows has tolerances of its own."""
    low = vertices.min(axis=0).astype(np.float64)
    extent = float((vertices.max(axis=0) - low).max()) or 1.0
    of_size_one: F4 = ((vertices - low) / extent).astype(np.float32)
    return of_size_one


def _renumber(chart: I4) -> I4:
    """Return the charts numbered from 0 without gaps."""
    _, dense = np.unique(chart, return_inverse=True)
    return dense.astype(np.int32)
