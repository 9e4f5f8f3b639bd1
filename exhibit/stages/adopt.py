"""Adopt: a mesh that somebody else made becomes sound and placed; its texture stays with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exhibit.errors import SourceError
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.mesh_measures import face_areas, signed_volume
from exhibit.geometry.orient_faces import find_flipped_faces
from exhibit.geometry.place import Stated, check_stated, choose_placement, to_house
from exhibit.geometry.repair import Index, make_manifold
from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import F4, Bool
from exhibit.model.cloud import Placement, SourceMesh
from exhibit.model.finding import Finding
from exhibit.model.surface import SCANNED, Adopted, Surface
from exhibit.progress import SILENT, Progress
from exhibit.units import Axis

USUAL_UP: dict[str, Axis] = {"ply": "+z", "stl": "+z"}
"""Formats that come from scanners and printers; the others come from modelling programs and mean +y."""


@dataclass(frozen=True, slots=True)
class AdoptOptions:
    """What is known of the object's size.

    Parameters
    ----------
    metres_per_unit : length of the mesh's unit, metres; None leaves it to the file.
    up : the mesh's axis that points up; None leaves it to the file.
    height_m : real height of the object, metres; used when no unit is stated, compared with it otherwise.
    """

    metres_per_unit: float | None = None
    up: Axis | None = None
    height_m: float | None = None

    def __post_init__(self) -> None:
        check_stated(self.metres_per_unit, self.height_m)


def adopt(mesh: SourceMesh, options: AdoptOptions = AdoptOptions(), /, *, progress: Progress = SILENT) -> Adopted:
    """Weld, repair, orient and place a mesh.

    Returns
    -------
    Adopted
        The surface and the mesh share vertices and faces; texture coordinates and materials follow their faces.

    Raises
    ------
    SourceError : no face with an area is left.
    """
    progress.tick(0.0, "welding")
    mesh, findings = _drop_broken(mesh)
    mesh = _weld(mesh)
    progress.tick(0.3, "orienting faces")
    mesh, more = _orient(mesh)
    findings += more
    progress.tick(0.6, "repairing")
    mesh, more = _repair(mesh)
    findings += more
    progress.tick(0.9, "placing")
    stated = Stated(
        metres_per_unit=options.metres_per_unit,
        up=options.up,
        height_m=options.height_m,
        file_units=mesh.units,
        file_up=mesh.up,
        usual_up=USUAL_UP.get(mesh.format, "+y"),
    )
    placement, doubts = choose_placement(mesh.vertices, mesh.origin, stated)
    mesh = _place(mesh, placement)
    findings = [*mesh.findings, *findings, *doubts]
    surface = Surface(
        mesh.vertices,
        mesh.faces,
        np.full(len(mesh.faces), SCANNED, np.uint8),
        _median_edge(mesh),
        placement,
        tuple(findings),
    )
    progress.tick(1.0, "adopted")
    return Adopted(surface, mesh, tuple(findings))


def _drop_broken(mesh: SourceMesh) -> tuple[SourceMesh, list[Finding]]:
    """Drop faces with corners that do not exist or are not finite."""
    n = len(mesh.vertices)
    finite = np.append(np.isfinite(mesh.vertices).all(axis=1), False)
    in_range = (mesh.faces >= 0) & (mesh.faces < n)
    sound = finite[np.where(in_range, mesh.faces, n)].all(axis=1)
    n_broken = int((~sound).sum())
    if not sound.any():
        raise SourceError("the mesh has no usable face.", where=mesh.name, hint="Export it again from its source.")
    if n_broken == 0:
        return mesh, []
    text = f"{n_broken} faces had corners that are missing or not finite and were dropped."
    return _take_faces(mesh, np.flatnonzero(sound)), [Finding("adopt.broken", n_broken, "faces", text, "warning")]


def _weld(mesh: SourceMesh) -> SourceMesh:
    """Join vertices at one place: formats double them along texture seams and material borders."""
    used = np.unique(mesh.faces)
    first = np.arange(len(mesh.vertices))
    first[used] = used[find_equal_points(mesh.vertices[used])]
    return replace(mesh, faces=first[mesh.faces].astype(np.int32), normals=None)


def _orient(mesh: SourceMesh) -> tuple[SourceMesh, list[Finding]]:
    """Make neighbouring faces agree on the outside, and a closed mesh point outward."""
    flipped = find_flipped_faces(mesh.vertices, mesh.faces)
    findings = []
    n_flipped = int(flipped.sum())
    if n_flipped:
        text = f"{n_flipped / len(flipped):.1%} of the faces pointed the other way than their neighbours."
        findings.append(Finding("adopt.flipped", n_flipped, "faces", text))
    mesh = _flip(mesh, flipped)
    if find_adjacency(mesh.faces).is_closed and signed_volume(mesh.vertices, mesh.faces) < 0:
        mesh = _flip(mesh, np.ones(len(mesh.faces), bool))
        findings = [Finding("adopt.inside-out", hint="The mesh was inside out; its faces were turned outward.")]
    return mesh, findings


def _repair(mesh: SourceMesh) -> tuple[SourceMesh, list[Finding]]:
    fixed = make_manifold(mesh.vertices, mesh.faces)
    if len(fixed.faces) == 0:
        raise SourceError("no face of the mesh has an area.", where=mesh.name, hint="Export it again from its source.")
    findings = []
    for count, code, text in (
        (fixed.n_degenerate, "adopt.degenerate", "faces had no area or were there twice and were dropped"),
        (fixed.n_deleted, "adopt.deleted", "faces had to go to make the mesh manifold"),
    ):
        if count:
            findings.append(Finding(code, count, "faces", f"{count} {text}."))
    mesh = _take_faces(mesh, fixed.face_source)
    colors = mesh.vertex_colors
    return (
        replace(
            mesh,
            vertices=fixed.vertices,
            faces=fixed.faces,
            vertex_colors=None if colors is None else colors[fixed.vertex_source],
        ),
        findings,
    )


def _place(mesh: SourceMesh, placement: Placement) -> SourceMesh:
    return replace(
        mesh,
        vertices=to_house(mesh.vertices, mesh.origin, placement),
        origin=np.zeros(3),
        units="m",
        up="+y",
    )


def _take_faces(mesh: SourceMesh, rows: Index) -> SourceMesh:
    return replace(
        mesh,
        faces=mesh.faces[rows],
        face_material=mesh.face_material[rows],
        corner_uv=None if mesh.corner_uv is None else mesh.corner_uv[rows],
    )


def _flip(mesh: SourceMesh, flipped: Bool) -> SourceMesh:
    faces = mesh.faces.copy()
    faces[flipped] = faces[flipped][:, [0, 2, 1]]
    uv: F4 | None = None
    if mesh.corner_uv is not None:
        uv = mesh.corner_uv.copy()
        uv[flipped] = uv[flipped][:, [0, 2, 1]]
    return replace(mesh, faces=faces, corner_uv=uv)


def _median_edge(mesh: SourceMesh) -> float:
    corner = mesh.vertices[mesh.faces]
    edges = np.linalg.norm(corner - np.roll(corner, -1, axis=1), axis=2)
    # long thin faces of flat parts must not pass for the resolution: weigh by area's square root
    return float(min(np.median(edges), np.sqrt(face_areas(mesh.vertices, mesh.faces).mean() * 4 / np.sqrt(3))))
