"""The colour that somebody else's mesh shows at places of it."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb, srgb_from_linear
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_texture import sample_texture
from exhibit.model.arrays import F4, I4, U1
from exhibit.model.cloud import SourceMesh


def colours_at(mesh: SourceMesh, face: I4, weights: F4) -> U1 | None:
    """Return sRGB (n, 3) uint8 at places (see `Hits`): textures, else vertex colours, times the materials' factors.

    None where the mesh has no colour that could be read.
    """
    if not mesh.has_colors:
        return None
    light = np.ones((len(face), 3), np.float32)
    material = np.clip(mesh.face_material[face], 0, len(mesh.materials) - 1)
    is_plain = np.ones(len(face), np.bool_)
    if mesh.corner_uv is not None:
        corners = mesh.corner_uv[face]
        first = (1 - weights.sum(axis=1))[:, None]
        uv = first * corners[:, 0] + weights[:, :1] * corners[:, 1] + weights[:, 1:] * corners[:, 2]
        for number, source in enumerate(mesh.materials):
            if source.texture is not None:
                mine = np.flatnonzero((material == number) & np.isfinite(uv).all(axis=1))
                light[mine] = sample_texture(source.texture, uv[mine], repeats=True)
                is_plain[mine] = False
    if mesh.vertex_colors is not None:
        plain = np.flatnonzero(is_plain)
        light[plain] = interpolate(linear_from_srgb(mesh.vertex_colors), mesh.faces, face[plain], weights[plain])
    if mesh.materials:
        factors = np.array([source.color[:3] for source in mesh.materials], np.uint8)
        light *= linear_from_srgb(factors)[material]
    return srgb_from_linear(light)
