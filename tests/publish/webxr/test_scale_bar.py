"""The bar that says how large a relic is."""

import io

import pytest
from PIL import ExifTags, Image

from exhibit.publish.webxr.scale_bar import scale_bar


def picture(per_cm=None, unit=3, size=(1200, 900)):
    exif = Image.Exif()
    if per_cm is not None:
        exif[ExifTags.Base.XResolution] = per_cm
        exif[ExifTags.Base.ResolutionUnit] = unit
    stream = io.BytesIO()
    Image.new("RGBA", size).save(stream, "WEBP", exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("per_cm", "label", "length"),
    [(20.0, "10 cm", 200), (3.2, "50 cm", 160), (1.1, "2 m", 220), (110.0, "2 cm", 220), (1500.0, "1 mm", 150)],
)
def test_the_bar_is_the_longest_round_length_that_fits(per_cm, label, length):
    bar = scale_bar(picture(per_cm))
    assert (bar.label, bar.length) == (label, pytest.approx(length, rel=1e-3))
    assert bar.x + bar.length < 0.25 * bar.width
    assert bar.y < bar.height


@pytest.mark.parametrize("shown", [None, b"no picture", picture(), picture(20.0, unit=2), picture(0.0), picture(1e5)])
def test_a_picture_that_does_not_know_its_scale_has_none(shown):
    assert scale_bar(shown) is None
