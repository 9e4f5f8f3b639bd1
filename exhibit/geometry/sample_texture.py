"""Bilinear look-up in a picture, in linear light as graphics hardware does it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.model.arrays import F4, U1


def sample_texture(picture: U1, uv: F4, *, repeats: bool = False) -> F4:
    """Return the linear light (n, 3) float32 of an sRGB picture at `uv`.

    Parameters
    ----------
    picture : (h, w, 3) uint8 sRGB, row 0 on top.
    uv : (n, 2) float32, origin top left; finite.
    repeats : uv outside the square are those of the picture set side by side (as glTF's default sampler has it),
        instead of its edge drawn out. Inside the square the edge never mixes with the opposite one, which viewers do
        by mistake.
    """
    if repeats:
        uv = np.where((uv < 0) | (uv > 1), uv - np.floor(uv), uv)
    return _sample(linear_from_srgb, picture, uv)


def sample_values(picture: U1, uv: F4) -> F4:
    """Return the plain values (n, c) float32, 0 to 255, of a picture (h, w, c); it stands still past its edges."""
    return _sample(lambda values: values.astype(np.float32), picture, uv)


def _sample(decode: Callable[[U1], F4], picture: U1, uv: F4) -> F4:
    height, width = picture.shape[:2]
    x = uv[:, 0].astype(np.float64) * width - 0.5
    y = uv[:, 1].astype(np.float64) * height - 0.5
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    part_x, part_y = (x - column).astype(np.float32)[:, None], (y - row).astype(np.float32)[:, None]

    def at(dx: int, dy: int) -> F4:
        return decode(picture[np.clip(row + dy, 0, height - 1), np.clip(column + dx, 0, width - 1)])

    upper = at(0, 0) * (1 - part_x) + at(1, 0) * part_x
    lower = at(0, 1) * (1 - part_x) + at(1, 1) * part_x
    mixed: F4 = upper * (1 - part_y) + lower * part_y
    return mixed
