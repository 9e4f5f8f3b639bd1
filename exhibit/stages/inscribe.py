"""Words into packed files: record, rights, transcripts, narration, material. Quick, as curators change words often."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from exhibit.errors import UsageError
from exhibit.model.asset import LEVELS, POINTS_FILE, Asset, AssetFile
from exhibit.model.cloud import Placement
from exhibit.model.finding import Finding
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.progress import SILENT, Progress
from exhibit.stages.packing import metadata
from exhibit.stages.packing.check import check_glbs, node_fault
from exhibit.stages.packing.glb import GENERATOR, join_glb, split_glb
from exhibit.stages.packing.materials import PRESETS, Preset

BRIEF: Final = ("thumb.glb", "room.glb", POINTS_FILE)
"""Fetched many at a time and for their picture only: they carry title, rights and scale, but no long texts."""
MODEL: Final = "model.glb"
_MAX_BYTES: Final = {f"{spec.name}.glb": spec.max_bytes for spec in LEVELS}


@dataclass(frozen=True, slots=True)
class InscribeOptions:
    """What the museum says of the relic.

    Parameters
    ----------
    name : of the relic where there is no record: the scan's stem.
    record : see `exhibit.model.record`.
    narrations : spoken text, one per language.
    surface_material : key of `exhibit.model.record.SurfaceMaterial`; ``scan`` leaves it to the record.
    placement : how the scan's coordinates became metres; told in the files.
    embed_narration : put audio and captions into ``model.glb`` itself.
    use_node : validate what comes out, where Node is there.
    """

    name: str = "relic"
    record: RelicRecord | None = None
    narrations: tuple[Narration, ...] = ()
    surface_material: str = "scan"
    placement: Placement | None = None
    embed_narration: bool = False
    use_node: bool = True


def inscribe(asset: Asset, options: InscribeOptions = InscribeOptions(), /, *, progress: Progress = SILENT) -> Asset:
    """Return the asset with everything said in its GLBs; other files, meshes and textures stay as they are.

    Raises
    ------
    UsageError
        On an unknown surface material.
    StageError
        When Khronos' validator finds an error in a finished file.
    """
    preset = find_preset(options)
    files: list[AssetFile] = []
    findings = list(asset.findings)
    for number, file in enumerate(asset.files):
        part = progress.part(0.5 * number / len(asset.files), 0.5 * (number + 1) / len(asset.files))
        part.tick(0.0, f"inscribe {file.name}")
        if not file.name.endswith(".glb"):
            files.append(file)
            continue
        data = _inscribed(file, options, preset)
        files.append(AssetFile(file.name, data))
        limit = _MAX_BYTES.get(file.name)
        if limit and len(file.data) <= limit < len(data):
            hint = f"The texts in {file.name} take it beyond its limit of {limit / 1e6:.1f} MB."
            findings.append(Finding("package.over-limit", len(data), "bytes", hint, "warning"))
    if options.use_node and node_fault() is None:
        findings += check_glbs([file for file in files if file.name.endswith(".glb")], progress.part(0.5, 1.0))
    progress.tick(1.0, "inscribed")
    sizes = {file.name: len(file.data) for file in files}
    figures = tuple(replace(known, n_bytes=sizes[f"{known.name}.glb"]) for known in asset.figures)
    points = asset.points and replace(asset.points, n_bytes=sizes[POINTS_FILE])
    unique = tuple(dict.fromkeys(findings))
    return replace(asset, files=tuple(files), figures=figures, points=points, findings=unique)


def _inscribed(file: AssetFile, o: InscribeOptions, preset: Preset) -> bytes:
    document, binary = split_glb(file.data)
    embedded: dict[str, dict[str, int]] = {}
    if file.name == MODEL and o.embed_narration:
        binary, embedded = _append_narrations(document, binary, o.narrations)
    level = file.name.removesuffix(".glb")
    said = metadata.brief_extras(o.name, level, o.record, o.placement)
    if file.name not in BRIEF:
        said |= metadata.full_extras(o.record, o.narrations, embedded)
    _name_parts(document, o.record.id if o.record else o.name)
    _finish_material(document, preset)
    asset = {
        "version": "2.0",
        "generator": GENERATOR,
        "copyright": metadata.copyright_line(o.record),
        "extensions": {"KHR_xmp_json_ld": {"packet": 0}},
        "extras": metadata.attribution(o.name, o.record) | {"exhibit": said},
    }
    document["asset"] = {key: value for key, value in asset.items() if value is not None}
    packet = metadata.xmp_packet(o.name, o.record)
    document["extensions"] = {"KHR_xmp_json_ld": {"packets": [packet]}}
    used = {*document.get("extensionsUsed", []), "KHR_xmp_json_ld", *preset.extensions()}
    document["extensionsUsed"] = sorted(used)
    return join_glb(document, binary)


def _name_parts(document: dict[str, Any], name: str) -> None:
    for kind in ("nodes", "meshes", "materials"):
        for part in document.get(kind, ()):
            part["name"] = name


def _finish_material(document: dict[str, Any], preset: Preset) -> None:
    for material in document.get("materials", ()):
        material["pbrMetallicRoughness"] |= {"roughnessFactor": preset.roughness, "metallicFactor": preset.metalness}
        if extensions := preset.extensions():
            material["extensions"] = extensions


def _append_narrations(
    document: dict[str, Any], binary: bytes, narrations: tuple[Narration, ...]
) -> tuple[bytes, dict[str, dict[str, int]]]:
    """Put audio and captions behind everything else; return the chunk, and language -> part -> buffer view."""
    chunk = bytearray(binary)
    views: list[dict[str, Any]] = document["bufferViews"]
    embedded: dict[str, dict[str, int]] = {}
    for spoken in narrations:
        parts = {"audio": spoken.audio, "captions": spoken.captions.encode() if spoken.captions else None}
        for what, data in parts.items():
            if data:
                chunk += bytes(-len(chunk) % 4)
                embedded.setdefault(spoken.language, {})[what] = len(views)
                views.append({"buffer": 0, "byteOffset": len(chunk), "byteLength": len(data)})
                chunk += data
    document["buffers"][0]["byteLength"] = len(chunk)
    return bytes(chunk), embedded


def find_preset(options: InscribeOptions) -> Preset:
    """Return the material that the options or the record ask for; raise UsageError on an unknown one."""
    key = options.surface_material
    if key == "scan" and options.record is not None:
        key = options.record.surface_material
    if key not in PRESETS:
        raise UsageError(f"'{key}' is not a surface material.", hint=f"Use one of {', '.join(PRESETS)}.")
    return PRESETS[key]
