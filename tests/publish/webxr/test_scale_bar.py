"""The bar that says how large a relic is."""

import io

import pytest
from PIL import ExifTags, Image

from exhibit.locales import load_words
from exhibit.publish.webxr.scale_bar import scale_bar
from exhibit.publish.webxr.wording import Reader

EN, ZH = (Reader(tag, "en", load_words(tag)) for tag in ("en", "zh-Hans"))


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
    [
        (20.0, "10\u00a0cm", 200),
        (3.2, "50\u00a0cm", 160),
        (1.1, "2\u00a0m", 220),
        (110.0, "2\u00a0cm", 220),
        (1500.0, "1\u00a0mm", 150),
    ],
)
def test_the_bar_is_the_longest_round_length_that_fits(per_cm, label, length):
    bar = scale_bar(picture(per_cm), EN)
    assert (bar.label, bar.length) == (label, pytest.approx(length, rel=1e-3))
    assert bar.x + bar.length < 0.25 * bar.width
    assert bar.y < bar.height


@pytest.mark.parametrize("shown", [None, b"no picture", picture(), picture(20.0, unit=2), picture(0.0), picture(1e5)])
def test_a_picture_that_does_not_know_its_scale_has_none(shown):
    assert scale_bar(shown, EN) is None


@pytest.mark.parametrize(("per_cm", "label"), [(20.0, "10\u00a0厘米"), (1.1, "2\u00a0米"), (1500.0, "1\u00a0毫米")])
def test_chinese_readers_read_chinese_units(per_cm, label):
    assert scale_bar(picture(per_cm), ZH).label == label
