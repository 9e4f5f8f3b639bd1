"""What stands on the end wall, line by line: decided once, for the hall's picture and for the hall itself.

The room's script and the printed picture write with different engines, and would break lines each in its own way.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from PIL import ImageFont

from exhibit.model.exhibition import Exhibition
from exhibit.model.record import Text, pick
from exhibit.publish.webxr.document import WallLine
from exhibit.publish.webxr.fonts import codes_of
from exhibit.publish.webxr.line_breaks import Measure, break_lines, in_two

TITLE_M: Final = (0.14, 0.46)
"""Height of the title: share of the text's width, and at most."""
SMALLEST: Final = 0.64
"""A title is rather set so much smaller than broken into two lines."""
OTHER: Final = 0.42
"""Height of the title in the second language, as a share of the first's."""
STATEMENT_M: Final = 0.095
MEASURE: Final = 0.74
"""Width of the statement's lines, as a share of the title's: long lines are hard to follow on a wall."""
MOST_LINES: Final = 9
LEADING: Final = 1.32
TALL_M: Final = 2.2
"""Height of the whole; what has no place in it is left out."""
LEAST_LAST: Final = 0.3
"""The last line of the statement is at least so long, as a share of the others, where a little stretching helps."""
_STRETCHES: Final = (1.0, 1.04, 0.96, 1.08, 0.92, 1.12, 0.88)
_SENTENCE_END: Final = re.compile(r"[。！？]+[”’」』）]*|[.!?]+[”’\")]*(?=\s|$)|$")
_UNIT: Final = 200
"""Pixels at which fonts are measured."""


def wall_lines(
    exhibition: Exhibition, languages: tuple[str, ...], width_m: float, fonts: Mapping[str, bytes]
) -> dict[str, tuple[WallLine, ...]]:
    """Return the lines for readers of each language, from the top down, in a column of `width_m`."""
    measures = tuple((codes, _measure(data)) for data, codes in codes_of(fonts))

    def measure_for(text: str) -> Measure:
        return next((measure for codes, measure in measures if all(ord(one) in codes for one in text)), _guess)

    return {tag: tuple(_lines(exhibition, tag, languages, width_m, measure_for)) for tag in languages}


def _lines(
    exhibition: Exhibition,
    language: str,
    languages: tuple[str, ...],
    width_m: float,
    measure_for: Callable[[str], Measure],
) -> list[WallLine]:
    def said(text: Text) -> str:
        return " ".join((pick(text, language, languages[0]) or "").split())

    second = next((tag for tag in languages if tag != language), language)
    title = said(exhibition.title)
    # who stands in a hall reads a paragraph; the rest is on the front page
    statement = " ".join((pick(exhibition.statement, language, languages[0]) or "").strip().split("\n\n")[0].split())
    other = " ".join((pick(exhibition.title, second, languages[0]) or "").split())
    size_m = min(TITLE_M[0] * width_m, TITLE_M[1])
    column = _Column()
    if title:
        column.write("title", *_fitted(title, size_m, width_m, measure_for(title)), 0.0)
    if other and other != title:
        column.write("other", *_fitted(other, OTHER * size_m, width_m, measure_for(other)), 0.12 * size_m)
    if statement:
        measure = measure_for(statement)
        gap_m = 0.45 * size_m
        most = min(MOST_LINES, int((TALL_M - column.down_m - gap_m) / (LEADING * STATEMENT_M)))
        column.write("statement", _whole(statement, measure, MEASURE * width_m / STATEMENT_M, most), STATEMENT_M, gap_m)
    return column.lines


def _fitted(text: str, size_m: float, width_m: float, measure: Measure) -> tuple[list[str], float]:
    """Return a title's lines and their height: one line where little is missing, else two."""
    share = width_m / max(size_m * measure(text), 1e-6)
    if share >= SMALLEST:
        return [text], size_m * min(1.0, share)
    rows = in_two(text, measure)
    return rows, min(size_m, width_m / max(map(measure, rows)))


def _whole(text: str, measure: Measure, width: float, most: int) -> list[str]:
    """Return as many whole sentences as fit into `most` lines; of a first one that is longer, what fits."""
    rows, words = list[str](), ""
    for end in (found.end() for found in _SENTENCE_END.finditer(text)):
        tried = break_lines(text[:end].rstrip(), measure, width, most + 1)
        if len(tried) > most:
            break
        rows = tried
        words = text[:end].rstrip()
    if not rows:
        return break_lines(text, measure, width, most)
    # a last line of a word or two looks lost: lines a little longer or shorter take it in, or give it company
    tries = [break_lines(words, measure, stretch * width, most + 1) for stretch in _STRETCHES]
    fair = [one for one in tries if len(one) == 1 or measure(one[-1]) >= LEAST_LAST * width]
    return next((one for one in fair if len(one) <= most), rows)


class _Column:
    def __init__(self) -> None:
        self.lines: list[WallLine] = []
        self.down_m = 0.0

    def write(self, kind: Literal["title", "other", "statement"], rows: list[str], size_m: float, gap_m: float) -> None:
        self.down_m += gap_m
        for row in rows:
            base = round(self.down_m + size_m, 4)
            self.lines.append(WallLine(kind=kind, text=row, size_m=round(size_m, 4), base_m=base))
            self.down_m += LEADING * size_m


def _measure(data: bytes) -> Measure:
    font = ImageFont.truetype(io.BytesIO(data), _UNIT)
    return lambda text: font.getlength(text) / _UNIT


def _guess(text: str) -> float:
    """Return about how wide a text is in fonts nobody here has, in heights of its letters."""
    return sum(1.0 if ord(letter) >= 0x2E80 else 0.5 for letter in text)
