"""``report.json``: what was made of a scan, deterministic, in figures a curator can quote."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from exhibit import __version__
from exhibit.model.asset import Asset, LevelFigures
from exhibit.model.cloud import CleanCloud, Placement
from exhibit.model.finding import Finding
from exhibit.model.surface import Adopted
from exhibit.pipeline.versions import library_versions


def report_of(
    *,
    source: Path,
    source_sha256: str,
    key: str,
    options: Any,
    subject: CleanCloud | Adopted,
    placement: Placement,
    asset: Asset,
    findings: tuple[Finding, ...],
) -> dict[str, Any]:
    """Return the report as plain values; equal input and options give equal bytes.

    Parameters
    ----------
    key : of everything that is written; a later run with the same key has nothing to do.
    """
    return {
        "exhibit": __version__,
        "key": key,
        "source": {"file": source.name, "sha256": source_sha256},
        "subject": _subject(subject),
        "options": {name: value for name, value in dataclasses.asdict(options).items() if value is not None},
        "placement": {
            "metres_per_unit": placement.metres_per_unit,
            "scale_from": placement.basis,
            "up": [rounded(float(x)) for x in placement.rotation[1]],
            "up_from": placement.up_basis,
            "rotation": [[rounded(x) for x in row] for row in placement.rotation],
            "origin": [float(x) for x in placement.origin],
        },
        "size_mm": [round(length * 1000, 3) for length in asset.size_m],
        "levels": [_level(figures) for figures in asset.figures],
        "aliases": dict(asset.aliases),
        "points": {k: rounded(v) for k, v in dataclasses.asdict(asset.points).items()} if asset.points else None,
        "files": {
            file.name: {"bytes": len(file.data), "sha256": hashlib.sha256(file.data).hexdigest()}
            for file in asset.files
        },
        "findings": [dataclasses.asdict(finding) for finding in findings],
        "libraries": library_versions(),
    }


def _subject(subject: CleanCloud | Adopted) -> dict[str, Any]:
    """Say what the models were made from and are measured against."""
    if isinstance(subject, Adopted):
        surface = subject.surface
        return {"kind": "mesh", "n_triangles": len(surface.faces), "spacing_mm": rounded(surface.spacing_m * 1000)}
    return {
        "kind": "points",
        "n_points_in_scan": subject.n_source,
        "n_points": len(subject.positions),
        "spacing_mm": rounded(float(np.median(subject.spacing_m)) * 1000),
        "noise_mm": rounded(subject.noise_m * 1000),
        "has_colors": subject.colors is not None,
        "cleaning": [rounded(dataclasses.asdict(one)) for one in subject.removed.removals] if subject.removed else [],
    }


def as_json(value: Any) -> bytes:
    """Return JSON for people and programs: two spaces, UTF-8, a last line end."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _level(figures: LevelFigures) -> dict[str, Any]:
    plain = dataclasses.asdict(figures)
    return {name: rounded(value) for name, value in plain.items()}


def rounded(value: Any) -> Any:
    """Return plain values with numbers of six digits, so that equal results are equal text."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value
