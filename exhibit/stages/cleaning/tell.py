"""What cleaning says of itself: every step with its count, and places to be shown."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.place import to_house
from exhibit.model.arrays import F4, U1
from exhibit.model.cleaning import STEPS, Removal, Removed
from exhibit.model.cloud import Placement
from exhibit.model.finding import Finding
from exhibit.stages.cleaning.choose import STAYED, Choice
from exhibit.stages.cleaning.narrow import Narrowing
from exhibit.stages.gather import Gathered

_SHOWN = 150_000
_SAID = {"crop": "lay outside the crop box and were left out", "mask": "were removed by the mask"}


def narrowing_findings(narrowing: Narrowing) -> tuple[Finding, ...]:
    """Say what crop box and mask left out."""
    found = []
    for step, count in narrowing.n_out.items():
        text = f"{count} points ({count / max(1, narrowing.scan.n_points):.1%}) {_SAID[step]}."
        found.append(Finding(f"clean.{step}", count, "points", text))
    return tuple(found)


def tell_removed(
    narrowing: Narrowing, cloud: Gathered, choice: Choice, skipped: frozenset[str], placement: Placement
) -> Removed:
    """Return every step with its count, and where the points were, in the house's metres."""
    gathered = {finding.code.removeprefix("clean."): int(finding.value or 0) for finding in cloud.findings}
    removals = []
    for number, step in enumerate(STEPS):
        if step in ("crop", "mask"):
            count, given = narrowing.n_out.get(step, 0), narrowing.scan.n_points
        elif step in ("non-finite", "far", "duplicates"):
            count, given = gathered.get(step, 0), narrowing.scan.n_points
        else:
            count, given = int((choice.step == number).sum()), len(choice.step)
        removals.append(Removal(step, count, count / max(1, given), step in skipped))
    gone = np.flatnonzero(choice.step != STAYED)
    gone = gone[:: max(1, len(gone) // _SHOWN)]
    places = [to_house(cloud.positions[gone], cloud.origin, placement)]
    steps: list[U1] = [choice.step[gone]]
    for step, absolute in narrowing.samples():
        middle = absolute.mean(axis=0) if len(absolute) else np.zeros(3)
        relative: F4 = (absolute - middle).astype(np.float32)
        places.append(to_house(relative, middle, placement))
        steps.append(np.full(len(relative), STEPS.index(step), np.uint8))
    return Removed(tuple(removals), np.concatenate(places), np.concatenate(steps))
