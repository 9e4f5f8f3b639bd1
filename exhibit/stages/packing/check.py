"""Khronos' validator as a gate: an error stops the relic, an unforeseen warning is told."""

from __future__ import annotations

from typing import Final

from exhibit.engines.gltf_tools import validate_glb
from exhibit.engines.node import find_node, find_tool
from exhibit.errors import DependencyError, StageError
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


def check_glb(data: bytes, what: str, progress: Progress) -> tuple[Finding, ...]:
    """Return a finding per unforeseen warning; raise StageError on an error."""
    report = validate_glb(data, progress=progress)
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
