"""What a record, a sidecar or a table row says of cleaning, as options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from exhibit.model.record import ScanSource
from exhibit.model.steering import parse_plane
from exhibit.pipeline.mask_file import load_mask


def steering_of(words: ScanSource, folder: Path) -> dict[str, Any]:
    """Return the options of cleaning by name, None where nothing is said.

    Parameters
    ----------
    folder : where a mask that is named lies.

    Raises
    ------
    DefinitionError : the mask cannot be read.
    """
    return {
        "keep_table": True if words.plane == "none" else words.keep_table,
        "keep_neighbours": words.keep_neighbours,
        "crop": words.crop,
        "plane": parse_plane(words.plane) if words.plane else None,
        "keep_largest": words.keep_largest,
        "skip": words.skip,
        "align": words.align,
        "mask": load_mask(folder / words.mask) if words.mask else None,
    }
