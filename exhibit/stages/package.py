"""From textured levels to the files of a relic: GLBs for the web, one for interchange, and the figures of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exhibit.engines.gltf_tools import compress_meshopt, validate_glb
from exhibit.engines.node import find_node, find_tool
from exhibit.errors import DependencyError, StageError, UsageError
from exhibit.model.asset import LEVELS, Asset, AssetFile, Deviation, LevelFigures
from exhibit.model.cloud import Placement
from exhibit.model.finding import Finding
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress
from exhibit.stages.packing import metadata
from exhibit.stages.packing.figures import is_closed, level_figures
from exhibit.stages.packing.glb import Contents, append_narrations, with_extras, write_glb
from exhibit.stages.packing.materials import PRESETS, Preset
from exhibit.stages.packing.pictures import KTX2_STEPS, STEPS, Codec, Picture, Quality, encode_maps
from exhibit.stages.packing.streams import Streams, float_streams, quantised_streams

ALLOWED_WARNINGS: Final = frozenset({"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT"})
"""The validator does not know image/ktx2, which is ratified."""
MODEL_QUALITY: Final = Quality(90, 95)


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """What goes into the files beside the mesh.

    Parameters
    ----------
    name : of the relic where there is no record: the scan's stem.
    record : what the museum says of it.
    narrations : spoken text, one per language.
    surface_material : key of `exhibit.model.record.SurfaceMaterial`; None means the record's, else ``scan``.
    placement : how the scan's coordinates became metres; told in the files.
    deviations : name of level -> its distances to the scan, for the figures.
    aliases : level that would be equal -> level written in its stead.
    embed_narration : put audio and captions into ``model.glb`` itself.
    use_node : pack with meshopt and KTX2, and validate, where Node is there.
    """

    name: str = "relic"
    record: RelicRecord | None = None
    narrations: tuple[Narration, ...] = ()
    surface_material: str | None = None
    placement: Placement | None = None
    deviations: tuple[tuple[str, Deviation], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    embed_narration: bool = False
    use_node: bool = True


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one level is written: bits of its positions, its textures' codec with Node, its limit in bytes."""

    position_bits: int
    codec: Codec
    max_bytes: int | None
    is_brief: bool


_LIMITS: Final = {spec.name: spec.max_bytes for spec in LEVELS}
_RECIPES: Final = {
    "thumb": _Recipe(12, "webp", _LIMITS["thumb"], True),
    # twenty relics of a room in 30 MB
    "room": _Recipe(14, "ktx2", 1_500_000, True),
    "hero": _Recipe(15, "webp", _LIMITS["hero"], False),
    "inspect": _Recipe(16, "webp", None, False),
}


@dataclass(frozen=True, slots=True)
class _Packed:
    data: bytes
    pictures: tuple[Picture, ...]
    streams: Streams


def package(
    levels: tuple[Textured, ...], options: PackageOptions = PackageOptions(), /, *, progress: Progress = SILENT
) -> Asset:
    """Write a relic's levels as GLB, with its record and narration inside.

    Parameters
    ----------
    levels : textured levels, coarse to fine; names are those of `exhibit.model.asset.LEVELS`.
    options : see `PackageOptions`.

    Returns
    -------
    Asset
        ``<level>.glb`` per level and ``model.glb`` (the hero level without required extensions), and figures. Files
        beyond their limit at the lowest quality, and a missing Node, are findings.

    Raises
    ------
    StageError
        On a mesh no reader would take, or when Khronos' validator finds an error in a file.
    UsageError
        On an unknown surface material, or no level at all.
    """
    if not levels:
        raise UsageError("There is no level to pack.")
    packer = _Packer(options, _preset(options), _node_fault() if options.use_node else None, [])
    if packer.node_fault:
        packer.findings.append(Finding("package.no-node", hint=packer.node_fault, severity="warning"))
    files: list[AssetFile] = []
    figures: list[LevelFigures] = []
    deviations = dict(options.deviations)
    for number, textured in enumerate(levels):
        part = progress.part(number / (len(levels) + 1), (number + 1) / (len(levels) + 1))
        packed = packer.pack_level(textured, part)
        name = textured.mesh.name
        files.append(AssetFile(f"{name}.glb", packed.data))
        figures.append(
            level_figures(textured, len(packed.data), packed.pictures, packed.streams.n_bytes, deviations.get(name))
        )
    hero = _find_hero(levels, options.aliases)
    files.append(AssetFile("model.glb", packer.pack_model(hero, progress.part(len(levels) / (len(levels) + 1), 1.0))))
    progress.tick(1.0, "packed")
    doubts = [finding for textured in levels for finding in (*textured.mesh.findings, *textured.findings)]
    findings = tuple(dict.fromkeys([*doubts, *packer.findings]))
    return Asset(tuple(files), tuple(figures), options.aliases, _size_of(hero), findings)


@dataclass(frozen=True, slots=True)
class _Packer:
    """What all levels of one relic share while they are packed."""

    options: PackageOptions
    preset: Preset
    node_fault: str | None
    findings: list[Finding]

    @property
    def has_node(self) -> bool:
        return self.options.use_node and self.node_fault is None

    def pack_level(self, textured: Textured, progress: Progress) -> _Packed:
        """Write one level of the web, lowering quality step by step until it keeps its limit."""
        name = textured.mesh.name
        recipe = _RECIPES.get(name, _RECIPES["inspect"])
        codec: Codec = recipe.codec if self.has_node else "webp"
        steps = KTX2_STEPS if codec == "ktx2" else STEPS
        packed = self._pack_at(textured, recipe, codec, steps[0], progress.part(0.0, 0.5))
        chosen, rest = 0, _bytes_beside_pictures(packed)
        while recipe.max_bytes and len(packed.data) > recipe.max_bytes and chosen + 1 < len(steps):
            chosen += 1
            pictures = encode_maps(textured, codec, steps[chosen], progress=progress.part(0.5, 0.6))
            fits = rest + sum(len(picture.data) for picture in pictures) <= recipe.max_bytes
            # without the normal map the tangents go too, so only packing tells
            if fits or not steps[chosen].with_normal:
                packed = self._pack_at(textured, recipe, codec, steps[chosen], progress.part(0.6, 0.9))
        if recipe.max_bytes and len(packed.data) > recipe.max_bytes:
            hint = f"{name}.glb is larger than its limit of {recipe.max_bytes / 1e6:.1f} MB even at the lowest quality."
            self.findings.append(Finding("package.over-limit", len(packed.data), "bytes", hint, "warning"))
        elif chosen:
            hint = (
                f"{name}: textures were lowered {chosen} of {len(steps) - 1} steps to keep the file within its limit."
            )
            self.findings.append(Finding("package.lower-quality", chosen, "steps", hint))
        error_mm = packed.streams.position_error_m * 1e3
        hint = f"{name}: storing positions as integers moves no vertex by more than this."
        self.findings.append(Finding("package.position-error", error_mm, "mm", hint))
        return packed

    def _pack_at(
        self, textured: Textured, recipe: _Recipe, codec: Codec, quality: Quality, progress: Progress
    ) -> _Packed:
        name = textured.mesh.name
        pictures = encode_maps(textured, codec, quality, progress=progress.part(0.0, 0.6))
        with_tangents = any(picture.slot == "normal" for picture in pictures)
        streams = quantised_streams(textured.mesh, with_tangents=with_tangents, position_bits=recipe.position_bits)
        data = write_glb(self._contents(textured, streams, pictures, recipe.is_brief))
        if self.has_node:
            self._validate(data, f"{name}.glb before packing", progress.part(0.6, 0.7))
            data = compress_meshopt(data, progress=progress.part(0.7, 0.9))
            self._validate(data, f"{name}.glb", progress.part(0.9, 1.0))
        return _Packed(data, pictures, streams)

    def pack_model(self, textured: Textured, progress: Progress) -> bytes:
        """Write the file for other programs: floats, JPEG, nothing required; narration inside if asked."""
        o = self.options
        pictures = encode_maps(textured, "jpeg", MODEL_QUALITY, progress=progress.part(0.0, 0.7))
        streams = float_streams(textured.mesh, with_tangents=textured.normal_map is not None)
        data = write_glb(self._contents(textured, streams, pictures, is_brief=False))
        if o.embed_narration and o.narrations:
            data, embedded = append_narrations(data, o.narrations)
            said = metadata.full_extras(o.name, textured.mesh.name, o.record, o.placement, o.narrations, embedded)
            data = with_extras(data, metadata.attribution(o.name, o.record) | {"exhibit": said})
        if self.has_node:
            self._validate(data, "model.glb", progress.part(0.7, 1.0))
        return data

    def _contents(
        self, textured: Textured, streams: Streams, pictures: tuple[Picture, ...], is_brief: bool
    ) -> Contents:
        o, level = self.options, textured.mesh.name
        if is_brief:
            said = metadata.brief_extras(o.name, level, o.record, o.placement)
        else:
            said = metadata.full_extras(o.name, level, o.record, o.placement, o.narrations, {})
        return Contents(
            name=o.record.id if o.record else o.name,
            streams=streams,
            pictures=pictures,
            preset=self.preset,
            is_two_sided=not is_closed(textured.mesh),
            xmp=metadata.xmp_packet(o.name, o.record),
            extras=metadata.attribution(o.name, o.record) | {"exhibit": said},
            copyright=metadata.copyright_line(o.record),
        )

    def _validate(self, data: bytes, what: str, progress: Progress) -> None:
        report = validate_glb(data, progress=progress)
        if report.errors:
            first = report.of("error")[0]
            raise StageError(
                f"Khronos' validator finds {report.errors} errors, first {first.code}: {first.message}",
                where=what,
                hint="This is a bug; please report it.",
            )
        for warning in report.of("warning"):
            if warning.code not in ALLOWED_WARNINGS:
                hint = f"{what}: Khronos' validator warns of {warning.code}: {warning.message} ({warning.pointer})"
                self.findings.append(Finding("package.validator-warning", hint=hint, severity="warning"))


def _preset(options: PackageOptions) -> Preset:
    key = options.surface_material or (options.record.surface_material if options.record else "scan")
    if key not in PRESETS:
        raise UsageError(f"'{key}' is not a surface material.", hint=f"Use one of {', '.join(PRESETS)}.")
    return PRESETS[key]


def _node_fault() -> str | None:
    try:
        find_node()
        for tool in ("validate", "compress", "ktx2"):
            find_tool(tool)
    except DependencyError as error:
        return str(error)
    return None


def _bytes_beside_pictures(packed: _Packed) -> int:
    return len(packed.data) - sum(len(picture.data) for picture in packed.pictures)


def _find_hero(levels: tuple[Textured, ...], aliases: tuple[tuple[str, str], ...]) -> Textured:
    """Return the hero level, what stands for it, or the finest."""
    wanted = dict(aliases).get("hero", "hero")
    return next((textured for textured in levels if textured.mesh.name == wanted), levels[-1])


def _size_of(textured: Textured) -> tuple[float, float, float]:
    extent = np.ptp(textured.mesh.vertices.astype(np.float64), axis=0)
    return (float(extent[0]), float(extent[1]), float(extent[2]))
