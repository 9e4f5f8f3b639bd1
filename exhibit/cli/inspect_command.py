"""``exhibit inspect``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from exhibit.pipeline.inspect import Inspection


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.option("--mask-template", type=click.Path(path_type=Path, dir_okay=False), metavar="MASK",
              help="Write a mask (JSON) for one scan, to be corrected by hand; see convert --mask.")  # fmt: skip
def command(files: tuple[Path, ...], as_json: bool, mask_template: Path | None) -> int:
    """Say what a scan holds, and what converting it will cost.

    Format, points, colour, normals, extent, spacing, noise, the likely unit and why, doubts, estimated time and memory.
    """
    from exhibit.errors import ExhibitError, UsageError
    from exhibit.pipeline.inspect import inspect, write_mask_template

    if mask_template is not None and len(files) != 1:
        raise UsageError("--mask-template is for one scan; a mask speaks of one file.")
    found: list[Inspection] = []
    failures: list[ExhibitError] = []
    for path in files:
        try:
            found.append(inspect(path))
        except ExhibitError as fault:
            failures.append(fault)
    if mask_template is not None and found:
        write_mask_template(found[0], mask_template)
    if as_json:
        facts = [inspection.as_json() for inspection in found]
        click.echo(json.dumps(facts[0] if len(files) == 1 and facts else facts, ensure_ascii=False, indent=2))
    else:
        for inspection in found:
            _print(inspection)
    for failure in failures:
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {failure}", err=True)
    if not failures:
        return 0
    return failures[0].exit_code if not found else 1


def _print(facts: Inspection) -> None:
    from exhibit.publish.batch_page import spoken_bytes, spoken_time

    unit = facts.units or facts.units_guess
    whole, core = facts.extent_whole, facts.extent
    has_strays = max(whole) > 1.3 * max(core)

    def spoken(lengths: tuple[float, ...]) -> str:
        return " × ".join(f"{length:.4g}" for length in lengths) + f" {facts.units or 'units'}"

    content = f"{facts.n_points:,} points"
    if facts.kind == "mesh":
        content = f"{facts.n_triangles:,} triangles, {facts.n_points:,} vertices, {facts.n_textures} textures"
    rows = [
        ("format", f"{facts.format}, {spoken_bytes(facts.n_bytes)}"),
        ("content", content),
        ("colour", "yes" if facts.has_colors else "no"),
        ("normals", "yes" if facts.has_normals else "no"),
        ("extent", spoken(core if has_strays else whole)),
        ("unit", f"{unit} — {facts.units_reason}"),
        ("up", facts.up or "not stated"),
        ("spacing", f"{facts.spacing:.4g} {facts.units or 'units'}" if facts.spacing is not None else "unknown"),
        ("noise", f"{facts.noise:.2g} {facts.units or 'units'}" if facts.noise is not None else "unknown"),
        (
            "conversion",
            f"about {spoken_time(facts.estimated_seconds)} and {facts.estimated_memory_mb:.0f} MB of memory",
        ),
    ]
    if has_strays:
        rows.insert(5, ("with strays", spoken(whole)))
    click.echo(click.style(facts.file, bold=True))
    for name, value in rows:
        click.echo(f"  {name:<12} {value}")
    for finding in facts.findings:
        mark = click.style("!", fg="yellow") if finding.severity == "warning" else "·"
        click.echo(f"  {mark} {finding.hint}")
