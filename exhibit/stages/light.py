"""Light a room: how much of its lamps, of its skylight and of itself each spot of its panels sees.

Three parts, each by rays against the room and all that stands in it. Lamps have faces, so their shadows are soft. The
skylight is sampled all over. What panels send back is gathered once over the hemisphere, and what would be sent back
again is added as a share. Values are light relative to white: a white panel in light of 1 is white.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.hemisphere import cosine_directions, hammersley, scramble
from exhibit.geometry.tangents import any_orthogonal
from exhibit.model.arrays import F4, F8, I4, Bool
from exhibit.model.room import Caster, Lamp, LitRoom, RoomModel
from exhibit.progress import SILENT, Progress
from exhibit.stages.lighting.colors import linear_of
from exhibit.stages.lighting.smooth import smooth_panels, spread
from exhibit.stages.lighting.texels import Texels, Triangles, frame_of, lay_texels, triangulate

_AT_ONCE = 1 << 18
_COARSE = 0.5
_NEAREST = 16.0
"""No ray to the skylight counts for more: close to a pane few rays would leave sparks."""
_THING = 0.28
"""What relics send back of the light that falls on them: neither white nor black."""


@dataclass(frozen=True, slots=True)
class LightOptions:
    """How carefully the light is worked out.

    Parameters
    ----------
    finer : scales the texels per metre of every panel.
    lamp_rays, sky_rays, bounce_rays : per texel; per lamp, over the skylight, over the hemisphere.
    """

    finer: float = 1.3
    lamp_rays: int = 10
    sky_rays: int = 48
    bounce_rays: int = 128


DRAFT = LightOptions(finer=0.55, lamp_rays=3, sky_rays=12, bounce_rays=32)
"""For a room that is shown only until the relics are there."""


def light(
    room: RoomModel,
    casters: tuple[Caster, ...] = (),
    options: LightOptions = LightOptions(),
    /,
    *,
    progress: Progress = SILENT,
) -> LitRoom:
    """Work out the light of a room.

    Parameters
    ----------
    room : its panels, lamps and panes; panels whose material shines are the skylight.
    casters : what throws shadows beside the room itself.

    Returns
    -------
    The light map and each panel's place in it; equal input gives equal light.
    """
    texels = lay_texels(room.panels, options.finer)
    shape = triangulate(room.panels)
    scene = _Scene(room, shape, texels, _scene_of(shape, casters))
    free = np.flatnonzero(texels.is_free).astype(np.int32)
    progress.tick(0.05, "lamps")
    direct = np.zeros((len(texels.points), 3), np.float32)
    direct[free] = scene.from_lamps(free, options.lamp_rays, progress.part(0.05, 0.35))
    sky = np.zeros_like(direct)
    sky[free] = scene.from_sky(free, options.sky_rays, progress.part(0.35, 0.65))
    sky = smooth_panels(sky, texels, 0.8)
    direct = smooth_panels(direct, texels, 0.5) + sky
    # light between walls changes slowly: fewer places, more rays
    coarse = lay_texels(room.panels, _COARSE * options.finer)
    bounced = scene.from_panels(coarse, direct, options.bounce_rays, progress.part(0.65, 0.98))
    bounced = spread(smooth_panels(bounced, coarse, 1.4), coarse, texels) * np.float32(scene.again())
    progress.tick(1.0, "light")
    return LitRoom(texels.put(direct + bounced), texels.places)


def _scene_of(shape: Triangles, casters: tuple[Caster, ...]) -> RaycastScene:
    vertices, faces = [shape.vertices], [shape.faces]
    n = len(shape.vertices)
    for caster in casters:
        turn = np.radians(caster.yaw_deg)
        c, s = np.cos(turn), np.sin(turn)
        turned = caster.vertices.astype(np.float64) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
        vertices.append((turned + np.array(caster.position)).astype(np.float32))
        faces.append((caster.faces + n).astype(np.int32))
        n += len(caster.vertices)
    return RaycastScene(np.concatenate(vertices), np.concatenate(faces))


class _Scene:
    """The room for rays, and what its panels are."""

    def __init__(self, room: RoomModel, shape: Triangles, texels: Texels, rays: RaycastScene) -> None:
        by_name = {material.name: material for material in room.materials}
        self._room, self._shape, self._texels, self._rays = room, shape, texels, rays
        self._albedo = np.array([linear_of(by_name[p.material].color) for p in room.panels], np.float32)
        shines = np.array([by_name[panel.material].shine for panel in room.panels])
        self._albedo[shines > 0] = 0
        self._panes = [panel for panel, shine in zip(room.panels, shines, strict=True) if shine > 0]
        self._sky = linear_of(room.sky_color) * np.float32(room.sky)

    def again(self) -> float:
        """Return by how much light grows when what came back once comes back again and again."""
        areas = np.array([np.linalg.norm(np.cross(*frame_of(panel)[1:3])) for panel in self._room.panels])
        mean = float((self._albedo.mean(axis=1) * areas).sum() / max(areas.sum(), 1e-9))
        return 1 / (1 - min(mean, 0.8))

    def from_lamps(self, at: I4, n_rays: int, progress: Progress) -> F4:
        """Return the light (n, 3) that texels `at` (n,) get from the lamps."""
        light = np.zeros((len(at), 3), np.float32)
        points, normals = self._texels.points[at], self._texels.normals[at]
        for number, lamp in enumerate(self._room.lamps):
            progress.tick(number / len(self._room.lamps), "lamps")
            falls = _falls(lamp, points, normals)
            lit = np.flatnonzero(falls > 0.003)
            if len(lit) == 0:
                continue
            seen = np.zeros(len(lit), np.float32)
            for rows in _rows(len(lit), n_rays):
                ways = _face_of(lamp, len(lit[rows]), n_rays, rows.start) - points[lit[rows], None]
                seen[rows] = self._share_open(points[lit[rows]], ways, progress)
            light[lit] += (falls[lit] * seen)[:, None] * linear_of(lamp.color)
        return light

    def from_sky(self, at: I4, n_rays: int, progress: Progress) -> F4:
        """Return the light (n, 3) that texels `at` (n,) get from the panes."""
        light = np.zeros((len(at), 3), np.float32)
        if not self._panes:
            return light
        areas = np.array([np.linalg.norm(np.cross(*frame_of(pane)[1:3])) for pane in self._panes])
        share = np.cumsum(areas) / areas.sum()
        square = hammersley(n_rays)
        for rows in _rows(len(at), n_rays):
            progress.tick(rows.start / len(at), "skylight")
            points, normals = self._texels.points[at[rows]], self._texels.normals[at[rows]]
            places = (square[None] + scramble(len(points), rows.start)[:, None]) % 1.0
            on, facing = self._on_panes(places, share)
            way = on - points[:, None]
            squared = np.maximum((way * way).sum(axis=2), 1e-6)
            cos = np.maximum((way * normals[:, None]).sum(axis=2), 0) * np.maximum(-(way * facing).sum(axis=2), 0)
            form = np.minimum(cos / squared**2 * areas.sum() / np.pi, _NEAREST)
            form *= self._open(points, way.astype(np.float32), form > 1e-5)
            light[rows] = form.mean(axis=1)[:, None] * self._sky
        return light

    def _on_panes(self, places: F8, share: F8) -> tuple[F8, F8]:
        """Return points (n, k, 3) of the panes for places (n, k, 2) of the unit square, and which way they shine."""
        which = np.minimum(np.searchsorted(share, places[:, :, 0]), len(share) - 1)
        before = np.concatenate([[0.0], share[:-1]])
        u = (places[:, :, 0] - before[which]) / (share - before)[which]
        frames = [frame_of(pane) for pane in self._panes]
        corner, across, up, normal = (np.array([frame[part] for frame in frames]) for part in range(4))
        on = corner[which] + u[..., None] * across[which] + places[:, :, 1:2] * up[which]
        return on + 0.004 * normal[which], normal[which]

    def from_panels(self, coarse: Texels, direct: F4, n_rays: int, progress: Progress) -> F4:
        """Return the light (n, 3) that the texels `coarse` get from what panels send back of `direct`."""
        at = np.flatnonzero(coarse.is_free)
        light = np.zeros((len(coarse.points), 3), np.float32)
        typical = direct.mean(axis=0) * np.float32(_THING)
        sent = direct * self._albedo[self._texels.panel]
        for rows in _rows(len(at), n_rays):
            progress.tick(rows.start / len(at), "light between walls")
            points, normals = coarse.points[at[rows]], coarse.normals[at[rows]]
            ways = cosine_directions(normals, n_rays, rows.start).reshape(-1, 3)
            hits = self._rays.cast(np.repeat(points, n_rays, axis=0), ways)
            back = self.sent_by(hits.face, hits.weights, sent, typical)
            light[at[rows]] = back.reshape(-1, n_rays, 3).mean(axis=1)
        return light

    def sent_by(self, face: I4, weights: F4, sent: F4, things: F4) -> F4:
        """Return the light (n, 3) that faces send: panels by their texels `sent`, all else `things`."""
        back = np.zeros((len(face), 3), np.float32)
        on_panel = np.flatnonzero((face >= 0) & (face < len(self._shape.faces)))
        corners = self._shape.faces[face[on_panel]]
        w = weights[on_panel].astype(np.float64)
        share = (
            self._shape.shares[corners[:, 0]] * (1 - w.sum(axis=1))[:, None]
            + self._shape.shares[corners[:, 1]] * w[:, :1]
            + self._shape.shares[corners[:, 2]] * w[:, 1:]
        )
        panel = self._shape.panel[face[on_panel]]
        size = self._texels.places[panel, 2:]
        cell = np.clip((share * size).astype(np.int32), 0, size - 1)
        back[on_panel] = sent[self._texels.first[panel] + cell[:, 1] * size[:, 0] + cell[:, 0]]
        back[face >= len(self._shape.faces)] = things
        return back

    def _open(self, points: F4, ways: F4, asked: Bool) -> F4:
        """Return 1 where nothing lies between points (n, 3) and what is `ways` (n, k, 3) away, 0 elsewhere."""
        free = np.zeros(asked.shape, np.float32)
        row, column = np.nonzero(asked)
        if len(row):
            free[row, column] = ~self._rays.is_occluded(points[row], ways[row, column], farthest=0.999)
        return free

    def _share_open(self, points: F4, ways: F4, progress: Progress) -> F4:
        progress.check()
        share: F4 = self._open(points, ways, np.ones(ways.shape[:2], np.bool_)).mean(axis=1)
        return share


def _falls(lamp: Lamp, points: F4, normals: F4) -> F4:
    """Return how much of a lamp's light would fall on points (n, 3) if nothing were in the way."""
    at, aim = np.array(lamp.at), np.array(lamp.aim)
    ray = points - at
    far = np.maximum(np.linalg.norm(ray, axis=1), 1e-6)
    reach = float(np.linalg.norm(aim - at))
    angle = np.degrees(np.arccos(np.clip(ray @ (aim - at) / (far * reach), -1, 1)))
    edge = np.clip((lamp.outer_deg - angle) / (lamp.outer_deg - lamp.inner_deg), 0, 1)
    facing = np.maximum(-(ray * normals).sum(axis=1) / far, 0)
    falls: F4 = (lamp.strength * edge * edge * (3 - 2 * edge) * facing * (reach / far) ** 2).astype(np.float32)
    return falls


def _face_of(lamp: Lamp, n: int, n_rays: int, first: int) -> F4:
    """Return points (n, n_rays, 3) of a lamp's round face."""
    beam = (np.array(lamp.aim) - np.array(lamp.at))[None]
    beam /= np.linalg.norm(beam)
    side = any_orthogonal(beam)
    other = np.cross(beam, side)
    square = (hammersley(n_rays)[None] + scramble(n, first)[:, None]) % 1.0
    radius, turn = lamp.radius_m * np.sqrt(square[:, :, 0]), 2 * np.pi * square[:, :, 1]
    on = np.array(lamp.at) + (radius * np.cos(turn))[..., None] * side + (radius * np.sin(turn))[..., None] * other
    return on.astype(np.float32)


def _rows(n: int, n_rays: int) -> list[slice]:
    step = max(1, _AT_ONCE // n_rays)
    return [slice(start, min(n, start + step)) for start in range(0, n, step)]
