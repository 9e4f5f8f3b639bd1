"""Several scans in one file, each placed by its pose: do they lie on each other? If asked, they are moved together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from exhibit.geometry.register import Fit, fit_scan
from exhibit.model.arrays import F4, F8
from exhibit.model.cloud import Block, Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress
from exhibit.units import METRES

_SAMPLE = 40_000
_HELD = 400_000
_ONE_WITH = 1.0
"""Times the scatter of two layers below which they are one."""
_WORTH = 0.5
"""Spacings of the whole scan below which nobody sees that a surface is doubled."""


@dataclass(frozen=True, slots=True)
class _Moves:
    """Blocks of a scan whose parts are moved, each as a whole."""

    scan: Scan
    fits: dict[int, Fit]

    def __call__(self) -> Iterator[Block]:
        for number, block in _by_part(self.scan):
            fit = self.fits.get(number)
            if fit is None:
                yield block
                continue
            turn = fit.rotation.T.astype(np.float32)
            moved = (block.positions.astype(np.float64) @ fit.rotation.T + fit.translation).astype(np.float32)
            yield Block(moved, block.colors, None if block.normals is None else block.normals @ turn)


def align_scans(scan: Scan, moves: bool, progress: Progress) -> tuple[Scan, tuple[Finding, ...]]:
    """Hold the parts of a scan against each other.

    Parameters
    ----------
    scan : with `n_by_part`; where it has one part, nothing is done.
    moves : move the parts together; else what lies apart is only said.

    Returns
    -------
    The scan, moved or as it was, and what was found. The first part stays where it is.
    """
    if len(scan.n_by_part) < 2:
        return scan, ()
    samples = _samples(scan)
    fixed, waiting = samples[0], list(range(1, len(samples)))
    fits: dict[int, Fit] = {}
    # a part may lie on one that comes later: those that found no place try again
    while waiting:
        placed = []
        for number in waiting:
            progress.tick(len(fits) / len(samples), "comparing the file's scans")
            fit = fit_scan(samples[number], fixed)
            if fit is None:
                continue
            fits[number] = fit
            placed.append(number)
            there: F8 = samples[number].astype(np.float64) @ fit.rotation.T + fit.translation
            joined = np.concatenate([fixed, there.astype(np.float32)])
            fixed = joined[:: max(1, len(joined) // _HELD)]
        if not placed:
            break
        waiting = [number for number in waiting if number not in placed]
    findings = [
        _say(scan, number, fit, moves) for number, fit in sorted(fits.items()) if moves or _is_double(scan, fit)
    ]
    if waiting:
        names = ", ".join(str(number + 1) for number in waiting)
        text = f"Of the file's scans, {names} overlap no other; whether they lie right could not be checked."
        findings.append(Finding("clean.no-overlap", len(waiting), "scans", text))
    return replace(scan, read_blocks=_Moves(scan, fits)) if moves and fits else scan, tuple(findings)


def _is_double(scan: Scan, fit: Fit) -> bool:
    # the sample is sparser than the scan itself
    thinned = min(1.0, _SAMPLE * len(scan.n_by_part) / max(1, scan.n_points))
    return bool(fit.gap > max(_ONE_WITH * fit.residual, _WORTH * fit.spacing * thinned**0.5))


def _say(scan: Scan, number: int, fit: Fit, moves: bool) -> Finding:
    factor, unit = (METRES[scan.units] * 1000, "mm") if scan.units else (1.0, "units")
    gap, residual = fit.gap * factor, fit.residual * factor
    if moves:
        text = (
            f"Scan {number + 1} of the file was moved by {gap:.2g} {unit} across its surface onto the scans before it; "
            f"they agree within {residual:.2g} {unit} now."
        )
        return Finding("clean.aligned", residual, unit, text)
    text = (
        f"Scan {number + 1} of the file lies {gap:.2g} {unit} beside the scans before it, which themselves scatter by "
        f"{residual:.2g} {unit}: surfaces are doubled there. --align moves the scans together."
    )
    return Finding("clean.doubled", gap, unit, text, "warning")


def _samples(scan: Scan) -> list[F4]:
    """Return an even sample of each part, (n, 3) float32 relative to the scan's origin."""
    found: list[list[F4]] = [[] for _ in scan.n_by_part]
    for number, block in _by_part(scan):
        finite = block.positions[np.isfinite(block.positions).all(axis=1)]
        found[number].append(finite[:: max(1, scan.n_by_part[number] // _SAMPLE)])
    return [np.concatenate(parts) if parts else np.empty((0, 3), np.float32) for parts in found]


def _by_part(scan: Scan) -> Iterator[tuple[int, Block]]:
    """Cut blocks where one part of the scan ends and the next begins."""
    ends = np.cumsum(scan.n_by_part)
    at = 0
    for block in scan.blocks():
        start = 0
        while start < len(block.positions):
            number = int(np.searchsorted(ends, at + start, side="right"))
            stop = min(len(block.positions), int(ends[min(number, len(ends) - 1)]) - at)
            # more points than were promised belong to the last part
            stop = len(block.positions) if number >= len(ends) else stop
            rows = slice(start, stop)
            yield (
                min(number, len(ends) - 1),
                Block(
                    block.positions[rows],
                    None if block.colors is None else block.colors[rows],
                    None if block.normals is None else block.normals[rows],
                ),
            )
            start = stop
        at += len(block.positions)
