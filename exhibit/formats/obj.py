"""OBJ with its MTL: polygons, several materials and textures, vertex colours; points where there are no faces.

Source: Wavefront, *Advanced Visualizer manual*, appendix B1; vertex colours (``v x y z r g b``) as MeshLab, ZBrush
and photogrammetry programs write them. Indices may be negative (counted back from the last vertex). An own reader and
not trimesh's, which splits the mesh by material, follows paths out of the folder, and is four times slower.
Neither units nor an up-axis are stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.colors import largest_color, to_eight_bit
from exhibit.formats.mesh import WHITE, Part, fan, make_mesh
from exhibit.formats.obj_material import library_files, read_libraries
from exhibit.formats.points import Chunk, make_scan, narrow
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged
from exhibit.formats.text_numbers import text_chunks
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.model.finding import Finding
from exhibit.progress import Progress

Ints = npt.NDArray[np.int64]
_KEYWORD: Final = re.compile(rb"(?:v|vt|vn|f|o|g|s|l|p|usemtl|mtllib)[ \t]+\S")


@dataclass
class _Lines:
    """The lines of a file by kind. A run of faces shares a material and, for relative indices, what came before it."""

    values: dict[bytes, list[bytes]] = field(default_factory=lambda: {b"v": [], b"vt": []})
    faces: list[bytes] = field(default_factory=list)
    run_starts: list[int] = field(default_factory=list)
    run_materials: list[str] = field(default_factory=list)
    run_befores: list[tuple[int, int]] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)
    material: str = ""

    def begin_run(self) -> None:
        """Let the next face begin a run; a run without faces is replaced."""
        if self.run_starts and self.run_starts[-1] == len(self.faces):
            self.run_starts.pop()
            self.run_materials.pop()
            self.run_befores.pop()
        self.run_starts.append(len(self.faces))
        self.run_materials.append(self.material)
        self.run_befores.append((len(self.values[b"v"]), len(self.values[b"vt"])))


def sniff(head: bytes) -> bool:
    """Return whether text starts with lines as OBJ has them."""
    if b"\0" in head:
        return False
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines():
        line = line.strip()
        if line and not line.startswith(b"#"):
            return _KEYWORD.match(line) is not None
    return b"#" in head


def read(path: Path, progress: Progress) -> Scan | SourceMesh:
    """Read an OBJ file and its material libraries."""
    lines = _Lines()
    n_read, n_bytes = 0, path.stat().st_size
    for text in text_chunks(path):
        n_read += len(text)
        _sort_lines(text.replace(b"\\\r\n", b" ").replace(b"\\\n", b" "), lines)
        progress.tick(0.5 * n_read / n_bytes, "reading lines")
    rows = _rows(path, lines.values[b"v"], 3)
    if not len(rows):
        raise damaged(path, "holds no vertices.", "Export the mesh again.")
    positions, colors = rows[:, :3], _colors(rows)
    if not lines.faces:
        chunks = (Chunk(positions, colors),)
        return make_scan(path, "obj", partial(iter, chunks), len(positions), progress, is_mapped=True)
    progress.tick(0.6, f"{len(lines.faces):,} faces")
    faces, corners, line = _triangles(path, lines)
    materials, findings = read_libraries(path, lines.libraries)
    names = list(dict.fromkeys(lines.run_materials))
    unknown = [name for name in names if name and name not in materials]
    if unknown and materials:
        hint = f"The material '{unknown[0][:60]}' is in no library; its faces are white."
        findings.append(Finding("formats.materials-missing", len(unknown), "materials", hint, "warning"))
    run = np.searchsorted(lines.run_starts, line, side="right") - 1
    material = np.array([names.index(name) for name in lines.run_materials])[run]
    corner_uv = _corner_uv(corners, _rows(path, lines.values[b"vt"], 1))
    progress.tick(1.0, f"{len(faces):,} triangles")
    part = Part(positions, faces, material, corner_uv, colors)
    return make_mesh(path, "obj", [part], [materials.get(name, WHITE) for name in names], findings=findings)


def side_files(path: Path) -> tuple[Path, ...]:
    """Return the material libraries an OBJ file names and their pictures, as far as they are there."""
    names: list[str] = []
    try:
        for text in text_chunks(path):
            names += [_text(name) for name in re.findall(rb"^[ \t]*mtllib[ \t]+([^\r\n]+)", text, re.M)]
        return tuple(sorted(library_files(path, names)))
    except Exception:
        return ()


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()


def _sort_lines(text: bytes, lines: _Lines) -> None:
    """Add the lines of a text to those of the file, kind by kind."""
    # indices that count back need to know what came before them, so that vertices end a run of faces
    is_relative = b"-" in text and re.search(rb"^[ \t]*f[^\n]*[ \t/]-", text, re.M) is not None
    lines.begin_run()
    for line in text.replace(b"\t", b" ").splitlines():
        kind, _, rest = line.strip().partition(b" ")
        if kind == b"f":
            lines.faces.append(rest)
        elif kind in lines.values:
            lines.values[kind].append(rest)
            if is_relative:
                lines.begin_run()
        elif kind == b"usemtl":
            lines.material = _text(rest)
            lines.begin_run()
        elif kind == b"mtllib":
            lines.libraries.append(_text(rest))


def _rows(path: Path, lines: list[bytes], n_least: int) -> F8:
    """Return lines of numbers as rows; short rows are filled with NaN."""
    from exhibit.geometry.parse_decimals import parse_decimals

    parsed = parse_decimals(b"\n".join(lines))
    widths = np.diff(parsed.row_ends, prepend=0)
    if parsed.is_bad.any() or len(widths) != len(lines) or (len(widths) and widths.min() < n_least):
        raise damaged(path, "has vertices that are not numbers.")
    if not len(widths):
        return np.empty((0, max(n_least, 2)))
    n_columns = int(max(widths.max(), 2))
    rows = np.full((len(widths), n_columns), np.nan)
    column = np.arange(len(parsed.numbers)) - np.repeat(parsed.row_ends - widths, widths)
    rows[np.repeat(np.arange(len(widths)), widths), column] = parsed.numbers
    return rows


def _colors(rows: F8) -> U1 | None:
    """Return the colours of ``x y z r g b``, ``x y z w r g b`` or ``x y z r g b a``."""
    n_columns = rows.shape[1]
    if n_columns not in (6, 7):
        return None
    is_weight_first = n_columns == 7 and bool((rows[:, 3] == 1.0).all()) and not bool((rows[:, 6] == 1.0).all())
    colors = rows[:, 4:7] if is_weight_first else rows[:, 3:6]
    return to_eight_bit(colors, largest_color(colors))


def _triangles(path: Path, lines: _Lines) -> tuple[Ints, Ints, Ints]:
    """Return vertices (m, 3), texture coordinates (m, 3) (-1: none) and the line (m,) of each triangle."""
    from exhibit.geometry.parse_decimals import parse_decimals

    text, n_each = _as_numbers(b"\n".join(lines.faces))
    parsed = parse_decimals(text)
    widths = np.diff(parsed.row_ends, prepend=0)
    is_sound = not parsed.is_bad.any() and len(widths) == len(lines.faces) and not (widths % n_each).any()
    if not is_sound or not np.isfinite(parsed.numbers).all():
        raise damaged(path, "has faces that do not name vertices by number.")
    corners = np.clip(parsed.numbers, -(2**53), 2**53).astype(np.int64).reshape(-1, n_each)
    counts = widths // n_each
    places, line = fan(counts)
    run = np.searchsorted(lines.run_starts, np.repeat(np.arange(len(counts)), counts), side="right") - 1
    before = np.array(lines.run_befores)[run]
    vertices = _absolute(corners[:, 0], before[:, 0])[places]
    if n_each == 1:
        return vertices, np.full(places.shape, -1), line
    return vertices, _absolute(corners[:, 1], before[:, 1])[places], line


def _as_numbers(text: bytes) -> tuple[bytes, int]:
    """Return corners (``1``, ``1/2``, ``1//3``, ``1/2/3``) as plain numbers, and how many numbers each takes."""
    n_slashes = text.count(b"/")
    if n_slashes == 0:
        return text, 1
    n_corners = len(text.split())
    plain = text.replace(b"//", b"/0/")
    n_each, is_mixed = divmod(n_slashes, n_corners)
    if is_mixed or n_each > 2 or re.search(rb"/(?:\s|$)", plain) or (b"//" in text and n_each == 1):
        plain = re.sub(rb"([^\s/]+)(?:/([^\s/]*))?(?:/([^\s/]*))?", _three_numbers, text)
        n_each = 2
    return plain.replace(b"/", b" "), n_each + 1


def _three_numbers(corner: re.Match[bytes]) -> bytes:
    return b" ".join(one or b"0" for one in corner.groups())


def _absolute(indices: Ints, n_before: Ints) -> Ints:
    """Return indices from zero: OBJ counts from one, and back from the latest with negative numbers."""
    return np.where(indices < 0, np.maximum(n_before + indices, -1), indices - 1)


def _corner_uv(corners: Ints, uv: F8) -> F4 | None:
    if not len(uv):
        return None
    is_there = (corners >= 0) & (corners < len(uv))
    if not is_there.any():
        return None
    found = narrow(uv[np.where(is_there, corners, 0), :2])
    # OBJ has v = 0 at the bottom of the picture
    found[..., 1] = 1.0 - found[..., 1]
    found[~is_there.all(axis=1)] = np.nan
    return found


FORMAT = Format("obj", "OBJ", (".obj",), read, sniff, side_files)
