"""Exact points of the surface that the cameras see, as many as wanted, numbered and always the same.

A coarse mesh says where to look: a place on it is drawn, then moved along a coordinate axis onto the surface itself.
With the axis chosen by the square of the mesh normal's components, the density on a surface of normal n is
``sum |m_a n_a|`` for the mesh normal m: one where they agree. What is left is undone by rejection, so that the points
are even in area; only walls of relief finer than the mesh and steeper than some 50 degrees against it get fewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.capture.chance import uniform
from exhibit.capture.modelled import ModelledObject
from exhibit.capture.options import CaptureOptions
from exhibit.capture.scene import PREFERENCE, Scene
from exhibit.capture.table import table_points, table_radius
from exhibit.errors import UsageError
from exhibit.geometry.depth_maps import look
from exhibit.geometry.surface_of_field import gradient_of, points_on_surface
from exhibit.model.arrays import F8
from exhibit.progress import Progress

I8 = npt.NDArray[np.int64]

AT_ONCE: Final = 16384
"""Places drawn together."""
_REACH: Final = 1.5
"""How far the surface may be from the mesh, in cells."""
_HEADROOM: Final = 1.4
_PATIENCE: Final = 400
"""Draws in a row without one point after which nothing is thought to be seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Places that cameras see.

    Parameters
    ----------
    numbers : (n,) int64, of their random numbers.
    points, normals : (n, 3) float64, exactly on the surface.
    cosines : (n,) float64, of the angle between the normal and the chosen camera's ray.
    chosen : (n,) int16, a camera.
    """

    numbers: I8
    points: F8
    normals: F8
    cosines: F8
    chosen: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, rows: slice | npt.NDArray[np.bool_]) -> Seen:
        """Return some of them."""
        return Seen(*(getattr(self, one.name)[rows] for one in fields(self)))


def joined(parts: list[Seen]) -> Seen:
    """Return all parts as one."""
    return Seen(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Seen)))


class Source:
    """Gives the next so many places of an endless sequence."""

    def __init__(self, draws: Iterator[Seen]) -> None:
        self._draws = draws
        self._left: Seen | None = None

    def take(self, n: int, progress: Progress) -> Seen:
        """Return the next `n`; the sequence does not depend on how it is portioned.

        Raises
        ------
        UsageError
            Nothing is seen.
        """
        parts = [] if self._left is None else [self._left]
        n_held, n_idle = sum(map(len, parts)), 0
        while n_held < n or not parts:
            part = next(self._draws)
            n_idle = 0 if len(part) else n_idle + 1
            if n_idle > _PATIENCE:
                raise UsageError("hardly any place is seen by enough cameras.", hint="Add cameras or rings.")
            parts.append(part)
            n_held += len(part)
            progress.tick(n_held / max(n, 1), "points")
        whole = joined(parts)
        self._left = whole.part(slice(n, None))
        return whole.part(slice(n))


def surface_draws(thing: ModelledObject, scene: Scene, options: CaptureOptions) -> Iterator[Seen]:
    """Draw places of the object without end."""
    mesh = scene.mesh
    corners = mesh.vertices[mesh.faces]
    crossed = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    doubled = np.linalg.norm(crossed, axis=1)
    flat = crossed / np.maximum(doubled, 1e-30)[:, None]
    share = np.cumsum(doubled * scene.thinning[mesh.faces].mean(axis=1))
    size = float(np.linalg.norm(thing.size_m))
    first = 0
    while True:
        numbers = np.arange(first, first + AT_ONCE)
        first += AT_ONCE
        chance = uniform(options.seed, "place", numbers, 6)
        face = np.minimum(np.searchsorted(share, chance[:, 0] * share[-1], side="right"), len(share) - 1)
        root = np.sqrt(chance[:, 1])[:, None]
        u, v, w = 1 - root, root * (1 - chance[:, 2:3]), root * chance[:, 2:3]
        starts = u * corners[face, 0] + v * corners[face, 1] + w * corners[face, 2]
        facing = flat[face]
        squared = np.cumsum(facing**2, axis=1)
        axes = (chance[:, 3:4] * squared[:, 2:] > squared).sum(axis=1).clip(0, 2)
        slopes = facing[np.arange(len(face)), axes]
        points, arrived = points_on_surface(thing.distance, starts, axes, slopes, _REACH * mesh.cell, 1e-6 * size)
        points, axes, slopes = points[arrived], axes[arrived], slopes[arrived]
        facing, numbers, chance = facing[arrived], numbers[arrived], chance[arrived]
        gradient = gradient_of(thing.distance, points, 3e-5 * size)
        length = np.linalg.norm(gradient, axis=1)
        normals = gradient / np.maximum(length, 1e-12)[:, None]
        density = np.abs(facing * normals).sum(axis=1)
        same_side = np.sign(normals[np.arange(len(axes)), axes]) == np.sign(slopes)
        kept = (length > 0.2) & same_side & (chance[:, 4] * _HEADROOM * density < 1)
        yield _seen(scene, options, numbers[kept], points[kept], normals[kept], chance[kept, 5])


def table_draws(thing: ModelledObject, scene: Scene, options: CaptureOptions) -> Iterator[Seen]:
    """Draw places of the table without end."""
    radius = table_radius(thing)
    first = 0
    while True:
        numbers = np.arange(first, first + AT_ONCE)
        first += AT_ONCE
        chance = uniform(options.seed, "table", numbers, 3)
        points = table_points(chance, radius)
        # under a foot the lifted point is inside the object and so hidden; under a thin one only the field knows
        free = thing.distance(points + np.array([0.0, 0.2 * scene.mesh.cell, 0.0])) > 0
        normals = np.broadcast_to(np.array([0.0, 1.0, 0.0]), points.shape)
        yield _seen(scene, options, numbers[free], points[free], normals[free], chance[free, 2])


def _seen(scene: Scene, options: CaptureOptions, numbers: I8, points: F8, normals: F8, chance: F8) -> Seen:
    """Leave out what too few cameras see, and choose a camera for the rest."""
    least = float(np.cos(np.radians(options.steepest_deg)))
    n_seen, _, chosen = look(
        points, np.ascontiguousarray(normals), scene.cameras, scene.depths, scene.lift, least, chance, PREFERENCE
    )
    enough = n_seen >= options.least_views
    points, normals, chosen = points[enough], normals[enough], chosen[enough]
    ways = scene.cameras.eyes[chosen] - points
    cosines = np.einsum("ij,ij->i", ways, normals) / np.linalg.norm(ways, axis=1)
    return Seen(numbers[enough], points, normals, cosines, chosen)
