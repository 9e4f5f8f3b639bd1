"""PLY: ascii, binary little and big endian; points, or a mesh when it has faces or triangle strips.

Colours are integers or floats under ``red``, ``r`` or ``diffuse_red``; normals ``nx ny nz``; list properties may stand
anywhere. Texture coordinates are read from faces (``texcoord``) and vertices (``s t``, ``u v``, ``texture_u
texture_v``), pictures from ``comment TextureFile``. PLY states neither units nor an up-axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exhibit.formats.colors import largest_color, to_eight_bit
from exhibit.formats.mesh import Part, fan, make_mesh, strip_triangles
from exhibit.formats.ply_header import Element, PlyHeader, read_header
from exhibit.formats.ply_rows import Lists, Table, cut_off, map_file, read_tables, row_dtype
from exhibit.formats.points import BLOCK_POINTS, Chunk, make_scan
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged, side_path
from exhibit.formats.text_numbers import row_chunks
from exhibit.formats.textures import texture_file
from exhibit.model.arrays import F4
from exhibit.model.cloud import Scan, SourceMaterial, SourceMesh
from exhibit.model.finding import Finding
from exhibit.progress import Progress

_COLORS = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_NORMALS = (("nx", "ny", "nz"), ("normal_x", "normal_y", "normal_z"))
_UVS = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"), ("texture_s", "texture_t"))
_INDICES = ("vertex_indices", "vertex_index")
_FACES = {"face", "tristrips"}


@dataclass(frozen=True, slots=True)
class Roles:
    """Which properties of a vertex are what, and which range its colours have."""

    position: tuple[str, ...]
    color: tuple[str, ...] | None
    normal: tuple[str, ...] | None
    uv: tuple[str, ...] | None
    largest_color: float = 255.0


def sniff(head: bytes) -> bool:
    """Return whether a file starts as PLY."""
    return head.startswith((b"ply\n", b"ply\r", b"ply "))


def read(path: Path, progress: Progress) -> Scan | SourceMesh:
    """Read a PLY file; a mesh where it has faces."""
    header = read_header(path)
    vertex = header.element("vertex")
    if vertex is None:
        raise damaged(path, "the PLY file holds no points.", "Export it again with its points.")
    roles = _roles(path, vertex)
    if any(header.element(name) for name in _FACES):
        return _read_mesh(path, header, roles, progress)
    if vertex.has_lists or any(one.has_lists for one in header.elements[: header.elements.index(vertex)]):
        table = read_tables(path, header, {"vertex"}, progress)["vertex"]
        return make_scan(path, "ply", partial(_chunks_of_table, table, roles), vertex.count, progress, is_mapped=True)
    if header.byte_order:
        read_chunks = partial(_binary_chunks, path, header, vertex, roles)
        return make_scan(path, "ply", read_chunks, vertex.count, progress, is_mapped=True)
    if vertex.count * len(vertex.properties) * 2 > path.stat().st_size - header.data_offset + 1:
        raise cut_off(path, vertex)
    return make_scan(path, "ply", partial(_text_chunks, path, header, vertex, roles), vertex.count, progress)


def side_files(path: Path) -> tuple[Path, ...]:
    """Return the textures a PLY mesh names and that are there."""
    try:
        header = read_header(path)
    except Exception:
        return ()
    found = (side_path(path, name) for name in _texture_names(header))
    return tuple(sorted({one for one in found if one is not None and one.is_file()}))


def _roles(path: Path, vertex: Element) -> Roles:
    names = {one.name.lower(): one.name for one in vertex.properties if one.count_type is None}

    def first(groups: tuple[tuple[str, ...], ...]) -> tuple[str, ...] | None:
        group = next((group for group in groups if all(name in names for name in group)), None)
        return None if group is None else tuple(names[name] for name in group)

    position = first((("x", "y", "z"),))
    if position is None:
        raise damaged(path, "its points have no x, y and z.", "Export it again with coordinates.")
    return Roles(position, first(_COLORS), first(_NORMALS), first(_UVS))


def _chunk(columns: Mapping[str, Any], roles: Roles, types: Mapping[str, str]) -> Chunk:
    fits_float32 = all(types[name] in ("f4", "i2", "u2", "i1", "u1") for name in roles.position)
    colors = None
    if roles.color:
        values = _stacked(columns, roles.color)
        # columns that came as text are floats now, but the header knows what they were
        is_integer = types[roles.color[0]][0] in "iu"
        if is_integer and values.dtype.kind == "f":
            values = np.clip(np.nan_to_num(values), 0, 65535).astype(np.int64)
        colors = to_eight_bit(values, roles.largest_color)
    return Chunk(
        _stacked(columns, roles.position, np.float32 if fits_float32 else np.float64),
        colors,
        _stacked(columns, roles.normal, np.float32) if roles.normal else None,
    )


def _stacked(columns: Mapping[str, Any], names: tuple[str, ...], dtype: Any = None) -> npt.NDArray[Any]:
    kind = dtype or columns[names[0]].dtype.newbyteorder("=")
    stacked = np.empty((len(columns[names[0]]), len(names)), kind)
    with np.errstate(over="ignore", invalid="ignore"):
        for i, name in enumerate(names):
            stacked[:, i] = columns[name]
    return stacked


def _types(element: Element) -> dict[str, str]:
    return {one.name: one.type for one in element.properties}


def _with_color_range(roles: Roles, columns: Mapping[str, Any]) -> Roles:
    """Return the roles with the range of colours that these first points show."""
    if roles.color is None:
        return roles
    largest = max(largest_color(np.asarray(columns[name])) for name in roles.color)
    return Roles(roles.position, roles.color, roles.normal, roles.uv, largest)


def _binary_chunks(path: Path, header: PlyHeader, vertex: Element, roles: Roles) -> Iterator[Chunk]:
    offset = header.data_offset
    for element in header.elements[: header.elements.index(vertex)]:
        offset += element.count * row_dtype(element, header.byte_order).itemsize
    dtype = row_dtype(vertex, header.byte_order)
    data = map_file(path)
    if vertex.count * dtype.itemsize > len(data) - offset:
        raise cut_off(path, vertex)
    rows = data[offset : offset + vertex.count * dtype.itemsize].view(dtype)
    types = _types(vertex)
    for start in range(0, vertex.count, BLOCK_POINTS):
        run = rows[start : start + BLOCK_POINTS]
        columns = {one.name: run[f"{i}"] for i, one in enumerate(vertex.properties)}
        roles = _with_color_range(roles, columns) if start == 0 else roles
        yield _chunk(columns, roles, types)


def _text_chunks(path: Path, header: PlyHeader, vertex: Element, roles: Roles) -> Iterator[Chunk]:
    before = header.elements[: header.elements.index(vertex)]
    skip = sum(one.count * len(one.properties) for one in before)
    types = _types(vertex)
    is_first = True
    for rows in row_chunks(path, header.data_offset, len(vertex.properties), vertex.count, skip=skip):
        columns = {one.name: rows[:, i] for i, one in enumerate(vertex.properties)}
        roles = _with_color_range(roles, columns) if is_first else roles
        is_first = False
        yield _chunk(columns, roles, types)


def _chunks_of_table(table: Table, roles: Roles) -> Iterator[Chunk]:
    columns = {name: column for name, column in table.items() if not isinstance(column, Lists)}
    yield _chunk(columns, _with_color_range(roles, columns), {name: _code(one) for name, one in columns.items()})


def _code(column: npt.NDArray[Any]) -> str:
    return f"{column.dtype.kind}{column.dtype.itemsize}"


def _read_mesh(path: Path, header: PlyHeader, roles: Roles, progress: Progress) -> SourceMesh:
    tables = read_tables(path, header, {"vertex"} | {name for name in _FACES if header.element(name)}, progress)
    vertex = header.element("vertex")
    assert vertex is not None
    columns = {name: column for name, column in tables["vertex"].items() if not isinstance(column, Lists)}
    points = _chunk(columns, _with_color_range(roles, columns), _types(vertex))
    faces, corner_uv, material = _faces(path, tables)
    if corner_uv is None and roles.uv:
        uv = _stacked(columns, roles.uv, np.float32)
        corner_uv = uv[np.clip(faces, 0, len(uv) - 1)]
    findings: list[Finding] = []
    materials = []
    if corner_uv is not None:
        # PLY has v = 0 at the bottom of the picture
        corner_uv = np.stack([corner_uv[..., 0], 1 - corner_uv[..., 1]], axis=-1).astype(np.float32)
        for name in _texture_names(header):
            texture, found = texture_file(path, name)
            findings.extend(found)
            materials.append(SourceMaterial(np.full(4, 255, np.uint8), texture))
    material = np.clip(material, 0, max(len(materials) - 1, 0))
    part = Part(points.positions, faces, material, corner_uv, points.colors, points.normals)
    progress.tick(1.0, f"{len(faces):,} faces")
    return make_mesh(path, "ply", [part], materials, findings=findings)


def _faces(path: Path, tables: Mapping[str, Table]) -> tuple[npt.NDArray[np.int64], F4 | None, npt.NDArray[np.int64]]:
    """Return triangles (m, 3), their corners' uv (m, 3, 2) or None, and their picture (m,)."""
    pieces = []
    corner_uv = None
    material = None
    for name in sorted(tables.keys() & _FACES):
        table = tables[name]
        lists = next((table[one] for one in _INDICES if one in table), None)
        if not isinstance(lists, Lists):
            raise damaged(path, "its faces do not name their vertices.", "Export the mesh again.")
        if name == "tristrips":
            pieces.append(strip_triangles(lists.counts, lists.values))
            continue
        corners, polygon = fan(lists.counts)
        pieces.append(lists.values[corners].astype(np.int64))
        if len(tables.keys() & _FACES) == 1:
            corner_uv = _face_uv(table, lists, corners, polygon)
            number = table.get("texnumber")
            if isinstance(number, np.ndarray):
                material = np.nan_to_num(number)[polygon].astype(np.int64)
    faces = np.concatenate(pieces)
    return faces, corner_uv, np.zeros(len(faces), np.int64) if material is None else material


def _face_uv(table: Table, lists: Lists, corners: npt.NDArray[np.int64], polygon: npt.NDArray[np.int64]) -> F4 | None:
    uv = table.get("texcoord")
    if not isinstance(uv, Lists):
        return None
    has_uv = uv.counts == 2 * lists.counts
    # place of each corner inside its polygon, then inside the list of its polygon's coordinates
    inner = corners - (lists.ends - lists.counts)[polygon][:, None]
    place = (uv.ends - uv.counts)[polygon][:, None] + 2 * inner
    place = np.where(has_uv[polygon][:, None], place, 0)
    if len(uv.values) < 2:
        return None
    found = np.stack([uv.values[place], uv.values[place + 1]], axis=-1).astype(np.float32)
    found[~has_uv[polygon]] = np.nan
    return found


def _texture_names(header: PlyHeader) -> list[str]:
    return [line.split(maxsplit=1)[1] for line in header.comments if line.lower().startswith("texturefile ")]


FORMAT = Format("ply", "PLY", (".ply",), read, sniff, side_files)
