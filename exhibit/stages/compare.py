"""Compare: how true is a mesh to a scan, and is it sound?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.engines.raycast import RaycastScene
from exhibit.errors import StageError
from exhibit.geometry.colour_spaces import delta_e
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.judge_mesh import judge_mesh
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.relief import kept_relief
from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.geometry.texel_density import source_texel_m
from exhibit.model.arrays import F4, I4
from exhibit.model.cloud import SourceMesh
from exhibit.model.comparison import ColorDifference, Comparison, Distances, ReliefShare
from exhibit.model.finding import Finding
from exhibit.model.surface import ColourSource
from exhibit.progress import SILENT, Progress
from exhibit.stages.comparing.colours import colours_at
from exhibit.stages.comparing.reference import Reference, places_of, reference_of, side_of

_N_SAMPLES = 200_000
_N_COLOURS = 100_000
_NEAR = 3.0
"""Spacings within which the colours of a point and of the mesh are those of one place."""
_RELIEF = {4: 6000, 8: 4000, 16: 4000}
"""Spacings of the surroundings, and at how many places to look."""


def compare(mesh: SourceMesh, source: ColourSource, /, *, progress: Progress = SILENT) -> Comparison:
    """Hold a mesh against a scan.

    Parameters
    ----------
    mesh : in metres, +Y up, origin zero; vertices at one place joined, but nothing else mended.
    source : the cleaned cloud, or the placed source mesh, in the same space.

    Raises
    ------
    StageError
        One of the two is empty.
    """
    if len(mesh.faces) == 0 or not face_areas(mesh.vertices, mesh.faces).any():
        raise StageError("the mesh has no face to compare.", where=mesh.name)
    progress.tick(0.0, "preparing")
    reference = reference_of(source)
    points = reference.points
    closest = RaycastScene(mesh.vertices, mesh.faces).closest(points, progress=progress.part(0.1, 0.3))
    on_mesh = interpolate(mesh.vertices, mesh.faces, closest.face, closest.weights)
    progress.tick(0.3, "measuring mesh to scan")
    places = sample_mesh(mesh.vertices, mesh.faces, _N_SAMPLES)
    at, facing = places_of(mesh, places.face, places.weights)
    side = side_of(mesh, reference)
    deviation, has_scan = reference.deviation(at, side * facing, progress=progress.part(0.3, 0.5))
    known = deviation[has_scan].astype(np.float64) * 1000
    color, findings = _color_difference(mesh, reference, closest.face, closest.weights, closest.distance)
    if side < 0:
        text = "The mesh is inside out: its faces look inward. It was compared as if they looked outward."
        findings = (*findings, Finding("compare.inside-out", hint=text, severity="warning"))
    if len(known) == 0:
        text = "No place of the mesh lies over the scan, so the distances from mesh to scan, shown as 0, say nothing."
        findings = (*findings, Finding("compare.nothing-over", hint=text, severity="warning"))
    relief = _relief(reference, on_mesh, progress.part(0.5, 0.8))
    progress.tick(0.8, "looking for faults")
    soundness = judge_mesh(mesh.vertices, mesh.faces)
    texel_m = source_texel_m(mesh)
    progress.tick(1.0, "compared")
    return Comparison(
        scan_to_mesh=_distances(closest.distance.astype(np.float64) * 1000),
        mesh_to_scan=_distances(np.abs(known)),
        bias_mm=float(known.mean()) if len(known) else 0.0,
        share_unscanned=float(1 - has_scan.mean()),
        color=color,
        texels_per_mm=None if texel_m is None else 1e-3 / texel_m,
        relief=relief,
        soundness=soundness,
        size_mm=_size_mm(mesh),
        n_points=len(points),
        spacing_mm=float(np.median(reference.spacing_m)) * 1000,
        noise_mm=reference.noise_m * 1000,
        findings=findings,
    )


def _color_difference(
    mesh: SourceMesh, reference: Reference, face: I4, weights: F4, distance: F4
) -> tuple[ColorDifference | None, tuple[Finding, ...]]:
    """Compare the scan's colours with those of the mesh's nearest places, given for each point (n,)."""
    for colourless, of in ((not mesh.has_colors, "mesh"), (reference.colors is None, "scan")):
        if colourless:
            text = f"The {of} has no colour that can be read, so colours were not compared."
            return None, (Finding("compare.no-colour", hint=text),)
    assert reference.colors is not None
    near = np.flatnonzero(distance <= _NEAR * reference.spacing_m)
    some = near[:: max(1, len(near) // _N_COLOURS)]
    shown = colours_at(mesh, face[some], weights[some])
    if shown is None or len(some) == 0:
        text = "The mesh lies nowhere near enough to the scan for their colours to be compared."
        return None, (Finding("compare.colour-apart", hint=text, severity="warning"),)
    difference = delta_e(shown, reference.colors[some])
    return ColorDifference(float(difference.mean()), float(np.quantile(difference, 0.95))), ()


def _relief(reference: Reference, on_mesh: F4, progress: Progress) -> tuple[ReliefShare, ...]:
    found = []
    for number, (spacings, n_places) in enumerate(_RELIEF.items()):
        part = progress.part(number / len(_RELIEF), (number + 1) / len(_RELIEF))
        one = kept_relief(reference.points, reference.normals, on_mesh, spacings, n_places, progress=part)
        if one.radius > 0:
            found.append(ReliefShare(one.radius * 1000, one.amplitude * 1000, one.kept))
    return tuple(found)


def _distances(millimetres: npt.NDArray[np.float64]) -> Distances:
    if len(millimetres) == 0:
        return Distances(0.0, 0.0, 0.0, 0.0)
    rms = float(np.sqrt(np.mean(millimetres**2)))
    return Distances(float(millimetres.mean()), rms, float(np.quantile(millimetres, 0.95)), float(millimetres.max()))


def _size_mm(mesh: SourceMesh) -> tuple[float, float, float]:
    used = mesh.vertices[np.unique(mesh.faces)].astype(np.float64)
    width, height, depth = (float(length) * 1000 for length in np.ptp(used, axis=0))
    return width, height, depth
