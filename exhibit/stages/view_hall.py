"""Take a picture of a lit room with its relics: what stands on pages before, or in place of, the room in 3D.

One ray goes through each pixel; pixels that differ from their neighbours, and those of relics, get more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.colour_spaces import luminance, srgb_from_linear
from exhibit.geometry.neutral_tone import neutral_tone
from exhibit.geometry.sample_texture import sample_texture, sample_values
from exhibit.model.arrays import F4, F8, U1, Bool
from exhibit.model.viewpoint import Sheet, Viewpoint
from exhibit.progress import SILENT, Progress
from exhibit.stages.portraying.surroundings import Surroundings
from exhibit.stages.viewing.relics import Shown, Standing, coarse
from exhibit.stages.viewing.surfaces import Surfaces

_AT_ONCE = 1 << 18
_EDGE = 7
"""Neighbours that differ by more, of 255, are looked at again."""
_GLOW = ((0.008, 0.22), (0.04, 0.20))
"""Of what is brighter than white: how far it spreads, in widths of the picture, and how much of it."""


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """Size of the picture, pixels, and how many rays go through a pixel each way where one is not enough."""

    width_px: int = 1600
    height_px: int = 800
    fine: int = 2


DRAFT = ViewOptions(800, 400)


def view_hall(
    room_glb: bytes,
    relics: tuple[Shown, ...],
    sheets: tuple[Sheet, ...],
    surroundings: Surroundings,
    viewpoint: Viewpoint,
    options: ViewOptions = ViewOptions(),
    /,
    *,
    progress: Progress = SILENT,
) -> U1:
    """Take the picture.

    Parameters
    ----------
    room_glb : the lit room, as `exhibit.stages.lighting.room_file` writes it.
    surroundings : the light of a relic that faces +Z.

    Returns
    -------
    (height, width, 3) uint8 sRGB; equal input gives equal bytes.
    """
    width, height, fine = options.width_px, options.height_px, options.fine
    scene = _Scene(room_glb, relics, sheets, surroundings, viewpoint, options)
    centres = np.indices((height, width), dtype=np.float64).reshape(2, -1).T + 0.5
    light, is_relic = scene.look(centres[:, 1], centres[:, 0], 1, progress.part(0.0, 0.5))
    light, is_relic = light.reshape(height, width, 3), is_relic.reshape(height, width)
    shown = neutral_tone(light)
    again = np.flatnonzero(_edges(srgb_from_linear(shown)) | is_relic)
    inside = (np.indices((fine, fine)).reshape(2, -1).T + 0.5) / fine - 0.5
    spots = (centres[again][:, None] + inside[None]).reshape(-1, 2)
    finer, _ = scene.look(spots[:, 1], spots[:, 0], fine, progress.part(0.5, 1.0))
    shown.reshape(-1, 3)[again] = neutral_tone(finer).reshape(len(again), fine * fine, 3).mean(axis=1)
    light.reshape(-1, 3)[again] = finer.reshape(len(again), fine * fine, 3).mean(axis=1)
    return srgb_from_linear(_glowing(shown, light))


class _Scene:
    def __init__(
        self, room_glb: bytes, relics: tuple[Shown, ...], sheets: tuple[Sheet, ...], surroundings: Surroundings,
        viewpoint: Viewpoint, options: ViewOptions,
    ) -> None:  # fmt: skip
        self._room = Surfaces(room_glb)
        light = coarse(surroundings)
        self._relics = [Standing(relic, light) for relic in relics if len(relic.mesh.faces)]
        self._sheets, self._view, self._options = sheets, viewpoint, options
        vertices, faces = ([part] for part in self._room.triangles())
        self._first = []
        n_vertices, n_faces = len(vertices[0]), len(faces[0])
        for relic in self._relics:
            self._first.append(n_faces)
            vertices.append(relic.vertices)
            faces.append((relic.faces + n_vertices).astype(np.int32))
            n_vertices, n_faces = n_vertices + len(relic.vertices), n_faces + len(relic.faces)
        self._first.append(n_faces)
        self._rays = RaycastScene(np.concatenate(vertices), np.concatenate(faces))

    def look(self, columns: F8, rows: F8, fine: int, progress: Progress) -> tuple[F4, Bool]:
        """Return the light (n, 3) at places of the picture, pixels from its top left, and where a relic is (n,)."""
        light, is_relic = np.zeros((len(columns), 3), np.float32), np.zeros(len(columns), np.bool_)
        for start in range(0, len(columns), _AT_ONCE):
            progress.tick(start / len(columns), "picture of the hall")
            part = slice(start, start + _AT_ONCE)
            light[part], is_relic[part] = self._look(columns[part], rows[part], fine, start)
        return light, is_relic

    def _look(self, columns: F8, rows: F8, fine: int, first: int) -> tuple[F4, Bool]:
        options, view = self._options, self._view
        focal_px = view.focal * options.width_px
        # one metre deep: distances along a ray are depths
        ways = np.empty((len(columns), 3), np.float32)
        ways[:, 0] = (columns - options.width_px / 2) / focal_px
        ways[:, 1] = (view.horizon * options.height_px - rows) / focal_px
        ways[:, 2] = -1
        before = np.float32(max(view.eye[2] - view.from_z, 0.0))
        starts: F4 = np.array(view.eye, np.float32) + before * ways
        hits = self._rays.cast(starts, ways)
        unit = ways / np.linalg.norm(ways, axis=1, keepdims=True)
        depth = hits.distance + before
        light = np.zeros((len(columns), 3), np.float32)
        on_room = np.flatnonzero((hits.face >= 0) & (hits.face < self._room.n_faces))
        # a floor is seen aslant: broad across, long along
        broad = depth[on_room] / np.float32(focal_px * fine)
        aslant = np.sqrt(np.maximum(np.abs(unit[on_room, 1]), np.float32(0.02)))
        light[on_room] = self._room.light(hits.face[on_room], hits.weights[on_room], broad / aslant)
        for number, relic in enumerate(self._relics):
            at = np.flatnonzero((hits.face >= self._first[number]) & (hits.face < self._first[number + 1]))
            if len(at):
                own = hits.face[at] - np.int32(self._first[number])
                light[at] = relic.light(self._rays, own, hits.weights[at], unit[at], first)
        for sheet in self._sheets:
            _put(sheet, light, view.eye, ways, depth, 1 / (focal_px * fine))
        return light, hits.face >= self._room.n_faces


def _put(sheet: Sheet, light: F4, eye: tuple[float, float, float], ways: F4, depth: F4, pixel: float) -> None:
    """Lay a sheet's picture over the light (n, 3) of rays that meet it before anything else."""
    across, down = np.array(sheet.across), np.array(sheet.down)
    normal = np.cross(across, down)
    falls = ways @ normal
    far = (np.array(sheet.corner) - np.array(eye)) @ normal / np.where(np.abs(falls) > 1e-9, falls, np.inf)
    at = np.flatnonzero((far > 0) & (far < depth + 1e-3))
    on = np.array(eye) + far[at, None] * ways[at] - np.array(sheet.corner)
    u, v = on @ across / (across @ across), on @ down / (down @ down)
    inside = (u > 0) & (u < 1) & (v > 0) & (v < 1)
    at, uv = at[inside], np.stack([u[inside], v[inside]], axis=1).astype(np.float32)
    if not len(at):
        return
    picture = sheet.picture
    # letters much smaller in the picture than on the sheet are taken from a smaller sheet
    texel = float(np.linalg.norm(across)) / picture.shape[1]
    halve = int(np.clip(np.log2(max(float(np.median(far[at])) * pixel / texel, 1.0)) + 0.5, 0, 5))
    if halve:
        picture = _reduced(picture, 2**halve)
    ink = sample_texture(np.ascontiguousarray(picture[:, :, :3]), uv)
    alpha = sample_values(np.ascontiguousarray(picture[:, :, 3:]), uv) / np.float32(255)
    light[at] = light[at] * (1 - alpha) + ink * alpha


def _reduced(picture: U1, by: int) -> U1:
    from PIL import Image

    return np.asarray(Image.fromarray(picture).reduce(by))


def _edges(picture: U1) -> Bool:
    """Return which pixels (h, w) differ from a neighbour, or touch one that does."""
    from scipy.ndimage import maximum_filter, minimum_filter

    spread = maximum_filter(picture, (3, 3, 1)).astype(np.int16) - minimum_filter(picture, (3, 3, 1))
    edges: Bool = spread.max(axis=2) > _EDGE
    return edges


def _glowing(shown: F4, light: F4) -> F4:
    """Let what is brighter than white shine into what is next to it, as it does in every eye and lens."""
    from scipy.ndimage import gaussian_filter

    over = np.maximum(luminance(light) - 1, 0)
    veil = np.zeros_like(over)
    for reach, share in _GLOW:
        veil += np.float32(share) * gaussian_filter(over, reach * light.shape[1], mode="constant", truncate=2.5)
    glowing: F4 = 1 - (1 - shown) * (1 - np.clip(veil, 0, 1))[:, :, None]
    return glowing
