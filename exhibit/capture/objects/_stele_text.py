"""The words cut into the stele: drawings of distance, shipped beside the objects, sampled on its face."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from scipy.ndimage import map_coordinates

from exhibit.model.arrays import F4, F8

_DRAWINGS: Final = Path(__file__).parent / "drawings"
PIXEL_MM: Final = 1.5
_LEVELS_PER_MM: Final = 12.0


@lru_cache(maxsize=2)
def _drawing(name: str) -> F4:
    """Return how deep inside a stroke each pixel lies (height, width), millimetres, negative between strokes."""
    with Image.open(_DRAWINGS / f"{name}.png") as picture:
        return np.asarray((np.asarray(picture, np.float32) - 128) / _LEVELS_PER_MM, np.float32)


def size_of(name: str) -> tuple[float, float]:
    """Return width and height of a drawing, metres."""
    height, width = _drawing(name).shape
    return width * PIXEL_MM / 1000, height * PIXEL_MM / 1000


def inside_stroke(name: str, u: F8, v: F8) -> F8:
    """Return how far (n,) inside a stroke places lie, metres, negative between strokes.

    Parameters
    ----------
    name : of the drawing.
    u, v : to the right of and above its middle, metres (n,).
    """
    drawing = _drawing(name)
    height, width = drawing.shape
    cells = np.vstack([height / 2 - v * 1000 / PIXEL_MM - 0.5, u * 1000 / PIXEL_MM + width / 2 - 0.5])
    return np.asarray(map_coordinates(drawing, cells, order=1, mode="constant", cval=-4.0) / 1000, np.float64)
