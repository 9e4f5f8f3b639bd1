"""A glTF document and its bytes: GLB or JSON, buffers inside, beside or in data URIs, compressed views, accessors.

Sources: Khronos Group, *glTF 2.0* (3.6 binary data storage, 4 GLB), *EXT_/KHR_meshopt_compression*. The JSON is read
as it is and not through pygltflib, whose classes drop what they do not know and trip over hostile types.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.source_file import damaged, side_path
from exhibit.model.arrays import U1

_COMPONENTS: Final = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_MESHOPT: Final = ("KHR_meshopt_compression", "EXT_meshopt_compression")
_GLB_JSON: Final = 0x4E4F534A
_GLB_BIN: Final = 0x004E4942


@dataclass
class Document:
    """A parsed glTF file.

    Parameters
    ----------
    path : the file, for messages and for what lies beside it.
    json : the document.
    binary : the GLB's binary chunk, or None.
    """

    path: Path
    json: dict[str, Any]
    binary: U1 | None
    _buffers: dict[int, U1] = field(default_factory=dict)
    _views: dict[int, U1] = field(default_factory=dict)

    def entry(self, kind: str, index: Any) -> dict[str, Any]:
        """Return the entry of one of the document's lists; SourceError where there is none."""
        entries = self.json.get(kind, [])
        if not isinstance(index, int) or not 0 <= index < len(entries) or not isinstance(entries[index], dict):
            raise damaged(self.path, f"refers to {kind} {index!r:.20}, which it does not have.")
        found: dict[str, Any] = entries[index]
        return found

    def buffer(self, index: int) -> U1:
        """Return the bytes of a buffer."""
        if index not in self._buffers:
            self._buffers[index] = self._load(index)
        return self._buffers[index]

    def _load(self, index: int) -> U1:
        uri = self.entry("buffers", index).get("uri")
        if uri is None:
            if index == 0 and self.binary is not None:
                return self.binary
            raise damaged(self.path, f"its buffer {index} is missing.", "Keep the .bin file beside the scan.")
        if uri.startswith("data:"):
            return np.frombuffer(data_uri(self.path, uri), np.uint8)
        path = side_path(self.path, uri)
        if path is None:
            raise damaged(self.path, f"its buffer '{uri[-80:]}' lies outside its folder.", "Put it beside the scan.")
        if not path.is_file():
            raise damaged(self.path, f"its buffer '{uri[-80:]}' is not beside it.", "Copy it there.")
        return np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8)

    def view(self, index: Any) -> U1:
        """Return the bytes of a buffer view, decompressed where they are compressed."""
        entry = self.entry("bufferViews", index)
        if index not in self._views:
            extensions = entry.get("extensions", {})
            packed = next((extensions[name] for name in _MESHOPT if name in extensions), None)
            self._views[index] = self._slice(entry) if packed is None else self._unpacked(packed)
        return self._views[index]

    def _slice(self, entry: dict[str, Any]) -> U1:
        data = self.buffer(entry["buffer"])
        start, length = entry.get("byteOffset", 0), entry["byteLength"]
        if start < 0 or length < 0 or start + length > len(data):
            raise damaged(self.path, "is cut off: its data end before what it describes.")
        return data[start : start + length]

    def _unpacked(self, packed: dict[str, Any]) -> U1:
        from exhibit.geometry.meshopt import decode_meshopt

        data = self._slice(packed)
        return decode_meshopt(
            np.asarray(data), packed["count"], packed["byteStride"], packed["mode"], packed.get("filter", "NONE")
        )

    def accessor(self, index: Any, *, as_float: bool = True) -> npt.NDArray[Any]:
        """Return an accessor's values.

        Parameters
        ----------
        as_float : turn normalised integers into floats and everything else into float32; False keeps integers.

        Returns
        -------
        (n, width), or (n,) for scalars.
        """
        entry = self.entry("accessors", index)
        if entry["componentType"] not in _COMPONENTS or entry["type"] not in _WIDTHS:
            raise damaged(self.path, f"its accessor {index} is of a type we cannot read.")
        dtype = np.dtype(_COMPONENTS[entry["componentType"]])
        width = _WIDTHS[entry["type"]]
        values = self._plain(entry, dtype, width)
        if "sparse" in entry:
            values = self._with_sparse(entry, values, dtype, width)
        if as_float:
            values = as_unit_range(values) if entry.get("normalized") else values.astype(np.float32)
        return values[:, 0] if width == 1 else values

    def _plain(self, entry: dict[str, Any], dtype: np.dtype[Any], width: int) -> npt.NDArray[Any]:
        count = entry["count"]
        if "bufferView" not in entry:
            # zeros, to be filled by the sparse part; the count is only a claim, so hold it against the file
            if count > 1_000_000 + sum(len(buffer) for buffer in self._buffers.values()):
                raise damaged(self.path, f"promises {count:,} values that it does not hold.")
            return np.zeros((count, width), dtype)
        view = self.view(entry["bufferView"])
        element = dtype.itemsize * width
        stride = self.entry("bufferViews", entry["bufferView"]).get("byteStride") or element
        start = entry.get("byteOffset", 0)
        if count < 0 or start < 0 or stride < 0 or (count and start + (count - 1) * stride + element > len(view)):
            raise damaged(self.path, "is cut off: its data end before what it describes.")
        data = np.ascontiguousarray(view[start:])
        return (
            np.ndarray((count, width), dtype, data, 0, (stride, dtype.itemsize))
            if count
            else np.zeros((0, width), dtype)
        )

    def _with_sparse(
        self, entry: dict[str, Any], values: npt.NDArray[Any], dtype: np.dtype[Any], width: int
    ) -> npt.NDArray[Any]:
        sparse = entry["sparse"]
        count = {"count": sparse["count"]}
        places = self._plain(
            {**sparse["indices"], **count}, np.dtype(_COMPONENTS[sparse["indices"]["componentType"]]), 1
        )
        if len(places) and int(places.max()) >= len(values):
            raise damaged(self.path, "has sparse values beyond the end of their accessor.")
        replaced = values.copy()
        replaced[places[:, 0].astype(np.int64)] = self._plain({**sparse["values"], **count}, dtype, width)
        return replaced


def as_unit_range(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return normalised integers as floats: 0 to 1, or -1 to 1 for signed ones."""
    if values.dtype.kind == "f":
        return values.astype(np.float32)
    scaled = values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    return np.asarray(np.maximum(scaled, np.float32(-1.0)), np.float32)


def data_uri(path: Path, uri: str) -> bytes:
    """Return the bytes of a ``data:`` URI in base64."""
    head, _, text = uri.partition(",")
    if not head.endswith(";base64"):
        raise damaged(path, "has data inside that are not in base64.")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise damaged(path, "has data inside that are damaged.") from error


def open_document(path: Path) -> Document:
    """Open a .gltf or .glb file, whatever its ending says."""
    data = path.read_bytes()
    if not data.startswith(b"glTF"):
        return Document(path, _json(path, data), None)
    if len(data) < 20:
        raise damaged(path, "is cut off: its GLB head is incomplete.")
    _, version, length = struct.unpack_from("<4sII", data)
    if version != 2:
        raise damaged(path, f"is glTF version {version}; we read version 2.", "Convert it to glTF 2.0.")
    if length > len(data):
        raise damaged(path, f"is cut off: it promises {length:,} bytes and holds {len(data):,}.")
    chunks: dict[int, bytes] = {}
    at = 12
    while at + 8 <= length:
        n_bytes, kind = struct.unpack_from("<II", data, at)
        if at + 8 + n_bytes > len(data):
            raise damaged(path, "is cut off: a part of the GLB ends beyond the file.")
        chunks.setdefault(kind, data[at + 8 : at + 8 + n_bytes])
        at += 8 + n_bytes
    binary = chunks.get(_GLB_BIN)
    return Document(
        path, _json(path, chunks.get(_GLB_JSON, b"")), None if binary is None else np.frombuffer(binary, np.uint8)
    )


def _json(path: Path, data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise damaged(path, "its JSON cannot be read.") from error
    if not isinstance(document, dict) or not str(document.get("asset", {}).get("version", "")).startswith("2."):
        raise damaged(path, "is not a glTF 2.0 document.", "Convert it to glTF 2.0.")
    return document
