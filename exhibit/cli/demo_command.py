"""``exhibit demo``."""

from __future__ import annotations

from pathlib import Path

import click

from exhibit.cli.console import bars, end_of, shown_path, stopping


@click.command("demo")
@click.option("--out", "-o", type=click.Path(path_type=Path), default="exhibit-demo", show_default=True,
              help="Folder for the demo's project and site.")  # fmt: skip
@click.option("--serve/--no-serve", "serves", default=True, show_default=True, help="Serve the site when it is built.")
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to serve at.")
@click.option("--open/--no-open", "opens", default=False, help="Open the browser of this machine.  [default: no]")
@click.option("--quiet", "-q", is_flag=True, help="Print failures and the address only.")
def command(out: Path, serves: bool, port: int, opens: bool, quiet: bool) -> int:
    """Build the demo exhibition and open it: the first thing to try.

    It makes a project with one relic, modelled by this program and not found anywhere, walks the whole way with it
    (cloud, mesh, levels, textures, GLB, site) and serves the result on this machine. The second time takes seconds.
    """
    from exhibit.api import build
    from exhibit.cli.convert_command import tell
    from exhibit.cli.serve_command import serve_site
    from exhibit.pipeline.project import new_project
    from exhibit.pipeline.workload import Workload

    if not (out / "scenes").is_dir():
        new_project(out)
        if not quiet:
            click.echo(f"Made a project in {shown_path(out)}: look at its relic.toml, it is yours to change.", err=True)
    with stopping() as stop, bars(quiet=quiet) as drawn:
        workload = Workload(
            on_start=drawn.start,
            on_progress=drawn.report,
            on_outcome=lambda outcome: tell(outcome, is_quiet=quiet),
            is_cancelled=stop,
        )
        built = build(out, workload=workload)
    if built.exit_code != 0:
        return end_of(built.exit_code)
    click.echo(f"The site is in {shown_path(built.site)}.", err=True)
    if serves:
        serve_site(built.site, port=port, opens=opens)
    return 0
