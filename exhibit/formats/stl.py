"""STL, binary (through trimesh) and ascii; corners at the same place become one vertex, so that faces hang together.

Binary files that begin with ``solid`` are told from ascii by their size. No units, no up-axis, no colours.
"""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from exhibit.formats.mesh import Part, make_mesh
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged
from exhibit.model.arrays import F8
from exhibit.model.cloud import SourceMesh
from exhibit.progress import Progress

_HEAD_BYTES, _FACE_BYTES = 84, 50


def sniff(head: bytes) -> bool:
    """Return whether a file starts as STL: as text with facets, or with a first facet of sound numbers."""
    # binary heads may begin with "solid" too, so the word alone says nothing
    text = head.lstrip().lower()
    if text.startswith(b"solid") and (b"facet" in text or b"endsolid" in text):
        return True
    # the two bytes behind a facet are mostly zero, and no text holds a zero
    if len(head) < _HEAD_BYTES + _FACE_BYTES or b"\0" not in head[80:]:
        return False
    (count,) = struct.unpack_from("<I", head, 80)
    with np.errstate(invalid="ignore"):
        facet = np.abs(np.frombuffer(head, "<f4", 12, _HEAD_BYTES).astype(np.float64))
    # the normal is of unit length or zero, and coordinates are of a size that things have
    is_normal = np.isnan(facet[:3]).any() or abs(np.linalg.norm(facet[:3]) - 0.5) < 0.6
    is_size = np.isnan(facet[3:]) | (facet[3:] == 0) | ((facet[3:] > 1e-20) & (facet[3:] < 1e20)) | np.isinf(facet[3:])
    return count > 0 and bool(is_normal) and bool(is_size.all())


def read(path: Path, progress: Progress) -> SourceMesh:
    """Read an STL file."""
    data = path.read_bytes()
    progress.tick(0.1, "reading faces")
    corners = _corners(path, data)
    if not len(corners):
        raise damaged(path, "holds no faces.", "Export the mesh again, with its faces.")
    progress.tick(0.5, f"joining the corners of {len(corners) // 3:,} faces")
    vertices, places = weld(corners)
    return make_mesh(path, "stl", [Part(vertices, places.reshape(-1, 3))])


def _corners(path: Path, data: bytes) -> F8:
    """Return the corners (3 m, 3) of all faces in their order."""
    from trimesh.exchange.stl import HeaderError, load_stl_binary

    n_faces = struct.unpack_from("<I", data, 80)[0] if len(data) >= _HEAD_BYTES else 0
    n_bytes = _HEAD_BYTES + _FACE_BYTES * n_faces
    if data.lstrip()[:5].lower() == b"solid" and len(data) != n_bytes:
        return _text_corners(path, data)
    if len(data) < n_bytes:
        raise damaged(path, f"is cut off: it promises {n_faces:,} faces and ends before.")
    try:
        # bytes behind the last face are left by some writers
        loaded = load_stl_binary(io.BytesIO(data[:n_bytes]))
    except HeaderError as error:
        raise damaged(path, "is cut off: its STL head is incomplete.") from error
    with np.errstate(invalid="ignore"):
        return np.asarray(loaded.get("vertices", np.empty((0, 3))), np.float64)


def _text_corners(path: Path, data: bytes) -> F8:
    from exhibit.geometry.parse_decimals import parse_decimals

    # only what stands behind "vertex" matters; trimesh's reader takes fourteen seconds a million faces for it
    parsed = parse_decimals(b"\n".join(re.findall(rb"\bvertex[ \t]([^\r\n]*)", data, re.IGNORECASE)))
    lengths = np.diff(parsed.row_ends, prepend=0)
    if parsed.is_bad.any() or (lengths != 3).any():
        raise damaged(path, "has corners that are not three numbers.")
    if len(lengths) % 3 or b"endsolid" not in data[-4096:].lower():
        raise damaged(path, "is cut off: its last solid does not end.")
    return parsed.numbers.reshape(-1, 3)


def weld(corners: F8) -> tuple[F8, npt.NDArray[np.int64]]:
    """Join corners (n, 3) that are exactly equal.

    Returns
    -------
    vertices : (k, 3) float64, in the order in which they first appear.
    places : (n,) the vertex of each corner.
    """
    order = np.lexsort(corners.T)
    ordered = corners[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    group = np.cumsum(is_new) - 1
    # lexsort is stable, so the first of each group is its first appearance
    first = order[is_new]
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    places = np.empty(len(order), np.int64)
    places[order] = rank[group]
    return corners[np.sort(first)], places


FORMAT = Format("stl", "STL", (".stl",), read, sniff)
