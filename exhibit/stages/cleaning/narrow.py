"""Before anything is judged: only what lies in the crop box, and nothing that a mask removes, is read at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from exhibit.geometry.regions import REMOVED, judge_by_mask
from exhibit.model.arrays import F4, F8, Bool
from exhibit.model.cloud import Block, Scan
from exhibit.model.mask import Mask
from exhibit.model.steering import Crop
from exhibit.stages.cleaning.options import CleanOptions

_SHOWN = 100_000


@dataclass(slots=True)
class Narrowing:
    """A scan made narrower, and what the last pass over it left out.

    Parameters
    ----------
    scan : the whole one.
    n_out : points left out by ``crop`` and ``mask``.
    shown : a sample of them, relative to the scan's origin.
    """

    scan: Scan
    crop: Crop | None
    mask: Mask | None
    n_out: dict[str, int] = field(default_factory=dict)
    shown: dict[str, list[F4]] = field(default_factory=dict)

    def narrowed(self) -> Scan:
        """Return the scan that holds the rest."""
        if self.crop is None and self.mask is None:
            return self.scan
        return replace(self.scan, read_blocks=self._blocks)

    def samples(self) -> Iterator[tuple[str, F8]]:
        """Yield what was left out, as far as it is shown: the step and places (m, 3), scan units, absolute."""
        for step, parts in self.shown.items():
            yield step, np.concatenate(parts).astype(np.float64) + self.scan.origin

    def _blocks(self) -> Iterator[Block]:
        self.n_out, self.shown = {}, {}
        for block in self.scan.blocks():
            keep = np.ones(len(block.positions), bool)
            if self.crop is not None:
                keep &= self._note(
                    "crop", block.positions, keep, _outside(block.positions, self.scan.origin, self.crop)
                )
            if self.mask is not None:
                verdict = judge_by_mask(block.positions, self.scan.origin, self.mask)
                keep &= self._note("mask", block.positions, keep, verdict == REMOVED)
            yield Block(
                block.positions[keep],
                None if block.colors is None else block.colors[keep],
                None if block.normals is None else block.normals[keep],
            )

    def _note(self, step: str, points: F4, keep: Bool, is_out: Bool) -> Bool:
        gone = keep & is_out
        self.n_out[step] = self.n_out.get(step, 0) + int(gone.sum())
        self.shown.setdefault(step, []).append(points[gone][:: max(1, self.scan.n_points // _SHOWN)])
        return ~gone


def narrow(scan: Scan, options: CleanOptions) -> Narrowing:
    """Prepare to read only what the options leave of a scan."""
    return Narrowing(scan, options.crop, options.mask)


def _outside(points: F4, origin: F8, crop: Crop) -> Bool:
    at = points.astype(np.float64) + origin
    # what is no point is neither inside nor outside: it is counted where it is dropped
    outside: Bool = np.any((at < crop[:3]) | (at > crop[3:]), axis=1)
    return outside
