"""The crown of the stele: a pointed panel for the title among clouds, six dragons about it, a pearl above."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._carving import swirls, within
from exhibit.capture.objects._stele_dragons import FACE, distance_to_dragons
from exhibit.geometry.distance_fields import capsule, ellipsoid, extruded, smooth_union, sphere
from exhibit.model.arrays import F8

# about the middle of the slab's top edge, metres; both sides and both faces are folded onto +x and +z
ARCH_Y: Final = 0.25
ARCH_RADIUS: Final = 0.285
PANEL_MIDDLE_Y: Final = 0.178
PANEL_FACE: Final = FACE + 0.012
_HALF_PANEL: Final = 0.121
_PANEL_FOOT: Final = 0.045


def panel(u: F8, v: F8) -> F8:
    """Return the plane distance (n,) to the panel with its pointed top."""
    side = np.maximum(np.abs(u) - _HALF_PANEL, _PANEL_FOOT - v)
    arch = np.hypot(np.abs(u) + 0.079, np.maximum(v - 0.235, 0)) - 0.2
    return np.asarray(np.maximum(side, arch))


def _core(at: F8) -> F8:
    x, y, z = at.T
    outline = np.where(y > ARCH_Y, np.hypot(x, y - ARCH_Y), np.abs(x)) - ARCH_RADIUS
    core = extruded(np.maximum(outline, -y - 0.03), z, FACE, 0.004)
    near = np.flatnonzero(np.abs(core) < 0.012)
    core[near] -= 0.0045 * swirls(x[near], y[near], 0.062)
    inside = panel(x, y)
    near = np.abs(z) - PANEL_FACE
    raised = np.maximum(
        inside, near - np.where(inside > -0.014, 0.009, 0.0) * np.clip(1 - (inside + 0.014) / 0.014, 0, 1)
    )
    frame = np.maximum(np.abs(inside + 0.006) - 0.007, near - 0.01)
    return np.asarray(np.minimum(core, np.minimum(np.maximum(raised, -np.abs(z)), frame)))


def distance_to_crown(at: F8) -> F8:
    """Return the distance (n,), metres, to the crown standing on y = 0, its front towards +z."""
    both = np.abs(at)
    both[:, 1] = at[:, 1]
    crown = smooth_union(_core(at), distance_to_dragons(at), 0.006)
    return np.minimum(crown, within(both, (0.0, 0.38, 0.05), (0.05, 0.535, 0.14), 0.02, _pearl))


def _pearl(at: F8) -> F8:
    ball = sphere(at, (0.0, 0.445, FACE + 0.02), 0.033)
    for foot, bend, end in ((0.004, -0.006, 0.004), (0.02, 0.036, 0.028)):
        ball = smooth_union(ball, capsule(at, (foot, 0.46, 0.1), (bend, 0.495, 0.108), 0.011, 0.008), 0.004)
        ball = smooth_union(ball, capsule(at, (bend, 0.495, 0.108), (end, 0.525, 0.122), 0.008, 0.002), 0.004)
    return smooth_union(ball, ellipsoid(at, (0.0, 0.413, FACE), (0.034, 0.012, 0.02)), 0.006)
