"""What is cast on the ding: the mask on its ground, the cicada blades of the legs, the flanges, the inscription.

Millimetres. Half of each ornament is drawn; it is mirrored where it is wrapped about the vessel. Forms after late Shang
bronzes: R. Bagley, Shang Ritual Bronzes in the Arthur M. Sackler Collections (1987), on the taotie and the leiwen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._relief_sheet import Relief, Sheet, curve, spirals, tapered
from exhibit.model.arrays import F8

SLOPE: Final = 1.15
"""Of the sides of raised forms, at their middle; their steepest is half as much again."""
HALF_MASK: Final = 94.25
"""From the nose to the flange between two masks, along the wall."""
GROUND_DEPTH: Final = 1.0
_TILE: Final = 14.75


def mask_sheet() -> Sheet:
    """Draw half a mask and its body: u from the nose sideways, v upwards from the middle of the band."""
    relief = Relief((0.0, -62.0), (HALF_MASK, 44.0), 0.2, SLOPE)
    _draw_face(relief)
    _draw_body(relief)
    _draw_borders(relief)
    across, along = np.meshgrid(relief.us, relief.vs)
    ground = spirals(across.ravel(), along.ravel() + 29.5, _TILE, SLOPE, GROUND_DEPTH).reshape(across.shape)
    relief.fill_ground(np.where(np.abs(along) < 28.2, ground, 0.0), 0.9)
    return relief.sheet()


def _draw_face(relief: Relief) -> None:
    # forehead plate, bridge, nostril
    relief.raise_outline(np.array([(0, 27), (3.5, 25.5), (8.5, 17), (5.5, 9), (6.0, -3), (7, -9), (0, -9)], float), 2.6)
    nostril = curve([(4, -8), (9, -8.5), (13.5, -12), (12.5, -17), (8, -17.5), (6.5, -14.5)])
    relief.raise_stroke(nostril, tapered(nostril, 3.4, 3.0, 2.6, 1.6), 3.4, groove=0.55)
    # horn: rises from the forehead, runs outwards, curls in
    horn = curve([(13.5, 13.0), (12.5, 19), (16, 24.3), (25, 25.6), (37, 25), (45.5, 21.5), (46.6, 15.6), (41.5, 12.6),
                  (36.5, 15), (37.5, 18.6)])  # fmt: skip
    relief.raise_stroke(horn, tapered(horn, 2.2, 3.0, 3.5, 3.7, 3.7, 3.5, 3.0, 2.2, 1.4), 4.2, groove=0.6)
    # brow
    brow = curve([(11, 8.5), (20, 11.8), (30, 11.5), (38, 7.8)])
    relief.raise_stroke(brow, tapered(brow, 1.0, 2.0, 2.1, 1.1), 2.8)
    # almond of the eye with its hooked corners
    almond = np.vstack([
        curve([(11.0, -6.5), (14.5, 0.5), (20, 6.3), (27, 8.4), (34, 6.4), (39.5, 2.6), (44.0, 3.2)]),
        curve([(44.0, 3.2), (39.5, -2.6), (33, -6.2), (26, -7.6), (19, -5.6), (14.5, -4.8), (11.0, -6.5)]),
    ])  # fmt: skip
    relief.raise_outline(almond, 2.0)
    relief.cut_stroke(curve([(14.8, -2.8), (18.2, -1.6)]), 0.55, 0.8)
    relief.cut_stroke(curve([(36.2, 0.6), (40.2, 0.9)]), 0.55, 0.8)
    relief.raise_dome((26.8, 0.6), (8.0, 7.2), 6.2)
    relief.cut_stroke(np.array([(22.6, 0.6), (31.0, 0.6)]), 1.15, 1.4)
    # ear
    ear = curve([(46.5, 6.0), (51.5, 10.5), (55.5, 8.2), (57, 2.0), (53, -0.8), (48.5, 1.6), (46.5, 6.0)])
    relief.raise_outline(ear, 3.0)
    relief.cut_stroke(curve([(48.8, 5.2), (52, 7.4), (54, 4.6), (52.6, 2.2), (51, 3.6)]), 0.55, 0.8)
    # cheek and upper jaw, curling up at its end; fangs; lower lip
    cheek = curve([(18, -9.8), (28, -11.6), (37, -9.6), (43, -5.2), (45.4, -7.5)])
    relief.raise_stroke(cheek, tapered(cheek, 0.8, 1.7, 1.8, 1.5, 0.9), 2.6)
    jaw = curve([(14.5, -19.8), (22, -17.8), (31, -17.2), (39, -16.2), (46, -13.4), (50.5, -16.5), (49.5, -22.0),
                 (44.6, -22.4), (43.6, -19.4)])  # fmt: skip
    relief.raise_stroke(jaw, tapered(jaw, 2.2, 2.8, 2.9, 2.9, 2.8, 2.6, 2.2, 1.4), 3.6, groove=0.6)
    for at, width, tip in ((17.6, 2.4, -28.2), (25.2, 2.0, -26.6), (31.6, 1.7, -25.6)):
        fang = np.array([(at - width, -20), (at + width, -19.6), (at + 0.4 * width, -24), (at - 0.7, tip)])
        relief.raise_outline(fang, 2.6)
    chin = curve([(3.0, -21.5), (8, -22), (11, -25.2), (6.5, -27.5), (2.8, -27)])
    relief.raise_stroke(chin, tapered(chin, 1.8, 1.6, 1.5, 1.2), 2.6)
    hook = curve([(37.5, -26.8), (45, -27.2), (52, -26.8), (55.0, -23.6)])
    relief.raise_stroke(hook, tapered(hook, 1.0, 1.6, 1.7, 1.0), 2.4)


def _draw_body(relief: Relief) -> None:
    # body: out from behind the ear, up, over, its tail curled in
    body = curve([(55.5, -6.0), (60.5, -1.0), (63.5, 7.5), (66.5, 17.0), (74, 23.4), (83.5, 22.8), (87.6, 16.6),
                  (84.0, 11.0), (77.8, 11.8), (77.6, 16.4)])  # fmt: skip
    relief.raise_stroke(body, tapered(body, 2.6, 3.4, 3.4, 3.2, 3.0, 2.6, 2.2, 1.3), 3.4, groove=0.6)
    quill = curve([(52.0, 15.8), (55.5, 21.5), (60.5, 25.6), (62.0, 20.6)])
    relief.raise_stroke(quill, tapered(quill, 1.0, 2.0, 1.7, 0.8), 2.6)
    # leg and claw
    leg = curve([(57.0, -8.0), (62.5, -11.5), (63.2, -18.0), (60.5, -23.0)])
    relief.raise_stroke(leg, tapered(leg, 2.8, 3.0, 2.6, 2.2), 3.2, groove=0.55)
    for tip in ((57.6, -27.4), (62.8, -27.8), (67.8, -26.0)):
        claw = curve([(60.8, -22.6), ((60.8 + tip[0]) / 2 + 0.8, -24.0), tip])
        relief.raise_stroke(claw, tapered(claw, 1.7, 1.4, 0.8), 2.8)
    # a small dragon, head down, before the flange
    relief.raise_dome((80.6, -17.4), (3.6, 3.4), 3.4)
    dragon = curve(
        [(73.5, -25.6), (75.0, -20.4), (80.5, -12.6), (87, -16.5), (87.2, -22.8), (83.2, -26.4), (79.6, -24.6)]
    )
    relief.raise_stroke(dragon, tapered(dragon, 1.2, 1.9, 2.2, 2.1, 1.8, 1.2), 2.8)
    back = curve([(81.0, -10.5), (78.5, -4.0), (82.5, 2.0), (88.0, 1.4), (88.4, -3.4), (85.0, -4.4)])
    relief.raise_stroke(back, tapered(back, 2.0, 2.2, 2.1, 1.8, 1.2), 2.8)
    plume = curve([(69.5, -4.5), (71.0, 2.0), (74.5, 6.0), (79.0, 6.4)])
    relief.raise_stroke(plume, tapered(plume, 1.0, 1.9, 1.6, 0.8), 2.6)
    plume = curve([(68.5, -20.0), (70.4, -13.0), (70.0, -9.0)])
    relief.raise_stroke(plume, tapered(plume, 1.0, 1.6, 0.8), 2.4)


def _draw_borders(relief: Relief) -> None:
    for v in (-30.0, 30.0):
        relief.raise_stroke(np.array([(-1.0, v), (HALF_MASK + 1, v)]), 0.9, 1.3)
    for v in (-38.2, 38.2):
        relief.raise_stroke(np.array([(-1.0, v), (HALF_MASK + 1, v)]), 0.8, 1.0)
    for n in range(15):
        u = HALF_MASK * (n + 0.5) / 15
        for v in (-34.1, 34.1):
            relief.raise_dome((u, v), (2.3, 2.3), 1.2)
            relief.cut_stroke(np.array([(u, v), (u + 0.01, v)]), 0.5, 0.7)
    # where two pieces of the mould met
    relief.raise_stroke(np.array([(HALF_MASK, -62.0), (HALF_MASK, -40.0)]), 0.8, 0.8)


def blade_sheet() -> Sheet:
    """Draw half a hanging blade with a cicada in it: u from its middle sideways, v the height above the soles."""
    relief = Relief((0.0, 0.0), (14.0, 100.0), 0.2, SLOPE)
    relief.raise_stroke(np.array([(-1.0, 84.0), (15, 84.0)]), 1.0, 1.2)
    relief.raise_stroke(np.array([(-1.0, 79.6), (15, 79.6)]), 0.9, 1.0)
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
    return relief.sheet()


def flange_outline() -> F8:
    """Return the side view (m, 2) of a flange: u outwards from the wall's middle radius, v along the band."""
    teeth = [(-6.0, -30.5), (4.5, -30.5), (6.8, -28.5)]
    for middle in (-21.0, -11.5, 0.0, 11.5, 21.0):
        teeth += [(7.2, middle - 2.6), (4.4, middle - 1.5), (4.4, middle + 1.5), (7.2, middle + 2.6)]
    return np.array([*teeth, (7.0, 28.5), (4.5, 30.5), (-6.0, 30.5)])


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
