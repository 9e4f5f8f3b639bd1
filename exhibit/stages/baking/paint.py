"""Paint colour and relief onto the texels of a level, band by band, so that memory does not grow with the texture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.rasterise import Band, rasterise_with_rim
from exhibit.geometry.tangent_space import bytes_from_normals, encode_normals
from exhibit.model.arrays import F4, U1, Bool
from exhibit.model.surface import Unwrapped
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.counterpart import OtherMesh

NEUTRAL = (178, 172, 162)
"""sRGB of a source without colour: a warm grey, like plaster."""
_TEXELS_AT_ONCE = 1 << 20
_FLAT_DEG = 1.5
_RIM = 2


class Painter(Protocol):
    """Something that knows the linear light of places on a surface."""

    def at(self, points: F4, normals: F4, *, progress: Progress = SILENT) -> F4:
        """Return linear light (n, 3) float32 at `points` (n, 3) with `normals` (n, 3)."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Maps before padding.

    Parameters
    ----------
    color, normals : (h, w, 3) uint8.
    sky : (h, w) float32, the open sky; all 1 where that was not asked for.
    is_covered : (h, w) bool, the texels that were painted.
    share_flat : share of them whose baked normal is as good as the mesh's own.
    """

    color: U1
    normals: U1
    sky: F4
    is_covered: Bool
    share_flat: float


@dataclass(frozen=True, slots=True)
class Easel:
    """What painting needs.

    Parameters
    ----------
    mesh : the level.
    finest : the surface whose relief it shows; it is looked for no farther than `reach` metres along the normal.
    painter : knows the colours; None paints them neutral.
    with_normals : paint the normal map too.
    sky : (n,) float32 at the vertices of the finest surface, painted too; or None.
    finer : each texel is the mean of so many parts each way.
    """

    mesh: Unwrapped
    finest: OtherMesh
    painter: Painter | None
    reach: float
    with_normals: bool
    sky: F4 | None
    finer: int


def paint(easel: Easel, *, progress: Progress = SILENT) -> Canvas:
    """Paint all texels that the level's faces cover."""
    size, finer = easel.mesh.texture_px, easel.finer
    color = np.empty((size, size, 3), np.uint8)
    color[:] = NEUTRAL
    normals = np.empty((size, size, 3), np.uint8)
    normals[:] = (128, 128, 255)
    sky = np.ones((size, size), np.float32)
    is_covered = np.zeros((size, size), np.bool_)
    n_flat = n_texels = 0
    rows_at_once = max(1, _TEXELS_AT_ONCE // (size * finer * finer))
    for first in range(0, size, rows_at_once):
        rows = slice(first, min(size, first + rows_at_once))
        part = progress.part(rows.start / size, rows.stop / size)
        part.tick(0.0, "painting")
        patch = _paint_rows(easel, rows, part)
        is_covered[rows].reshape(-1)[patch.texel] = True
        if easel.painter is not None:
            color[rows].reshape(-1, 3)[patch.texel] = srgb_from_linear(patch.light)
        if easel.with_normals:
            normals[rows].reshape(-1, 3)[patch.texel] = bytes_from_normals(patch.local)
            n_flat += int((patch.local[:, 2] > np.cos(np.radians(_FLAT_DEG))).sum())
        if easel.sky is not None:
            sky[rows].reshape(-1)[patch.texel] = patch.sky[:, 0]
        n_texels += len(patch.texel)
    return Canvas(color, normals, sky, is_covered, n_flat / max(1, n_texels))


@dataclass(frozen=True, slots=True)
class _Patch:
    """Texels (n,), numbered within some rows: linear light (n, 3), tangent-space normal (n, 3), open sky (n, 1)."""

    texel: npt.NDArray[np.int64]
    light: F4
    local: F4
    sky: F4


def _paint_rows(easel: Easel, rows: slice, progress: Progress) -> _Patch:
    mesh, size, finer = easel.mesh, easel.mesh.texture_px, easel.finer
    n_rows = rows.stop - rows.start
    band = rasterise_with_rim(mesh.uv, mesh.faces, size * finer, rows.start * finer, n_rows * finer, _RIM * finer)
    at = np.flatnonzero(band.face >= 0).astype(np.int64)
    texel = (at // (size * finer) // finer) * size + at % (size * finer) // finer
    if len(at) == 0:
        nothing = np.empty((0, 3), np.float32)
        return _Patch(at, nothing, nothing, nothing[:, :1])
    light, local, sky = _look_up(easel, band, at, progress)
    if finer == 1:
        return _Patch(texel, light, local, sky)
    is_painted = np.zeros(n_rows * size, np.bool_)
    is_painted[texel] = True
    painted = np.flatnonzero(is_painted).astype(np.int64)
    light, local, sky = (_mean_by(values, texel)[painted] for values in (light, local, sky))
    local /= np.maximum(np.linalg.norm(local, axis=1, keepdims=True), np.float32(1e-6))
    return _Patch(painted, light, local, sky)


def _look_up(easel: Easel, band: Band, at: npt.NDArray[np.int64], progress: Progress) -> tuple[F4, F4, F4]:
    """Return linear light, tangent-space normal (n, 3) and open sky (n, 1) of places, texels number `at` (n,)."""
    mesh = easel.mesh
    face, weights = band.face.reshape(-1)[at], band.weights.reshape(-1, 2)[at]
    points, own = place_of(mesh, face, weights)
    there = easel.finest.counterparts(points, own, easel.reach, progress=progress.part(0.0, 0.5))
    normals = np.where(there.is_facing[:, None], there.normals, own)
    light = local = np.zeros((len(at), 3), np.float32)
    sky = light[:, :1]
    if easel.painter is not None:
        light = easel.painter.at(there.points, normals, progress=progress.part(0.5, 0.9))
    if easel.with_normals:
        local = encode_normals(normals, own, interpolate(mesh.tangents, mesh.faces, face, weights))
    if easel.sky is not None:
        sky = interpolate(easel.sky[:, None], easel.finest.faces, there.face, there.weights)
    return light, local, sky


def place_of(mesh: Unwrapped, face: npt.NDArray[np.int32], weights: F4) -> tuple[F4, F4]:
    """Return the points (n, 3) and smooth unit normals (n, 3) of places (n,) on faces."""
    normals = interpolate(mesh.normals, mesh.faces, face, weights)
    normals /= np.maximum(np.sqrt(np.einsum("ij,ij->i", normals, normals)), np.float32(1e-6))[:, None]
    return interpolate(mesh.vertices, mesh.faces, face, weights), normals


def _mean_by(values: F4, group: npt.NDArray[np.int64]) -> F4:
    """Return the mean (k, d) float32 of the rows of `values` in each group 0 to k - 1; 0 where a group is empty."""
    count = np.maximum(np.bincount(group), 1)
    total = np.stack([np.bincount(group, weights=values[:, axis]) for axis in range(values.shape[1])], axis=1)
    return (total / count[:, None]).astype(np.float32)
