"""The transcript knows which caption each word belongs to."""

from exhibit.model.narration import Cue, Narration
from exhibit.publish.webxr.transcript import phrases_of


def told(transcript: str, *cues: str) -> Narration:
    return Narration("en", b"", "", transcript, 2.0, cues=tuple(Cue(n, n + 1, text) for n, text in enumerate(cues)))


def test_captions_mark_their_words_across_paragraphs_and_line_breaks():
    (first, second) = phrases_of(told("One two. Three\nfour.\n\nFive.", "One two.", "Three four.", "Five."))
    assert [(phrase.text, phrase.cue) for phrase in first] == [("One two.", 0), (" ", None), ("Three\nfour.", 1)]
    assert [(phrase.text, phrase.cue, phrase.start_s) for phrase in second] == [("Five.", 2, 2)]


def test_chinese_needs_no_spaces():
    (paragraph,) = phrases_of(told("瓶身匀净，釉如玉。肩饰弦纹。", "瓶身匀净， 釉如玉。", "肩饰弦纹。"))
    assert [phrase.cue for phrase in paragraph] == [0, 1]


def test_captions_that_say_something_else_leave_the_transcript_whole():
    assert phrases_of(told("One two.", "One three."))[0][0].cue is None
    assert len(phrases_of(told("One two, and more words. Three.", "One two,", "Three."))[0]) == 1


def test_nothing_is_lost_or_doubled():
    text = "One (two) – three. Four?"
    (paragraph,) = phrases_of(told(text, "One (two)", "three.", "Four?"))
    assert "".join(phrase.text for phrase in paragraph) == text


def test_without_captions_there_are_paragraphs():
    assert [[phrase.text for phrase in paragraph] for paragraph in phrases_of(told("A.\n\n\nB."))] == [["A."], ["B."]]
