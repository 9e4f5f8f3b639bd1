"""A relic's poster as a file."""

from __future__ import annotations

import io

from PIL import ExifTags, Image

from exhibit.model.arrays import U1


def poster_file(picture: U1, per_metre: float) -> bytes:
    """Return a WebP that knows its scale: printed at its own resolution, the relic is as large as it is.

    Parameters
    ----------
    picture : (h, w, 4) uint8 sRGB, straight alpha.
    per_metre : pixels of the picture to a metre of the relic.
    """
    exif = Image.Exif()
    exif[ExifTags.Base.XResolution] = exif[ExifTags.Base.YResolution] = round(per_metre / 100, 4)
    exif[ExifTags.Base.ResolutionUnit] = 3  # pixels per centimetre
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "WEBP", quality=86, method=4, exif=exif)
    return stream.getvalue()
