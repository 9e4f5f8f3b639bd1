"""What cleaning took away, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from exhibit.model.arrays import F4, U1, freeze

STEPS: Final = (
    "crop", "mask", "non-finite", "far", "duplicates", "outliers", "strays", "fragments", "neighbours", "table",
)  # fmt: skip
"""Every step that takes points away, in the order of the report."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One step.

    Parameters
    ----------
    step : of `STEPS`.
    n_points : points it took away; of a scan that was averaged, averaged points.
    share : of the points it was given.
    was_skipped : switched off by a person.
    """

    step: str
    n_points: int
    share: float
    was_skipped: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """All steps, and where the points were that they took away.

    Parameters
    ----------
    positions : (m, 3) float32, metres, placed as the cleaned cloud is; of large removals an even sample.
    step : (m,) uint8, index into `STEPS`.
    """

    removals: tuple[Removal, ...]
    positions: F4
    step: U1

    def __post_init__(self) -> None:
        freeze(self)
