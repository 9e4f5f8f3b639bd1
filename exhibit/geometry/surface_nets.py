"""A mesh of a surface that is given by a signed distance.

Surface nets: S. F. F. Gibson, "Constrained elastic surface nets", MICCAI 1998; here each vertex is the mean of its
cell's crossings, moved onto the surface instead of relaxed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.geometry.surface_of_field import Distance, cells_near_surface, evaluate
from exhibit.model.arrays import F8, freeze

I8 = npt.NDArray[np.int64]

_BITS: Final = 20
_CORNERS: Final = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij"), axis=-1).reshape(-1, 3)
_EDGES: Final = [(a, a | bit) for bit in (4, 2, 1) for a in range(8) if not a & bit]


@dataclass(frozen=True, slots=True)
class FieldMesh:
    """Triangles close to the surface.

    Parameters
    ----------
    vertices : (n, 3) float64.
    faces : (m, 3) int64, counter-clockwise seen from outside.
    cell : side of the cubes it was made from: finer features are not in it.
    """

    vertices: F8
    faces: I8
    cell: float

    def __post_init__(self) -> None:
        freeze(self)


def mesh_of_field(
    distance: Distance, low: F8, high: F8, cell: float, check: Callable[[], None] = lambda: None
) -> FieldMesh:
    """Mesh the surface inside the box from `low` to `high` (3,) with cubes of side `cell`.

    Edges of the surface are cut a little; sheets thinner than a cell may be missing.
    """
    cells = cells_near_surface(distance, low, high, cell, check)
    corner_keys = _key(cells[:, None] + _CORNERS[None])
    keys, place = np.unique(corner_keys, return_inverse=True)
    values = evaluate(distance, low + cell * _unkey(keys), check)
    corner_values = values[place.reshape(-1, 8)]
    is_inside = corner_values < 0
    crossed = is_inside.any(axis=1) & ~is_inside.all(axis=1)
    cells, corner_values = cells[crossed], corner_values[crossed]
    order = np.argsort(_key(cells), kind="stable")
    cells, corner_values = cells[order], corner_values[order]
    vertices = low + cell * (cells + _mean_crossing(corner_values))
    slopes = corner_values @ (2 * _CORNERS - 1) / (4 * cell)
    squared = np.maximum((slopes**2).sum(axis=1), 0.05)
    # the mean lies inside of edges; along the mean slope of its cell it comes out at them
    for _ in range(2):
        step = evaluate(distance, vertices, check) / squared
        vertices = vertices - np.clip(step, -0.4 * cell, 0.4 * cell)[:, None] * slopes
    return FieldMesh(vertices, _faces(cells, keys, values), cell)


def _mean_crossing(values: F8) -> F8:
    """Return, inside unit cubes with corner values (m, 8), the mean (m, 3) of where edges cross the surface."""
    total, count = np.zeros((len(values), 3)), np.zeros(len(values))
    for a, b in _EDGES:
        first, second = values[:, a], values[:, b]
        crosses = (first < 0) != (second < 0)
        along = np.where(crosses, first / np.where(crosses, first - second, 1.0), 0.0)
        total += crosses[:, None] * (_CORNERS[a] + along[:, None] * (_CORNERS[b] - _CORNERS[a]))
        count += crosses
    return np.asarray(total / np.maximum(count, 1)[:, None])


def _faces(cells: I8, keys: I8, values: F8) -> I8:
    """Return two triangles for each lattice edge that crosses the surface, between the four cells around it."""
    cell_keys = _key(cells)
    lattice = _unkey(keys)
    quads = []
    for axis in range(3):
        one = np.eye(3, dtype=np.int64)
        following, found = _find(keys, _key(lattice + one[axis]))
        is_edge = found & ((values < 0) != (values[following] < 0))
        start, rises = lattice[is_edge], values[is_edge] < 0
        u, v = one[(axis + 1) % 3], one[(axis + 2) % 3]
        corners = []
        complete = np.ones(len(start), bool)
        for away in (0 * u, -u, -u - v, -v):
            number, found = _find(cell_keys, _key(start + away))
            corners.append(number)
            complete &= found
        quad = np.stack(corners, axis=1)
        quad = np.where(rises[:, None], quad, quad[:, ::-1])[complete]
        quads.append(quad)
    quad = np.concatenate(quads)
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])


def _find(ordered: I8, wanted: I8) -> tuple[I8, npt.NDArray[np.bool_]]:
    """Return where `wanted` stands in `ordered`, and whether it does."""
    if len(ordered) == 0:
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return place, ordered[place] == wanted


def _key(places: I8) -> I8:
    shifted = places + 1
    return np.asarray((shifted[..., 0] << (2 * _BITS)) | (shifted[..., 1] << _BITS) | shifted[..., 2])


def _unkey(keys: I8) -> I8:
    mask = (1 << _BITS) - 1
    return np.stack([keys >> (2 * _BITS), (keys >> _BITS) & mask, keys & mask], axis=1) - 1
