"""Compile the mesh core beside the first relic, once per installation.

Numba compiles a function when it is first called, some 40 s for the whole way, and keeps the result in its own cache.
So that the first relic need not do all of that, another process walks the later stages with a small ring. Cleaning and
reconstruction, half of the work, the relic compiles meanwhile: were they walked too, both would compile the same.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from exhibit.pipeline.run import Task
from exhibit.pipeline.versions import PACKAGE
from exhibit.progress import SILENT, Progress

if TYPE_CHECKING:
    from exhibit.model.cloud import CleanCloud
    from exhibit.model.surface import Surface

_ROUND: Final = 80
_ACROSS: Final = 40
_TRIANGLES: Final = 400
_TEXTURE_PX: Final = 128
_PICTURE_PX: Final = 64


def compiling() -> Task | None:
    """Return the task to run beside the first relic; None where it was done, or where there is no core for it."""
    if (os.cpu_count() or 1) < 2 or _note().exists():
        return None
    return Task("compiling, this once", f"{__name__}:compile_ahead", ())


def compile_ahead(*, progress: Progress = SILENT) -> None:
    """Walk the stages from the levels on with a small ring, and note that it was done."""
    from exhibit.geometry.judge_mesh import judge_mesh
    from exhibit.geometry.shade import Finish
    from exhibit.model.asset import LevelSpec
    from exhibit.stages.bake import BakeSource, bake
    from exhibit.stages.levels import LevelOptions, levels
    from exhibit.stages.measure import measure
    from exhibit.stages.portray import PortrayOptions, portray
    from exhibit.stages.unwrap import unwrap

    cloud, finest = _ring()
    spec = LevelSpec("hero", _TRIANGLES, _TEXTURE_PX)
    made = levels(finest, LevelOptions(specs=(spec,), names=("hero",)), progress=progress.part(0.0, 0.2))
    unwrapped = unwrap(made.levels[0], progress=progress.part(0.2, 0.5))
    textured = bake(unwrapped, BakeSource(finest, cloud), progress=progress.part(0.5, 0.85))
    measure(unwrapped, cloud, progress=progress.part(0.85, 0.9))
    judge_mesh(unwrapped.vertices, unwrapped.faces)
    small = PortrayOptions(width_px=_PICTURE_PX, height_px=_PICTURE_PX, finish=Finish(0.5, 0.0, 0.0, 0.0))
    portray(textured, small, progress=progress.part(0.9, 1.0))
    note = _note()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
    except OSError:
        return  # it is compiled all the same; the next run will only look again


def _ring() -> tuple[CleanCloud, Surface]:
    """Return a slightly lumpy ring of 12 cm with two colours, its points and its closed surface."""
    import numpy as np

    from exhibit.model.cloud import CleanCloud, Placement
    from exhibit.model.surface import SCANNED, Surface

    along, around = np.divmod(np.arange(_ROUND * _ACROSS), _ACROSS)
    turn, tilt = 2 * np.pi * along / _ROUND, 2 * np.pi * around / _ACROSS
    outward = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], axis=1)
    normals = outward * np.cos(tilt)[:, None]
    normals[:, 1] = np.sin(tilt)
    positions = 0.04 * outward + (0.02 + 0.001 * np.sin(7 * turn))[:, None] * normals
    colors = np.where(normals[:, 1:2] > 0, (180, 90, 60), (60, 90, 180)).astype(np.uint8)
    spacing = np.full(len(positions), 0.003, np.float32)
    placement = Placement(1.0, np.eye(3), np.zeros(3), "file")
    points = positions.astype(np.float32)
    cloud = CleanCloud(points, normals.astype(np.float32), colors, spacing, 1e-5, len(points), placement)
    next_along, next_around = (along + 1) % _ROUND * _ACROSS, (around + 1) % _ACROSS
    corners = along * _ACROSS + around, along * _ACROSS + next_around, next_along + next_around, next_along + around
    faces = np.stack([corners[i] for i in (0, 1, 2, 0, 2, 3)], axis=1).reshape(-1, 3).astype(np.int32)
    return cloud, Surface(points, faces, np.full(len(faces), SCANNED, np.uint8), 0.003, placement)


def _note() -> Path:
    """Return the empty file that says it was done: for this Numba, this Python and these very files, as Numba asks."""
    digest = hashlib.sha256(f"{importlib.metadata.version('numba')} {sys.version}".encode())
    digest.update(os.environ.get("NUMBA_CACHE_DIR", "").encode())
    for path in sorted(PACKAGE.glob("geometry/*.py")):
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}".encode())
    return platformdirs.user_cache_path("exhibit") / f"compiled-{digest.hexdigest()[:16]}"
