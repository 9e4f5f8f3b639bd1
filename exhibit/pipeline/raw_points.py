"""From a file once more to some of its raw points. Apart from the subject, which no change here must make again."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from exhibit import formats
from exhibit.model.cloud import CleanCloud, SourceMesh
from exhibit.model.points import RawPoints
from exhibit.model.surface import Adopted
from exhibit.progress import Progress
from exhibit.stages.sample import SampleOptions, sample


def raw_points_of(path: Path, subject: CleanCloud | Adopted, options: SampleOptions, progress: Progress) -> RawPoints:
    """Return some of a source's raw points, placed as its subject is; none of a source that is a mesh.

    Raises
    ------
    SourceError
        The file cannot be used.
    """
    if isinstance(subject, Adopted):
        return RawPoints(np.empty((0, 3), np.float32), None, 0, 0.0)
    source = formats.read(path, progress=progress.part(0.0, 0.3))
    assert not isinstance(source, SourceMesh), "a source is a mesh or points at every reading"
    return sample(source, subject, options, progress=progress.part(0.3, 1.0))
