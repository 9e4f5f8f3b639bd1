"""The horse's body as rods, in centimetres: trunk, neck, head, legs and tail of a Tang horse that stands four-square.

The horse looks towards -x; its left side is towards +z. Stations are (x, y, z, radius in the side view).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from exhibit.geometry.rods import Rods, rod, rods_of
from exhibit.model.arrays import F8

Station = tuple[float, float, float, float]
Limb = list[tuple[float, list[F8]]]

TURN_DEG: Final = 21.0
NOD_DEG: Final = 8.0
POLL: Final = (-16.4, 50.0, 0.0)
"""Here the head is bowed, and turned to its left."""


def curve_through(stations: Sequence[Sequence[float]], n_between: int) -> F8:
    """Return a Catmull-Rom curve (m, d) through stations, `n_between` pieces from one to the next."""
    knots = np.asarray(stations, dtype=np.float64)
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    pieces = []
    for before, a, b, after in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:]):
        t = (np.arange(n_between) / n_between)[:, None]
        pieces.append(
            0.5
            * (2 * a + (b - before) * t + (2 * before - 5 * a + 4 * b - after) * t**2
               + (3 * a - before - 3 * b + after) * t**3)
        )  # fmt: skip
    return np.concatenate([*pieces, knots[-1:]])


def limb(stations: Sequence[Station], squash: float, n_between: int = 4) -> list[F8]:
    """Return rods along a curve, all squashed alike across, or rings would show where they meet."""
    return [
        rod(tuple(a[:3]), tuple(b[:3]), a[3], b[3], squash=squash)
        for a, b in pairwise(curve_through(stations, n_between))
    ]


def both(rows: Sequence[F8]) -> list[F8]:
    """Return rods and their mirror images across the plane z = 0."""
    mirrored = []
    for row in rows:
        other = row.copy()
        other[[2, 5, 11]] *= -1
        mirrored += [row, other]
    return mirrored


def turned_rows(rows: Sequence[F8]) -> list[F8]:
    """Return rods of the head turned as the head is."""
    nod, turn = np.radians(NOD_DEG), np.radians(TURN_DEG)
    bowed = np.array([[np.cos(nod), -np.sin(nod), 0], [np.sin(nod), np.cos(nod), 0], [0, 0, 1]])
    turned = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    moved, about = turned @ bowed, np.array(POLL)
    rows_turned = []
    for row in rows:
        other = row.copy()
        other[:3] = moved @ (row[:3] - about) + about
        other[3:6], other[9:12] = moved @ row[3:6], moved @ row[9:12]
        rows_turned.append(other)
    return rows_turned


def turned_points(points: F8) -> F8:
    """Return points (n, 3) of the head, drawn looking straight ahead, where the turned head has them."""
    rows = [rod(tuple(point), tuple(point), 0.0) for point in np.asarray(points, dtype=np.float64)]
    return np.asarray([row[:3] for row in turned_rows(rows)])


def _trunk() -> list[F8]:
    barrel = limb(
        [
            (-12.6, 30.0, 0, 6.3), (-7, 29.6, 0, 7.3), (0, 28.8, 0, 7.6), (6, 29.5, 0, 7.2), (11, 30.6, 0, 6.5),
            (12.8, 30.5, 0, 6.2),
        ], 1.05,
    )  # fmt: skip
    muscles = both([
        rod((11.8, 31.1, 3.4), (14.3, 29.2, 3.5), 5.2, 4.9, blend=2.0),
        rod((-15.4, 29.6, 2.4), (-13.8, 26.6, 3.1), 4.1, 3.2, blend=1.2),
        rod((-8.2, 35.0, 2.9), (-13.6, 29.2, 4.6), 1.9, 2.8, squash=0.75, blend=2.6),
    ])  # fmt: skip
    withers = [rod((-9.5, 36.0, 0), (-3.5, 35.0, 0), 1.8, 1.2, squash=0.8, blend=4.0)]
    return barrel + muscles + withers


NECK: Final[Sequence[Station]] = (
    (-10.4, 31.6, 0, 7.4),
    (-11.5, 37.2, 0, 6.7),
    (-12.4, 42.2, 0, 5.9),
    (-13.9, 46.6, 0, 4.7),
    (-16.2, 49.3, 0, 3.5),
)


def _neck() -> list[F8]:
    return [
        *limb(NECK, 0.69),
        # windpipe and its groove
        rod((-15.6, 34.0, 0), (-18.2, 44.5, 0.3), 1.7, 1.3, blend=2.2),
    ]


def _head() -> list[F8]:
    skull = limb(
        [
            (-17.2, 49.8, 0, 2.7), (-19.2, 47.9, 0, 2.75), (-21.0, 45.3, 0, 2.25), (-22.6, 42.9, 0, 1.75),
            (-23.9, 40.9, 0, 1.7),
        ], 0.89,
    )  # fmt: skip
    parts = both([
        rod((-18.0, 46.6, 1.3), (-19.2, 45.4, 1.2), 2.2, 1.9, squash=0.55, blend=0.7),
        rod((-18.6, 44.4, 0.9), (-22.9, 40.0, 0.6), 0.95, 0.75, blend=0.9),
        # brow and cheek bone
        rod((-21.2, 49.5, 1.3), (-19.3, 49.5, 2.35), 0.5, 0.35, blend=0.8),
        rod((-20.4, 46.6, 2.0), (-22.3, 44.0, 1.3), 0.45, 0.25, blend=0.8),
        # socket, eyeball, lids
        rod((-20.7, 48.1, 2.75), (-20.2, 48.2, 2.85), 0.75, 0.6, blend=0.35, is_cut=True),
        *[rod(a, b, 0.2, blend=0.12) for a, b in pairwise(
            [(-21.6, 47.75, 2.0), (-21.0, 48.65, 2.25), (-20.2, 48.85, 2.45), (-19.45, 48.25, 2.5)])],
        *[rod(a, b, 0.17, blend=0.12) for a, b in pairwise(
            [(-21.6, 47.75, 2.0), (-20.8, 47.4, 2.3), (-20.0, 47.6, 2.45), (-19.45, 48.25, 2.5)])],
        # flared nostril
        rod((-24.6, 42.5, 0.95), (-25.2, 41.2, 1.15), 0.62, 0.72, blend=0.6),
        rod((-25.05, 42.2, 1.5), (-25.6, 41.3, 1.75), 0.3, 0.42, blend=0.25, is_cut=True),
    ])  # fmt: skip
    lips = [
        rod((-24.9, 40.4, 0), (-25.3, 39.8, 0), 1.2, 0.95, squash=1.25, blend=0.6),
        rod((-23.4, 39.5, 0), (-24.2, 38.9, 0), 0.9, 0.8, squash=1.2, blend=0.4),
        *both(
            [
                rod(a, b, 0.16, blend=0.2, is_cut=True)
                for a, b in pairwise([(-26.3, 39.0, 0.0), (-25.7, 39.1, 1.2), (-23.6, 40.1, 1.5)])
            ]
        ),
    ]
    ears = both([
        rod((-16.5, 52.0, 1.6), (-16.9, 54.0, 2.0), 0.9, 1.0, blend=0.6),
        rod((-16.9, 54.0, 2.0), (-17.6, 56.3, 1.8), 1.0, 0.1, blend=0.1),
        rod((-17.35, 53.5, 2.35), (-17.85, 55.3, 2.05), 0.6, 0.2, blend=0.2, is_cut=True),
    ])  # fmt: skip
    eyes = both([rod((-20.55, 48.15, 1.95), (-20.55, 48.15, 1.95), 0.72)])
    return turned_rows([*skull, *parts, *lips, *ears, *eyes])


def _in_two(rows: list[F8]) -> Limb:
    """Return a leg as an upper group, grown into the body, and a lower one, so that either is passed over alone."""
    return [
        (2.2, [row for row in rows if row[1] + row[4] >= 17.0]),
        (0.3, [row for row in rows if row[1] + row[4] < 17.0]),
    ]


def _fore_leg(side: float) -> Limb:
    z = 4.5 * side
    return _in_two([
        *limb(
            [
                (-12.6, 23.5, z, 2.45), (-12.8, 19.5, z, 2.0), (-12.8, 16.2, z, 1.45), (-12.9, 14.2, z, 1.66),
                (-12.6, 12.3, z, 1.25), (-12.5, 9.0, z, 1.03), (-12.5, 6.5, z, 1.36), (-13.0, 5.2, z, 1.18),
                (-13.4, 4.2, z, 1.35),
            ], 0.94, 3,
        ),
        rod((-11.8, 28.5, z), (-12.6, 23.5, z), 3.8, 2.7, squash=0.72, blend=1.2),
        rod((-12.4, 24.5, z * 1.02), (-12.7, 20.5, z), 2.6, 2.0, squash=0.85, blend=0.9),
        rod((-13.4, 3.7, z), (-14.1, 1.2, z), 1.62, 2.15, squash=0.95, blend=0.25),
        rod((-11.5, 6.3, z), (-11.6, 5.6, z), 0.55, blend=0.5),
    ])  # fmt: skip


def _hind_leg(side: float) -> Limb:
    z = 4.7 * side
    return _in_two([
        *limb(
            [
                (12.9, 22.0, z, 2.7), (13.7, 19.2, z, 2.2), (15.1, 16.4, z, 1.58), (15.8, 14.6, z, 1.62),
                (15.6, 12.4, z, 1.33), (15.2, 9.2, z, 1.08), (14.9, 6.6, z, 1.4), (14.3, 5.2, z, 1.2),
                (13.8, 4.2, z, 1.38),
            ], 0.92, 3,
        ),
        rod((13.4, 27.5, z * 0.95), (12.8, 22.0, z), 4.9, 3.1, squash=0.66, end_squash=0.75, blend=1.4),
        rod((12.9, 23.0, z), (13.9, 18.8, z), 3.3, 2.1, squash=0.75, blend=0.9),
        rod((12.4, 28.5, z * 0.96), (10.9, 24.6, z * 1.0), 4.4, 2.5, squash=0.72, blend=1.6),
        # point of the hock and its tendon
        rod((16.3, 15.6, z), (16.9, 15.2, z), 0.95, 0.8, blend=0.8),
        rod((16.4, 15.6, z), (15.3, 20.0, z), 0.6, 0.9, blend=1.0),
        rod((13.8, 3.7, z), (13.2, 1.2, z), 1.64, 2.2, squash=0.95, blend=0.25),
        rod((16.0, 6.4, z), (15.9, 5.7, z), 0.55, blend=0.5),
    ])  # fmt: skip


def _tail() -> list[F8]:
    """Return the docked tail, bound with cord."""
    path = [
        (17.6, 33.4, 0, 1.5), (20.0, 34.0, 0.2, 1.35), (21.9, 32.6, 0.3, 1.35), (22.5, 30.0, 0.4, 1.25),
        (22.6, 27.8, 0.3, 1.5), (23.2, 26.0, 0.1, 1.2), (24.2, 24.9, 0.0, 0.6),
    ]  # fmt: skip
    bound = [rod((x, y, -0.35), (x, y, 1.05), 1.45, squash=0.95, blend=0.15) for x, y in ((22.5, 30.2), (22.55, 29.3))]
    return [*limb(path, 1.08), *bound]


EYES: Final = turned_points(np.array([(-20.55, 48.15, 1.95), (-20.55, 48.15, -1.95)]))
EYE_RADIUS: Final = 0.72
TRUNK: Final[Rods] = rods_of([(0.0, _trunk())])
TAIL: Final[Rods] = rods_of([(0.0, _tail())])
BODY: Final[Rods] = rods_of([
    (0.0, _trunk()), (3.6, _neck()), *_fore_leg(1), *_fore_leg(-1), *_hind_leg(1), *_hind_leg(-1), (1.5, _head()),
])  # fmt: skip
"""The bare horse: the tail is apart, for it is glazed apart."""
