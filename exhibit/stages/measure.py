"""How far a level departs from what was scanned, in millimetres, both ways."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.errors import StageError
from exhibit.geometry.disc_distance import disc_distance
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.model.arrays import F4
from exhibit.model.asset import Deviation
from exhibit.model.cloud import CleanCloud
from exhibit.model.surface import SCANNED, ColourSource, Unwrapped
from exhibit.progress import SILENT, Progress

_N_SAMPLES = 200_000


def measure(mesh: Unwrapped, reference: ColourSource, /, *, progress: Progress = SILENT) -> Deviation:
    """Measure a level against the cleaned cloud, or against the source mesh it was made from.

    Parameters
    ----------
    mesh : the level, metres.
    reference : the cloud or the placed source mesh, metres, in the same space.

    Returns
    -------
    Deviation : scan to mesh is the distance of the scan's points (at most 200,000 of them, evenly chosen; of a source
        mesh, points spread over it) from the nearest place of the level. Mesh to scan is the distance of points
        spread over the part of the level that was scanned from the scan's surface, each point of a cloud taken as a
        disc as wide as its spacing; what was filled or invented has nothing to be measured against.

    Raises
    ------
    StageError
        The level or the reference is empty.
    """
    if len(mesh.faces) == 0 or len(reference.positions if isinstance(reference, CleanCloud) else reference.faces) == 0:
        raise StageError("there is nothing to measure.", where=mesh.name)
    progress.tick(0.0, "measuring")
    scan = _scan_points(reference)
    to_mesh = RaycastScene(mesh.vertices, mesh.faces).closest(scan, progress=progress.part(0.0, 0.5)).distance
    to_scan = _distance_to(reference, _seen_points(mesh), progress.part(0.5, 1.0))
    progress.tick(1.0)
    there, back = _figures(to_mesh), _figures(to_scan)
    return Deviation(
        scan_to_mesh_mean_mm=there[0],
        scan_to_mesh_p95_mm=there[1],
        scan_to_mesh_max_mm=there[2],
        mesh_to_scan_mean_mm=back[0],
        mesh_to_scan_p95_mm=back[1],
        mesh_to_scan_max_mm=back[2],
    )


def _scan_points(reference: ColourSource) -> F4:
    if isinstance(reference, CleanCloud):
        n = len(reference.positions)
        chosen = np.arange(n) if n <= _N_SAMPLES else np.linspace(0, n - 1, _N_SAMPLES).astype(np.int64)
        return reference.positions[chosen]
    places = sample_mesh(reference.vertices, reference.faces, _N_SAMPLES)
    return interpolate(reference.vertices, reference.faces, places.face, places.weights)


def _seen_points(mesh: Unwrapped) -> F4:
    is_scanned = mesh.provenance == SCANNED
    places = sample_mesh(mesh.vertices, mesh.faces, _N_SAMPLES, only=is_scanned if is_scanned.any() else None)
    return interpolate(mesh.vertices, mesh.faces, places.face, places.weights)


def _distance_to(reference: ColourSource, points: F4, progress: Progress) -> F4:
    if isinstance(reference, CleanCloud):
        return disc_distance(points, reference.positions, reference.normals, reference.spacing_m, progress=progress)
    return RaycastScene(reference.vertices, reference.faces).closest(points, progress=progress).distance


def _figures(distance_m: F4) -> tuple[float, float, float]:
    """Return mean, 95 % quantile and greatest distance, millimetres; zeros where there was nothing to measure."""
    if len(distance_m) == 0:
        return 0.0, 0.0, 0.0
    millimetres = distance_m.astype(np.float64) * 1000
    return float(millimetres.mean()), float(np.quantile(millimetres, 0.95)), float(millimetres.max())
