"""What a capture prepares once: a coarse mesh of the object, who sees it, and the light of the dome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from exhibit.capture.cameras import cameras_of, exposures_of, middle_of, radius_of
from exhibit.capture.modelled import ModelledObject
from exhibit.capture.options import CaptureOptions
from exhibit.errors import UsageError
from exhibit.geometry.depth_maps import Cameras, cameras_at, depth_maps, look, open_light
from exhibit.geometry.surface_nets import FieldMesh, mesh_of_field
from exhibit.geometry.visibility import even_directions
from exhibit.model.arrays import F4, F8, freeze
from exhibit.progress import Progress

_PICTURE_PX: Final = 448
_LAMPS: Final = 64
_LAMP_PX: Final = 224
_LIFT: Final = 1.3
_FROM_BELOW: Final = 0.6
"""Light that comes back from what the object stands on, as a share of the dome's."""
PREFERENCE: Final = 6.0
"""Cameras that face a place are preferred by the cosine to this power."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An object under its cameras and lamps.

    Parameters
    ----------
    mesh : close to the surface, to hide and to start from.
    cameras, depths : and what each sees of the mesh.
    exposures : (k, 3) float64, factors on linear light.
    lamps, lamp_depths, lamp_light : the dome.
    vertex_normals : (n, 3) float64.
    n_seen, best, chosen : per vertex: how many cameras see it, the best cosine, one of them.
    thinning : (n,) float64 per vertex: the density wanted there, 0 to 1.
    """

    mesh: FieldMesh
    cameras: Cameras
    depths: F4
    exposures: F8
    lamps: Cameras
    lamp_depths: F4
    lamp_light: F8
    vertex_normals: F8
    n_seen: F8
    best: F8
    chosen: npt.NDArray[np.int16]
    thinning: F8

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def lift(self) -> float:
        """How far points are lifted off the surface before they are held against depth maps, metres."""
        return _LIFT * self.mesh.cell

    def light_at(self, points: F8, normals: F8, occlusion: float) -> F8:
        """Return the light (n,) of the dome on places (n, 3), about 1 in the open."""
        reached = open_light(points, normals, self.lamps, self.lamp_depths, self.lamp_light, self.lift)
        return np.asarray(1 - occlusion + occlusion * reached / 0.88)


def prepare(thing: ModelledObject, options: CaptureOptions, progress: Progress) -> Scene:
    """Set up the scene.

    Raises
    ------
    UsageError
        The object has no surface in its bounding box, or no camera sees it.
    """
    progress.tick(0.0, "form")
    longest = max(thing.size_m)
    margin = 0.03 * longest
    low, high = np.asarray(thing.lower_m) - margin, np.asarray(thing.upper_m) + margin
    mesh = mesh_of_field(thing.distance, low, high, longest / options.detail, progress.check)
    if len(mesh.faces) == 0:
        raise UsageError("the object has no surface inside its bounding box.", where=thing.key)
    progress.tick(0.5, "cameras")
    normals = _vertex_normals(mesh)
    cameras = cameras_of(thing, options)
    depths = _depth_maps(mesh, cameras, _PICTURE_PX, progress.check)
    lift = _LIFT * mesh.cell
    least = float(np.cos(np.radians(options.steepest_deg)))
    half = np.full(len(normals), 0.5)
    n_seen, best, chosen = look(mesh.vertices, normals, cameras, depths, lift, least, half, PREFERENCE)
    if not (n_seen >= options.least_views).any():
        raise UsageError("no place of the object is seen by enough cameras.", where=thing.key,
                         hint="Add cameras or rings, or ask for fewer views.")  # fmt: skip
    progress.tick(0.8, "light")
    ways = even_directions(_LAMPS).astype(np.float64)[:, [0, 2, 1]]
    lamps = cameras_at(middle_of(thing) + 40 * radius_of(thing) * ways, middle_of(thing), 1.02 * radius_of(thing))
    light = np.where(ways[:, 1] > 0, 0.8 + 0.2 * ways[:, 1], _FROM_BELOW)
    lamp_depths = _depth_maps(mesh, lamps, _LAMP_PX, progress.check)
    views = n_seen.astype(np.float64)
    return Scene(
        mesh, cameras, depths, exposures_of(options), lamps, lamp_depths, light, normals,
        views, best.astype(np.float64), chosen, _thinning(views, best, options),
    )  # fmt: skip


def _thinning(n_seen: F8, best: F4, options: CaptureOptions) -> F8:
    """Return the density wanted (n,): matching finds most where many cameras look straight on."""
    usual = max(float(np.percentile(n_seen[n_seen > 0], 80)), 1.0)
    found = np.minimum(n_seen / usual, 1.0) * best.astype(np.float64)
    return np.where(n_seen >= 1, found ** (1.5 * (1 - options.evenness)), 0.0)


def _vertex_normals(mesh: FieldMesh) -> F8:
    corners = mesh.vertices[mesh.faces]
    weighted = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(mesh.vertices)
    for corner in range(3):
        for axis in range(3):
            normals[:, axis] += np.bincount(mesh.faces[:, corner], weighted[:, axis], len(normals))
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30))


def _depth_maps(mesh: FieldMesh, cameras: Cameras, size_px: int, check: Callable[[], None]) -> F4:
    check()
    return depth_maps(mesh.vertices, mesh.faces, cameras, size_px)
