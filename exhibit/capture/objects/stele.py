"""A limestone stele: dragon crown, a poem by Wang Wei, a tortoise that bears it."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.modelled import Landmark, ModelledObject
from exhibit.capture.objects._carving import grass, within
from exhibit.capture.objects._finish import landmark_near
from exhibit.capture.objects._stele_crown import PANEL_FACE, PANEL_MIDDLE_Y, distance_to_crown, panel
from exhibit.capture.objects._stele_text import inside_stroke, size_of
from exhibit.capture.objects._stele_tortoise import distance_to_tortoise
from exhibit.geometry.distance_fields import box, ellipsoid, smooth_cut
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_SLAB_Z: Final = -0.10
_SLAB_HALF: Final = (0.3, 0.56, 0.085)
_SLAB_MIDDLE_Y: Final = 0.86
_FACE_Z: Final = _SLAB_Z + _SLAB_HALF[2]
_CROWN_Y: Final = 1.415
_TEXT_Y: Final = 0.925
_DEPTH: Final = 0.0065
_STONE: Final = np.array([0.635, 0.605, 0.54])
_CUT: Final = np.array([0.70, 0.665, 0.585])
_INKED: Final = np.array([0.215, 0.205, 0.195])


def _settled(points: F8) -> F8:
    """Return points as they were before the stone moved: nothing carved is quite straight or alike on both sides."""
    x, y, z = points.T
    share = np.clip(y / 0.3, 0, 1)
    return np.column_stack([
        x + share * (0.0035 * np.sin(2.6 * y + 5.0 * z + 0.4) + 0.003 * np.sin(9.0 * y + 1.0) * np.sin(7 * x)),
        y + share * (0.0045 * np.sin(6.5 * x + 1.1) + 0.003 * np.sin(11 * z + 4 * x)),
        z + 0.0035 * share * np.sin(3.1 * x + 1.7 * y),
    ])  # fmt: skip


def _groove(u: F8, v: F8, name: str) -> F8:
    """Return how deep (n,) the chisel went, metres: V-shaped."""
    return np.asarray(np.clip(1.25 * (inside_stroke(name, u, v) + 0.0006), 0.0, _DEPTH))


def _slab(at: F8) -> F8:
    x, y, z = at[:, 0], at[:, 1] - _SLAB_MIDDLE_Y, at[:, 2] - _SLAB_Z
    narrowed = np.column_stack([x * (1 + 0.025 * y), y, z])
    slab = box(narrowed, (0.0, 0.0, 0.0), _SLAB_HALF, 0.007)
    near = np.flatnonzero(np.abs(slab) < 0.02)
    x, y, z, d = x[near], at[near, 1], z[near], slab[near]
    fade = np.clip((0.02 - np.abs(d)) / 0.01, 0, 1)
    is_front = z > _SLAB_HALF[2] - 0.022
    on_face = np.flatnonzero(is_front & (np.abs(x) < 0.27))
    carved = np.zeros(len(near))
    carved[on_face] = _groove(x[on_face], y[on_face] - _TEXT_Y, "stele_text")
    edge = np.flatnonzero(~is_front & (np.abs(z) < 0.07) & (y > 0.44))
    carved[edge] = 0.0055 * (1 - grass(y[edge], z[edge] * np.sign(x[edge]), 0.19, 0.066)) * (
        np.clip((0.068 - np.abs(z[edge])) / 0.003, 0, 1)
    )  # fmt: skip
    carved += is_front * 0.0035 * np.clip(1 - np.abs(np.abs(x) - 0.279) / 0.005, 0, 1)
    slab[near] = (d + carved * fade) * (0.7 + 0.3 * (1 - fade))
    return slab


def _crown(at: F8) -> F8:
    away = at - np.array([0.0, _CROWN_Y, _SLAB_Z])
    crown = distance_to_crown(away)
    near = np.flatnonzero((np.abs(crown) < 0.015) & (away[:, 2] > 0.07) & (np.abs(away[:, 0]) < 0.11))
    cut = _groove(away[near, 0], away[near, 1] - PANEL_MIDDLE_Y, "stele_title")
    cut *= panel(away[near, 0], away[near, 1]) < -0.008
    fade = np.clip((0.015 - np.abs(crown[near])) / 0.007, 0, 1)
    crown[near] = (crown[near] + cut * fade) * (0.7 + 0.3 * (1 - fade))
    return crown


# middle and radii of what was knocked off, metres
_BREAKS: Final = (
    ((-0.44, 0.085, 0.635), (0.085, 0.045, 0.06)), ((0.44, 0.085, -0.2), (0.03, 0.028, 0.09)),
    ((-0.435, 0.06, -0.38), (0.022, 0.04, 0.05)), ((0.412, 0.165, 0.03), (0.022, 0.05, 0.045)),
    ((-0.305, 0.63, -0.008), (0.026, 0.075, 0.022)), ((0.3, 1.13, -0.01), (0.018, 0.045, 0.016)),
    ((-0.33, 0.43, 0.012), (0.045, 0.032, 0.035)), ((-0.36, 1.335, -0.01), (0.03, 0.022, 0.04)),
)  # fmt: skip


def _broken(points: F8, stele: F8) -> F8:
    """Return the distance without what was knocked off, the breaks rough."""
    for middle, radii in _BREAKS:
        at = np.flatnonzero(np.linalg.norm(points - np.array(middle), axis=1) < max(radii) + 0.05)
        if len(at):
            gone = ellipsoid(points[at], middle, radii) + 0.005 * wave_noise(points[at], 0.05, 71, 3)
            stele[at] = smooth_cut(stele[at], 0.85 * gone, 0.004)
    return stele


def _hatched(points: F8) -> F8:
    """Return how deep (n,) the point chisel went where nobody polished, metres: slanting strokes, row by row."""
    x, y, z = points.T
    row = np.floor(y / 0.055)
    lean = np.where(row % 2 == 0, 0.5, -0.4)
    run = x - z + lean * y + 0.004 * np.sin(37 * y) + 0.003 * row
    return np.asarray(0.0016 * np.clip(np.cos(2 * np.pi * run / 0.014) - 0.1, 0, 1))


def distance_to_stele(points: F8) -> F8:
    """Return the distance (n,), metres."""
    at = _settled(points)
    stele = within(at, (-0.42, 0.0, -0.64), (0.45, 0.5, 0.63), 0.06, distance_to_tortoise)
    stele = np.minimum(stele, within(at, (-0.31, 0.28, -0.19), (0.31, 1.43, -0.01), 0.05, _slab))
    stele = np.minimum(stele, within(at, (-0.43, 1.29, -0.27), (0.43, 2.03, 0.08), 0.05, _crown))
    block = box(at, (0.0, 0.35, _SLAB_Z), (0.325, 0.075, 0.108), 0.012)
    near = np.flatnonzero(np.abs(block) < 0.02)
    block[near] += _hatched(at[near]) * (1 - np.abs(block[near]) / 0.02)
    stele = np.minimum(stele, block)
    stele = _broken(points, stele)
    near = np.flatnonzero(np.abs(stele) < 0.02)
    worn = wave_noise(points[near], 0.09, 4, 2)
    chips = np.clip(wave_noise(points[near] * [1.0, 0.8, 1.0], 0.07, 9, 1) - 1.05, 0, 1) * 0.012
    stele[near] += (0.0012 * worn + chips) * (1 - np.abs(stele[near]) / 0.02)
    return np.asarray(stele * 0.9)


def colour_of_stele(points: F8, normals: F8) -> F8:
    """Return the albedo (n, 3), sRGB."""
    at = _settled(points)
    y = at[:, 1]
    hollow = np.clip(1 - distance_to_stele(points + 0.018 * normals) / 0.0155, 0, 1)
    mottled, fine = wave_noise(points, 0.35, 21, 3), wave_noise(points, 0.022, 22, 2)
    streaks = wave_noise(points * [1.0, 0.12, 1.0], 0.09, 23, 2)
    colour = (
        _STONE * (1 + 0.10 * mottled + 0.05 * fine)[:, None] * (1 + 0.04 * mottled[:, None] * np.array([1, 0, -1.2]))
    )
    soot = np.clip(0.55 * np.clip((y - 1.25) / 0.6, 0, 1) + 0.3 * streaks + 0.15 * mottled - 0.12, 0, 0.75)
    colour *= 1 - 0.62 * soot[:, None]
    colour *= 1 - hollow[:, None] * np.array([0.42, 0.44, 0.47])
    colour = _with_ink(colour, at, normals, streaks, fine)
    damp = np.clip((0.3 - y) / 0.25 + 0.35 * mottled, 0, 1)[:, None]
    colour = colour * (1 - 0.4 * damp) + 0.4 * damp * np.array([0.33, 0.33, 0.26])
    touched = np.clip(1 - np.linalg.norm(at - [0.0, 0.4, 0.5], axis=1) / 0.16, 0, 1)[:, None]
    colour *= 1 - 0.35 * touched * (normals[:, 1:2] > -0.2)
    return np.clip(_with_lichen(colour, points, normals, y), 0.02, 0.98)


def _with_ink(colour: F8, at: F8, normals: F8, streaks: F8, fine: F8) -> F8:
    """Blacken what centuries of rubbings blackened: the face about the words, not the depth of their strokes."""
    x, y, z = at.T
    width, height = size_of("stele_text")
    edge = np.minimum(width / 2 + 0.012 - np.abs(x), height / 2 + 0.018 - np.abs(y - _TEXT_Y))
    is_face = (z > _FACE_Z - 0.012) & (z < _FACE_Z + 0.02) & (np.abs(y - _TEXT_Y) < 0.5)
    inked = np.clip((edge + 0.010 * fine + 0.014 * streaks) / 0.02, 0, 1) * is_face
    inked *= np.clip(0.86 + 0.12 * streaks + 0.08 * fine, 0.4, 1.0)
    cut = np.clip(inside_stroke("stele_text", x, y - _TEXT_Y) / 0.0016 + 0.7, 0, 1) * is_face
    v = y - _CROWN_Y
    is_panel = (z > _SLAB_Z + PANEL_FACE - 0.014) & (z < _SLAB_Z + PANEL_FACE + 0.006)
    field = np.clip((-panel(x, v) - 0.013 + 0.004 * fine) / 0.006, 0, 1) * is_panel
    inked = np.maximum(inked, 0.8 * field)
    title = np.clip(inside_stroke("stele_title", x, v - PANEL_MIDDLE_Y) / 0.0016 + 0.7, 0, 1) * (field > 0.3)
    cut = np.maximum(cut, title)[:, None]
    inked = inked[:, None] * np.clip(normals[:, 2:], 0.3, 1)
    rubbed = colour * (1 - inked) + _INKED * (1 + 0.1 * fine[:, None]) * inked
    return np.asarray(rubbed * (1 - cut) + _CUT * (1 + 0.06 * fine[:, None]) * cut)


def _with_lichen(colour: F8, points: F8, normals: F8, y: F8) -> F8:
    """Let crusts grow where rain falls and no hand comes: ochre and pale grey rosettes."""
    open_to_rain = np.clip(0.35 + 0.9 * normals[:, 1], 0, 1) * np.clip((y - 0.05) / 0.2, 0, 1)
    patches = wave_noise(points, 0.3, 31, 2)
    for seed, size, tint, bar in ((32, 0.045, (0.64, 0.65, 0.59), 1.05), (33, 0.03, (0.60, 0.505, 0.32), 1.3)):
        spots = np.clip((wave_noise(points, size, seed, 2) + 0.45 * patches + 0.75 * open_to_rain - bar) / 0.2, 0, 1)
        spots = 0.75 * spots[:, None] * (0.25 + 0.75 * open_to_rain[:, None])
        colour = colour * (1 - spots) + np.array(tint) * spots
    return colour


def _landmark(x: float, y: float, z: float) -> Landmark:
    """Return the landmark near a place, metres."""
    return landmark_near(distance_to_stele, (x, y, z), 2e-3)


OBJECT = ModelledObject(
    "stele",
    "stele with dragon crown on a tortoise, limestone, with a poem by Wang Wei",
    (0.87, 2.03, 1.256),
    distance_to_stele,
    colour_of_stele,
    {
        "title": _landmark(0.0, _CROWN_Y + PANEL_MIDDLE_Y, 0.02),
        "text": _landmark(0.05, 1.0, 0.02),
        "crown": _landmark(0.11, 1.83, 0.05),
        "base": _landmark(0.045, 0.37, 0.6),
    },
)
