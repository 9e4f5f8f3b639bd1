"""``exhibit demo``."""

from __future__ import annotations

import contextlib
import locale
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exhibit.cli.console import bars, end_of, shown_path, stopping

if TYPE_CHECKING:
    from exhibit.publish.making import Making

LANGUAGES = ("zh-Hans", "en")
"""Languages of the demo's own site, and of one that is made of scans without records."""


LEVELS = ("thumb", "room", "hero")
"""Without the finest level, which takes a third of the time; ``exhibit build`` adds it."""


@click.command("demo")
@click.option("--from", "scans", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Show your own scans instead: no records needed, names come from the files.")  # fmt: skip
@click.option("--out", "-o", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder for the project and its site.  [default: exhibit-demo, or exhibit-FOLDER]")  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language to open in.  [default: this machine's]")
@click.option("--serve/--no-serve", "serves", default=True, show_default=True,
              help="Serve the site, from the first seconds on.")  # fmt: skip
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to serve at.")
@click.option("--open/--no-open", "opens", default=False, help="Open the browser of this machine.  [default: no]")
@click.option("--quiet", "-q", is_flag=True, help="Print failures and the address only.")
def command(
    scans: Path | None, out: Path | None, lang: str | None, serves: bool, port: int, opens: bool, quiet: bool
) -> int:
    """Build the demo exhibition and open it: the first thing to try.

    The hall opens within seconds, with an empty plinth for each relic; every relic appears as soon as its scan has
    walked the whole way: cloud, mesh, levels, textures, GLB. The demo's six relics are modelled by this program and
    were found nowhere; their scans have the faults of real ones. The second time takes seconds.

    With --from FOLDER the same is done with your own scans. What was made is a project: fill in its records and go on
    with `exhibit build`.
    """
    from exhibit.api import build
    from exhibit.cli.convert_command import tell
    from exhibit.pipeline.recipe import RelicOptions
    from exhibit.pipeline.workload import Workload
    from exhibit.publish.serve import SiteServer, wait_for_stop

    folder = out or Path("exhibit-demo" if scans is None else f"exhibit-{scans.resolve().name}")
    first = lang or _language_here()
    languages = (first, *(other for other in LANGUAGES if other != first))
    _make_project(folder, scans, is_quiet=quiet)
    with contextlib.ExitStack() as open_things:
        shown: list[str] = []
        with stopping() as stop, bars(quiet=quiet) as drawn:

            def show(site: Path, making: Making) -> None:
                if serves:
                    server = open_things.enter_context(SiteServer(site, "127.0.0.1", port, making=making))
                    shown.append(server.url)
                    drawn.say(f"Open {server.url} now: relics appear as they are made.  (Ctrl-C stops)")
                    if opens:
                        click.launch(server.url)

            workload = Workload(
                on_start=drawn.start,
                on_progress=drawn.report,
                on_aside=drawn.aside,
                on_outcome=lambda outcome: tell(outcome, is_quiet=quiet),
                is_cancelled=stop,
            )
            options = RelicOptions(levels=LEVELS)
            built = build(folder, languages=languages, options=options, workload=workload, on_shown=show)
        if not stop():
            click.echo(f"The site is in {shown_path(built.site)}.", err=True)
        if shown and not stop():
            click.echo(f"Serving it at {shown[0]}  (Ctrl-C stops)", err=True)
            wait_for_stop(threading.Event())
    return end_of(built.exit_code)


def _make_project(folder: Path, scans: Path | None, *, is_quiet: bool) -> None:
    from exhibit.pipeline.project import DEMO_SCENE, new_project
    from exhibit.pipeline.scans_project import project_of_scans

    if scans is not None:
        found = project_of_scans([scans], folder, scans.resolve().name)
        said = f"{len(found)} scans of {shown_path(scans)} stand in {shown_path(folder)}; write their records there."
    elif (folder / "scenes").is_dir():
        return
    else:
        new_project(folder, DEMO_SCENE)
        said = f"Made a project in {shown_path(folder)}: look at its relic.toml files, they are yours to change."
    if not is_quiet:
        click.echo(said, err=True)


def _language_here() -> str:
    """Return the demo's language for this machine: Chinese where the machine speaks it, else English."""
    here = locale.getlocale()[0] or ""
    return "zh-Hans" if here.lower().startswith(("zh", "chinese")) else "en"
