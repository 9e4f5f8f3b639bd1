"""Points spread evenly over a mesh: the same ones each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.mesh_measures import face_areas
from exhibit.model.arrays import F4, I4, Bool


@dataclass(frozen=True, slots=True)
class Samples:
    """Places on a mesh: face (n,) int32 and barycentric weights (n, 2) float32 of its second and third corner."""

    face: I4
    weights: F4


def sample_mesh(vertices: F4, faces: I4, n: int, *, only: Bool | None = None) -> Samples:
    """Spread `n` points over the faces (of those in the mask `only`, (m,)) in proportion to area.

    Stratified along the faces, with the two numbers inside a face from the R2 sequence (Roberts 2018): low
    discrepancy, no generator, equal input gives equal points. No face of area: no points.
    """
    areas = face_areas(vertices, faces)
    weights = areas if only is None else np.where(only, areas, 0.0)
    until = np.cumsum(weights)
    if n == 0 or len(until) == 0 or not until[-1] > 0:
        return Samples(np.empty(0, np.int32), np.empty((0, 2), np.float32))
    face = np.searchsorted(until, (np.arange(n) + 0.5) / n * until[-1], side="right")
    steps = np.arange(n, dtype=np.float64)[:, None] * (0.7548776662466927, 0.5698402909980532)
    inside = steps % 1.0
    folded = np.where((inside.sum(axis=1) > 1)[:, None], 1 - inside, inside)
    return Samples(np.minimum(face, len(faces) - 1).astype(np.int32), folded.astype(np.float32))
