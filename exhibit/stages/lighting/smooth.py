"""Few rays leave grain: each panel's light is smoothed within the panel, never across an edge of the room."""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4
from exhibit.stages.lighting.texels import Texels


def smooth_panels(values: F4, texels: Texels, width_texels: float) -> F4:
    """Return values (n, 3) of all texels, smoothed by a Gaussian of `width_texels` within each panel.

    Texels on which something stands count for nothing; they take what lies round them, so that the picture's own
    smoothing does not bring darkness out from under things.
    """
    from scipy.ndimage import gaussian_filter

    smooth = values.copy()
    for number, (_, _, width, height) in enumerate(texels.places):
        rows = slice(int(texels.first[number]), int(texels.first[number + 1]))
        own = values[rows].reshape(height, width, -1)
        free = texels.is_free[rows].reshape(height, width).astype(np.float32)
        if width * height == 1 or not free.any():
            continue
        weight = gaussian_filter(free, width_texels, mode="nearest")
        for channel in range(own.shape[2]):
            sum_ = gaussian_filter(own[:, :, channel] * free, width_texels, mode="nearest")
            smooth[rows, channel] = (sum_ / np.maximum(weight, np.float32(1e-3))).ravel()
    return smooth


def spread(values: F4, coarse: Texels, fine: Texels) -> F4:
    """Return values (n, 3) of `coarse` texels for the `fine` texels of the same panels, linear in between."""
    from scipy.ndimage import map_coordinates

    spread_out = np.empty((len(fine.points), values.shape[1]), np.float32)
    for number, ((_, _, w, h), (_, _, width, height)) in enumerate(zip(coarse.places, fine.places, strict=True)):
        own = values[coarse.first[number] : coarse.first[number + 1]].reshape(h, w, -1)
        rows, columns = (np.arange(height) + 0.5) / height * h - 0.5, (np.arange(width) + 0.5) / width * w - 0.5
        at = np.stack(np.meshgrid(rows, columns, indexing="ij")).reshape(2, -1)
        for channel in range(values.shape[1]):
            mixed = map_coordinates(own[:, :, channel], at, order=1, mode="nearest")
            spread_out[fine.first[number] : fine.first[number + 1], channel] = mixed
    return spread_out
