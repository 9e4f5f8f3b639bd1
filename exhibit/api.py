"""The package as a library: what the commands do, as functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from exhibit.pipeline.atomic import write_atomically
from exhibit.pipeline.convert import Converted, Plan, convert_planned, plan_conversion
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.run import Outcome
from exhibit.publish.batch_page import batch_page


def convert(
    inputs: Sequence[str | Path],
    out: str | Path,
    options: RelicOptions = RelicOptions(),
    *,
    table: str | Path | None = None,
    n_jobs: int | None = None,
    memory_bytes: int | None = None,
    force: bool = False,
    on_progress: Callable[[str, float, str], None] = lambda name, fraction, note: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Converted:
    """Turn scans into folders of web-ready files under `out`, as ``exhibit convert`` does.

    Parameters
    ----------
    inputs : files, folders (recursive), globs and ``@list.txt``.
    options : hold for every scan that its sidecar or the table says nothing of.
    table : CSV with options per scan.
    n_jobs : relics made at once; by default as many as there are cores and memory for.
    force : make again what is there already.

    Raises
    ------
    ExhibitError
        Before any work, if inputs, names, sidecars or the output folder are not right. A scan that fails later does
        not raise: it is among `Converted.failures`.
    """
    plan = plan_conversion(inputs, Path(out), options, table=Path(table) if table else None)
    return run_plan(
        plan,
        n_jobs=n_jobs,
        memory_bytes=memory_bytes,
        force=force,
        on_progress=on_progress,
        is_cancelled=is_cancelled,
    )


def run_plan(
    plan: Plan,
    *,
    n_jobs: int | None = None,
    memory_bytes: int | None = None,
    force: bool = False,
    on_progress: Callable[[str, float, str], None] = lambda name, fraction, note: None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Converted:
    """Do a planned conversion and write its ``index.html``."""
    converted = convert_planned(
        plan,
        n_jobs=n_jobs,
        memory_bytes=memory_bytes,
        force=force,
        on_progress=on_progress,
        on_outcome=on_outcome,
        is_cancelled=is_cancelled,
    )
    write_atomically(plan.out / "index.html", batch_page(converted))
    return converted
