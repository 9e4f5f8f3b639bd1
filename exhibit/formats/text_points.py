"""Points out of tables of text, whose lines may be ragged: what XYZ and PTS share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from exhibit.formats.colors import largest_color, to_eight_bit
from exhibit.formats.points import Chunk, make_scan, narrow
from exhibit.formats.source_file import damaged
from exhibit.formats.text_numbers import text_chunks
from exhibit.model.arrays import F8
from exhibit.model.cloud import Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress

Columns = tuple[int, int, int]
_QUOTES: Final = b"\"'"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the numbers of a text table are written.

    Parameters
    ----------
    separator : ``" "`` (any white space), ``","`` or ``";"``.
    is_decimal_comma : whether ``1,5`` is one and a half.
    data_offset : where the first line of numbers begins, bytes.
    """

    separator: str = " "
    is_decimal_comma: bool = False
    data_offset: int = 0

    def plain(self, text: bytes) -> bytes:
        """Return the text with white space between its words and points as decimal marks."""
        mark = self.separator.encode()
        if mark != b" " and re.search(mark + rb"[ \t]*" + mark, text):
            # an empty field must keep its place, or the columns behind it shift
            text = re.sub(mark + rb"(?=[ \t]*" + mark + rb")", mark + b"nan", text)
        source = _QUOTES + (mark if mark != b" " else b"") + (b"," if self.is_decimal_comma else b"")
        target = b" " * len(_QUOTES) + (b" " if mark != b" " else b"") + (b"." if self.is_decimal_comma else b"")
        return text.translate(bytes.maketrans(source, target))


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are what; those not named are left out."""

    position: Columns
    color: Columns | None = None
    normal: Columns | None = None

    @property
    def used(self) -> list[int]:
        """Every column that is read."""
        return [*self.position, *(self.color or ()), *(self.normal or ())]


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines of a table.

    Parameters
    ----------
    values : (n, c) float64, the lines that have every used column as a number.
    counts : first numbers of lines of a single number (how many points follow, in PTS).
    n_skipped : lines that are neither.
    """

    values: F8
    counts: F8
    n_skipped: int


def parse_rows(text: bytes, dialect: Dialect, used: list[int], n_columns: int | None = None) -> Rows:
    """Parse lines; those that are too short or hold a word in a used column are counted and left out.

    Parameters
    ----------
    n_columns : columns to return, by default up to the last used one; words in further columns become NaN.
    """
    from exhibit.geometry.parse_decimals import parse_decimals

    parsed = parse_decimals(dialect.plain(text))
    lengths = np.diff(parsed.row_ends, prepend=0)
    starts = parsed.row_ends - lengths
    n_columns = n_columns or max(used) + 1
    is_long = lengths >= n_columns
    places = starts[is_long][:, None] + np.arange(n_columns)
    is_sound = ~parsed.is_bad[places][:, used].any(axis=1)
    is_count = (lengths == 1) & ~parsed.is_bad[starts]
    n_skipped = len(lengths) - int(is_sound.sum()) - int(is_count.sum())
    return Rows(parsed.numbers[places[is_sound]], parsed.numbers[starts[is_count]], n_skipped)


def scan_of_rows(
    path: Path, key: str, dialect: Dialect, layout: Layout, progress: Progress, findings: tuple[Finding, ...] = ()
) -> Scan:
    """Count the points of a table, learn the range of its colours, and make its scan."""
    n_points = n_skipped = n_read = 0
    n_promised = 0.0
    largest = 0.0
    n_bytes = max(path.stat().st_size, 1)
    for text in text_chunks(path, dialect.data_offset):
        rows = parse_rows(text, dialect, layout.used)
        n_points += len(rows.values)
        n_skipped += rows.n_skipped
        n_promised += float(np.nan_to_num(rows.counts, nan=0.0, posinf=0.0, neginf=0.0).sum())
        if layout.color:
            largest = max(largest, largest_color(rows.values[:, list(layout.color)]))
        n_read += len(text)
        progress.tick(0.5 * n_read / n_bytes, f"{n_points:,} points")
    if n_skipped > n_points:
        raise damaged(path, f"has {n_points:,} lines that are points and {n_skipped:,} that are not.")
    if key == "pts" and n_points < n_promised:
        raise damaged(path, f"promises {n_promised:,.0f} points and holds {n_points:,}.")
    if n_skipped:
        hint = "Lines that are no points, or lack columns the others have, were left out."
        findings = (*findings, Finding("formats.lines-skipped", n_skipped, "lines", hint, "warning"))
    read_chunks = partial(_chunks, path, dialect, layout, largest)
    return make_scan(path, key, read_chunks, n_points, progress.part(0.5, 1.0), findings=findings)


def _chunks(path: Path, dialect: Dialect, layout: Layout, largest: float) -> Iterator[Chunk]:
    for text in text_chunks(path, dialect.data_offset):
        values = parse_rows(text, dialect, layout.used).values
        if not len(values):
            continue
        yield Chunk(
            values[:, list(layout.position)],
            to_eight_bit(values[:, list(layout.color)], largest) if layout.color else None,
            narrow(values[:, list(layout.normal)]) if layout.normal else None,
        )
