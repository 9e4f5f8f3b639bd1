"""One contender on one subject, in a process of its own, becomes one row of figures."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.contenders import simplified
from tests.bench.hard_pictures import keep
from tests.bench.labels import judged_cleaning
from tests.bench.machine import threads
from tests.bench.measures import best_depth, load, measure
from tests.bench.memory import Ended, run_watched
from tests.bench.subjects import Prepared

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 3600.0
TO_MESH = ("clean", "surface", "levels")
_THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")

Row = dict[str, Any]


class Failed(Exception):
    """A contender ended without a mesh; says why in a few words."""


def run(subject: Prepared, way: str, *, n_texels: int) -> Row:
    """Run a way (see `table.WAYS`) on a subject and measure what came of it."""
    if way == "truth":
        return _header(subject) | measure(subject, _decimated_truth(subject), n_texels=0)
    with tempfile.TemporaryDirectory(prefix="exhibit-bench-") as name:
        folder = Path(name)
        if way == "convert":
            return _header(subject) | _whole(_convert(subject, folder), folder)
        if way in ("process", "first"):
            return _header(subject) | _whole(_start(subject, "cold", folder, is_first=way == "first"), folder)
        ended = _start(subject, way, folder)
        _check(ended, folder)
        made = load(folder / "made.npz")
        stages = json.loads((folder / "made.json").read_text(encoding="utf-8"))
        row = _header(subject)
        if way == "tuned":
            choice, made = best_depth(subject, made)
            row |= choice
            stages = {stage: spent for stage, spent in stages.items() if not stage.startswith("depth ")} | {
                "poisson to decimated": stages[f"depth {choice['depth']}"]
            }
        for place, kind in enumerate(("wall_s", "cpu_s")):
            row[kind] = sum(spent[place] for spent in stages.values())
            if way in ("ours", "open3d"):
                row[f"mesh_{kind}"] = sum(stages[stage][place] for stage in TO_MESH)
        if way != "tuned":
            row["peak_mb"] = ended.peak_mb  # the tuned one tries every depth in one process
        row["stages"] = stages
        if way == "ours":
            row |= judged_cleaning(subject.name)
        keep(subject.name, way, made)
        return row | measure(subject, made, n_texels=n_texels)


def _decimated_truth(subject: Prepared) -> dict[str, Any]:
    """What no way can beat by much at so few triangles."""
    assert subject.true_vertices is not None and subject.true_faces is not None
    vertices, faces = simplified(subject.true_vertices, subject.true_faces)
    return {"vertices": vertices.astype("float32"), "faces": faces.astype("int32")}


def _header(subject: Prepared) -> Row:
    return {
        "fingerprint": subject.fingerprint, "n_points": subject.n_points, "threads": threads(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }  # fmt: skip


def _start(subject: Prepared, contender: str, folder: Path, *, is_first: bool = False) -> Ended:
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }
    if is_first:
        env["NUMBA_CACHE_DIR"] = str(folder / "kernels")
    command = [sys.executable, "-m", "tests.bench.contenders", contender, str(subject.scan), str(folder / "made")]
    return run_watched(command, cwd=ROOT, env=env, log=folder / "log", timeout_s=TIMEOUT_S)


def _convert(subject: Prepared, folder: Path) -> Ended:
    env = {**os.environ, "EXHIBIT_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "exhibit", "convert", str(subject.scan), "--out", str(folder / "out"),
               "--levels", "thumb,room,hero", "--jobs", "1", "--quiet"]  # fmt: skip
    return run_watched(command, cwd=ROOT, env=env, log=folder / "log", timeout_s=TIMEOUT_S)


def _whole(ended: Ended, folder: Path) -> Row:
    _check(ended, folder)
    return {"wall_s": ended.wall_s, "cpu_s": ended.cpu_s, "peak_mb": ended.peak_mb}


def _check(ended: Ended, folder: Path) -> None:
    if ended.code == 0:
        return
    lines = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = lines[-1][:120] if lines else "it said nothing"
    raise Failed(f"ended with {ended.code} after {ended.wall_s:.0f} s: {said}")


def all_cores() -> None:
    """Let what is started from now on use every core, as people's scripts do."""
    for name in _THREADS:
        os.environ.pop(name, None)
