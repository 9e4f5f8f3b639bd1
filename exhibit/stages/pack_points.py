"""Raw points as a file of the web: small enough to be fetched on a phone, in the order they came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from exhibit.engines.gltf_tools import check_and_compress
from exhibit.model.asset import POINTS_FILE
from exhibit.model.points import PackedPoints, PointFigures, RawPoints
from exhibit.progress import SILENT, Progress
from exhibit.stages.packing.check import judge, node_fault
from exhibit.stages.packing.points import points_glb

MAX_BYTES: Final = 400_000
_FOR_WORDS: Final = 6_000
"""What title, rights and scale may add to the file."""
_POSITION_BITS: Final = 14
"""A sixteen-thousandth of the picture's width: below every scanner's noise, and a sixth smaller than sixteen bits."""


@dataclass(frozen=True, slots=True)
class PackPointsOptions:
    """`use_node` : pack with meshopt, and validate, where Node is there."""

    use_node: bool = True


def pack_points(
    raw: RawPoints, options: PackPointsOptions = PackPointsOptions(), /, *, progress: Progress = SILENT
) -> PackedPoints:
    """Write raw points as a GLB of at most `MAX_BYTES`; fewer of them where they would not fit.

    Without Node the file is quantised, but not compressed, so that fewer points fit.

    Raises
    ------
    StageError
        When Khronos' validator finds an error in the file.
    """
    if not len(raw.positions):
        return PackedPoints(b"", None)
    has_node = options.use_node and node_fault() is None
    shown = raw
    while True:
        data = points_glb(shown, _POSITION_BITS)
        if has_node:
            report, data = check_and_compress(data, progress=progress)
            judge(report, f"{POINTS_FILE} before packing")
        room = MAX_BYTES - _FOR_WORDS
        if len(data) <= room:
            break
        shown = _thinned(shown, int(len(shown.positions) * room / len(data) * 0.98))
    progress.tick(1.0, "packed points")
    figures = PointFigures(raw.n_in_scan, len(shown.positions), raw.noise_m * 1000, len(data))
    return PackedPoints(data, figures)


def _thinned(raw: RawPoints, count: int) -> RawPoints:
    """Return `count` of the points at even steps of their order, which is one through space."""
    rows = ((np.arange(count) + 0.5) * len(raw.positions) / count).astype(np.int64)
    return replace(raw, positions=raw.positions[rows], colors=None if raw.colors is None else raw.colors[rows])
