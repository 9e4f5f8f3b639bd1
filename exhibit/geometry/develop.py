"""From light to a photograph: exposure, highlights, backdrop, encoding."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb, luminance, srgb_from_linear
from exhibit.geometry.hemisphere import scramble
from exhibit.model.arrays import F4, U1

_MIDDLE_GREY = 0.20
_BRIGHTEST = 0.95
_LEAST_GAIN, _MOST_GAIN = 0.5, 6.0
_KNEE = 0.7
_ADAPTS = 0.65
"""How far the eye follows: 1 would make bronze as pale as porcelain, 0 would leave it in the dark."""


def expose(light: F4, cover: F4) -> F4:
    """Return the light (h, w, 3) of an object, brought to where an eye can read it, 0 to 1.

    The object's mean (of logarithms, as eyes adapt: Reinhard et al. 2002) comes nearer to middle grey unless its
    brightest parts would burn out; what is still bright is bent toward white instead of cut off.

    Parameters
    ----------
    light : (h, w, 3) float32, linear, not yet divided by `cover`.
    cover : (h, w) float32, share of each pixel that the object fills.
    """
    visible = luminance(light)[cover > 0.99]
    gain = 1.0
    if len(visible):
        typical = float(np.exp(np.log(np.maximum(visible, 1e-4)).mean()))
        brightest = max(float(np.quantile(visible, 0.985)), 1e-4)
        gain = min(max(min((_MIDDLE_GREY / typical) ** _ADAPTS, _BRIGHTEST / brightest), _LEAST_GAIN), _MOST_GAIN)
    own = light / np.maximum(cover, np.float32(1e-6))[:, :, None] * np.float32(gain)
    over = np.maximum(own - np.float32(_KNEE), 0)
    room = np.float32(1 - _KNEE)
    exposed: F4 = np.where(over > 0, np.float32(_KNEE) + room * (1 - np.exp(-over / room)), own)
    return exposed


def develop(own: F4, cover: F4, shadow: F4, background: tuple[int, int, int] | None) -> U1:
    """Put the exposed object and its shadow on a backdrop.

    Parameters
    ----------
    own : (h, w, 3) float32, linear, 0 to 1. cover, shadow : (h, w) float32, 0 to 1.
    background : sRGB bytes, or None for a transparent picture.

    Returns
    -------
    (h, w, 4) uint8 sRGB, straight alpha.
    """
    dark = shadow * (1 - cover)
    alpha = cover + dark
    picture = np.empty((*cover.shape, 4), np.uint8)
    if background is None:
        straight = own * (cover / np.maximum(alpha, np.float32(1e-6)))[:, :, None]
        picture[:, :, :3] = srgb_from_linear(straight.astype(np.float32))
        picture[:, :, 3] = np.clip(alpha * 255 + 0.5, 0, 255)
        return picture
    behind = _backdrop(background, cover.shape) * (1 - alpha)[:, :, None]
    picture[:, :, :3] = srgb_from_linear((own * cover[:, :, None] + behind).astype(np.float32))
    picture[:, :, 3] = 255
    return picture


def _backdrop(background: tuple[int, int, int], shape: tuple[int, ...]) -> F4:
    """Return the backdrop (h, w, 3), linear: brighter behind the object, as a lamp on the wall makes it."""
    color = linear_from_srgb(np.array(background, np.uint8))
    y, x = np.indices(shape, dtype=np.float32)
    away = np.hypot((x / shape[1] - 0.5) * 1.1, y / shape[0] - 0.42)
    glow = 1.25 - 0.75 * np.clip(away / 0.75, 0, 1) ** 1.5
    # a little grain: eight bits would show the glow as rings
    grain = 1 + 0.03 * (scramble(glow.size)[:, 0].reshape(shape) - 0.5)
    backdrop: F4 = (color * (glow * grain)[:, :, None]).astype(np.float32)
    return backdrop
