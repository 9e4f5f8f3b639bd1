"""``index.html`` of a conversion: posters, sizes, deviations, doubts, failures and times on one page."""

from __future__ import annotations

from typing import Any

import jinja2

from exhibit.errors import Cancelled
from exhibit.pipeline.convert import Converted, describe_failure, finest_level, seconds_of_making
from exhibit.pipeline.relic import RelicResult
from exhibit.pipeline.run import Outcome
from exhibit.resources import shipped


def batch_page(converted: Converted) -> bytes:
    """Return the page as UTF-8 HTML; it needs nothing but the folder it lies in."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(shipped("site_template") / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    rows = [_row(outcome) for outcome in converted.outcomes]
    page = environment.get_template("batch.html").render(
        rows=rows,
        done=[row for row in rows if not row["error"]],
        failed=[row for row in rows if row["error"]],
        ignored=[str(path) for path in converted.plan.ignored],
        seconds=spoken_time(sum(outcome.seconds for outcome in converted.outcomes)),
    )
    return page.encode()


def _row(outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        text = "was stopped before it was finished." if isinstance(outcome.error, Cancelled) else None
        return {"name": outcome.name, "error": text or describe_failure(outcome.error)}
    result: RelicResult = outcome.value
    report = result.report
    deviation = finest_level(report)["deviation"]
    doubts = report["findings"]
    return {
        "name": outcome.name,
        "error": "",
        "state": "unchanged" if result.was_unchanged else "done",
        "size": spoken_size(report["size_mm"]),
        "scale_from": report["placement"]["scale_from"],
        "levels": [
            {"name": level["name"], "triangles": f"{level['n_triangles']:,}", "bytes": spoken_bytes(level["n_bytes"])}
            for level in report["levels"]
        ],
        "deviation": f"{deviation['scan_to_mesh_mean_mm']:.3g} mm mean, {deviation['scan_to_mesh_p95_mm']:.3g} mm p95",
        "shares": _shares(finest_level(report)),
        "seconds": spoken_time(seconds_of_making(outcome)),
        "has_model": "model.glb" in report["files"],
        "has_removed": "removed.webp" in report["files"],
        "warnings": [finding["hint"] for finding in doubts if finding["severity"] == "warning"],
        "notes": [finding["hint"] for finding in doubts if finding["severity"] != "warning" and finding["hint"]],
    }


def _shares(level: dict[str, Any]) -> str:
    parts = [(level["share_scanned"], "scanned"), (level["share_filled"], "filled"), (level["share_unseen"], "unseen")]
    return ", ".join(f"{share:.1%} {word}" for share, word in parts if share > 0)


def spoken_size(size_mm: list[float]) -> str:
    """Return width, height and depth as people read them."""
    unit, factor = ("m", 1000.0) if max(size_mm) >= 1000 else ("cm", 10.0) if max(size_mm) >= 100 else ("mm", 1.0)
    return " × ".join(f"{length / factor:.3g}" for length in size_mm) + f" {unit} (w × h × d)"


def spoken_bytes(count: int) -> str:
    """Return a size in kB or MB (decimal)."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def spoken_time(seconds: float) -> str:
    """Return seconds as people read them."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
