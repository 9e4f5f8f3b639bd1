"""``exhibit build``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from exhibit.cli.console import bars, end_of, shown_path, stopping


@click.command("build")
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), metavar="SITE", help="Folder of the site.  [default: DIR/site]"
)
@click.option("--scene", metavar="NAME", help="Which exhibition, when scenes/ holds several.  [default: the first]")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 64), metavar="N", help="Relics at once.  [default: by cores, memory]"
)
@click.option("--memory", metavar="SIZE", help="Memory to keep within: 8GB, 1500MB.  [default: 80 % of what is free]")
@click.option("--force", is_flag=True, help="Make every relic again; replace files in the way.")
@click.option("--quiet", "-q", is_flag=True, help="Print failures only.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(**given: Any) -> int:
    """Build a project's exhibition as a static site.

    Only what changed is made again: a changed text redoes no mesh. A build that was killed goes on where it was.
    Files in the site's folder that exhibit did not write are left alone.
    """
    from exhibit.api import build
    from exhibit.cli.convert_command import tell
    from exhibit.cli.quantities import parse_bytes
    from exhibit.pipeline.workload import Workload

    is_quiet = given["quiet"] or given["as_json"]
    with stopping() as stop, bars(quiet=is_quiet) as drawn:
        workload = Workload(
            n_jobs=given["jobs"],
            memory_bytes=parse_bytes(given["memory"]) if given["memory"] else None,
            force=given["force"],
            on_start=drawn.start,
            on_progress=drawn.report,
            on_aside=drawn.aside,
            on_outcome=lambda outcome: tell(drawn.ended(outcome), is_quiet=is_quiet, has_record=True),
            is_cancelled=stop,
        )
        built = build(given["folder"], given["out"], scene=given["scene"], workload=workload)
    if given["as_json"]:
        click.echo(json.dumps(built.as_json(), ensure_ascii=False, indent=2))
        return end_of(built.exit_code)
    for finding in built.findings:
        if finding.severity == "warning" and not given["quiet"]:
            click.echo(f"  {click.style('!', fg='yellow')} {finding.hint}", err=True)
    if not is_quiet and built.is_written:
        changed = f"{built.n_written} of {built.n_files} files changed"
        click.echo(f"{shown_path(built.site)}: {changed}. Look at it: exhibit serve {shown_path(built.site)} --open")
    return end_of(built.exit_code)
