"""Sample: some of the scan's raw points, faults and all, standing exactly where the finished model stands.

What visitors see of a scan before anything was done to it: noise, outliers, gaps and the table come along. Only what
lies far from the object is left out, and its surroundings fade, since a room full of points would bury it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from exhibit.errors import UsageError
from exhibit.geometry.morton import morton_order
from exhibit.geometry.place import to_house
from exhibit.model.arrays import F4, F8, U1, Bool
from exhibit.model.cloud import CleanCloud, Scan
from exhibit.model.points import RawPoints
from exhibit.progress import SILENT, Progress

HELD = 8
"""Times the wanted number of points that are held while reading, from which an even sample is drawn."""
_MARGIN = 0.06
"""Share of the object's longest side about its box that still counts as the object: outliers live there."""
_ABOVE, _BELOW = 0.35, 0.15
"""Shares of the object's longest side above and below its box in which surroundings are kept."""


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """How many points, and how much of what is not the object.

    Parameters
    ----------
    max_points : most points to return.
    reach : radius about the object's upright axis, in radii of its base, where the last surroundings fade out.
    around_share : most that surroundings (a table, above all) may make of the points returned, 0 to 1.
    """

    max_points: int = 60_000
    reach: float = 1.6
    around_share: float = 0.2

    def __post_init__(self) -> None:
        if self.max_points < 1 or self.reach < 1 or not 0 <= self.around_share < 1:
            raise UsageError("a sample needs at least one point, a reach of at least 1 and a share below 1.")


def sample(
    scan: Scan, subject: CleanCloud, options: SampleOptions = SampleOptions(), /, *, progress: Progress = SILENT
) -> RawPoints:
    """Pick raw points of a scan, placed as the cleaned cloud is.

    Parameters
    ----------
    scan : the very scan that `subject` was cleaned from; blocks are read once.
    subject : says where the object is, and how the scan's coordinates became metres.

    Returns
    -------
    RawPoints
        In Morton order. On the object every k-th point of its Morton order, so that the picture is even and yet
        dense where the scan is dense; surroundings never denser than the object.
    """
    low, high = (end(subject.positions, axis=0).astype(np.float64) for end in (np.min, np.max))
    bounds = _Bounds(low, high, options.reach)
    pools = _Pool(options.max_points * HELD), _Pool(options.max_points * HELD)
    seen = 0
    for block in scan.blocks():
        progress.tick(seen / max(1, scan.n_points), "picking raw points")
        numbers = np.arange(seen, seen + len(block.positions), dtype=np.uint64)
        seen += len(numbers)
        finite: Bool = np.asarray(np.isfinite(block.positions).all(axis=1), bool)
        placed = to_house(np.where(finite[:, None], block.positions, 0), scan.origin, subject.placement)
        lot = _scramble(numbers)
        own, around = bounds.divide(placed, lot)
        colors = block.colors if scan.has_colors else None
        for pool, belongs in zip(pools, (own & finite, around & finite), strict=True):
            pool.add(lot[belongs], placed[belongs], None if colors is None else colors[belongs])
    n_own, n_around = _shares(pools[0].n_seen, pools[1].n_seen, options)
    parts = [pool.pick(count) for pool, count in zip(pools, (n_own, n_around), strict=True)]
    positions = np.concatenate([part[0] for part in parts])
    order = morton_order(positions)
    colors = np.concatenate([part[1] for part in parts])[order] if scan.has_colors else None
    progress.tick(1.0, "picked")
    return RawPoints(positions[order], colors, scan.n_points, subject.noise_m)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The object's box, and the upright cylinder about it in which surroundings are kept."""

    low: F8
    high: F8
    reach: float

    def divide(self, points: F4, lot: npt.NDArray[np.uint64]) -> tuple[Bool, Bool]:
        """Return which points are at the object, and which of the others are kept; `lot` decides where they fade."""
        longest = float((self.high - self.low).max())
        margin = _MARGIN * longest
        own = np.asarray(((points >= self.low - margin) & (points <= self.high + margin)).all(axis=1), bool)
        # the table is not the object, however near: below the base the margin is none of its own
        own &= points[:, 1] >= self.low[1]
        middle = (self.low + self.high) / 2
        radius = max(float(np.hypot(*(self.high - self.low)[[0, 2]])) / 2, 0.25 * longest)
        away = np.hypot(points[:, 0] - middle[0], points[:, 2] - middle[2]) / radius
        fade = np.clip((self.reach - away) / max(self.reach - 1, 1e-9), 0, 1)
        level = (points[:, 1] >= self.low[1] - _BELOW * longest) & (points[:, 1] <= self.high[1] + _ABOVE * longest)
        chance = (lot >> np.uint64(11)).astype(np.float64) / 2.0**53
        around: Bool = ~own & level & (chance < fade * fade)
        return own, around


@dataclass(slots=True)
class _Pool:
    """An even lot of all points added: those with the lowest numbers drawn, at most `size` of them in the end."""

    size: int
    n_seen: int = 0
    _parts: list[tuple[npt.NDArray[np.uint64], F4, U1]] = field(default_factory=list)

    def add(self, lot: npt.NDArray[np.uint64], positions: F4, colors: U1 | None) -> None:
        self.n_seen += len(lot)
        self._parts.append((lot, positions, np.zeros((len(lot), 3), np.uint8) if colors is None else colors))
        if sum(len(part[0]) for part in self._parts) > 2 * self.size:
            self._cut()

    def _cut(self) -> None:
        if not self._parts:
            self._parts = [(np.empty(0, np.uint64), np.empty((0, 3), np.float32), np.empty((0, 3), np.uint8))]
        lot, positions, colors = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        if len(lot) > self.size:
            # in the order of reading, so that equal scans give equal pools however their blocks are cut
            kept = np.sort(np.argpartition(lot, self.size - 1)[: self.size])
            lot, positions, colors = lot[kept], positions[kept], colors[kept]
        self._parts = [(lot, positions, colors)]

    def pick(self, count: int) -> tuple[F4, U1]:
        """Return `count` of the points at even steps along their Morton order."""
        self._cut()
        _, positions, colors = self._parts[0]
        count = min(count, len(positions))
        steps = ((np.arange(count) + 0.5) * len(positions) / max(1, count)).astype(np.int64)
        rows = morton_order(positions)[steps]
        return positions[rows], colors[rows]


def _shares(n_own: int, n_around: int, options: SampleOptions) -> tuple[int, int]:
    """Return how many points at the object and around it to take."""
    share = options.around_share
    wanted = min(n_around, int(options.max_points * share))
    own = min(n_own, options.max_points - wanted)
    # no denser than the object, so that what is shown of the scan's density is true where it matters
    return own, min(wanted, int(own * share / (1 - share)), n_around * own // max(1, n_own))


def _scramble(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return a number drawn for each point by its place in the scan (splitmix64, Steele et al. 2014)."""
    value = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
