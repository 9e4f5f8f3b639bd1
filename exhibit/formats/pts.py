"""PTS (Leica): a line with the number of points, then ``x y z [intensity] [r g b]`` a line.

Several scans may follow each other, each after its own count. Intensity (-2048 to 2047, or 0 to 1) is left out.
Coordinates are metres by the habit of the scanners that write it, but nothing in the file says so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged, read_head
from exhibit.formats.text_columns import layout_of_values
from exhibit.formats.text_points import Dialect, Layout, parse_rows, scan_of_rows
from exhibit.model.cloud import Scan
from exhibit.progress import Progress


def sniff(head: bytes) -> bool:
    """Return whether text starts with a count alone on its line and then a line of three numbers or more."""
    lines = [line.split() for line in head.splitlines()[:10] if line.strip()]
    if b"\0" in head or not lines or len(lines[0]) != 1 or not lines[0][0].isdigit():
        return False
    return len(lines) == 1 or _is_row(lines[1])


def _is_row(words: list[bytes]) -> bool:
    try:
        return len([float(word) for word in words[:3]]) == 3
    except ValueError:
        return False


def read(path: Path, progress: Progress) -> Scan:
    """Read a PTS file."""
    sample = read_head(path, 1_000_000)
    sample = sample if len(sample) < 1_000_000 else sample[: sample.rfind(b"\n") + 1]
    widths = [len(line.split()) for line in sample.splitlines() if len(line.split()) >= 3]
    if not widths:
        raise damaged(path, "holds no points.", "Export it again with its points.")
    return scan_of_rows(path, "pts", Dialect(), _layout(sample, int(np.bincount(widths).argmax())), progress)


def _layout(sample: bytes, n_columns: int) -> Layout:
    match n_columns:
        case 3 | 4 | 5:
            return Layout((0, 1, 2))
        case 7:
            return Layout((0, 1, 2), (4, 5, 6))
    return layout_of_values(parse_rows(sample, Dialect(), [0, 1, 2], n_columns).values)


FORMAT = Format("pts", "PTS", (".pts",), read, sniff)
