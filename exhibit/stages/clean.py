"""Clean: what is the object, where does it face, how large is it?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from exhibit.errors import StageError, UsageError
from exhibit.geometry.averaged import Averaged
from exhibit.geometry.neighbours import Neighbours, PointIndex, local_spacing, measure_anew, neighbours_among
from exhibit.geometry.normals import Planes, estimate_planes
from exhibit.geometry.orientation import Oriented, orient_normals
from exhibit.geometry.outliers import find_outliers
from exhibit.geometry.parts import Subject, choose_subject
from exhibit.geometry.place import Stated, check_stated, choose_placement, to_house
from exhibit.geometry.settle import find_strong_noise
from exhibit.geometry.support_plane import SupportPlane, find_support_plane
from exhibit.model.arrays import F4, F8, Bool
from exhibit.model.cloud import CleanCloud, Scan
from exhibit.model.finding import Finding
from exhibit.progress import SILENT, Progress
from exhibit.stages.gather import MIN_POINTS, Gathered, gather_points
from exhibit.units import Axis

N_NEIGHBOURS = 20
"""17 to 24 make no visible difference; 12 is noisy on photogrammetry."""
NOISE_QUANTILE = 0.25
"""The quarter of flattest neighbourhoods tells the noise; the others also hold the object's own curvature."""
LEAVES_WORTH_SAYING = 0.005
AVERAGED_NOISE = 0.15
"""Noise of averaged points, in spacings: that of neighbours is alike, so planes through them do not tell it."""


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What to keep, and what is known of the object's size.

    Parameters
    ----------
    metres_per_unit : length of the scan's unit, metres; None leaves it to the file.
    up : the scan's axis that points up; None leaves it to the file.
    height_m : real height of the object, metres; used when no unit is stated, compared with it otherwise.
    keep_table : keep the table or floor the object stands on.
    keep_neighbours : keep plants, walls and loose fragments beside the object.
    max_points : most points to work on; larger scans are averaged down to it. About 1.5 kB of memory each.
    """

    metres_per_unit: float | None = None
    up: Axis | None = None
    height_m: float | None = None
    keep_table: bool = False
    keep_neighbours: bool = False
    max_points: int = 700_000

    def __post_init__(self) -> None:
        check_stated(self.metres_per_unit, self.height_m)
        if self.max_points < 1000:
            raise UsageError(f"max_points must be at least 1000, not {self.max_points}.")


def clean(scan: Scan, options: CleanOptions = CleanOptions(), /, *, progress: Progress = SILENT) -> CleanCloud:
    """Reduce a scan to its subject, with outward normals, in metres.

    Parameters
    ----------
    scan : points as read; blocks are read twice.

    Returns
    -------
    CleanCloud
        Points in Morton order. Every removal is a finding with its count and share.

    Raises
    ------
    SourceError : fewer than 100 usable points, or all equal or on one line.
    StageError : nothing that could be a surface is left.
    """
    cloud = gather_points(scan, options.max_points, averages=True, progress=progress.part(0, 0.3))
    neighbours = PointIndex(cloud.positions).nearest(None, N_NEIGHBOURS, progress=progress.part(0.3, 0.5))
    keep, table, findings = _choose_points(cloud, neighbours, options, progress.part(0.5, 0.65))
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
        spacing = local_spacing(measure_anew(points, neighbours))
        noise = max(noise, AVERAGED_NOISE * float(np.median(spacing)))
    stated = Stated(
        metres_per_unit=options.metres_per_unit,
        up=options.up,
        height_m=options.height_m,
        file_units=scan.units,
        file_up=scan.up,
        support_normal=None if table is None else table.normal,
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
            *cloud.said(placement.metres_per_unit),
            *findings,
            *_orientation_findings(oriented),
            *doubts,
        ),
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
        oriented = orient_normals(
            points, planes.normals, spacing, neighbours, viewpoints=cloud.viewpoints, hints=hints, progress=progress
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


def _choose_points(
    cloud: Gathered, neighbours: Neighbours, options: CleanOptions, progress: Progress
) -> tuple[Bool, SupportPlane | None, list[Finding]]:
    """Mark the points of the subject, and say what else there was."""
    planes, spacing = estimate_planes(cloud.positions, neighbours), local_spacing(neighbours)
    progress.tick(0.2, "judging outliers")
    sound = ~find_outliers(cloud.positions, neighbours, planes)
    findings = _removal("clean.outliers", ~sound, "belonged to no surface and were dropped")
    if int(sound.sum()) < MIN_POINTS:
        return sound, None, findings

    def subject_among(use: Bool) -> Subject | None:
        if options.keep_neighbours:
            return None
        return choose_subject(cloud.positions, cloud.colors, spacing, planes, neighbours, use)

    subject = subject_among(sound)
    keep = sound if subject is None else subject.keep
    progress.tick(0.6, "looking for a table")
    table = None if options.keep_table else _find_table(cloud.positions, planes, spacing, keep)
    on_table = np.zeros(len(keep), bool)
    if table is not None:
        on_table[np.flatnonzero(keep)[table.below]] = True
        text = "were the table or floor under the object and were cut off; --keep-table keeps them"
        findings += _removal("clean.table", on_table, text, "warning")
        # what only the table held together falls apart now
        subject = subject_among(keep & ~on_table)
        keep = keep & ~on_table if subject is None else subject.keep
    text = "stood apart from the object (plants, walls, loose pieces) and were dropped; --keep-neighbours keeps them"
    findings += _removal("clean.neighbours", sound & ~keep & ~on_table, text, "warning")
    if subject is not None and subject.leaf_share > LEAVES_WORTH_SAYING:
        text = f"{subject.leaf_share:.1%} of the object is rough and green: plants that touch it? They were kept."
        findings.append(Finding("clean.leaves", subject.leaf_share, "share", text, "warning"))
    return keep, table, findings


def _find_table(points: F4, planes: Planes, spacing: F4, keep: Bool) -> SupportPlane | None:
    some = Planes(planes.normals[keep], planes.residuals[keep], planes.scatter[keep])
    table = find_support_plane(points[keep], some, spacing[keep])
    # what leaves hardly a point is the object itself
    return None if table is None or int((~table.below).sum()) < MIN_POINTS else table


def _removal(code: str, removed: Bool, what: str, severity: str = "note") -> list[Finding]:
    count = int(removed.sum())
    if count == 0:
        return []
    share = count / len(removed)
    # a handful of points is for the report; only a share that can be seen is for the person
    level = "warning" if severity == "warning" and share > 0.01 else "note"
    return [Finding(code, count, "points", f"{count} points ({share:.1%}) {what}.", level)]  # type: ignore[arg-type]  # a severity


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
