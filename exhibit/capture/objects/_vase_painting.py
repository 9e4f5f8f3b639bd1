"""What the painter drew on the vase: registers from lip to foot, in cobalt, kept as one drawing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from exhibit.capture.objects._brush import Motif, Sheet, spline
from exhibit.capture.objects._vase_dragon import cloud, dragon, pearl
from exhibit.capture.objects._vase_form import LENGTH_MM, along_of, radius_along
from exhibit.model.arrays import F4

SIZE_PX: Final = (4096, 1792)
_EDGES: Final = ("nearest", "wrap")


def _lappet(width: float, height: float) -> Motif:
    """Return one upright false lotus petal with a jewel in flames inside."""
    motif, half = Motif(), width / 2
    for inset, wash, line in ((0.0, 0.75, 0.7), (3.4, 0.0, 0.6), (5.0, 0.0, 0.5)):
        w, top = half - inset, height - inset
        outline = spline(
            [(-w, inset), (-w, 0.5 * top), (-w, 0.74 * top), (-0.72 * w, 0.88 * top), (-0.25 * w, 0.93 * top), (0, top),
             (0.25 * w, 0.93 * top), (0.72 * w, 0.88 * top), (w, 0.74 * top), (w, 0.5 * top), (w, inset)]
        )  # fmt: skip
        motif.shape(outline, wash, line)
    for side in (-1.0, 1.0):
        turn = np.linspace(0, 5.5, 24)
        curl = np.column_stack([np.cos(turn), np.sin(turn)]) * (4.4 * (1 - turn / 8))[:, None]
        motif.stroke(curl * [side, 1] + [side * (half - 10.2), 0.2 * height], 0.8)
        motif.stroke(
            spline([(side * 1, 0.1 * height), (side * (half - 6.6), 0.3 * height), (side * 1.5, 0.47 * height)]), 0.8
        )
        motif.stroke(spline([(side * 5, 0.5 * height), (side * 6, 0.6 * height), (side * 2, 0.72 * height)]), 1.2)
    motif.dot((0, 0.55 * height), 4.0, wash=0.6, line=0.9)
    motif.dot((0, 0.55 * height), 3.0, wash=0.5, line=0.0)
    motif.stroke(spline([(0, 0.64 * height), (0.8, 0.71 * height), (0, 0.8 * height)]), 1.3, start=1.0)
    motif.stroke([(0, 0.08 * height), (0, 0.16 * height), (0, 0.3 * height)], 1.3, start=1.0)
    return motif


def _plantain(width: float, height: float, *, is_behind: bool) -> Motif:
    """Return one plantain leaf, tip up: dark sides about a rib left white."""
    motif, half = Motif(), width / 2
    side = [
        (half * k, height * t) for k, t in ((0.86, 0.0), (1.0, 0.25), (0.93, 0.5), (0.62, 0.75), (0.2, 0.93), (0, 1))
    ]
    right = spline(side)
    outline = np.vstack([right, right[::-1] * [-1, 1]])
    motif.shape(outline, 0.25 if is_behind else 0.08, 0.7)
    if not is_behind:
        inner = np.column_stack([right[:, 0] * 0.74, right[:, 1] * 0.9])
        rib = np.column_stack([1.3 * (1 - right[:, 1] / (height * 1.1)), right[:, 1] * 0.88])
        for sign in (-1, 1):
            motif.fill(np.vstack([inner, rib[::-1]]) * [sign, 1], 0.55)
            motif.edge(np.vstack([inner, rib[::-1]]) * [sign, 1], 0.4, tone=0.85)
        for t in np.linspace(0.05, 0.74, 12):
            reach = float(np.interp(t * height, inner[:, 1], inner[:, 0]))
            for sign in (-1, 1):
                motif.stroke([(sign * 1.5, t * height), (sign * reach * 0.6, (t + 0.03) * height),
                              (sign * reach, (t + 0.09) * height)], 0.5, tone=0.9)  # fmt: skip
    return motif


def _classic_scroll(width: float, height: float) -> Motif:
    """Return one period of the classic scroll: a vine with a curl in every hollow, and a leaf."""
    motif, middle = Motif(), np.array([0.0, height / 2])
    u = np.linspace(-0.02, 1.02, 40)
    vine = np.column_stack([(u - 0.5) * width, height * (0.5 + 0.37 * np.sin(2 * np.pi * u))])
    motif.stroke(vine, 0.95, start=0.9, end=0.9)
    turn = np.linspace(0.5, 7.6, 34)
    radius = 0.3 * height * (1 - turn / 9.5)
    for side in (1.0, -1.0):
        curl = np.column_stack([1.15 * radius * np.cos(turn), -radius * np.sin(turn)]) + np.array([-width / 4, 0.0])
        stem = spline(np.vstack([[-0.01 * width, -0.02 * height], curl[0], curl[3]]), 4)
        motif.stroke(np.vstack([stem, curl[4:]]) * side + middle, 1.0, start=0.9, end=0.8)
        leaf = spline([(-0.44 * width, -0.12 * height), (-0.4 * width, -0.3 * height), (-0.3 * width, -0.43 * height)])
        motif.stroke(leaf * side + middle, 1.3, start=0.2, end=0.1)
    return motif


def _waves(width: float, height: float) -> Motif:
    """Return a fish-scale of waves."""
    motif, turn = Motif(), np.linspace(0, np.pi, 18)
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    motif.fill(ring * [width / 2, height], 0.06)
    motif.stroke(ring * [width / 2, height], 0.85, start=0.8, end=0.8)
    motif.fill(ring * [width * 0.36, height * 0.74], 0.4)
    for share in (0.36, 0.2):
        motif.stroke(ring * [width * share, height * 2.05 * share], 0.6, start=0.8, end=0.8)
    return motif


def _peony() -> Motif:
    """Return a full blossom, about 40 wide and 36 high: three rings of petals about a heart."""
    motif = Motif()
    for count, reach, size, wash, start in (
        (9, 12.5, 6.6, 0.5, 0.2),
        (7, 7.8, 5.6, 0.36, 0.5),
        (5, 3.6, 4.4, 0.22, 0.0),
    ):
        for n in range(count):
            angle = 2 * np.pi * (n + start) / count
            lobes = np.linspace(0, 2 * np.pi, 22, endpoint=False)
            rim = size * (1 + 0.13 * np.cos(3 * lobes)) * (1 + 0.06 * np.sin(2.3 * n + lobes))
            petal = np.column_stack([rim * np.cos(lobes) * 0.82, rim * np.sin(lobes)])
            turned = petal @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            middle = reach * np.array([np.cos(angle), 0.9 * np.sin(angle)])
            motif.shape(turned + middle, wash, 0.55)
            vein = middle * (1 + 2.6 / reach)
            motif.stroke([tuple(middle * 0.9), tuple((middle * 0.9 + vein) / 2), tuple(vein)], 0.45, tone=0.8)
    motif.dot((0, 0), 2.4, wash=0.7, line=0.95)
    return motif


def _leaf() -> Motif:
    """Return a spiky leaf along +u, about 20 long."""
    motif = Motif()
    side = [(0, 0.6), (4, 4.4), (5.2, 7.2), (7.2, 4.6), (11, 7.4), (12, 4.0), (16, 4.8), (16.4, 2.4), (22, 0.4)]
    outline = np.array([*side, *[(u, -v * 0.92) for u, v in side[::-1]]], dtype=float)
    motif.shape(outline, 0.62, 0.5)
    motif.stroke(spline([(0, 0), (9, 0.6), (19, 0)]), 0.6, tone=1.0)
    return motif


def _scroll_with_blossom(width: float) -> Motif:
    """Return half a period of the vine, below its blossom; turned over, the next half."""
    motif, leaf = Motif(), _leaf()
    u = np.linspace(-width / 2 - 1, width / 2 + 1, 60)
    vine = np.column_stack([u, -19.0 * np.cos(np.pi * u / width)])
    leaves = (
        ((-29, -2), 78, 0.95),
        ((29, -2), 112, 0.8),
        ((-27, 10), 35, 0.5),
        ((10, -18), -18, 0.72),
        ((-12, -18), 197, 0.72),
        ((24, -10), -42, 0.7),
        ((-23, -11), 225, 0.66),
        ((26, -4), 60, 0.62),
        ((-31, 6), 112, 0.6),
        ((31, 8), 72, 0.6),
    )
    for at, turn, scale in leaves:
        motif.add(leaf, at, turn_deg=turn, scale=scale)
    motif.stroke(vine, 1.1, start=1.0, end=1.0)
    motif.add(_peony(), (0, 3.0), scale=0.98)
    return motif


def _all_round(
    sheet: Sheet, motif: Motif, count: int, along: float, *, start: float = 0.0, unrest: float = 0.4
) -> None:
    for n in range(count):
        sheet.stamp(motif, 360 * (n + start) / count - 180, along, unrest_mm=unrest)


def _width(count: int, along: float) -> float:
    return float(2 * np.pi * radius_along(np.array([along]))[0] / count)


def _paint(sheet: Sheet) -> None:
    top, foot = along_of(353.0), along_of(11.0)
    for y, half in ((9.5, 0.6), (25.0, 0.5), (27.0, 0.5), (84.5, 0.5), (86.8, 0.6), (106.0, 0.6), (108.4, 0.5),
                    (199.5, 0.5), (202.0, 0.6), (243.0, 0.6), (245.2, 0.5), (262.0, 0.5), (264.2, 0.6),
                    (355.5, 0.5), (374.0, 0.9)):  # fmt: skip
        sheet.ring(along_of(y), half)
    _all_round(sheet, _classic_scroll(_width(15, foot), 13), 15, foot)
    at = along_of(29.0)
    _all_round(sheet, _lappet(_width(10, along_of(46.0)) - 1.8, along_of(82.5) - at), 10, at, start=0.5)
    _paint_waves(sheet)
    _paint_dragons(sheet)
    middle = (along_of(202.0) + along_of(243.0)) / 2
    vine = _scroll_with_blossom(_width(6, middle))
    for n in range(6):
        period = Motif()
        period.add(vine, (0, 0), turn_deg=180.0 * (n % 2))
        sheet.stamp(period, 60 * n - 150, middle, unrest_mm=0.4)
    at = along_of(247.0)
    _all_round(sheet, _classic_scroll(_width(12, at), 13), 12, at)
    at = along_of(265.5)
    width = _width(8, along_of(300.0))
    _all_round(sheet, _plantain(width, top - at - 8, is_behind=True), 8, at, start=0.0)
    _all_round(sheet, _plantain(width * 0.97, top - at, is_behind=False), 8, at, start=0.5)
    at = along_of(358.0)
    _all_round(sheet, _classic_scroll(_width(14, at), 12), 14, at)


def _paint_waves(sheet: Sheet) -> None:
    bottom, count = along_of(88.0), 22
    rows = np.linspace(0, along_of(105.0) - bottom - 8, 4)[::-1]
    for row, rise in enumerate(rows):
        motif = _waves(_width(count, bottom) * 1.02, 8.5)
        _all_round(sheet, motif, count, bottom + rise, start=0.5 * (row % 2), unrest=0.3)


def _paint_dragons(sheet: Sheet) -> None:
    middle = (along_of(108.4) + along_of(199.5)) / 2
    clouds = (
        (-4, -38, 0.8, False), (26, 38, 0.4, True), (49, -6, 0.25, True), (-64, -41, 0.4, True),
        (64, -38, 0.6, False), (-16, 33, 0.5, False), (22, -37, 0.5, False), (6, -14, 0.2, False), (92, -22, 0.5, True),
        (-78, -12, 0.3, False), (84, 24, 0.25, True), (-92, 37, 0.3, True), (-28, -40, 0.4, True),
        (100, 38, 0.4, False), (40, 40, 0.3, False), (44, -39, 0.3, True),
    )  # fmt: skip
    for turn in (24.0, 204.0):
        for angle, rise, tail, is_flipped in clouds:
            sheet.stamp(cloud(tail), angle + turn, middle + rise, flip=is_flipped)
        sheet.stamp(dragon(), turn, middle, unrest_mm=0.7)
        sheet.stamp(pearl(), turn - 84, middle + 8)


@lru_cache(maxsize=1)
def painting() -> F4:
    """Return the cobalt (height, width) float32, 0 none to 1 most: column by angle from -pi, row along the profile.

    The brush is a full one: wash runs in streaks, lines fill and starve, and pigment heaps up in dark spots.
    """
    sheet = Sheet(SIZE_PX, LENGTH_MM, radius_along)
    _paint(sheet)
    wash, line = sheet.layers()
    random = np.random.default_rng(1351)
    grain = random.standard_normal(wash.shape).astype(np.float32)

    def cloudy(across: float, along: float) -> F4:
        noise = gaussian_filter(grain, (along, across), mode="wrap")
        return np.asarray(noise / noise.std(), np.float32)

    streaks, pools, heaps = cloudy(14, 2.2), cloudy(26, 16), cloudy(3.4, 2.4)
    wash = gaussian_filter(wash, (1.2, 2.2), mode=_EDGES) * (1 + 0.16 * streaks + 0.12 * pools)
    line = gaussian_filter(line, (0.7, 1.2), mode=_EDGES) * np.clip(0.93 + 0.1 * pools + 0.05 * streaks, 0.6, 1.1)
    ink = 1 - (1 - np.clip(wash, 0, 1)) * (1 - np.clip(line, 0, 1))
    heaped = np.clip(0.9 * heaps + 0.6 * pools - 1.6, 0, 1) * np.clip(2.2 * ink - 0.9, 0, 1)
    run = gaussian_filter(ink, (4, 7), mode=_EDGES)
    return np.asarray(np.clip(0.82 * ink + 0.1 * run + 0.4 * heaped, 0, 1.0), np.float32)
