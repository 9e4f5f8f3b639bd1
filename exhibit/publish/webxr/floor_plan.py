"""The hall from above, numbered as the list beside it."""

from __future__ import annotations

import math

from exhibit.publish.webxr.drawing import Badge, Drawing, Face, Point
from exhibit.publish.webxr.layout import Hall, Spot


def draw_plan(hall: Hall) -> Drawing:
    """Draw the hall from above, in centimetres, the entrance at the bottom."""
    width, depth = _cm(hall.width), _cm(hall.depth)
    floor = Face(((0, 0), (width, 0), (width, depth), (0, depth)), "floor")
    faces, badges = [floor], []
    for number, spot in enumerate(hall.spots, 1):
        x, _, z = spot.position
        corners = tuple((_cm(px + hall.width / 2), _cm(pz + hall.depth / 2)) for px, pz in _corners(spot))
        faces.append(Face(corners, "plinth"))
        badges.append(Badge(number, _cm(x + hall.width / 2), _cm(z + hall.depth / 2)))
    size = max(26.0, 100 * max(hall.width, hall.depth) / 32)
    door = (round(width / 2 - 60, 1), round(width / 2 + 60, 1), depth)
    return Drawing(width, depth, tuple(faces), tuple(badges), round(size, 1), door)


def _corners(spot: Spot) -> list[Point]:
    turn = math.radians(spot.yaw_deg)
    c, s = math.cos(turn), math.sin(turn)
    w, d = spot.plinth.width / 2, spot.plinth.depth / 2
    x, _, z = spot.position
    return [(x + c * dx + s * dz, z - s * dx + c * dz) for dx, dz in ((-w, -d), (w, -d), (w, d), (-w, d))]


def _cm(metres: float) -> float:
    return round(100 * metres, 1)
