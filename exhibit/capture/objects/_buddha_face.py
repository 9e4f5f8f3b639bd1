"""Skull, face and neck of the stone head: egg forms run together, then brows, eyes, nose and mouth cut into them.

Millimetres; y up from the break, the face towards +z, x to the head's left (the right of who looks at it).
"""

from __future__ import annotations

import math

from numba import njit

from exhibit.capture.objects._buddha_forms import bell, cut, egg, grain, join, ramp

EYE_X = 34.0
EYE_Y = 164.0


@njit(cache=False)
def scalp(x: float, y: float, z: float) -> float:
    """Return the distance to the cranium and the low broad ushnisha, without curls."""
    dome = join(egg(x, y - 198, z + 14, 81, 78, 92), egg(x, y - 225, z + 16, 75, 56, 82), 14)
    return join(dome, egg(x, y - 269, z + 22, 46, 35, 47), 9)


@njit(cache=False)
def brow_line(ax: float) -> float:
    """Return the height of the brow's edge over |x|: one long bow from the bridge of the nose to the temple."""
    t = (ax - 41.0) / 35.0
    return 194.0 - 17.0 * t * t - 1.5 * t * t * t


@njit(cache=False)
def _mouth_line(ax: float) -> float:
    """Return the height of the parting of the lips: a bow, its ends drawn up into the smile."""
    t = ax / 20.5
    return 109.8 - 0.7 * bell(ax, 4.5) + 0.6 * bell(ax - 9.0, 5.0) + 2.3 * t * t * t * t


@njit(cache=False)
def _planes(ax: float, y: float, z: float) -> float:
    """Return the large planes: face, jaw, cheeks, chin."""
    face = egg(ax, y - 154, z - 6, 76, 97, 82)
    jaw = egg(ax, y - 104, z - 26, 61, 48, 52)
    face = join(face, jaw, 30)
    cheek = egg(ax - 37, y - 127, z - 47, 32, 40, 35)
    face = join(face, cheek, 24)
    muzzle = egg(ax, y - 112, z - 58, 34, 27, 34)
    face = join(face, muzzle, 20)
    chin = egg(ax, y - 79, z - 60, 23, 19, 26)
    face = join(face, chin, 28)
    under = egg(ax, y - 70, z - 18, 49, 19, 44)
    return join(face, under, 26)


@njit(cache=False)
def _neck(x: float, y: float, z: float) -> float:
    """Return the neck with its three folds, drawn through to below the break."""
    zc = z + 12.0 - 0.10 * (y - 30.0)
    r = math.sqrt(x * x + zc * zc * 0.92)
    flare = 57.0 + 5.0 * ramp(y, 24.0, -12.0)
    # three folds, lower in front, as a garland hangs; they die away behind
    sag = y + 0.16 * zc
    folds = 0.0
    for n in range(3):
        d = sag - 12.0 - 14.5 * n
        folds += 2.2 * bell(d, 1.7) - 1.0 * bell(d - 6.5, 4.0)
    column = r - flare + folds * ramp(zc, -50.0, 0.0)
    return -join(-column, 105.0 - y, 20.0)


@njit(cache=False)
def _relief(ax: float, y: float) -> float:
    """Return how far brows, sockets, bridge, lips and chin stand out from the planes towards the front."""
    h = 0.0
    # the socket falls away sharply under the brow and runs out into the cheek
    below = brow_line(ax) - y
    side = 5.0 + 12.0 * ramp(y, 180.0, 130.0)
    beside = ax - side
    if -14.0 < below < 75.0:
        deep = 8.5 - 5.0 * ramp(ax, 16.0, 66.0)
        deep *= ramp(ax, 80.0, 66.0)
        if below > 0.0:
            edge = 1.0 - math.exp(-below / 3.6)
            inner = ramp(beside, -0.5, 7.0)
            h -= deep * edge * inner * ramp(y, 122.0, 166.0)
        h += 1.3 * bell(below + 1.5, 3.0) * ramp(ax, 78.0, 62.0) * ramp(ax, 1.0, 12.0)
    # nose: flat narrow back, straight sides
    if ax < 26.0 and 118.0 < y < 196.0:
        fall = min(max((190.0 - y) / 54.0, 0.0), 1.0)
        tall = 2.0 * ramp(y, 194.0, 178.0) + 17.0 * fall * (0.75 + 0.25 * fall)
        tall *= ramp(y, 123.0, 147.0)
        back = 2.6 + 4.6 * ramp(y, 166.0, 184.0) + 1.2 * ramp(y, 160.0, 138.0)
        foot = 10.0 + 6.5 * ramp(y, 174.0, 136.0) + 4.0 * ramp(y, 168.0, 186.0)
        t = min(max((ax - back) / (foot - back), 0.0), 1.0)
        h += tall * (1.0 - t) * (1.0 - t) * (1.0 + 1.6 * t)
    # mouth: two swellings with sharp outer edges, parted by a groove that sinks into the corners
    if ax < 40.0 and 74.0 < y < 136.0:
        part = _mouth_line(ax)
        taper = max(1.0 - (ax / 23.0) ** 2, 0.0)
        v = y - part
        if taper > 0.0:
            wide = math.sqrt(taper)
            top = 7.4 * taper + 1.5 * bell(ax - 6.5, 4.0) + 0.3
            low = 9.8 * wide * (1.0 - 0.18 * taper * bell(ax, 3.0)) + 0.3
            if 0.0 <= v < top:
                u = v / top
                h += wide * (1.3 + 3.0 * (1.0 - u)) * math.sqrt(1.0 - u * u * u)
            elif -low < v < 0.0:
                u = -v / low
                h += wide * (1.6 + 4.2 * math.sin(math.pi * (0.22 + 0.68 * u))) * math.sqrt(1.0 - u * u * u)
        h -= 2.9 * bell(v, 1.25) * ramp(ax, 26.0, 19.0) * (0.75 + 0.25 * taper)
        h -= 3.4 * bell(ax - 23.2, 3.6) * bell(y - _mouth_line(22.5), 3.2)
        # philtrum between two soft edges
        length = ramp(y, 116.0, 120.0) * ramp(y, 129.0, 124.0)
        h += length * (0.9 * bell(ax - 5.4, 1.8) - 1.9 * bell(ax, 2.7))
        # under the lower lip
        h -= 2.6 * bell(ax, 13.0) * bell(y - 94.5, 4.2)
    h -= 0.9 * bell(ax, 3.6) * bell(y - 75.0, 4.5)
    # urna
    r2 = ax * ax + (y - 196.0) ** 2
    if r2 < 90.0:
        h += 3.4 * math.sqrt(max(1.0 - r2 / 60.0, 0.0))
    return h


@njit(cache=False)
def lid_edges(dx: float) -> tuple[float, float]:
    """Return the heights of the upper and the lower lid's edge, `dx` outward from the middle of the eye."""
    slant = 0.06 * dx
    upper = EYE_Y - 2.6 + slant - 0.0085 * dx * dx + 0.8 * bell(dx + 17.0, 5.0)
    lower = EYE_Y - 7.0 + slant + 0.0045 * dx * dx
    return upper, lower


@njit(cache=False)
def _eye(ax: float, y: float, z: float) -> float:
    """Return the eyeball under its two lids, almost shut."""
    dx = ax - EYE_X
    ball = egg(dx, y - EYE_Y - 1.0, z - 61.0 + 0.12 * dx, 23.0, 17.5, 19.0)
    upper, lower = lid_edges(dx)
    corner = ramp(abs(dx), 15.0, 20.0)
    over = ramp(y, upper - 0.8, upper + 0.6)
    under = max(ramp(y, lower + 0.9, lower - 1.1), corner) * (1.0 - over)
    thick = 2.7 * over * (1.0 - 0.35 * ramp(y, upper + 2.0, upper + 14.0)) * (1.0 - 0.35 * corner) + 1.5 * under
    crease = y - upper - 8.6 + 0.010 * dx * dx
    thick -= 0.9 * bell(crease, 1.0) * ramp(abs(dx), 24.0, 16.0)
    return ball - thick


@njit(cache=False)
def _nose_end(ax: float, y: float, z: float) -> float:
    """Return tip and wings."""
    tip = egg(ax, y - 137.5, z - 98.0, 9.4, 9.2, 13.0)
    wing = egg(ax - 11.2, y - 133.6, z - 91.0, 8.2, 7.2, 12.0)
    return join(tip, wing, 8.0)


@njit(cache=False)
def bare_head(x: float, y: float, z: float) -> float:
    """Return the head without hair and ears, not yet a true distance near fine detail."""
    ax = abs(x)
    f = 1e3
    if y < 250.0:
        f = _planes(ax, y, z)
    if z > 20.0 and f < 40.0:
        f -= _relief(ax, y) * ramp(z, 22.0, 46.0)
        if ax < 70.0 and 130.0 < y < 200.0:
            f = join(f, _eye(ax, y, z), 3.6)
        if ax < 34.0 and 112.0 < y < 152.0:
            f = join(f, _nose_end(ax, y, z), 5.0)
            f = cut(f, egg(ax - 7.0, y - 126.5, z - 98.0, 3.4, 2.8, 5.5), 2.5)
    if y > 80.0:
        f = join(f, scalp(x, y, z), 12.0)
    if y < 160.0:
        f = join(f, _neck(x, y, z), 24.0)
    return f


@njit(cache=False)
def broken(x: float, y: float, z: float) -> float:
    """Return the height over the rough break through the neck."""
    b = 9.0 + 0.07 * x - 0.05 * z + 7.0 * grain(x, 0.0, z, 34.0, 3) + 3.0 * grain(x, 5.0, z, 11.0, 4)
    b += 1.2 * grain(x, 9.0, z, 4.5, 5)
    return y - max(b, 0.0)
