"""Which of the gathered points are the object, and which step took every other one: outliers, table, pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.neighbours import Neighbours, local_spacing
from exhibit.geometry.normals import Planes, estimate_planes
from exhibit.geometry.outliers import find_outliers
from exhibit.geometry.parts import FRAGMENT, NEIGHBOUR, STRAY, PartRules, Subject, choose_subject
from exhibit.geometry.regions import KEPT, judge_by_mask
from exhibit.geometry.support_plane import find_support_plane
from exhibit.model.arrays import F4, F8, Bool
from exhibit.model.cleaning import STEPS
from exhibit.model.finding import Finding
from exhibit.progress import Progress
from exhibit.stages.cleaning.options import CleanOptions
from exhibit.stages.gather import MIN_POINTS, Gathered

STAYED = 255
LEAVES_WORTH_SAYING = 0.005
_PARTS = {"strays": STRAY, "fragments": FRAGMENT, "neighbours": NEIGHBOUR}
_SAID = {
    "outliers": "belonged to no surface and were dropped",
    "strays": "lay apart in clumps of a few and were dropped; --skip strays keeps them",
    "fragments": "hung beside the object, too rough for its surface, and were dropped; --skip fragments keeps them",
    "neighbours": "stood apart from the object (plants, walls) and were dropped; --keep-neighbours keeps them",
    "table": "were the table or floor under the object and were cut off; --keep-table keeps them",
}
_BY_NUMBER = "belonged to none of the pieces asked for by --keep-largest and were dropped"
_BY_PLANE = "lay on or under the plane given and were cut off"
_LOUD = frozenset({"strays", "fragments", "neighbours", "table"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The points of the subject, and what became of the others.

    Parameters
    ----------
    keep : (n,) bool.
    step : (n,) uint8, index into `STEPS` of the step that took a point, or `STAYED`.
    up : (3,) float64 unit, up from the table, scan axes, or None where there was none.
    """

    keep: Bool
    step: npt.NDArray[np.uint8]
    up: F8 | None
    findings: tuple[Finding, ...]


def choose_points(cloud: Gathered, neighbours: Neighbours, options: CleanOptions, progress: Progress) -> Choice:
    """Judge all points; what a mask keeps, no step takes."""
    skipped = options.skipped
    planes, spacing = estimate_planes(cloud.positions, neighbours), local_spacing(neighbours)
    step = np.full(len(spacing), STAYED, np.uint8)
    protected = np.zeros(len(spacing), bool)
    if options.mask is not None:
        protected = judge_by_mask(cloud.positions, cloud.origin, options.mask) == KEPT
    progress.tick(0.2, "judging outliers")
    if "outliers" not in skipped:
        step[find_outliers(cloud.positions, neighbours, planes) & ~protected] = STEPS.index("outliers")
    use, up, by_plane = step == STAYED, None, False
    if options.plane is not None and "table" not in skipped:
        normal = np.array(options.plane[:3])
        height = cloud.positions.astype(np.float64) @ normal + cloud.origin @ normal - options.plane[3]
        step[use & (height <= 0) & ~protected] = STEPS.index("table")
        use, up, by_plane = step == STAYED, normal / np.linalg.norm(normal), True
    if int(use.sum()) < MIN_POINTS:
        return Choice(use, step, up, _findings(step, options, by_plane))
    rules = PartRules(frozenset(kind for name, kind in _PARTS.items() if name in skipped), options.keep_largest)
    keeps_all = len(rules.kinds_kept) == len(_PARTS) and rules.keep_largest is None

    def subject_among(use: Bool) -> Subject | None:
        if keeps_all:
            return None
        return choose_subject(cloud.positions, cloud.colors, spacing, planes, neighbours, use, rules)

    subject = subject_among(use)
    progress.tick(0.6, "looking for a table")
    if not by_plane and "table" not in skipped:
        keep = use if subject is None else subject.keep
        found = _find_table(cloud.positions, planes, spacing, keep)
        if found is not None:
            below, up = found
            step[below & ~protected] = STEPS.index("table")
            use = step == STAYED
            # what only the table held together falls apart now
            subject = subject_among(use)
    findings: tuple[Finding, ...] = ()
    if subject is not None:
        away = use & ~subject.keep & ~protected
        for name, kind in _PARTS.items():
            step[away & (subject.kind == kind)] = STEPS.index(name)
        if subject.leaf_share > LEAVES_WORTH_SAYING:
            text = f"{subject.leaf_share:.1%} of the object is rough and green: leaves that touch it? They were kept."
            findings = (Finding("clean.leaves", subject.leaf_share, "share", text, "warning"),)
    return Choice(step == STAYED, step, up, (*_findings(step, options, by_plane), *findings))


def _find_table(points: F4, planes: Planes, spacing: F4, keep: Bool) -> tuple[Bool, F8] | None:
    some = Planes(planes.normals[keep], planes.residuals[keep], planes.scatter[keep])
    table = find_support_plane(points[keep], some, spacing[keep])
    # what leaves hardly a point is the object itself
    if table is None or int((~table.below).sum()) < MIN_POINTS:
        return None
    below = np.zeros(len(points), bool)
    below[np.flatnonzero(keep)[table.below]] = True
    return below, table.normal


def _findings(step: npt.NDArray[np.uint8], options: CleanOptions, by_plane: bool) -> tuple[Finding, ...]:
    found = []
    for name, said in _SAID.items():
        count = int((step == STEPS.index(name)).sum())
        if count == 0:
            continue
        share = count / len(step)
        if name in _PARTS and options.keep_largest is not None:
            said = _BY_NUMBER
        if name == "table" and by_plane:
            said = _BY_PLANE
        # a handful of points is for the report; only a share that can be seen is for the person
        is_loud = name in _LOUD and share > 0.01
        text = f"{count} points ({share:.1%}) {said}."
        found.append(Finding(f"clean.{name}", count, "points", text, "warning" if is_loud else "note"))
    return tuple(found)
