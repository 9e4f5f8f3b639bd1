"""What a relic's page shows of one that nobody wrote about, or whose size nobody said."""

import dataclasses

import pytest
from small_site import relics, small_site

from exhibit.model.asset import Asset
from exhibit.model.finding import Finding
from exhibit.model.points import PointFigures
from exhibit.model.record import RelicRecord
from exhibit.publish.page_reader import read_page
from exhibit.publish.plan import plan

ASSUMED = Finding("scale.assumed", 1.94, "m", "Nothing says the unit.", "warning")
BARE = RelicRecord.model_validate({
    "id": "dsc-0023",
    "title": {"en": "DSC 0023", "zh-Hans": "DSC 0023"},
    "rights": {"default": {"uri": "http://rightsstatements.org/vocab/UND/1.0/"}},
})  # fmt: skip


def page_of(relic, language="en"):
    site = dataclasses.replace(small_site(), relics=(relic,))
    text = plan(site).files[f"{language}/relics/{relic.record.id}/index.html"].decode()
    assert read_page(text).faults == []
    return text


def bare(*findings, **changes):
    points = PointFigures(n_in_scan=690_000, n_shown=60_000, noise_mm=0.06, n_bytes=300_000)
    made = dataclasses.replace(relics()[0].asset, findings=findings, points=points)
    return dataclasses.replace(relics()[0], record=BARE, narrations=(), asset=made, **changes)


def test_a_relic_without_texts_shows_what_its_scan_tells_beside_it_and_no_empty_columns():
    page = page_of(bare())
    assert "Nothing has been written about this object yet" in page
    assert 'class="relic-body"' not in page and "<dt>Title</dt>" not in page
    for told in ("690,000", "148,312", "<dt>Size (width × height × depth)</dt>"):
        assert told in page[page.index('class="relic-words"') : page.index('class="made-band"')]
    assert "尚无文字说明" in page_of(bare(), "zh-Hans")


def test_a_relic_with_any_text_has_its_usual_page():
    page = page_of(relics()[0])
    assert 'class="relic-body"' in page and "bare-facts" not in page and "<dt>Title</dt>" in page


@pytest.mark.parametrize(("language", "words"), [("en", "nobody has said"), ("zh-Hans", "实际尺寸未知")])
def test_a_size_that_nobody_said_is_said_to_be_unknown(language, words):
    for relic in (bare(ASSUMED), dataclasses.replace(relics()[0], asset=bare(ASSUMED).asset)):
        page = page_of(relic, language)
        assert words in page and 'class="unknown-size' in page
        assert '<svg class="scale-bar"' not in page
    assert "<dd>not known</dd>" in page_of(bare(ASSUMED)) or language != "en"
    assert words not in page_of(bare(), language)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Height 31.4 cm, diameter 9.85 cm", False),
        ("314 mm, 98.5 mm across", False),
        ("Height 31.4 cm", True),
        ("", True),
    ],
)
def test_lengths_that_the_catalogues_wording_has_are_not_told_twice(text, is_told):
    record = relics()[0].record
    sizes = record.dimensions.model_copy(update={"text": {"en": text} if text else {}})
    page = page_of(dataclasses.replace(relics()[0], record=record.model_copy(update={"dimensions": sizes})))
    facts = page[page.index("<dt>Dimensions</dt>") : page.index("<dt>Inventory")]
    assert ("height 31.4\u00a0cm" in facts) is is_told and text in facts


def test_an_empty_plinth_claims_no_size():
    waiting = dataclasses.replace(bare(), asset=Asset((), (), (), (0.4, 0.4, 0.4)), is_pending=True)
    page = page_of(waiting)
    assert "40" not in page[page.index('class="relic-words"') : page.index('class="relic-end"')]
