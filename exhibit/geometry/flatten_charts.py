"""Flatten charts into the plane, each as true to length as it goes.

As-rigid-as-possible parameterisation: Liu, Zhang, Xu, Gotsman & Gortler, "A local/global approach to mesh
parameterization" (SGP 2008). Alternately, each triangle is turned (but not bent) as its flat image asks, and all images
are fitted to the turned triangles by least squares. It starts from the chart's projection along its axis; all charts
are solved as one sparse system, factorised once. Sizes stay those of the surface, so texels are equally dense
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from exhibit.geometry.charts import chart_axes
from exhibit.geometry.tangents import any_orthogonal
from exhibit.model.arrays import F4, F8, I4, Bool
from exhibit.progress import SILENT, Progress

_ROUNDS = 6
_UNTANGLINGS = 4
_RINGS = 2
_SWEEPS = 15
_LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class FlatCharts:
    """Charts in the plane, each at a place of its own accord.

    Parameters
    ----------
    faces : (m, 3) int32 into `xy`; no vertex belongs to two charts.
    xy : (k, 2) float64, in the surface's unit.
    chart : (m,) int32; vertex_chart : (k,) int32, ascending.
    """

    faces: I4
    xy: F8
    chart: I4
    vertex_chart: I4

    @property
    def doubled_areas(self) -> F8:
        """Twice the signed area (m,) of the flat faces; negative for those turned over."""
        return _cross(self.xy[self.faces])


def flatten_charts(vertices: F4, faces: I4, chart: I4, face_normals: F8, *, progress: Progress = SILENT) -> FlatCharts:
    """Flatten every chart.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32.
    chart : (m,) int32, from 0.
    face_normals : (m, 3) float64, of twice the face's area in length.
    """
    key, inverse = np.unique(chart[:, None].astype(np.int64) * len(vertices) + faces, return_inverse=True)
    vertex_chart = (key // len(vertices)).astype(np.int32)
    local = inverse.reshape(-1, 3).astype(np.int32)
    points = vertices[key % len(vertices)].astype(np.float64)
    axis = chart_axes(chart, face_normals)
    side = any_orthogonal(axis)
    other = np.cross(axis, side)
    xy = np.stack([(points * side[vertex_chart]).sum(axis=1), (points * other[vertex_chart]).sum(axis=1)], axis=1)
    xy = untangle(xy, local)
    # one vertex of each chart holds it
    xy = relax(xy, points, local, np.r_[False, vertex_chart[1:] == vertex_chart[:-1]], progress=progress)
    return FlatCharts(local, xy, chart, vertex_chart)


def is_crushed(flat: FlatCharts, doubled_areas: F8) -> Bool:
    """Tell which faces (m,) lie upside down in the plane, or keep next to nothing of their size on the surface.

    `doubled_areas` : (m,) float64, twice the faces' areas on the surface.
    """
    # a face without area may come out a little negative: that is rounding
    rounding = 1e-9 * float(doubled_areas.mean() or 1.0)
    return flat.doubled_areas < _LEAST_SHARE * doubled_areas - rounding


def untangle(xy: F8, faces: I4) -> F8:
    """Pull the vertices around overturned faces toward the middle of their neighbours, the border staying where it is.

    Where a projection folds, fitting alone would keep the fold: faces turn back up but lie two deep. Means of
    neighbours have no folds inside a border that has none (Tutte 1963).
    """
    from scipy.sparse import coo_matrix

    if not (_cross(xy[faces]) <= 0).any():
        return xy
    n = len(xy)
    one, two = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    links = coo_matrix((np.ones(len(one)), (one, two)), (n, n)).tocsr()
    is_border = np.zeros(n, np.bool_)
    lone = (links - links.T).tocoo()
    is_border[lone.row[lone.data != 0]] = True
    both = links + links.T
    degree = np.maximum(np.asarray(both.sum(axis=1)).ravel(), 1)[:, None]
    moves = np.zeros(n, np.bool_)
    for _ in range(_UNTANGLINGS):
        overturned = _cross(xy[faces]) <= 0
        if not overturned.any():
            break
        moves[faces[overturned].ravel()] = True
        for _ in range(_RINGS):
            moves = moves | (both @ moves > 0)
        at = np.flatnonzero(moves & ~is_border)
        rows, share = both[at], degree[at]
        for _ in range(_SWEEPS):
            xy[at] = rows @ xy / share
    return xy


def relax(xy: F8, points: F8, faces: I4, is_free: Bool, *, progress: Progress = SILENT) -> F8:
    """Return the places (k, 2) at which the faces keep their shape best, the vertices that are not free staying.

    Parameters
    ----------
    xy : (k, 2) float64, the places to begin at.
    points : (k, 3) float64, the vertices on the surface.
    faces : (m, 3) int32.
    is_free : (k,) bool; of a connected piece that has no other, the first vertex stays all the same.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import splu

    is_free = is_free & ~_first_of_loose_pieces(faces, is_free)
    rest = _rest_triangles(points[faces])
    weights = _edge_weights(rest)
    number = np.cumsum(is_free) - 1
    n = int(is_free.sum())
    if n == 0:
        return xy
    one, two = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    one, two = np.concatenate([one, two]), np.concatenate([two, one])
    weight = np.concatenate([weights.ravel(), weights.ravel()])
    one_is_free = is_free[one]
    both = one_is_free & is_free[two]
    at = number[one[one_is_free]]
    rows = np.concatenate([number[one[both]], at])
    columns = np.concatenate([number[two[both]], at])
    factor = splu(
        coo_matrix((np.concatenate([-weight[both], weight[one_is_free]]), (rows, columns)), (n, n)).tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        options={"SymmetricMode": True},
    )
    edge = one_is_free & ~is_free[two]
    held = np.stack(
        [np.bincount(number[one[edge]], weights=weight[edge] * xy[two[edge], axis], minlength=n) for axis in (0, 1)], 1
    )
    edges_at_rest = np.roll(rest, -1, axis=1) - rest
    xy = np.ascontiguousarray(xy)
    for turn in range(_ROUNDS):
        progress.tick(turn / _ROUNDS, "flattening charts")
        wanted = np.zeros(xy.shape)
        _pull(edges_at_rest, xy, faces, weights, wanted)
        xy[is_free] = factor.solve(wanted[is_free] + held)
    return xy


def _first_of_loose_pieces(faces: I4, is_free: Bool) -> Bool:
    """Mark the first vertex (k,) of each connected piece whose vertices are all free: nothing would hold it."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    k = len(is_free)
    links = coo_matrix((np.ones(faces.size), (faces.ravel(), np.roll(faces, -1, axis=1).ravel())), (k, k))
    n_pieces, piece = connected_components(links, directed=False)
    is_loose = np.bincount(piece[~is_free], minlength=n_pieces) == 0
    first = np.zeros(k, np.bool_)
    first[np.unique(piece, return_index=True)[1]] = True
    marked: Bool = first & is_loose[piece]
    return marked


def _rest_triangles(corners: F8) -> F8:
    """Return each triangle (m, 3, 3) laid flat by itself: (m, 3, 2), first corner at zero, second on the x axis."""
    along = corners[:, 1] - corners[:, 0]
    up = corners[:, 2] - corners[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=1), 1e-30)
    x = (along * up).sum(axis=1) / length
    y = np.linalg.norm(np.cross(along, up), axis=1) / length
    rest = np.zeros((len(corners), 3, 2))
    rest[:, 1, 0] = length
    rest[:, 2] = np.stack([x, y], axis=1)
    return rest


def _edge_weights(rest: F8) -> F8:
    """Return cotangent weights (m, 3) of edges (corner, next), positive and finite even for needles."""
    weights = np.empty((len(rest), 3))
    for edge in range(3):
        apex = rest[:, (edge + 2) % 3]
        first, second = rest[:, edge] - apex, rest[:, (edge + 1) % 3] - apex
        across = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
        weights[:, edge] = (first * second).sum(axis=1) / np.maximum(across, 1e-30)
    return np.clip(weights, 0.05, 20.0)


@nb.njit(cache=True)
def _pull(rest, xy, faces, weights, wanted):  # type: ignore[no-untyped-def]  # numba infers
    """Add to `wanted` (n, 2) how the edges (m, 3, 2) at rest pull at their ends, each face's edges turned by the
    rotation that fits them best to the flat ones."""
    for t in range(len(faces)):
        along = 0.0
        across = 0.0
        for e in range(3):
            one, two = faces[t, e], faces[t, (e + 1) % 3]
            x, y = xy[two, 0] - xy[one, 0], xy[two, 1] - xy[one, 1]
            along += weights[t, e] * (rest[t, e, 0] * x + rest[t, e, 1] * y)
            across += weights[t, e] * (rest[t, e, 0] * y - rest[t, e, 1] * x)
        length = np.sqrt(along * along + across * across)
        cos = along / length if length > 0 else 1.0
        sin = across / length if length > 0 else 0.0
        for e in range(3):
            one, two = faces[t, e], faces[t, (e + 1) % 3]
            x = weights[t, e] * (cos * rest[t, e, 0] - sin * rest[t, e, 1])
            y = weights[t, e] * (sin * rest[t, e, 0] + cos * rest[t, e, 1])
            wanted[two, 0] += x
            wanted[two, 1] += y
            wanted[one, 0] -= x
            wanted[one, 1] -= y


def _cross(corners: F8) -> F8:
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    crossed: F8 = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return crossed
