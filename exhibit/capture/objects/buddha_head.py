"""A stone head of the Buddha in the manner of the Northern Qi, broken off at the neck."""

from __future__ import annotations

import functools
import math

import numpy as np
from numba import njit

from exhibit.capture.modelled import Landmark, ModelledObject
from exhibit.capture.objects._buddha_ear import RIM, ear
from exhibit.capture.objects._buddha_face import EYE_X, bare_head, broken, lid_edges
from exhibit.capture.objects._buddha_forms import cut, egg, grain, join, ramp
from exhibit.capture.objects._buddha_hair import carve_curls, curls, lay_curls, near_lists
from exhibit.model.arrays import F8, I4, Bool

# from the size it is drawn in to its own
_SCALE = 1.025

# middle and radii of what was knocked off: rims of the ears, curls, edge of the break
_CHIPS = np.array(
    [[-95.0, 178.0, -34.0, 10.0, 14.0, 13.0], [52.0, 262.0, 49.0, 13.0, 11.0, 10.0],
     [-24.0, 300.0, 22.0, 10.0, 8.0, 11.0],
     [-78.0, 232.0, 36.0, 9.0, 10.0, 10.0], [93.0, 72.0, -20.0, 8.0, 9.0, 11.0], [20.0, 318.0, -42.0, 14.0, 7.0, 12.0],
     [3.5, 136.0, 123.0, 11.0, 9.0, 13.0],
     [50.0, 4.0, 52.0, 26.0, 19.0, 20.0], [-70.0, 2.0, 10.0, 16.0, 19.0, 26.0]]
)  # fmt: skip


@njit(cache=False)
def _chipped(f: float, x: float, y: float, z: float, chips: F8) -> float:
    for n in range(len(chips)):
        dx, dy, dz = x - chips[n, 0], y - chips[n, 1], z - chips[n, 2]
        if dx * dx + dy * dy + dz * dz < 900.0:
            gone = egg(dx, dy, dz, chips[n, 3], chips[n, 4], chips[n, 5])
            f = cut(f, gone + 1.5 * grain(x, y, z, 9.0, 21), 1.5)
    return f


@njit(cache=False)
def _form(x: float, y: float, z: float, rim: F8, carved: F8, near: I4) -> float:
    """Return the field whose zero is the surface; its slope is near 1 but for fine detail."""
    # no head is a mirror: it leans, and one eye sits lower
    x += 0.010 * (y - 170.0)
    y += 0.008 * x
    f = bare_head(x, y, z)
    f = join(f, ear(abs(x), y, z, rim), 5.0)
    if y > 90.0 and f < 30.0:
        f = join(f, curls(x, y, z, carved, near)[0], 1.2)
    # socket behind, for the tenon of a halo
    if z < -70.0 and abs(x) < 25.0 and 150.0 < y < 205.0:
        wide = max(abs(x) - 8.0, abs(y - 178.0) - 10.5)
        f = cut(f, max(wide, z + 90.0), 1.5)
    if -6.0 < f < 8.0:
        f = _chipped(f, x, y, z, _CHIPS)
        f += 0.24 * grain(x, y, z, 21.0, 11) + 0.08 * grain(x, y, z, 6.0, 12)
    if y < 40.0:
        f = max(f, -broken(x, y, z))
    return f


# kept on disk by the date of this file alone: touch it when a part of the head changes
@njit(cache=True)
def _distances(points: F8, rim: F8, carved: F8, near: I4) -> F8:
    found = np.empty(len(points))
    step = 0.25
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        around = egg(x, y - 158.0, z, 112.0, 178.0, 132.0)
        if around > 30.0:
            found[i] = around
            continue
        f = _form(x, y, z, rim, carved, near)
        # further off, and beside the nose, the field alone would promise too much
        is_beside_nose = abs(x) < 45.0 and 115.0 < y < 195.0 and z > 60.0
        least = 1.15 + (0.85 if is_beside_nose else 0.33) * ramp(abs(f), 0.3, 2.0)
        if abs(f) < 3.0:
            gx = _form(x + step, y, z, rim, carved, near) - f
            gy = _form(x, y + step, z, rim, carved, near) - f
            gz = _form(x, y, z + step, rim, carved, near) - f
            f /= min(max(math.sqrt(gx * gx + gy * gy + gz * gz) / step, least), 5.0)
        else:
            f /= least
        found[i] = f
    return found


@functools.cache
def _hair() -> tuple[F8, I4]:
    carved = carve_curls(*lay_curls())
    return carved, near_lists(carved[:, :3])


def _inner(points: F8) -> F8:
    """Return points in the millimetres that the forms are drawn in."""
    return np.ascontiguousarray(points) * (1000.0 / _SCALE)


def distance_to_head(points: F8) -> F8:
    """Return the distance (n,), metres."""
    return np.asarray(_distances(_inner(points), RIM, *_hair()) * (_SCALE / 1000.0))


@njit(cache=False)
def _fractal(x: float, y: float, z: float, size: float, seed: int) -> float:
    return (
        grain(x, y, z, size, seed)
        + 0.55 * grain(x, y, z, size * 0.47, seed + 1)
        + 0.3 * grain(x, y, z, size * 0.21, seed + 2)
    ) / 1.4


@njit(cache=True)
def _paint(points: F8, normals: F8, hollow: F8, hair: F8, bare: Bool) -> F8:
    """Return the albedo (n, 3): stone, what the earth left on it, and what is left of the paint."""
    found = np.empty((len(points), 3))
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        ax = abs(x + 0.010 * (y - 170.0))
        broad, fine, speck = _fractal(x, y, z, 60.0, 31), _fractal(x, y, z, 14.0, 41), grain(x, y, z, 1.6, 51)
        deep = hollow[i]
        # limestone: warm grey, a little veined
        vein = max(1.0 - abs(broad + 0.35 * fine) * 9.0, 0.0)
        r, g, b = 0.590 + 0.035 * broad, 0.569 + 0.030 * broad, 0.522 + 0.022 * broad
        r, g, b = r + 0.022 * fine + 0.016 * speck, g + 0.022 * fine + 0.016 * speck, b + 0.020 * fine + 0.015 * speck
        r, g, b = r + 0.04 * vein, g + 0.04 * vein, b + 0.035 * vein
        is_break = y < 24.0 and normals[i, 1] < -0.35
        face = z > 18.0 and 46.0 < y < 228.0 and hair[i] > 1.6
        if is_break:
            r, g, b = r + 0.05, g + 0.05, b + 0.05
        if face:
            # gold leaf over ochre, rubbed off where the face stands out
            kept = ramp(broad * 0.6 + fine + 0.25 * speck + 0.8 * deep - 0.05, 0.0, 0.5)
            ochre = 0.7 * kept
            r, g, b = r + ochre * (0.690 - r), g + ochre * (0.590 - g), b + ochre * (0.420 - b)
            leaf = ramp(fine + 0.5 * speck + 0.5 * broad, 0.62, 0.86)
            r, g, b = r + leaf * (0.72 - r), g + leaf * (0.60 - g), b + leaf * (0.37 - b)
            part = 109.8 + 2.3 * (ax / 20.5) ** 4
            taper = max(1.0 - (ax / 23.0) ** 2, 0.0)
            if taper > 0.0 and -9.8 * math.sqrt(taper) < y - part < 6.6 * taper + 1.5 and z > 70.0:
                red = 0.46 * ramp(0.8 * grain(x, y, z, 4.5, 71) + 0.2 * speck + 1.4 * deep + 0.75, 0.0, 1.0)
                r, g, b = r + red * (0.52 - r), g + red * (0.255 - g), b + red * (0.225 - b)
            # ink along the upper lid and on the ball under it
            upper, lower = lid_edges(ax - EYE_X)
            if abs(ax - EYE_X) < 18.5 and z > 55.0:
                height = y + 0.008 * x
                ink = ramp(height, lower - 0.2, lower + 2.2) * ramp(height, upper + 0.9, upper + 0.1)
                ink *= 0.72 * ramp(abs(ax - EYE_X), 18.5, 14.0) * (0.85 + 0.15 * fine)
                r, g, b = r + ink * (0.25 - r), g + ink * (0.22 - g), b + ink * (0.20 - b)
        elif hair[i] < 1.6 and bare[i]:
            # later blows laid the stone bare, and it has weathered since
            r, g, b = r + 0.02 + 0.03 * fine, g + 0.012 + 0.03 * fine, b + 0.03 * fine
        elif hair[i] < 1.6:
            # azurite and malachite hold between the curls and in the grooves
            kept = ramp(0.9 * deep + 0.55 * broad + 0.45 * fine + 0.2 * speck, 0.0, 0.62) * 0.68
            green = 0.5 + 0.5 * broad
            r, g, b = (
                r + kept * (0.275 - r),
                g + kept * (0.375 + 0.04 * green - g),
                b + kept * (0.425 - 0.05 * green - b),
            )
        # loess in the hollows, brown stains running from below
        soil = ramp(deep + 0.30 * fine, 0.30, 0.9) * (0.42 if hair[i] < 1.6 else 0.70)
        stain = (
            ramp(
                _fractal(x * 1.3, y * 0.7, z, 38.0, 61) + ramp(y, 120.0, 0.0) * 0.6 - 0.45 * ramp(z, 0.0, 50.0) + 0.1,
                0.32,
                0.75,
            )
            * 0.45
        )
        r, g, b = r + soil * (0.47 - r), g + soil * (0.375 - g), b + soil * (0.27 - b)
        r, g, b = r + stain * (0.50 - r), g + stain * (0.40 - g), b + stain * (0.285 - b)
        found[i, 0], found[i, 1], found[i, 2] = r, g, b
    return np.minimum(np.maximum(found, 0.0), 1.0)


@njit(cache=True)
def _curls_at(points: F8, carved: F8, near: I4) -> tuple[F8, Bool]:
    found, bare = np.empty(len(points)), np.empty(len(points), np.bool_)
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        x += 0.010 * (y - 170.0)
        y += 0.008 * x
        found[i], bare[i] = curls(x, y, z, carved, near)
    return found, bare


def colour_of_head(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    hollow = np.zeros(len(points))
    for reach in (0.0015, 0.005):
        hollow += 0.5 * np.clip(1.0 - 1.3 * distance_to_head(points + reach * normals) / reach, 0.0, 1.0)
    hollow = np.clip((hollow - 0.1) * 1.6, 0.0, 1.0)
    inner = _inner(points)
    return _paint(inner, np.ascontiguousarray(normals), hollow, *_curls_at(inner, *_hair()))


OBJECT = ModelledObject(
    "buddha_head",
    "head of a Buddha with snail-shell curls, limestone with traces of paint",
    (0.192, 0.320, 0.234),
    distance_to_head,
    colour_of_head,
    {
        "curls": Landmark((0.0183, 0.2648, 0.0591), (0.058, 0.475, 0.878)),
        "urna": Landmark((-0.0003, 0.2009, 0.0867), (0.0, 0.33, 0.944)),
        "smile": Landmark((0.0, 0.1095, 0.1025), (-0.029, 0.484, 0.875)),
        "ear": Landmark((0.0927, 0.106, -0.024), (0.827, -0.249, 0.504)),
    },
)
