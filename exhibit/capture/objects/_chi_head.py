"""The head of a hornless dragon as the Tang carved it: curled nose, bulging eyes, open jaws, a combed mane."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.distance_fields import capsule, ellipsoid, smooth_cut, smooth_union, sphere, tube
from exhibit.model.arrays import F8


def _mane(at: F8) -> F8:
    """Return hair combed back over the neck: one mass, cut into strands that end in points."""
    x, y, z = at.T
    mass = smooth_union(
        ellipsoid(at, (-0.34, 0.04, 0), (0.5, 0.47, 0.47)), ellipsoid(at, (-0.7, 0.03, 0), (0.62, 0.4, 0.4)), 0.1
    )
    angle = np.arctan2(y - 0.03, np.abs(z))
    wave = angle + 0.16 * np.sin(6.5 * x) + 0.22 * x
    strand = np.abs(np.sin(4.5 * wave))
    close = np.clip(1.5 - np.abs(mass) / 0.15, 0, 1)
    mass = mass - (0.075 * strand**0.8 + 0.012 * np.cos(27 * wave)) * close * np.clip((0.05 - x) / 0.25, 0, 1)
    return np.asarray(np.maximum(mass, 0.75 * (-1.12 + 0.42 * (1 - strand) - x)))


def _skull(at: F8, both: F8) -> F8:
    skull = smooth_union(
        ellipsoid(at, (-0.02, 0.05, 0), (0.48, 0.42, 0.43)), ellipsoid(at, (0.42, 0.1, 0), (0.48, 0.24, 0.33)), 0.12
    )
    # folds across the back of the nose
    fold = np.clip(1 - np.abs(at[:, 0] - 0.52) / 0.22, 0, 1) * np.clip((at[:, 1] - 0.12) / 0.1, 0, 1)
    skull = skull - 0.022 * fold * np.cos(2 * np.pi * at[:, 0] / 0.13)
    nose = smooth_union(ellipsoid(at, (0.8, 0.27, 0), (0.18, 0.17, 0.2)), sphere(both, (0.86, 0.27, 0.17), 0.13), 0.05)
    skull = smooth_union(skull, nose, 0.06)
    return smooth_cut(skull, sphere(both, (0.97, 0.28, 0.19), 0.065), 0.03)


def chi_head(at: F8) -> F8:
    """Return a bound (n,) of the distance to the head.

    Parameters
    ----------
    at : points (n, 3) in units of the head's half length: snout towards +x, crown towards +y; it reaches from about
        -1.2 to 1.0, its mane combed back.
    """
    both = at.copy()
    both[:, 2] = np.abs(both[:, 2])
    tilted = at.copy()
    tilted[:, 1] += 0.3 * (at[:, 0] - 0.1)
    jaw = ellipsoid(tilted, (0.36, -0.29, 0), (0.5, 0.12, 0.28))
    jaw = smooth_union(jaw, sphere(at, (0.0, -0.16, 0), 0.26), 0.1)
    jaw = smooth_union(jaw, capsule(at, (0.68, -0.5, 0), (0.5, -0.66, 0), 0.07, 0.02), 0.05)
    gape = ellipsoid(tilted, (0.68, -0.09, 0), (0.5, 0.115, 0.6))
    head = smooth_cut(smooth_union(_skull(at, both), jaw, 0.06), gape, 0.04)
    cheek = smooth_union(
        sphere(both, (-0.02, -0.1, 0.32), 0.2), capsule(both, (0.1, -0.2, 0.34), (-0.3, -0.34, 0.46), 0.1, 0.02), 0.05
    )
    head = smooth_union(head, cheek, 0.06)
    head = np.minimum(head, tube(at, np.array([(0.1, -0.2, 0), (0.5, -0.24, 0), (0.74, -0.18, 0)]), 0.085))
    head = np.minimum(head, capsule(both, (0.76, 0.04, 0.21), (0.76, -0.24, 0.22), 0.075, 0.02))
    head = np.minimum(head, capsule(both, (0.72, -0.38, 0.18), (0.7, -0.16, 0.2), 0.06, 0.02))
    for ahead in (0.32, 0.46, 0.6):
        head = np.minimum(head, capsule(both, (ahead, 0.0, 0.25), (ahead, -0.12, 0.25), 0.06, 0.03))
    brow = tube(both, np.array([(0.46, 0.32, 0.18), (0.3, 0.42, 0.29), (0.1, 0.44, 0.4), (-0.06, 0.36, 0.47)]),
                np.array([0.06, 0.1, 0.1, 0.05]))  # fmt: skip
    head = smooth_union(head, brow, 0.07)
    head = np.minimum(head, sphere(both, (0.22, 0.24, 0.35), 0.14))
    head = smooth_cut(head, sphere(both, (0.29, 0.27, 0.49), 0.055), 0.02)
    ear = smooth_cut(
        capsule(both, (-0.08, 0.16, 0.42), (-0.42, 0.24, 0.57), 0.13, 0.03),
        capsule(both, (-0.06, 0.17, 0.54), (-0.36, 0.26, 0.66), 0.075, 0.02), 0.03,
    )  # fmt: skip
    head = smooth_union(head, ear, 0.03)
    return smooth_union(head, _mane(at), 0.04)
