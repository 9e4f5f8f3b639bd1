"""Straight pieces to build with: sheets, boxes, plinths, rods."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from exhibit.model.arrays import F8
from exhibit.model.room import Box, Fixture, Panel, Point

Side = str
"""One of ``+x -x +y -y +z -z``."""


def sheet(
    corner: Point, across: Point, up: Point, material: str, fine: float = 12.0,
    holes: tuple[Box, ...] = (), covered: tuple[Box, ...] = (),
) -> Panel:  # fmt: skip
    """Return the parallelogram from `corner` along `across` and `up`; it faces the way of their cross product."""
    a = np.array(corner, np.float64)
    u, v = np.array(across, np.float64), np.array(up, np.float64)
    return Panel(tuple(_point(at) for at in (a, a + u, a + u + v, a + v)), material, fine, holes, covered)  # type: ignore[arg-type]  # four corners, which a generator hides


def box(middle: Point, size: Point, material: str, sides: str, fine: float = 12.0, yaw_deg: float = 0.0) -> list[Panel]:
    """Return the named sides (``+x -x +y -y +z -z``, apart by spaces) of a box, turned about its middle."""
    w, h, d = (length / 2 for length in size)
    faces = {
        "+x": ((w, -h, d), (0, 0, -2 * d), (0, 2 * h, 0)),
        "-x": ((-w, -h, -d), (0, 0, 2 * d), (0, 2 * h, 0)),
        "+y": ((-w, h, d), (2 * w, 0, 0), (0, 0, -2 * d)),
        "-y": ((-w, -h, -d), (2 * w, 0, 0), (0, 0, 2 * d)),
        "+z": ((-w, -h, d), (2 * w, 0, 0), (0, 2 * h, 0)),
        "-z": ((w, -h, -d), (-2 * w, 0, 0), (0, 2 * h, 0)),
    }
    made = []
    for side in sides.split():
        corner, across, up = (_turned(vector, yaw_deg) for vector in faces[side])
        start = (corner[0] + middle[0], corner[1] + middle[1], corner[2] + middle[2])
        made.append(sheet(start, across, up, material, fine))
    return made


def chamfered_top(middle: Point, size: Point, edge: float, material: str, fine: float, yaw_deg: float) -> list[Panel]:
    """Return the top of a box at `middle` (of the top), with a sloping edge of `edge` metres all round."""
    w, d = size[0] / 2, size[2] / 2
    outer = [(-w, -edge, d), (w, -edge, d), (w, -edge, -d), (-w, -edge, -d)]
    a, b = w - edge, d - edge
    inner = [(-a, 0.0, b), (a, 0.0, b), (a, 0.0, -b), (-a, 0.0, -b)]

    def placed(local: Point) -> Point:
        x, y, z = _turned(local, yaw_deg)
        return x + middle[0], y + middle[1], z + middle[2]

    made = [Panel(tuple(placed(at) for at in inner), material, fine)]  # type: ignore[arg-type]  # four corners, which a generator hides
    for start in range(4):
        end = (start + 1) % 4
        corners = (placed(outer[start]), placed(outer[end]), placed(inner[end]), placed(inner[start]))
        made.append(Panel(corners, material, fine / 2))
    return made


def rod(start: Point, end: Point, radius: tuple[float, float], color: str, n_sides: int = 8) -> Fixture:
    """Return a round rod from `start` to `end`, its ends of two radii, closed, shaded as if lit from above."""
    a, b = np.array(start, np.float64), np.array(end, np.float64)
    axis = (b - a) / np.linalg.norm(b - a)
    side = np.cross(axis, [1.0, 0.0, 0.0] if abs(axis[0]) < 0.9 else [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    turn = 2 * np.pi * np.arange(n_sides) / n_sides
    ring = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    vertices = np.concatenate([a + radius[0] * ring, b + radius[1] * ring])
    faces = []
    for number in range(n_sides):
        following = (number + 1) % n_sides
        faces += [(number, following, n_sides + following), (number, n_sides + following, n_sides + number)]
        if 0 < number < n_sides - 1:
            faces += [(0, following, number), (n_sides, n_sides + number, n_sides + following)]
    return Fixture(vertices.astype(np.float32), np.array(faces, np.int32), color)


def disc(middle: Point, toward: Point, radius: float, color: str, shine: float, n_sides: int = 8) -> Fixture:
    """Return a round disc that faces `toward`."""
    front = tuple(m + 1e-3 * t for m, t in zip(middle, toward, strict=True))
    base = rod(middle, front, (radius, radius), color, n_sides)  # type: ignore[arg-type]  # three numbers, which a generator hides
    return Fixture(base.vertices.copy(), base.faces.copy(), color, shine)


def between(start: float, end: float, longest: float) -> Iterator[tuple[float, float]]:
    """Cut a length into equal parts no longer than `longest`; yield each part's middle and length."""
    n_parts = max(1, math.ceil((end - start) / longest - 1e-9))
    length = (end - start) / n_parts
    for number in range(n_parts):
        yield start + (number + 0.5) * length, length


def _turned(vector: Point, yaw_deg: float) -> Point:
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return c * vector[0] + s * vector[2], vector[1], -s * vector[0] + c * vector[2]


def _point(at: F8) -> Point:
    return round(float(at[0]), 5), round(float(at[1]), 5), round(float(at[2]), 5)
