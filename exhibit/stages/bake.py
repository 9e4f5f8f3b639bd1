"""Put the colour, the fine relief and the shade of the source into pictures on an unwrapped level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.errors import StageError
from exhibit.geometry.pad_texture import nearest_covered, pad_texture
from exhibit.geometry.texel_density import source_texel_m, texel_density
from exhibit.model.cloud import SourceMesh
from exhibit.model.finding import Finding
from exhibit.model.surface import Textured, Unwrapped
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.compare import color_error
from exhibit.stages.baking.occlusion import bake_occlusion, map_px, shrink_sky
from exhibit.stages.baking.paint import Easel, paint
from exhibit.stages.baking.source import BakeSource as BakeSource

_LARGEST_SIDE = 4096
_MOST_PARTS = 4
_MOST_FLAT = 0.98


@dataclass(frozen=True, slots=True)
class BakeOptions:
    """Which pictures are made, and how carefully.

    Parameters
    ----------
    normal_map : bake the finest surface's relief; left out all the same where it would show nothing.
    occlusion : bake how much open sky each place sees.
    occlusion_px : side of the occlusion map, pixels, at most: half the level's texture, but not below 512; where the
        finest surface is too coarse for that, 512.
    occlusion_rays : rays for each texel of a map with 512 pixels a side; where they are cast from the corners of the
        finest surface, which share theirs with their neighbours, at most so many from each.
    """

    normal_map: bool = True
    occlusion: bool = True
    occlusion_px: int = 1024
    occlusion_rays: int = 48


def bake(
    mesh: Unwrapped, source: BakeSource, options: BakeOptions = BakeOptions(), /, *, progress: Progress = SILENT
) -> Textured:
    """Bake the maps of a level.

    Parameters
    ----------
    mesh : the level.
    source : where colour and relief come from; both lie in the same space as `mesh`. The same one for all levels saves
        making its search trees again.

    Returns
    -------
    Textured : no texel of any map is empty.

    Raises
    ------
    StageError
        The level, the finest surface or the source mesh has no face.
    """
    if len(source.finest.faces) == 0 or len(mesh.faces) == 0:
        raise StageError("there is no surface to bake from.", where=mesh.name)
    progress.tick(0.0, "baking")
    finest, painter, reach = source.mesh, source.painter, source.reach
    size, is_fine = map_px(finest, mesh.texture_px, options.occlusion_px)
    sky = None
    if options.occlusion and is_fine:
        sky = source.sky(options.occlusion_rays, progress=progress.part(0.0, 0.2))
    easel = Easel(mesh, finest, painter, reach, options.normal_map, sky, _parts(mesh, source))
    canvas = paint(easel, progress=progress.part(0.2, 0.6))
    nearest = nearest_covered(canvas.is_covered)
    progress.tick(0.65, "baking")
    base_color = pad_texture(canvas.color, nearest)
    shows_relief = options.normal_map and canvas.share_flat < _MOST_FLAT
    normal_map = pad_texture(canvas.normals, nearest) if shows_relief else None
    del nearest
    occlusion = None
    if sky is not None:
        occlusion = shrink_sky(canvas.sky, canvas.is_covered, size)
    elif options.occlusion:
        shading = progress.part(0.65, 0.95)
        occlusion = bake_occlusion(mesh, finest, size, options.occlusion_rays, reach, progress=shading)
    error = color_error(mesh, base_color, source.colour, painter, progress=progress.part(0.95, 1.0))
    progress.tick(1.0)
    return Textured(
        mesh=mesh,
        base_color=base_color,
        normal_map=normal_map,
        occlusion=occlusion,
        texel_density=texel_density(mesh.vertices, mesh.uv, mesh.faces, mesh.texture_px),
        color_error=error,
        findings=_findings(painter is None, options.normal_map and not shows_relief),
    )


def _findings(is_colourless: bool, has_no_relief: bool) -> tuple[Finding, ...]:
    findings = []
    if is_colourless:
        hint = (
            "The source has no colour: the relic is shown in a neutral grey. Name a scan with colour if there is one."
        )
        findings.append(Finding("colour.none", hint=hint, severity="warning"))
    if has_no_relief:
        hint = "The level shows all relief by itself, so it has no normal map."
        findings.append(Finding("bake.no-relief", hint=hint))
    return tuple(findings)


def _parts(mesh: Unwrapped, source: BakeSource) -> int:
    """Return into how many parts a texel is cut each way: fine detail is averaged and not picked at random."""
    density = texel_density(mesh.vertices, mesh.uv, mesh.faces, mesh.texture_px)
    detail_m = source.finest.spacing_m
    if isinstance(source.colour, SourceMesh):
        detail_m = min(detail_m, source_texel_m(source.colour) or detail_m)
    if not (density > 0 and detail_m > 0):
        return 1
    parts = min(np.ceil(1 / (density * detail_m)), _MOST_PARTS, _LARGEST_SIDE // mesh.texture_px)
    return max(1, int(parts))
