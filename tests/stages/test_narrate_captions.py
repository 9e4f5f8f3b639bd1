"""WebVTT in and out: checked line by line, and nothing in it can run."""

import pytest

from exhibit.errors import DefinitionError
from exhibit.model.narration import Cue
from exhibit.stages.captions import fit_captions, read_captions, write_captions

GOOD = """WEBVTT - made by hand
Kind: captions

NOTE a remark
over two lines

STYLE
::cue { color: url(https://evil.example/) }

1
00:01.000 --> 00:03.500 line:0 align:start onclick:alert(1)
First line
second <i>line</i>

intro
00:00:03.500 --> 00:00:05.000
<v Ann>Ding &amp; bell</v>
"""


def test_cues_keep_times_settings_and_webvtt_s_own_tags():
    first, second = read_captions(GOOD)
    assert first == Cue(1.0, 3.5, "First line\nsecond line", "line:0 align:start", "First line\nsecond <i>line</i>")
    assert second == Cue(3.5, 5.0, "Ding & bell", "", "<v Ann>Ding &amp; bell</v>")


def test_what_is_written_reads_back_the_same():
    cues = read_captions(GOOD)
    assert read_captions(write_captions(cues)) == cues
    assert write_captions(cues).startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.500 line:0 align:start\n")
    assert write_captions(()) == ""


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(newline):
    assert read_captions("\ufeff" + GOOD.replace("\n", newline)) == read_captions(GOOD)


def test_subrip_is_read_too():
    cues = read_captions("1\n00:00:01,000 --> 00:00:02,500\n你好\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n")
    assert cues == (Cue(1.0, 2.5, "你好"), Cue(3.0, 4.0, "Bye"))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ('<img src=x onerror="alert(1)">Hi', "Hi"),
        ("<i onclick=alert(1)>Hi</i>", "Hi"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("a < b and c > d", "a < b and c > d"),
        ("<b", ""),
    ],
)
def test_html_in_captions_is_words_or_nothing(words, text):
    cues = read_captions(f"WEBVTT\n\n00:01.000 --> 00:02.000\nx {words}\n")
    assert cues[0].text.startswith(f"x {text}".strip())
    written = write_captions(cues).split("\n", 3)[3]
    assert "<script" not in written and "<img" not in written and 'onerror="' not in written.replace("&lt;", "")


def test_plain_words_that_look_like_markup_are_escaped():
    written = write_captions([Cue(0, 1, "a <b> & 1 --> 2\n\nc")])
    assert "a &lt;b&gt; &amp; 1 --&gt; 2\nc\n" in written
    assert read_captions(written)[0].text == "a <b> & 1 --> 2\nc"


@pytest.mark.parametrize(
    ("vtt", "line", "message"),
    [
        ("", "line 1", "does not begin with WEBVTT"),
        ("WEBVTT\n", "line 1", "holds no captions"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", "line 1", "does not begin with WEBVTT"),
        ("00:01.000 --> 00:02.000\nx", "line 1", "does not begin with WEBVTT"),
        ("WEBVTT\n\nHello there\n", "line 3", "words without times ('Hello there')"),
        ("WEBVTT\n\n00:01 --> 00:02\nx", "line 3", "times are not readable"),
        ("WEBVTT\n\n1\n00:01.000 --> 00:99.000\nx", "line 4", "times are not readable"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", "line 3", "ends (00:00:01.000) before it begins"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nx", "line 3", "before it begins"),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:02.000\ny", "line 6", "before the caption above"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(vtt, line, message):
    with pytest.raises(DefinitionError) as caught:
        read_captions(vtt)
    assert caught.value.problems[0].key == line
    assert message in caught.value.problems[0].message


def test_all_mistakes_are_listed():
    vtt = "WEBVTT\n\n00:01 --> 00:02\nx\n\nlost words\n\n00:05.000 --> 00:04.000\ny\n"
    with pytest.raises(DefinitionError) as caught:
        read_captions(vtt)
    assert [one.key for one in caught.value.problems] == ["line 3", "line 6", "line 8"]


def test_captions_of_another_recording_are_refused_and_a_small_overhang_is_cut():
    cues = (Cue(0, 4, "a"), Cue(4, 10.4, "b"))
    assert fit_captions(cues, 10.0)[-1].end_s == 10.0
    with pytest.raises(DefinitionError, match="1 caption after the end of the recording"):
        fit_captions(cues, 8.0)
    with pytest.raises(DefinitionError, match="2 captions"):
        fit_captions((Cue(5, 5.5, "a"), Cue(5.5, 5.9, "b")), 5.0)


def test_a_hostile_file_is_read_in_no_time():
    import time

    started = time.perf_counter()
    for data in (
        "WEBVTT\n\n" + "<" * 300_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000 " + "a:" * 100_000 + "\n" + "<i " * 100_000,
    ):
        try:
            read_captions(data)
        except DefinitionError as error:
            assert len(str(error)) < 1000
    assert time.perf_counter() - started < 5
