"""What the horse wears, in centimetres: saddle, straps, pendants and rosettes, and the crest its mane falls from."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._horse_form import BODY, NECK, both, curve_through, turned_points
from exhibit.geometry.rods import Rods, distance_to_rods, rod, rods_of
from exhibit.model.arrays import F8

Vector = tuple[float, float, float]


# the cover hides the wood: a seat between two upright boards, the front one steep, the rear one leaning back
SADDLE: Final[Rods] = rods_of([(0.0, [
    rod((-3.0, 35.0, 0), (5.4, 35.2, 0), 2.9, 3.1, squash=2.0),
    rod((-3.6, 35.6, -1.6), (-3.6, 35.6, 1.6), 5.0, side=(0.97, 0.24, 0), squash=0.22, blend=1.6),
    rod((6.4, 34.9, -2.2), (6.4, 34.9, 2.2), 4.9, side=(0.9, -0.44, 0), squash=0.2, blend=1.6),
    # gathered in a knot on either side
    *both([rod((0.5, 30.3, 8.7), (1.9, 30.2, 8.7), 0.95, 0.85, blend=0.5)]),
])])  # fmt: skip


def _crest() -> F8:
    """Return the crest of the neck (n, 2) in the side view, from the poll down to the withers."""
    curve = curve_through(NECK, 3)
    way = np.gradient(curve[:, :2], axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    outward = np.column_stack([way[:, 1], -way[:, 0]])
    crest = (curve[:, :2] + outward * (curve[:, 3:4] - 0.25))[::-1]
    return np.concatenate([[[-16.8, 52.2], [-15.4, 52.3]], crest[1:9], [[-5.2, 38.4], [-3.6, 37.0]]])


CREST: Final = np.ascontiguousarray(_crest())

FORELOCK: Final[Rods] = rods_of([(0.0, [
    rod(tuple(a), tuple(b), r, s, blend=0.35)
    for side in (-1, 1)
    for points in [turned_points(np.array([
        (-16.6, 52.4, 0.3 * side), (-18.6, 52.1, 0.6 * side), (-20.4, 50.7, 0.8 * side), (-21.4, 49.3, 0.9 * side),
        (-22.0, 48.2, 0.6 * side),
    ]))]
    for a, b, r, s in zip(points[:-1], points[1:], (0.5, 0.6, 0.55, 0.4), (0.6, 0.55, 0.4, 0.1))
])])  # fmt: skip


def _strap(start: Vector, end: Vector, half_width: float, height: float, *, across: Vector = (0.0, 0.0, 1.0),
           reach: float | None = None) -> list[float]:  # fmt: skip
    """Return the row (10,) of a strap: the band of the hide near a plane that holds `start`, `end` and `across`."""
    a, b = np.asarray(start), np.asarray(end)
    normal = np.cross(b - a, across)
    normal /= np.linalg.norm(normal)
    ball = reach if reach is not None else float(np.linalg.norm(b - a)) / 2
    return [*normal, float(normal @ a), half_width, *((a + b) / 2), ball, height]


def _head_strap(start: Vector, end: Vector, half_width: float, height: float, reach: float) -> list[float]:
    a, b, c = turned_points(np.array([start, end, (start[0], start[1], 1.0)]))
    return _strap(tuple(a), tuple(b), half_width, height, across=tuple(c - a), reach=reach)


STRAPS: Final = np.array([
    # breast strap, breeching, crupper along the back, its two hangers
    _strap((-4.5, 32.6, 0), (-19.0, 30.6, 0), 0.62, 0.34, reach=11.5),
    _strap((7.5, 33.4, 0), (20.5, 30.2, 0), 0.62, 0.34, reach=9.5),
    _strap((7.0, 37.0, 0), (18.5, 35.0, 0), 0.55, 0.34, across=(0, 1, 0), reach=6.2),
    _strap((13.2, 38.0, 0), (14.2, 32.2, 0), 0.55, 0.32, reach=8.4),
    # noseband, cheek piece, brow band
    _head_strap((-24.2, 43.8, 0), (-21.2, 41.6, 0), 0.32, 0.26, 3.0),
    _head_strap((-17.2, 51.2, 0), (-22.9, 41.9, 0), 0.32, 0.26, 6.0),
    _head_strap((-20.6, 51.2, 0), (-17.4, 48.9, 0), 0.32, 0.26, 3.6),
])  # fmt: skip


def _outward(points: F8) -> F8:
    """Return the normals (n, 3) of the hide."""
    steps = 0.05 * np.eye(3)
    slope = np.stack([distance_to_rods(points + s, BODY) - distance_to_rods(points - s, BODY) for s in steps], axis=1)
    return np.asarray(slope / np.linalg.norm(slope, axis=1, keepdims=True))


def _on_hide(outside: F8) -> F8:
    """Return points (n, 3) of the hide below points outside it, drawn in along the gradient."""
    points = np.array(outside, dtype=np.float64)
    for _ in range(12):
        points -= _outward(points) * distance_to_rods(points, BODY)[:, None]
    return points


def _pendants() -> F8:
    """Return the rows (n, 12): middle, tangent, downward, size, kind (0 a leaf, 1 a rosette), height."""
    rows: list[tuple[Vector, float, int]] = []
    for side in (-1.0, 1.0):
        rows += [((x, y, side * z), 1.12, 0) for x, y, z in (
            (-8.2, 30.6, 9), (-12.6, 30.0, 9), (-17.2, 29.3, 6.5), (10.4, 30.6, 9), (14.4, 29.6, 9), (18.4, 28.6, 6.5),
        )]  # fmt: skip
        rows += [((13.9, 32.2, side * 9.5), 0.85, 1)]
    rows += [((-20.5, 28.6, 0.0), 1.1, 0), ((13.2, 39.0, 0.0), 1.0, 1)]
    head = turned_points(np.array([
        (-18.6, 47.3, 4), (-18.6, 47.3, -4), (-22.4, 42.6, 3), (-22.4, 42.6, -3), (-23.2, 48.4, 0),
    ]))  # fmt: skip
    rows += [(tuple(p), s, k) for p, s, k in zip(head, (0.62, 0.62, 0.5, 0.5, 0.6), (0, 0, 1, 1, 0))]
    middles = _on_hide(np.array([row[0] for row in rows]))
    outward = _outward(middles)
    tangent = np.cross(outward, (0.0, 1.0, 0.0))
    flat = np.linalg.norm(tangent, axis=1) < 0.3
    tangent[flat] = (1.0, 0.0, 0.0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    down = np.cross(tangent, outward)
    down *= np.where(down[:, 1:2] > 0, -1.0, 1.0)
    size, kind = np.array([row[1] for row in rows]), np.array([float(row[2]) for row in rows])
    return np.column_stack([middles, tangent, down, size, kind, 0.2 + 0.24 * size])


PENDANTS: Final = np.ascontiguousarray(_pendants())
