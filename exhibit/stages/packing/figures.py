"""What the report says of a packed level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import number_edges
from exhibit.geometry.judge_mesh import judge_mesh
from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import I4
from exhibit.model.asset import Deviation, LevelFigures
from exhibit.model.surface import FILLED, SCANNED, UNSEEN, Textured, Unwrapped
from exhibit.stages.packing.pictures import Picture


def level_figures(
    textured: Textured,
    n_bytes: int,
    pictures: tuple[Picture, ...],
    geometry_bytes: int,
    deviation: Deviation | None,
    is_closed: bool,
) -> LevelFigures:
    """Return the figures of one level.

    Parameters
    ----------
    n_bytes : size of the GLB.
    pictures : maps as they were written; theirs is most of the GPU's memory.
    geometry_bytes : vertices and indices in the GPU's memory.
    is_closed : what `is_closed_mesh` says of it.
    """
    mesh = textured.mesh
    shares = _area_shares(mesh)
    faults = judge_mesh(mesh.vertices, _joined(mesh))
    return LevelFigures(
        name=mesh.name,
        n_triangles=len(mesh.faces),
        n_vertices=len(mesh.vertices),
        texture_px=max((max(picture.width, picture.height) for picture in pictures), default=0),
        n_bytes=n_bytes,
        gpu_bytes=geometry_bytes + sum(picture.gpu_bytes for picture in pictures),
        deviation=deviation,
        color_error=textured.color_error,
        texel_density=textured.texel_density,
        is_closed=is_closed,
        share_scanned=float(shares[SCANNED]),
        share_filled=float(shares[FILLED]),
        share_unseen=float(shares[UNSEEN]),
        n_holes=faults.n_holes,
        largest_hole_mm=faults.holes[0].width_mm if faults.holes else 0.0,
        n_non_manifold_edges=faults.n_non_manifold_edges,
        n_self_intersecting=faults.n_self_intersecting,
    )


def is_closed_mesh(mesh: Unwrapped) -> bool:
    """Tell whether every edge has two faces, once vertices doubled along seams are one again."""
    faces = _joined(mesh)
    faces = faces[(faces != np.roll(faces, 1, axis=1)).all(axis=1)]  # slivers whose corners fell together
    return bool(len(faces) and (number_edges(faces).uses == 2).all())


def _joined(mesh: Unwrapped) -> I4:
    """Return the faces by position: seams double vertices bit for bit."""
    return find_equal_points(mesh.vertices).astype(np.int32)[mesh.faces]


def _area_shares(mesh: Unwrapped) -> npt.NDArray[np.float64]:
    """Return the shares of surface area that were scanned, filled and unseen."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    total = float(area.sum())
    sums = np.bincount(mesh.provenance, weights=area, minlength=3)[:3]
    return sums / total if total > 0 else np.array([1.0, 0.0, 0.0])
