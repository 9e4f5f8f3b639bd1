"""Messages between processes: pickles with raw array buffers, framed by their lengths."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message; arrays inside travel as raw buffers without a copy. Raises OSError when the pipe is broken."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    sizes = [len(body), *(buffer.raw().nbytes for buffer in buffers)]
    stream.write(struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes))
    stream.write(body)
    for buffer in buffers:
        stream.write(buffer.raw())
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; None when the other side is gone, even in the middle of one.

    Only ever used between this program and processes it started itself: unpickling is not for foreign data.
    """
    head = stream.read(4)
    if len(head) < 4:
        return None
    (count,) = struct.unpack("<I", head)
    lengths = stream.read(8 * count)
    if len(lengths) < 8 * count:
        return None
    parts = []
    for size in struct.unpack(f"<{count}Q", lengths):
        part = bytearray(stream.read(size))
        if len(part) < size:
            return None
        parts.append(part)
    return pickle.loads(parts[0], buffers=parts[1:])
