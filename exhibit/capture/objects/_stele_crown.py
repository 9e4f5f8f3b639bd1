"""The crown of the stele: two dragons wound about its rim, two facing over a pointed panel."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._brush import spline
from exhibit.capture.objects._carving import dragon_head, rope, scales, swirls, within
from exhibit.geometry.distance_fields import capsule, ellipsoid, extruded, smooth_union, sphere
from exhibit.model.arrays import F8

# about the middle of the slab's top edge, metres; both sides and both faces are folded onto +x and +z
ARCH_Y: Final = 0.25
ARCH_RADIUS: Final = 0.285
_FACE: Final = 0.078
PANEL_MIDDLE_Y: Final = 0.178
PANEL_FACE: Final = _FACE + 0.012
_HALF_PANEL: Final = 0.121
_PANEL_FOOT: Final = 0.045
_BODY: Final = spline(
    [(0.15, 0.012), (0.19, 0.03), (0.212, 0.075), (0.19, 0.12), (0.165, 0.165), (0.175, 0.215), (0.205, 0.26),
     (0.203, 0.315), (0.178, 0.362), (0.13, 0.395)], 3,
)  # fmt: skip
_RADII: Final = np.interp(np.linspace(0, 1, len(_BODY)), [0, 0.15, 0.45, 0.8, 1], [0.007, 0.017, 0.029, 0.029, 0.022])
_LIFT: Final = 0.016 + 0.012 * np.sin(np.linspace(0, 9.5, len(_BODY)))


def panel(u: F8, v: F8) -> F8:
    """Return the plane distance (n,) to the panel with its pointed top."""
    side = np.maximum(np.abs(u) - _HALF_PANEL, _PANEL_FOOT - v)
    arch = np.hypot(np.abs(u) + 0.079, np.maximum(v - 0.235, 0)) - 0.2
    return np.asarray(np.maximum(side, arch))


def _rim(at: F8) -> F8:
    """Return the distance to the two bodies that wind about each other along the rim."""
    x, y, z = np.abs(at[:, 0]), at[:, 1], at[:, 2]
    rise = np.maximum(y - ARCH_Y, 0)
    off = np.hypot(x, rise) - ARCH_RADIUS
    run = np.where(
        y > ARCH_Y, ARCH_RADIUS * np.arctan2(x, np.maximum(rise, 1e-9)), 0.5 * np.pi * ARCH_RADIUS + ARCH_Y - y
    )
    signed = run * np.sign(at[:, 0] + 1e-12)
    nearest = np.full(len(at), np.inf)
    turn = 2 * np.pi * signed / 0.61
    for phase in (0.0, np.pi):
        w = z - 0.056 * np.cos(turn + phase)
        e = off - 0.012 - 0.03 * np.sin(turn + phase)
        around = np.arctan2(w, e)
        body = np.hypot(e, w) - 0.049
        close = np.abs(body) < 0.03
        relief = np.zeros(len(at))
        relief[close] = scales(run[close] + 0.3, around[close] * 0.0468, 0.0294)
        fin = (
            np.exp(-((around / 0.26) ** 2))
            * (0.55 + 0.45 * np.abs(np.sin(run * np.pi / 0.05)))
            * np.clip(1 - np.abs(body) / 0.03, 0, 1)
        )
        body = body - 0.011 * fin
        nearest = smooth_union(nearest, body - 0.0035 * relief, 0.006) if phase else body - 0.0035 * relief
    return np.asarray(np.maximum(nearest, 0.075 - y) * 0.75)


def _hanging_head(at: F8) -> F8:
    away = at - np.array([0.305, 0.06, 0.06])
    length = 0.118
    ahead, up = np.array([0.2, -0.98, 0.0]), np.array([0.98, 0.2, 0.0])
    frame = np.column_stack([away @ ahead, away @ up, away[:, 2]]) / length
    return dragon_head(frame) * length * 0.95


def _facing_dragon(at: F8) -> F8:
    path = np.column_stack([_BODY, _FACE + _LIFT])
    body, along, aside = rope(at, path, _RADII)
    close = np.abs(body) < 0.02
    body[close] -= 0.0028 * scales(0.6 - along[close], aside[close], 0.0185)
    for knee in (
        ((0.2, 0.3, 0.1), (0.165, 0.335, 0.115), (0.128, 0.305, 0.105)),
        ((0.2, 0.1, 0.1), (0.16, 0.08, 0.115), (0.125, 0.115, 0.105)),
        ((0.19, 0.25, 0.1), (0.235, 0.235, 0.112), (0.25, 0.19, 0.1)),
    ):
        body = smooth_union(body, capsule(at, knee[0], knee[1], 0.02, 0.015), 0.012)
        body = smooth_union(body, capsule(at, knee[1], knee[2], 0.014, 0.011), 0.006)
        foot = np.array(knee[2])
        way = (foot - np.array(knee[1])) / np.linalg.norm(foot - np.array(knee[1]))
        for spread in (-0.9, 0.0, 0.9):
            toe = foot + 0.024 * (way + spread * np.array([-way[1], way[0], 0.0]))
            body = np.minimum(body, capsule(at, knee[2], tuple(toe - [0, 0, 0.004]), 0.009, 0.005))
    away = at - np.array([0.107, 0.411, _FACE + 0.022])
    length = 0.08
    ahead, up = np.array([-0.985, 0.17, 0.0]), np.array([0.17, 0.985, 0.0])
    frame = np.column_stack([away @ ahead, away @ up, away[:, 2]]) / length
    return smooth_union(body, dragon_head(frame) * length * 0.95, 0.01) * 0.88


def _core(at: F8) -> F8:
    x, y, z = at.T
    outline = np.where(y > ARCH_Y, np.hypot(x, y - ARCH_Y), np.abs(x)) - ARCH_RADIUS
    core = extruded(np.maximum(outline, -y - 0.03), z, _FACE, 0.004)
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
    crown = np.minimum(_core(at), _rim(at))
    crown = np.minimum(crown, within(both, (0.2, -0.08, 0.0), (0.385, 0.19, 0.125), 0.02, _hanging_head))
    crown = np.minimum(crown, within(both, (0.02, 0.0, 0.05), (0.275, 0.475, 0.135), 0.02, _facing_dragon))
    return np.minimum(crown, within(both, (0.0, 0.38, 0.05), (0.05, 0.525, 0.125), 0.02, _pearl))


def _pearl(at: F8) -> F8:
    ball = sphere(at, (0.0, 0.432, _FACE + 0.014), 0.029)
    for foot, bend, end in ((0.004, -0.006, 0.004), (0.02, 0.036, 0.028)):
        ball = smooth_union(ball, capsule(at, (foot, 0.45, 0.092), (bend, 0.485, 0.092), 0.011, 0.008), 0.004)
        ball = smooth_union(ball, capsule(at, (bend, 0.485, 0.092), (end, 0.515, 0.088), 0.008, 0.002), 0.004)
    return smooth_union(ball, ellipsoid(at, (0.0, 0.405, _FACE), (0.03, 0.012, 0.02)), 0.006)
