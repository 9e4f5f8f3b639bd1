"""From chunks of points, as a format yields them, to a :class:`~exhibit.model.cloud.Scan`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.registry import stem_of
from exhibit.formats.source_file import damaged, naming_damage
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import Block, Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress
from exhibit.units import Axis, Unit

BLOCK_POINTS: Final = 2**20
KEPT_POINTS: Final = 4_000_000
"""Scans up to this size are decoded once and kept (some 110 MB at most), so that damage shows at once."""
NEAR_UNITS: Final = 1000.0
"""Coordinates up to here keep the origin at zero: float32 holds them to better than a ten-thousandth of a unit."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Points as a format read them, any number.

    Parameters
    ----------
    positions : (n, 3) float64 or float32, absolute, in the file's units.
    colors : (n, 3) uint8 sRGB, or None.
    normals : (n, 3) float32, or None.
    """

    positions: F8 | F4
    colors: U1 | None = None
    normals: F4 | None = None


ReadChunks = Callable[[], Iterator[Chunk]]


def origin_near(positions: F8 | F4) -> F8:
    """Return a float64 origin (3,) near the points: the rounded median, or zero where they lie near zero anyway.

    The median and not the first point, because one stray point far away would cost all the others their digits.
    """
    finite = positions[np.isfinite(positions).all(axis=1)]
    if not len(finite):
        return np.zeros(3)
    middle = np.median(finite.astype(np.float64), axis=0)
    return np.rint(middle) if np.abs(middle).max() > NEAR_UNITS else np.zeros(3)


def narrow(values: npt.NDArray[Any]) -> F4:
    """Return values as contiguous float32; what float32 cannot hold becomes infinite, without a warning."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(values, dtype=np.float32)


def rebase(positions: F8 | F4, origin: F8) -> F4:
    """Return positions (n, 3) float32 relative to `origin`; what float32 cannot hold becomes infinite."""
    if not origin.any():
        return narrow(positions)
    with np.errstate(invalid="ignore"):
        return narrow(positions.astype(np.float64) - origin)


def _blocks(path: Path, title: str, read_chunks: ReadChunks, origin: F8) -> Iterator[Block]:
    with naming_damage(path, title):
        for chunk in read_chunks():
            for start in range(0, len(chunk.positions), BLOCK_POINTS):
                run = slice(start, start + BLOCK_POINTS)
                yield Block(
                    rebase(chunk.positions[run], origin),
                    None if chunk.colors is None else np.ascontiguousarray(chunk.colors[run]),
                    None if chunk.normals is None else narrow(chunk.normals[run]),
                )


def _kept(blocks: tuple[Block, ...]) -> Iterator[Block]:
    return iter(blocks)


def make_scan(
    path: Path,
    key: str,
    read_chunks: ReadChunks,
    n_points: int,
    progress: Progress,
    *,
    is_mapped: bool = False,
    units: Unit | None = None,
    up: Axis | None = None,
    viewpoints: F8 | None = None,
    findings: tuple[Finding, ...] = (),
) -> Scan:
    """Build the scan of a file.

    Parameters
    ----------
    read_chunks : returns a fresh iterator over all points each time; picklable.
    n_points : number of points it yields, already held against the file's size.
    is_mapped : the points cost nothing to read again, so nothing is kept in memory.
    viewpoints : (k, 3) float64, absolute, in the file's units.

    Raises
    ------
    SourceError
        There are no points, or fewer than `n_points`.
    """
    first = next(iter(read_chunks()), None)
    if n_points == 0 or first is None or not len(first.positions):
        raise damaged(path, "the file holds no points.", "Export it again with its points.")
    origin = origin_near(first.positions)
    title = key.upper()
    read_blocks: Callable[[], Iterator[Block]] = partial(_blocks, path, title, read_chunks, origin)
    if not is_mapped and n_points <= KEPT_POINTS:
        kept: list[Block] = []
        n_read = 0
        for block in read_blocks():
            kept.append(block)
            n_read += len(block.positions)
            progress.tick(n_read / n_points, f"{n_read:,} points")
        if n_read != n_points:
            raise damaged(path, f"promises {n_points:,} points and holds {n_read:,}.")
        read_blocks = partial(_kept, tuple(kept))
    progress.tick(1.0, f"{n_points:,} points")
    return Scan(
        name=stem_of(path),
        format=key,
        n_points=n_points,
        origin=origin,
        read_blocks=read_blocks,
        has_colors=first.colors is not None,
        has_normals=first.normals is not None,
        units=units,
        up=up,
        viewpoints=None if viewpoints is None else rebase(viewpoints, origin),
        findings=findings,
    )
