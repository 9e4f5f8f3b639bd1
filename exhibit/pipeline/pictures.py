"""From scan to relic in three small pictures, taken from one place: the points, the form in clay, the surface."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, Final

from PIL import Image

from exhibit.geometry.shade import Finish
from exhibit.model.points import RawPoints
from exhibit.model.surface import Textured
from exhibit.pipeline.relic_light import relic_light
from exhibit.progress import Progress
from exhibit.stages.portray import PortrayOptions, portray
from exhibit.stages.splat import SplatOptions, splat

MAX_BYTES: Final = 25_000
BEHIND: Final = (36, 31, 27)
"""The dark of the viewer's stage. A cloud's thousand edges would make a transparent picture twice as large."""
_QUALITIES: Final = (86, 76, 64, 50, 36, 20)


def picture_of_points(raw: RawPoints, textured: Textured, front_deg: float, progress: Progress) -> bytes:
    """Return the WebP of raw points in the frame of the finished model; nothing where there are none."""
    if not len(raw.positions):
        return b""
    options = SplatOptions()
    options = replace(options, azimuth_deg=options.azimuth_deg + front_deg)
    return _small_webp(splat(raw, textured.mesh.vertices, options, progress=progress))


def picture_of_model(textured: Textured, front_deg: float, finish: Finish | None, progress: Progress) -> bytes:
    """Return the WebP of the finished model, in the light of its poster; without a finish, of its form in clay."""
    frame = SplatOptions()
    options = PortrayOptions(
        width_px=frame.width_px,
        height_px=frame.height_px,
        azimuth_deg=frame.azimuth_deg,
        elevation_deg=frame.elevation_deg,
        margin=frame.margin,
        front_deg=front_deg,
        ground_shadow=False,
        clay=finish is None,
        finish=finish or Finish(),
        light=relic_light(),
    )
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
