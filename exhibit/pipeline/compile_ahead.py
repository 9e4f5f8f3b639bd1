"""Compile the mesh core beside the first relic, once per installation.

Numba compiles a function when it is first called, some 20 s for the whole way, and keeps the result in its own cache.
So that the first relic need not wait for it, another process walks the same stages with a pebble of few points. Of
cleaning only the end is walked: the relic compiles its beginning meanwhile, and both would compile the same.
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

_N_POINTS: Final = 3000
_N_NEIGHBOURS: Final = 20
_TRIANGLES: Final = 400
_TEXTURE_PX: Final = 128
_PICTURE_PX: Final = 64


def compiling() -> Task | None:
    """Return the task to run beside the first relic; None where it was done, or where there is no core for it."""
    if (os.cpu_count() or 1) < 2 or _note().exists():
        return None
    return Task("compiling, this once", f"{__name__}:compile_ahead", ())


def compile_ahead(*, progress: Progress = SILENT) -> None:
    """Walk the end of cleaning and the stages after it with a pebble, and note that it was done."""
    from exhibit.geometry.judge_mesh import judge_mesh
    from exhibit.geometry.neighbours import PointIndex
    from exhibit.geometry.normals import estimate_planes
    from exhibit.geometry.orientation import orient_normals
    from exhibit.geometry.settle import find_strong_noise
    from exhibit.geometry.shade import Finish
    from exhibit.model.asset import LevelSpec
    from exhibit.stages.bake import BakeSource, bake
    from exhibit.stages.levels import LevelOptions, levels
    from exhibit.stages.measure import measure
    from exhibit.stages.portray import PortrayOptions, portray
    from exhibit.stages.surface import surface
    from exhibit.stages.unwrap import unwrap

    cloud = _pebble()
    points = cloud.positions.copy()  # open, as they are there: a closed array would be compiled for anew
    near = PointIndex(points).nearest(None, _N_NEIGHBOURS)
    planes = estimate_planes(points, near)
    find_strong_noise(points, float(cloud.spacing_m[0]), cloud.noise_m)
    orient_normals(points, planes.normals, cloud.spacing_m.copy(), near, progress=progress.part(0.0, 0.1))
    finest = surface(cloud, progress=progress.part(0.1, 0.3))
    spec = LevelSpec("hero", _TRIANGLES, _TEXTURE_PX)
    made = levels(finest, LevelOptions(specs=(spec,), names=("hero",)), progress=progress.part(0.3, 0.4))
    unwrapped = unwrap(made.levels[0], progress=progress.part(0.4, 0.6))
    textured = bake(unwrapped, BakeSource(finest, cloud), progress=progress.part(0.6, 0.9))
    measure(unwrapped, cloud, progress=progress.part(0.9, 0.92))
    judge_mesh(unwrapped.vertices, unwrapped.faces)
    small = PortrayOptions(width_px=_PICTURE_PX, height_px=_PICTURE_PX, finish=Finish(0.5, 0.0, 0.0, 0.0))
    portray(textured, small, progress=progress.part(0.92, 1.0))
    note = _note()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
    except OSError:
        return  # it is compiled all the same; the next run will only look again


def _pebble() -> CleanCloud:
    """Return a slightly lumpy ball of 10 cm with two colours."""
    import numpy as np

    from exhibit.model.cloud import CleanCloud, Placement

    number = np.arange(_N_POINTS) + 0.5
    height, turn = 1 - 2 * number / _N_POINTS, np.pi * (1 + np.sqrt(5)) * number
    ring = np.sqrt(1 - height**2)
    normals = np.stack([ring * np.cos(turn), height, ring * np.sin(turn)], axis=1).astype(np.float32)
    positions = normals * (0.05 + 0.002 * np.sin(7 * normals[:, :1])).astype(np.float32)
    colors = np.where(height[:, None] > 0, (180, 90, 60), (60, 90, 180)).astype(np.uint8)
    spacing = np.full(_N_POINTS, 0.05 * np.sqrt(4 * np.pi / _N_POINTS), np.float32)
    placement = Placement(1.0, np.eye(3), np.zeros(3), "file")
    return CleanCloud(positions, normals, colors, spacing, 1e-5, _N_POINTS, placement)


def _note() -> Path:
    """Return the empty file that says it was done: for this Numba, this Python and these very files, as Numba asks."""
    digest = hashlib.sha256(f"{importlib.metadata.version('numba')} {sys.version}".encode())
    digest.update(os.environ.get("NUMBA_CACHE_DIR", "").encode())
    for path in sorted(PACKAGE.glob("geometry/*.py")):
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}".encode())
    return platformdirs.user_cache_path("exhibit") / f"compiled-{digest.hexdigest()[:16]}"
