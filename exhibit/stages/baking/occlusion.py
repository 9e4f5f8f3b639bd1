"""How much of the open sky above each place the object itself leaves free (ambient occlusion), and a map of it.

The finest surface mostly has corners closer together than a map of shade has texels. Then rays are cast from its
corners, once for all levels, and evened out along its edges; every level takes its texels from there. Only where the
finest surface has large faces are rays cast from the texels themselves.
"""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.morton import morton_order
from exhibit.geometry.pad_texture import nearest_covered, pad_texture
from exhibit.geometry.rasterise import rasterise
from exhibit.geometry.sky_rays import sky_rays
from exhibit.geometry.smooth_on_mesh import smooth_on_mesh
from exhibit.geometry.smooth_over_surface import smooth_over_surface
from exhibit.model.arrays import F4, U1, Bool
from exhibit.model.surface import Unwrapped
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.counterpart import OtherMesh
from exhibit.stages.baking.paint import place_of

_RAYS_AT_ONCE = 1 << 19
_OFFSET = 1e-3
_ROUNDS = 2
_STEP = 0.04
_ATLAS_USE = 0.55
_SMALL_TEXELS = 2.0
_MOST_TEXELS = 4.0
_LEAST_PX = 512
_LEAST_RAYS = 16
_SHARPENED = 2


def map_px(finest: OtherMesh, texture_px: int, most_px: int) -> tuple[int, bool]:
    """Return the side of a level's map, pixels, and whether the corners of the finest surface lie close enough for it.

    Lettering needs half the texture's side, if the surface has it; rays from each texel of so many would be too dear.
    Shade changes more slowly than faces end: rays from corners four texels apart came nearer to the truth than as many
    from each texel (Buddha head 35.9 against 34.1 dB, mask 38.0 against 37.5).
    """
    least = min(_LEAST_PX, texture_px, most_px)
    half = min(max(texture_px // 2, least), most_px)
    for size, texels in ((half, _SMALL_TEXELS), (least, _MOST_TEXELS)):
        if texture_px % size == 0 and _has_small_faces(finest, size, texels):
            return size, True
    return least, False


def _has_small_faces(finest: OtherMesh, size_px: int, texels: float) -> bool:
    """Whether nearly all of a surface is cut finer than so many texels of a map with `size_px` pixels a side."""
    areas = np.sort(finest.areas)
    until = np.cumsum(areas, dtype=np.float64)
    if not until[-1] > 0:
        return False
    large = areas[np.searchsorted(until, 0.95 * until[-1])]
    return bool(2 * large < texels**2 * until[-1] / _ATLAS_USE / size_px**2)


def sky_at_vertices(finest: OtherMesh, n_rays: int, *, progress: Progress = SILENT) -> F4:
    """Return the free share of the sky (n,) float32 at each vertex of a surface, evened out along its edges.

    The rays of `n_rays` for each texel of a map of 512 pixels a side are shared out among the vertices: no fewer than
    16 and no more than `n_rays` from each.

    Notes
    -----
    PSNR against 4,096 rays about the surface's own normals, and processor seconds (one thread), with 16 rays and four
    rounds for all -> now: stone lion 31.6 in .8 -> 34.3 in 1.6, Venus 33.0 -> 35.5 (.9 -> 1.6), vase 38.9 -> 39.4
    (1.1 -> 1.6), stele 29.7 -> 33.0 (2.4 -> 2.4); from each texel until now: Buddha head 34.1 -> 35.8 (2.3 -> .7), mask
    37.5 -> 37.6 (2.5 -> .7). Tried and left: passing on the direction of the open sky (Ward & Heckbert's rotational
    gradient) wins .6 dB on rough stone, loses 1 on glaze, and its time is as well spent on rays; low-discrepancy shifts
    from vertex to vertex win .1.
    """
    texels = _ATLAS_USE * _LEAST_PX**2
    of_each = int(np.clip(n_rays * texels / max(1, len(finest.vertices)), min(_LEAST_RAYS, n_rays), n_rays))
    offset = _offset(finest.vertices)
    # neighbours one after another: their rays meet the same part of the tree
    order = morton_order(finest.vertices)
    free = np.empty(len(order), np.float32)
    free[order] = open_sky(
        finest.scene, finest.vertices[order], finest.normals[order], of_each, offset, progress=progress
    )
    # the first round meets the raw noise: many rays leave little of it, and then steps may stay
    steps = (2.4 / of_each**0.75, *[_STEP] * (_ROUNDS - 1))
    return smooth_on_mesh(free, finest.normals, finest.faces, steps)


def shrink_sky(sky: F4, is_covered: Bool, size_px: int) -> U1:
    """Return the map (size_px, size_px) uint8, 255 = open, of painted texels (h, h).

    It is what comes nearest to them when read bilinearly: means alone would blur twice, for 1 dB of true shade.
    """
    times = len(sky) // size_px
    blocks = (size_px, times, size_px, times)
    count = is_covered.reshape(blocks).sum(axis=(1, 3), dtype=np.float32)
    nearest = nearest_covered(count > 0)

    def means(values: F4) -> F4:
        total = np.where(is_covered, values, np.float32(0)).reshape(blocks).sum(axis=(1, 3), dtype=np.float32)
        return pad_texture(total / np.maximum(count, np.float32(1)), nearest)

    shrunk = means(sky)
    for _ in range(min(times // 2, _SHARPENED)):
        shrunk = shrunk + means(sky - _enlarged(shrunk, times))
    return _bytes(shrunk)


def _enlarged(picture: F4, times: int) -> F4:
    """Return a picture (h, w) read bilinearly at `times` as many places each way."""
    at = (np.arange(len(picture) * times, dtype=np.float32) + np.float32(0.5)) / np.float32(times) - np.float32(0.5)
    low = np.clip(np.floor(at), 0, len(picture) - 2).astype(np.int64)
    share = np.clip(at - low, 0, 1).astype(np.float32)
    rows = picture[low] * (1 - share)[:, None] + picture[low + 1] * share[:, None]
    larger: F4 = rows[:, low] * (1 - share) + rows[:, low + 1] * share
    return larger


def bake_occlusion(
    mesh: Unwrapped, finest: OtherMesh, size_px: int, n_rays: int, reach: float, *, progress: Progress = SILENT
) -> U1:
    """Return the map (size_px, size_px) uint8, 255 = open, by rays from each of its texels.

    The floor that the object stands on is not part of it, for a page may hold the object in the air.
    """
    band = rasterise(mesh.uv, mesh.faces, size_px)
    is_covered = band.face >= 0
    points, own = place_of(mesh, band.face[is_covered], band.weights[is_covered])
    there = finest.counterparts(points, own, reach, progress=progress.part(0.0, 0.1))
    normals = np.where(there.is_facing[:, None], there.normals, own)
    free = open_sky(
        finest.scene, there.points, normals, n_rays, _offset(mesh.vertices), progress=progress.part(0.1, 0.9)
    )
    smooth = smooth_over_surface(there.points, normals, free, progress=progress.part(0.9, 1.0))
    picture = np.full((size_px, size_px), 255, np.uint8)
    picture[is_covered] = _bytes(smooth)
    return pad_texture(picture, nearest_covered(is_covered))


def open_sky(
    scene: RaycastScene, points: F4, normals: F4, n_rays: int, offset: float, *, progress: Progress = SILENT
) -> F4:
    """Return the cosine-weighted share (n,) float32 of the hemisphere that is free: 1 open, 0 shut in.

    Parameters
    ----------
    points, normals : (n, 3) float32, on the scene's mesh; unit normals.
    n_rays : rays for each point; the standard error of the share is below ``0.5 / sqrt(n_rays)``.
    offset : how far above the surface the rays start, metres: more than the flatness of its faces.
    """
    free = np.ones(len(points), np.float32)
    step = max(1, _RAYS_AT_ONCE // n_rays)
    for start in range(0, len(points), step):
        progress.tick(start / len(points), "casting light")
        rows = slice(start, start + step)
        met = scene.is_shaded(sky_rays(points[rows], normals[rows], n_rays, offset, start))
        free[rows] = 1 - met.reshape(-1, n_rays).mean(axis=1, dtype=np.float32)
    progress.tick(1.0)
    return free


def _offset(vertices: F4) -> float:
    return _OFFSET * float(np.linalg.norm(np.ptp(vertices.astype(np.float64), axis=0)))


def _bytes(share: F4) -> U1:
    picture: U1 = np.clip(share * 255 + 0.5, 0, 255).astype(np.uint8)
    return picture
