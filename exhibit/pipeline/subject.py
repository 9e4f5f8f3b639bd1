"""From a file to the subject of the scan: a cleaned cloud, or an adopted mesh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exhibit import formats
from exhibit.model.cloud import CleanCloud, SourceMesh
from exhibit.model.finding import Finding
from exhibit.model.surface import Adopted
from exhibit.progress import Progress
from exhibit.stages.adopt import AdoptOptions, adopt
from exhibit.stages.clean import CleanOptions, clean


def subject_of(path: Path, cleaning: CleanOptions, adopting: AdoptOptions, progress: Progress) -> CleanCloud | Adopted:
    """Read a source and return what later stages work on; points are cleaned, a mesh is made sound.

    Raises
    ------
    SourceError
        The file cannot be used.
    StageError
        Too little is left after cleaning.
    """
    source = formats.read(path, progress=progress.part(0.0, 0.3))
    if isinstance(source, SourceMesh):
        adopted = adopt(source, adopting, progress=progress.part(0.3, 1.0))
        return replace(adopted, findings=(*adopted.findings, *_unheeded(cleaning)))
    return clean(source, cleaning, progress=progress.part(0.3, 1.0))


def _unheeded(cleaning: CleanOptions) -> tuple[Finding, ...]:
    """Say which of the wishes for cleaning a mesh does not hear."""
    wishes = {
        "--crop": cleaning.crop,
        "--plane": cleaning.plane,
        "--keep-largest": cleaning.keep_largest,
        "--mask": cleaning.mask,
    }
    named = [name for name, value in wishes.items() if value is not None]
    if not named:
        return ()
    text = f"{' and '.join(named)} only cleans points; this scan is a mesh and was taken whole."
    return (Finding("adopt.not-cleaned", hint=text, severity="warning"),)
