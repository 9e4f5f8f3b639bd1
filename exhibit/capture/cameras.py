"""The cameras of a capture: where they stand, how they expose, how much each ray trembles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.capture.chance import normal
from exhibit.capture.modelled import ModelledObject
from exhibit.capture.options import CaptureOptions
from exhibit.geometry.depth_maps import Cameras, cameras_at
from exhibit.model.arrays import F8


def middle_of(thing: ModelledObject) -> F8:
    """Return the middle (3,) of the object's bounding box, metres."""
    return np.array([0.0, thing.size_m[1] / 2, 0.0])


def radius_of(thing: ModelledObject) -> float:
    """Return half the diagonal of the object's bounding box, metres."""
    return float(np.linalg.norm(thing.size_m)) / 2


def cameras_of(thing: ModelledObject, options: CaptureOptions) -> Cameras:
    """Place the cameras of all rings; each ring is turned a little against the one before."""
    middle, radius = middle_of(thing), radius_of(thing)
    eyes = []
    for number, ring in enumerate(options.rings):
        turn = 2 * np.pi * (np.arange(ring.n_cameras) + 0.37 * number) / ring.n_cameras
        rise = np.radians(ring.elevation_deg)
        ways = np.stack([np.sin(turn) * np.cos(rise), np.full_like(turn, np.sin(rise)), np.cos(turn) * np.cos(rise)], 1)
        eyes.append(middle + ring.distance * radius * ways)
    return cameras_at(np.concatenate(eyes), middle, 1.02 * radius)


def exposures_of(options: CaptureOptions) -> F8:
    """Return the factors (k, 3) by which each camera brightens linear red, green and blue."""
    n = sum(ring.n_cameras for ring in options.rings)
    numbers = np.arange(n)
    # the light of a day wanders slowly, the camera's own metering jumps
    slow = np.sin(2 * np.pi * numbers / max(n, 1) * 2.3 + options.seed)
    stops = options.exposure_drift * (0.7 * slow + 0.5 * normal(options.seed, "exposure", numbers)[:, 0])
    warmth = options.exposure_drift / 3 * normal(options.seed, "warmth", numbers)[:, 0]
    return np.asarray(2.0 ** np.stack([stops + warmth, stops, stops - warmth], axis=1))


def sigma_of(distance_m: F8, cosine: F8, noise_m: float, reference_m: float) -> F8:
    """Return the standard deviation (n,) of depth along view rays, metres.

    Depth from stereo errs with the square of the distance (D. Gallup and others, "Variable baseline/resolution
    stereo", CVPR 2008), and where the ray grazes the surface a pixel covers more of it.
    """
    return np.asarray(noise_m * (distance_m / reference_m) ** 2 / np.maximum(cosine, 0.05))


def rays_of(points: F8, cameras: Cameras, chosen: npt.NDArray[np.int16]) -> tuple[F8, F8]:
    """Return the unit rays (n, 3) from the chosen cameras to points (n, 3), and their lengths (n,)."""
    away = points - cameras.eyes[chosen]
    lengths = np.linalg.norm(away, axis=1)
    return away / lengths[:, None], lengths
