"""Head and neck of the tortoise that bears a stele: a broad low skull, a beak, heavy brows, a neck in folds."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.capture.objects._carving import rope
from exhibit.geometry.distance_fields import capsule, ellipsoid, smooth_cut, smooth_union, sphere, tube
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8

_NECK: Final = np.array(
    [(0.0, 0.185, 0.08), (0.0, 0.195, 0.18), (0.0, 0.215, 0.26), (0.0, 0.252, 0.33), (0.0, 0.3, 0.385),
     (0.0, 0.335, 0.42)]
)  # fmt: skip
_NECK_RADII: Final = np.array([0.15, 0.135, 0.118, 0.104, 0.096, 0.088])
_MIDDLE: Final = np.array([0.0, 0.358, 0.458])
_LENGTH: Final = 0.158


def _tortoise_head(at: F8) -> F8:
    """Return a bound (n,) of the distance, in units of the head's half length: beak towards +x, up is +y."""
    both = at.copy()
    both[:, 2] = np.abs(both[:, 2])
    head = smooth_union(
        ellipsoid(at, (-0.15, 0.06, 0), (0.6, 0.38, 0.52)), ellipsoid(at, (0.42, 0.04, 0), (0.5, 0.27, 0.36)), 0.16
    )
    head = smooth_union(head, ellipsoid(both, (-0.1, -0.12, 0.3), (0.42, 0.26, 0.25)), 0.1)
    # the beak: a sharp ridge in the middle that hooks down over the lower jaw
    head = smooth_union(head, ellipsoid(at, (0.78, 0.0, 0), (0.2, 0.2, 0.2)), 0.12)
    head = smooth_union(head, capsule(at, (0.9, 0.02, 0), (0.95, -0.2, 0), 0.075, 0.025), 0.08)
    jaw = smooth_union(
        ellipsoid(at, (0.34, -0.26, 0), (0.5, 0.13, 0.32)), ellipsoid(both, (-0.05, -0.22, 0.2), (0.36, 0.2, 0.26)), 0.1
    )
    head = smooth_union(head, jaw, 0.05)
    # the mouth runs back in one long bow, its corner turned up
    line = -0.155 + 0.1 * np.clip(0.45 - at[:, 0], 0, 1) ** 2 - 0.05 * np.clip(at[:, 0] - 0.5, 0, 1)
    gape = np.abs(at[:, 1] - line) - 0.032 - 0.03 * np.clip(at[:, 0] - 0.1, 0, 0.7)
    mouth = np.maximum(np.maximum(gape, -0.13 - at[:, 0]), 0.12 - np.hypot(0.45 * (at[:, 0] - 0.1), at[:, 2]))
    head = smooth_cut(head, np.maximum(mouth, at[:, 0] - 0.9), 0.04)
    lip = tube(both, np.array([(0.86, -0.12, 0.12), (0.6, -0.1, 0.3), (0.2, -0.09, 0.42), (-0.1, 0.03, 0.5)]), 0.035)
    head = smooth_union(head, lip, 0.05)
    head = smooth_cut(head, sphere(both, (0.93, 0.12, 0.07), 0.035), 0.03)
    # eyes under heavy brows, lids about them
    head = smooth_cut(head, ellipsoid(both, (0.3, 0.17, 0.38), (0.2, 0.14, 0.1)), 0.05)
    head = smooth_union(head, ellipsoid(both, (0.3, 0.16, 0.33), (0.17, 0.12, 0.1)), 0.02)
    brow = tube(both, np.array([(0.58, 0.2, 0.2), (0.4, 0.32, 0.29), (0.16, 0.36, 0.38), (-0.1, 0.3, 0.48)]),
                np.array([0.05, 0.085, 0.09, 0.05]))  # fmt: skip
    head = smooth_union(head, brow, 0.05)
    bag = tube(both, np.array([(0.5, 0.06, 0.33), (0.3, 0.015, 0.41), (0.08, 0.07, 0.46)]), 0.035)
    head = smooth_union(head, bag, 0.04)
    head = smooth_cut(head, sphere(both, (0.33, 0.17, 0.43), 0.035), 0.02)
    # plates on the crown, skin in wrinkles behind the jaw
    x, y, z = at.T
    close = np.clip(1.5 - np.abs(head) / 0.1, 0, 1)
    seam = np.minimum(np.abs(z) + 0.35 * np.clip(0.1 - x, 0, 1), np.abs(np.abs(z) - 0.2 - 0.1 * np.sin(5 * x)))
    seam = np.minimum(seam, np.abs(x + 0.12 - 0.25 * np.abs(z)))
    plates = 0.022 * np.clip(1 - seam / 0.035, 0, 1) * np.clip((y - 0.24) / 0.06, 0, 1)
    wrinkle = 0.016 * np.cos(2 * np.pi * (x + 0.35 * y + 0.03 * np.sin(9 * y)) / 0.12)
    wrinkle *= np.clip((-0.22 - x) / 0.15, 0, 1) * np.clip((0.3 - y) / 0.15, 0, 1)
    return np.asarray(head + (plates + wrinkle) * close)


def distance_to_neck_and_head(at: F8) -> F8:
    """Return the distance (n,), metres."""
    neck, along, _ = rope(at, _NECK, _NECK_RADII)
    near = np.flatnonzero(np.abs(neck) < 0.03)
    x, y = at[near, 0], at[near, 1]
    # folds hang lower at the throat, none quite like the next
    run = along[near] + 0.1 * (y - 0.25) + 0.012 * wave_noise(at[near], 0.16, 61, 2)
    fold = np.abs(np.sin(np.pi * run / 0.047)) ** 0.6
    fine = np.abs(np.sin(np.pi * run / 0.0165 + 1.5 * np.sin(20 * x)))
    ends = np.clip((0.4 - along[near]) / 0.05, 0, 1) * np.clip(1.5 - np.abs(neck[near]) / 0.02, 0, 1)
    neck[near] -= (0.0085 * fold + 0.0016 * fine - 0.004) * ends
    away = at - _MIDDLE
    ahead, up = np.array([0.0, 0.02, 0.9998]), np.array([0.0, 0.9998, -0.02])
    frame = np.column_stack([away @ ahead, away @ up, away[:, 0]]) / _LENGTH
    return smooth_union(neck, _tortoise_head(frame) * _LENGTH * 0.95, 0.025) * 0.86
