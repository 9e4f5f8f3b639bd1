"""The table: a line for each way on each subject, the same words on the screen and in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.bench.runs import Row

WAYS = {
    "ours": "ours",
    "open3d": "ours, `--engine open3d`",
    "script": "Open3D script, depth 10",
    "tuned": "the script, best depth, fast parts",
    "pymeshlab": "PyMeshLab script",
    "truth": "the true surface, decimated",
    "process": "ours, whole process",
    "first": "ours, first run ever",
    "convert": "`exhibit convert`, three levels, all maps, KTX2, pictures",
}
BASELINES = ("script", "tuned", "pymeshlab")


def _number(name: str, digits: int, scale: float = 1.0) -> Callable[[Row, dict[str, Row]], str]:
    def cell(row: Row, _: dict[str, Row]) -> str:
        value = row.get(name)
        return "–" if value is None else f"{value * scale:.{digits}f}"

    return cell


def _pair(*names: str) -> Callable[[Row, dict[str, Row]], str]:
    def cell(row: Row, _: dict[str, Row]) -> str:
        return " / ".join(f"{row[name]:.1f}" for name in names) if all(name in row for name in names) else "–"

    return cell


def _percents(*names: str) -> Callable[[Row, dict[str, Row]], str]:
    def cell(row: Row, _: dict[str, Row]) -> str:
        return " / ".join(f"{row[name] * 100:.1f}" for name in names) if all(name in row for name in names) else "–"

    return cell


def _ratios(*names: str) -> Callable[[Row, dict[str, Row]], str]:
    def cell(row: Row, _: dict[str, Row]) -> str:
        return " / ".join(f"{row[name]:.2f}" for name in names) if all(name in row for name in names) else "–"

    return cell


def _profile(row: Row, _: dict[str, Row]) -> str:
    return " / ".join(f"{off:.2f}" for off in row["rim_profile"][:3]) if "rim_profile" in row else "–"


def _holes(row: Row, _: dict[str, Row]) -> str:
    if "holes_right" not in row:
        return "–"
    n = len(row["true_widths"])
    return f"{round(row['holes_right'] * n)} of {n} / {row['holes_listed']}"


def _faster(row: Row, rows: dict[str, Row]) -> str:
    script = rows.get("script", {})
    parts = [f"{script[kind] / row[kind]:.1f}" for kind in ("wall_s", "cpu_s") if kind in script and kind in row]
    return " / ".join(parts) or "–"


def _against(*names: str) -> Callable[[Row, dict[str, Row]], str]:
    """Divide errors by those of the tuned script, or of the plain one where that is not there."""

    def cell(row: Row, rows: dict[str, Row]) -> str:
        other = rows.get("tuned") or rows.get("script") or {}
        parts = [f"{row[name] / other[_plain(name)]:.2f}" for name in names if name in row and other.get(_plain(name))]
        return " / ".join(parts) if parts else "–"

    return cell


def _plain(name: str) -> str:
    return name.removeprefix("finer_")


COLUMNS: tuple[tuple[str, Callable[[Row, dict[str, Row]], str]], ...] = (
    ("s", _number("wall_s", 1)),
    ("CPU s", _number("cpu_s", 1)),
    ("to 50 k mesh, s / CPU s", _pair("mesh_wall_s", "mesh_cpu_s")),
    ("× script's speed, wall / CPU", _faster),
    ("load", _number("load", 1)),
    ("peak MB", _number("peak_mb", 0)),
    ("triangles", _number("triangles", 0)),
    ("pieces", _number("pieces", 0)),
    ("non-manifold", _number("non_manifold", 0)),
    ("border edges", _number("boundary", 0)),
    ("held out, mean %", _number("held_mean_pct", 4)),
    ("p95 %", _number("held_p95_pct", 4)),
    ("÷ best script", _against("held_mean_pct", "held_p95_pct")),
    ("÷, at 150 k", _against("finer_held_mean_pct", "finer_held_p95_pct")),
    ("mesh → truth RMS %", _number("to_truth_pct", 4)),
    ("truth → mesh", _number("from_truth_pct", 4)),
    ("÷ best script", _against("to_truth_pct", "from_truth_pct")),
    ("÷, at 150 k", _against("finer_to_truth_pct", "finer_from_truth_pct")),
    ("cleaning: precision", _number("clean_precision", 4)),
    ("recall", _number("clean_recall", 4)),
    ("relief kept", _number("relief", 2)),
    ("colour dB", _number("colour_db", 1)),
    ("true colours at vertices dB", _number("vertex_db", 1)),
    ("steps across seams ÷ beside, mipmaps 0 / 1 / 2", _ratios("seam_excess_0", "seam_excess_1", "seam_excess_2")),
    ("charts", _number("charts", 0)),
    ("packing", _number("packing", 2)),
    ("stretch", _number("stretch", 3)),
    ("flipped", _number("flipped", 0)),
    ("occlusion dB", _number("occlusion_db", 1)),
    ("truth met, of all / least sheet, %", _percents("recall", "recall_least")),
    ("not invented, %", _percents("precision")),
    ("inside out, %", _percents("inside_out")),
    ("sheets apart, %", _percents("apart")),
    ("wall ÷ true, median / 1 %", _ratios("thickness", "thickness_low")),
    ("off the rims, spacings, mean / p95", _ratios("rim_gap", "rim_gap_p95")),
    ("RMS off by spacings from a rim, 0–1 / 1–2 / 2–3", _profile),
    ("depth of letters, mean / least", _ratios("depth_kept", "depth_least")),
    ("letters legible, %", _percents("legible")),
    ("holes right / borders listed", _holes),
    ("border ÷ true", _ratios("border_length")),
)


Columns = tuple[tuple[str, Callable[[Row, dict[str, Row]], str]], ...]


def heading(columns: Columns = COLUMNS) -> list[str]:
    """Return the two lines above a table."""
    return ["| | " + " | ".join(title for title, _ in columns) + " |", "|---|" + "---|" * len(columns)]


def line(
    way: str, row: Row | None, rows: dict[str, Row], columns: Columns = COLUMNS, *, why: str = "not run yet"
) -> str:
    """Return one line; `rows` are those of the same subject, by way."""
    if row is None or "failed" in row:
        text = why if row is None else row["failed"]
        return f"| {WAYS[way]} | {text} |" + " |" * (len(columns) - 1)
    depth = f" ({row['depth']})" if "depth" in row else ""
    return f"| {WAYS[way]}{depth} | " + " | ".join(cell(row, rows) for _, cell in columns) + " |"


def whole(subjects: dict[str, str], found: dict[str, dict[str, Row]], machine: dict[str, Any]) -> str:
    """Return the file: `found` holds rows by subject and way, `subjects` their titles."""
    lines = [
        "# The mesh core beside what else people use",
        "",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python "
        f"{machine['python']}; " + ", ".join(f"{name} {number}" for name, number in machine["libraries"].items()) + ".",
        "What each column means: [README](../README.md). Single runs: read differences in seconds under 20 % as none.",
    ]
    busy = max((row.get("load") or 0 for rows in found.values() for row in rows.values()), default=0)
    if busy > machine["cores"] + 1:
        lines.append(
            f"**The machine was shared while some rows were taken (load up to {busy:.0f} on {machine['cores']} cores): "
            "quote processor seconds, not wall seconds.**"
        )
    for name, title in subjects.items():
        rows = found.get(name, {})
        points = next((f", {row['n_points']:,} points" for row in rows.values() if "n_points" in row), "")
        lines += ["", f"## {title}{points}", ""]
        known = {way: row for way, row in rows.items() if "failed" not in row}
        if not known:
            lines.append("Not run yet.")
            continue
        columns = tuple(one for one in COLUMNS if any(one[1](row, rows) != "–" for row in known.values()))
        ways = [way for way in WAYS if way in rows or way in ("ours", "open3d", *BASELINES)]
        lines += [*heading(columns), *(line(way, rows.get(way), rows, columns) for way in ways)]
    return "\n".join(lines) + "\n"
