"""Lay a level into the unit square, so that pictures can be put on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from exhibit.engines.child import run_in_child
from exhibit.engines.uvatlas import unwrap_uvatlas
from exhibit.errors import StageError
from exhibit.geometry.atlas import lay_out_atlas
from exhibit.geometry.split_vertices import split_vertices
from exhibit.geometry.tangents import uv_orientation, vertex_tangents
from exhibit.geometry.vertex_normals import vertex_normals
from exhibit.model.arrays import F4, I4
from exhibit.model.finding import Finding
from exhibit.model.surface import Level, Surface, Unwrapped
from exhibit.progress import SILENT, Progress

_MOST_MIRRORED = 0.01
_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class UnwrapOptions:
    """How the surface is cut and flattened.

    Parameters
    ----------
    engine : ``charts`` is our own and gives the same bytes every time. ``uvatlas`` is Microsoft's through Open3D,
        slower and different in every run; where that fails, ours takes over.
    gutter_px : room between charts, pixels of the level's texture; half of it on each side of a chart.
    max_stretch : what ``uvatlas`` may stretch, 0 (nothing) to 1 (anything).
    """

    engine: Literal["charts", "uvatlas"] = "charts"
    gutter_px: int = 4
    max_stretch: float = 1 / 6


def unwrap(level: Level, options: UnwrapOptions = UnwrapOptions(), /, *, progress: Progress = SILENT) -> Unwrapped:
    """Cut a level along seams and lay it into the unit square.

    Parameters
    ----------
    level : its surface has at least one face and manifold edges.

    Returns
    -------
    Unwrapped : vertices on seams doubled, normals smooth across seams (they are those of the uncut surface), MikkTSpace
        tangents.

    Raises
    ------
    StageError
        The level has no face, or a coordinate that is not finite.
    """
    surface = level.surface
    _refuse_unsound(surface, level.name)
    progress.tick(0.0, "unwrapping")
    corner_uv, findings = _corner_uv(surface, level.texture_px, options, progress.part(0.0, 0.9))
    progress.tick(0.9, "cutting seams")
    split = split_vertices(surface.faces, corner_uv)
    vertices = surface.vertices[split.source]
    normals = vertex_normals(surface.vertices, surface.faces)[split.source]
    tangents = vertex_tangents(vertices, normals, split.uv, split.faces)
    progress.tick(1.0)
    return Unwrapped(
        name=level.name,
        vertices=vertices,
        normals=normals,
        tangents=tangents,
        uv=split.uv,
        faces=split.faces,
        provenance=surface.provenance,
        texture_px=level.texture_px,
        n_charts=split.n_charts,
        utilisation=float(np.abs(uv_orientation(split.uv, split.faces)).sum() / 2),
        findings=findings,
    )


def _refuse_unsound(surface: Surface, name: str) -> None:
    if len(surface.faces) == 0:
        raise StageError("there is no surface to unwrap.", where=name, hint="Too little of the scan was left.")
    if not np.isfinite(surface.vertices).all():
        raise StageError("the surface has vertices that are not numbers.", where=name)


def _corner_uv(
    surface: Surface, texture_px: int, options: UnwrapOptions, progress: Progress
) -> tuple[F4, tuple[Finding, ...]]:
    findings: tuple[Finding, ...] = ()
    if options.engine == "uvatlas":
        try:
            corner_uv = run_in_child(
                unwrap_uvatlas,
                surface.vertices,
                surface.faces,
                texture_px,
                float(options.gutter_px),
                options.max_stretch,
                what="the atlas",
                timeout_s=_TIMEOUT_S,
                progress=progress,
            )
            fault = find_fault(corner_uv, surface.faces)
        except StageError as refusal:
            fault = refusal.message
        if not fault:
            return corner_uv, findings
        hint = f"UVAtlas failed ({fault.rstrip('.')}), so exhibit's own charts were taken."
        findings = (Finding("unwrap.fallback", hint=hint),)
    return lay_out_atlas(surface.vertices, surface.faces, texture_px, options.gutter_px, progress=progress), findings


def find_fault(corner_uv: F4, faces: I4) -> str:
    """Say in a few words what makes the atlas `corner_uv` (m, 3, 2) of `faces` (m, 3) unusable, or nothing."""
    if corner_uv.shape != (len(faces), 3, 2):
        return "it answered for other faces"
    if not np.isfinite(corner_uv).all():
        return "uv that are not numbers"
    if corner_uv.min() < -1e-4 or corner_uv.max() > 1 + 1e-4:
        return "uv outside the square"
    area = uv_orientation(corner_uv.reshape(-1, 2), np.arange(len(faces) * 3, dtype=np.int32).reshape(-1, 3))
    if not np.abs(area).sum() > 0:
        return "all faces without area"
    mirrored = min(float(np.abs(area[area < 0]).sum()), float(area[area > 0].sum())) / float(np.abs(area).sum())
    return f"{mirrored:.0%} of the atlas mirrored" if mirrored > _MOST_MIRRORED else ""
