"""``exhibit compare``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exhibit.cli.console import bars, shown_path, stopping
from exhibit.cli.steering import steered, steering_options

if TYPE_CHECKING:
    from exhibit.model.comparison import Comparison, Distances
    from exhibit.pipeline.comparison import Compared, CompareOptions

_NO_BIAS = 1e-3
"""Spacings below which an offset is none."""


@click.command("compare")
@click.argument("mesh", type=click.Path(path_type=Path), metavar="MESH")
@click.argument("scan", type=click.Path(path_type=Path), metavar="SCAN")
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder for compare.json and compare.png.")
@click.option("--raw", is_flag=True, help="Compare with every point; by default the scan is cleaned as for convert.")
@click.option("--units", metavar="UNIT", help="Unit of the scan's coordinates where the file does not say: mm, cm, m.")
@click.option("--up", metavar="AXIS", help="The scan's axis that points up: y, z, -z.")
@click.option("--height", metavar="LENGTH", help="Real height, for scans in arbitrary units: 38cm, 1.2m.")
@steering_options
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(mesh: Path, scan: Path, out: Path | None, **given: Any) -> int:
    """Hold a mesh against the scan it was made from.

    Deviation both ways in millimetres, colour difference, relief kept and lost, holes, and faults of the mesh.
    A GLB made by exhibit knows how the scan was placed; any other mesh must lie in the scan's own coordinates.

    \b
    exhibit compare relics/lion/model.glb lion.ply --out checked
    """
    from exhibit.pipeline.comparison import compare
    from exhibit.progress import Progress

    options = _options(given)
    is_quiet = given["quiet"] or given["as_json"]
    with stopping() as stop, bars(quiet=is_quiet) as drawn:
        progress = Progress(lambda fraction, note: drawn.aside(mesh.name, fraction, note), stop)
        done = compare(mesh, scan, options, out=out, progress=progress)
    if given["as_json"]:
        click.echo(json.dumps(done.as_json(), ensure_ascii=False, indent=2))
    elif not given["quiet"]:
        _print(done)
    return 0


def _options(given: dict[str, Any]) -> CompareOptions:
    from exhibit.cli.quantities import parse_length_m
    from exhibit.pipeline.comparison import CompareOptions
    from exhibit.units import parse_axis, parse_unit

    return CompareOptions(
        units=parse_unit(given["units"]) if given["units"] else None,
        up=parse_axis(given["up"]) if given["up"] else None,
        height_m=parse_length_m(given["height"]) if given["height"] else None,
        raw=given["raw"],
        **steered(given),
    )


def _print(done: Compared) -> None:
    figures = done.figures
    click.echo(click.style(f"{done.mesh} against {done.scan}", bold=True))
    for name, value in (*_rows_of_truth(done), *_rows_of_soundness(figures)):
        click.echo(f"  {name:<18} {value}")
    for finding in figures.findings:
        mark = click.style("!", fg="yellow") if finding.severity == "warning" else "·"
        click.echo(f"  {mark} {finding.hint}")
    if done.files:
        click.echo(f"See {' and '.join(shown_path(file) for file in done.files)}")


def _rows_of_truth(done: Compared) -> list[tuple[str, str]]:
    found = done.figures
    side = "stands out of" if found.bias_mm > 0 else "lies inside"
    bias = f"the mesh {side} the scan by {_mm(abs(found.bias_mm))}"
    if abs(found.bias_mm) < _NO_BIAS * found.spacing_mm:
        bias = "the mesh neither stands out of the scan nor lies inside it"
    rows = [
        ("placed", done.placed_by),
        ("scan", f"{found.n_points:,} points, {_mm(found.spacing_mm)} apart, noise {_mm(found.noise_mm)}"),
        ("scan to mesh", _distances(found.scan_to_mesh)),
        ("mesh to scan", _distances(found.mesh_to_scan)),
        ("on average", bias),
        ("without scan", f"{found.share_unscanned:.1%} of the mesh has no scan near it"),
    ]
    for relief in found.relief:
        kept = "none that stands out of the noise" if relief.kept is None else f"{relief.kept:.0%} kept"
        strength = "" if relief.kept is None else f", {_mm(relief.amplitude_mm)} strong"
        rows.append((f"relief in {_mm(relief.radius_mm)}", f"{kept}{strength}"))
    if found.color is not None:
        rows.append(("colour", f"ΔE {found.color.mean:.1f} mean, {found.color.p95:.1f} at 95 %"))
    if found.texels_per_mm is not None:
        rows.append(("texture", f"{found.texels_per_mm:.3g} texels per mm, each {_mm(1 / found.texels_per_mm)}"))
    return rows


def _rows_of_soundness(found: Comparison) -> list[tuple[str, str]]:
    sound = found.soundness
    size = " × ".join(f"{length:.4g}" for length in found.size_mm)
    pieces = "1 piece" if sound.n_pieces == 1 else f"{sound.n_pieces:,} pieces"
    holes = "none"
    if sound.holes:
        largest = sound.holes[0]
        holes = f"{sound.n_holes:,}, the largest {_mm(largest.width_mm)} wide, {_mm(largest.border_mm)} round"
    rows = [
        ("mesh", f"{sound.n_triangles:,} triangles, {pieces}, {size} mm"),
        ("watertight", "yes" if sound.is_watertight else "no"),
        ("holes", holes),
        ("non-manifold edges", f"{sound.n_non_manifold_edges:,}"),
        ("self-intersecting", f"{sound.n_self_intersecting:,} triangles"),
    ]
    if sound.n_flipped_edges:
        rows.append(("flipped", f"{sound.n_flipped_edges:,} edges whose faces disagree on the outside"))
    if sound.n_degenerate:
        rows.append(("degenerate", f"{sound.n_degenerate:,} triangles without area"))
    return rows


def _distances(found: Distances) -> str:
    return f"{_mm(found.mean_mm)} mean, {_mm(found.p95_mm)} at 95 %, {_mm(found.max_mm)} at most"


def _mm(value: float) -> str:
    return f"{value:,.0f} mm" if value >= 1000 else f"{value:.3g} mm"
