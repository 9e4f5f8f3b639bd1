"""Sizes, years and texts as a reader of each language expects them."""

import pytest

from exhibit.locales import load_words
from exhibit.model.record import Dimensions, Period
from exhibit.publish.webxr.wording import Reader

EN = Reader("en", "zh-Hans", load_words("en"))
ZH = Reader("zh-Hans", "zh-Hans", load_words("zh-Hans"))
SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("length_mm", "english", "chinese"),
    [
        (4, "4 mm", "4 毫米"),
        (9.5, "9.5 mm", "9.5 毫米"),
        (98.5, "9.85 cm", "9.85 厘米"),
        (314, "31.4 cm", "31.4 厘米"),
        (200, "20 cm", "20 厘米"),
        (1830, "1.83 m", "1.83 米"),
    ],
)
def test_lengths_are_said_in_the_unit_people_use(length_mm, english, chinese):
    assert EN.length(length_mm) == english.replace(" ", SPACE)
    assert ZH.length(length_mm) == chinese.replace(" ", SPACE)


@pytest.mark.parametrize(
    ("value", "said"), [(0.0834, "0.083"), (0, "0"), (12.3, "12"), (1234, "1,200"), (0.99, "0.99")]
)
def test_two_figures_never_powers_of_ten(value, said):
    assert EN.significant(value) == said


@pytest.mark.parametrize(
    ("earliest", "latest", "english", "chinese"),
    [
        (-1200, -1050, "1200–1050 BCE", "公元前 1200–前 1050 年"),
        (-50, 120, "50 BCE to 120 CE", "公元前 50 年至公元 120 年"),
        (1127, 1279, "1127–1279", "1127–1279 年"),
        (618, 907, "618 CE to 907 CE", "公元 618 年至公元 907 年"),
        (None, -221, "before 221 BCE", "公元前 221 年以前"),
        (1368, None, "after 1368", "1368 年以后"),
        (1405, 1405, "1405", "1405 年"),
        (None, None, "", ""),
    ],
)
def test_years_carry_their_era_where_it_is_needed(earliest, latest, english, chinese):
    period = Period(text={"en": "x"}, earliest=earliest, latest=latest)
    assert EN.years(period) == english
    assert ZH.years(period) == chinese


def test_dimensions_are_one_line():
    said = EN.dimensions(Dimensions(height_mm=314, diameter_mm=98.5))
    assert said.replace(SPACE, " ") == "height 31.4 cm, diameter 9.85 cm"
    assert EN.dimensions(Dimensions()) == ""


def test_a_missing_translation_says_which_language_it_is_in():
    said = ZH.text({"en": "Glass bead"})
    assert (said.text, said.language) == ("Glass bead", "en")
    assert ZH.text({"zh-Hans": "  "}) is None


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.913, "91 %"), (0.062, "6.2 %"), (1.0, "100 %"), (0.0, "0 %"), (0.0004, "<0.1 %"), (0.9999, ">99.9 %")],
)
def test_shares(share, said):
    assert EN.share(share) == said.replace(" ", SPACE)
