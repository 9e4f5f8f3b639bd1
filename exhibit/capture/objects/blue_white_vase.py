"""A Yuan blue-and-white vase with elephant handles, in the manner of the pair that Zhang Wenjin gave in 1351."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import map_coordinates

from exhibit.capture.modelled import Landmark, ModelledObject
from exhibit.capture.objects._brush import spline
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._vase_form import HEIGHT_MM, LENGTH_MM, along_at, distance_to_thrown, radius_at
from exhibit.capture.objects._vase_painting import SIZE_PX, painting
from exhibit.geometry.distance_fields import box, ellipsoid, smooth_union, tube
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_TRUNK_KNOTS: Final = np.array([
    (36, 327), (50, 330), (60, 327), (67.5, 318), (70.5, 306), (69, 293), (63, 282), (53, 274.5), (41, 271), (33, 271),
], dtype=float)  # fmt: skip
_TRUNK: Final = np.column_stack([spline(_TRUNK_KNOTS, 3), np.zeros(28)])
_TRUNK_RADII: Final = np.interp(
    np.linspace(0, 9, 28), np.arange(10), [9.0, 9.5, 8.6, 7.2, 6.1, 5.4, 5.0, 4.8, 5.2, 5.6]
)
_HANDLE_MIDDLE: Final = (54.0, 304.0, 0.0)
_HANDLE_HALF: Final = (24.0, 42.0, 19.0)
_REACH_MM: Final = 7.0

# ink 0, a thin wash, full cobalt, and where it heaps up
_INK: Final = np.array([0.0, 0.22, 0.62, 0.86, 1.0])
_BLUE: Final = np.array([
    (0.875, 0.900, 0.902), (0.63, 0.71, 0.85), (0.20, 0.31, 0.64), (0.10, 0.15, 0.43), (0.08, 0.09, 0.21),
])  # fmt: skip
_BISCUIT: Final = np.array([0.63, 0.49, 0.39])
_FLINT_RED: Final = np.array([0.56, 0.34, 0.23])


def _from_wheel(points: F8) -> F8:
    """Return points (n, 3) in millimetres, made true again: drying and firing bent the vase a little."""
    x, y, z = points.T * 1000
    lean = 1.5 * (np.clip(y, 0, HEIGHT_MM) / HEIGHT_MM) ** 2
    x = x - lean
    angle = np.arctan2(x, z)
    swell = 1 + 0.004 * np.cos(2 * angle + 0.6) + 0.0025 * np.cos(3 * angle)
    return np.column_stack([x * swell, y, z * swell])


def _handle_frame(thrown: F8) -> F8:
    """Return points (n, 3) with both handles at +x, the left one a little lower and askew."""
    is_left = thrown[:, 0] < 0
    return np.column_stack([
        np.abs(thrown[:, 0]) + 0.6 * is_left,
        thrown[:, 1] + 1.3 * is_left,
        thrown[:, 2] + np.where(is_left, 0.02 * (thrown[:, 1] - 300), 0.4),
    ])  # fmt: skip


def _handle(at: F8) -> F8:
    """Return the distance (n,) to an elephant's head whose trunk reaches back to the neck."""
    elephant = tube(at, _TRUNK, _TRUNK_RADII)
    sides = np.column_stack([at[:, 0], at[:, 1], np.abs(at[:, 2])])
    elephant = smooth_union(elephant, ellipsoid(at, (50, 333, 0), (13, 11, 10.5)), 5.0)
    ear = sides - np.array([43.0, 330.0, 11.5])
    ear = np.column_stack([ear[:, 0], ear[:, 1] + 0.15 * ear[:, 0], ear[:, 2] + 0.3 * ear[:, 0]])
    elephant = smooth_union(elephant, ellipsoid(ear, (0, -1.5, 0), (7.5, 11.0, 2.6)), 2.0)
    tusk = np.array([(58.0, 323, 5), (62.0, 315, 8.2), (67.0, 310.5, 9.2)])
    elephant = smooth_union(elephant, tube(sides, tusk, np.array([2.6, 2.2, 1.4])), 1.5)
    return smooth_union(elephant, ellipsoid(sides, (57.5, 335, 7.6), (2.6, 2.2, 1.9)), 1.0)


def distance_to_vase(points: F8) -> F8:
    """Return the distance (n,), metres."""
    thrown = _from_wheel(points)
    rho, y = np.hypot(thrown[:, 0], thrown[:, 2]), thrown[:, 1]
    form = distance_to_thrown(rho, y)
    near = np.flatnonzero((np.abs(form) < 5.0) & (y > 12) & (y < 372))
    ridge = 0.07 * np.sin(y[near] * 0.62 + np.arctan2(thrown[near, 0], thrown[near, 2]))
    form[near] -= (ridge + 0.45 * np.exp(-(((y[near] - 152.0) / 3.0) ** 2))) * (1 - np.abs(form[near]) / 5.0)
    at = _handle_frame(thrown)
    handle = box(at, _HANDLE_MIDDLE, _HANDLE_HALF)
    close = np.flatnonzero(handle < _REACH_MM)
    handle = np.maximum(handle, _REACH_MM - 1e-9)
    handle[close] = _handle(at[close])
    whole = np.minimum(form, handle)
    whole[close] = np.where(
        rho[close] > radius_at(y[close]) - 2.5, smooth_union(form[close], handle[close], 3.5), form[close]
    )
    return whole * 0.97 / 1000


def _ink_on_handle(at: F8) -> F8:
    """Return the cobalt (n,) on the handles: ringed trunk, veined ears, eyes, washed brow."""
    u, v, w = at[:, 0], at[:, 1], np.abs(at[:, 2])
    run = np.degrees(np.arctan2(v - 300, u - 46)) + 1.5 * np.sin(w)
    rings = 0.13 + 0.38 * np.clip(2.2 * np.sin(run / 12 * 2 * np.pi) - 0.9, 0, 1) * np.clip(1.5 - w / 4, 0.25, 1)
    ink = np.where((run < 30) & (u > 46), rings * (0.8 + 0.2 * np.sin(v / 5)), 0.0)
    brow = np.clip((v - 322) / 14, 0, 1) * (u > 45)
    ink = np.maximum(ink, 0.42 * brow * (0.8 + 0.2 * np.sin(u * 1.3 + v)))
    ear = np.hypot((u - 43.0) / 7.5, (v - 328.5) / 11.0)
    veins = 0.3 + 0.3 * np.clip(np.sin(9 * np.arctan2(v - 328.5, u - 46)) - 0.2, 0, 1)
    ink = np.where((w > 9.0) & (u < 53) & (v > 315), np.where(ear > 0.8, 0.78, veins * np.clip(ear + 0.3, 0, 1)), ink)
    eye = np.hypot((u - 57.5) / 1.25, v - 335)
    ink = np.where((w > 5) & (eye < 2.7), np.where(eye < 1.3, 0.95, np.where(eye < 1.9, 0.06, 0.7)), ink)
    is_tusk = (w > 5.6) & (w > 4.6 + 0.2 * (323 - v)) & (v < 322) & (v > 308) & (u > 55)
    return np.asarray(np.where(is_tusk, 0.02, ink))


def colour_of_vase(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    thrown = _from_wheel(points)
    rho, y = np.hypot(thrown[:, 0], thrown[:, 2]), thrown[:, 1]
    width, height = SIZE_PX
    cells = np.vstack([
        along_at(y) / LENGTH_MM * height - 0.5,
        (np.arctan2(thrown[:, 0], thrown[:, 2]) / (2 * np.pi) + 0.5) * width - 0.5,
    ])  # fmt: skip
    ink = map_coordinates(painting(), cells, order=1, mode="nearest").astype(np.float64)
    outside = rho - radius_at(y)
    ink[(outside < -1.8) | (y > 378.6)] = 0.0
    on_handle = outside > 2.2
    seat = np.clip(1 - np.abs(outside - 1.6) / 1.6, 0, 1) * _is_by_handle(thrown)
    ink[on_handle] = _ink_on_handle(_handle_frame(thrown[on_handle]))
    colour = np.column_stack([np.interp(ink, _INK, _BLUE[:, k]) for k in range(3)])
    cloudy = wave_noise(points, 0.06, 3, 2)
    pool = np.clip(1 - (y - 9) / 5, 0, 1) * (y > 8) + 0.7 * seat + 0.35 * np.clip(1 - np.abs(y - 152) / 5, 0, 1)
    colour *= 1 - np.clip(pool + 0.25 * cloudy, -0.3, 1)[:, None] * np.array([0.085, 0.035, 0.03])
    speck = wave_noise(points, 0.006, 8, 2) > 1.45
    colour[speck] = 0.55 * colour[speck] + 0.45 * np.array([0.42, 0.30, 0.20])
    return _with_bare_foot(colour, points, y)


def _is_by_handle(thrown: F8) -> F8:
    at = _handle_frame(thrown)
    return np.asarray((np.abs(at[:, 2]) < 14) & (at[:, 1] > 260) & (at[:, 1] < 345), np.float64)


def _with_bare_foot(colour: F8, points: F8, y: F8) -> F8:
    """Return colours with the clay of the foot ring and base: flashed red where the glaze ends."""
    edge = y - 8.2 - 1.1 * wave_noise(points * [1, 0.2, 1], 0.05, 5, 2)
    clay = _BISCUIT * (1 + 0.09 * wave_noise(points, 0.012, 6, 3)[:, None])
    flash = np.exp(-((edge / 2.2) ** 2))[:, None]
    clay = clay * (1 - 0.75 * flash) + _FLINT_RED * 0.75 * flash
    bare = np.clip(0.5 - edge / 0.8, 0, 1)[:, None]
    return np.asarray(np.clip(colour * (1 - bare) + clay * bare, 0, 1))


def _landmark(x: float, y: float, z: float) -> Landmark:
    """Return the landmark near a place, metres."""
    return landmark_near(distance_to_vase, (x, y, z), 2e-4)


OBJECT = ModelledObject(
    "blue_white_vase",
    "vase with elephant handles and dragons, porcelain with underglaze cobalt blue",
    (0.157, 0.38, 0.156),
    distance_to_vase,
    colour_of_vase,
    {
        "dragon": _landmark(-0.034, 0.172, 0.08),
        "handle": _landmark(0.075, 0.31, 0.01),
        "lappets": _landmark(0.02, 0.056, 0.05),
        "foot": _landmark(0.0, 0.004, 0.06),
    },
)
