"""Fonts cut down to what headings use."""

import io

import pytest
from fontTools.ttLib import TTFont

from exhibit.errors import DefinitionError
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.fonts import first_font, set_type

FONTS = read_site_template().fonts
LATIN, EAST = "static/fonts/10-eb-garamond.woff2", "static/fonts/20-noto-serif-sc.woff2"


def page(body, lang="zh-Hans"):
    return f'<!doctype html><html lang="{lang}"><body>{body}</body></html>'.encode()


def holds(files, path):
    return set(map(chr, TTFont(io.BytesIO(files[path])).getBestCmap()))


def test_without_fonts_there_is_nothing_and_nothing_to_say():
    assert set_type([page("<h1>鼎</h1>")], {}).files == {}
    assert first_font({}, "en") is None


def test_what_is_no_font_is_named():
    with pytest.raises(DefinitionError) as caught:
        set_type([page("<h1>鼎</h1>")], {"broken.woff2": b"wOF2 and nothing else"})
    assert caught.value.where == "fonts/broken.woff2"


def test_a_font_holds_the_headings_characters_and_no_others():
    files = set_type([page("<h1>青铜<br>鼎</h1><p>石刻</p><p class='x display'>玉</p>")], FONTS).files
    kept = holds(files, EAST)
    assert set("青铜鼎玉A9“”") <= kept
    assert not set("石刻") & kept
    assert len(files[EAST]) < 25_000


def test_each_language_takes_its_own_letters_and_marks():
    files = set_type([page("<h1>鼎 Ding</h1><h2 lang='en'>The “Ding” café</h2>")], FONTS).files
    assert {"é", "“"} <= holds(files, LATIN)
    assert {"D", "“"} <= holds(files, EAST)
    style = files["static/fonts.css"].decode()
    latin, east = (line for line in style.splitlines() if line.startswith(":root"))
    assert latin.index('"Display 1"') < latin.index('"Display 2"') < latin.index('"Display near"')
    assert east.index('"Display 2"') < east.index('"Display 1"')
    assert first_font(FONTS, "en") == LATIN
    assert first_font(FONTS, "zh-Hant") == EAST


def test_upright_forms_and_kerning_stay():
    font = TTFont(io.BytesIO(set_type([page("<h1>器，道（一）</h1>")], FONTS).files[EAST]))
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert "vert" in features
    assert "vmtx" in font


def test_licences_stay_beside_the_fonts():
    files = set_type([page("<h1>鼎</h1>")], FONTS).files
    texts = [data for name, data in files.items() if name.endswith("LICENSE.txt")]
    assert len(texts) == 2
    assert all(b"SIL OPEN FONT LICENSE" in text for text in texts)


def test_characters_that_no_font_holds_are_said():
    (finding,) = set_type([page("<h1>𠮷野</h1>")], FONTS).findings
    assert finding.code == "fonts.missing"
    assert "𠮷" in finding.hint and "野" not in finding.hint


def test_equal_pages_give_equal_bytes():
    pages = [page("<h1>青铜</h1>"), page("<h1>Bronze</h1>", "en")]
    assert set_type(pages, FONTS).files == set_type(reversed(pages), dict(reversed(FONTS.items()))).files


def test_a_projects_own_fonts_take_the_place_of_ours_and_are_checked_before_any_work(tmp_path):
    assert read_site_template(tmp_path).fonts == FONTS
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "notes.txt").write_text("no font yet", "utf-8")
    assert read_site_template(tmp_path).fonts == FONTS
    (tmp_path / "fonts" / "house.woff2").write_bytes(FONTS["10-eb-garamond.woff2"])
    assert sorted(read_site_template(tmp_path).fonts) == ["house.woff2", "notes.txt"]
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"not a font")
    with pytest.raises(DefinitionError):
        read_site_template(tmp_path)
