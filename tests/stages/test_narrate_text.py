"""Captions cut from text: every word, two lines at most, broken where a reader would."""

import random

import pytest

from exhibit.stages.caption_text import LineLimits, cut_into_captions, paragraphs_of, speech_weight

ENGLISH = (
    "This round vessel was made for you, so that a museum can be walked through before the first scan arrives. "
    "It follows the ritual bronzes of the late Shang, around 1200 BCE: three legs, two upright handles, and a belly "
    "cast with a mask.\n\nLook at the mask. Its eyes stand out ca. 3.5 mm from a ground of fine spirals! Do you see it?"
)
CHINESE = (
    "这件圆鼎是为您制作的模型，好让您在第一份扫描到来之前就能走进展厅。它仿照商代晚期的青铜礼器，约公元前1200年：三足、两耳，"
    "腹部铸有兽面纹。\n\n“请看兽面！”双眼从细密的云雷纹地上凸起；纹饰先压印在陶范上，再浇铸青铜（见《考古》第3期）。"
)
TEXTS = {
    "English": ENGLISH,
    "Chinese": CHINESE,
    "mixed": "鼎 (ding) 是 Shang dynasty 的礼器，see fig. 3。The museum 博物馆 keeps 12 of them。",
    "no punctuation": "word " * 200,
    "no punctuation, Chinese": "鼎" * 300,
    "one endless word": "x" * 500,
    "only punctuation": "…… —— !!! 。。。",
    "combining": "e\u0301" * 300,
    "Thai": "พิพิธภัณฑสถานแห่งชาติ" * 10,
    "Arabic": "هذا إناء برونزي من عصر شانغ، له ثلاث أرجل. هل ترى القناع؟ " * 5,
    "one letter": "x",
}


def squeezed(text):
    return "".join(text.split())


def width(line):
    import unicodedata

    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
    marks = sum(bool(unicodedata.combining(letter)) for letter in line)
    return wide / 18 + (len(line) - wide - marks) / 42


@pytest.mark.parametrize("text", ["", " \n\n ", "\r\n\r\n"])
def test_no_text_gives_no_captions(text):
    assert cut_into_captions(text) == ()
    assert paragraphs_of(text) == ()


def check(text, limits=LineLimits()):
    captions = cut_into_captions(text, limits)
    assert squeezed("".join(caption.text for caption in captions)) == squeezed(text)
    for caption in captions:
        lines = caption.text.split("\n")
        assert 1 <= len(lines) <= 2
        assert all(line and line == line.strip() for line in lines)
        assert caption.weight > 0
        if limits == LineLimits():
            assert max(map(width, lines)) <= 1.0 + 1e-9, lines
    return captions


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_captions_hold_every_word_in_order_and_no_line_is_too_long(text):
    captions = check(text)
    assert captions[-1].ending == "paragraph"


@pytest.mark.parametrize("seed", range(40))
def test_the_same_holds_for_any_text(seed):
    pick = random.Random(seed)
    letters = "abc DE  12.5,;:—-“”()!?\n鼎青铜器，。、；：？！“”《》（）…é\u0301ก"
    check("".join(pick.choice(letters) for _ in range(pick.randrange(1, 600))).strip() or "x")


def test_sentences_end_where_readers_end_them():
    ends = [(one.text.replace("\n", " "), one.ending) for one in cut_into_captions(ENGLISH)]
    assert ends[1] == ("so that a museum can be walked through before the first scan arrives.", "sentence")
    assert ("Do you see it?", "paragraph") in ends
    assert any("ca. 3.5 mm" in text for text, _ in ends), "neither an abbreviation nor a decimal ends a sentence"


@pytest.mark.parametrize("n", range(4, 10))
def test_numbers_keep_their_units(n):
    captions = cut_into_captions("word " * n + "12 mm" + " word" * n)
    assert any("12 mm" in caption.text for caption in captions)


def test_chinese_breaks_at_its_punctuation_and_never_begins_a_line_with_it():
    captions = cut_into_captions(CHINESE)
    assert captions[0].text == "这件圆鼎是为您制作的模型，"
    for caption in captions:
        for line in caption.text.split("\n"):
            assert line[0] not in "，。、；：？！）》”"
            assert line[-1] not in "（《“"


@pytest.mark.parametrize("n", range(8, 40))
@pytest.mark.parametrize("sign", "·》”")
def test_no_line_begins_with_a_sign_that_closes(n, sign):
    for caption in cut_into_captions("鼎" * n + sign + "器" * n):
        assert not any(line.startswith(sign) for line in caption.text.split("\n"))


def test_lines_broken_by_an_editor_are_joined_without_a_gap_in_chinese_and_with_one_in_english():
    assert paragraphs_of("青铜\n器\n\nround\nvessel") == ("青铜器", "round vessel")


def test_narrower_lines_give_more_captions():
    assert len(check(ENGLISH, LineLimits(latin=20, cjk=9))) > len(check(ENGLISH))


def test_a_long_text_is_cut_in_no_time():
    import time

    started = time.perf_counter()
    check((ENGLISH + "\n\n" + CHINESE + "\n\n") * 60)
    assert time.perf_counter() - started < 10


def test_chinese_characters_take_longer_to_say_than_letters():
    assert speech_weight("鼎") > 3 * speech_weight("d")
    assert speech_weight("") > 0
