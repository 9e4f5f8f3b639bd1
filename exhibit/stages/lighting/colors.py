"""Colours as a style writes them, as light."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.model.arrays import F4


def linear_of(color: str) -> F4:
    """Return the linear light (3,) float32 of an sRGB colour ``#rrggbb``."""
    return linear_from_srgb(np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], np.uint8))
