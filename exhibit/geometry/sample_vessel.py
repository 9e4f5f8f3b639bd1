"""A modelled scan to begin with: a round ding, a bronze vessel on three legs, sampled as a scanner would see it.

The shape is a signed distance function (I. Quilez, "Distance functions", iquilezles.org): random points near its
surface are drawn onto it by Newton steps along the gradient. It was found nowhere and stands for no real object.
Millimetres, +Z up, base at z = 0, the front towards -Y; the underside is missing, as on a turntable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from exhibit.model.arrays import F4, F8, U1, Bool, freeze

HEIGHT_MM: Final = 246.0
MOUTH_DIAMETER_MM: Final = 196.0

_LEG_AZIMUTHS: Final = np.radians([-90.0, 30.0, 150.0])
_BELLY_RADIUS: Final = 90.0
_BAND: Final = (126.0, 182.0)
"""Heights between which the belly is cast with masks."""
_NOISE_MM: Final = 0.06
_UNSEEN_RADIUS: Final = 37.0
"""The underside of the belly is missing as far as this from its middle, millimetres."""
_CELL_MM: Final = 8.0
_NOTHING: Final = 1e3


@dataclass(frozen=True, slots=True)
class SampledVessel:
    """Points of the vessel.

    Parameters
    ----------
    positions : (n, 3) float32, millimetres, +Z up.
    normals : (n, 3) float32, unit length, outward.
    colors : (n, 3) uint8 sRGB.
    """

    positions: F4
    normals: F4
    colors: U1

    def __post_init__(self) -> None:
        freeze(self)


def sample_vessel(n_points: int = 80_000, seed: int = 1) -> SampledVessel:
    """Sample the vessel; the same number and seed give the same points.

    Parameters
    ----------
    n_points : how many points.
    seed : of the random numbers.
    """
    random = np.random.default_rng(seed)
    cells = _cells_near_surface()
    parts: list[tuple[F8, F8]] = []
    n_held = 0
    while n_held < n_points:
        near = _near_surface(random, cells, 2 * n_points)
        points, normals = _on_surface(near[random.random(len(near)) < _density(near)])
        seen = _is_seen(points, normals)
        parts.append((points[seen], normals[seen]))
        n_held += int(seen.sum())
    points = np.concatenate([part[0] for part in parts])[:n_points]
    normals = np.concatenate([part[1] for part in parts])[:n_points]
    colors = _paint(points, normals)
    noise = random.normal(0.0, _NOISE_MM, (n_points, 1)) * normals
    return SampledVessel((points + noise).astype(np.float32), normals.astype(np.float32), colors)


def distance_to_vessel(points: F8) -> F8:
    """Return the signed distance (n,) of points (n, 3) to the vessel, negative inside, millimetres.

    It is exact for the plain forms and up to a few tenths of a millimetre off in the relief.
    """
    x, y, z = points.T
    radius, azimuth = np.hypot(x, y), np.arctan2(y, x)
    body = _rounded_box(radius, z - 145.0, _BELLY_RADIUS, 57.0, np.where(z < 145.0, 52.0, 3.0))
    relief = _relief(azimuth, z)
    hollow = _rounded_box(radius, z - 245.0, 83.5, 152.0, np.where(z < 245.0, 48.0, 3.0))
    lip = _rounded_box(radius - 91.0, z - 198.0, 7.0, 4.0, 2.0)
    cast = np.minimum(_blend(body - relief, _legs(x, y, z), 7.0), _flanges(radius, azimuth, z))
    shell = np.minimum(np.maximum(cast, -hollow), lip)
    return np.asarray(np.minimum(shell, np.maximum(_handles(x, y, z), -hollow)))


def _cells_near_surface() -> F8:
    """Return the lower corners (m, 3) of the cells of a grid that the surface may pass through."""
    axes = [np.arange(low, high, _CELL_MM) for low, high in ((-104.0, 104.0), (-104.0, 104.0), (-3.0, 250.0))]
    corners = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    # the relief reaches 5 mm beyond the plain forms, half a cell's diagonal is 7 mm
    near: F8 = corners[np.abs(distance_to_vessel(corners + _CELL_MM / 2)) < 14.0]
    return near


def _near_surface(random: np.random.Generator, cells: F8, n: int) -> F8:
    """Return those of `n` random points of the cells that lie within 2 mm of the surface."""
    points = cells[random.integers(len(cells), size=n)] + _CELL_MM * random.random((n, 3))
    near: F8 = points[np.abs(distance_to_vessel(points)) < 2.0]
    return near


def _on_surface(points: F8) -> tuple[F8, F8]:
    """Return points drawn onto the surface, and the normals there; points that do not arrive are left out."""
    for _ in range(3):
        distance, gradient = distance_to_vessel(points), _gradient(points)
        squared = np.maximum(np.einsum("ij,ij->i", gradient, gradient), 0.05)
        points = points - np.clip(distance / squared, -1.5, 1.5)[:, None] * gradient
    gradient = _gradient(points)
    length = np.linalg.norm(gradient, axis=1)
    arrived = (np.abs(distance_to_vessel(points)) < 0.05) & (length > 0.3)
    return points[arrived], gradient[arrived] / length[arrived, None]


def _gradient(points: F8, step: float = 0.05) -> F8:
    """Return the gradient (n, 3) from four samples at the corners of a tetrahedron."""
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], dtype=np.float64)
    gradient = sum(corner * distance_to_vessel(points + step * corner)[:, None] for corner in corners)
    return np.asarray(gradient) / (4 * step)


def _is_seen(points: F8, normals: F8) -> Bool:
    """Tell which points a scanner beside and above a turntable sees: no soles, nothing between the legs."""
    faces_down = normals[:, 2] < -0.55
    between_legs = (np.hypot(points[:, 0], points[:, 1]) < _UNSEEN_RADIUS) & (points[:, 2] < 120.0)
    seen: Bool = ~(faces_down & (between_legs | (points[:, 2] < 5.0)))
    return seen


def _density(points: F8) -> F8:
    """Return how densely each place is scanned, 0 to 1: the masks best, the inside of the bowl least."""
    radius, z = np.hypot(points[:, 0], points[:, 1]), points[:, 2]
    is_inside = (radius < 85.5) & (z > 91.0) & (z < 196.0)
    in_band = (z > _BAND[0] - 4) & (z < _BAND[1] + 4)
    depth = np.clip((196.0 - z) / 100.0, 0.0, 1.0)
    return np.where(is_inside, 0.35 - 0.2 * depth, np.where(in_band, 1.0, 0.5))


def _rounded_box(u: F8, v: F8, half_u: F8 | float, half_v: float, corner: F8 | float) -> F8:
    """Return the distance to a rectangle with rounded corners in the plane (u, v)."""
    du, dv = np.abs(u) - half_u + corner, np.abs(v) - half_v + corner
    outside = np.hypot(np.maximum(du, 0.0), np.maximum(dv, 0.0))
    return np.asarray(outside + np.minimum(np.maximum(du, dv), 0.0) - corner)


def _blend(a: F8, b: F8, width: float) -> F8:
    """Return the union of two forms, its inner corner filled over about `width`."""
    near = np.maximum(width - np.abs(a - b), 0.0) / width
    return np.asarray(np.minimum(a, b) - near * near * width / 4)


def _legs(x: F8, y: F8, z: F8) -> F8:
    """Return the distance to three tapered legs, waisted and flaring at the foot."""
    nearest = np.full(x.shape, _NOTHING)
    thickness = 13.5 + 4.5 * np.clip((z - 40.0) / 60.0, 0.0, 1.0) ** 2 + 3.0 * np.clip(1.0 - z / 16.0, 0.0, 1.0) ** 2
    rings = 0.5 * np.cos((z - 62.0) * 2 * math.pi / 9.0) * ((z > 57.5) & (z < 75.5))
    for azimuth in _LEG_AZIMUTHS:
        away = np.hypot(x - 54.0 * np.cos(azimuth), y - 54.0 * np.sin(azimuth))
        leg = _rounded_box(away, z - 60.0, 1.0, 60.0, 0.9) - (thickness - 1.0) - rings
        # rounding grows the leg downwards too; the foot is cut level
        nearest = np.minimum(nearest, np.maximum(leg, -z))
    return nearest


def _handles(x: F8, y: F8, z: F8) -> F8:
    """Return the distance to two upright loops on the lip."""
    middle = np.abs(_rounded_box(y, z - 214.0, 21.0, 26.5, 15.0))
    ring = middle - 5.5
    groove = 1.2 * np.clip(1.0 - middle / 1.8, 0.0, 1.0)
    thick = np.abs(np.abs(x) - 89.0) - 5.5
    loop = np.hypot(np.maximum(ring + 1.5, 0.0), np.maximum(thick + 1.5, 0.0))
    loop = loop + np.minimum(np.maximum(ring, thick) + 1.5, 0.0) - 1.5 + groove
    return np.asarray(np.maximum(loop, 193.0 - z))


def _flanges(radius: F8, azimuth: F8, z: F8) -> F8:
    """Return the distance to six notched vertical ridges."""
    sector = math.pi / 3
    around = azimuth - _LEG_AZIMUTHS[0]
    within = around - sector * np.round(around / sector)
    along, across = radius * np.cos(within), radius * np.sin(within)
    notch = 1.6 * np.clip(2.5 * np.cos((z - 154.0) * 2 * math.pi / 14.0) + 0.5, 0.0, 1.0)
    outer = _rounded_box(along - 90.5, across, 5.5 + notch, 2.3, 0.8)
    middle = (_BAND[0] + _BAND[1]) / 2
    return np.asarray(np.maximum(outer, np.abs(z - middle) - 29.0))


def _relief(azimuth: F8, z: F8) -> F8:
    """Return how far the cast ornament stands out from the belly, millimetres: masks on a ground of spirals."""
    third = 2 * math.pi / 3
    around = azimuth - _LEG_AZIMUTHS[0]
    u = np.abs(around - third * np.round(around / third)) * _BELLY_RADIUS
    v = z - (_BAND[0] + _BAND[1]) / 2
    in_band = np.clip((29.0 - np.abs(v)) / 1.5, 0.0, 1.0)
    frame = 1.1 * np.clip(1.6 - np.abs(np.abs(v) - 28.0), 0.0, 1.0)
    mask = mask_relief(u, v)
    ground = 0.75 * _spirals(u, v) * (mask < 0.2)
    cord = 0.9 * np.clip(1.7 - np.abs(z - 112.0), 0.0, 1.0)
    return np.asarray(in_band * np.maximum(mask, ground) + frame + cord)


def mask_relief(u: F8, v: F8) -> F8:
    """Return the height of half a mask, millimetres: `u` runs from the nose sideways, `v` upwards from the middle."""
    eye = 5.0 * np.sqrt(np.clip(1.0 - ((u - 29.0) / 10.5) ** 2 - ((v - 3.0) / 7.5) ** 2, 0.0, 1.0))
    pupil = 1.6 * np.clip(1.0 - np.hypot(u - 29.0, v - 3.0) / 2.6, 0.0, 1.0)
    height = eye - pupil
    strokes = (
        _stroke(u, v, (10.0, 16.0), (46.0, 19.0), 3.4),  # brow
        _stroke(u, v, (46.0, 19.0), (54.0, 10.0), 3.2),
        _stroke(u, v, (54.0, 10.0), (47.0, 6.0), 2.6),  # its curl
        _stroke(u, v, (6.0, -4.0), (9.0, 12.0), 3.2),  # bridge of the nose
        _stroke(u, v, (6.0, -10.0), (16.0, -9.0), 3.4),  # nostril
        _stroke(u, v, (12.0, -21.0), (46.0, -20.0), 3.0),  # jaw
        _stroke(u, v, (46.0, -20.0), (52.0, -12.0), 3.0),
        _stroke(u, v, (52.0, -12.0), (44.0, -9.0), 2.6),
        _stroke(u, v, (62.0, -20.0), (66.0, 14.0), 3.0),  # the body, seen from the side
        _stroke(u, v, (66.0, 14.0), (82.0, 20.0), 3.0),
        _stroke(u, v, (82.0, 20.0), (86.0, 8.0), 2.8),
        _stroke(u, v, (70.0, -20.0), (84.0, -14.0), 2.8),  # its foot
    )
    for stroke in strokes:
        height = np.maximum(height, stroke)
    return np.asarray(height)


def _stroke(u: F8, v: F8, start: tuple[float, float], end: tuple[float, float], width: float) -> F8:
    """Return the height of a raised line with sloping sides."""
    du, dv = end[0] - start[0], end[1] - start[1]
    along = np.clip(((u - start[0]) * du + (v - start[1]) * dv) / (du * du + dv * dv), 0.0, 1.0)
    away = np.hypot(u - start[0] - along * du, v - start[1] - along * dv)
    return np.asarray(2.4 * np.clip((width + 0.6 - away) / 1.2, 0.0, 1.0))


def _spirals(u: F8, v: F8, tile: float = 14.0) -> F8:
    """Return a ground of square spirals, 0 in the groove and 1 on the line."""
    a = (u / tile - np.floor(u / tile) - 0.5) * 2
    b = (v / tile - np.floor(v / tile) - 0.5) * 2
    turn = np.arctan2(b, a) / (2 * math.pi)
    winding = np.maximum(np.abs(a), np.abs(b)) * 2.0 - turn
    return np.asarray(np.clip(0.5 + 2.5 * np.cos(2 * math.pi * winding), 0.0, 1.0))


def _paint(points: F8, normals: F8) -> U1:
    """Return the colours of old bronze: green patina, darker in the hollows, rubbed brown where hands reach it."""
    x, y, z = points.T
    radius = np.hypot(x, y)
    on_belly = (np.abs(radius - _BELLY_RADIUS) < 9.0) & (z > _BAND[0]) & (z < _BAND[1])
    raised = np.where(on_belly, np.clip((radius - _BELLY_RADIUS) / 2.6, 0.0, 1.0), 0.35)
    sunk = np.where(on_belly, np.clip(1.0 - (radius - _BELLY_RADIUS) / 0.6, 0.0, 1.0), 0.0)
    is_inside = (radius < 85.0) & (z > 90.0) & (z < 197.0)
    cloud, blotch, soil = (_noise(points, size, seed) for size, seed in ((60.0, 2), (26.0, 3), (44.0, 5)))
    color = _mix(np.array([84.0, 98.0, 91.0]), np.array([102.0, 119.0, 109.0]), 0.5 + 0.6 * cloud)
    color = _mix(color, np.array([50.0, 62.0, 59.0]), 0.7 * sunk)
    color = _mix(color, np.array([122.0, 150.0, 142.0]), np.clip(1.6 * blotch - 0.7, 0.0, 0.6))
    color = _mix(color, np.array([132.0, 104.0, 68.0]), np.clip(1.2 * raised - 0.3 - 0.4 * blotch, 0.0, 0.75))
    color = _mix(color, np.array([104.0, 76.0, 58.0]), np.clip(1.6 * soil - 0.9, 0.0, 0.6))
    worn = np.clip((z - 236.0) / 8.0, 0.0, 1.0) * 0.5 + np.clip((12.0 - z) / 12.0, 0.0, 1.0) * 0.4
    color = _mix(color, np.array([150.0, 122.0, 80.0]), worn * (0.7 + 0.5 * cloud))
    color = _mix(color, np.array([60.0, 60.0, 50.0]), np.where(is_inside, 0.6 + 0.2 * cloud, 0.0))
    color = color * (1.0 + 0.06 * _noise(points, 6.0, 4)[:, None])
    return np.clip(np.rint(color), 0, 255).astype(np.uint8)


def _mix(color: F8, other: F8, share: F8) -> F8:
    return np.asarray(color + (other - color) * np.clip(share, 0.0, 1.0)[:, None])


def _noise(points: F8, size_mm: float, seed: int) -> F8:
    """Return noise (n,) in about -1 to 1 whose largest features are about `size_mm`: waves in all directions."""
    random = np.random.default_rng(seed)
    noise = np.zeros(len(points))
    for octave in range(3):
        directions = random.normal(size=(8, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        rates = 2.0**octave * 2 * math.pi / size_mm * (0.6 + 0.8 * random.random(8))
        phases = 2 * math.pi * random.random(8)
        # the large waves bend the small ones, or a lattice would show
        noise += np.sin(points @ (directions * rates[:, None]).T + phases + 2.5 * noise[:, None]).sum(axis=1) * (
            0.6**octave / 5.0
        )
    return noise
