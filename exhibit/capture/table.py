"""The turntable under the object: grey felt with a printed ring of marks, as studios use."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.modelled import ModelledObject
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_FELT: Final = np.array([0.43, 0.44, 0.45])
_PAPER: Final = np.array([0.80, 0.80, 0.77])
_INK: Final = np.array([0.14, 0.14, 0.15])
_MARKS: Final = 72


def table_radius(thing: ModelledObject) -> float:
    """Return the radius of the table, metres: half as far again as the object's foot reaches."""
    return 0.5 * float(np.hypot(thing.size_m[0], thing.size_m[2])) * 1.25 + 0.04 * thing.size_m[1]


def table_points(chance: F8, radius: float) -> F8:
    """Return points (n, 3) of the table, evenly spread, for chances (n, 2)."""
    reach, turn = radius * np.sqrt(chance[:, 0]), 2 * np.pi * chance[:, 1]
    return np.stack([reach * np.cos(turn), np.zeros(len(chance)), reach * np.sin(turn)], axis=1)


def table_colour(points: F8, radius: float) -> F8:
    """Return the albedo (n, 3), sRGB 0 to 1."""
    away, turn = np.hypot(points[:, 0], points[:, 2]) / radius, np.arctan2(points[:, 2], points[:, 0])
    fleck = 0.10 * wave_noise(points, radius / 18, 11) + 0.06 * wave_noise(points, radius / 3, 12, 1)
    felt = _FELT * (1 + fleck)[:, None]
    number = np.floor((turn / (2 * np.pi) + 0.5) * _MARKS).astype(np.int64)
    # two rings of black and white fields that never repeat within sight: what software aligns pictures by
    is_black = np.where(away > 0.9, (number * 7 + number // 5) % 3 == 0, (number * 5 + number // 3) % 2 == 0)
    ring = np.where(is_black[:, None], _INK, _PAPER)
    return np.clip(np.where(((away > 0.83) & (away < 0.97))[:, None], ring, felt), 0, 1)
