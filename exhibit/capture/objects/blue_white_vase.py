"""A Yuan blue-and-white vase with elephant handles, in the manner of the pair that Zhang Wenjin gave in 1351."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import map_coordinates

from exhibit.capture.modelled import Landmark, ModelledObject
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._vase_elephant import HALF, MIDDLE, distance_to_elephant, ink_on_elephant
from exhibit.capture.objects._vase_form import HEIGHT_MM, LENGTH_MM, along_at, distance_to_thrown, radius_at
from exhibit.capture.objects._vase_painting import SIZE_PX, painting
from exhibit.geometry.distance_fields import box, smooth_union
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_REACH_MM: Final = 7.0

# ink 0, a thin wash, full cobalt, and where it heaps up
_INK: Final = np.array([0.0, 0.22, 0.62, 0.86, 1.0])
_BLUE: Final = np.array([
    (0.825, 0.896, 0.952), (0.63, 0.71, 0.85), (0.20, 0.31, 0.64), (0.10, 0.15, 0.43), (0.08, 0.09, 0.21),
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


def distance_to_vase(points: F8) -> F8:
    """Return the distance (n,), metres."""
    thrown = _from_wheel(points)
    rho, y = np.hypot(thrown[:, 0], thrown[:, 2]), thrown[:, 1]
    form = distance_to_thrown(rho, y)
    near = np.flatnonzero((np.abs(form) < 5.0) & (y > 12) & (y < 372))
    ridge = 0.07 * np.sin(y[near] * 0.62 + np.arctan2(thrown[near, 0], thrown[near, 2]))
    form[near] -= (ridge + 0.45 * np.exp(-(((y[near] - 152.0) / 3.0) ** 2))) * (1 - np.abs(form[near]) / 5.0)
    at = _handle_frame(thrown)
    handle = box(at, MIDDLE, HALF)
    close = np.flatnonzero(handle < _REACH_MM)
    handle = np.maximum(handle, _REACH_MM - 1e-9)
    handle[close] = distance_to_elephant(at[close])
    whole = np.minimum(form, handle)
    whole[close] = np.where(
        rho[close] > radius_at(y[close]) - 2.5, smooth_union(form[close], handle[close], 3.5), form[close]
    )
    return whole * 0.97 / 1000


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
    ink[on_handle] = ink_on_elephant(_handle_frame(thrown[on_handle]))
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
        "handle": _landmark(0.071, 0.299, 0.008),
        "lappets": _landmark(0.02, 0.056, 0.05),
        "foot": _landmark(0.0, 0.004, 0.06),
    },
)
