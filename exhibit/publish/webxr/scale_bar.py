"""The bar under a portrait that says how large the relic is."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, UnidentifiedImageError

from exhibit.publish.site import Content, bytes_of
from exhibit.publish.webxr.wording import Reader

LONGEST: Final = 0.2
"""Of the picture's width."""
LENGTHS_CM: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_CENTIMETRE: Final = 3


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar in the lower left of a picture, all in the picture's pixels, and what it says: ``10 cm``."""

    width: int
    height: int
    x: float
    y: float
    length: float
    text_px: float
    label: str


def scale_bar(picture: Content | None, reader: Reader) -> ScaleBar | None:
    """Return the bar for a portrait that knows its scale, in the reader's words; None for one that does not.

    The scale is the picture's own resolution, in pixels per centimetre of the relic: printed at that resolution, the
    relic is as large as it is.
    """
    if picture is None:
        return None
    try:
        with Image.open(io.BytesIO(bytes_of(picture))) as image:
            exif, (width, height) = image.getexif(), image.size
            per_cm = float(exif.get(ExifTags.Base.XResolution, 0.0))
            in_cm = exif.get(ExifTags.Base.ResolutionUnit) == _CENTIMETRE
    except (UnidentifiedImageError, OSError, ValueError, TypeError, ZeroDivisionError, Image.DecompressionBombError):
        return None
    fitting = [cm for cm in LENGTHS_CM if cm * per_cm <= LONGEST * width]
    if not in_cm or not math.isfinite(per_cm) or per_cm <= 0 or not fitting:
        return None
    margin = round(0.035 * width, 1)
    return ScaleBar(width, height, margin, height - margin, round(fitting[-1] * per_cm, 1), round(0.02 * width, 1),
                    reader.length(10 * fitting[-1]))  # fmt: skip
