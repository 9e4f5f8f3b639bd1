"""Text cut into captions: at sentence ends, then at commas, two lines each, as subtitlers do it.

Lines hold at most 42 Latin or 18 Chinese characters (the BBC's and Netflix's timed text guides agree on 37 to 42 and
on 16 to 18); a line never begins with closing punctuation nor ends with an opening bracket (JIS X 4051, GB/T 15834).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Ending = Literal["clause", "sentence", "paragraph"]

_CLOSING: Final = "，。、；：？！）》」』】〉”’％…—·,.;:?!)]}%»›؟۔।"
_OPENING: Final = "（《「『【〈“‘([{«‹"
_CLAUSE: Final = "，、；：,;:—–)）"
_SENTENCE = re.compile(r"[。！？；…؟۔।]+[”’」』）】》\"')\]]*|[.!?]+[\"'”’)\]]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“])(?:[A-Za-z]|c|ca|cf|cm|mm|no|nos|nr|inv|st|dr|mr|mrs|ms|prof|fig|figs|pl|vs|etc|e\.g|i\.e|b\.c|a\.d"
    r"|b\.c\.e|c\.e|vol|ed|eds|pp)\.$",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(r"(?:[kcm]?m|µm|k?g|kg|BCE?|CE|AD|%)\b")
_SHORT_WEIGHT: Final = 1.2


@dataclass(frozen=True, slots=True)
class CaptionText:
    """The words of one caption, and how long they take to say.

    Parameters
    ----------
    text : one line, or two separated by a line feed.
    weight : seconds of speech at a calm pace, pauses left out.
    ending : whether a paragraph, a sentence or only a part of one ends with it.
    """

    text: str
    weight: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class LineLimits:
    """How many characters a line holds; mixed text counts each kind by its share."""

    latin: int = 42
    cjk: int = 18


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text (separated by empty lines), each as one line."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(line for block in blocks if (line := _joined(block)))


def cut_into_captions(text: str, limits: LineLimits = LineLimits()) -> tuple[CaptionText, ...]:
    """Cut a text into captions that together hold every word of it, in order.

    Parameters
    ----------
    text : paragraphs separated by empty lines, in any script.
    limits : characters a line.
    """
    captions: list[CaptionText] = []
    for paragraph in paragraphs_of(text):
        pieces = [piece for sentence in _sentences(paragraph, limits) for piece in _pieces(sentence, limits)]
        for number, (piece, is_end) in enumerate(pieces, 1):
            ending: Ending = "paragraph" if number == len(pieces) else "sentence" if is_end else "clause"
            captions.append(CaptionText("\n".join(_wrap(piece, limits) or [piece]), speech_weight(piece), ending))
    return tuple(captions)


def speech_weight(text: str) -> float:
    """Return about how many seconds it takes to say `text` calmly, without pauses."""
    weight = 0.0
    for letter in text:
        if letter.isdigit():
            weight += 0.22
        elif _is_wide(letter):
            weight += 0.24 if letter.isalpha() else 0.0
        elif letter.isalpha():
            weight += 0.068
    return max(weight, 0.05)


def _joined(block: str) -> str:
    lines = [" ".join(line.split()) for line in block.split("\n")]
    joined = ""
    for line in filter(None, lines):
        # Chinese needs no space where an editor broke the line
        is_tight = joined and _is_wide(joined[-1]) and _is_wide(line[0])
        joined += line if not joined or is_tight else f" {line}"
    return joined


def _sentences(paragraph: str, limits: LineLimits) -> Iterator[str]:
    """Yield the sentences; very short ones are joined to their neighbour where both fit one caption."""
    held = ""
    for sentence in _split_sentences(paragraph):
        joined = f"{held} {sentence}" if held and not _is_wide(held[-1]) else held + sentence
        is_short = min(speech_weight(held), speech_weight(sentence)) <= _SHORT_WEIGHT
        if held and not (is_short and _reads_well(joined, limits)):
            yield held
            held = sentence
        else:
            held = joined
    if held:
        yield held


def _split_sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE.finditer(paragraph):
        is_last = match.end() == len(paragraph)
        if not is_last and match[0] == "." and _ABBREVIATION.search(paragraph[: match.end()]):
            continue
        sentence = paragraph[start : match.end()].strip()
        if sentence:
            yield sentence
        start = match.end()
    if paragraph[start:].strip():
        yield paragraph[start:].strip()


def _pieces(sentence: str, limits: LineLimits) -> Iterator[tuple[str, bool]]:
    """Yield parts of a sentence that fit a caption each, and whether the sentence ends with it."""
    rest = sentence
    while not _reads_well(rest, limits):
        n_parts = max(2, int(_width(rest, limits) / 1.8) + 1)
        at = _best_cut(rest, _width(rest, limits) / n_parts, limits)
        yield rest[:at].strip(), False
        rest = rest[at:].strip()
    yield rest, True


def _reads_well(text: str, limits: LineLimits) -> bool:
    """Tell whether `text` fits one caption; Chinese with commas must not be broken anywhere else.

    Between spaces any break is between words; between Chinese characters only punctuation says so for certain.
    """
    lines = _wrap(text, limits)
    if lines is None or len(lines) == 1 or lines[0][-1] in _CLAUSE + "。！？" or not _is_wide(lines[0][-1]):
        return lines is not None
    return not any(letter in _CLAUSE for letter in text[:-1])


def _best_cut(text: str, wanted: float, limits: LineLimits) -> int:
    """Return where to cut `text` so that the first part fits a caption and is about `wanted` lines wide."""
    best, cost = 0, 99.0
    for at in _breaks(text):
        width = _width(text[:at].rstrip(), limits)
        if width > 2.0:
            break
        price = abs(width - wanted) + (0.0 if text[:at].rstrip()[-1] in _CLAUSE else 0.6)
        if price < cost and _wrap(text[:at].strip(), limits) is not None:
            best, cost = at, price
    return best or _hard_cut(text, 2.0, limits)


def _wrap(text: str, limits: LineLimits) -> list[str] | None:
    """Return `text` as one or two balanced lines, or None where it does not fit."""
    total = _width(text, limits)
    if total <= 1.0:
        return [text]
    if total > 2.1:
        return None
    best, cost = None, 99.0
    for at in _breaks(text):
        first, second = text[:at].rstrip(), text[at:].lstrip()
        widths = _width(first, limits), _width(second, limits)
        price = abs(widths[0] - widths[1]) - (0.25 if first[-1] in _CLAUSE else 0.0)
        if max(widths) <= 1.0 and price < cost:
            best, cost = [first, second], price
    if best is None and not any(True for _ in _breaks(text)):
        at = _hard_cut(text, 1.0, limits)
        if _width(text[at:], limits) <= 1.0:
            best = [text[:at], text[at:]]
    return best


def _breaks(text: str) -> Iterator[int]:
    """Yield the places where a line may end: after spaces and hyphens, and between Chinese characters."""
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if after.isspace() or unicodedata.combining(after) or after in _CLOSING or before in _OPENING:
            continue
        if before.isspace() and text[at - 2].isdigit() and _UNIT.match(text, at):
            continue
        is_between_wide = (_is_wide(before) or _is_wide(after)) and not before.isdigit()
        if before.isspace() or is_between_wide or (before in "-—–/" and at > 2):
            yield at


def _hard_cut(text: str, lines: float, limits: LineLimits) -> int:
    """Return how many characters fit `lines` lines where nothing allows a break; at least one."""
    at = 1
    while at < len(text) and (_width(text[: at + 1], limits) <= lines or unicodedata.combining(text[at])):
        at += 1
    return at


def _width(text: Sequence[str], limits: LineLimits) -> float:
    """Return how many lines `text` fills, as a share of one line each."""
    wide = sum(_is_wide(letter) for letter in text)
    narrow = sum(not unicodedata.combining(letter) for letter in text) - wide
    return wide / limits.cjk + narrow / limits.latin


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
