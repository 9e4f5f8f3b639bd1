"""XYZ, TXT, CSV, ASC: a point a line, three columns or more, with or without a line of names.

Separators are white space, comma or semicolon; a decimal comma is understood where it cannot be a separator. Comments
start with ``#`` or ``//`` (a comment that names the columns is believed). Without names, columns four and up are
taken by their values for normals (unit length) or colours (0-1, 0-255, 0-65535); intensity and other scalars are left
out. Nothing in such a file states units or an up-axis.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged, read_head
from exhibit.formats.text_columns import (
    MAX_COLUMNS,
    guess_dialect,
    is_number,
    layout_of_names,
    layout_of_values,
    split_line,
)
from exhibit.formats.text_points import Dialect, Layout, parse_rows, scan_of_rows
from exhibit.model.cloud import Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress

_SAMPLE_BYTES: Final = 1_000_000
_BOM: Final = b"\xef\xbb\xbf"
_MAX_HEADER_LINES: Final = 2


def sniff(head: bytes) -> bool:
    """Return whether text starts with lines of three numbers or more, after at most two lines of something else."""
    if b"\0" in head:
        return False
    return _first_row(head) is not None


def read(path: Path, progress: Progress) -> Scan:
    """Read a table of points."""
    sample = read_head(path, _SAMPLE_BYTES)
    start = _first_row(sample)
    if start is None:
        raise damaged(path, "has no lines of three numbers.", "A point needs x, y and z on one line.")
    offset, dialect = start
    findings: list[Finding] = []
    layout = _named_layout(sample[:offset], dialect)
    if layout is None:
        # a last line cut off by the end of the sample would be a number too short
        text = sample[offset:] if len(sample) < _SAMPLE_BYTES else sample[offset : sample.rfind(b"\n") + 1]
        layout = _guessed_layout(text, dialect)
        if layout.color is None and layout.normal is None and _n_columns(text, dialect) > 4:
            hint = "The further columns look neither like colours nor like normals; name them in a first line."
            findings.append(Finding("formats.columns-unknown", _n_columns(text, dialect), "columns", hint))
    return scan_of_rows(path, "xyz", replace(dialect, data_offset=offset), layout, progress, tuple(findings))


def _first_row(head: bytes) -> tuple[int, Dialect] | None:
    """Return where the first line of numbers begins, and its dialect."""
    offset = 0
    n_other = 0
    for raw in head.splitlines(keepends=True):
        line = raw.removeprefix(_BOM).decode("utf-8", "replace").strip()
        if line and not line.startswith(("#", "//")):
            dialect = guess_dialect(line)
            words = split_line(line.split("#")[0], dialect)
            if len(words) >= 3 and all(is_number(word, dialect) for word in words[:3]):
                return offset + (len(_BOM) if raw.startswith(_BOM) else 0), dialect
            n_other += 1
            # a line of names has one for each column; a word alone is the mark of another format ("OFF", "solid")
            names = [word for word in re.split(r"[\s,;]+", line) if word]
            if n_other > _MAX_HEADER_LINES or (len(names) < 3 and not names[0].isdigit()):
                return None
        offset += len(raw)
    return None


def _named_layout(before: bytes, dialect: Dialect) -> Layout | None:
    """Return the layout that the last line before the numbers with x, y and z in it names."""
    for raw in reversed(before.splitlines()):
        line = raw.removeprefix(_BOM).decode("utf-8", "replace").strip().lstrip("#/ ")
        for way in (dialect, Dialect(","), Dialect(";"), Dialect()):
            layout = layout_of_names(split_line(line, way))
            if layout is not None:
                return layout
    return None


def _n_columns(text: bytes, dialect: Dialect) -> int:
    from exhibit.geometry.parse_decimals import parse_decimals

    lengths = np.diff(parse_decimals(dialect.plain(text)).row_ends, prepend=0)
    lengths = lengths[lengths >= 3]
    return min(int(np.bincount(lengths).argmax()), MAX_COLUMNS) if len(lengths) else 3


def _guessed_layout(text: bytes, dialect: Dialect) -> Layout:
    rows = parse_rows(text, dialect, [0, 1, 2], n_columns=_n_columns(text, dialect))
    return layout_of_values(rows.values)


FORMAT = Format(
    "xyz",
    "XYZ text",
    (".xyz", ".xyzrgb", ".xyzn", ".txt", ".csv", ".asc"),
    read,
    sniff,
    shared_suffixes=(".txt", ".csv", ".asc"),
)
