"""The long ears of the stone head: a plate with a rolled rim, an inner fold, a shell and a slit lobe. Millimetres."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from exhibit.capture.objects._buddha_forms import bell, cut, egg, join, rod
from exhibit.model.arrays import F8

# forward and up, seen from the side; from the root of the rim over the top and down to the tip of the lobe
_KNOTS = np.array(
    [[6.0, 148.0], [12.0, 162.0], [15.0, 177.0], [10.0, 189.0], [-2.0, 194.5], [-14.0, 191.0], [-22.0, 181.0],
     [-24.5, 166.0], [-22.0, 148.0], [-19.0, 130.0], [-17.0, 112.0], [-17.0, 95.0], [-13.5, 79.0], [-3.5, 71.0],
     [6.0, 77.0], [9.0, 92.0], [8.0, 106.0], [9.0, 120.0], [8.0, 134.0]]
)  # fmt: skip


def _rounded(knots: F8, n_between: int) -> F8:
    """Return a closed Catmull-Rom curve through the knots (n, 2)."""
    before, after, last = np.roll(knots, 1, 0), np.roll(knots, -1, 0), np.roll(knots, -2, 0)
    pieces = [
        0.5 * (2 * knots + (after - before) * t + (2 * before - 5 * knots + 4 * after - last) * t * t
               + (3 * knots - before - 3 * after + last) * t**3)
        for t in np.arange(n_between) / n_between
    ]  # fmt: skip
    return np.stack(pieces, axis=1).reshape(-1, 2)


RIM = _rounded(_KNOTS, 5)


@njit(cache=False)
def ear(ax: float, y: float, z: float, rim: F8) -> float:
    """Return the distance to an ear; |x| serves both sides."""
    # stands off towards the back
    u, w = z + 10.0, ax - 78.0
    u, w = 0.95 * u - 0.31 * w, 0.95 * w + 0.31 * u
    far = max(abs(y - 134.0) - 66.0, abs(u + 4.0) - 28.0, abs(w) - 30.0)
    if far > 16.0:
        return far
    # plate
    inside = False
    nearest = 1e9
    n = len(rim)
    for i in range(n):
        j = i - 1 if i > 0 else n - 1
        au, av, bu, bv = rim[i, 0], rim[i, 1], rim[j, 0], rim[j, 1]
        if (av > y) != (bv > y) and u < (bu - au) * (y - av) / (bv - av) + au:
            inside = not inside
        eu, ev = bu - au, bv - av
        t = min(max(((u - au) * eu + (y - av) * ev) / (eu * eu + ev * ev), 0.0), 1.0)
        nearest = min(nearest, math.hypot(u - au - t * eu, y - av - t * ev))
    plane = -nearest if inside else nearest
    f = -join(-plane, -max(w - 1.0, -w - 8.0), 3.0)
    # rolled rim, open in front of the shell
    roll = math.hypot(nearest, w - 2.0) - 5.0 + 2.2 * bell(u - 11.0, 5.0) * bell(y - 122.0, 9.0)
    f = join(f, roll, 3.0)
    # inner fold, shell, tragus
    fold = rod(u, y, w, 2.0, 181.0, 0.5, -10.0, 162.0, 1.0, 4.0, 5.2)
    fold = join(fold, rod(u, y, w, 7.0, 172.0, 0.0, -10.0, 162.0, 1.0, 3.0, 5.0), 4.0)
    fold = join(fold, rod(u, y, w, -10.0, 162.0, 1.0, -11.0, 142.0, 1.0, 5.2, 4.6), 4.0)
    fold = join(fold, rod(u, y, w, -11.0, 142.0, 1.0, -4.0, 122.0, 1.0, 4.6, 4.2), 4.0)
    f = join(f, fold, 4.0)
    f = cut(f, egg(u - 2.5, y - 144.0, w - 3.0, 7.0, 15.0, 9.0), 4.0)
    f = join(f, egg(u - 9.5, y - 132.0, w - 0.5, 4.0, 7.0, 4.5), 3.0)
    # slit of the lobe
    return cut(f, rod(u, y, w * 0.4, -3.7, 85.0, 0.5, -4.2, 108.0, 0.5, 5.0, 4.0), 2.5)
