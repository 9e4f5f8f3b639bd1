"""Remedies in the words of the command they are read in: ``convert`` has options, a project has records."""

from __future__ import annotations

import re
from typing import Final

_IN_RECORD: Final = {
    "--keep-table": "keep_table = true",
    "--keep-neighbours": "keep_neighbours = true",
    "--close-holes": "close_holes = true",
    "--engine open3d": 'engine = "open3d"',
    "--units": "units",
    "--height": "height_mm",
    "--up": "up",
}
_OPTION: Final = re.compile("|".join(rf"{re.escape(option)}\b" for option in _IN_RECORD))


def in_record(sentence: str, relic: str) -> str:
    """Return a sentence that names options of ``convert`` with the keys of the relic's record instead."""
    keyed, n_keys = _OPTION.subn(lambda found: _IN_RECORD[found[0]], sentence)
    if not n_keys:
        return sentence
    end = "" if keyed.endswith((".", ")")) else "."
    return f"{keyed}{end} (The place for it: [scan] in assets/{relic}/relic.toml.)"
