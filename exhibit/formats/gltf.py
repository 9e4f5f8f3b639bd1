"""glTF 2.0 and GLB: every triangle of the scene, with textures and vertex colours; points where there are only those.

Node transforms are applied; Draco (DracoPy) and meshopt compression, quantisation, texture transforms, sparse
accessors, WebP and AVIF textures and the specular-glossiness material are understood. Metres and +y up by
specification; a scan whose units were arbitrary before it was exported has them still, which only its size shows.
Animation, skins and morph targets are left at rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.gltf_document import Document, as_unit_range, open_document
from exhibit.formats.gltf_materials import Look, linear_to_srgb, read_looks, transformed_uv
from exhibit.formats.mesh import Part, make_mesh, strip_triangles
from exhibit.formats.points import Chunk, make_scan
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged, side_path
from exhibit.model.arrays import F8, U1
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.model.finding import Finding
from exhibit.progress import Progress

Arrays = dict[str, npt.NDArray[Any]]
_DRACO: Final = "KHR_draco_mesh_compression"
_POINTS, _TRIANGLES, _STRIP, _FAN = 0, 4, 5, 6
_MAX_VERTICES: Final = 2**29
_MAX_DEPTH: Final = 200


@dataclass(frozen=True, slots=True)
class Primitive:
    """One primitive as stored: its attributes by name and its triangles, or none when it is points."""

    attributes: Arrays
    faces: npt.NDArray[Any] | None


def sniff(head: bytes) -> bool:
    """Return whether a file starts as GLB, or as JSON that speaks of glTF."""
    if head.startswith(b"glTF"):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = rb'"(asset|accessors|bufferViews|buffers|meshes|scenes?|nodes|materials|extensionsUsed|images)"'
    return text.startswith(b"{") and re.search(keys, text) is not None


def read(path: Path, progress: Progress) -> Scan | SourceMesh:
    """Read a glTF or GLB file."""
    try:
        return _read(open_document(path), progress)
    except (TypeError, AttributeError) as error:
        # JSON whose values are of other types than the specification has
        raise damaged(path, "its JSON does not follow glTF 2.0.") from error


def side_files(path: Path) -> tuple[Path, ...]:
    """Return the buffers and pictures a document refers to and that are there."""
    try:
        document = open_document(path).json
        uris = [one.get("uri") for kind in ("buffers", "images") for one in document.get(kind, [])]
    except Exception:
        return ()
    found = (side_path(path, uri) for uri in uris if isinstance(uri, str) and not uri.startswith("data:"))
    return tuple(sorted({one for one in found if one is not None and one.is_file()}))


def _read(document: Document, progress: Progress) -> Scan | SourceMesh:
    looks, findings = read_looks(document)
    parts: list[Part] = []
    clouds: list[Chunk] = []
    cache: dict[tuple[int, int], Primitive | None] = {}
    nodes = list(_nodes(document))
    n_vertices = 0
    for number, (index, matrix) in enumerate(nodes):
        for which, entry in enumerate(document.entry("meshes", index)["primitives"]):
            progress.tick(number / len(nodes), f"mesh {number + 1} of {len(nodes)}")
            if (index, which) not in cache:
                cache[index, which] = _primitive(document, entry)
            primitive = cache[index, which]
            if primitive is None:
                continue
            n_vertices += len(primitive.attributes["POSITION"])
            if n_vertices > _MAX_VERTICES:
                raise damaged(document.path, "repeats its meshes more often than memory holds.", "Export it flat.")
            look = entry.get("material")
            look = look if isinstance(look, int) and 0 <= look < len(looks) - 1 else len(looks) - 1
            part = _part(primitive, matrix, looks[look], look)
            if primitive.faces is None:
                clouds.append(Chunk(part.positions, part.colors, part.normals))
            else:
                parts.append(part)
    progress.tick(1.0, f"{n_vertices:,} vertices")
    if clouds and not parts:
        return _scan(document, clouds, progress)
    findings += _left_out(document)
    # the last look stands for primitives without a material; most documents have none
    n_looks = 1 + max((part.material for part in parts if isinstance(part.material, int)), default=0)
    materials = [look.material for look in looks[:n_looks]]
    return make_mesh(document.path, "gltf", parts, materials, units="m", up="+y", findings=findings)


def _left_out(document: Document) -> list[Finding]:
    used = document.json.get("extensionsUsed", [])
    if "EXT_mesh_gpu_instancing" in used:
        hint = "Instanced copies (EXT_mesh_gpu_instancing) are left out; export them as meshes."
        return [Finding("formats.instances-left-out", None, "", hint, "warning")]
    return []


def _scan(document: Document, clouds: list[Chunk], progress: Progress) -> Scan:
    if len({(one.colors is None, one.normals is None) for one in clouds}) > 1:
        clouds = [Chunk(one.positions) for one in clouds]
    n_points = sum(len(one.positions) for one in clouds)
    read_chunks = partial(iter, tuple(clouds))
    return make_scan(document.path, "gltf", read_chunks, n_points, progress, is_mapped=True, units="m", up="+y")


def _nodes(document: Document) -> Iterator[tuple[int, F8]]:
    """Yield (mesh, transform (4, 4)) of every node of the scene that has a mesh."""
    entries = document.json.get("nodes", [])
    scenes = document.json.get("scenes", [])
    if scenes:
        scene = document.json.get("scene", 0)
        roots = document.entry("scenes", scene).get("nodes", [])
    else:
        children = {child for entry in entries for child in entry.get("children", [])}
        roots = [index for index in range(len(entries)) if index not in children]
    waiting = [(root, np.eye(4), 0) for root in reversed(roots)]
    n_seen = 0
    while waiting:
        index, above, depth = waiting.pop()
        n_seen += 1
        # a node has one parent by specification; a loop or a shared child would go on for ever
        if depth > _MAX_DEPTH or n_seen > len(entries):
            raise damaged(document.path, "its nodes form a loop.")
        entry = document.entry("nodes", index)
        matrix = above @ _local_matrix(entry)
        if "mesh" in entry:
            yield entry["mesh"], matrix
        waiting.extend((child, matrix, depth + 1) for child in reversed(entry.get("children", [])))


def _local_matrix(entry: dict[str, Any]) -> F8:
    if "matrix" in entry:
        return np.array(entry["matrix"], np.float64).reshape(4, 4).T
    matrix = np.eye(4)
    x, y, z, w = np.array(entry.get("rotation", (0, 0, 0, 1)), np.float64)
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix[:3, :3] = rotation * np.array(entry.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = np.array(entry.get("translation", (0, 0, 0)), np.float64)
    return matrix


def _primitive(document: Document, entry: dict[str, Any]) -> Primitive | None:
    """Return a primitive's arrays; None for lines and for what has no positions."""
    mode = entry.get("mode", _TRIANGLES)
    if mode not in (_POINTS, _TRIANGLES, _STRIP, _FAN) or "POSITION" not in entry.get("attributes", {}):
        return None
    if _DRACO in entry.get("extensions", {}):
        return _draco(document, entry)
    attributes = {
        name: document.accessor(index)
        for name, index in entry["attributes"].items()
        if name in ("POSITION", "NORMAL", "COLOR_0") or name.startswith("TEXCOORD_")
    }
    n_vertices = len(attributes["POSITION"])
    if any(len(values) != n_vertices for values in attributes.values()) or attributes["POSITION"].shape[1:] != (3,):
        raise damaged(document.path, "has vertices whose attributes differ in number.")
    if mode == _POINTS:
        return Primitive(attributes, None)
    if "indices" in entry:
        indices = document.accessor(entry["indices"], as_float=False)
        if indices.ndim != 1 or indices.dtype.kind != "u":
            raise damaged(document.path, "has indices that are not whole numbers.")
        indices = indices.astype(np.int64)
    else:
        indices = np.arange(n_vertices)
    if mode == _TRIANGLES:
        return Primitive(attributes, indices[: len(indices) // 3 * 3].reshape(-1, 3))
    if mode == _STRIP:
        return Primitive(attributes, strip_triangles(np.array([len(indices)]), indices))
    hub = np.full(max(len(indices) - 2, 0), indices[0] if len(indices) else 0)
    return Primitive(attributes, np.stack([indices[1:-1], indices[2:], hub], axis=1))


def _draco(document: Document, entry: dict[str, Any]) -> Primitive:
    import DracoPy

    packed = entry["extensions"][_DRACO]
    try:
        decoded = DracoPy.decode(document.view(packed["bufferView"]).tobytes())
        attributes = {}
        for name, unique in packed["attributes"].items():
            if name in ("POSITION", "NORMAL", "COLOR_0") or name.startswith("TEXCOORD_"):
                values = np.asarray(decoded.get_attribute_by_unique_id(unique)["data"])
                accessor = document.entry("accessors", entry["attributes"][name])
                # integers of a quantised mesh come out as integers
                attributes[name] = as_unit_range(values) if accessor.get("normalized") else values.astype(np.float32)
        faces = np.asarray(getattr(decoded, "faces", np.empty((0, 3))), np.int64).reshape(-1, 3)
    except (DracoPy.FileTypeException, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise damaged(document.path, "its Draco-compressed geometry is damaged.") from error
    if attributes.get("POSITION", np.empty(0)).shape[1:] != (3,):
        raise damaged(document.path, "its Draco-compressed geometry has no positions.")
    return Primitive(attributes, faces)


def _part(primitive: Primitive, matrix: F8, look: Look, material: int) -> Part:
    attributes = primitive.attributes
    linear = matrix[:3, :3]
    with np.errstate(over="ignore", invalid="ignore"):
        positions = attributes["POSITION"].astype(np.float64) @ linear.T + matrix[:3, 3]
    faces = primitive.faces if primitive.faces is not None else np.empty((0, 3), np.int64)
    if np.linalg.det(linear) < 0:
        # a mirroring transform turns faces inside out
        faces = faces[:, ::-1]
    corner_uv = None
    uv = attributes.get(f"TEXCOORD_{look.uv_set}")
    if uv is not None and look.material.texture is not None and len(faces):
        changed = transformed_uv(uv[:, :2], look.uv_transform)
        corner_uv = changed[np.clip(faces, 0, len(changed) - 1)]
    return Part(positions, faces, material, corner_uv, _colors(attributes), _normals(attributes, linear))


def _colors(attributes: Arrays) -> U1 | None:
    values = attributes.get("COLOR_0")
    # linear by specification
    return None if values is None else linear_to_srgb(values[:, :3])


def _normals(attributes: Arrays, linear: F8) -> npt.NDArray[np.float32] | None:
    values = attributes.get("NORMAL")
    if values is None:
        return None
    # the cofactor matrix is the inverse transposed times the determinant, and exists for flat transforms too
    cofactors = np.stack(
        [np.cross(linear[1], linear[2]), np.cross(linear[2], linear[0]), np.cross(linear[0], linear[1])]
    )
    turned = values.astype(np.float64) @ cofactors.T * (np.sign(np.linalg.det(linear)) or 1.0)
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    return np.asarray(turned / np.where(lengths > 0, lengths, 1.0), np.float32)


FORMAT = Format("gltf", "glTF", (".glb", ".gltf"), read, sniff, side_files)
