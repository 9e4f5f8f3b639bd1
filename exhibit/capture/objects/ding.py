"""A round bronze ding: stands in here until the real one is modelled."""

from __future__ import annotations

import numpy as np

from exhibit.capture.modelled import ModelledObject
from exhibit.geometry.sample_vessel import _paint, distance_to_vessel
from exhibit.model.arrays import F8


def _vessel(points: F8) -> F8:
    return np.column_stack([points[:, 0], -points[:, 2], points[:, 1]]) * 1000


def distance_to_ding(points: F8) -> F8:
    """Return the distance (n,), metres."""
    return distance_to_vessel(_vessel(points)) / 1000


def colour_of_ding(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    return _paint(_vessel(points), normals) / 255.0


OBJECT = ModelledObject("ding", "round ding, bronze", (0.2, 0.246, 0.2), distance_to_ding, colour_of_ding)
