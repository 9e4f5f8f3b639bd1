"""``exhibit simulate``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.cli.console import bars, shown_path, stopping

if TYPE_CHECKING:
    from exhibit.capture.options import CaptureOptions
    from exhibit.pipeline.simulate import Simulated


@click.command("simulate")
@click.argument("thing", required=False, metavar="OBJECT")
@click.option("--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Scan to write: .laz, .las or .ply.")
@click.option("--points", metavar="N", default="1M", show_default=True, help="Points in all: 350k, 1M, 200M.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another scan.")
@click.option("--noise", metavar="LENGTH", help="Noise of depth, straight on: 0.1mm.  [default: 1/4 of the spacing]")
@click.option("--outliers", type=click.FloatRange(0, 0.5), default=0.004, show_default=True,
              help="Share of points that fly off.")  # fmt: skip
@click.option("--clumps", type=click.IntRange(0, 1000), default=14, show_default=True,
              help="Floating clumps of mismatched points.")  # fmt: skip
@click.option("--cameras", metavar="RINGS", default="4:24,28:24,56:16", show_default=True,
              help="Rings: degrees above the horizon and cameras on each.")  # fmt: skip
@click.option("--table/--no-table", "has_table", default=True, show_default=True, help="A turntable under the object.")
@click.option("--exposure-drift", type=click.FloatRange(0, 3), default=0.12, show_default=True,
              help="Stops by which exposure wanders from camera to camera.")  # fmt: skip
@click.option(
    "--normals/--no-normals", "has_normals", default=False, show_default=True, help="Write noisy normals (PLY only)."
)
@click.option("--units", metavar="UNIT", default="m", show_default=True, help="Unit of the file: m, mm, cm, in.")
@click.option("--up", metavar="AXIS", default="z", show_default=True, help="Axis that points up; LAS is always z.")
@click.option("--truth", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="PLY for the exact positions, normals and colours, point by point.")  # fmt: skip
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="PNG of the object itself, before any scan.")  # fmt: skip
@click.option("--list", "lists", is_flag=True, help="List the objects there are.")
@click.option("--quiet", "-q", is_flag=True, help="Print failures only.")
def command(**given: Any) -> int:
    """Scan a modelled object, for tests, benches and teaching.

    OBJECT is a form made by this program, found nowhere (--list names them). Rings of virtual cameras take it, and the
    cloud has the faults of photogrammetry: noise that grows with distance and grazing angle, stray points, floating
    clumps, uneven density, unseen undersides, a turntable, drifting exposure. The same line writes the same bytes.
    """
    from exhibit.errors import UsageError

    if given["lists"]:
        _list_objects()
        return 0
    if given["thing"] is None:
        raise UsageError("which object?", hint="'exhibit simulate --list' names them.")
    if given["out"] is None and given["picture"] is None:
        raise UsageError("there is nothing to write.", hint="Give --out FILE.laz or --picture FILE.png.")
    thing = given["thing"].replace("-", "_")
    options = _options(given)
    if given["picture"] is not None:
        _write_picture(thing, given["picture"])
    return 0 if given["out"] is None else _scan(thing, given, options)


def _scan(thing: str, given: dict[str, Any], options: CaptureOptions) -> int:
    from exhibit.errors import Cancelled
    from exhibit.pipeline.simulate import simulate
    from exhibit.progress import Progress

    with stopping() as stop, bars(quiet=given["quiet"]) as drawn:
        drawn.start(1)
        progress = Progress(lambda fraction, note: drawn.report(thing, fraction, note), stop)
        try:
            done = simulate(thing, given["out"], options, truth=given["truth"], progress=progress)
        except Cancelled as fault:
            click.echo("Stopped; no scan was written.", err=True)
            return fault.exit_code
    if not given["quiet"]:
        _tell(done)
    return 0


def _tell(done: Simulated) -> None:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in done.counts.items() if count)
    click.echo(
        f"{click.style('✓', fg='green')} {shown_path(done.path)}  {done.n_bytes / 1e6:.1f} MB  {kinds}\n"
        f"  {done.n_cameras} cameras, spacing {done.spacing_m * 1000:.3g} mm, noise {done.noise_m * 1000:.3g} mm; "
        "modelled by this program, found nowhere",
        err=True,
    )


def _list_objects() -> None:
    from exhibit.capture.objects import modelled_object, object_names

    for name in object_names():
        thing = modelled_object(name)
        width, height, depth = (1000 * side for side in thing.size_m)
        click.echo(f"{name:18} {width:5.0f} × {height:4.0f} × {depth:4.0f} mm  {thing.title}")
    click.echo("They are modelled by this program and were found nowhere.", err=True)


def _options(given: dict[str, Any]) -> CaptureOptions:
    from exhibit.capture.options import CaptureOptions, Ring
    from exhibit.cli.quantities import parse_length_m
    from exhibit.errors import UsageError
    from exhibit.units import parse_axis, parse_unit

    rings = []
    for number, text in enumerate(given["cameras"].split(",")):
        found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*:\s*(\d{1,4})\s*", text)
        if found is None:
            raise UsageError(f"'{text}' is not a ring of cameras.", hint="Write degrees:cameras, as in 4:24,56:16.")
        rings.append(Ring(float(found[1]), int(found[2]), max(2.6 - 0.2 * number, 2.0)))
    return CaptureOptions(
        n_points=_parse_count(given["points"]),
        seed=given["seed"],
        rings=tuple(rings),
        noise_m=parse_length_m(given["noise"]) if given["noise"] else None,
        outlier_share=given["outliers"],
        n_clumps=given["clumps"],
        has_table=given["has_table"],
        exposure_drift=given["exposure_drift"],
        has_normals=given["has_normals"],
        unit=parse_unit(given["units"]),
        up=parse_axis(given["up"]),
    )


def _parse_count(text: str) -> int:
    from exhibit.errors import UsageError

    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kKmM]?)\s*", text.replace(",", "").replace("_", ""))
    if found is None:
        raise UsageError(f"'{text}' is not a number of points.", hint="Write 350k, 1M or 200000.")
    return round(float(found[1]) * {"": 1, "k": 1000, "m": 1_000_000}[found[2].lower()])


def _write_picture(thing: str, path: Path) -> None:
    import io

    from PIL import Image

    from exhibit.capture.objects import modelled_object
    from exhibit.capture.portrait import portray_object
    from exhibit.errors import UsageError
    from exhibit.pipeline.atomic import write_atomically

    if path.suffix.lower() != ".png":
        raise UsageError(f"'{path.name}' does not end in .png.", hint="Pictures are written as PNG.")
    stored = io.BytesIO()
    Image.fromarray(portray_object(modelled_object(thing), 800)).save(stored, "PNG")
    write_atomically(path, stored.getvalue())
