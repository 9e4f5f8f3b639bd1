"""OFF (Geomview), text: vertices and polygons, with colours (COFF) and normals (NOFF); points where there are no faces.

Source: Geomview manual, *OFF Files*. Colours are 0-1 or 0-255. No units, no up-axis.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from exhibit.formats.colors import largest_color, to_eight_bit
from exhibit.formats.mesh import Part, fan, make_mesh
from exhibit.formats.points import Chunk, make_scan, narrow
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged
from exhibit.formats.text_numbers import text_chunks
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.progress import Progress

_HEAD: Final = re.compile(rb"\s*(?:#[^\n\r]*[\n\r]\s*)*(ST)?(C)?(N)?(4)?(n)?OFF\b(\s*BINARY)?")


def sniff(head: bytes) -> bool:
    """Return whether a file starts as OFF."""
    return _HEAD.match(head) is not None


def read(path: Path, progress: Progress) -> Scan | SourceMesh:
    """Read an OFF file."""
    from exhibit.geometry.parse_decimals import parse_decimals

    head = _HEAD.match(path.open("rb").read(4096))
    if head is None:
        raise damaged(path, "does not begin as OFF.")
    has_uv, has_colors, has_normals, is_four, is_n, is_binary = (part is not None for part in head.groups())
    if is_four or is_n or is_binary:
        raise damaged(path, "is an OFF file of a kind we do not read.", "Save it as plain text OFF.")
    numbers, lengths = [], []
    n_read = 0
    for text in text_chunks(path, head.end()):
        parsed = parse_decimals(text)
        if parsed.is_bad.any():
            raise damaged(path, "holds words where numbers were expected.")
        numbers.append(parsed.numbers)
        lengths.append(np.diff(parsed.row_ends, prepend=0))
        n_read += len(text)
        progress.tick(0.8 * n_read / path.stat().st_size, "reading text")
    values, widths = np.concatenate(numbers or [np.empty(0)]), np.concatenate(lengths or [np.empty(0, int)])
    if len(values) < 3 or not widths[0] == 3:
        raise damaged(path, "does not say how many vertices and faces it has.")
    n_vertices, n_faces = (int(one) for one in values[:2])
    if n_vertices < 1 or n_faces < 0 or n_vertices + n_faces > len(widths) - 1:
        raise damaged(path, f"is cut off: it promises {n_vertices:,} vertices and {n_faces:,} faces.")
    first = 1 + n_vertices
    rows = values[3 : 3 + int(widths[1:first].sum())]
    n_columns = int(widths[1])
    if n_columns < 3 or (widths[1:first] != n_columns).any():
        raise damaged(path, "has vertices that differ in their numbers of columns.")
    points = _points(rows.reshape(n_vertices, n_columns), has_colors, has_normals, has_uv)
    if n_faces == 0:
        return make_scan(path, "off", partial(iter, (points,)), n_vertices, progress, is_mapped=True)
    faces = _faces(path, values[3 + len(rows) :], widths[first : first + n_faces])
    progress.tick(1.0, f"{len(faces):,} faces")
    return make_mesh(path, "off", [Part(points.positions, faces, 0, None, points.colors, points.normals)])


def _points(rows: F8, has_colors: bool, has_normals: bool, has_uv: bool) -> Chunk:
    """Cut the columns of the vertices: position, normal, colour, texture coordinates, in this order."""
    normals: F4 | None = narrow(rows[:, 3:6]) if has_normals and rows.shape[1] >= 6 else None
    start = 6 if has_normals else 3
    n_left = rows.shape[1] - start - (2 if has_uv else 0)
    # writers forget the C, so three or four further columns count as colour without it
    colors: U1 | None = None
    if n_left in (3, 4) and (has_colors or not has_uv):
        values = rows[:, start : start + 3]
        colors = to_eight_bit(values, largest_color(values))
    return Chunk(rows[:, :3], colors, normals)


def _faces(path: Path, values: F8, widths: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    starts = np.cumsum(widths) - widths
    counts = np.nan_to_num(values[starts], nan=-1.0, posinf=-1.0, neginf=-1.0).astype(np.int64)
    if (counts < 0).any() or (counts > widths - 1).any():
        raise damaged(path, "has faces that name more vertices than they list.")
    # corners of polygons, without the counts before and the colours behind them
    inner = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    corners = values[np.repeat(starts + 1, counts) + inner]
    triangles, _ = fan(counts)
    whole = np.nan_to_num(corners, nan=-1.0, posinf=-1.0, neginf=-1.0).astype(np.int64)
    return np.asarray(whole[triangles])


FORMAT = Format("off", "OFF", (".off", ".coff", ".noff"), read, sniff)
