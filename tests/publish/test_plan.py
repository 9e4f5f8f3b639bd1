"""A site is decided in full before anything is written, the same way every time."""

import dataclasses
import json
import re

import pytest
from small_site import BOWL, VASE, relics, small_site

from exhibit.errors import DefinitionError
from exhibit.model.asset import Asset, AssetFile
from exhibit.publish.page_reader import read_page
from exhibit.publish.plan import PlanOptions, SiteInput, SiteRelic, StoredFile, plan
from exhibit.publish.webxr.document import ExhibitionDocument

LANGUAGES = ("zh-Hans", "en")
HOSTILE = "</script><img src=x onerror=alert(1)>\"'&{{7*7}}<!--"


def html(site_plan, path):
    return site_plan.files[path].decode("utf-8")


def codes(site_plan):
    return {finding.code for finding in site_plan.findings}


def test_equal_input_gives_equal_bytes_and_the_input_stays_as_it_was(small_plan):
    site = small_site()
    before = dataclasses.replace(site)
    assert plan(site).files == small_plan.files
    assert site == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_page(small_plan, language):
    for page in ("index.html", "room/index.html", "relics/index.html", "relics/green-vase/index.html"):
        assert f"{language}/{page}" in small_plan.files


def test_every_page_is_well_formed_titled_and_in_its_language(small_plan):
    pages = [path for path in small_plan.files if path.endswith(".html")]
    assert len(pages) == 2 + 2 * (3 + 3)
    for path in pages:
        page = read_page(html(small_plan, path))
        assert page.faults == [], path
        assert page.title.strip(), path
        assert page.language == (path.partition("/")[0] if "/" in path else "zh-Hans")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Celadon vase with bow-string bands", "Song potters measured", "Southern Song dynasty", "1127–1279",
                "height 31.4\u00a0cm", "1.82\u00a0kg", "2019.44.1", "CC BY 4.0 (attribution)", "Raised bands",
                "not applied", "148,312", "0.058\u00a0mm", "91\u00a0%", "Spoken by Mary Wu", "3D model (GLB)",
                "A History of Chinese Ceramics, 1982.", '<span lang="zh-Hans">《格古要论》</span>']),
        ("zh-Hans", ["青釉弦纹瓶", "宋人以玉比瓷", "南宋", "高 31.4\u00a0厘米", "CC BY 4.0（署名）", "弦纹", "AI生成",
                     "148,312", "0.058\u00a0毫米", "《青釉弦纹瓶》，湖北省博物馆藏（2019.44.1）",
                     "《中国陶瓷史》，1982年。"]),
    ],
)  # fmt: skip
def test_a_relics_page_says_everything_without_a_script(small_plan, language, expected):
    text = html(small_plan, f"{language}/relics/green-vase/index.html")
    for words in expected:
        assert words in text, words


def test_the_page_keeps_what_it_promised_the_scripts(small_plan):
    text = html(small_plan, "en/relics/green-vase/index.html")
    assert 'data-page="relic" data-root="../../../" data-document="../../../exhibition.json"' in text
    assert re.search(r'<div class="viewer" data-relic="green-vase">\s*<img class="viewer-poster"', text)
    assert re.search(r'<li [^>]*data-hotspot="bands"><button type="button">', text)
    assert 'class="narration" data-language="en"' in text
    assert '<span data-cue="1" data-start="2.0" data-end="4.0">The bands catch the light.</span>' in text
    room = html(small_plan, "en/room/index.html")
    for promised in ('id="room"', 'class="room-poster"', 'id="enter-room" hidden', 'id="enter-vr" hidden',
                     'id="room-status" role="status"'):  # fmt: skip
        assert promised in room
    strings = re.search(r'<script type="application/json" id="strings">(.*?)</script>', room)[1]
    assert json.loads(strings)["viewer.loading"]


def test_a_missing_translation_is_marked_and_reported(small_plan):
    assert '<span lang="en">Glass eye bead</span>' in html(small_plan, "zh-Hans/relics/glass-bead/index.html")
    hints = [finding.hint for finding in small_plan.findings if finding.code == "record.untranslated"]
    assert any("'glass-bead' has no title in zh-Hans" in hint for hint in hints)


def test_rights_decide_what_is_published(small_plan):
    assert "relics/green-vase/model.glb" in small_plan.files
    assert "relics/ochre-bowl/model.glb" not in small_plan.files
    assert "do not allow downloads" in html(small_plan, "en/relics/ochre-bowl/index.html")
    assert "relics/ochre-bowl/hero.glb" in small_plan.files


def test_times_never_enter_the_site(small_plan):
    assert not [path for path in small_plan.files if "timings" in path]


def test_the_document_is_what_the_scripts_expect(small_plan):
    document = ExhibitionDocument.model_validate_json(small_plan.files["exhibition.json"])
    assert document.languages == LANGUAGES
    vase = document.relics[0]
    assert [level.name for level in vase.levels] == ["thumb", "room", "hero"]  # inspect shares hero's file
    assert vase.hotspots[0].position == (0.0, 0.23, 0.09)
    assert vase.narration["en"].audio == "relics/green-vase/narration.en.mp3"
    for relic in document.relics:
        for link in (relic.poster, *(level.url for level in relic.levels), *relic.page.values()):
            assert link in small_plan.files
    assert document.relics[2].title == {"zh-Hans": "Glass eye bead", "en": "Glass eye bead"}


def test_without_an_address_there_are_no_absolute_links_and_a_finding(small_plan):
    assert "site.no-address" in codes(small_plan)
    assert "sitemap.xml" not in small_plan.files
    for path in (path for path in small_plan.files if path.endswith(".html")):
        text = html(small_plan, path)
        assert "og:" not in text and "canonical" not in text


def test_with_an_address_machines_find_everything():
    site = plan(small_site(site_url="https://museum.example/quiet"))
    assert "site.no-address" not in codes(site)
    text = html(site, "en/relics/green-vase/index.html")
    assert '<link rel="canonical" href="https://museum.example/quiet/en/relics/green-vase/">' in text
    assert 'hreflang="zh-Hans" href="https://museum.example/quiet/zh-Hans/relics/green-vase/"' in text
    assert '<meta property="og:image" content="https://museum.example/quiet/relics/green-vase/poster.webp">' in text
    assert site.files["sitemap.xml"].count(b"<url>") == 2 * (3 + 3)
    assert b"Sitemap: https://museum.example/quiet/sitemap.xml" in site.files["robots.txt"]
    assert 'href="/quiet/static/site.css"' in html(site, "404.html")
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])
    work, model, audio = data["@graph"]
    assert work["@type"] == "VisualArtwork" and work["temporalCoverage"] == "1127/1279"
    assert work["citation"] == ["A History of Chinese Ceramics, 1982.", "《格古要论》"]
    assert model["@type"] == "3DModel" and model["about"] == {"@id": work["@id"]}
    assert model["encoding"][0]["contentUrl"] == "https://museum.example/quiet/relics/green-vase/model.glb"
    assert audio["transcript"] == "An even glaze, like jade. The bands catch the light."


def test_years_before_christ_are_counted_as_iso_does():
    text = html(plan(small_site()), "en/relics/ochre-bowl/index.html")
    assert json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])["@graph"][0]["temporalCoverage"] == "-3299/-2799"


def test_robots_may_be_kept_out():
    site = plan(small_site(site_url="https://museum.example/"), PlanOptions(for_robots="keep-out"))
    assert b"Disallow: /" in site.files["robots.txt"] and "sitemap.xml" not in site.files


def test_hostile_words_stay_words():
    fields = {"title": {"en": HOSTILE, "zh-Hans": HOSTILE}, "label": {"en": HOSTILE}, "description": {"en": HOSTILE},
              "material": {"en": HOSTILE}, "inventory_number": HOSTILE, "credit": {"en": HOSTILE}}  # fmt: skip
    site = small_site(title={"en": HOSTILE, "zh-Hans": HOSTILE}, statement={"en": HOSTILE}, makers={"en": HOSTILE})
    vase = relics()[0]
    told = dataclasses.replace(vase.narrations[1], transcript=HOSTILE, speaker=HOSTILE, cues=())
    hostile = SiteRelic(VASE.model_copy(update=fields), vase.asset, (told,))
    site = dataclasses.replace(site, relics=(hostile, *site.relics[1:]))
    planned = plan(site)
    for path in (path for path in planned.files if path.endswith(".html")):
        text = html(planned, path)
        assert read_page(text).faults == [], path
        if path == "404.html":
            continue  # says nothing of the exhibition
        assert "<img src=x" not in text and "&lt;/script&gt;" in text and "{{7*7}}" in text
        scripts = re.findall(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', text, re.S)
        assert all(json.loads(block) for block in scripts)
    assert json.loads(planned.files["exhibition.json"])["title"]["en"] == HOSTILE
    assert json.loads(planned.files["manifest.webmanifest"])["name"] == HOSTILE


def test_faults_of_the_exhibition_are_listed_together():
    site = small_site(room="baroque")
    twice = dataclasses.replace(site, relics=(site.relics[0], site.relics[0]))
    with pytest.raises(DefinitionError) as caught:
        plan(twice)
    words = str(caught.value)
    assert "'green-vase' is named twice" in words and "no style 'baroque'" in words and "plain" in words


def test_a_relic_without_files_still_has_its_page_and_findings():
    site = dataclasses.replace(small_site(), relics=(SiteRelic(BOWL, Asset((), (), (), (0.25, 0.14, 0.25))),))
    planned = plan(site)
    assert {"relic.no-poster", "relic.no-model"} <= codes(planned)
    assert "static/placeholder.svg" in html(planned, "en/relics/ochre-bowl/index.html")


def test_a_poster_that_is_no_picture_does_no_harm():
    bad = Asset((AssetFile("poster.webp", b"RIFF\0\0\0\0WEBPnothing"),), (), (), (0.2, 0.1, 0.2))
    planned = plan(SiteInput(small_site().exhibition, (SiteRelic(BOWL, bad),)))
    assert "relics/ochre-bowl/poster.webp" in planned.files
    assert "<image" not in html(planned, "en/room/index.html")


def test_an_exhibition_of_nothing_is_a_site_with_a_finding():
    planned = plan(dataclasses.replace(small_site(), relics=()))
    assert "site.no-relics" in codes(planned)
    assert "en/index.html" in planned.files


def test_a_language_without_words_is_reported_and_has_pages():
    planned = plan(small_site(languages=("en", "fr")))
    assert "locale.missing" in codes(planned)
    assert read_page(html(planned, "fr/index.html")).language == "fr"


def test_one_language_needs_no_switch():
    assert 'class="site-languages"' not in html(plan(small_site(languages=("en",))), "en/index.html")


def test_files_on_disk_are_passed_on_and_come_before_those_in_memory(tmp_path):
    from small_site import poster

    path = tmp_path / "poster.webp"
    path.write_bytes(poster("bowl"))
    stored = {"poster.webp": StoredFile(path, path.stat().st_size, "0" * 64)}
    vase = dataclasses.replace(relics()[0], stored=stored)
    planned = plan(dataclasses.replace(small_site(), relics=(vase,)))
    assert planned.files["relics/green-vase/poster.webp"] == stored["poster.webp"]
    assert 'width="480" height="480"' in html(planned, "en/relics/green-vase/index.html")
