"""The package as a library: what the commands do, as functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exhibit.errors import Cancelled
from exhibit.model.finding import Finding
from exhibit.pipeline.atomic import check_writable, write_atomically
from exhibit.pipeline.build import make_relics, plan_build
from exhibit.pipeline.convert import Converted, Plan, convert_planned, plan_conversion
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.run import Outcome
from exhibit.pipeline.workload import Workload, exit_code_of
from exhibit.publish.batch_page import batch_page
from exhibit.publish.finished import site_relics
from exhibit.publish.plan import plan
from exhibit.publish.site import SiteInput
from exhibit.publish.write import write


def convert(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: RelicOptions = RelicOptions(),
    *,
    table: str | Path | None = None,
    workload: Workload = Workload(),
) -> Converted:
    """Turn scans into folders of web-ready files under `out`, as ``exhibit convert`` does.

    Parameters
    ----------
    inputs : files, folders (recursive), globs and ``@list.txt``.
    options : hold for every scan that its sidecar or the table says nothing of.
    table : CSV with options per scan.
    workload : how many at once, who listens, who may stop it.

    Raises
    ------
    ExhibitError
        Before any work, if inputs, names, sidecars or the output folder are not right. A scan that fails later does
        not raise: it is among `Converted.failures`.
    """
    return run_plan(plan_conversion(inputs, Path(out), options, table=Path(table) if table else None), workload)


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
    options: RelicOptions = RelicOptions(),
    workload: Workload = Workload(),
) -> Built:
    """Build a project's exhibition as a static site, as ``exhibit build`` does.

    Parameters
    ----------
    folder : the project: ``scenes/`` and ``assets/``.
    out : folder of the site; by default ``site`` in the project.
    options : hold for every relic whose record says nothing else.
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
    outcomes = make_relics(planned, options, workload)
    doubts = tuple(finding for some in planned.project.findings.values() for finding in some)
    if any(isinstance(outcome.error, Cancelled) for outcome in outcomes):
        return Built(site, outcomes, doubts, is_written=False)
    whole = plan(SiteInput(planned.exhibition, site_relics(planned, outcomes)))
    written = write(whole, site, force=workload.force)
    return Built(site, outcomes, (*doubts, *whole.findings), True, len(whole.files), written.n_written)
