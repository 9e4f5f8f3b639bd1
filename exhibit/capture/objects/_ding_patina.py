"""The colours of bronze that lay three thousand years in the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.capture.objects._finish import mixed
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8, Bool


@dataclass(frozen=True, slots=True)
class Surface:
    """Places on the vessel, n of each, millimetres.

    Parameters
    ----------
    points : (n, 3).
    height : how far the ornament stands out, negative in its grooves.
    sunk : how deep the inscription is.
    is_within : in the bowl.
    radius, y : from the axis, above the soles.
    """

    points: F8
    height: F8
    sunk: F8
    is_within: Bool
    radius: F8
    y: F8


def patina(surface: Surface, normals: F8, ground_depth: float) -> F8:
    """Return the albedo (n, 3), sRGB 0 to 1.

    Parameters
    ----------
    normals : (n, 3), unit length.
    ground_depth : of the grooves about the masks, millimetres.
    """
    points, y = surface.points, surface.y
    cloud, grain = wave_noise(points, 80.0, 2), wave_noise(points, 6.0, 4, 2)
    # the edges of every patch are frayed by the grain
    blotch = wave_noise(points, 42.0, 3) + 0.3 * grain
    spot = wave_noise(points, 17.0, 31, 2) + 0.35 * grain
    raised = np.clip((surface.height - 1.2) / 2.4, 0.0, 1.0)
    sunk = np.clip(-surface.height / ground_depth, 0.0, 1.0)
    # grey-green skin, malachite, azurite, cuprite
    colour = mixed((0.255, 0.30, 0.25), (0.37, 0.43, 0.345), 0.5 + 0.5 * cloud + 0.25 * grain)
    colour = mixed(colour, (0.41, 0.52, 0.42), np.minimum(1.2 * (blotch + 0.02), 0.85))
    colour = mixed(colour, (0.31, 0.56, 0.43), np.minimum(1.6 * (spot - 0.40) + 0.5 * np.minimum(blotch, 0), 0.85))
    blue = wave_noise(points + 300.0, 30.0, 7) + 0.3 * grain - 0.3 * cloud
    colour = mixed(colour, (0.20, 0.37, 0.51), np.minimum(1.8 * (blue - 0.92), 0.7))
    red = wave_noise(points - 200.0, 48.0, 11) + 0.35 * grain
    colour = mixed(colour, (0.42, 0.24, 0.165), np.minimum(1.3 * (red - 0.74), 0.7))
    # rubbed metal on what stands out, black and soil in what is sunk
    rubbed = raised * np.clip(0.72 - 0.5 * blotch + 0.3 * grain, 0.0, 0.85)
    colour = mixed(colour, (0.50, 0.415, 0.245), rubbed)
    soil = wave_noise(points, 45.0, 5)
    colour = mixed(colour, (0.125, 0.14, 0.115), 0.88 * sunk)
    colour = mixed(colour, (0.45, 0.385, 0.285), sunk * np.clip(0.9 * soil - 0.15, 0.0, 0.6))
    edge = np.clip((surface.radius - 94.0) / 3.0, 0.0, 1.0) + np.clip((y - 240.0) / 5.0, 0.0, 1.0)
    edge += 0.8 * np.clip(1.0 - y / 8.0, 0.0, 1.0)
    colour = mixed(colour, (0.53, 0.44, 0.265), np.clip(edge, 0.0, 1.0) * np.clip(0.5 - 0.5 * blotch, 0.0, 0.75))
    within = surface.is_within.astype(np.float64)
    colour = mixed(colour, (0.285, 0.32, 0.26), within * np.clip(0.55 + 0.3 * cloud, 0.0, 0.8))
    colour = mixed(colour, (0.43, 0.395, 0.305), within * np.clip((112.0 - y) / 14.0 + 0.3 * soil, 0.0, 0.7))
    colour = mixed(colour, (0.66, 0.70, 0.56), np.clip(surface.sunk / 1.1, 0.0, 1.0) * (0.8 + 0.15 * soil))
    return np.clip(colour * (1.0 + 0.05 * grain[:, None]), 0.0, 1.0)
