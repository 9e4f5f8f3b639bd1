"""A modelled object as a scan on disk: what ``exhibit simulate`` does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exhibit.capture.capture import KINDS, Capture, SimulatedBlock
from exhibit.capture.objects import modelled_object
from exhibit.capture.options import CaptureOptions
from exhibit.capture.write_cloud import write_las, write_ply, write_truth
from exhibit.errors import UsageError
from exhibit.pipeline.atomic import appearing, check_writable
from exhibit.progress import SILENT, Progress

SUFFIXES: Final = (".laz", ".las", ".ply")


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulated capture came to.

    Parameters
    ----------
    path, n_bytes : the scan written.
    counts : points by kind, in the order of `exhibit.capture.capture.KINDS`.
    spacing_m, noise_m : mean distance of neighbours where the object is seen best, and the noise of depth there.
    n_cameras : how many cameras took it.
    """

    path: Path
    n_bytes: int
    counts: dict[str, int]
    spacing_m: float
    noise_m: float
    n_cameras: int


def simulate(
    key: str,
    out: Path,
    options: CaptureOptions = CaptureOptions(),
    *,
    truth: Path | None = None,
    progress: Progress = SILENT,
) -> Simulated:
    """Take a modelled object and write the scan; the same call writes the same bytes.

    Parameters
    ----------
    key : name of the object (`exhibit.capture.objects.object_names`).
    out : ``.laz``, ``.las`` (always +Z up) or ``.ply``; it appears whole or not at all.
    options : how it is taken.
    truth : PLY for the exact positions, normals and colours, point by point.

    Raises
    ------
    UsageError
        There is no such object, the ending of a file is none of ours, or nothing is seen.
    OutputError
        A file cannot be written.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError(f"'{out.name}' has no ending that says the format.", hint=f"Use {', '.join(SUFFIXES)}.")
    if out.suffix.lower() != ".ply" and options.up != "+z":
        raise UsageError("LAS files are always +Z up.", hint="Write PLY for another axis.")
    if out.suffix.lower() != ".ply" and options.has_normals:
        raise UsageError("LAS files have no place for normals.", hint="Write PLY.")
    if truth is not None and (truth.suffix.lower() != ".ply" or truth.absolute() == out.absolute()):
        raise UsageError(f"'{truth.name}' cannot hold the truth.", hint="Give another file, ending in .ply.")
    thing = modelled_object(key)
    for path in (out, truth):
        if path is not None:
            if path.is_dir():
                raise UsageError(f"'{path}' is a folder.", hint="Give the name of a file.")
            check_writable(path.parent)
    ready = Capture(thing, options, progress.part(0.0, 0.08))
    with contextlib.ExitStack() as open_files:
        stream = open_files.enter_context(appearing(out))
        blocks: Iterable[SimulatedBlock] = ready.blocks(progress.part(0.08, 1.0))
        if truth is not None:
            beside = open_files.enter_context(appearing(truth))
            blocks = write_truth(beside, blocks, n_points=options.n_points, unit=options.unit, up=options.up)
        if out.suffix.lower() == ".ply":
            blocks = write_ply(stream, blocks, n_points=options.n_points, unit=options.unit, up=options.up,
                               has_normals=options.has_normals)  # fmt: skip
        else:
            blocks = write_las(
                stream, blocks, size_m=max(thing.size_m), unit=options.unit, is_compressed=out.suffix.lower() == ".laz"
            )
        for _ in blocks:
            pass
    counts = dict(zip(KINDS, ready.counts, strict=True))
    return Simulated(out, out.stat().st_size, counts, ready.spacing_m, ready.noise_m, len(ready.scene.cameras))
