"""A saddled horse of the Tang dynasty, earthenware under three lead glazes, standing on a slab of bare clay.

Modelled after no single piece. Usual for its kind are the small head turned to its left, the arched neck, the long mane
combed to the near side, the bound tail, the saddle under a gathered cover, and straps hung with apricot leaves
(M. Medley, "T'ang Pottery and Porcelain", 1981).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.modelled import Landmark, ModelledObject
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._horse_field import layers_of_horse
from exhibit.capture.objects._horse_form import EYES
from exhibit.capture.objects._horse_glaze import paint_horse
from exhibit.model.arrays import F8

_CM: Final = 0.01
_MIDDLE_X: Final = 0.1
"""Where the middle of its footprint lies in the drawing, centimetres."""


def _drawing(points: F8) -> F8:
    return np.asarray(points / _CM + (_MIDDLE_X, 0.0, 0.0))


def distance_to_horse(points: F8) -> F8:
    """Return the signed distance (n,), metres, of points (n, 3), metres."""
    return np.asarray(layers_of_horse(_drawing(points)).min(axis=1) * _CM)


def colour_of_horse(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB, of points (n, 3), metres, with unit normals (n, 3)."""
    return paint_horse(_drawing(points), normals)


def _landmark(x: float, y: float, z: float) -> Landmark:
    """Return the place on the surface below a point near it, all centimetres of the drawing."""
    return landmark_near(distance_to_horse, ((x - _MIDDLE_X) * _CM, y * _CM, z * _CM), 2e-4)


OBJECT = ModelledObject(
    "sancai_horse",
    "saddled horse, sancai-glazed earthenware, Tang dynasty",
    (0.494, 0.564, 0.2),
    distance_to_horse,
    colour_of_horse,
    {
        "head": _landmark(EYES[0, 0] - 0.3, EYES[0, 1] + 0.1, EYES[0, 2] + 1.2),
        "saddle": _landmark(1.2, 35.0, 9.5),
        "glaze": _landmark(-15.8, 37.5, 8.0),
        "hoof": _landmark(-13.9, 3.0, 7.0),
    },
)
