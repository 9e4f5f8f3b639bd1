"""Whether a scan can be read at all, found out in moments: from its header, and how much there is behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from exhibit import formats
from exhibit.errors import ExhibitError

WHOLE_ONLY: Final = frozenset({".xyz", ".txt", ".csv", ".asc", ".pts", ".obj", ".off"})
"""Texts without counts: they are read to their end, so that only small ones are worth a look beforehand."""
_LARGE_BYTES: Final = 64 * 2**20


def fault_of(scan: Path) -> ExhibitError | None:
    """Return why a scan cannot be read, or None where nothing is seen of that before all of it is read."""
    try:
        if scan.suffix.lower() in WHOLE_ONLY and scan.stat().st_size > _LARGE_BYTES:
            return None
        formats.read(scan)
    except ExhibitError as fault:
        return fault
    except OSError as fault:
        return ExhibitError(f"cannot be read: {fault.strerror or fault}.", where=str(scan))
    return None
