"""The painted dragon of the vase, its clouds and its pearl, in millimetres about their middles."""

from __future__ import annotations

import numpy as np

from exhibit.capture.objects._brush import Motif, Path, left_of, offset, ribbon, spline
from exhibit.model.arrays import F8

_SPINE = ((-72, 17), (-63, 4), (-50, -15), (-30, -24), (-10, -14), (2, 8), (17, 27), (36, 28), (50, 10), (60, -11),
          (76, -23), (93, -16), (102, 2), (101, 20), (91, 29))  # fmt: skip
_GIRTH = (4.6, 5.6, 8.0, 8.8, 8.8, 8.6, 8.4, 8.0, 7.2, 6.2, 5.0, 4.0, 3.0, 2.0, 0.9)


def cloud(tail: float = 1.0) -> Motif:
    """Return a cloud: a head of three lobes, and a trailing end."""
    motif = Motif()
    sweep = spline([(2, -2), (9, -5), (17 * tail, -3), (24 * tail, -6), (33 * tail, -4)])
    motif.fill(ribbon(sweep, np.linspace(2.6, 0.2, len(sweep))), 0.42)
    motif.stroke(offset(sweep, np.linspace(2.6, 0.2, len(sweep))), 0.5)
    motif.stroke(offset(sweep, -np.linspace(2.6, 0.2, len(sweep))), 0.5)
    head = spline(
        [(-11, -4), (-12.5, 0), (-9.5, 3), (-6.5, 2.5), (-5.5, 7), (0, 9.5), (5.5, 7), (6.5, 2.5), (10, 2.5), (12, -1),
         (9.5, -4.5), (4, -3), (0, -5), (-5, -3.2)],
        is_closed=True,
    )  # fmt: skip
    motif.shape(head, 0.38, 0.65)
    for side in (-1.0, 1.0):
        turn = np.linspace(0, 4.6, 16)
        curl = np.column_stack([side * (7.4 + 2.6 * np.cos(turn) * (1 - turn / 8)), -0.8 + 2.4 * np.sin(turn)])
        motif.stroke(curl, 0.5, tone=0.85)
    turn = np.linspace(-0.5, 4.4, 18)
    motif.stroke(
        np.column_stack([3.4 * np.cos(turn) * (1 - turn / 9), 4.6 + 3.0 * np.sin(turn) * (1 - turn / 12)]), 0.6
    )
    return motif


def pearl() -> Motif:
    """Return the flaming pearl."""
    motif = Motif()
    for start, way, end in (
        ((4, 4), (9, 8), (10, 14)), ((5, 1), (11, 3), (16, 8)), ((-1, 5.5), (1, 10), (0, 15)),
        ((4, -3), (10, -3), (15, 0)),
    ):  # fmt: skip
        motif.stroke(spline([start, way, end]), 1.5, tone=0.8, start=1.0)
    motif.dot((0, 0), 6.2, wash=0.3, line=0.9)
    motif.dot((0, 0), 5.2, wash=0.3, line=0.0)
    turn = np.linspace(0, 7.5, 26)
    motif.stroke(np.column_stack([np.cos(turn), np.sin(turn)]) * (3.6 * (1 - turn / 9))[:, None], 0.6)
    return motif


def _flames(motif: Motif, at: tuple[float, float], way: tuple[float, float], length: float) -> None:
    """Draw the licks of fire that stream from a dragon's joints."""
    ahead = np.asarray(way) / np.hypot(*way)
    aside = np.array([-ahead[1], ahead[0]])
    for spread, share in ((-0.75, 0.7), (0.0, 1.0), (0.75, 0.8)):
        path = [
            np.asarray(at) + length * share * (t * ahead + spread * (0.55 * t - 0.25 * np.sin(5 * t)) * aside)
            for t in np.linspace(0, 1, 5)
        ]
        motif.stroke(spline(np.array(path)), 1.5, tone=0.72, start=1.0)


def _leg(motif: Motif, path: Path, toes_deg: float) -> None:
    """Draw a leg along hip, knee, ankle, with four claws spread about a direction."""
    way = spline(path, 10)
    half = np.interp(np.linspace(0, 1, len(way)), [0, 0.05, 0.12, 0.35, 0.65, 1], [2.0, 5.2, 7.0, 5.8, 3.4, 2.8])
    foot = way[-1]
    for spread in (-62, -20, 20, 62, 165):
        angle, curl = np.radians(toes_deg + spread), np.radians(toes_deg + spread + (34 if spread < 100 else -30))
        middle = foot + 5.4 * np.array([np.cos(angle), np.sin(angle)])
        tip = middle + 6.2 * np.array([np.cos(curl), np.sin(curl)])
        toe = spline(np.vstack([foot, middle, tip]), 6)
        motif.stroke(toe, 1.75, tone=0.9, start=1.1, end=0.05)
    motif.shape(ribbon(way, half), 0.5, 0.65)
    motif.dot((float(foot[0]), float(foot[1])), 3.5, wash=0.5, line=0.0)
    for t in range(4, len(way) - 4, 4):
        across = np.vstack([way[t] + left_of(way)[t] * half[t] * k for k in (0.75, 0.0, -0.75)])
        across[1] += (way[t + 2] - way[t]) * 0.9
        motif.stroke(spline(across, 4), 0.5, tone=0.85)


def _body(motif: Motif) -> None:
    spine = spline(_SPINE, 24)
    girth = np.interp(np.linspace(0, 1, len(spine)), np.linspace(0, 1, len(_GIRTH)), _GIRTH)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(spine, axis=0), axis=1))])
    normal = left_of(spine)

    def at(length: float, across: float) -> F8:
        n = np.array([np.interp(length, run, axis) for axis in (*spine.T, *normal.T, girth)])
        return np.asarray(n[:2] + n[2:4] * n[4] * across)

    for length in np.arange(6, run[-1] - 16, 5.2):  # the fin of its back
        spike = [at(length - 1.5, 0.9), at(length + 2.6, 1.42), at(length + 6.0, 1.62), at(length + 4.4, 0.9)]
        motif.shape(spline(spike, 4), 0.75, 0.4)
    motif.shape(ribbon(spine, girth), 0.46, 0.85)
    belly = offset(spine, -0.42 * girth)
    motif.fill(np.vstack([belly, offset(spine, -0.93 * girth)[::-1]]), 0.1)
    motif.stroke(belly, 0.5, start=1, end=0.5)
    for length in np.arange(3, run[-1] - 10, 4.0):
        motif.stroke(
            spline(np.vstack([at(length, -0.42), at(length + 1.6, -0.7), at(length, -0.95)]), 4), 0.45, tone=0.8
        )
    for n, length in enumerate(np.arange(1, run[-1] - 9, 2.9)):
        for across in (-0.2, 0.24, 0.68) if n % 2 == 0 else (0.02, 0.46, 0.86):
            scale = [at(length, across - 0.21), at(length + 2.6, across), at(length, across + 0.21)]
            motif.stroke(spline(np.vstack(scale), 5), 0.62, tone=0.95, start=0.7, end=0.7)
    for end in ((97, 39), (87, 41), (82, 34), (103, 36)):  # the tuft of its tail
        motif.stroke(spline([(93, 28), ((93 + end[0]) / 2 + 2, (28 + end[1]) / 2), end]), 1.5, tone=0.85, start=1.0)


def _head(motif: Motif, at: tuple[float, float], turn_deg: float, scale: float) -> None:
    head = Motif()
    for start, way, end in (
        ((8, 5), (17, 11), (30, 9)), ((9, 3), (20, 6), (33, 1)), ((9, 0), (19, 1), (29, -7)),
        ((8, -3), (16, -5), (24, -14)), ((7, 7), (14, 15), (25, 17)), ((6, -6), (11, -11), (15, -20)),
    ):  # fmt: skip
        head.stroke(spline([start, way, end]), 1.7, tone=0.82, start=0.9)
    for rise in (0.0, 3.2):
        horn = spline([(3 + rise, 8), (8 + rise, 14), (16 + rise, 16.5 + rise), (25, 22 + 2 * rise)])
        head.shape(ribbon(horn, np.linspace(1.7, 0.3, len(horn))), 0.25, 0.5)
    head.stroke(spline([(-18, 5), (-25, 9), (-27, 15), (-21, 19), (-17, 16)]), 0.75)
    head.stroke(spline([(-17, -2), (-25, -1), (-31, 3), (-35, 0)]), 0.75)
    for start, end in (((-11, -10), (-15, -19)), ((-7, -10), (-9, -21)), ((-3, -10), (-3, -19)), ((1, -9), (4, -17))):
        head.stroke(spline([start, ((start[0] + end[0]) / 2 + 1.5, (start[1] + end[1]) / 2), end]), 1.0, tone=0.8)
    jaw = spline(
        [(6, -2), (0, -3.4), (-7, -6), (-13, -7.4), (-16.6, -5.6), (-16.4, -8.6), (-12, -11), (-5, -10.4), (3, -9.4),
         (9, -6)],
        is_closed=True,
    )  # fmt: skip
    head.shape(jaw, 0.3, 0.65)
    head.stroke(spline([(-2, -3.4), (-9, -3.6), (-15, -2.4), (-19, -4.4), (-20, -3)]), 1.1, tone=0.7, start=1.0)
    skull = spline(
        [(11, 4), (7, 8), (1, 9.6), (-4, 8), (-9, 4.6), (-13, 5.2), (-16.5, 8.2), (-20, 6.4), (-21, 3), (-18.6, 0.6),
         (-12, 0.4), (-6, -1.6), (0, -3), (8, -5)],
        is_closed=True,
    )  # fmt: skip
    head.shape(skull, 0.3, 0.75)
    for x, y in ((-17, 0.4), (-13.5, 0.2), (-10, -0.4)):
        head.stroke([(x, y), (x - 0.2, y - 1.6), (x + 0.3, y - 3.0)], 0.8, tone=0.95, start=1.0)
    head.stroke(spline([(-8, 5), (-4, 9.2), (2, 9.6), (6, 12)]), 1.35)
    head.dot((-2.6, 4.5), 2.7, wash=0.0, line=0.95)
    head.dot((-2.6, 4.3), 2.1, wash=0.0, line=0.0)
    head.dot((-3.2, 4.9), 1.35, line=1.0)
    head.stroke(spline([(-6.4, 4.8), (-4.6, 7.0), (-1.4, 7.6), (1.6, 6.2)]), 0.9, tone=1.0)
    head.stroke(spline([(-17.6, 4.0), (-16, 5.4), (-14.6, 4.2)]), 0.7)
    head.stroke(spline([(2, 1), (5, -1), (5, -4), (2, -5.4)]), 0.7)
    head.stroke(spline([(-1, -0.4), (-6, 0.8), (-11, 2.2)]), 0.5)
    head.shape(spline([(5, 3), (10, 8), (12, 4.5), (9, 1)], is_closed=True), 0.5, 0.5)
    motif.add(head, at, turn_deg=turn_deg, scale=scale)


def dragon() -> Motif:
    """Return a four-clawed dragon striding to the left, about 205 wide and 90 high."""
    motif = Motif()
    _leg(motif, [(-24, -18), (-14, -4), (-26, 12), (-32, 24)], 100)
    _leg(motif, [(52, 6), (68, 12), (66, 26), (74, 33)], 40)
    _body(motif)
    _flames(motif, (-38, -8), (1.0, 1.3), 22)
    _flames(motif, (44, 12), (-0.6, -1.4), 22)
    _leg(motif, [(-49, -12), (-66, -14), (-72, -29), (-86, -27)], 195)
    _leg(motif, [(46, 18), (32, 5), (42, -14), (30, -27)], 235)
    _head(motif, (-76, 23), 4, 1.05)
    return motif
