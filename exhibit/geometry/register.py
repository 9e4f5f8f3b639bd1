"""How far two scans of one object lie apart where they overlap, and the small motion that brings them together.

Point-to-plane ICP (Chen and Medioni, Image and Vision Computing 10 (1992) 145), with Tukey's weights against what only
one of the scans holds. It mends what poses leave, millimetres and fractions of a degree; it does not find poses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.neighbours import PointIndex, local_spacing
from exhibit.geometry.normals import estimate_planes
from exhibit.model.arrays import F4, F8

N_NEIGHBOURS = 16
MIN_OVERLAP = 300
"""Points that must have a counterpart before anything is said."""
_STEPS = 40
_MAX_SCATTER = 0.08
_TUKEY = 4.685


@dataclass(frozen=True, slots=True)
class Fit:
    """A motion of the moving scan, ``rotation @ p + translation``, and what it mends.

    Parameters
    ----------
    rotation : (3, 3) float64, proper; translation : (3,) float64.
    n_overlap : points of the moving scan that lie over the fixed one.
    gap : RMS of the motion across the surface, over the overlap: how far apart the two layers lay.
    residual : robust standard deviation of the distances to the fixed scan's planes, after the motion.
    spacing : median, of the fixed points.
    """

    rotation: F8
    translation: F8
    n_overlap: int
    gap: float
    residual: float
    spacing: float


def fit_scan(moving: F4, fixed: F4) -> Fit | None:
    """Fit one scan (n, 3) to another (m, 3), both float32 in one space; None where they hardly overlap.

    Directions along which the motion changes no distance (a plane in itself, a ball about its centre) are left alone.
    """
    if min(len(moving), len(fixed)) < MIN_OVERLAP:
        return None
    index = PointIndex(fixed)
    neighbours = index.nearest(None, N_NEIGHBOURS)
    planes, spacing = estimate_planes(index.points, neighbours), local_spacing(neighbours)
    middle = float(np.median(spacing))
    flat = planes.scatter < _MAX_SCATTER
    centre = moving.mean(axis=0, dtype=np.float64)
    start = moving.astype(np.float64) - centre
    size = float(np.sqrt((start**2).sum(axis=1).mean())) or 1.0
    reach = max(8 * middle, 0.02 * size)
    rotation, shift = np.eye(3), np.zeros(3)
    residual, n_overlap, gap = 0.0, 0, 0.0
    for step in range(_STEPS):
        now = start @ rotation.T + shift
        found = index.nearest((now + centre).astype(np.float32), 1)
        nearest = found.indices[:, 0]
        over = (found.distances[:, 0] < reach) & flat[nearest]
        n_overlap = int(over.sum())
        if n_overlap < MIN_OVERLAP:
            return None
        normal = planes.normals[nearest[over]].astype(np.float64)
        away = ((now[over] + centre - index.points[nearest[over]]) * normal).sum(axis=1)
        residual = 1.4826 * float(np.median(np.abs(away)))
        moved = ((now[over] - start[over]) * normal).sum(axis=1)
        gap = float(np.sqrt((moved**2).mean()))
        # what lies within the scatter of the planes' own points is always believed
        weight = np.clip(1 - (away / (_TUKEY * max(residual, 1e-3 * middle))) ** 2, 0, None) ** 2
        turn, move = _small_motion(now[over] / size, normal, away / size, weight)
        move = move * size
        rotation, shift = turn @ rotation, turn @ shift + move
        change = size * float(np.linalg.norm(turn - np.eye(3))) + float(np.linalg.norm(move))
        reach = max(4 * middle, min(reach, 6 * residual + 4 * middle))
        if step > 2 and change < 1e-4 * middle:
            break
    return Fit(rotation, centre + shift - rotation @ centre, n_overlap, gap, residual, middle)


def _small_motion(at: F8, normal: F8, away: F8, weight: F8) -> tuple[F8, F8]:
    """Return the rotation and translation that lessen ``away`` most, leaving directions alone that nothing holds."""
    rows = np.concatenate([np.cross(at, normal), normal], axis=1)
    strength, axes = np.linalg.eigh((rows * weight[:, None]).T @ rows)
    along = axes.T @ (rows.T @ (weight * -away))
    held = strength > 1e-3 * strength[-1]
    motion = axes[:, held] @ (along[held] / strength[held])
    return _rotation(motion[:3]), motion[3:]


def _rotation(vector: F8) -> F8:
    """Return the rotation (3, 3) about a vector by its length, radians (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-15:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)
