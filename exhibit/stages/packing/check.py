"""Khronos' validator as a gate: an error stops the relic, an unforeseen warning is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exhibit.engines.gltf_tools import ValidationReport, validate_glbs
from exhibit.engines.node import find_node, find_tool
from exhibit.errors import DependencyError, StageError
from exhibit.model.asset import AssetFile
from exhibit.model.finding import Finding
from exhibit.progress import Progress

ALLOWED_WARNINGS: Final = frozenset({"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT"})
"""The validator does not know image/ktx2, which is ratified."""


def node_fault() -> str | None:
    """Return why the bundled tools cannot run here, or None where they can."""
    try:
        find_node()
        for tool in ("validate", "compress", "ktx2"):
            find_tool(tool)
    except DependencyError as error:
        return str(error)
    return None


def check_glbs(files: Sequence[AssetFile], progress: Progress) -> tuple[Finding, ...]:
    """Return a finding per unforeseen warning of any file; raise StageError on an error."""
    reports = validate_glbs([file.data for file in files], progress=progress) if files else ()
    return tuple(finding for file, report in zip(files, reports, strict=True) for finding in judge(report, file.name))


def judge(report: ValidationReport, what: str) -> tuple[Finding, ...]:
    """Return a finding per unforeseen warning; raise StageError on an error."""
    if report.errors:
        first = report.of("error")[0]
        raise StageError(
            f"Khronos' validator finds {report.errors} errors, first {first.code}: {first.message}",
            where=what,
            hint="This is a bug; please report it.",
        )
    return tuple(
        Finding(
            "package.validator-warning",
            hint=f"{what}: Khronos' validator warns of {warning.code}: {warning.message} ({warning.pointer})",
            severity="warning",
        )
        for warning in report.of("warning")
        if warning.code not in ALLOWED_WARNINGS
    )
