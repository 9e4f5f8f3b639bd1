"""Finished relics on disk as what a site shows; their files are copied, never held in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exhibit.model.asset import Asset, Deviation, LevelFigures
from exhibit.model.finding import Finding
from exhibit.model.points import PointFigures
from exhibit.pipeline.build import Build
from exhibit.pipeline.relic import RelicResult
from exhibit.pipeline.run import Outcome
from exhibit.publish.site import SiteRelic, StoredFile


def site_relics(build: Build, outcomes: Sequence[Outcome]) -> tuple[SiteRelic, ...]:
    """Return the relics that were made, in the order of the exhibition."""
    relics = []
    for outcome in outcomes:
        if outcome.error is None:
            result: RelicResult = outcome.value
            record = build.project.relics[outcome.name].record
            stored = _stored(result.folder, result.report)
            relics.append(SiteRelic(record, asset_of(result.report), result.narrations, stored))
    return tuple(relics)


def asset_of(report: dict[str, Any]) -> Asset:
    """Return a report's figures as a value, without the files."""
    width, height, depth = (length / 1000 for length in report["size_mm"])
    return Asset(
        files=(),
        figures=tuple(_figures(level) for level in report["levels"]),
        aliases=tuple(report["aliases"].items()),
        size_m=(width, height, depth),
        findings=tuple(Finding(**finding) for finding in report["findings"]),
        points=PointFigures(**report["points"]) if report.get("points") else None,
    )


def _figures(level: dict[str, Any]) -> LevelFigures:
    deviation = level["deviation"]
    return LevelFigures(**{**level, "deviation": Deviation(**deviation) if deviation else None})


def _stored(folder: Path, report: dict[str, Any]) -> dict[str, StoredFile]:
    return {name: StoredFile(folder / name, facts["bytes"], facts["sha256"]) for name, facts in report["files"].items()}
