"""Colour of places on a surface from somebody else's textured mesh."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_texture import sample_texture
from exhibit.model.arrays import F4, I4
from exhibit.model.cloud import SourceMesh
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.counterpart import OtherMesh

_N_TRIED = 2000


class MeshColours:
    """Linear light anywhere near a source mesh: its textures, else its vertex colours, times its materials' factors.

    Parameters
    ----------
    mesh : placed (metres, +Y up, origin zero), with at least one face.
    surface : made of it, looking outward. Scanners' exports may be inside out: where most of the mesh looks away from
        it, its own facing says nothing.
    reach : how far along the normal its surface is looked for, metres.
    """

    def __init__(self, mesh: SourceMesh, surface: OtherMesh, reach: float) -> None:
        self._mesh = mesh
        self._reach = reach
        self._factors = np.array([material.color[:3] for material in mesh.materials], np.uint8).reshape(-1, 3)
        self._other = OtherMesh(mesh.vertices, mesh.faces)
        some = slice(None, None, max(1, len(surface.vertices) // _N_TRIED))
        closest = self._other.scene.closest(surface.vertices[some])
        there = interpolate(self._other.normals, mesh.faces, closest.face, closest.weights)
        if ((there * surface.normals[some]).sum(axis=1) < 0).mean() > 0.5:
            self._other = OtherMesh(mesh.vertices, mesh.faces, ignores_facing=True)

    def at(self, points: F4, normals: F4, *, progress: Progress = SILENT) -> F4:
        """Return linear light (n, 3) float32 at `points` (n, 3) of a surface with `normals` (n, 3)."""
        there = self._other.counterparts(points, normals, self._reach, progress=progress)
        return self._light(there.face, there.weights)

    def _light(self, face: I4, weights: F4) -> F4:
        mesh = self._mesh
        light = np.ones((len(face), 3), np.float32)
        material = np.clip(mesh.face_material[face], 0, max(0, len(mesh.materials) - 1))
        has_texture = np.zeros(len(face), np.bool_)
        if mesh.corner_uv is not None:
            corners = mesh.corner_uv[face]
            first = (1 - weights.sum(axis=1))[:, None]
            uv = first * corners[:, 0] + weights[:, :1] * corners[:, 1] + weights[:, 1:] * corners[:, 2]
            is_known = np.isfinite(uv).all(axis=1)
            for number, source in enumerate(mesh.materials):
                if source.texture is None:
                    continue
                mine = np.flatnonzero((material == number) & is_known)
                light[mine] = sample_texture(source.texture, uv[mine], repeats=True)
                has_texture[mine] = True
        if mesh.vertex_colors is not None:
            plain = np.flatnonzero(~has_texture)
            light[plain] = interpolate(linear_from_srgb(mesh.vertex_colors), mesh.faces, face[plain], weights[plain])
        if len(self._factors):
            light *= linear_from_srgb(self._factors)[material]
        return light
