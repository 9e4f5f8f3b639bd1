"""What a LAS or LAZ file says of its own lay-out, held against the file before laspy or lazrs act on it.

Both believe the counts they read: laspy walks through four thousand million records that are not there, lazrs asks
for memory by the size that a damaged chunk states, and ends the whole process when there is none.

Sources: ASPRS, *LAS 1.4 specification R15*, public header block; LASzip, *LAZ specification 1.4 R1*, "laszip encoded"
record, chunk table and the layers of a chunk.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO, Final

from exhibit.errors import SourceError
from exhibit.formats.source_file import damaged

_RECORD_HEAD, _LONG_RECORD_HEAD = 54, 60
_LAYERED: Final = 3
_LAYERS: Final = {10: 9, 11: 1, 12: 2, 13: 1}
"""Layers per item of a layered chunk: points, colours, near infrared, wave packets; extra bytes have one a byte."""


def check_header(path: Path) -> bool:
    """Raise SourceError where the records before the points cannot be; return whether those after them can."""
    n_bytes = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(375).ljust(375, b"\0")
    minor, (head_size, start, n_records) = head[25], struct.unpack_from("<HII", head, 94)
    if head_size < 227 or head_size + n_records * _RECORD_HEAD > start or start > n_bytes:
        raise damaged(path, "is cut off or damaged: its LAS head describes more than the file holds.")
    if minor < 4:
        return False
    long_start, n_long = struct.unpack_from("<QI", head, 235)
    return bool(0 < n_long * _LONG_RECORD_HEAD <= n_bytes - long_start)


def check_chunks(path: Path, header: Any) -> None:
    """Raise SourceError unless a LAZ file's chunks lie in the file and hold the points that its head promises."""
    import lazrs  # type: ignore[import-untyped]  # it ships no stubs

    error = damaged(path, "is cut off or damaged: its compressed points do not fit its chunk table.")
    record = next((one.record_data for one in header.vlrs if one.user_id == "laszip encoded"), b"")
    items = _items(record)
    if items is None or sum(size for _, size in items) != int(header.point_format.size):
        raise error
    n_points, n_bytes, start = int(header.point_count), path.stat().st_size, int(header.offset_to_point_data)
    with path.open("rb") as file:
        table = _table_place(file, start, n_bytes, error)
        version, n_chunks = struct.unpack("<II", file.read(8))
        # every chunk takes more than a byte and holds at least one point
        if version != 0 or n_chunks > min(n_points, n_bytes):
            raise error
        file.seek(start)
        chunks = [(int(points), int(size)) for points, size in lazrs.read_chunk_table(file, lazrs.LazVlr(record))]
        if sum(points for points, _ in chunks) < n_points or any(points > max(n_points, 2**20) for points, _ in chunks):
            raise error
        if start + 8 + sum(size for _, size in chunks) > table:
            raise error
        if struct.unpack_from("<H", record)[0] == _LAYERED:
            _check_layers(file, start + 8, chunks, items, error)


def _items(record: bytes) -> list[tuple[int, int]] | None:
    """Return (type, bytes) of each item of a point; None where the record is cut off."""
    if len(record) < 34:
        return None
    n_items = struct.unpack_from("<H", record, 32)[0]
    if len(record) < 34 + 6 * n_items:
        return None
    return [struct.unpack_from("<HH", record, 34 + 6 * i) for i in range(n_items)]


def _table_place(file: BinaryIO, start: int, n_bytes: int, error: SourceError) -> int:
    """Return where the chunk table begins, and leave the file there."""
    if start + 16 > n_bytes:
        raise error
    file.seek(start)
    (table,) = struct.unpack("<q", file.read(8))
    if table <= start:
        # written as a stream: the place of the table stands at the end
        file.seek(-8, 2)
        (table,) = struct.unpack("<q", file.read(8))
    if not start + 8 <= table <= n_bytes - 8:
        raise error
    file.seek(table)
    return int(table)


def _check_layers(
    file: BinaryIO, at: int, chunks: list[tuple[int, int]], items: list[tuple[int, int]], error: SourceError
) -> None:
    """Hold the sizes of each chunk's layers, which follow its first point and its count, against its own size."""
    n_layers = sum(_LAYERS.get(kind, size) for kind, size in items)
    n_first = sum(size for _, size in items) + 4
    for _, size in chunks:
        if size < n_first + 4 * n_layers:
            raise error
        file.seek(at + n_first)
        if sum(struct.unpack(f"<{n_layers}I", file.read(4 * n_layers))) > size - n_first - 4 * n_layers:
            raise error
        at += size
