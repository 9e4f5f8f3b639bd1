"""Plain forms of one point at a time, compiled: what the stone head is put together from. Millimetres."""

from __future__ import annotations

import math

from numba import njit


@njit(cache=False)
def egg(x: float, y: float, z: float, rx: float, ry: float, rz: float) -> float:
    """Return a bound of the distance to an ellipsoid about 0; exact on its surface."""
    a, b, c = x / rx, y / ry, z / rz
    scaled = math.sqrt(a * a + b * b + c * c)
    slope = math.sqrt(a * a / (rx * rx) + b * b / (ry * ry) + c * c / (rz * rz))
    if slope < 1e-9:
        return -min(rx, ry, rz)
    return scaled * (scaled - 1.0) / slope


@njit(cache=False)
def rod(
    x: float, y: float, z: float, ax: float, ay: float, az: float, bx: float, by: float, bz: float, ra: float, rb: float
) -> float:
    """Return a close bound of the distance to a rod from a to b, its radius going from `ra` to `rb`."""
    ex, ey, ez = bx - ax, by - ay, bz - az
    px, py, pz = x - ax, y - ay, z - az
    along = (px * ex + py * ey + pz * ez) / (ex * ex + ey * ey + ez * ez)
    along = min(max(along, 0.0), 1.0)
    px, py, pz = px - along * ex, py - along * ey, pz - along * ez
    return math.sqrt(px * px + py * py + pz * pz) - ra - (rb - ra) * along


@njit(cache=False)
def join(a: float, b: float, width: float) -> float:
    """Return the union of two forms, its inner corner filled over about `width`."""
    near = max(width - abs(a - b), 0.0) / width
    return min(a, b) - near * near * width * 0.25


@njit(cache=False)
def cut(a: float, b: float, width: float) -> float:
    """Return `a` without `b`, its edge rounded over about `width`."""
    return -join(-a, b, width)


@njit(cache=False)
def ramp(value: float, start: float, end: float) -> float:
    """Return 0 before `start`, 1 past `end` and an S between them; `end` may lie below `start`."""
    t = min(max((value - start) / (end - start), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@njit(cache=False)
def bell(value: float, width: float) -> float:
    """Return 1 at 0, falling as a bell of that standard deviation."""
    t = value / width
    if t * t > 24.0:
        return 0.0
    return math.exp(-0.5 * t * t)


@njit(cache=False)
def _lattice(i: int, j: int, k: int, seed: int) -> float:
    h = (i * 374761393 + j * 668265263 + k * 2147483647 + seed * 1274126177) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1103515245) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 2246822519) & 0xFFFFFFFF
    return ((h ^ (h >> 15)) & 0xFFFFFF) / 8388607.5 - 1.0


@njit(cache=False)
def grain(x: float, y: float, z: float, size: float, seed: int) -> float:
    """Return smooth value noise, -1 to 1, its features about `size` wide."""
    x, y, z = x / size, y / size, z / size
    i, j, k = math.floor(x), math.floor(y), math.floor(z)
    u, v, w = x - i, y - j, z - k
    u, v, w = u * u * (3 - 2 * u), v * v * (3 - 2 * v), w * w * (3 - 2 * w)
    i, j, k = int(i), int(j), int(k)
    total = 0.0
    for a in range(2):
        wa = u if a else 1 - u
        for b in range(2):
            wb = wa * (v if b else 1 - v)
            total += wb * (1 - w) * _lattice(i + a, j + b, k, seed) + wb * w * _lattice(i + a, j + b, k + 1, seed)
    return total
