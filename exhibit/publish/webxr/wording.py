"""How the pages of one language say texts, numbers, lengths, years."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from exhibit.locales import Words
from exhibit.model.record import Dimensions, Period, Text, pick, text_language

_COLON: Final = re.compile("：|: ")
FIRST_PLAIN_YEAR: Final = 1000
"""From here on a year needs no era to be understood."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and the language it is in, which is not the page's when there is no translation."""

    text: str
    language: str

    def halves(self) -> tuple[str, str, str] | None:
        """Split a title at its first colon: title, colon, subtitle; None where it has none."""
        found = _COLON.search(self.text)
        if not found or not (before := self.text[: found.start()].strip()) or not self.text[found.end() :].strip():
            return None
        return before, found[0], self.text[found.end() :].strip()

    def paragraphs(self) -> list[str]:
        """Split at empty lines."""
        blocks = self.text.replace("\r\n", "\n").split("\n\n")
        return [" ".join(block.split("\n")).strip() for block in blocks if block.strip()]


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of one language.

    Parameters
    ----------
    language : the page's.
    default : the site's first language, asked when a text has no translation.
    words : what the site itself says.
    """

    language: str
    default: str
    words: Words

    def text(self, text: Text) -> Said | None:
        """Return `text` for this reader, or None when it is blank."""
        found = text_language(text, self.language, self.default)
        if found is None:
            return None
        # its own language under another tag (zh for zh-Hans) needs no lang attribute of its own
        return Said(pick(text, self.language, self.default), found)

    def own(self, text: str) -> Said:
        """Return words that are in the page's own language."""
        return Said(text, self.words.language)

    def marked(self, said: Said) -> Said:
        """Return words that cannot be in the language they are said to be in, by their letters, without a language.

        An English book in a Chinese list is English, or French; an empty language is the HTML for "not known".
        """
        is_east = any("\u2e80" <= one <= "\u9fff" or "\uac00" <= one <= "\ud7af" for one in said.text)
        return said if is_east == (said.language.partition("-")[0] in ("zh", "ja", "ko")) else Said(said.text, "")

    def sentences(self, said: list[str]) -> str:
        """Return sentences one after the other; Chinese and Japanese leave no gap between them."""
        return ("" if self.words.language.partition("-")[0] in ("zh", "ja") else " ").join(said)

    def number(self, value: float, digits: int = 0) -> str:
        """``12,345.6`` in the reader's notation."""
        plain = f"{value:,.{digits}f}"
        marks = {",": self.words.page["number.group"], ".": self.words.page["number.decimal"]}
        return "".join(marks.get(sign, sign) for sign in plain)

    def trimmed(self, value: float, digits: int) -> str:
        """Return `value` with at most so many digits, without idle zeros."""
        mark = self.words.page["number.decimal"]
        number = self.number(value, digits)
        return number.rstrip("0").removesuffix(mark) if mark in number else number

    def significant(self, value: float, figures: int = 2) -> str:
        """Return `value` to so many significant figures, never in powers of ten."""
        if not math.isfinite(value):
            return "–"
        digits = 0 if value == 0 else figures - 1 - math.floor(math.log10(abs(value)))
        return self.number(round(value, digits), max(0, digits))

    def unit(self, unit: str, number: str) -> str:
        """``12 mm``."""
        return self.words.say(f"unit.{unit}", n=number).replace(" ", "\u00a0")  # no line ends between them

    def length(self, length_mm: float) -> str:
        """Return a size: millimetres below 1 cm, centimetres below 1 m, then metres."""
        return self.lengths((length_mm,))

    def lengths(self, lengths_mm: tuple[float, ...]) -> str:
        """Return ``12 × 30.5 × 8 cm``: all in the unit that suits the longest."""
        longest = max(lengths_mm)
        unit, in_mm, digits = ("mm", 1, 1) if longest < 10 else ("cm", 10, 2) if longest < 1000 else ("m", 1000, 2)
        return self.unit(unit, " × ".join(self.trimmed(mm / in_mm, digits) for mm in lengths_mm))

    def small_length(self, length_mm: float) -> str:
        """Return a distance in millimetres to two figures."""
        return self.unit("mm", self.significant(length_mm))

    def weight(self, weight_g: float) -> str:
        """Return grams below 1 kg, then kilograms."""
        if weight_g < 1000:
            return self.unit("g", self.significant(weight_g, 3))
        return self.unit("kg", self.trimmed(weight_g / 1000, 2))

    def bytes(self, n_bytes: int) -> str:
        """Return kilobytes below 1 MB, then megabytes (decimal)."""
        if n_bytes < 1_000_000:
            return self.unit("kb", self.number(max(1, round(n_bytes / 1000))))
        return self.unit("mb", self.number(n_bytes / 1_000_000, 1))

    def share(self, share: float) -> str:
        """Return a share of one as percent; what is not nothing, or not all, is never rounded to it."""
        percent = 100 * share
        if 0 < percent < 0.05 or 99.95 <= percent < 100:
            near = "<" + self.number(0.1, 1) if percent < 1 else ">" + self.number(99.9, 1)
            return self.unit("percent", near)
        return self.unit("percent", self.trimmed(percent, 1 if percent < 10 or percent > 99 else 0))

    def year(self, year: int) -> str:
        """``1100 BCE``."""
        if year < 0:
            return self.words.say("year.bce", year=-year)
        return self.words.say("year.ce" if year < FIRST_PLAIN_YEAR else "year.plain", year=year)

    def years(self, period: Period | None) -> str:
        """Return the span of possible years, or an empty text."""
        if period is None or (period.earliest is None and period.latest is None):
            return ""
        if period.latest is None:
            return self.words.say("year.after", year=self.year(period.earliest or 0))
        if period.earliest is None:
            return self.words.say("year.before", year=self.year(period.latest))
        if period.earliest == period.latest:
            return self.year(period.latest)
        if period.latest < 0 or period.earliest >= FIRST_PLAIN_YEAR:
            era = "bce" if period.latest < 0 else "plain"
            return self.words.say(f"year.range-{era}", earliest=abs(period.earliest), latest=abs(period.latest))
        return self.words.say("year.range", earliest=self.year(period.earliest), latest=self.year(period.latest))

    def dimensions(self, dimensions: Dimensions) -> str:
        """``height 31 cm, width 20 cm``, or an empty text."""
        sides = (
            ("height", dimensions.height_mm),
            ("width", dimensions.width_mm),
            ("depth", dimensions.depth_mm),
            ("diameter", dimensions.diameter_mm),
        )
        said = [self.words.say(f"dimension.{side}", value=self.length(mm)) for side, mm in sides if mm is not None]
        return self.words.page["number.separator"].join(said)
