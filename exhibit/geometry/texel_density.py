"""How finely a texture resolves a surface."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.tangents import uv_orientation
from exhibit.model.arrays import F4, I4


def texel_density(vertices: F4, uv: F4, faces: I4, texture_px: int) -> float:
    """Return texels per metre: the median over the surface (by area), 0 where no face has area in both.

    Parameters
    ----------
    vertices : (n, 3) float32, metres.
    uv : (n, 2) float32; faces whose uv are not finite do not count.
    faces : (m, 3) int32.
    texture_px : side of the texture, pixels.
    """
    areas = face_areas(vertices, faces)
    covered = np.abs(uv_orientation(uv, faces)) / 2
    counts = np.flatnonzero((areas > 0) & (covered > 0) & np.isfinite(covered))
    if len(counts) == 0:
        return 0.0
    density = np.sqrt(covered[counts] / areas[counts]) * texture_px
    order = np.argsort(density)
    until = np.cumsum(areas[counts][order])
    return float(density[order][np.searchsorted(until, until[-1] / 2)])
