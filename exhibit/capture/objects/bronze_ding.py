"""A round ding of the late Shang: cast bronze, three masks about the belly, an inscription within.

Millimetres inside this module; the azimuth runs from the front (+Z) towards +X.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from exhibit.capture.modelled import ModelledObject
from exhibit.capture.objects._ding_ornament import (
    GROUND_DEPTH,
    blade_sheet,
    flange_outline,
    inscription_sheet,
    mask_sheet,
)
from exhibit.capture.objects._ding_patina import Surface, patina
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._relief_sheet import Sheet, curve, displaced, outline_sheet
from exhibit.geometry.distance_fields import extruded, rectangle, smooth_union
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_BAND_MIDDLE: Final = 151.0
_WALL: Final = 90.0
_RELIEF_TOP: Final = 6.4
_BLADE_TOP: Final = 2.4
_LEG_AXIS: Final = 55.0
_WRITING_MIDDLE: Final = 152.0
_SECTOR: Final = np.pi / 3


@cache
def _outside() -> Sheet:
    """Tabulate the distance to the revolved outside, lip and all, of radius and height."""
    belly = curve([(0, 86), (30, 87.2), (58, 93), (76, 104), (86, 118), (90.2, 134), (90.6, 152), (89, 170),
                   (86.6, 186), (86.4, 192)])  # fmt: skip
    lip = curve([(86.4, 192), (88.6, 195.4), (94, 197.6), (98.0, 200.2), (98.6, 202.6), (97.0, 204.8), (92, 205.6)])
    # the outline reaches across the axis, which is no surface
    outline = np.vstack([[(-90, 86)], belly, lip[1:], [(-90, 205.6)]])
    return outline_sheet(outline, (0.0, 60.0), (140.0, 260.0), 0.5)


@cache
def _hollow() -> Sheet:
    wall = curve([(0, 93.4), (28, 94.2), (54, 99.6), (71, 109.5), (80.4, 121), (83.6, 136), (84.0, 152), (82.6, 170),
                  (80.6, 186), (80.8, 194), (83.4, 200.5), (88.5, 204.6), (93, 206.5)])  # fmt: skip
    outline = np.vstack([[(-300, 93.4)], wall, [(200, 420), (-300, 420)]])
    return outline_sheet(outline, (0.0, 60.0), (140.0, 260.0), 0.5)


@cache
def _flange() -> Sheet:
    return outline_sheet(flange_outline() + np.array([_WALL, 0.0]), (70.0, -60.0), (130.0, 60.0), 0.5)


_mask, _blades, _writing = cache(mask_sheet), cache(blade_sheet), cache(inscription_sheet)
_mask_slack, _blade_slack = cache(lambda: _mask().slack(1.2)), cache(lambda: _blades().slack(1.2))


def distance_to_ding(points: F8) -> F8:
    """Return the distance (n,), metres."""
    return _distance(points * 1000.0) / 1000.0


def _distance(points: F8) -> F8:
    x, y, z = _bent(points).T
    radius, azimuth = np.hypot(x, z), np.arctan2(x, z)
    cast = _outside().at(radius, y)
    far = np.maximum(np.maximum(radius - 135.0, y - 258.0), 0.0)
    cast += far + np.maximum(62.0 - y, 0.0) * 0.7
    hollow = _hollow().at(radius, y)
    near = np.flatnonzero((np.abs(cast) < 12.0) & (y > 88.0) & (y < 197.0))
    place = _mask_place(azimuth[near], y[near])
    height = _mask().at(*place) + _roughness(points[near])
    cast[near] = displaced(cast[near], height, _mask_slack().at(*place), _RELIEF_TOP)
    cast[cast >= 12.0] -= _RELIEF_TOP
    around = azimuth - _SECTOR * np.round(azimuth / _SECTOR)
    beside = np.flatnonzero((radius > 82.0) & (y > 95.0) & (y < 207.0))
    cast[beside] = np.minimum(cast[beside], _flanges(radius[beside], around[beside], y[beside] - _BAND_MIDDLE))
    low = np.flatnonzero(y < 118.0)
    around = azimuth[low] - 2 * _SECTOR * np.round(azimuth[low] / (2 * _SECTOR))
    cast[low] = smooth_union(cast[low], _legs(points[low], radius[low], around, y[low]), 6.0)
    hollow = np.where(np.abs(hollow) < 4.0, hollow / 1.5, hollow - 4.0 / 3 * np.sign(hollow))
    inside = np.flatnonzero(
        (np.abs(hollow) < 4.0) & (z < 0) & (np.abs(x) < 28.0) & (np.abs(y - _WRITING_MIDDLE) < 36.0)
    )
    hollow[inside] -= _writing().at(x[inside], y[inside] - _WRITING_MIDDLE) / 1.5
    cast = np.maximum(cast, -hollow)
    high = np.flatnonzero(y > 188.0)
    cast[high] = np.minimum(cast[high], _handles(x[high], y[high], z[high]))
    return cast


def _bent(points: F8) -> F8:
    """Return points where they would be, were the vessel cast perfectly round and level."""
    x, y, z = points.T
    upper = np.clip((y - 60.0) / 140.0, 0.0, 1.2)
    squeezed = 1.0 + 0.008 * upper * np.cos(2 * np.arctan2(x, z) + 0.7)
    return np.column_stack([x * squeezed, y - 0.006 * upper * x + 0.004 * upper * z, z * squeezed])


def _roughness(points: F8) -> F8:
    """Return the crust and pits of the patina, millimetres."""
    crust = wave_noise(points, 17.0, 31, 2)
    return np.asarray(0.35 * np.clip(crust - 0.35, 0.0, 1.0) - 0.3 * np.clip(-crust - 0.75, 0.0, 1.0))


def _mask_place(azimuth: F8, y: F8) -> tuple[F8, F8]:
    """Return where on the drawn half mask a place of the wall lies: no two halves were cut quite alike."""
    bent = azimuth + 0.006 * np.sin(2 * azimuth + 1.0) + 0.004 * np.sin(5 * azimuth)
    across = np.abs(bent - 2 * _SECTOR * np.round(bent / (2 * _SECTOR))) * _WALL
    return across, y - _BAND_MIDDLE + 0.5 * np.sin(azimuth + 0.4) + 0.35 * np.sin(3 * azimuth + 1.1)


def _flanges(radius: F8, around: F8, v: F8) -> F8:
    along, across = radius * np.cos(around), radius * np.sin(around)
    side = _flange().at(along, v) + np.maximum(along - 128.0, 0.0)
    return extruded(side, across, 2.5, 0.9)


def _legs(points: F8, radius: F8, around: F8, y: F8) -> F8:
    along, across = radius * np.cos(around) - _LEG_AXIS, radius * np.sin(around)
    away, turn = np.hypot(along, across), np.arctan2(across, along)
    thick = 14.2 + 3.8 * np.clip((y - 30.0) / 65.0, 0.0, 1.0) ** 1.5 + 1.2 * np.clip(1.0 - y / 14.0, 0.0, 1.0) ** 2
    plain = rectangle(away, y - 58.0, thick, 58.0, 1.6)
    leg = plain - np.minimum(np.maximum(plain, 0.0), _BLADE_TOP)
    near = np.flatnonzero((plain > -6.0) & (plain < 12.0))
    quarter = np.abs(turn[near] - np.pi / 2 * np.round(turn[near] / (np.pi / 2)))
    height = (_blades().at(quarter * 17.0, y[near]) + _roughness(points[near])) * np.clip(y[near] / 6.0, 0, 1)
    leg[near] = displaced(plain[near], height, _blade_slack().at(quarter * 17.0, y[near]), _BLADE_TOP)
    return leg


def _handles(x: F8, y: F8, z: F8) -> F8:
    """Return the distance to two upright loops on the lip, leaning outwards, the one a little more than the other."""
    over = y - 203.0
    lean = np.where(x > 0, 0.075, 0.11)
    out = np.abs(x) - 88.8 - lean * over
    z = z - np.where(x > 0, -0.02, 0.03) * over
    # the arch continues below the lip, where it is cut off
    middle = np.abs(rectangle(z, over - 12.0, 18.0 - 0.02 * over, 24.6, 13.0))
    groove = 1.5 * np.clip(1.0 - np.maximum(middle - 1.6, 0.0) / 1.2, 0.0, 1.0)
    loop = rectangle(middle, out, 5.5, 5.9, 1.8) + np.where(np.abs(out) > 3.0, groove, 0.0) * np.clip(over / 4, 0, 1)
    return np.asarray(np.maximum(loop * 0.75, 198.0 - y))


def _surface(points: F8) -> Surface:
    """Measure what the patina depends on."""
    x, y, z = _bent(points).T
    radius, azimuth = np.hypot(x, z), np.arctan2(x, z)
    hollow, outside = _hollow().at(radius, y), _outside().at(radius, y)
    within = (hollow < 2.0) & (y < 203.0) & (y > 90.0)
    height = np.where(~within & (outside > -2.5) & (y > 88.0) & (y < 197.0), _mask().at(*_mask_place(azimuth, y)), 0.0)
    around = azimuth - 2 * _SECTOR * np.round(azimuth / (2 * _SECTOR))
    along, across = radius * np.cos(around) - _LEG_AXIS, radius * np.sin(around)
    turn = np.arctan2(across, along)
    quarter = np.abs(turn - np.pi / 2 * np.round(turn / (np.pi / 2)))
    on_leg = (y < 96.0) & (np.hypot(along, across) < 22.0)
    height = np.where(on_leg, _blades().at(quarter * 17.0, y), height)
    beside = np.abs(azimuth - _SECTOR * np.round(azimuth / _SECTOR)) * radius
    on_flange = ~within & (beside < 3.2) & (outside > 1.5) & (np.abs(y - _BAND_MIDDLE) < 40.0)
    height = np.where(on_flange, np.clip(outside - 1.5, 0.0, 4.0), height)
    sunk = np.where(within & (z < 0) & (np.abs(x) < 28.0), _writing().at(x, y - _WRITING_MIDDLE), 0.0)
    return Surface(points, height, sunk, within, radius, y)


def colour_of_ding(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    return patina(_surface(points * 1000.0), normals, GROUND_DEPTH)


OBJECT = ModelledObject(
    "bronze_ding",
    "round ding, cast bronze",
    (0.2, 0.246, 0.2),
    distance_to_ding,
    colour_of_ding,
    {
        "eye": landmark_near(distance_to_ding, (0.0283, 0.1545, 0.0930), 2e-5),
        "handle": landmark_near(distance_to_ding, (0.0940, 0.2460, 0.0), 2e-5),
        "leg": landmark_near(distance_to_ding, (0.0, 0.0660, 0.0730), 2e-5),
        "inscription": landmark_near(distance_to_ding, (0.0, 0.1530, -0.0835), 2e-5),
    },
)
