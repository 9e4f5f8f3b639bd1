"""Put the colour, the fine relief and the shade of the source into pictures on an unwrapped level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from exhibit.engines.counterpart import OtherMesh
from exhibit.engines.mesh_colours import MeshColours
from exhibit.engines.occlusion import open_sky
from exhibit.errors import StageError
from exhibit.geometry.colour_spaces import delta_e, srgb_from_linear
from exhibit.geometry.gather_colour import CloudColours
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.pad_texture import nearest_covered, pad_texture
from exhibit.geometry.rasterise import Band, rasterise
from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.geometry.sample_texture import sample_values
from exhibit.geometry.smooth_over_surface import smooth_over_surface
from exhibit.geometry.tangent_space import bytes_from_normals, encode_normals
from exhibit.geometry.texel_density import texel_density
from exhibit.model.arrays import F4, U1, Bool
from exhibit.model.cloud import CleanCloud, SourceMesh
from exhibit.model.finding import Finding
from exhibit.model.surface import ColourSource, Surface, Textured, Unwrapped
from exhibit.progress import SILENT, Progress

NEUTRAL = (178, 172, 162)
"""sRGB of a source without colour: a warm grey, like plaster."""
_TEXELS_AT_ONCE = 1 << 20
_LARGEST_SIDE = 4096
_FLAT_DEG = 1.5
_MOST_FLAT = 0.98


@dataclass(frozen=True, slots=True)
class BakeSource:
    """What the pictures are baked from: the finest surface, and the cleaned cloud or placed source mesh."""

    finest: Surface
    colour: ColourSource


@dataclass(frozen=True, slots=True)
class BakeOptions:
    """Which pictures are made, and how carefully.

    Parameters
    ----------
    normal_map : bake the finest surface's relief; left out all the same where it would show nothing.
    occlusion : bake how much open sky each place sees.
    occlusion_px : side of the occlusion map, pixels; never more than the level's texture.
    occlusion_rays : rays for each texel of it.
    """

    normal_map: bool = True
    occlusion: bool = True
    occlusion_px: int = 512
    occlusion_rays: int = 64


class Painter(Protocol):
    """Something that knows the linear light of places on a surface."""

    def at(self, points: F4, normals: F4, *, progress: Progress = SILENT) -> F4:
        """Return linear light (n, 3) float32 at `points` (n, 3) with `normals` (n, 3)."""


def bake(
    mesh: Unwrapped, source: BakeSource, options: BakeOptions = BakeOptions(), /, *, progress: Progress = SILENT
) -> Textured:
    """Bake the maps of a level.

    Parameters
    ----------
    mesh : the level.
    source : where colour and relief come from; both lie in the same space as `mesh`.

    Returns
    -------
    Textured : no texel of any map is empty.

    Raises
    ------
    StageError
        The finest surface or the source mesh has no face.
    """
    if len(source.finest.faces) == 0 or len(mesh.faces) == 0:
        raise StageError("there is no surface to bake from.", where=mesh.name)
    progress.tick(0.0, "baking")
    reach = _reach(mesh, source)
    finest = OtherMesh(source.finest.vertices, source.finest.faces)
    painter = _painter(source.colour, reach)
    finer = _subdivision(mesh, source)
    canvas = _paint(mesh, finest, painter, options, reach, finer, progress.part(0.0, 0.6))
    nearest = nearest_covered(canvas.is_covered)
    base_color = pad_texture(canvas.color, nearest)
    normal_map = None
    findings: list[Finding] = []
    if options.normal_map and canvas.share_flat < _MOST_FLAT:
        normal_map = pad_texture(canvas.normals, nearest)
    elif options.normal_map:
        findings.append(Finding("bake.no-relief", canvas.share_flat, "share", "The level shows all relief by itself."))
    occlusion = _occlusion(mesh, finest, options, reach, progress.part(0.65, 0.95)) if options.occlusion else None
    if painter is None:
        hint = (
            "The source has no colour: the relic is shown in a neutral grey. Name a scan with colour if there is one."
        )
        findings.append(Finding("colour.none", hint=hint, severity="warning"))
    error = _color_error(mesh, base_color, source.colour, painter, progress.part(0.95, 1.0))
    progress.tick(1.0)
    density = texel_density(mesh.vertices, mesh.uv, mesh.faces, mesh.texture_px)
    return Textured(mesh, base_color, normal_map, occlusion, density, error, tuple(findings))


def _reach(mesh: Unwrapped, source: BakeSource) -> float:
    """How far the level may lie from the finest surface: some spacings, and a share of the whole for coarse levels."""
    return 4 * source.finest.spacing_m + 0.02 * _diagonal(mesh.vertices)


def _diagonal(vertices: F4) -> float:
    return float(np.linalg.norm(np.ptp(vertices.astype(np.float64), axis=0))) or 1.0


def _painter(colour: ColourSource, reach: float) -> Painter | None:
    if isinstance(colour, CleanCloud):
        if colour.colors is None or len(colour.positions) == 0:
            return None
        return CloudColours(colour.positions, colour.normals, colour.colors, colour.spacing_m)
    if len(colour.faces) == 0:
        raise StageError("the source mesh has no face to take colour from.", where=colour.name)
    return MeshColours(colour, reach) if colour.has_colors else None


def _subdivision(mesh: Unwrapped, source: BakeSource) -> int:
    """Return into how many parts a texel is cut each way, so that fine detail is averaged and not picked at random."""
    density = texel_density(mesh.vertices, mesh.uv, mesh.faces, mesh.texture_px)
    detail_m = source.finest.spacing_m
    if isinstance(source.colour, SourceMesh):
        detail_m = min(detail_m, _texel_m(source.colour) or detail_m)
    if not (density > 0 and detail_m > 0):
        return 1
    return max(1, min(4, int(np.ceil(1 / (density * detail_m))), _LARGEST_SIDE // mesh.texture_px))


def _texel_m(mesh: SourceMesh) -> float | None:
    """Return the size of the source's texels, metres, or None without texture."""
    sides = [np.sqrt(m.texture.shape[0] * m.texture.shape[1]) for m in mesh.materials if m.texture is not None]
    if mesh.corner_uv is None or not sides:
        return None
    each = np.arange(len(mesh.faces) * 3, dtype=np.int32).reshape(-1, 3)
    corners, uv = mesh.vertices[mesh.faces.ravel()], mesh.corner_uv.reshape(-1, 2)
    density = texel_density(corners, uv, each, int(max(sides)))
    return 1 / density if density > 0 else None


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Maps before padding; `share_flat` is the share of texels whose baked normal is as good as the mesh's own."""

    color: U1
    normals: U1
    is_covered: Bool
    share_flat: float


def _paint(
    mesh: Unwrapped,
    finest: OtherMesh,
    painter: Painter | None,
    options: BakeOptions,
    reach: float,
    finer: int,
    progress: Progress,
) -> _Canvas:
    """Paint the maps band by band, so that memory does not grow with the texture."""
    size = mesh.texture_px
    color = np.empty((size, size, 3), np.uint8)
    color[:] = NEUTRAL
    normals = np.empty((size, size, 3), np.uint8)
    normals[:] = (128, 128, 255)
    is_covered = np.zeros((size, size), np.bool_)
    n_flat = n_texels = 0
    rows_at_once = max(1, _TEXELS_AT_ONCE // (size * finer * finer))
    for first in range(0, size, rows_at_once):
        rows = slice(first, min(size, first + rows_at_once))
        part = progress.part(rows.start / size, rows.stop / size)
        part.tick(0.0, "painting")
        band = rasterise(mesh.uv, mesh.faces, size * finer, rows.start * finer, (rows.stop - rows.start) * finer)
        at = np.flatnonzero(band.face >= 0).astype(np.int64)
        if len(at) == 0:
            continue
        texel = (at // (size * finer) // finer) * size + at % (size * finer) // finer
        light, local = _texels(mesh, finest, painter, options, reach, band, at, part)
        band_covered = np.zeros((rows.stop - rows.start) * size, np.bool_)
        band_covered[texel] = True
        where = np.flatnonzero(band_covered)
        is_covered[rows].reshape(-1)[where] = True
        if painter is not None:
            color[rows].reshape(-1, 3)[where] = srgb_from_linear(_mean_by(light, texel, len(band_covered))[where])
        if options.normal_map:
            mean = _mean_by(local, texel, len(band_covered))[where]
            mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-6)
            normals[rows].reshape(-1, 3)[where] = bytes_from_normals(mean)
            n_flat += int((mean[:, 2] > np.cos(np.radians(_FLAT_DEG))).sum())
        n_texels += len(where)
    return _Canvas(color, normals, is_covered, n_flat / max(1, n_texels))


def _texels(
    mesh: Unwrapped,
    finest: OtherMesh,
    painter: Painter | None,
    options: BakeOptions,
    reach: float,
    band: Band,
    at: npt.NDArray[np.int64],
    progress: Progress,
) -> tuple[F4, F4]:
    """Return linear light and tangent-space normal of the places that texels number `at` of a band show."""
    face, weights = band.face.reshape(-1)[at], band.weights.reshape(-1, 2)[at]
    points = interpolate(mesh.vertices, mesh.faces, face, weights)
    own = interpolate(mesh.normals, mesh.faces, face, weights)
    own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-6)
    there = finest.counterparts(points, own, reach, progress=progress.part(0.0, 0.5))
    normals = np.where(there.is_facing[:, None], there.normals, own)
    light = local = np.empty((0, 3), np.float32)
    if painter is not None:
        light = painter.at(there.points, normals, progress=progress.part(0.5, 0.9))
    if options.normal_map:
        local = encode_normals(normals, own, interpolate(mesh.tangents, mesh.faces, face, weights))
    return light, local


def _mean_by(values: F4, group: npt.NDArray[np.int64], n_groups: int) -> F4:
    """Return the mean (n_groups, 3) float32 of the rows of `values` in each group; 0 where there is none."""
    count = np.maximum(np.bincount(group, minlength=n_groups), 1)
    total = np.stack([np.bincount(group, weights=values[:, axis], minlength=n_groups) for axis in range(3)], axis=1)
    return (total / count[:, None]).astype(np.float32)


def _occlusion(mesh: Unwrapped, finest: OtherMesh, options: BakeOptions, reach: float, progress: Progress) -> U1:
    size = min(options.occlusion_px, mesh.texture_px)
    band = rasterise(mesh.uv, mesh.faces, size)
    is_covered = band.face >= 0
    face, weights = band.face[is_covered], band.weights[is_covered]
    own = interpolate(mesh.normals, mesh.faces, face, weights)
    own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-6)
    points = interpolate(mesh.vertices, mesh.faces, face, weights)
    there = finest.counterparts(points, own, reach, progress=progress.part(0.0, 0.1))
    normals = np.where(there.is_facing[:, None], there.normals, own)
    offset = 1e-3 * _diagonal(mesh.vertices)
    free = open_sky(
        finest.scene, there.points, normals, options.occlusion_rays, offset, progress=progress.part(0.1, 0.9)
    )
    smooth = smooth_over_surface(there.points, normals, free, progress=progress.part(0.9, 1.0))
    picture = np.full((size, size), 255, np.uint8)
    picture[is_covered] = np.clip(smooth * 255 + 0.5, 0, 255).astype(np.uint8)
    return pad_texture(picture, nearest_covered(is_covered))


_N_COMPARED = 50_000


def _color_error(
    mesh: Unwrapped, base_color: U1, colour: ColourSource, painter: Painter | None, progress: Progress
) -> float | None:
    """Return the mean colour difference between the texture and the source's own colours at places spread over it."""
    if painter is None:
        return None
    if isinstance(colour, CleanCloud):
        assert colour.colors is not None
        some = slice(None, None, max(1, len(colour.positions) // _N_COMPARED))
        truth = colour.colors[some]
        closest = OtherMesh(mesh.vertices, mesh.faces).scene.closest(colour.positions[some], progress=progress)
        face, weights = closest.face, closest.weights
    else:
        places = sample_mesh(mesh.vertices, mesh.faces, _N_COMPARED)
        face, weights = places.face, places.weights
        own = interpolate(mesh.normals, mesh.faces, face, weights)
        truth = srgb_from_linear(
            painter.at(interpolate(mesh.vertices, mesh.faces, face, weights), own, progress=progress)
        )
    shown = sample_values(base_color, interpolate(mesh.uv, mesh.faces, face, weights))
    return float(delta_e(np.round(shown).astype(np.uint8), truth).mean()) if len(face) else None
