"""Colour: sRGB bytes, linear light, CIE Lab, and the difference that an eye would see.

sRGB: IEC 61966-2-1. Lab and the colour difference of 1976: CIE 15, white point D65.
"""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, F8, U1


def _decode(encoded: F8) -> F8:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


_LINEAR_OF_BYTE: F4 = _decode(np.arange(256) / 255.0).astype(np.float32)
_XYZ_OF_RGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_LUMINANCE = np.array([0.2126729, 0.7151522, 0.0721750], np.float32)


def linear_from_srgb(srgb: U1) -> F4:
    """Return linear light (0 to 1, float32) of sRGB bytes of any shape."""
    return _LINEAR_OF_BYTE[srgb]


def srgb_from_linear(linear: F4) -> U1:
    """Return sRGB bytes of linear light; what lies outside 0 to 1 is clipped, what is not a number becomes 0."""
    clipped = np.clip(np.nan_to_num(linear, nan=0.0), 0.0, 1.0).astype(np.float32)
    encoded = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** np.float32(1 / 2.4) - 0.055)
    return (encoded * 255 + 0.5).astype(np.uint8)


def luminance(linear: F4) -> F4:
    """Return the relative luminance (...) of linear light (..., 3)."""
    brightness: F4 = linear @ _LUMINANCE
    return brightness


def lab_from_srgb(srgb: U1) -> F8:
    """Return CIE Lab (..., 3) of sRGB bytes (..., 3)."""
    xyz = linear_from_srgb(srgb).astype(np.float64) @ _XYZ_OF_RGB.T / _XYZ_OF_RGB.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    lab: F8 = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)
    return lab


def delta_e(first: U1, second: U1) -> F8:
    """Return the CIE 1976 colour difference (...) of sRGB bytes (..., 3); about 2 is just noticeable side by side."""
    difference: F8 = np.linalg.norm(lab_from_srgb(first) - lab_from_srgb(second), axis=-1)
    return difference
