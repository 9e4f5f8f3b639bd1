"""From a scan's blocks to one cloud in memory, however large the scan: the first step of cleaning."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exhibit.errors import SourceError
from exhibit.geometry.duplicates import find_distinct
from exhibit.geometry.morton import morton_order
from exhibit.geometry.neighbours import PointIndex, local_spacing
from exhibit.geometry.thin import CellSums, thin_points
from exhibit.model.arrays import F4, F8, U1, Bool
from exhibit.model.cloud import Block, Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress

MIN_POINTS = 100
FAR = 1000.0
"""Times the extent of the middle 98 % beyond which a point cannot belong to the scan."""
HELD = 4
"""Times the wanted number of points up to which a scan is held whole before thinning."""
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
    """

    positions: F4
    colors: U1 | None
    normals: F4 | None
    origin: F8
    viewpoints: F4 | None
    findings: tuple[Finding, ...]


def gather_points(scan: Scan, max_points: int, *, progress: Progress) -> Gathered:
    """Read a scan into at most `max_points` points.

    Raises
    ------
    SourceError : too few usable points, or all of them equal or on one line.
    """
    centre, reach = _survey(scan, progress.part(0, 0.3))
    cloud, findings = _collect(scan, centre, reach, max_points, progress.part(0.3, 0.8))
    distinct = find_distinct(cloud.positions)
    n_equal = len(cloud.positions) - len(distinct)
    if n_equal:
        text = f"{n_equal / len(cloud.positions):.1%} of the points were exact copies of others and were dropped."
        findings.append(Finding("clean.duplicates", n_equal, "points", text))
    cloud = _take(cloud, distinct)
    _refuse_degenerate(cloud.positions, scan)
    progress.tick(0.85, "thinning")
    if len(cloud.positions) > max_points:
        n_before = len(cloud.positions)
        cloud = _thin(cloud, max_points)
        text = f"{n_before} points were averaged to {len(cloud.positions)}, which bounds time and memory."
        findings.append(Finding("clean.thinned", n_before - len(cloud.positions), "points", text))
    cloud = _take(cloud, morton_order(cloud.positions))
    viewpoints = None if scan.viewpoints is None else (scan.viewpoints - centre).astype(np.float32)
    return Gathered(cloud.positions, cloud.colors, cloud.normals, scan.origin + centre, viewpoints, tuple(findings))


def _survey(scan: Scan, progress: Progress) -> tuple[F8, float]:
    """Find the middle of the scan and how far from it its points can be, from an even sample."""
    stride = max(1, scan.n_points // _SAMPLE)
    sample, seen = [], 0
    for block in scan.blocks():
        progress.tick(seen / max(1, scan.n_points), "surveying")
        picked = block.positions[-seen % stride :: stride]
        sample.append(picked[np.isfinite(picked).all(axis=1)])
        seen += len(block.positions)
    points = np.concatenate(sample).astype(np.float64) if sample else np.empty((0, 3))
    if len(points) == 0:
        raise SourceError("the scan has no usable point.", where=scan.name, hint="Export it again from its source.")
    low, high = np.quantile(points, (0.01, 0.99), axis=0)
    middle = (low + high) / 2
    reach = FAR * max(float((high - low).max()), 1e-30)
    if not (high > low).any():
        # the middle 98 % are one place: let the extremes speak, so that the error names the real cause
        reach = float(np.abs(points - middle).max()) + 1.0
    return middle, reach


def _collect(scan: Scan, centre: F8, reach: float, max_points: int, progress: Progress) -> tuple[Block, list[Finding]]:
    hold_all = scan.n_points <= HELD * max_points
    held: list[Block] = []
    cells = CellSums(np.full(3, -reach / FAR * 2), 4 * reach / FAR, HELD * max_points)
    seen = n_broken = n_far = 0
    for block in scan.blocks():
        progress.tick(seen / max(1, scan.n_points), "reading")
        seen += len(block.positions)
        finite = np.asarray(np.isfinite(block.positions).all(axis=1), bool)
        n_broken += int((~finite).sum())
        relative = np.where(finite[:, None], block.positions, 0).astype(np.float64) - centre
        near = finite & (np.abs(relative) <= (reach if hold_all else 2 * reach / FAR)).all(axis=1)
        n_far += int((finite & ~near).sum())
        part = _take(replace(block, positions=relative.astype(np.float32)), near)
        if not scan.has_colors:
            part = replace(part, colors=None)
        if not scan.has_normals:
            part = replace(part, normals=None)
        if hold_all:
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
    if hold_all:
        return _join(held), findings
    thinned = cells.result(scan.has_colors, scan.has_normals)
    text = f"The scan was averaged in cells of {cells.cell:.3g} units while reading, to bound the memory."
    findings.append(Finding("clean.thinned-reading", seen - len(thinned.positions), "points", text))
    return Block(thinned.positions, thinned.colors, thinned.normals), findings


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


def _thin(cloud: Block, max_points: int) -> Block:
    """Average to the finest cells that leave no more than `max_points`."""
    n = len(cloud.positions)
    sample = cloud.positions[np.linspace(0, n - 1, 20_000).astype(np.int64)]
    spacing = local_spacing(PointIndex(cloud.positions).nearest(sample, 9))
    cell = float(np.median(spacing)) * (n / max_points) ** 0.5
    for _ in range(20):
        thinned = thin_points(cloud.positions, cloud.colors, cloud.normals, cell)
        if len(thinned.positions) <= max_points:
            break
        cell *= max(1.02, (len(thinned.positions) / max_points) ** 0.5)
    return Block(thinned.positions, thinned.colors, thinned.normals)
