"""Stuffs that a floor is made of, drawn once as a tile that repeats; grey, to be tinted by the floor's colour."""

from __future__ import annotations

import functools
import io
from typing import Final

import numpy as np

from exhibit.model.arrays import F4, U1

TILE_PX: Final = 1024
TILE_M: Final = {"boards": 3.2, "stone": 3.6}
_SEED: Final = 7


@functools.cache
def pattern_tile(name: str) -> bytes:
    """Return a tile (WebP) of `name`, sRGB, its mean near white so that it only shades."""
    from PIL import Image

    drawn = {"boards": _boards, "stone": _stone}[name]()
    picture: U1 = np.clip(drawn * 255 + 0.5, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "WEBP", quality=80, method=4)
    return stream.getvalue()


def _boards() -> F4:
    random = np.random.default_rng(_SEED)
    size, n_rows = TILE_PX, 16
    broad = size // n_rows
    tile = np.zeros((size, size, 3), np.float32)
    x = np.arange(size)
    for row in range(n_rows):
        cuts = np.sort((random.uniform(0, size) + np.array([0, 0.36, 0.71]) * size + random.uniform(-60, 60, 3)) % size)
        board = np.searchsorted(cuts, x) % 3
        tone = random.uniform(0.88, 1.0, 3)[board]
        warm = random.uniform(-0.018, 0.018, 3)[board]
        rows = slice(row * broad, (row + 1) * broad)
        grain = _grain(random, broad, size)
        shade = tone[None] * (0.9 + 0.1 * grain)
        joint = np.ones((broad, size), np.float32)
        joint[0] = 0.55
        joint[1] = 0.8
        for cut in cuts:
            joint[:, int(cut) % size] = 0.62
        shade = shade * joint
        tile[rows] = shade[:, :, None] * np.stack([1 + warm, np.ones(size), 1 - 1.6 * warm], axis=1)[None]
    return tile


def _grain(random: np.random.Generator, tall: int, across: int) -> F4:
    """Return wood grain (tall, across), 0 to 1, that closes on itself along the board."""
    from scipy.ndimage import gaussian_filter

    fine = gaussian_filter(random.standard_normal((tall, across)), (0.7, 28), mode=("nearest", "wrap"))
    broad = gaussian_filter(random.standard_normal((tall, across)), (5, 90), mode=("nearest", "wrap"))
    mixed = fine / fine.std() + 1.2 * broad / broad.std()
    grain: F4 = (0.5 + 0.22 * np.clip(mixed, -2.2, 2.2)).astype(np.float32)
    return grain


def _stone() -> F4:
    from scipy.ndimage import gaussian_filter

    random = np.random.default_rng(_SEED)
    size = TILE_PX
    tile = np.ones((size, size), np.float32)
    for width, share in ((90, 0.05), (22, 0.035), (4, 0.02), (0.8, 0.02)):
        cloud = gaussian_filter(random.standard_normal((size, size)), width, mode="wrap")
        tile += np.float32(share) * (cloud / cloud.std()).astype(np.float32)
    half = size // 2
    for y in range(2):
        for x in range(2):
            tile[y * half : (y + 1) * half, x * half : (x + 1) * half] *= np.float32(random.uniform(0.94, 1.02))
    tile[::half] *= np.float32(0.62)
    tile[:, ::half] *= np.float32(0.62)
    return np.repeat(np.clip(tile * 0.92, 0, 1)[:, :, None], 3, axis=2)
