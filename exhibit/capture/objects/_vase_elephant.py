"""The vase's handles: an elephant's head on the neck, its trunk curled back to make the loop. Millimetres.

In the frame of one handle: x away from the vase's axis, y up, z to either side. After the David Vases, British Museum
PDF,B.613 and PDF,B.614.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._brush import spline
from exhibit.geometry.distance_fields import ellipsoid, smooth_cut, smooth_union, tube
from exhibit.model.arrays import F8

MIDDLE: Final = (54.0, 308.0, 0.0)
HALF: Final = (25.0, 42.0, 27.0)
_TRUNK_KNOTS: Final = np.array([
    (53, 331), (62, 327.5), (68.2, 319), (71.2, 308), (70.6, 297), (66.6, 286.5), (59.4, 279.2), (50.6, 276.2),
    (43.0, 278.2), (38.4, 284.0), (35.0, 289.5),
], dtype=float)  # fmt: skip
_TRUNK: Final = np.column_stack([spline(_TRUNK_KNOTS, 4), np.zeros(41)])
_TRUNK_RADII: Final = np.interp(
    np.linspace(0, 10, 41), np.arange(11), [9.0, 8.4, 7.3, 6.2, 5.5, 5.0, 4.7, 4.5, 4.4, 4.5, 4.2]
)
_LOOP: Final = (47.0, 301.0)
_RING_DEG: Final = 9.0
_TUSK: Final = np.column_stack([
    spline([(59.0, 322.5), (63.0, 315.5), (68.0, 311.2), (73.0, 310.4)], 4),
    np.interp(np.linspace(0, 3, 13), np.arange(4), [5.2, 7.8, 9.4, 10.2]),
])  # fmt: skip
_TUSK_RADII: Final = np.linspace(2.5, 1.1, 13)
_BROW: Final = np.array([(54.0, 337.2, 8.8), (57.5, 338.2, 8.6), (61.0, 337.0, 7.8), (63.4, 333.2, 7.2)])
_EYE: Final = (58.6, 333.8, 8.2)
_EAR_MIDDLE: Final = np.array([44.5, 327.5, 15.0])
_EAR_RADII: Final = (11.5, 15.5)
_EAR_TURN: Final = 0.5
_EAR_HALF: Final = 1.35


def _run(at: F8) -> F8:
    """Return where along the trunk a place lies: degrees about the middle of the loop, falling from the brow."""
    return np.degrees(np.arctan2(at[:, 1] - _LOOP[1], at[:, 0] - _LOOP[0]))


def _rings(at: F8) -> F8:
    """Return the wrinkles across the trunk, 0 in the fold to 1, deep in front, dying away to brow and tip."""
    run = _run(at)
    fold = np.abs(np.sin(np.pi * (run + 0.25 * np.abs(at[:, 2])) / _RING_DEG))
    share = np.clip((62.0 - run) / 30.0, 0, 1) * np.clip((run + 125.0) / 30.0, 0, 1)
    return np.asarray(1.0 - share * (1.0 - fold))


def _on_ear(at: F8) -> tuple[F8, F8, F8, F8]:
    """Return places about an ear: forward, up, out of its blade, and how far towards its lobed rim (1)."""
    away = np.column_stack([at[:, 0], at[:, 1], np.abs(at[:, 2])]) - _EAR_MIDDLE
    # the blade stands off the head towards the back
    forward = np.cos(_EAR_TURN) * away[:, 0] - np.sin(_EAR_TURN) * away[:, 2]
    out = np.sin(_EAR_TURN) * away[:, 0] + np.cos(_EAR_TURN) * away[:, 2]
    up = away[:, 1] + 0.18 * forward
    # broad above, drawn to a lobe below
    wide = _EAR_RADII[0] * (1.0 + 0.022 * np.clip(up, -16, 10))
    turn = np.arctan2(up / _EAR_RADII[1], forward / wide)
    lobes = 1.0 + 0.045 * np.cos(5 * turn + 0.6) * (forward < 2)
    return forward, up, out, np.hypot(forward / wide, up / _EAR_RADII[1]) / lobes


def _ear(at: F8) -> F8:
    _, _, out, share = _on_ear(at)
    # a dish whose rim curls outwards
    blade = np.abs(out - 2.6 * np.clip(share, 0, 1.1) ** 3 + 0.8) - _EAR_HALF
    edge = (share - 1.0) * 10.0
    return -smooth_union(-blade, -edge, 2.0) * 0.85


def distance_to_elephant(at: F8) -> F8:
    """Return the distance (n,) of places (n, 3) in the handle's frame."""
    sides = np.column_stack([at[:, 0], at[:, 1], np.abs(at[:, 2])])
    head = ellipsoid(at, (48.0, 331.5, 0), (13.5, 12.0, 10.4))
    head = smooth_union(head, ellipsoid(sides, (51.5, 340.0, 4.2), (8.0, 5.6, 5.0)), 3.0)
    head = smooth_union(head, ellipsoid(sides, (52.0, 323.0, 4.6), (8.5, 7.0, 5.2)), 4.0)
    lip = np.array([(51.0, 318.5, 0), (56.5, 314.0, 0), (60.0, 312.6, 0)])
    head = smooth_union(head, tube(at, lip, np.array([4.4, 3.0, 1.6])), 2.5)
    # the hollow of the temple and the socket of the eye
    head = smooth_cut(head, ellipsoid(sides, (54.5, 330.6, 13.4), (4.4, 4.6, 4.2)), 2.0)
    head = smooth_cut(head, ellipsoid(sides, (58.8, 334.0, 10.8), (4.8, 3.3, 3.0)), 1.2)
    trunk = tube(at, _TRUNK, _TRUNK_RADII) + 0.45 * (1.0 - _rings(at))
    head = smooth_union(head, trunk, 4.5)
    head = smooth_union(head, tube(sides, _BROW, np.array([0.5, 1.0, 1.0, 0.4])), 2.0)
    head = smooth_union(head, ellipsoid(sides, _EYE, (3.6, 2.1, 1.7)), 0.5)
    head = smooth_union(head, tube(sides, _TUSK, _TUSK_RADII), 1.2)
    return smooth_union(head, _ear(at), 2.0) * 0.93


def ink_on_elephant(at: F8) -> F8:
    """Return the cobalt (n,) on a handle: washed crown, folds of the trunk, veined ears, long eyes."""
    u, v, w = at[:, 0], at[:, 1], np.abs(at[:, 2])
    sides = np.column_stack([u, v, w])
    streak = 0.8 + 0.2 * np.sin(u * 1.1 + 0.7 * v + 0.5 * np.sin(v))
    crown = np.clip((v - 330.0) / 14.0, 0, 1) * streak
    ink = 0.12 + 0.36 * crown
    run, fold = _run(at), _rings(at)
    front = np.clip(1.5 - w / 4.5, 0.3, 1.0)
    on_trunk = (run < 58) & (tube(at, _TRUNK, _TRUNK_RADII) < 1.5)
    ink = np.where(on_trunk, 0.10 + 0.10 * streak + 0.62 * np.clip(1.0 - 2.6 * fold, 0, 1) * front, ink)
    # the brow, and wrinkles under the eye
    brow = tube(sides, _BROW, 0.0)
    ink = np.maximum(ink, 0.75 * np.clip(1.8 - brow * 1.1, 0, 1) * (w > 5))
    for lower in (-4.2, -6.8):
        wrinkle = np.abs(v - 334.0 - lower - 0.05 * (u - 60.0) ** 2)
        ink = np.maximum(ink, 0.6 * np.clip(1.3 - 1.6 * wrinkle, 0, 1) * (u > 56.0) * (u < 64.0) * (w > 4))
    # a long eye under a heavy lid
    along, rise = u - _EYE[0], v - _EYE[1]
    eye = np.hypot(along / 1.9, rise)
    lid = rise + 0.07 * along**2 - 0.9
    iris = np.hypot(along - 1.3, rise - 0.1) < 1.2
    ink = np.where((w > 5) & (eye < 2.3), np.where((lid > 0) | (eye > 1.75) | iris, 0.94, 0.02), ink)
    forward, up, out, share = _on_ear(at)
    root = np.arctan2(up - 5.0, 12.0 - forward)
    spread = np.hypot(up - 5.0, 12.0 - forward)
    vein = np.abs(np.sin(6.5 * root + 0.3 * np.sin(0.5 * up))) * np.maximum(spread, 3.0) / 6.5
    blade = 0.20 + 0.25 * np.clip(share, 0, 1) ** 2 + 0.45 * np.clip(1.35 - 2.4 * vein, 0, 1)
    blade = np.maximum(blade, 0.85 * np.clip((share - 0.84) / 0.07, 0, 1))
    on_ear = (share < 1.2) & (np.abs(out - 2.6 * np.clip(share, 0, 1.1) ** 3 + 0.8) < 2.2) & (w > 8.5)
    ink = np.where(on_ear, blade, ink)
    return np.asarray(np.where(tube(sides, _TUSK, _TUSK_RADII) < 0.5, 0.02, ink))
