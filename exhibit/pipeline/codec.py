"""Values of the way as files: a JSON tree and raw arrays, checked by a hash; nothing in them can run.

Only the frozen dataclasses of ``exhibit.model``, plain values, tuples, bytes and arrays pass. A pickle would be
shorter, but a project folder comes from other people, and unpickling runs whatever they put in.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import struct
import zlib
from typing import Any

import numpy as np

MAGIC = b"EXHIBIT1"
ALIGNMENT = 8
"""Arrays begin at multiples of this, since foreign engines refuse unaligned ones."""
COMPRESS_FROM = 1 << 16
"""Byte arrays (textures) from this size on are deflated; float arrays hardly shrink and are kept raw."""


def encode(value: Any) -> bytes:
    """Write a value; raises TypeError for a type the way does not carry."""
    blobs: list[bytes] = []
    tree = json.dumps(_flatten(value, blobs), separators=(",", ":"), ensure_ascii=False).encode()
    sizes = struct.pack(f"<QQ{len(blobs)}Q", len(tree), len(blobs), *map(len, blobs))
    body = b"".join([sizes, *(part + bytes(-len(part) % ALIGNMENT) for part in (tree, *blobs))])
    return MAGIC + hashlib.sha256(body).digest() + body


def decode(data: bytes) -> Any:
    """Read a value back; raises ValueError when the bytes are not what was written."""
    if data[:8] != MAGIC or hashlib.sha256(memoryview(data)[40:]).digest() != data[8:40]:
        raise ValueError("not an intact stored value")
    body = memoryview(data)[40:]
    n_tree, n_blobs = struct.unpack_from("<QQ", body)
    sizes = struct.unpack_from(f"<{n_blobs}Q", body, 16)
    start = 16 + 8 * n_blobs
    tree = json.loads(bytes(body[start : start + n_tree]))
    blobs, at = [], start + n_tree + -n_tree % ALIGNMENT
    for size in sizes:
        blobs.append(body[at : at + size])
        at += size + -size % ALIGNMENT
    return _rebuild(tree, blobs)


def _flatten(value: Any, blobs: list[bytes]) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return _flatten(value.item(), blobs)
    if isinstance(value, bytes):
        blobs.append(value)
        return {"bytes": len(blobs) - 1}
    if isinstance(value, np.ndarray):
        return _flatten_array(value, blobs)
    if isinstance(value, tuple | list):
        return {"tuple": [_flatten(item, blobs) for item in value]}
    kind = type(value)
    if dataclasses.is_dataclass(value) and kind.__module__.startswith("exhibit.model."):
        fields = {field.name: _flatten(getattr(value, field.name), blobs) for field in dataclasses.fields(value)}
        return {"type": f"{kind.__module__}:{kind.__qualname__}", "fields": fields}
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} does not flow down the way")


def _flatten_array(array: np.ndarray[Any, Any], blobs: list[bytes]) -> Any:
    raw = np.ascontiguousarray(array).tobytes()
    deflated = array.dtype == np.uint8 and len(raw) >= COMPRESS_FROM
    blobs.append(zlib.compress(raw, 1) if deflated else raw)
    return {"array": len(blobs) - 1, "dtype": array.dtype.str, "shape": list(array.shape), "deflated": deflated}


def _rebuild(tree: Any, blobs: list[memoryview]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if "tuple" in tree:
        return tuple(_rebuild(item, blobs) for item in tree["tuple"])
    if "bytes" in tree:
        return bytes(blobs[tree["bytes"]])
    if "array" in tree:
        raw = zlib.decompress(blobs[tree["array"]]) if tree["deflated"] else blobs[tree["array"]]
        return np.frombuffer(raw, dtype=np.dtype(tree["dtype"])).reshape(tree["shape"])
    module, _, name = tree["type"].partition(":")
    if not module.startswith("exhibit.model."):
        raise ValueError(f"{module} is not a room of values")
    kind = getattr(importlib.import_module(module), name)
    if not dataclasses.is_dataclass(kind):
        raise ValueError(f"{name} is not a value")
    build: Any = kind
    return build(**{key: _rebuild(item, blobs) for key, item in tree["fields"].items()})
