"""Light as a picture: Radiance's RGBE, which browsers' HDR loaders read.

Source: Ward, "Real Pixels", Graphics Gems II (1991); the run lengths of Radiance's ``color.c``.
"""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, U1

_LEAST_RUN = 4


def encode_hdr(light: F4) -> bytes:
    """Return a Radiance picture of linear light (h, w, 3); width 8 to 32767."""
    height, width = light.shape[:2]
    head = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {height} +X {width}\n".encode("ascii")
    rows = []
    for row in _rgbe(light):
        rows.append(bytes((2, 2, width >> 8, width & 255)))
        rows += [_runs(row[:, channel]) for channel in range(4)]
    return head + b"".join(rows)


def decode_hdr(data: bytes) -> F4:
    """Return the light (h, w, 3) of a Radiance picture written by `encode_hdr`.

    Raises
    ------
    ValueError
        It is not such a picture, or cut off.
    """
    head, found, body = data.partition(b"\n\n")
    size, _, body = body.partition(b"\n")
    words = size.split()
    if not (head.startswith(b"#?RADIANCE") and found and len(words) == 4 and words[0] == b"-Y"):
        raise ValueError("not a Radiance picture")
    height, width = int(words[1]), int(words[3])
    rgbe = np.zeros((height, width, 4), np.uint8)
    at = 0
    try:
        for y in range(height):
            if body[at : at + 2] != b"\x02\x02":
                raise ValueError("not a Radiance picture with run lengths")
            at += 4
            for channel in range(4):
                at = _unroll(body, at, rgbe[y, :, channel])
    except IndexError:
        raise ValueError("the picture is cut off") from None
    scale = np.where(rgbe[:, :, 3:] > 0, np.ldexp(1.0, rgbe[:, :, 3:].astype(np.int32) - 136), 0.0)
    return (rgbe[:, :, :3] * scale).astype(np.float32)


def _rgbe(light: F4) -> U1:
    brightest = light.max(axis=2).astype(np.float64)
    _, exponent = np.frexp(np.maximum(brightest, 1e-32))
    scale = np.where(brightest > 1e-32, np.ldexp(256.0, -exponent), 0.0)
    rgbe = np.zeros((*light.shape[:2], 4), np.uint8)
    rgbe[:, :, :3] = np.clip(light * scale[:, :, None], 0, 255)
    rgbe[:, :, 3] = np.where(brightest > 1e-32, exponent + 128, 0)
    return rgbe


def _runs(values: U1) -> bytes:
    """Return one channel of a row: runs of one value, and stretches as they are."""
    ends = np.flatnonzero(np.diff(values.astype(np.int16))) + 1
    starts = np.concatenate([[0], ends])
    lengths = np.diff(np.concatenate([starts, [len(values)]]))
    out, plain = bytearray(), bytearray()

    def flush() -> None:
        for first in range(0, len(plain), 128):
            part = plain[first : first + 128]
            out.append(len(part))
            out.extend(part)
        plain.clear()

    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        if length < _LEAST_RUN:
            plain += values[start : start + length].tobytes()
            continue
        flush()
        while length > 0:
            part = min(length, 127)
            out += bytes((128 + part, int(values[start])))
            length -= part
    flush()
    return bytes(out)


def _unroll(body: bytes, at: int, into: U1) -> int:
    x = 0
    while x < len(into):
        count = body[at]
        if count > 128:
            into[x : x + count - 128] = body[at + 1]
            x, at = x + count - 128, at + 2
        else:
            part = np.frombuffer(body[at + 1 : at + 1 + count], np.uint8)
            if len(part) < count:
                raise IndexError
            into[x : x + count] = part
            x, at = x + count, at + 1 + count
    return at
