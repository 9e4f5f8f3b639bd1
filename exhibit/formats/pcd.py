"""PCD (Point Cloud Library), version 0.5 to 0.7: ascii, binary, binary_compressed.

Source: *The PCD file format*, pointclouds.org. Colours are packed in ``rgb`` or ``rgba`` (a float whose bits are the
integer 0x00RRGGBB, or that integer) or stand in ``r g b``; normals in ``normal_x normal_y normal_z``. VIEWPOINT gives
the position of the sensor when it is not the default; points are left as they stand. No units, no up-axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.colors import largest_color, to_eight_bit
from exhibit.formats.points import BLOCK_POINTS, Chunk, make_scan
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged, read_head
from exhibit.formats.text_numbers import row_chunks
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import Scan
from exhibit.progress import Progress

_KINDS: Final = {"F": "f", "I": "i", "U": "u"}
_KEYWORDS: Final = ("version", "fields", "columns", "size", "type", "count", "width", "height", "viewpoint", "points")
_NORMALS: Final = (("normal_x", "normal_y", "normal_z"), ("nx", "ny", "nz"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, numpy type code, and how many values of it a point has."""

    name: str
    type: str
    count: int


@dataclass(frozen=True, slots=True)
class PcdHeader:
    """What a PCD file says of itself; `n_points` is a claim."""

    fields: tuple[Field, ...]
    n_points: int
    encoding: str
    data_offset: int
    viewpoint: F8 | None

    @property
    def row(self) -> np.dtype[Any]:
        """The structured type of a point, fields by their number."""
        return np.dtype([(f"{i}", f"<{one.type}", (one.count,)) for i, one in enumerate(self.fields)])


def sniff(head: bytes) -> bool:
    """Return whether text starts with a PCD head."""
    for line in head.splitlines()[:20]:
        words = line.split(None, 1)
        if words and not line.lstrip().startswith(b"#"):
            return words[0].lower() in (b"version", b"fields", b"columns") and b"\nDATA" in head.replace(b"\r", b"\n")
    return False


def read(path: Path, progress: Progress) -> Scan:
    """Read a PCD file."""
    header = _read_header(path)
    n_bytes = path.stat().st_size - header.data_offset
    least = 2 * len(header.fields) if header.encoding == "ascii" else header.row.itemsize
    if header.encoding != "binary_compressed" and header.n_points * least > n_bytes + 1:
        raise damaged(path, f"is cut off: it promises {header.n_points:,} points and ends before.")
    readers = {"ascii": _text_chunks, "binary": _binary_chunks, "binary_compressed": _compressed_chunks}
    return make_scan(
        path,
        "pcd",
        partial(readers[header.encoding], path, header),
        header.n_points,
        progress,
        is_mapped=header.encoding == "binary",
        viewpoints=header.viewpoint,
    )


def _read_header(path: Path) -> PcdHeader:
    start = read_head(path, 65536)
    said: dict[str, list[str]] = {}
    offset = 0
    for raw in start.splitlines(keepends=True):
        offset += len(raw)
        words = raw.decode("utf-8", "replace").split("#")[0].split()
        if not words:
            continue
        key = words[0].lower()
        if key == "data" and len(words) == 2:
            return _header(path, said, words[1].lower(), offset)
        if key not in _KEYWORDS:
            raise damaged(path, f"its PCD head has a line we cannot read: '{' '.join(words)[:80]}'.")
        said["fields" if key == "columns" else key] = words[1:]
    raise damaged(path, "its PCD head does not end.")


def _header(path: Path, said: dict[str, list[str]], encoding: str, offset: int) -> PcdHeader:
    names = [name.lower() for name in said.get("fields", [])]
    sizes = [int(word) for word in said.get("size", ["4"] * len(names))]
    kinds = [_KINDS.get(word.upper(), "") for word in said.get("type", ["F"] * len(names))]
    counts = [int(word) for word in said.get("count", ["1"] * len(names))]
    size = int(said.get("width", ["0"])[0]) * int(said.get("height", ["1"])[0])
    n_points = int(said["points"][0]) if said.get("points") else size
    is_sound = len(names) == len(sizes) == len(kinds) == len(counts) and n_points >= 0
    for kind, width, count in zip(kinds, sizes, counts):
        is_sound &= bool(kind) and width in ((4, 8) if kind == "f" else (1, 2, 4, 8)) and 0 <= count < 65536
    if not is_sound or encoding not in ("ascii", "binary", "binary_compressed"):
        raise damaged(path, "its PCD head contradicts itself.")
    if not {"x", "y", "z"} <= set(names):
        raise damaged(path, "its points have no x, y and z.", "Export it again with coordinates.")
    fields = tuple(
        Field(name, f"{kind}{width}", count) for name, kind, width, count in zip(names, kinds, sizes, counts)
    )
    seen_from = np.array([float(word) for word in said.get("viewpoint", [])[:3]])
    has_viewpoint = len(seen_from) == 3 and bool(np.isfinite(seen_from).all()) and bool(seen_from.any())
    return PcdHeader(fields, n_points, encoding, offset, seen_from[None, :] if has_viewpoint else None)


def _text_chunks(path: Path, header: PcdHeader) -> Iterator[Chunk]:
    firsts = np.cumsum([0] + [one.count for one in header.fields])
    for rows in row_chunks(path, header.data_offset, int(firsts[-1]), header.n_points):
        yield _chunk(header, {one.name: rows[:, first] for one, first in zip(header.fields, firsts) if one.count})


def _binary_chunks(path: Path, header: PcdHeader) -> Iterator[Chunk]:
    row = header.row
    data = np.memmap(path, np.uint8, "r", header.data_offset, (header.n_points * row.itemsize,))
    rows = data.view(row)
    for start in range(0, header.n_points, BLOCK_POINTS):
        run = rows[start : start + BLOCK_POINTS]
        yield _chunk(header, {one.name: run[f"{i}"][:, 0] for i, one in enumerate(header.fields) if one.count})


def _compressed_chunks(path: Path, header: PcdHeader) -> Iterator[Chunk]:
    from exhibit.geometry.lzf import decompress_lzf

    data: U1 = np.fromfile(path, np.uint8, offset=header.data_offset)
    if len(data) < 8:
        raise damaged(path, "is cut off: its compressed points are missing.")
    n_packed, n_plain = (int(one) for one in data[:8].view("<u4"))
    if n_plain != header.n_points * header.row.itemsize:
        raise damaged(path, f"promises {header.n_points:,} points, but its compressed data are for another number.")
    if n_packed > len(data) - 8:
        raise damaged(path, "is cut off: its compressed points end before.")
    plain = decompress_lzf(data[8 : 8 + n_packed], n_plain)
    # field after field, each for all points
    columns: dict[str, npt.NDArray[Any]] = {}
    offset = 0
    for one in header.fields:
        n_bytes = header.n_points * one.count * np.dtype(one.type).itemsize
        if one.count:
            columns[one.name] = plain[offset : offset + n_bytes].view(f"<{one.type}")[:: one.count]
        offset += n_bytes
    for start in range(0, header.n_points, BLOCK_POINTS):
        run = slice(start, start + BLOCK_POINTS)
        yield _chunk(header, {name: column[run] for name, column in columns.items()})


def _chunk(header: PcdHeader, columns: Mapping[str, npt.NDArray[Any]]) -> Chunk:
    types = {one.name: one.type for one in header.fields}
    is_double = any(types[name] not in ("f4", "i1", "u1", "i2", "u2") for name in "xyz")
    with np.errstate(over="ignore", invalid="ignore"):
        positions: F8 | F4 = np.stack(
            [columns[name].astype(np.float64 if is_double else np.float32) for name in "xyz"], axis=1
        )
        group = next((group for group in _NORMALS if all(name in columns for name in group)), None)
        normals = None if group is None else np.stack([columns[name].astype(np.float32) for name in group], axis=1)
    return Chunk(positions, _colors(columns, types), normals)


def _colors(columns: Mapping[str, npt.NDArray[Any]], types: Mapping[str, str]) -> U1 | None:
    packed = next((name for name in ("rgb", "rgba") if name in columns), None)
    if packed is not None:
        values = columns[packed]
        if types[packed] == "f4":
            with np.errstate(over="ignore", invalid="ignore"):
                bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
            # text writers print the integer itself at times, although the head says float
            if values.dtype == np.float64 and values.size and np.nanmax(np.abs(values), initial=0) >= 1.0:
                bits = np.nan_to_num(values).astype(np.int64).astype(np.uint32)
        else:
            bits = np.nan_to_num(values).astype(np.int64).astype(np.uint32)
        return np.stack([(bits >> shift & 255).astype(np.uint8) for shift in (16, 8, 0)], axis=1)
    if all(name in columns for name in "rgb"):
        values = np.stack([columns[name] for name in "rgb"], axis=1)
        if types["r"][0] in "iu":
            values = np.clip(np.nan_to_num(values), 0, 65535).astype(np.int64)
        return to_eight_bit(values, largest_color(values))
    return None


FORMAT = Format("pcd", "PCD", (".pcd",), read, sniff)
