"""A modelled object becomes a point cloud with the faults of photogrammetry, and the truth beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.capture.cameras import radius_of, rays_of, sigma_of
from exhibit.capture.chance import normal, uniform
from exhibit.capture.draw import AT_ONCE, Seen, Source, surface_draws, table_draws
from exhibit.capture.modelled import ModelledObject
from exhibit.capture.options import CaptureOptions
from exhibit.capture.scene import Scene, prepare
from exhibit.capture.table import table_colour, table_radius
from exhibit.geometry.colour_spaces import linear_from_srgb, srgb_from_linear
from exhibit.geometry.morton import morton_order
from exhibit.model.arrays import F4, F8, U1, freeze
from exhibit.progress import SILENT, Progress

KINDS: Final = ("surface", "table", "outlier", "clump")
SURFACE, TABLE, OUTLIER, CLUMP = range(4)

RUN_POINTS: Final = 2**19
"""Points made and put in order together: near ones become neighbours in the file, which compresses to half."""
_COLOURED_AT_ONCE: Final = 16384
_SENSOR_NOISE: Final = 1.3
_NORMAL_NOISE: Final = 0.07


@dataclass(frozen=True, slots=True)
class SimulatedBlock:
    """Some points of a capture, and what they would be without its faults. House frame: metres, +Y up.

    Parameters
    ----------
    positions : (n, 3) float64, as taken.
    normals : (n, 3) float32, noisy; None unless asked for.
    colors : (n, 3) uint8 sRGB, as taken.
    truth_positions : (n, 3) float64, on the surface; of outliers the place that was meant, of clumps the place they
        broke off from.
    truth_normals : (n, 3) float32, unit, of those places.
    truth_colors : (n, 3) uint8 sRGB, albedo.
    kind : (n,) uint8, number in `KINDS`.
    camera : (n,) int16, the camera along whose ray the point errs.
    """

    positions: F8
    normals: F4 | None
    colors: U1
    truth_positions: F8
    truth_normals: F4
    truth_colors: U1
    kind: U1
    camera: npt.NDArray[np.int16]

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.positions)

    def part(self, rows: slice | npt.NDArray[np.int64]) -> SimulatedBlock:
        """Return some of the points."""
        columns: list[Any] = [None if column is None else column[rows] for column in _arrays(self)]
        return SimulatedBlock(*columns)


class Capture:
    """A capture made ready: its counts and figures are known, its points are not yet drawn.

    Parameters
    ----------
    thing : what is taken.
    options : how.
    progress : of the preparation.

    Raises
    ------
    UsageError
        Nothing of the object is seen.

    Notes
    -----
    The numbers of outliers, clump points and table points are shares of `n_points`, rounded; the surface gets the
    rest, and its draws go on until that many were kept. So the total is exact.
    """

    def __init__(self, thing: ModelledObject, options: CaptureOptions, progress: Progress = SILENT) -> None:
        self.thing, self.options = thing, options
        self.scene: Scene = prepare(thing, options, progress)
        n = options.n_points
        n_outliers = round(options.outlier_share * n)
        n_clumps = round(options.clump_share * n) if options.n_clumps else 0
        self.area_m2 = self._thinned_area()
        table_area = options.table_density * self._table_area() if options.has_table else 0.0
        n_table = round((n - n_outliers - n_clumps) * table_area / (table_area + self.area_m2))
        self.counts = (n - n_outliers - n_clumps - n_table, n_table, n_outliers, n_clumps)
        self.spacing_m = float(np.sqrt(self.area_m2 / max(self.counts[SURFACE], 1)))
        self.noise_m = options.noise_m if options.noise_m is not None else 0.25 * self.spacing_m
        self.reference_m = options.rings[0].distance * radius_of(thing)

    def blocks(self, progress: Progress = SILENT, *, block_points: int = 2**16) -> Iterator[SimulatedBlock]:
        """Make the points, block by block; together they do not depend on `block_points`."""
        surface = Source(surface_draws(self.thing, self.scene, self.options))
        table = Source(table_draws(self.thing, self.scene, self.options))
        n = self.options.n_points
        for first in range(0, n, RUN_POINTS):
            last = min(first + RUN_POINTS, n)
            part = progress.part(first / n, last / n)
            wanted = [count * last // n - count * first // n for count in self.counts]
            wanted[SURFACE] = last - first - sum(wanted[1:])
            run = self._run(surface, table, wanted, first, part)
            for start in range(0, len(run), block_points):
                progress.tick((first + start) / n, "points")
                yield run.part(slice(start, start + block_points))
        progress.tick(1.0, "points")

    def _run(self, surface: Source, table: Source, wanted: list[int], first: int, progress: Progress) -> SimulatedBlock:
        drawn = surface.take(wanted[SURFACE] + wanted[OUTLIER], progress.part(0.0, 0.7))
        stray, sound = drawn.part(slice(wanted[OUTLIER])), drawn.part(slice(wanted[OUTLIER], None))
        parts = [self._taken(sound, SURFACE, progress.part(0.7, 0.95)), self._taken(stray, OUTLIER, SILENT)]
        if wanted[TABLE]:
            parts.append(self._taken(table.take(wanted[TABLE], SILENT), TABLE, SILENT))
        if wanted[CLUMP]:
            numbers = np.arange(first, first + wanted[CLUMP])
            parts.append(self._clumped(numbers))
        run = _joined(parts)
        return run.part(morton_order(run.positions.astype(np.float32)))

    def _taken(self, seen: Seen, kind: int, progress: Progress) -> SimulatedBlock:
        """Return places as their cameras give them."""
        seed, purpose = self.options.seed, KINDS[kind]
        rays, lengths = rays_of(seen.points, self.scene.cameras, seen.chosen)
        sigma = sigma_of(lengths, seen.cosines, self.noise_m, self.reference_m)
        error = sigma * normal(seed, f"{purpose} depth", seen.numbers)[:, 0]
        if kind == OUTLIER:
            chance = uniform(seed, "outlier", seen.numbers, 2)
            size = max(self.thing.size_m)
            away = np.minimum(0.01 * size + 8 * sigma - 0.03 * size * np.log1p(-chance[:, 0]), 0.4 * size)
            error = np.where(chance[:, 1] < 0.5, -away, away)
        albedo, colors = self._coloured(seen, kind, progress)
        return SimulatedBlock(
            seen.points + error[:, None] * rays,
            self._noisy_normals(seen, purpose),
            colors,
            seen.points,
            seen.normals.astype(np.float32),
            albedo,
            np.full(len(seen), kind, np.uint8),
            seen.chosen,
        )

    def _noisy_normals(self, seen: Seen, purpose: str) -> F4 | None:
        if not self.options.has_normals:
            return None
        shaken = seen.normals + _NORMAL_NOISE * normal(self.options.seed, f"{purpose} normal", seen.numbers, 3)
        unit: F4 = (shaken / np.linalg.norm(shaken, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def _coloured(self, seen: Seen, kind: int, progress: Progress) -> tuple[U1, U1]:
        """Return the albedo and what the cameras make of it, both (n, 3) uint8."""
        albedo, colors = np.empty((len(seen), 3), np.uint8), np.empty((len(seen), 3), np.uint8)
        radius = table_radius(self.thing)
        for first in range(0, len(seen), _COLOURED_AT_ONCE):
            progress.tick(first / len(seen), "colours")
            rows = slice(first, first + _COLOURED_AT_ONCE)
            some = seen.part(rows)
            plain = table_colour(some.points, radius) if kind == TABLE else self.thing.colour(some.points, some.normals)
            albedo[rows] = np.rint(np.clip(plain, 0, 1) * 255).astype(np.uint8)
            light = self.scene.light_at(some.points, some.normals, self.options.occlusion)
            linear = linear_from_srgb(albedo[rows]) * light[:, None] * self.scene.exposures[some.chosen]
            grain = _SENSOR_NOISE * normal(self.options.seed, f"{KINDS[kind]} grain", some.numbers, 3)
            colors[rows] = np.clip(srgb_from_linear(linear.astype(np.float32)) + np.rint(grain), 0, 255)
        return albedo, colors

    def _clumped(self, numbers: npt.NDArray[np.int64]) -> SimulatedBlock:
        """Return points of mismatched clumps: they float before and behind silhouettes."""
        seed, scene, size = self.options.seed, self.scene, max(self.thing.size_m)
        clumps = np.arange(self.options.n_clumps)
        at_edge = np.flatnonzero((scene.n_seen >= 1) & (scene.best < np.quantile(scene.best[scene.n_seen >= 1], 0.3)))
        chance = uniform(seed, "clump", clumps, 4)
        anchor = at_edge[(chance[:, 0] * len(at_edge)).astype(np.int64)]
        rays, _ = rays_of(scene.mesh.vertices[anchor], scene.cameras, scene.chosen[anchor])
        away = np.where(chance[:, 1] < 0.5, -1, 1) * (0.015 + 0.05 * chance[:, 2]) * size
        middles = scene.mesh.vertices[anchor] + away[:, None] * rays
        width = (0.003 + 0.007 * chance[:, 3]) * size
        # some clumps are large and some small: squared chance crowds the first ones
        which = (uniform(seed, "clump of", numbers)[:, 0] ** 1.5 * len(clumps)).astype(np.int64)
        spread = normal(seed, "clump spread", numbers, 4)
        round_part = spread[:, :3] * width[which, None]
        positions = middles[which] + round_part + 2.0 * (spread[:, 3] * width[which])[:, None] * rays[which]
        at, facing = scene.mesh.vertices[anchor], scene.vertex_normals[anchor]
        albedo = np.rint(np.clip(self.thing.colour(at, facing), 0, 1) * 255)[which]
        grain = normal(seed, "clump grain", numbers, 1)
        # such colours are mixed from the object and what was behind it
        colors = np.clip(0.6 * albedo + 0.4 * 112 + 9 * grain, 0, 255)
        normals = facing[which].astype(np.float32)
        return SimulatedBlock(
            positions,
            normals if self.options.has_normals else None,
            np.rint(colors).astype(np.uint8),
            at[which],
            normals,
            albedo.astype(np.uint8),
            np.full(len(numbers), CLUMP, np.uint8),
            scene.chosen[anchor][which],
        )

    def _thinned_area(self) -> float:
        corners = self.scene.mesh.vertices[self.scene.mesh.faces]
        crossed = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        thinning = self.scene.thinning[self.scene.mesh.faces].mean(axis=1)
        return max(float((np.linalg.norm(crossed, axis=1) / 2 * thinning).sum()), 1e-12)

    def _table_area(self) -> float:
        draws = table_draws(self.thing, self.scene, self.options)
        first = next(draws)
        return float(np.pi * table_radius(self.thing) ** 2 * len(first) / AT_ONCE)


def capture(
    thing: ModelledObject, options: CaptureOptions, *, progress: Progress = SILENT, block_points: int = 2**16
) -> Iterator[SimulatedBlock]:
    """Take an object: yield `options.n_points` points in all, in blocks of at most `block_points`.

    Raises
    ------
    UsageError
        Nothing of the object is seen.
    """
    ready = Capture(thing, options, progress.part(0.0, 0.1))
    yield from ready.blocks(progress.part(0.1, 1.0), block_points=block_points)


def _arrays(block: SimulatedBlock) -> list[Any]:
    return [getattr(block, one.name) for one in fields(block)]


def _joined(parts: list[SimulatedBlock]) -> SimulatedBlock:
    columns = zip(*(_arrays(part) for part in parts if len(part)), strict=True)
    whole: list[Any] = [None if column[0] is None else np.concatenate(column) for column in columns]
    return SimulatedBlock(*whole)
