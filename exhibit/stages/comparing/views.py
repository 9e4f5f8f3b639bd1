"""A mesh from four sides, coloured by how far it stands above or below the scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.draw_mesh import draw_mesh
from exhibit.geometry.vertex_normals import face_normals
from exhibit.model.arrays import F4, F8, U1, Bool
from exhibit.model.cloud import SourceMesh
from exhibit.progress import Progress
from exhibit.stages.comparing.reference import Reference, places_of

SIDES = {"front": 0.0, "left": 270.0, "back": 180.0, "right": 90.0}
"""Name and azimuth, degrees: 0 looks from +Z, 90 from +X."""
NO_SCAN = (92, 94, 101)
_STOPS = np.array([[30, 84, 202], [116, 168, 240], [238, 235, 228], [246, 166, 84], [198, 62, 8]], np.float64)
"""Blue over white to orange: told apart by every common kind of colour blindness."""
_ELEVATION_DEG = 10.0
_LIGHT = np.array([-0.45, 0.55, 0.70]) / np.linalg.norm([-0.45, 0.55, 0.70])
"""From the left above, in the viewer's own axes."""
_SHADE = 0.45
_FINE = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """How large the views are drawn.

    Parameters
    ----------
    width, height : of one view, pixels. per_metre : pixels.
    """

    width: int
    height: int
    per_metre: float


def color_of(share: F4 | F8) -> U1:
    """Return sRGB (..., 3) of shares of the scale's end, -1 (below the scan) to 1 (above it)."""
    at = (np.clip(share.astype(np.float64), -1, 1) + 1) / 2 * (len(_STOPS) - 1)
    mixed = [np.interp(at, np.arange(len(_STOPS)), _STOPS[:, channel]) for channel in range(3)]
    return np.round(np.stack(mixed, axis=-1)).astype(np.uint8)


def fit_frame(mesh: SourceMesh, width: int, most_height: int, margin: int) -> Frame:
    """Choose one scale for all sides, so that each fits into `width` with its margin and none is too tall."""
    corners = _corners(mesh)
    extents = np.array([np.ptp(corners @ axes[:, :2], axis=0) for axes in map(_axes, SIDES.values())]).max(axis=0)
    per_metre = min((width - 2 * margin) / max(extents[0], 1e-12), (most_height - 2 * margin) / max(extents[1], 1e-12))
    return Frame(width, max(int(np.ceil(extents[1] * per_metre)) + 2 * margin, 120), float(per_metre))


def draw_side(
    mesh: SourceMesh, reference: Reference, side: int, azimuth_deg: float, frame: Frame, limit_m: float, back: U1,
    progress: Progress,
) -> U1:  # fmt: skip
    """Return the view (height, width, 3) uint8 from one side on a ground of one colour (3,).

    Parameters
    ----------
    side : -1 where the mesh is inside out.
    limit_m : deviation at the ends of the scale.
    """
    axes = _axes(azimuth_deg)
    corners = _corners(mesh)
    middle = (corners @ axes).min(axis=0) / 2 + (corners @ axes).max(axis=0) / 2
    local = mesh.vertices.astype(np.float64) @ axes - middle
    places = local * (frame.per_metre * _FINE) * (1, -1, 0)
    places += (frame.width * _FINE / 2, frame.height * _FINE / 2, 0)
    # all but equal, as a parallel projection wants it, and yet in order
    places[:, 2] = 1 + 0.01 * local[:, 2] / max(float(np.abs(local[:, 2]).max()), 1e-12)
    seen = draw_mesh(places.astype(np.float32), mesh.faces, frame.width * _FINE, frame.height * _FINE)
    blocks = (frame.height, _FINE, frame.width, _FINE)
    face = seen.face.reshape(blocks).transpose(0, 2, 1, 3).reshape(-1, _FINE**2)
    weights = seen.weights.reshape(*blocks, 2).transpose(0, 2, 1, 3, 4).reshape(-1, _FINE**2, 2)
    hit: Bool = face >= 0
    shown = np.flatnonzero(hit.any(axis=1))
    # one part of each pixel stands for its colour, all of them for its edge and its shade
    chosen = hit[shown].argmax(axis=1)
    at, facing = places_of(mesh, face[shown, chosen], weights[shown, chosen])
    deviation, has_scan = reference.deviation(at, side * facing, progress=progress)
    color = np.where(has_scan[:, None], color_of(deviation / limit_m), NO_SCAN).astype(np.float64)
    shade = _shade(mesh, axes)[face[shown]] * hit[shown]
    picture = np.tile(back.astype(np.float64), (frame.width * frame.height, 1))
    cover = hit[shown].mean(axis=1)[:, None]
    picture[shown] = picture[shown] * (1 - cover) + color * shade.mean(axis=1)[:, None]
    return np.round(picture).astype(np.uint8).reshape(frame.height, frame.width, 3)


def _shade(mesh: SourceMesh, axes: F8) -> F8:
    """Return the brightness (m,) of faces; of those seen from behind too."""
    normal = face_normals(mesh.vertices, mesh.faces)[0].astype(np.float64) @ axes
    normal *= np.where(normal[:, 2] < 0, -1, 1)[:, None]
    shade: F8 = 1 - _SHADE + _SHADE * np.clip(normal @ _LIGHT, 0, 1)
    return shade


def _axes(azimuth_deg: float) -> F8:
    """Return right, up and toward the viewer as columns (3, 3)."""
    azimuth, elevation = np.radians(azimuth_deg), np.radians(_ELEVATION_DEG)
    toward = np.array([np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)])
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    return np.stack([right, np.cross(toward, right), toward], axis=1)


def _corners(mesh: SourceMesh) -> F8:
    return mesh.vertices[np.unique(mesh.faces)].astype(np.float64)
