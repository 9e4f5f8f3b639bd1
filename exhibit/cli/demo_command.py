"""``exhibit demo``."""

from __future__ import annotations

import contextlib
import locale
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.cli.console import bars, end_of, shown_path, stopping

if TYPE_CHECKING:
    from exhibit.model.record import ScanSource
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
@click.option("--units", metavar="UNIT", help="With --from: unit of the coordinates: mm, cm, m, in.")
@click.option("--up", metavar="AXIS", help="With --from: axis that points up: y, z, -z.")
@click.option("--height", metavar="LENGTH", help="With --from: real height, for one scan in arbitrary units: 38cm.")
@click.option("--keep-table", is_flag=True, help="With --from: keep the table or floor under the object.")
@click.option("--keep-neighbours", is_flag=True, help="With --from: keep plants, walls and other loose parts.")
@click.option("--quiet", "-q", is_flag=True, help="Print failures and the address only.")
def command(
    scans: Path | None,
    out: Path | None,
    lang: str | None,
    serves: bool,
    port: int,
    opens: bool,
    quiet: bool,
    **given: Any,
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
    from exhibit.cli.serve_command import say_moved
    from exhibit.pipeline.recipe import RelicOptions
    from exhibit.pipeline.workload import Workload
    from exhibit.publish.serve import SiteServer, wait_for_stop

    folder = out or Path("exhibit-demo" if scans is None else f"exhibit-{scans.resolve().name}")
    first = lang or _language_here()
    languages = (first, *(other for other in LANGUAGES if other != first))
    _make_project(folder, scans, _scan_words(scans, given), is_quiet=quiet)
    with contextlib.ExitStack() as open_things:
        shown: list[str] = []
        with stopping() as stop, bars(quiet=quiet) as drawn:

            def show(site: Path, making: Making) -> None:
                if serves:
                    server = open_things.enter_context(SiteServer(site, "127.0.0.1", port, making=making))
                    shown.append(server.url)
                    say_moved(server.port, port, drawn.say)
                    drawn.say(f"Open {server.url} now: relics appear as they are made.  (Ctrl-C stops)")
                    if opens:
                        click.launch(server.url)

            workload = Workload(
                on_start=drawn.start,
                on_progress=drawn.report,
                on_aside=drawn.aside,
                on_outcome=lambda outcome: tell(drawn.ended(outcome), is_quiet=quiet, has_record=True),
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


def _scan_words(scans: Path | None, given: dict[str, Any]) -> ScanSource:
    """Return what the options say of all scans, as their records will say it."""
    from exhibit.cli.quantities import parse_length_m
    from exhibit.errors import UsageError
    from exhibit.model.record import ScanSource
    from exhibit.units import parse_axis, parse_unit

    named = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if scans is None and named:
        raise UsageError(
            f"{named[0]} is for your own scans.", hint="Give --from FOLDER too; the demo's relics know theirs."
        )
    return ScanSource(
        units=parse_unit(given["units"]) if given["units"] else None,
        up=parse_axis(given["up"]) if given["up"] else None,
        height_mm=parse_length_m(given["height"]) * 1000 if given["height"] else None,
        keep_table=given["keep_table"] or None,
        keep_neighbours=given["keep_neighbours"] or None,
    )


def _make_project(folder: Path, scans: Path | None, words: ScanSource, *, is_quiet: bool) -> None:
    from exhibit.pipeline.project import DEMO_SCENE, new_project
    from exhibit.pipeline.scans_project import project_of_scans

    if scans is not None:
        placed = project_of_scans([scans], folder, scans.resolve().name, words)
        count = "1 scan" if len(placed) == 1 else f"{len(placed)} scans"
        stand = "stands" if len(placed) == 1 else "stand"
        said = [f"{count} of {shown_path(scans)} {stand} in {shown_path(folder)}; write their records there, "
                f"then: exhibit build {shown_path(folder)}"]  # fmt: skip
        said += [f"  {one.source.path.name} stands at the address {one.relic}, since addresses have only a to z, "
                 f"digits and hyphens; its title is {one.source.name}." for one in placed if one.is_unlike]  # fmt: skip
    elif (folder / "scenes").is_dir():
        return
    else:
        new_project(folder, DEMO_SCENE)
        said = [f"Made a project in {shown_path(folder)}: look at its relic.toml files, they are yours to change; "
                f"then: exhibit build {shown_path(folder)}"]  # fmt: skip
    if not is_quiet:
        click.echo("\n".join(said), err=True)


def _language_here() -> str:
    """Return the demo's language for this machine: Chinese where the machine speaks it, else English."""
    here = locale.getlocale()[0] or ""
    return "zh-Hans" if here.lower().startswith(("zh", "chinese")) else "en"
