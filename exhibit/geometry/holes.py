"""The open borders of a mesh and how large they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.adjacency import Edges, number_edges
from exhibit.geometry.unions import label_components
from exhibit.model.arrays import F4, F8, I4, Bool

_MOST_COMPARED = 1500


@dataclass(frozen=True, slots=True)
class Holes:
    """Open borders, the widest first; the rim of an open sheet is one of them.

    Parameters
    ----------
    lengths : (k,) float64, length of each border, in the unit of the vertices.
    widths : (k,) float64, largest distance between two of its vertices.
    """

    lengths: F8
    widths: F8


def find_holes(vertices: F4, faces: I4, edges: Edges | None = None) -> Holes:
    """Find the borders of any mesh, manifold or not; borders that touch in a vertex count as one.

    Parameters
    ----------
    vertices : (n, 3) float32. faces : (m, 3) int32; vertices at one place must be one vertex.
    edges : `number_edges` of the faces, where that is there already.
    """
    edges = edges or number_edges(faces)
    place = edges.first[edges.uses == 1]
    face, corner = np.divmod(place, 3)
    ends = np.stack([faces[face, corner], faces[face, (corner + 1) % 3]], axis=1)
    if len(ends) == 0:
        return Holes(np.empty(0), np.empty(0))
    used, ends = np.unique(ends, return_inverse=True)
    ends = ends.reshape(-1, 2)
    points = vertices[used].astype(np.float64)
    n, label = label_components(len(used), ends[:, 0], ends[:, 1])
    steps = np.linalg.norm(points[ends[:, 0]] - points[ends[:, 1]], axis=1)
    lengths: F8 = np.bincount(label[ends[:, 0]], weights=steps, minlength=n).astype(np.float64)
    order = np.argsort(label, kind="stable")
    borders = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    widths = np.array([_width(points[border]) for border in borders])
    widest = np.argsort(-widths, kind="stable")
    return Holes(lengths[widest], widths[widest])


def find_closed_holes(vertices: F4, faces: I4, is_filled: Bool, margin: float) -> F8:
    """Return the widths (k,) of what was closed, the widest first: of each patch of filled faces, rim to rim.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32.
    is_filled : (m,) bool.
    margin : how far into a hole faces still count as scanned, unit of the vertices.
    """
    widths: F8 = find_holes(vertices, faces[is_filled]).widths + 2 * margin
    return widths


def _width(points: F8) -> float:
    """Return the largest distance between two points; of very many, between some of them."""
    some = points[:: -(-len(points) // _MOST_COMPARED)]
    away = some[:, None] - some[None]
    return float(np.sqrt(np.einsum("ijk,ijk->ij", away, away).max()))
