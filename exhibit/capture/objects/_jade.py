"""The colours of buried nephrite: yellow-green, clouded, gone white as chicken bone, veined with iron."""

from __future__ import annotations

import numpy as np

from exhibit.capture.objects._finish import mixed
from exhibit.geometry.wave_noise import wave_noise
from exhibit.model.arrays import F8


def jade(points: F8, height: F8, within: F8) -> F8:
    """Return the albedo (n, 3), sRGB 0 to 1.

    Parameters
    ----------
    points : (n, 3), millimetres.
    height : (n,) of the carving, millimetres.
    within : (n,) 0 outside to 1 in the bore.
    """
    x, y, z = points.T
    cloud, fine = wave_noise(points, 46.0, 12), wave_noise(points, 9.0, 13)
    colour = mixed((0.565, 0.59, 0.40), (0.70, 0.70, 0.52), 0.5 + 0.55 * cloud + 0.18 * fine)
    # the altered half: white, opaque
    white = 0.02 * (x * 0.8 - z * 0.5 + 0.6 * (y - 23.0)) + 0.75 * wave_noise(points, 40.0, 15) + 0.15 * fine
    colour = mixed(colour, (0.86, 0.825, 0.705), np.clip(0.15 + 1.1 * white, 0.0, 0.9))
    brown = wave_noise(points + 80.0, 52.0, 16) + 0.2 * fine
    colour = mixed(colour, (0.60, 0.43, 0.235), np.clip(1.1 * (brown - 0.45), 0.0, 0.75))
    # veins: where a slow noise passes nought
    fray = 0.035 * wave_noise(points, 7.0, 19, 2)
    way = wave_noise(points, 120.0, 21, 3) + fray
    strength = np.clip(0.25 + 1.3 * wave_noise(points, 30.0, 20, 2), 0.0, 1.0)
    vein, halo = np.exp(-((way / 0.016) ** 2)) * strength, np.exp(-((way / 0.09) ** 2)) * strength
    colour = mixed(colour, (0.66, 0.46, 0.25), 0.45 * halo)
    colour = mixed(colour, (0.41, 0.20, 0.115), 0.85 * vein)
    # earth in the cut lines, hands on what stands out
    low = np.clip((0.55 - height) / 0.4, 0.0, 1.0) * np.clip(height / 0.12, 0.0, 1.0) * np.clip(fine + 0.75, 0.0, 1.0)
    colour = mixed(colour, (0.45, 0.35, 0.21), 0.6 * low)
    colour = mixed(colour, (0.50, 0.42, 0.29), within * np.clip(0.35 + 0.4 * cloud, 0.0, 0.6))
    return np.clip(colour * (1.0 + 0.02 * fine[:, None]), 0.0, 1.0)
