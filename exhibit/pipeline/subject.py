"""From a file to the subject of the scan: a cleaned cloud, or an adopted mesh."""

from __future__ import annotations

from pathlib import Path

from exhibit import formats
from exhibit.model.cloud import CleanCloud, SourceMesh
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
        return adopt(source, adopting, progress=progress.part(0.3, 1.0))
    return clean(source, cleaning, progress=progress.part(0.3, 1.0))
