"""What finishes a modelled object: colours mixed by shares, and guessed places drawn onto its surface."""

from __future__ import annotations

import numpy as np

from exhibit.capture.modelled import Distance, Landmark, Vector
from exhibit.geometry.surface_of_field import gradient_of
from exhibit.model.arrays import F8


def mixed(colour: F8 | Vector, other: Vector, share: F8) -> F8:
    """Return colours (n, 3) that go from `colour` to `other` as `share` (n,), held to 0 to 1, says."""
    return np.asarray(np.asarray(colour) + (np.asarray(other) - colour) * np.clip(share, 0.0, 1.0)[:, None])


def landmark_near(distance: Distance, guess_m: Vector, step_m: float) -> Landmark:
    """Return the place of the surface that a guess leads to, the gradient taken over `step_m`."""
    point = np.array([guess_m])
    for _ in range(12):
        slope = gradient_of(distance, point, step_m)
        squared = np.maximum(np.einsum("ij,ij->i", slope, slope), 0.05)
        point = point - (distance(point) / squared)[:, None] * slope
    slope = gradient_of(distance, point, step_m)
    normal = slope / np.linalg.norm(slope)
    (x, y, z), (a, b, c) = point[0].tolist(), normal[0].tolist()
    return Landmark((x, y, z), (a, b, c))
