"""From a scan's blocks to one cloud in memory, however large the scan: the first step of cleaning."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exhibit.errors import SourceError
from exhibit.geometry.averaged import FEWEST, N_AROUND, Averaged, Density, find_lone
from exhibit.geometry.duplicates import find_distinct
from exhibit.geometry.morton import morton_order
from exhibit.geometry.neighbours import NO_NEIGHBOURS, Neighbours, PointIndex, neighbours_among
from exhibit.geometry.thin import CellSums, Thinned, thin_points
from exhibit.model.arrays import F4, F8, U1, Bool
from exhibit.model.cloud import Block, Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress

MIN_POINTS = 100
FAR = 1000.0
"""Times the extent of the middle 98 % beyond which a point cannot belong to the scan."""
FAR_IN_CELLS = 8.0
"""The same where the points of a grid are averaged."""
FULLER = 4
"""Times the wanted number of cells that are held while reading: strays and the fringes of noise take many."""
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Gathered:
    """Distinct finite points in Morton order.

    Parameters
    ----------
    positions : (n, 3) float32 relative to `origin`, in the scan's units and axes.
    colors : (n, 3) uint8, or None.
    normals : (n, 3) float32 as the scan gave them, or None.
    origin : (3,) float64, scan units.
    viewpoints : (k, 3) float32 relative to `origin`, or None.
    findings : what reading noticed; `said` adds what has a length.
    averaged : of points averaged because of their noise, whose means lie on the planes through them; else None.
    thinning : how points were averaged, for whatever reason, or None.
    """

    positions: F4
    colors: U1 | None
    normals: F4 | None
    origin: F8
    viewpoints: F4 | None
    findings: tuple[Finding, ...]
    averaged: Averaged | None = None
    thinning: Thinning | None = None

    def said(self, metres_per_unit: float) -> tuple[Finding, ...]:
        """Return all that reading noticed, lengths in millimetres."""
        return self.findings if self.thinning is None else (*self.findings, self.thinning.say(metres_per_unit * 1000))


@dataclass(frozen=True, slots=True)
class Thinning:
    """How many points became how many, in cells of which side; their noise where that was why, units of the scan."""

    n_before: int
    n_after: int
    cell: float
    noise: float | None

    def say(self, mm_per_unit: float) -> Finding:
        """Return it as a finding."""
        text = (
            f"{self.n_before:,} points were averaged to {self.n_after:,}, in cells of {self.cell * mm_per_unit:.2g} mm"
        )
        n_saved = self.n_before - self.n_after
        if self.noise is None:
            return Finding("clean.thinned", n_saved, "points", f"{text}, which bounds time and memory.")
        text += f": they scatter by {self.noise * mm_per_unit:.2g} mm, so that the surface is not known any finer."
        return Finding("clean.averaged", n_saved, "points", text)


@dataclass(frozen=True, slots=True)
class _Survey:
    """Points of a scan, their middle (3,), how far from it they can be, the extent of most, and how dense they are."""

    n_points: int
    centre: F8
    reach: float
    extent: float
    density: Density | None


def gather_points(scan: Scan, max_points: int, *, averages: bool = False, progress: Progress) -> Gathered:
    """Read a scan into at most `max_points` points.

    Parameters
    ----------
    averages : average points that lie closer than their noise lets a surface follow.

    Raises
    ------
    SourceError : too few usable points, or all of them equal or on one line.
    """
    many = min(FEWEST, max_points) if averages else max_points
    survey = _survey(scan, many, progress.part(0, 0.3))
    cell = survey.density.noise_cell() if averages and survey.density is not None else 0.0
    is_noisy = cell > 0
    if survey.density is not None and survey.n_points > max_points:
        cell = max(cell, survey.density.cell_for(max_points))
    cells, block, findings = _collect(scan, survey, cell, max_points, progress.part(0.3, 0.8))
    if cells is None:
        distinct = find_distinct(block.positions)
        n_equal = len(block.positions) - len(distinct)
        if n_equal:
            text = f"{n_equal / len(block.positions):.1%} of the points were exact copies of others and were dropped."
            findings.append(Finding("clean.duplicates", n_equal, "points", text))
        block = _take(block, distinct)
        _refuse_degenerate(block.positions, scan)
        block, averaged, thinning = _take(block, morton_order(block.positions)), None, None
    else:
        progress.tick(0.8, "averaging")
        means, around, cell, n_lone = _settle_cells(cells, max_points, scan)
        block = Block(means.positions, means.colors, means.normals)
        if n_lone:
            text = f"{n_lone:,} points lay alone in space, far from what the others lie on, and were dropped."
            findings.append(Finding("clean.lone", n_lone, "points", text))
        _refuse_degenerate(block.positions, scan)
        assert survey.density is not None
        thinning = Thinning(survey.n_points, len(means.counts), cell, survey.density.noise if is_noisy else None)
        averaged = Averaged(means.positions, means.counts) if is_noisy else None
        if averaged is not None:
            progress.tick(0.9, "averaging")
            block = replace(block, positions=averaged.on_planes(around))
    viewpoints = None if scan.viewpoints is None else (scan.viewpoints - survey.centre).astype(np.float32)
    origin = scan.origin + survey.centre
    return Gathered(
        block.positions, block.colors, block.normals, origin, viewpoints, tuple(findings), averaged, thinning
    )


def _survey(scan: Scan, many: int, progress: Progress) -> _Survey:
    """Find the middle of the scan and how far from it points can be, and of more than so `many` points how dense they
    are, from an even sample."""
    stride = max(1, scan.n_points // _SAMPLE)
    # one row of each run, at random: an even step would follow the lines of a scanner
    rows = np.arange(0, scan.n_points, stride)
    rows += np.random.default_rng(0).integers(0, stride, len(rows))
    sample, seen = [], 0
    for block in scan.blocks():
        progress.tick(seen / max(1, scan.n_points), "surveying")
        first, last = np.searchsorted(rows, (seen, seen + len(block.positions)))
        picked = block.positions[rows[first:last] - seen]
        sample.append(picked[np.isfinite(picked).all(axis=1)])
        seen += len(block.positions)
    points = np.concatenate(sample).astype(np.float64) if sample else np.empty((0, 3))
    if len(points) == 0:
        raise SourceError("the scan has no usable point.", where=scan.name, hint="Export it again from its source.")
    low, high = np.quantile(points, (0.01, 0.99), axis=0)
    middle = (low + high) / 2
    extent = float((high - low).max())
    reach = FAR * max(extent, 1e-30)
    if not (high > low).any():
        # the middle 98 % are one place: let the extremes speak, so that the error names the real cause
        reach = float(np.abs(points - middle).max()) + 1.0
        return _Survey(seen, middle, reach, reach, None)
    density = None
    if seen > many:
        near = points[(np.abs(points - middle) <= extent).all(axis=1)]
        density = Density.of((near - middle).astype(np.float32), seen / len(points))
    return _Survey(seen, middle, reach, extent, density)


def _collect(
    scan: Scan, survey: _Survey, cell: float, max_points: int, progress: Progress
) -> tuple[CellSums | None, Block, list[Finding]]:
    """Read all points, or average them in cells as they come."""
    cells, reach = None, survey.reach
    if cell > 0:
        reach = FAR_IN_CELLS * survey.extent
        cells = CellSums(np.full(3, -reach), 2 * reach, FULLER * max_points, cell)
    held: list[Block] = []
    seen = n_broken = n_far = 0
    for block in scan.blocks():
        progress.tick(seen / max(1, scan.n_points), "reading")
        seen += len(block.positions)
        part, broken, far = _within(block, survey.centre, reach)
        n_broken += broken
        n_far += far
        if not scan.has_colors:
            part = replace(part, colors=None)
        if not scan.has_normals:
            part = replace(part, normals=None)
        if cells is None:
            held.append(part)
        else:
            cells.add(part.positions, part.colors, part.normals)
    findings = []
    if n_broken:
        text = f"{n_broken / max(1, seen):.1%} of the points had no finite coordinates and were dropped."
        findings.append(Finding("clean.non-finite", n_broken, "points", text, "warning"))
    if n_far:
        text = f"{n_far} points lay absurdly far from all others and were dropped."
        findings.append(Finding("clean.far", n_far, "points", text, "warning"))
    return cells, _join(held), findings


def _within(block: Block, centre: F8, reach: float) -> tuple[Block, int, int]:
    """Return the points of a block that are finite and no farther than `reach`, and how many are not."""
    relative = (block.positions - centre).astype(np.float32)
    with np.errstate(invalid="ignore"):
        near = np.asarray((np.abs(relative) <= reach).all(axis=1), bool)
    moved = replace(block, positions=relative)
    if near.all():
        return moved, 0, 0
    n_broken = int((~np.isfinite(block.positions).all(axis=1)).sum())
    return _take(moved, near), n_broken, int((~near).sum()) - n_broken


def _settle_cells(cells: CellSums, max_points: int, scan: Scan) -> tuple[Thinned, Neighbours, float, int]:
    """Average the points of no more than `max_points` cells.

    Returns
    -------
    The means in Morton order, those around each, the side of a cell, and how many points lay alone.
    """
    first, cell = cells.result(scan.has_colors, scan.has_normals), cells.cell
    first = first.among(morton_order(first.positions))
    around = PointIndex(first.positions).nearest(None, N_AROUND) if len(first.counts) else NO_NEIGHBOURS
    lone = find_lone(first.positions, first.counts, around, cell)
    n_lone = int(first.counts[lone].sum())
    if not lone.all():
        around = neighbours_among(first.positions, around, ~lone)
    first = first.among(np.flatnonzero(~lone))
    if len(first.counts) <= max_points:
        return first, around, cell, n_lone
    thinned = first
    while len(thinned.counts) > max_points:
        cell *= max(1.02, (len(thinned.counts) / max_points) ** 0.5)
        thinned = thin_points(first.positions, first.colors, first.normals, cell, first.counts)
    thinned = thinned.among(morton_order(thinned.positions))
    return thinned, PointIndex(thinned.positions).nearest(None, N_AROUND), cell, n_lone


def _take(block: Block, rows: Bool | np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Block:
    return Block(
        block.positions[rows],
        None if block.colors is None else block.colors[rows],
        None if block.normals is None else block.normals[rows],
    )


def _join(blocks: list[Block]) -> Block:
    if not blocks:
        return Block(np.empty((0, 3), np.float32))
    colors = [block.colors for block in blocks if block.colors is not None]
    normals = [block.normals for block in blocks if block.normals is not None]
    return Block(
        np.concatenate([block.positions for block in blocks]),
        np.concatenate(colors) if len(colors) == len(blocks) else None,
        np.concatenate(normals) if len(normals) == len(blocks) else None,
    )


def _refuse_degenerate(points: F4, scan: Scan) -> None:
    if len(points) < MIN_POINTS:
        raise SourceError(
            f"only {len(points)} different points are left of {scan.n_points}; a surface needs {MIN_POINTS}.",
            where=scan.name,
            hint="Export the whole scan.",
        )
    spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(points.astype(np.float64).T)), 0))
    if spread[1] < 1e-4 * spread[2]:
        raise SourceError(
            "all points lie on one line.", where=scan.name, hint="Check the columns of the file or export it again."
        )
