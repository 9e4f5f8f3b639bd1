"""How finely a texture resolves a surface."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.tangents import uv_orientation
from exhibit.model.arrays import F4, I4
from exhibit.model.cloud import SourceMesh


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


def source_texel_m(mesh: SourceMesh) -> float | None:
    """Return the size of a source mesh's texels on its surface (the median by area), metres; None without a texture."""
    sides = [np.sqrt(m.texture.shape[0] * m.texture.shape[1]) for m in mesh.materials if m.texture is not None]
    if mesh.corner_uv is None or not sides:
        return None
    each = np.arange(len(mesh.faces) * 3, dtype=np.int32).reshape(-1, 3)
    density = texel_density(mesh.vertices[mesh.faces.ravel()], mesh.corner_uv.reshape(-1, 2), each, int(max(sides)))
    return 1 / density if density > 0 else None
