"""Textured levels as GLBs without a word in them: the slow half of packaging, which no text touches."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from exhibit.engines.gltf_tools import check_and_compress
from exhibit.errors import UsageError
from exhibit.model.asset import LEVELS, Asset, AssetFile, Deviation, LevelFigures
from exhibit.model.finding import Finding
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress
from exhibit.stages.packing.check import judge, node_fault
from exhibit.stages.packing.figures import is_closed_mesh, level_figures
from exhibit.stages.packing.glb import write_glb
from exhibit.stages.packing.pictures import KTX2_STEPS, STEPS, Codec, Known, Picture, Quality, encode_maps
from exhibit.stages.packing.streams import Streams, check_mesh, float_streams, quantised_streams

TextureFormat = Literal["webp", "ktx2", "both"]
MODEL_QUALITY: Final = Quality(90, 95)


@dataclass(frozen=True, slots=True)
class PackOptions:
    """What the levels' files and figures need beside the levels.

    Parameters
    ----------
    deviations : name of level -> its distances to the scan, for the figures.
    aliases : level that would be equal -> level written in its stead.
    use_node : pack with meshopt and KTX2, and validate, where Node is there.
    textures : ``webp`` (smallest files) or ``ktx2`` (a quarter of a GPU's memory) for every level; ``both``: KTX2 for
        ``room``, of which many are shown at once, and WebP for the others.
    """

    deviations: tuple[tuple[str, Deviation], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    use_node: bool = True
    textures: TextureFormat = "both"


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one level is written.

    Parameters
    ----------
    position_bits : precision of positions; `with_fine_normals` : 16 bits for normals, else 8.
    codec : of its textures, with Node; without it WebP.
    max_bytes : limit of the finished file.
    """

    position_bits: int
    with_fine_normals: bool
    codec: Codec
    max_bytes: int | None

    @property
    def room_for_pictures(self) -> int:
        """The limit less what record and transcripts are going to take."""
        return self.max_bytes - max(8_000, self.max_bytes // 40) if self.max_bytes else sys.maxsize


_LIMITS: Final = {spec.name: spec.max_bytes for spec in LEVELS}
_RECIPES: Final = {
    "thumb": _Recipe(12, False, "webp", _LIMITS["thumb"]),
    # twenty relics of a room in 30 MB
    "room": _Recipe(14, False, "ktx2", 1_500_000),
    "hero": _Recipe(14, True, "webp", _LIMITS["hero"]),
    "inspect": _Recipe(16, True, "webp", None),
}


@dataclass(frozen=True, slots=True)
class _Packed:
    data: bytes
    pictures: tuple[Picture, ...]
    streams: Streams


def pack(
    levels: tuple[Textured, ...], options: PackOptions = PackOptions(), /, *, progress: Progress = SILENT
) -> Asset:
    """Write levels as GLB: quantised, compressed, within their limits; and one for interchange.

    Parameters
    ----------
    levels : textured levels, coarse to fine; names are those of `exhibit.model.asset.LEVELS`.
    options : see `PackOptions`.

    Returns
    -------
    Asset
        ``<level>.glb`` per level and ``model.glb`` (the hero level in floats and JPEG, without required extensions),
        and the levels' figures. A file beyond its limit at the lowest quality, and a missing Node, are findings.

    Raises
    ------
    StageError
        On a mesh no reader would take, or when Khronos' validator finds an error in a file.
    UsageError
        Without any level.
    """
    if not levels:
        raise UsageError("There is no level to pack.")
    fault = node_fault() if options.use_node else None
    for textured in levels:
        check_mesh(textured.mesh)
    is_closed = {textured.mesh.name: is_closed_mesh(textured.mesh) for textured in levels}
    packer = _Packer(options.use_node and fault is None, options.textures, is_closed, [])
    if fault:
        packer.findings.append(Finding("package.no-node", hint=fault, severity="warning"))
    deviations, share = dict(options.deviations), 1.0 / (len(levels) + 1)
    files: list[AssetFile] = []
    figures: list[LevelFigures] = []
    for number, textured in enumerate(levels):
        name = textured.mesh.name
        packed = packer.pack_level(
            textured, progress.part(number / (len(levels) + 1), (number + 1) / (len(levels) + 1))
        )
        files.append(AssetFile(f"{name}.glb", packed.data))
        figures.append(
            level_figures(
                textured,
                len(packed.data),
                packed.pictures,
                packed.streams.n_bytes,
                deviations.get(name),
                is_closed[name],
            )
        )
    hero = _find_hero(levels, options.aliases)
    files.append(AssetFile("model.glb", packer.pack_model(hero, progress.part(1.0 - share, 1.0))))
    progress.tick(1.0, "packed")
    doubts = [finding for textured in levels for finding in (*textured.mesh.findings, *textured.findings)]
    findings = tuple(dict.fromkeys([*doubts, *packer.findings]))
    return Asset(tuple(files), tuple(figures), options.aliases, _size_of(hero), findings)


@dataclass(frozen=True, slots=True)
class _Packer:
    """What all levels of one relic share while they are packed."""

    has_node: bool
    textures: TextureFormat
    is_closed: dict[str, bool]
    findings: list[Finding]

    def pack_level(self, textured: Textured, progress: Progress) -> _Packed:
        """Write one level of the web, lowering quality step by step until it keeps its limit."""
        recipe = _RECIPES.get(textured.mesh.name, _RECIPES["inspect"])
        asked: Codec = recipe.codec if self.textures == "both" else self.textures
        codec: Codec = asked if self.has_node else "webp"
        steps = KTX2_STEPS if codec == "ktx2" else STEPS
        limit, known = recipe.room_for_pictures, Known()
        pictures = encode_maps(textured, codec, steps[0], known, progress=progress.part(0.0, 0.4))
        packed = self._pack_with(pictures, textured, recipe, progress.part(0.4, 0.6))
        beside_pictures = len(packed.data) - _n_bytes(pictures)
        chosen = 0
        while len(packed.data) > limit and chosen + 1 < len(steps):
            chosen += 1
            pictures = encode_maps(textured, codec, steps[chosen], known, progress=progress.part(0.6, 0.8))
            # without the normal map the tangents go too, so only packing tells
            if beside_pictures + _n_bytes(pictures) <= limit or not steps[chosen].with_normal:
                packed = self._pack_with(pictures, textured, recipe, progress.part(0.8, 1.0))
        self._doubt(textured.mesh.name, packed, recipe.max_bytes or sys.maxsize, chosen, len(steps) - 1)
        return packed

    def _pack_with(
        self, pictures: tuple[Picture, ...], textured: Textured, recipe: _Recipe, progress: Progress
    ) -> _Packed:
        streams = quantised_streams(
            textured.mesh,
            with_tangents=any(picture.slot == "normal" for picture in pictures),
            position_bits=recipe.position_bits,
            with_fine_normals=recipe.with_fine_normals,
        )
        data = write_glb(streams, pictures, is_two_sided=not self.is_closed[textured.mesh.name])
        if self.has_node:
            # the validator cannot look into packed data: this is the time
            report, data = check_and_compress(data, progress=progress)
            self.findings.extend(judge(report, f"{textured.mesh.name}.glb before packing"))
        return _Packed(data, pictures, streams)

    def pack_model(self, textured: Textured, progress: Progress) -> bytes:
        """Write the file for other programs: floats, JPEG, nothing required."""
        pictures = encode_maps(textured, "jpeg", MODEL_QUALITY, {}, progress=progress)
        streams = float_streams(textured.mesh, with_tangents=textured.normal_map is not None)
        return write_glb(streams, pictures, is_two_sided=not self.is_closed[textured.mesh.name])

    def _doubt(self, name: str, packed: _Packed, limit: int, chosen: int, n_steps: int) -> None:
        """Note what the figures do not say: a limit passed, quality lowered, how far positions moved."""
        if len(packed.data) > limit:
            hint = f"{name}.glb is larger than its limit of {limit / 1e6:.2f} MB even at the lowest quality."
            self.findings.append(Finding("package.over-limit", len(packed.data), "bytes", hint, "warning"))
        elif chosen:
            hint = f"{name}: textures were lowered {chosen} of {n_steps} steps to keep the file within its limit."
            self.findings.append(Finding("package.lower-quality", chosen, "steps", hint))
        hint = f"{name}: storing positions as integers moves no vertex by more than this."
        self.findings.append(Finding("package.position-error", packed.streams.position_error_m * 1e3, "mm", hint))


def _n_bytes(pictures: tuple[Picture, ...]) -> int:
    return sum(len(picture.data) for picture in pictures)


def _find_hero(levels: tuple[Textured, ...], aliases: tuple[tuple[str, str], ...]) -> Textured:
    """Return the hero level, what stands for it, or the finest."""
    wanted = dict(aliases).get("hero", "hero")
    return next((textured for textured in levels if textured.mesh.name == wanted), levels[-1])


def _size_of(textured: Textured) -> tuple[float, float, float]:
    extent = np.ptp(textured.mesh.vertices.astype(np.float64), axis=0)
    return (float(extent[0]), float(extent[1]), float(extent[2]))
