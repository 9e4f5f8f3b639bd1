"""The package as a library: what the commands do, as functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exhibit.model.finding import Finding
from exhibit.pipeline.atomic import check_writable, write_atomically
from exhibit.pipeline.build import make_relics, plan_build
from exhibit.pipeline.convert import Converted, Plan, convert_planned, plan_conversion
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.run import Outcome
from exhibit.pipeline.workload import Workload, exit_code_of
from exhibit.publish.batch_page import batch_page
from exhibit.publish.making import Making
from exhibit.publish.showing import Showing, is_stopped


def convert(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    options: RelicOptions = RelicOptions(),
    *,
    table: str | Path | None = None,
    workload: Workload = Workload(),
) -> Converted:
    """Turn scans into folders of web-ready files under `out`, as ``exhibit convert`` does.

    Parameters
    ----------
    inputs : a file, a folder (recursive), a glob or ``@list.txt``; or several of them.
    options : hold for every scan that its sidecar or the table says nothing of.
    table : CSV with options per scan.
    workload : how many at once, who listens, who may stop it.

    Raises
    ------
    ExhibitError
        Before any work, if inputs, names, sidecars or the output folder are not right. A scan that fails later does
        not raise: it is among `Converted.failures`.
    """
    named = [inputs] if isinstance(inputs, str | Path) else inputs
    return run_plan(plan_conversion(named, Path(out), options, table=Path(table) if table else None), workload)


def run_plan(plan: Plan, workload: Workload = Workload()) -> Converted:
    """Do a planned conversion and write its ``index.html``."""
    converted = convert_planned(plan, workload)
    write_atomically(plan.out / "index.html", batch_page(converted))
    return converted


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Parameters
    ----------
    site : folder of the site; `is_written` is False when the build was stopped before it could be.
    outcomes : one per relic.
    findings : doubts about records, scene and site.
    n_files, n_written : files of the site, and how many of them changed.
    """

    site: Path
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    is_written: bool
    n_files: int = 0
    n_written: int = 0

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some relics failed, 130 stopped; the relics' own code when every one failed alike."""
        return exit_code_of(self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "site": str(self.site),
            "written": self.is_written,
            "files": self.n_files,
            "files_changed": self.n_written,
            "relics": {outcome.name: str(outcome.error) if outcome.error else "ok" for outcome in self.outcomes},
            "findings": [finding.hint for finding in self.findings],
        }


def build(
    folder: str | Path,
    out: str | Path | None = None,
    *,
    scene: str | None = None,
    languages: tuple[str, ...] = (),
    options: RelicOptions = RelicOptions(),
    workload: Workload = Workload(),
    on_shown: Callable[[Path, Making], None] | None = None,
) -> Built:
    """Build a project's exhibition as a static site, as ``exhibit build`` does.

    Parameters
    ----------
    folder : the project: ``scenes/`` and ``assets/``.
    out : folder of the site; by default ``site`` in the project.
    languages : of the site, the default one first; empty means those of the scene.
    options : hold for every relic whose record says nothing else.
    on_shown : asks for the site in view at once, with an empty plinth for each relic that is still to be made, and is
        told its folder and where to ask how far the making is. Without it the site is written once, at the end.
    workload : how many at once, who listens, who may stop it; `force` also replaces files of others that are in the
        way in the site.

    Raises
    ------
    DefinitionError
        Before any work, naming every problem of every record and scene.
    OutputError
        The site cannot be written.
    """
    planned = plan_build(Path(folder), scene)
    site = Path(out) if out is not None else planned.project.root / "site"
    check_writable(site)
    showing = Showing(planned, site, languages, force=workload.force, size_of=planned.size_of)
    if on_shown is not None:
        showing.begin()
        on_shown(site, showing.making)
    on_look = showing.add if on_shown is not None else None
    outcomes = make_relics(planned, options, _told(workload, showing), on_look=on_look)
    known = planned.project.findings
    doubts = tuple(finding for shown in ("", *planned.relics) for finding in known.get(shown, ()))
    if is_stopped(outcomes):
        return Built(site, outcomes, doubts, is_written=showing.leave(outcomes))
    whole, written = showing.finish(outcomes, workload)
    return Built(site, outcomes, (*doubts, *whole.findings), True, len(whole.files), written.n_written)


def _told(workload: Workload, showing: Showing) -> Workload:
    """Let the site in view hear what the workload's own listeners hear."""

    def report(name: str, fraction: float, note: str) -> None:
        showing.making.report(name, fraction)
        workload.on_progress(name, fraction, note)

    def add(outcome: Outcome) -> None:
        showing.add(outcome)
        workload.on_outcome(outcome)

    return replace(workload, on_progress=report, on_outcome=add)
