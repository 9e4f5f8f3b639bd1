"""Every language says everything, with the same places to fill in."""

import re
import string

import pytest

from exhibit import locales
from exhibit.model.language import is_language
from exhibit.resources import shipped

ALL = locales.languages()
TABLES = ("page", "ui")


def table(language: str, name: str) -> dict[str, str]:
    return dict(getattr(locales.load_words(language), name))


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", ALL)
def test_every_language_has_the_same_words_to_say(language, name):
    assert table(language, name).keys() == table("en", name).keys()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", ALL)
def test_no_word_is_empty_and_none_has_idle_space(language, name):
    for key, words in table(language, name).items():
        assert words.strip(), key
        assert words == words.strip() or key == "number.separator", key


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("language", ALL)
def test_the_places_to_fill_in_are_the_same(language, name):
    english = table("en", name)
    for key, words in table(language, name).items():
        if not key.startswith("cite.kept"):  # a language may leave the number of the inventory out
            assert places(words) == places(english[key]), key


@pytest.mark.parametrize("language", ALL)
def test_a_language_names_itself_and_its_direction(language):
    words = locales.load_words(language)
    assert is_language(language)
    assert words.language == language
    assert words.name
    assert words.direction in ("ltr", "rtl")


def test_chinese_is_set_with_chinese_punctuation():
    for key, words in (table("zh-Hans", "page") | table("zh-Hans", "ui")).items():
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", words), (key, words)


def test_a_language_without_words_is_served_by_the_nearest():
    assert locales.load_words("zh-CN").language == "zh-Hans"
    assert locales.load_words("fr").language == "en"


def test_a_word_that_is_not_there_is_no_silence():
    with pytest.raises(KeyError):
        locales.load_words("en").say("no.such-word")
    with pytest.raises(KeyError):
        locales.load_words("en").say("relic.number")


def test_the_scripts_words_are_those_there_are():
    source = (shipped("site_template") / "src" / "core" / "words.ts").read_text(encoding="utf-8")
    asked = set(re.findall(r"'([a-z_.]+)'", source.partition("WORDS = [")[2].partition("] as const")[0]))
    assert asked and asked == set(table("en", "ui"))
