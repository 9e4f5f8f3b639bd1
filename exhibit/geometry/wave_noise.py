"""Smooth noise in space without tables: waves in all directions, the large ones bending the small ones."""

from __future__ import annotations

import math

import numpy as np

from exhibit.model.arrays import F8


def wave_noise(points: F8, size: float, seed: int, n_octaves: int = 3) -> F8:
    """Return noise (n,) in about -1 to 1.

    Parameters
    ----------
    points : (n, 3).
    size : of its largest features, in the points' unit.
    seed : another seed, another noise.
    n_octaves : each adds features of half the size.
    """
    random = np.random.default_rng(seed)
    noise = np.zeros(len(points))
    for octave in range(n_octaves):
        directions = random.normal(size=(8, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        rates = 2.0**octave * 2 * math.pi / size * (0.6 + 0.8 * random.random(8))
        phases = 2 * math.pi * random.random(8)
        # the large waves bend the small ones, or a lattice would show
        noise += np.sin(points @ (directions * rates[:, None]).T + phases + 2.5 * noise[:, None]).sum(axis=1) * (
            0.6**octave / 5.0
        )
    return noise
