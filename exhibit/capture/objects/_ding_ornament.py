"""What is cast on the ding: the mask on its ground, the cicada blades of the legs, the flanges, the inscription.

Millimetres. Half of each ornament is drawn; it is mirrored where it is wrapped about the vessel. Forms after late Shang
bronzes: R. Bagley, Shang Ritual Bronzes in the Arthur M. Sackler Collections (1987), on the taotie and the leiwen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._ding_leiwen import leiwen
from exhibit.capture.objects._relief_sheet import Relief, Sheet, curve, tapered
from exhibit.model.arrays import F8

SLOPE: Final = 1.2
"""Of the sides of raised forms, at their middle; their steepest is half as much again."""
HALF_MASK: Final = 94.25
"""From the nose to the flange between two masks, along the wall."""
GROUND_DEPTH: Final = 1.0
_BAND: Final = (-37.0, 32.0)


def mask_sheet() -> Sheet:
    """Draw half a mask and its body: u from the nose sideways, v upwards from the middle of the band."""
    relief = Relief((0.0, -62.0), (HALF_MASK, 44.0), 0.2, SLOPE)
    _draw_face(relief)
    _draw_body(relief)
    _draw_dragon(relief)
    _draw_borders(relief)
    relief.fill_ground(leiwen(relief, _BAND[0] + 0.9, _BAND[1] - 0.9, GROUND_DEPTH), 0.0)
    return relief.sheet()


def _band(relief: Relief, path: F8, half_widths: tuple[float, ...], height: float) -> None:
    """Raise a flat band with a sunken line along it, as the mould cutter drew it."""
    relief.raise_stroke(path, tapered(path, *half_widths), height)
    relief.cut_stroke(path[4:-3], 0.6, 0.8)


def _draw_face(relief: Relief) -> None:
    # forehead shield, bridge, nostril
    shield = [(0, 30), (3.2, 29), (9.0, 19), (5.6, 12), (6.2, 3), (7.4, -6), (6.5, -14), (0, -14)]
    relief.raise_outline(np.array(shield, float), 2.6)
    relief.cut_stroke(np.array([(4.4, 23.5), (6.6, 19), (4.2, 14.5)], float), 0.55, 0.8)
    nostril = curve([(4, -13), (9, -13), (13, -16.5), (12, -21.5), (7.6, -22), (6.4, -19)])
    _band(relief, nostril, (3.2, 3.0, 2.6, 1.6), 3.2)
    # horn: rises from the forehead, runs outwards, curls in
    horn = curve([(13.2, 15.0), (13.2, 22.0), (17.0, 27.2), (26, 28.2), (38, 28.0), (45.6, 25.2), (47.6, 19.0),
                  (43.8, 14.8), (38.6, 15.8), (38.4, 19.2)])  # fmt: skip
    _band(relief, horn, (2.0, 2.7, 2.9, 3.0, 3.0, 2.9, 2.6, 2.1, 1.3), 2.8)
    # brow
    brow = curve([(12.5, 7.0), (18.5, 11.2), (27, 12.4), (35.5, 10.4), (42.5, 6.6)])
    relief.raise_stroke(brow, tapered(brow, 1.0, 1.7, 1.9, 1.7, 0.9), 2.4)
    # almond of the eye with its hooked corners
    almond = np.vstack([
        curve([(11.5, -7.0), (14.5, 0.5), (20, 6.3), (27, 8.6), (34, 6.4), (39.5, 2.6), (44.0, 3.0)]),
        curve([(44.0, 3.0), (39.5, -2.6), (33, -6.2), (26, -7.6), (19, -5.6), (15, -5.0), (11.5, -7.0)]),
    ])  # fmt: skip
    relief.raise_outline(almond, 1.8)
    relief.cut_stroke(curve([(14.8, -3.0), (18.0, -1.6)]), 0.55, 0.8)
    relief.cut_stroke(curve([(36.4, 0.6), (40.4, 0.9)]), 0.55, 0.8)
    relief.raise_dome((26.8, 0.6), (8.0, 7.2), 6.2)
    relief.cut_stroke(np.array([(22.6, 0.6), (31.0, 0.6)]), 1.15, 1.4)
    # ear
    ear = curve([(47.5, 5.0), (51.5, 10.0), (56.0, 8.0), (57, 1.5), (53.5, -1.8), (49.0, 0.4), (47.5, 5.0)])
    relief.raise_outline(ear, 2.8)
    relief.cut_stroke(curve([(50.2, 4.8), (52.8, 6.6), (54.4, 4.0), (52.8, 1.6)]), 0.6, 0.8)
    # upper jaw, curling up at its end; fangs; chin
    jaw = curve([(15.0, -22.6), (23, -21.6), (32, -21.4), (40.5, -20.6), (47.0, -21.6), (49.6, -26.6), (45.8, -30.8),
                 (41.0, -29.6)])  # fmt: skip
    _band(relief, jaw, (2.0, 2.6, 2.7, 2.6, 2.5, 2.2, 1.4), 2.8)
    for at, width, tip in ((18.2, 2.5, -33.4), (26.6, 2.1, -30.6)):
        fang = np.array([(at - width, -23), (at + width, -22.6), (at + 0.4 * width, -28), (at - 0.8, tip)])
        relief.raise_outline(fang, 2.4)
    chin = curve([(3.0, -26.5), (8.4, -26.8), (11.4, -30.2), (7.0, -33.4), (3.0, -33)])
    relief.raise_stroke(chin, tapered(chin, 1.9, 1.7, 1.6, 1.3), 2.4)


def _draw_body(relief: Relief) -> None:
    # body: out from behind the ear, up, over, its tail curled in
    body = curve([(51.0, -8.4), (57.5, -7.2), (62.8, -1.2), (63.6, 8.0), (65.6, 18.0), (72.5, 26.0), (82.0, 26.8),
                  (88.0, 21.4), (86.0, 14.6), (79.4, 13.6), (77.8, 18.0)])  # fmt: skip
    _band(relief, body, (1.8, 2.6, 2.7, 2.6, 2.6, 2.5, 2.4, 2.0, 1.3), 2.6)
    # leg and claw
    leg = curve([(54.5, -9.0), (58.4, -14.5), (59.6, -21.0), (58.0, -26.0)])
    _band(relief, leg, (2.2, 2.5, 2.3, 2.1), 2.5)
    for tip in ((53.8, -32.0), (59.0, -33.0), (64.2, -31.0)):
        claw = curve([(58.2, -25.6), ((58.2 + tip[0]) / 2 + 0.8, -27.6), tip])
        relief.raise_stroke(claw, tapered(claw, 1.8, 1.5, 0.9), 2.5)


def _draw_dragon(relief: Relief) -> None:
    """Raise the small dragon, head down, before the flange."""
    relief.raise_dome((81.4, -22.4), (3.9, 3.7), 3.6)
    snout = curve([(72.2, -23.4), (72.8, -29.4), (77.2, -31.6), (84.0, -31.4), (88.4, -28.0), (88.6, -21.0),
                   (85.4, -14.8), (79.6, -14.6)])  # fmt: skip
    _band(relief, snout, (1.3, 1.8, 2.0, 2.1, 2.2, 2.2, 2.0, 1.6), 2.5)
    back = curve([(86.6, -15.6), (87.4, -8.0), (86.0, -0.4), (79.0, 3.4), (72.6, 0.6), (73.2, -5.4), (77.6, -5.8)])
    _band(relief, back, (2.0, 2.1, 2.1, 2.0, 1.8, 1.2), 2.5)


def _draw_borders(relief: Relief) -> None:
    for v in (*_BAND, 40.6):
        relief.raise_stroke(np.array([(-1.0, v), (HALF_MASK + 1, v)]), 0.9, 1.2)
    for n in range(15):
        u = HALF_MASK * (n + 0.5) / 15
        relief.raise_dome((u, 36.3), (2.5, 2.5), 1.3)
        relief.cut_stroke(np.array([(u, 36.3), (u + 0.01, 36.3)]), 0.6, 0.8)
    # where two pieces of the mould met
    relief.raise_stroke(np.array([(HALF_MASK, -62.0), (HALF_MASK, -39.0)]), 0.8, 0.8)


def blade_sheet() -> Sheet:
    """Draw half a hanging blade with a cicada in it: u from its middle sideways, v the height above the soles."""
    relief = Relief((0.0, 0.0), (14.0, 100.0), 0.2, SLOPE)
    for v in (92.4, 79.6):
        relief.raise_stroke(np.array([(-1.0, v), (15, v)]), 0.9, 1.1)
    edge = curve([(12.2, 76.5), (11.6, 66), (8.6, 54), (4.2, 43.5), (0.0, 36.0)])
    relief.raise_stroke(edge, 1.0, 1.5)
    relief.raise_dome((4.6, 70.5), (2.9, 2.7), 2.2)
    relief.raise_outline(
        np.array([(0, 76), (2.0, 75), (2.4, 66), (6.0, 64), (5.2, 56), (2.2, 48), (0, 44.5)], float), 1.6
    )
    for v in (62.0, 58.6, 55.2, 51.8):
        relief.cut_stroke(curve([(-0.5, v - 1.2), (2.5, v), (5.5, v + 1.2)]), 0.5, 0.7)
    wing = curve([(7.6, 69.0), (8.6, 63), (7.4, 56.5)])
    relief.raise_stroke(wing, tapered(wing, 1.2, 1.2, 0.6), 1.3)
    # mould seam, down the side of the leg
    relief.raise_stroke(np.array([(13.3, 0.0), (13.3, 60.0)]), 0.6, 0.7)
    relief.fill_ground(leiwen(relief, 80.4, 91.6, GROUND_DEPTH), 0.0)
    return relief.sheet()


def flange_outline() -> F8:
    """Return the side view (m, 2) of a flange: u outwards from the wall's middle radius, v along the band."""
    low, high = _BAND[0] - 0.5, _BAND[1] + 0.5
    teeth = [(-6.0, low), (4.5, low), (6.8, low + 2.0)]
    for middle in np.linspace(low + 9.0, high - 9.0, 6):
        teeth += [(7.2, middle - 2.6), (4.4, middle - 1.5), (4.4, middle + 1.5), (7.2, middle + 2.6)]
    return np.array([*teeth, (7.0, high - 2.0), (4.5, high), (-6.0, high)])


def inscription_sheet() -> Sheet:
    """Draw how deep the inscription is sunk: u to the right and v upwards, as one reads it."""
    relief = Relief((-28.0, -36.0), (28.0, 36.0), 0.2, 1.0)
    deep = 1.6
    size = 18.5
    right, left = 12.0, -12.0

    def ink(places: list[tuple[float, float]], middle: tuple[float, float], *half_widths: float) -> None:
        path = curve([(middle[0] + size * (x - 0.5), middle[1] + size * (y - 0.5)) for x, y in places])
        relief.raise_stroke(path, 1.25 * tapered(path, *(half_widths or (0.85, 1.0, 0.85))), deep)

    dagger, made, father, fourth, vessel = (right, 22.5), (right, 0.8), (right, -20.5), (left, 22.0), (left, -4.0)
    ink([(0.52, 1.06), (0.5, 0.6), (0.5, 0.0)], dagger)
    ink([(0.02, 0.70), (0.3, 0.76), (0.6, 0.76)], dagger, 0.6, 1.7, 1.3)
    ink([(0.55, 0.76), (0.9, 0.72), (0.97, 0.45)], dagger, 1.1, 0.9, 0.7)
    ink([(0.27, -0.06), (0.5, 0.14), (0.73, -0.06)], dagger)
    ink([(0.33, 1.0), (0.12, 0.62)], made)
    ink([(0.22, 0.80), (0.92, 0.80)], made)
    ink([(0.46, 0.78), (0.46, 0.0)], made)
    ink([(0.46, 0.50), (0.88, 0.50)], made)
    ink([(0.46, 0.20), (0.88, 0.20)], made)
    ink([(0.22, 1.0), (0.25, 0.52)], father, 0.8, 1.9)
    ink([(0.08, 0.40), (0.45, 0.46), (0.72, 0.32), (0.86, -0.02)], father)
    ink([(0.42, 0.86), (0.70, 0.72), (0.72, 0.34)], father)
    ink([(0.16, 0.10), (0.40, 0.22), (0.60, 0.42)], father)
    relief.raise_stroke(np.array([(left - 0.5, fourth[1] - 0.4), (left + 0.5, fourth[1] + 0.4)]), 4.0, deep + 0.2)
    ink([(0.26, 1.16), (0.48, 1.02), (0.70, 1.18)], vessel, 0.7, 1.4, 0.8)
    ink([(0.5, 1.0), (0.5, 0.12)], vessel)
    ink([(0.20, 0.92), (0.24, 0.56), (0.5, 0.40), (0.76, 0.56), (0.80, 0.92)], vessel)
    ink([(0.22, 0.70), (0.78, 0.70)], vessel)
    ink([(-0.02, 0.40), (0.16, 0.16), (0.46, 0.04)], vessel)
    ink([(0.22, 0.36), (0.28, 0.14)], vessel)
    ink([(1.02, 0.40), (0.84, 0.16), (0.54, 0.04)], vessel)
    ink([(0.78, 0.36), (0.72, 0.14)], vessel)
    ink([(-0.06, 0.86), (-0.04, 0.72)], vessel, 0.9, 0.7)
    ink([(1.04, 0.86), (1.02, 0.72)], vessel, 0.9, 0.7)
    return relief.sheet()
