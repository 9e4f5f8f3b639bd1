"""A turning relic as files: a small AVIF sequence without sound or player, and the still that stands in for it."""

from __future__ import annotations

import io
from typing import Any, Final

from PIL import Image, features

from exhibit.model.surface import Textured
from exhibit.progress import Progress
from exhibit.stages.turn import TurnOptions, turn

MAX_BYTES: Final = 340_000
FRAME_MS: Final = 165
"""72 frames make a turn of twelve seconds: as slow as one walks around a showcase."""
_QUALITIES: Final = (48, 42, 36, 30, 22)
_SPEED: Final = 8
_STILL_QUALITY: Final = 84


def moving_picture(textured: Textured, options: TurnOptions, progress: Progress) -> tuple[bytes, bytes]:
    """Return AVIF and WebP bytes on black, which the page lays over its own dark with `lighten`.

    The AVIF is as good as `MAX_BYTES` allows. It is empty where this Pillow cannot write any: then the page shows the
    still alone.
    """
    frames = [_on_black(frame) for frame in turn(textured, options, progress=progress)]
    still = io.BytesIO()
    frames[0].save(still, "WEBP", quality=_STILL_QUALITY, method=6)
    return (_avif(frames) if features.check("avif") else b""), still.getvalue()


def _avif(frames: list[Image.Image]) -> bytes:
    found = b""
    for quality in _QUALITIES:
        stream = io.BytesIO()
        # one thread: the same bytes on every machine
        frames[0].save(stream, "AVIF", save_all=True, append_images=frames[1:], quality=quality, speed=_SPEED,
                       duration=FRAME_MS, max_threads=1)  # fmt: skip
        found = _without_times(stream.getvalue())
        if len(found) <= MAX_BYTES:
            break
    return found


def _without_times(data: bytes) -> bytes:
    """Set the times of making to 0: the encoder writes the hour into its file, and equal input must give equal bytes.

    Source: ISO/IEC 14496-12, boxes ``mvhd``, ``tkhd`` and ``mdhd``.
    """
    plain = bytearray(data)

    def walk(start: int, end: int) -> None:
        while start + 8 <= end:
            size, kind = int.from_bytes(plain[start : start + 4], "big"), bytes(plain[start + 4 : start + 8])
            if size < 8:
                return
            if kind in (b"moov", b"trak", b"mdia"):
                walk(start + 8, start + size)
            elif kind in (b"mvhd", b"tkhd", b"mdhd"):
                length = 16 if plain[start + 8] == 1 else 8
                plain[start + 12 : start + 12 + length] = bytes(length)
            start += size

    walk(0, len(plain))
    return bytes(plain)


def _on_black(picture: Any) -> Image.Image:
    own = Image.fromarray(picture)
    backed = Image.new("RGB", own.size)
    backed.paste(own, (0, 0), own)
    return backed
