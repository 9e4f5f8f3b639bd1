"""Many scans become many folders: names, options per scan, worker processes, a table of what came of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exhibit.errors import Cancelled, ExhibitError
from exhibit.model.record import ScanSource
from exhibit.pipeline.atomic import check_writable, write_atomically
from exhibit.pipeline.compile_ahead import compiling
from exhibit.pipeline.definitions import load_sidecar, load_table
from exhibit.pipeline.files import Source, gather
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.relic import RelicResult
from exhibit.pipeline.run import Outcome, Task
from exhibit.pipeline.scan_table import row_of
from exhibit.pipeline.steering import steering_of
from exhibit.pipeline.store import Store
from exhibit.pipeline.workload import Workload, exit_code_of
from exhibit.units import parse_axis, parse_unit

BATCH_TABLE = "batch.csv"
STORE_FOLDER = Path(".exhibit") / "store"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a conversion will do.

    Parameters
    ----------
    scans : each with the options that hold for it.
    ignored : other files met in folders.
    idle_rows : rows of the table that speak of none of the scans.
    """

    out: Path
    scans: tuple[tuple[Source, RelicOptions], ...]
    ignored: tuple[Path, ...]
    idle_rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion did, in the order of the plan."""

    plan: Plan
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The scans that came to nothing."""
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)

    @property
    def exit_code(self) -> int:
        """0 all done, 1 some failed, 130 stopped; the scans' own code when every one failed alike."""
        return exit_code_of(self.outcomes)


def plan_conversion(
    inputs: Sequence[str | Path], out: Path, options: RelicOptions = RelicOptions(), *, table: Path | None = None
) -> Plan:
    """Decide everything before any work: which scans, what they are called, which options hold for each.

    A row of `table` goes before a sidecar file, and both before `options`.
    """
    gathered = gather(inputs, outside=out)
    rows = load_table(table) if table is not None else {}
    scans, used = [], set()
    for source in gathered.sources:
        own = with_scan_words(options, load_sidecar(source.path), source.path.parent)
        row = row_of(rows, source.path)
        if row is not None:
            used.add(row)
            own = with_scan_words(own, rows[row], source.path.parent)
        scans.append((source, own))
    return Plan(out, tuple(scans), gathered.ignored, tuple(row for row in rows if row not in used))


def with_scan_words(options: RelicOptions, words: ScanSource, folder: Path) -> RelicOptions:
    """Return options changed by what a sidecar, a table row or a record says of its scan.

    Parameters
    ----------
    folder : where a mask that is named lies: the scan's folder, or the relic's.
    """
    changes: dict[str, Any] = {
        "units": parse_unit(words.units) if words.units else None,
        "up": parse_axis(words.up) if words.up else None,
        "height_m": words.height_mm / 1000 if words.height_mm else None,
        "close_holes": words.close_holes,
        "engine": words.engine,
        **steering_of(words, folder),
    }
    return replace(options, **{name: value for name, value in changes.items() if value is not None})


def convert_planned(plan: Plan, workload: Workload = Workload()) -> Converted:
    """Do what was planned; ``batch.csv`` lists what came of each scan.

    Raises
    ------
    OutputError
        The output folder cannot be written.
    """
    check_writable(plan.out)
    store = Store(plan.out / STORE_FOLDER, is_fresh=workload.force)
    tasks = [
        Task(source.name, "exhibit.pipeline.relic:convert_one", (source.path, source.name, plan.out / source.name,
             workload.fitted(own, len(plan.scans)), store))
        for source, own in plan.scans
    ]  # fmt: skip
    converted = Converted(plan, workload.run(tasks, beside=compiling()))
    store.prune()
    write_atomically(plan.out / BATCH_TABLE, batch_table(converted))
    return converted


COLUMNS = ("name", "source", "state", "height_mm", "width_mm", "depth_mm", "scale_from", "triangles_hero", "bytes_hero",
           "deviation_mean_mm", "deviation_p95_mm", "share_unseen", "warnings", "seconds", "error")  # fmt: skip


def batch_table(converted: Converted) -> bytes:
    """Return ``batch.csv``: one row per scan, UTF-8 with a byte order mark so that spreadsheets read it right."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for (source, _), outcome in zip(converted.plan.scans, converted.outcomes, strict=True):
        writer.writerow({"name": source.name, "source": str(source.path), **_row(outcome)})
    return text.getvalue().encode("utf-8-sig")


def _row(outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        state = "stopped" if isinstance(outcome.error, Cancelled) else "failed"
        return {"state": state, "seconds": round(outcome.seconds, 1), "error": str(outcome.error)}
    result: RelicResult = outcome.value
    width, height, depth = result.report["size_mm"]
    best = finest_level(result.report)
    return {
        "state": "unchanged" if result.was_unchanged else "done",
        "height_mm": height,
        "width_mm": width,
        "depth_mm": depth,
        "scale_from": result.report["placement"]["scale_from"],
        "triangles_hero": best["n_triangles"],
        "bytes_hero": best["n_bytes"],
        "deviation_mean_mm": best["deviation"]["scan_to_mesh_mean_mm"],
        "deviation_p95_mm": best["deviation"]["scan_to_mesh_p95_mm"],
        "share_unseen": best["share_unseen"],
        "warnings": "; ".join(f["hint"] for f in result.report["findings"] if f["severity"] == "warning"),
        "seconds": round(seconds_of_making(outcome), 1),
    }


def seconds_of_making(outcome: Outcome) -> float:
    """Return the seconds that a scan took when it was made, which for an unchanged one was in an earlier run."""
    if outcome.error is not None or not outcome.value.was_unchanged:
        return outcome.seconds
    return float(outcome.value.timings.get("total_seconds", outcome.seconds))


def finest_level(report: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the hero level, or of the finest there is."""
    levels: list[dict[str, Any]] = report["levels"]
    return next((level for level in levels if level["name"] == "hero"), levels[-1])


def describe_failure(error: ExhibitError) -> str:
    """Return a failure as one line."""
    return " ".join(str(error).split())
