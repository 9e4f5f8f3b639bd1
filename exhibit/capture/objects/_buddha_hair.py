"""Snail-shell curls of the stone head: where they sit, and the distance to the nearest. Millimetres."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from exhibit.capture.chance import uniform
from exhibit.capture.objects._buddha_face import scalp
from exhibit.capture.objects._buddha_forms import grain
from exhibit.model.arrays import F8, I4

PITCH = 16.6
RADIUS = 9.0
HEIGHT = 7.6
CELL = 9.0
LOW = np.array([-108.0, 60.0, -132.0])
SHAPE = (24, 31, 27)
_AXIS_Z = -16.0
_N_NEAR = 4


# kept on disk by the date of this file alone: touch it when the scalp changes
@njit(cache=True)
def _scalp_of(points: F8) -> F8:
    found = np.empty(len(points))
    for i in range(len(points)):
        found[i] = scalp(points[i, 0], points[i, 1], points[i, 2])
    return found


def _on_scalp(points: F8) -> tuple[F8, F8]:
    """Return points drawn onto the scalp and the normals there."""
    points = points.copy()
    for _ in range(12):
        grad = np.stack([_scalp_of(points + s) - _scalp_of(points - s) for s in 0.2 * np.eye(3)], axis=1) / 0.4
        grad /= np.linalg.norm(grad, axis=1, keepdims=True)
        points -= _scalp_of(points)[:, None] * grad
    return points, grad


def hairline(turn: F8) -> F8:
    """Return the height where the hair begins, over the angle (0 in front, pi behind)."""
    turn = np.abs(turn)
    return 224.0 - 22.0 * np.clip((turn - 0.5) / 0.9, 0, 1) ** 2 * (3 - 2 * np.clip((turn - 0.5) / 0.9, 0, 1))


def lay_curls() -> tuple[F8, F8]:
    """Return positions (n, 3) on the scalp and normals (n, 3): staggered rows from the hairline up to the crown."""
    turns = np.linspace(-np.pi, np.pi, 241)[:-1]
    tops = np.linspace(0.0, 1.0, 160)
    # one meridian per angle, from below the nape to the crown
    start = np.stack([np.sin(turns) * 85, hairline(turns), _AXIS_Z + np.cos(turns) * 95], axis=1)
    start, _ = _on_scalp(start)
    crown, _ = _on_scalp(np.array([[0.0, 315.0, -22.0]]))
    meridians = []
    for point in start:
        bow = point + (crown[0] - point) * tops[:, None] + np.array([0, 60.0, 0]) * np.sin(np.pi * tops)[:, None]
        meridians.append(_on_scalp(bow)[0])
    lines = np.array(meridians)
    steps = np.linalg.norm(np.diff(lines, axis=1), axis=2)
    lengths = np.concatenate([np.zeros((len(lines), 1)), np.cumsum(steps, axis=1)], axis=1)
    n_rows = round(float(np.median(lengths[:, -1])) / PITCH * 1.06)
    rings = []
    for row in range(n_rows):
        share = (row + 0.5) / (n_rows + 0.0)
        ring = np.array(
            [
                [np.interp(share * length[-1], length, line[:, axis]) for axis in range(3)]
                for line, length in zip(lines, lengths)
            ]
        )
        rings.append(ring)
    # below the hairline, behind the ears, down to the nape
    for row in range(1, 6):
        ring = start - np.array([0.0, PITCH * 0.92 * (row - 0.5), 0.0])
        rings.append(_on_scalp(ring * np.array([1, 1, 1.0]))[0])
    found = []
    for number, ring in enumerate(rings):
        closed = np.concatenate([ring, ring[:1]])
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
        n = max(round(along[-1] / (PITCH * 1.02)), 1)
        order = number if number < n_rows else number - n_rows + 1
        at = (np.arange(n) + 0.5 * (order % 2)) * along[-1] / n
        curls = np.stack([np.interp(at, along, closed[:, axis]) for axis in range(3)], axis=1)
        if number >= n_rows:
            curls = curls[np.arctan2(np.abs(curls[:, 0]), curls[:, 2] - _AXIS_Z) > 1.95]
        found.append(curls)
    return _on_scalp(np.concatenate(found))


def carve_curls(positions: F8, normals: F8) -> F8:
    """Return every curl as its carver made it and time left it, (n, 14); none is quite like its neighbours.

    Columns: the middle, the axis, radius, height, where its groove begins (turns), width of a whorl, depth of the
    groove, height at which it broke off, and the slope of that break along and across.
    """
    n = len(positions)
    lot = uniform(550, "curls", np.arange(n), 12)
    ease = lot[:, :10] * 2 - 1
    axes = normals + 0.10 * ease[:, :3]
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    aside = ease[:, 3:6] - (ease[:, 3:6] * normals).sum(axis=1, keepdims=True) * normals
    x, y, z = positions.T
    # hands and rain took most from the crown and the left temple; nobody finished the nape
    worn = np.clip(0.35 + 0.4 * np.sin(x / 31 + 0.6) * np.sin(y / 37 - z / 44 + 1.1) + 0.35 * ease[:, 6], 0, 1)
    worn = np.maximum(worn, np.clip((y - 288) / 30, 0, 0.8))
    rough = np.clip((-z - 60) / 40, 0, 1) * np.clip((215 - y) / 40, 0, 1)
    radius = RADIUS * (1 + 0.065 * ease[:, 7])
    height = HEIGHT * (1.05 + 0.13 * ease[:, 8] - 0.22 * worn)
    depth = (1.75 - 1.15 * worn) * (1 - 0.55 * rough)
    whorl = radius / (2.25 + 0.3 * ease[:, 9] - 0.5 * rough)
    is_broken = lot[:, 10] < 0.065
    top = np.where(is_broken, (0.15 + 0.6 * lot[:, 11]) * height, 99.0)
    slope = 0.7 * np.sin(2 * np.pi * np.column_stack([lot[:, 2] + lot[:, 11], lot[:, 4] + lot[:, 10]]))
    return np.column_stack([positions + 0.8 * aside, axes, radius, height, lot[:, 0], whorl, depth, top, slope])


def near_lists(positions: F8) -> I4:
    """Return, for every cell of the grid, the numbers (..., 4) of the curls nearest to its middle."""
    from scipy.spatial import cKDTree

    axes = [LOW[a] + (np.arange(SHAPE[a]) + 0.5) * CELL for a in range(3)]
    middles = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    return np.asarray(cKDTree(positions).query(middles, k=_N_NEAR)[1], dtype=np.int32)


@njit(cache=False)
def _curl(x: float, y: float, z: float, curl: F8) -> tuple[float, bool]:
    """Return the distance to one curl, a low shell whose groove winds to the right, and whether it broke off here."""
    dx, dy, dz = x - curl[0], y - curl[1], z - curl[2]
    nx, ny, nz = curl[3], curl[4], curl[5]
    radius, height = curl[6], curl[7]
    up = dx * nx + dy * ny + dz * nz
    tx, ty, tz = dx - up * nx, dy - up * ny, dz - up * nz
    t = math.sqrt(tx * tx + ty * ty + tz * tz)
    # of an upright ellipsoid, as in egg()
    a, b = t / radius, up / height
    scaled = math.sqrt(a * a + b * b)
    slope = math.sqrt(a * a / radius**2 + b * b / height**2)
    f = scaled * (scaled - 1.0) / slope if slope > 1e-9 else -height
    if f > 5.0:
        return f, False
    hx, hz = nz, -nx
    long = math.sqrt(hx * hx + hz * hz) + 1e-9
    hx, hz = hx / long, hz / long
    u = tx * hx + tz * hz
    v = tx * (ny * hz) + ty * (nz * hx - nx * hz) - tz * (ny * hx)
    turn = math.atan2(v, u) / (2 * math.pi)
    # outwards the whorls grow wider, as a shell's do
    run = t * (1.18 - 0.18 * t / radius) / curl[9]
    phase = run + turn + curl[8]
    phase -= math.floor(phase)
    # a whorl: steep on its inner side, round on its back
    whorl = phase**1.3 * 2.0 - 1.0
    f += curl[10] * (whorl * whorl) ** 1.6 * min(t / 1.3, 1.0)
    gone = (
        up - curl[11] - curl[12] * u - curl[13] * v - 1.2 * grain(x, y, z, 4.2, 81) - 0.5 * grain(x, y, z, 1.7, 82)
    ) * 0.75
    if gone > f:
        return gone, True
    return f, False


@njit(cache=False)
def curls(x: float, y: float, z: float, carved: F8, near: I4) -> tuple[float, bool]:
    """Return the distance to the nearest curl, and whether it broke off there."""
    i = min(max(int((x - LOW[0]) / CELL), 0), SHAPE[0] - 1)
    j = min(max(int((y - LOW[1]) / CELL), 0), SHAPE[1] - 1)
    k = min(max(int((z - LOW[2]) / CELL), 0), SHAPE[2] - 1)
    best, is_bare = 1e9, False
    for m in range(_N_NEAR):
        f, is_break = _curl(x, y, z, carved[near[i, j, k, m]])
        if f < best:
            best, is_bare = f, is_break
    return best, is_bare
