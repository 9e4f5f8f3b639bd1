"""Check what was made: one GLB, a folder of them, or a whole site."""

from __future__ import annotations

from pathlib import Path

from exhibit.errors import UsageError
from exhibit.model.finding import Finding
from exhibit.progress import SILENT, Progress
from exhibit.publish.validate_site import check_glb, validate_site
from exhibit.publish.webxr.addresses import DOCUMENT


def validate(path: Path, *, progress: Progress = SILENT) -> tuple[Finding, ...]:
    """Check a GLB, a folder of GLBs, or a site (a folder with ``exhibition.json``).

    Returns
    -------
    Findings; those of severity ``warning`` are faults.

    Raises
    ------
    UsageError
        There is nothing of the kind at `path`.
    DependencyError
        GLBs were named and the validator is not to be had here.
    """
    if path.is_dir() and (path / DOCUMENT).is_file():
        return validate_site(path, progress=progress)
    if path.is_file():
        models = [path] if path.suffix.lower() == ".glb" else []
    else:
        models = sorted(path.rglob("*.glb"))
    if not models:
        raise UsageError("is neither a GLB, nor a folder with some, nor a built site.", where=str(path))
    findings: list[Finding] = []
    for number, model in enumerate(models):
        progress.tick(number / len(models), model.name)
        name = model.name if model == path else model.relative_to(path).as_posix()
        findings += check_glb(name, model.read_bytes())
    return tuple(findings)
