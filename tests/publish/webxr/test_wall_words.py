"""The lines on the end wall, broken once for the hall's picture and for the hall itself."""

import json

import pytest
from small_site import EXHIBITION, small_site

from exhibit.publish.plan import plan
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.line_breaks import break_lines, in_two, pieces_of
from exhibit.publish.webxr.wall_words import STATEMENT_M, TALL_M, wall_lines

FONTS = read_site_template().fonts


def lines_of(title, statement=None, languages=("en",), width=3.0, fonts=FONTS):
    words = {"title": title, "statement": statement or {}}
    return wall_lines(EXHIBITION.model_copy(update=words), languages, width, fonts)


def titles(lines):
    return [line.text for line in lines if line.kind == "title"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Vessels", ["Vessels"]),
        ("未曾出土的六件文物", ["未曾出土的六件文物"]),
        ("Six Things That Were Never Found", ["Six Things That", "Were Never Found"]),
        ("Quiet Vessels: Where Three Things Came From", ["Quiet Vessels:", "Where Three Things Came From"]),
        ("Incomprehensibilities-and-more-of-them", ["Incomprehensibilities-and-more-of-them"]),
        (
            "西周早期青铜器中的礼制与王权：随州叶家山出土文物特展",
            ["西周早期青铜器中的礼制与王权：", "随州叶家山出土文物特展"],
        ),
    ],
)
def test_a_title_stands_in_one_line_or_in_two_that_part_where_it_parts(title, lines):
    assert titles(lines_of({"en": title})["en"]) == lines


def test_a_title_fits_the_wall_in_the_sites_own_fonts_and_nothing_reaches_below():
    import io

    from PIL import ImageFont

    from exhibit.publish.webxr.fonts import codes_of

    statement = {"en": "Where they came from, and why, and when, and how " * 60}
    for title in ("Six Things That Were Never Found", "Incomprehensibilities-and-more-of-them", "六件"):
        lines = lines_of({"en": title}, statement)["en"]
        data = next(data for data, codes in codes_of(FONTS) if all(ord(one) in codes for one in title))
        for line in lines:
            if line.kind == "title":
                assert ImageFont.truetype(io.BytesIO(data), 100).getlength(line.text) * line.size_m / 100 <= 3.0 + 1e-3
        assert lines[-1].text.endswith("…")
        assert lines[-1].base_m + 0.32 * STATEMENT_M <= TALL_M
        bases = [line.base_m for line in lines]
        assert bases == sorted(bases)


def test_each_language_has_its_own_title_large_and_the_others_small():
    lines = lines_of({"en": "Vessels", "zh-Hans": "器"}, languages=("zh-Hans", "en"))
    assert [(line.kind, line.text) for line in lines["zh-Hans"]] == [("title", "器"), ("other", "Vessels")]
    assert [(line.kind, line.text) for line in lines["en"]] == [("title", "Vessels"), ("other", "器")]


def test_a_title_nobody_translated_stands_there_once():
    assert [line.kind for line in lines_of({"en": "Vessels"}, languages=("zh-Hans", "en"))["zh-Hans"]] == ["title"]


def test_the_statement_ends_with_a_sentence_of_its_first_paragraph():
    statement = {"zh-Hans": "水乡的玉，祭祖的鼎。" * 40, "en": "One jade. One cauldron.\n\nThey came here."}
    lines = lines_of({"en": "Vessels"}, statement, languages=("zh-Hans", "en"))
    assert lines["zh-Hans"][-1].text.endswith("祭祖的鼎。")
    assert lines["zh-Hans"][-1].base_m > 0.8 * TALL_M - 0.5
    assert [line.text for line in lines["en"] if line.kind == "statement"] == ["One jade. One cauldron."]


@pytest.mark.parametrize("n", range(150, 207, 4))
def test_no_word_is_left_alone_on_the_last_line(n):
    lines = [line.text for line in lines_of({"zh-Hans": "器"}, {"zh-Hans": "玉" * n + "。"}, ("zh-Hans",))["zh-Hans"]]
    assert len(lines[-1]) >= 0.3 * len(lines[-2]) - 1
    assert "".join(lines[1:]) == "玉" * n + "。"


def test_without_fonts_lines_are_broken_by_guess():
    assert titles(lines_of({"en": "Six Things That Were Never Found"}, fonts={})["en"]) == [
        "Six Things That",
        "Were Never Found",
    ]


def test_scripts_are_told_the_lines():
    document = json.loads(plan(small_site()).files["exhibition.json"])
    wall = document["room"]["wall_text"]
    assert set(wall["lines"]) == set(document["languages"])
    assert wall["lines"]["en"][0]["kind"] == "title"


def test_lines_keep_words_whole_and_say_that_something_is_left_out():
    text = "six things that were never found in the ground"
    lines = break_lines(text, len, 12, 9)
    assert " ".join(lines) == text
    assert all(len(line) <= 12 for line in lines)
    assert break_lines(text, len, 12, 2)[-1].endswith("…")
    assert break_lines(text, len, 12, 0) == []


def test_marks_neither_begin_nor_end_a_line_where_they_must_not():
    assert pieces_of("他说：“好。”（笑）") == ["他", "说：", "“好。”", "（笑）"]
    assert in_two("一", len) == ["一"]
