"""Bilinear look-up in a picture, in linear light as graphics hardware does it."""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.model.arrays import F4, U1

_LIGHT = linear_from_srgb(np.arange(256, dtype=np.uint8))
_PLAIN = np.arange(256, dtype=np.float32)


def sample_texture(picture: U1, uv: F4, *, repeats: bool = False) -> F4:
    """Return the linear light (n, 3) float32 of an sRGB picture at `uv`.

    Parameters
    ----------
    picture : (h, w, 3) uint8 sRGB, row 0 on top.
    uv : (n, 2) float32, origin top left; what is not finite reads the first texel.
    repeats : uv outside the square are those of the picture set side by side (as glTF's default sampler has it),
        instead of its edge drawn out. Inside the square the edge never mixes with the opposite one, which viewers do
        by mistake.
    """
    if repeats:
        uv = np.where((uv < 0) | (uv > 1), uv - np.floor(uv), uv)
    return _sample(picture, uv, _LIGHT)


def sample_values(picture: U1, uv: F4) -> F4:
    """Return the plain values (n, c) float32, 0 to 255, of a picture (h, w, c); it stands still past its edges."""
    return _sample(picture, uv, _PLAIN)


def _sample(picture: U1, uv: F4, meaning: F4) -> F4:
    mixed = np.empty((len(uv), picture.shape[2]), np.float32)
    _mix(picture, np.ascontiguousarray(uv, np.float32), meaning, mixed)
    return mixed


@nb.njit(parallel=True, cache=True)
def _mix(picture, uv, meaning, mixed):  # type: ignore[no-untyped-def]  # numba infers
    height, width, n_channels = picture.shape
    for i in nb.prange(len(uv)):
        x = min(max(np.float64(uv[i, 0]) * width - 0.5, 0.0), width - 1.0)
        y = min(max(np.float64(uv[i, 1]) * height - 0.5, 0.0), height - 1.0)
        # false for NaN, which would become an index anywhere
        if not (x >= 0 and y >= 0):
            x = 0.0
            y = 0.0
        left = int(x)
        top = int(y)
        right = min(left + 1, width - 1)
        bottom = min(top + 1, height - 1)
        part_x = np.float32(x - left)
        part_y = np.float32(y - top)
        for c in range(n_channels):
            upper = meaning[picture[top, left, c]] * (1 - part_x) + meaning[picture[top, right, c]] * part_x
            lower = meaning[picture[bottom, left, c]] * (1 - part_x) + meaning[picture[bottom, right, c]] * part_x
            mixed[i, c] = upper * (1 - part_y) + lower * part_y
