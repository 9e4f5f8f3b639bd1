"""``exhibit convert``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.cli.console import bars, end_of, shown_path, stopping
from exhibit.cli.steering import steered, steering_options

if TYPE_CHECKING:
    from exhibit.pipeline.convert import Converted, Plan
    from exhibit.pipeline.recipe import RelicOptions
    from exhibit.pipeline.run import Outcome


@click.command("convert")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--units", metavar="UNIT", help="Unit of the coordinates where the file does not say: mm, cm, m, in.")
@click.option("--up", metavar="AXIS", help="Axis that points up: y, z, -z. Points: z; OBJ and glTF: y.")
@click.option("--height", metavar="LENGTH", help="Real height, for scans in arbitrary units: 38cm, 1.2m, 15in.")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="CSV with options per scan.")
@click.option("--levels", metavar="NAMES", default="thumb,room,hero,inspect", show_default=True, help="Levels wanted.")
@click.option("--texture-size", type=click.IntRange(256, 8192), metavar="PX", help="No texture larger than this.")
@click.option("--textures", type=click.Choice(["webp", "ktx2", "both"]), default="both", show_default=True,
              help="WebP: small files; KTX2: little GPU memory; both: KTX2 for rooms, else WebP.")  # fmt: skip
@click.option("--close-holes/--keep-holes", default=False, help="Close what no camera saw into.  [default: keep]")
@steering_options
@click.option("--engine", type=click.Choice(["exhibit", "open3d"]), default="exhibit", show_default=True,
              help="Recipe: ours, or plain Open3D to compare with.")  # fmt: skip
@click.option("--surface", "surface_material", metavar="NAME", default="scan", show_default=True,
              help="How light meets it: stone, patinated-bronze, glazed-ceramic, jade, wood, gold, ...")  # fmt: skip
@click.option("--embed-narration", is_flag=True, help="Put narration audio into model.glb itself.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), metavar="N", help="Scans at once.  [default: by cores, memory]"
)
@click.option("--memory", metavar="SIZE", help="Memory to keep within: 8GB, 1500MB.  [default: 80 % of what is free]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--force", is_flag=True, help="Make again what is there already.")
@click.option("--quiet", "-q", is_flag=True, help="Print failures only.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(**given: Any) -> int:
    """Turn scans into web-ready relics.

    INPUT is a scan, a folder (searched to the bottom), a pattern, or @list.txt with one of these a line.
    Formats: PLY, LAS/LAZ/COPC, E57, XYZ/TXT/CSV, PTS, PCD, OBJ, GLB/glTF, STL, OFF.

    Each scan becomes a folder of GLB levels, a poster and a report; index.html and batch.csv list them all.
    The same command again goes on where it stopped and redoes only what changed.
    """
    from exhibit.cli.quantities import parse_bytes
    from exhibit.pipeline.convert import plan_conversion

    options = _options(given)
    memory = parse_bytes(given["memory"]) if given["memory"] else None
    plan = plan_conversion(given["inputs"], given["out"], options, table=given["table"])
    is_quiet = given["quiet"] or given["as_json"]
    if not is_quiet:
        _announce(plan)
    if given["dry_run"]:
        return _print_dry_run(plan, as_json=given["as_json"])
    return _run(plan, given, memory, is_quiet=is_quiet)


def _run(plan: Plan, given: dict[str, Any], memory: int | None, *, is_quiet: bool) -> int:
    from exhibit.api import run_plan
    from exhibit.pipeline.workload import Workload

    with stopping() as stop, bars(quiet=is_quiet) as drawn:
        workload = Workload(
            n_jobs=given["jobs"],
            memory_bytes=memory,
            force=given["force"],
            on_start=drawn.start,
            on_progress=drawn.report,
            on_aside=drawn.aside,
            on_outcome=lambda outcome: tell(drawn.ended(outcome), is_quiet=is_quiet),
            is_cancelled=stop,
        )
        converted = run_plan(plan, workload)
    if given["as_json"]:
        click.echo(json.dumps(_as_json(converted), ensure_ascii=False, indent=2))
    elif not is_quiet:
        click.echo(f"See {shown_path(plan.out / 'index.html')}")
    return end_of(converted.exit_code)


def _options(given: dict[str, Any]) -> RelicOptions:
    from exhibit.cli.quantities import parse_length_m, parse_levels, parse_surface
    from exhibit.pipeline.recipe import RelicOptions
    from exhibit.units import parse_axis, parse_unit

    return RelicOptions(
        units=parse_unit(given["units"]) if given["units"] else None,
        up=parse_axis(given["up"]) if given["up"] else None,
        height_m=parse_length_m(given["height"]) if given["height"] else None,
        levels=parse_levels(given["levels"]),
        texture_px=given["texture_size"],
        textures=given["textures"],
        close_holes=given["close_holes"],
        engine=given["engine"],
        surface_material=parse_surface(given["surface_material"]),
        embed_narration=given["embed_narration"],
        **steered(given),
    )


def _announce(plan: Plan) -> None:
    count = len(plan.scans)
    click.echo(f"{count} scan{'s' if count > 1 else ''} → {shown_path(plan.out)}", err=True)
    for source, _ in plan.scans:
        if source.renamed:
            click.echo(f"  {shown_path(source.path)} becomes '{source.name}': {source.renamed}.", err=True)
    for row in plan.idle_rows:
        click.echo(
            f"  {click.style('!', fg='yellow')} the table speaks of '{row}', which is none of the scans", err=True
        )
    if plan.ignored:
        shown = ", ".join(path.name for path in plan.ignored[:6])
        more = f" and {len(plan.ignored) - 6} more" if len(plan.ignored) > 6 else ""
        click.echo(f"  ignored, not scans: {shown}{more}", err=True)


def tell(outcome: Outcome, *, is_quiet: bool, has_record: bool = False) -> None:
    """Print what became of one relic; one that `has_record` is mended there, and not by options."""
    from exhibit.cli.console import bug_text
    from exhibit.cli.remedies import in_record
    from exhibit.errors import Bug, Cancelled
    from exhibit.pipeline.convert import describe_failure

    def said(sentence: str) -> str:
        return in_record(sentence, outcome.name) if has_record else sentence

    if outcome.error is not None:
        if isinstance(outcome.error, Cancelled):
            return
        is_bug = isinstance(outcome.error, Bug)
        text = bug_text(outcome.error) if isinstance(outcome.error, Bug) else said(describe_failure(outcome.error))
        click.echo(f"{click.style('✗', fg='red')} {outcome.name}{' (bug)' if is_bug else ''}: {text}", err=True)
        return
    if is_quiet:
        return
    from exhibit.publish.batch_page import spoken_size, spoken_time

    report = outcome.value.report
    state = "unchanged" if outcome.value.was_unchanged else spoken_time(outcome.seconds)
    click.echo(f"{click.style('✓', fg='green')} {outcome.name}  {spoken_size(report['size_mm'])}  {state}", err=True)
    for finding in report["findings"]:
        if finding["severity"] == "warning":
            click.echo(f"    {click.style('!', fg='yellow')} {said(finding['hint'])}", err=True)


def _print_dry_run(plan: Plan, *, as_json: bool) -> int:
    import dataclasses

    from exhibit.pipeline.convert import describe_failure
    from exhibit.pipeline.recipe import RelicOptions
    from exhibit.pipeline.soundness import fault_of

    usual = dataclasses.asdict(RelicOptions())
    rows = []
    for source, options in plan.scans:
        told = {name: value for name, value in dataclasses.asdict(options).items() if value != usual[name]}
        rows.append((str(source.path), source.name, told, fault_of(source.path)))
    n_faulty = sum(fault is not None for *_, fault in rows)
    # as a run would end: all fail, some fail, none
    exit_code = (
        0 if not n_faulty else 1 if n_faulty < len(rows) else next(fault.exit_code for *_, fault in rows if fault)
    )
    if as_json:
        scans = []
        for path, name, told, fault in rows:
            error = {} if fault is None else {"error": describe_failure(fault)}
            scans.append({"source": path, "name": name, "options": told, **error})
        click.echo(json.dumps({"out": str(plan.out), "scans": scans}, ensure_ascii=False, indent=2))
        return exit_code
    for path, name, told, fault in rows:
        if fault is not None:
            click.echo(f"{click.style('✗', fg='red')} {describe_failure(fault)}", err=True)
            continue
        words = ", ".join(f"{option}={value}" for option, value in told.items())
        click.echo(f"{path} → {shown_path(plan.out)}/{name}{f'  ({words})' if words else ''}")
    return exit_code


def _as_json(converted: Converted) -> dict[str, Any]:
    from exhibit.pipeline.convert import describe_failure

    return {
        "out": str(converted.plan.out),
        "scans": [
            {
                "name": source.name,
                "source": str(source.path),
                "seconds": round(outcome.seconds, 2),
                **(
                    {"error": describe_failure(outcome.error), "exit_code": outcome.error.exit_code}
                    if outcome.error is not None
                    else {"unchanged": outcome.value.was_unchanged, "report": outcome.value.report}
                ),
            }
            for (source, _), outcome in zip(converted.plan.scans, converted.outcomes, strict=True)
        ],
        "ignored": [str(path) for path in converted.plan.ignored],
    }
