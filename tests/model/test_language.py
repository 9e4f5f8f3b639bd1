import pytest

from exhibit.model.language import (
    base_of,
    is_language,
    is_missing,
    pick,
    pick_language,
    script_of,
    suggest_language,
    text_language,
)


def test_nothing_can_be_picked_from_nothing():
    assert pick({}, "en") == ""
    assert pick_language((), "en") is None
    assert text_language({"en": "  "}, "en") is None
    assert is_missing({}, "en")


@pytest.mark.parametrize(
    ("available", "language", "default", "given"),
    [
        (("en", "zh-Hans"), "zh-Hans", "", "zh-Hans"),
        (("en", "zh-Hant", "zh-CN"), "zh-Hans", "", "zh-CN"),
        (("en", "zh-Hant"), "zh-Hans", "", "zh-Hant"),
        (("en", "zh-CN", "zh-TW"), "zh-Hant", "", "zh-TW"),
        (("en", "zh-TW"), "zh-HK", "", "zh-TW"),
        (("fr", "en-GB"), "en-US", "", "en-GB"),
        (("fr", "de", "en"), "ja", "en", "en"),
        (("fr", "de", "en-GB"), "ja", "en", "en-GB"),
        (("fr", "de"), "ja", "en", "fr"),
    ],
)
def test_a_reader_gets_his_script_then_his_language_then_the_default_then_anything(available, language, default, given):
    assert pick_language(available, language, default) == given


def test_blank_texts_are_passed_over():
    text = {"zh-Hans": " \n", "en": " Lion "}
    assert pick(text, "zh-Hans") == "Lion"
    assert text_language(text, "zh-Hans") == "en"
    assert is_missing(text, "zh-Hans")
    assert not is_missing(text, "en")


def test_another_tag_of_the_same_script_is_not_missing_but_another_script_is():
    assert not is_missing({"zh-CN": "鼎"}, "zh-Hans")
    assert is_missing({"zh-Hant": "鼎"}, "zh-Hans")
    assert not is_missing({"en": "x"}, "en-GB")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("zh_cn", "zh-CN"), ("ZH-hans", "zh-Hans"), ("cn", "zh-Hans"), ("Chinese", "zh-Hans"), ("繁體", "zh-Hant"),
     ("EN", "en"), ("en_us", "en-US"), ("jp", "ja"), ("zh-hant-hk", "zh-Hant-HK"), ("gibberish", None), ("", None)],
)  # fmt: skip
def test_mistaken_tags_are_recognised(written, meant):
    assert suggest_language(written) == meant
    assert meant is None or is_language(meant)


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "zh-Hant-HK", "es-419", "mn-Mong", "yue"])
def test_tags_of_this_house_are_languages(tag):
    assert is_language(tag)
    assert base_of(tag) == tag.split("-")[0]


@pytest.mark.parametrize("tag", ["", "e", "english", "EN", "zh_Hans", "zh-hans", "en-us", "en\n", "cn", "jp-JP"])
def test_other_strings_are_not(tag):
    assert not is_language(tag)


def test_chinese_has_a_script_even_when_the_tag_does_not_say():
    assert [script_of(tag) for tag in ("zh", "zh-CN", "zh-TW", "zh-HK", "zh-Hant", "en")] == [
        "Hans", "Hans", "Hant", "Hant", "Hant", "",
    ]  # fmt: skip
