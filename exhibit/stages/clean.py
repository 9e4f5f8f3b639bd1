"""Clean: what is the object, where does it face, how large is it?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exhibit.errors import SourceError, StageError
from exhibit.geometry.averaged import Averaged
from exhibit.geometry.neighbours import Neighbours, PointIndex, local_spacing, neighbours_among, spacing_of_moved
from exhibit.geometry.normals import closer_normals, estimate_planes
from exhibit.geometry.orientation import Oriented, orient_normals
from exhibit.geometry.place import Stated, choose_placement, to_house
from exhibit.geometry.settle import find_strong_noise
from exhibit.model.arrays import F4, F8, Bool
from exhibit.model.cloud import CleanCloud, Scan
from exhibit.model.finding import Finding
from exhibit.progress import SILENT, Progress
from exhibit.stages.cleaning.align import align_scans
from exhibit.stages.cleaning.choose import choose_points
from exhibit.stages.cleaning.narrow import narrow
from exhibit.stages.cleaning.options import CleanOptions
from exhibit.stages.cleaning.tell import narrowing_findings, tell_removed
from exhibit.stages.gather import MIN_POINTS, Gathered, gather_points

__all__ = ["NOISE_QUANTILE", "N_NEIGHBOURS", "CleanOptions", "clean"]

N_NEIGHBOURS = 20
"""17 to 24 make no visible difference; 12 is noisy on photogrammetry."""
NOISE_QUANTILE = 0.25
"""The quarter of flattest neighbourhoods tells the noise; the others also hold the object's own curvature."""
AVERAGED_NOISE = 0.15
"""Noise of averaged points, in spacings: that of neighbours is alike, so planes through them do not tell it."""


def clean(scan: Scan, options: CleanOptions = CleanOptions(), /, *, progress: Progress = SILENT) -> CleanCloud:
    """Reduce a scan to its subject, with outward normals, in metres.

    Parameters
    ----------
    scan : points as read; blocks are read twice.

    Returns
    -------
    CleanCloud
        Points in Morton order. Every removal is a finding with its count and share; `removed` holds all steps.

    Raises
    ------
    SourceError : fewer than 100 usable points, or all equal or on one line.
    StageError : nothing that could be a surface is left.
    """
    scan, alignment = align_scans(scan, options.align, progress.part(0, 0.05))
    narrowing = narrow(scan, options)
    try:
        cloud = gather_points(narrowing.narrowed(), options.max_points, averages=True, progress=progress.part(0, 0.3))
    except SourceError as fault:
        if not narrowing.n_out:
            raise
        hint = "Widen --crop or correct the mask; their coordinates are the file's own."
        raise SourceError(f"crop box and mask leave too little: {fault.message}", where=scan.name, hint=hint) from fault
    neighbours = PointIndex(cloud.positions).nearest(None, N_NEIGHBOURS, progress=progress.part(0.3, 0.5))
    choice = choose_points(cloud, neighbours, options, progress.part(0.5, 0.65))
    keep = choice.keep
    if int(keep.sum()) < MIN_POINTS:
        raise StageError(
            f"only {int(keep.sum())} of {len(keep)} points form a surface.",
            where=scan.name,
            hint="Try --keep-neighbours, or check the scan.",
        )
    points = cloud.positions[keep]
    neighbours = neighbours_among(cloud.positions, neighbours, keep, progress=progress.part(0.65, 0.75))
    oriented, spacing, noise = _orient(cloud, keep, points, neighbours, progress.part(0.75, 0.95))
    if cloud.averaged is not None:
        averaged = Averaged(cloud.averaged.means[keep], cloud.averaged.counts[keep])
        points = averaged.on_spheres(oriented.normals, neighbours)
        spacing = spacing_of_moved(points, neighbours)
        noise = max(noise, AVERAGED_NOISE * float(np.median(spacing)))
    stated = Stated(
        metres_per_unit=options.metres_per_unit,
        up=options.up,
        height_m=options.height_m,
        file_units=scan.units,
        file_up=scan.up,
        support_normal=choice.up,
    )
    placement, doubts = choose_placement(points, cloud.origin, stated)
    progress.tick(1.0, "clean")
    return CleanCloud(
        positions=to_house(points, cloud.origin, placement),
        normals=_turn(oriented.normals, placement.rotation),
        colors=None if cloud.colors is None else cloud.colors[keep],
        spacing_m=(spacing * placement.metres_per_unit).astype(np.float32),
        noise_m=noise * placement.metres_per_unit,
        n_source=scan.n_points,
        placement=placement,
        findings=(
            *scan.findings,
            *alignment,
            *narrowing_findings(narrowing),
            *cloud.said(placement.metres_per_unit),
            *choice.findings,
            *_orientation_findings(oriented),
            *doubts,
        ),
        removed=tell_removed(narrowing, cloud, choice, options.skipped, placement),
    )


def _orient(
    cloud: Gathered, keep: Bool, points: F4, neighbours: Neighbours, progress: Progress
) -> tuple[Oriented, F4, float]:
    """Find outward normals of the kept points, their spacing (n,) and their noise."""
    planes, spacing = estimate_planes(points, neighbours), local_spacing(neighbours)
    hints = None if cloud.normals is None else cloud.normals[keep]
    middle = float(np.median(spacing))
    noise = float(np.quantile(planes.residuals / spacing, NOISE_QUANTILE)) * middle
    strong = find_strong_noise(points, middle, noise)
    if strong is None:
        normals = closer_normals(points, neighbours, planes, noise)
        oriented = orient_normals(
            points, normals, spacing, neighbours, viewpoints=cloud.viewpoints, hints=hints, progress=progress
        )
        return oriented, spacing, noise
    noise, cells = strong
    # neighbours within the scatter turned a sixth of the normals of a noisy statue inward; cells as wide do not
    places = cells.on_planes()
    near = PointIndex(places).nearest(None, N_NEIGHBOURS)
    oriented = orient_normals(
        places,
        cells.normals,
        local_spacing(near),
        near,
        viewpoints=cloud.viewpoints,
        hints=None if hints is None else cells.of(hints),
        progress=progress,
    )
    return replace(oriented, normals=oriented.normals[cells.of_point]), spacing, noise


def _orientation_findings(oriented: Oriented) -> list[Finding]:
    findings = []
    if oriented.hints_inverted:
        text = "The normals of the scan point inward; they were turned outward."
        findings.append(Finding("clean.normals-inverted", oriented.hint_coherence, "share", text))
    if oriented.hint_coherence is not None and not oriented.hints_used:
        text = "The normals of the scan contradict each other and were not used."
        findings.append(Finding("clean.normals-ignored", oriented.hint_coherence, "share", text))
    if oriented.certainty < 0.2:
        text = "It is uncertain which side of the surface is the outside; check that the model is not inside out."
        findings.append(Finding("clean.orientation", oriented.certainty, "share", text, "warning"))
    return findings


def _turn(normals: F4, rotation: F8) -> F4:
    return np.ascontiguousarray(normals @ rotation.T, np.float32)
