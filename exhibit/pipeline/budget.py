"""How much memory a relic takes, and how many points may be worked on within what is given.

Sums of resident memory over the command, its worker and the engine's process, of whole conversions measured on clouds
of 0.1 to 20 million points: what a level's maps and the loaded libraries take does not depend on the scan, all else
grows with the points that are worked on. Points beyond those are averaged as they are read, in cells that hold a few
dozen bytes each, so that a file may be of any size.
"""

from __future__ import annotations

from collections.abc import Sequence

from exhibit.errors import UsageError

FIXED_BYTES = {"thumb": 700 * 2**20, "room": 720 * 2**20, "hero": 800 * 2**20, "inspect": 1250 * 2**20}
"""What is taken whatever the scan, by the finest level that is made."""
BYTES_PER_POINT = 1500
FEWEST_POINTS = 50_000
"""Points below which a scan is not averaged to fit: a coarser model is not what was asked for."""


def bytes_for(n_points: int, levels: Sequence[str]) -> int:
    """Return the memory that a relic of so many points takes at its peak, with these levels."""
    return max(FIXED_BYTES[name] for name in levels) + n_points * BYTES_PER_POINT


def points_within(memory_bytes: int, levels: Sequence[str]) -> int:
    """Return how many points may be worked on within `memory_bytes`.

    Raises
    ------
    UsageError : not even the fewest would fit.
    """
    least = bytes_for(FEWEST_POINTS, levels)
    if memory_bytes < least:
        hint = f"Give --memory {-(-least // 2**20)}MB or more" + (
            ", --jobs 1, or leave out the level inspect." if "inspect" in levels else ", or --jobs 1."
        )
        raise UsageError(f"{memory_bytes // 2**20} MB are too little for one relic.", where="--memory", hint=hint)
    return (memory_bytes - max(FIXED_BYTES[name] for name in levels)) // BYTES_PER_POINT
