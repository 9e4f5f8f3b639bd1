"""From scan to relic in three small pictures, taken from one place: the points, the form in clay, the surface."""

from __future__ import annotations

import io
from typing import Any, Final

from PIL import Image

from exhibit.model.points import RawPoints
from exhibit.model.surface import Textured
from exhibit.progress import Progress
from exhibit.stages.portray import PortrayOptions, portray
from exhibit.stages.splat import SplatOptions, splat

MAX_BYTES: Final = 25_000
BEHIND: Final = (36, 31, 27)
"""The dark of the viewer's stage. A cloud's thousand edges would make a transparent picture twice as large."""
_QUALITIES: Final = (86, 76, 64, 50, 36, 20)


def picture_of_points(raw: RawPoints, textured: Textured, progress: Progress) -> bytes:
    """Return the WebP of raw points in the frame of the finished model; nothing where there are none."""
    if not len(raw.positions):
        return b""
    return _small_webp(splat(raw, textured.mesh.vertices, SplatOptions(), progress=progress))


def picture_of_model(textured: Textured, *, clay: bool, progress: Progress) -> bytes:
    """Return the WebP of the finished model, or of its form alone in clay."""
    size = SplatOptions()
    options = PortrayOptions(width_px=size.width_px, height_px=size.height_px, ground_shadow=False, clay=clay)
    return _small_webp(portray(textured, options, progress=progress))


def _small_webp(picture: Any) -> bytes:
    """Return a WebP of at most `MAX_BYTES`, as good as that allows."""
    own = Image.fromarray(picture)
    backed = Image.new("RGB", own.size, BEHIND)
    backed.paste(own, (0, 0), own)
    found = b""
    for quality in _QUALITIES:
        stream = io.BytesIO()
        backed.save(stream, "WEBP", quality=quality, method=4)
        found = stream.getvalue()
        if len(found) <= MAX_BYTES:
            break
    return found
