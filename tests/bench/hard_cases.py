"""Objects that reconstructions lose, bridge or tear, small, with their truth as a triangle mesh.

Uneven density (100:1, gradual and at a step), a missing underside with three holes, walls three spacings thick, sharp
rims, lettering two spacings deep. Points lie at random by area, with Gaussian noise of .05 % of the diagonal per axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

F4 = npt.NDArray[np.float32]
F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]

NOISE = 0.0005
"""Of the diagonal, per axis."""
RATIO = 100.0
UNSEEN = -1


@dataclass(frozen=True, slots=True)
class Truth:
    """A true surface and how it was sampled.

    Parameters
    ----------
    vertices, faces : (v, 3) and (f, 3), seen from outside.
    part : (f,) the sheet or side each face belongs to; `UNSEEN` where no points are.
    density : (f,) relative, points per area; None is even.
    rims : (k, 2, 3) sharp edges.
    thickness : of the wall, spacings; part 0 is its outer sheet.
    letters : (k, 4) left, right, bottom, top of each letter on the face that looks up, unit of the vertices.
    height : of places (n, 2) on that face.
    holes : widths, unit of the vertices, the widest first; the missing underside is one of them.
    """

    vertices: F8
    faces: I4
    part: I4
    density: F8 | None = None
    rims: F8 | None = None
    thickness: float | None = None
    letters: F8 | None = None
    height: Callable[[F8], F8] | None = None
    holes: F8 = field(default_factory=lambda: np.empty(0))

    def spacing(self, n_points: int) -> F8:
        """Return (f,) the distance between neighbouring points on each face, infinite where none are."""
        density = np.where(self.part == UNSEEN, 0.0, 1.0 if self.density is None else self.density)
        with np.errstate(divide="ignore"):
            return np.asarray(np.sqrt(self._weight().sum() / (n_points * density)))

    def sample(self, n_points: int, seed: int, *, evenly: bool = False) -> tuple[F8, I4]:
        """Spread points over what is seen, by density or evenly by area: places (n, 3) and their faces (n,)."""
        rng = np.random.default_rng(seed)
        weight = _areas(self.vertices, self.faces) * (self.part != UNSEEN) if evenly else self._weight()
        until = np.cumsum(weight)
        face = np.minimum(np.searchsorted(until, rng.random(n_points) * until[-1]), len(weight) - 1).astype(np.int32)
        corner = self.vertices[self.faces[face]]
        u, v = rng.random((2, n_points, 1))
        u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
        return corner[:, 0] + u * (corner[:, 1] - corner[:, 0]) + v * (corner[:, 2] - corner[:, 0]), face

    def _weight(self) -> F8:
        weight = _areas(self.vertices, self.faces) * (self.part != UNSEEN)
        return weight if self.density is None else weight * self.density


@dataclass(frozen=True, slots=True)
class Case:
    """A hard case: its name in tables, points, and the way to its truth."""

    title: str
    n_points: int
    truth: Callable[[int], Truth]


@cache
def truth_of(name: str) -> Truth:
    """Return the truth of a case; made anew in every process, since it is quick."""
    case = CASES[name]
    return case.truth(case.n_points)


def points_of(truth: Truth, n_points: int, *, noise: float = NOISE, seed: int = 1) -> F4:
    """Take a scan of a truth: (n, 3)."""
    exact, _ = truth.sample(n_points, seed)
    sigma = noise * float(np.linalg.norm(np.ptp(truth.vertices, axis=0)))
    return (exact + np.random.default_rng(seed + 1).normal(0, sigma, exact.shape)).astype(np.float32)


def make(name: str) -> Callable[[], tuple[F4, None, dict[str, npt.NDArray[Any]]]]:
    """Return how to prepare a case as a subject of the bench."""

    def made() -> tuple[F4, None, dict[str, npt.NDArray[Any]]]:
        truth = truth_of(name)
        seen = truth.faces[truth.part != UNSEEN]
        places, _ = truth.sample(100_000, 2, evenly=True)
        known = {
            "diagonal": np.array(np.linalg.norm(np.ptp(truth.vertices, axis=0))),
            "true_vertices": truth.vertices.astype(np.float32), "true_faces": seen,
            "true_points": places.astype(np.float32),
        }  # fmt: skip
        return points_of(truth, CASES[name].n_points), None, known

    return made


def slab(n_points: int) -> Truth:
    """Return an upright plate, three spacings thick."""
    area, thickness = 2 * 1.0 * 1.3, 3.0
    for _ in range(8):  # the narrow sides take points too
        thick = thickness * np.sqrt(area / n_points)
        area = 2 * (1.3 + 2.3 * thick)
    return _box((1.0, thick, 1.3), thickness=thickness)


def bowl(n_points: int) -> Truth:
    """Return a bowl with a foot whose wall is three spacings thick, open above."""
    outer, thickness = 0.5, 3.0
    thick, area = 0.0, 2 * np.pi * outer**2 * 2
    for _ in range(8):
        thick = thickness * np.sqrt(area / n_points)
        area = 2 * np.pi * (outer**2 + (outer - thick) ** 2) + 2 * np.pi * outer * thick
    turn = np.linspace(-np.pi / 2, 0, 160)
    outside = np.stack([np.cos(turn), np.sin(turn)], axis=1) * outer
    inside = (np.stack([np.cos(turn), np.sin(turn)], axis=1) * (outer - thick))[::-1]
    profile = np.concatenate([outside, inside])
    part = np.repeat([0, 2, 1], [len(outside) - 1, 1, len(inside) - 1])
    return _turned(profile, part, thickness=thickness)


def gradient(n_points: int) -> Truth:
    """Return a ball whose density falls a hundredfold from pole to pole."""
    vertices, faces = _globe(360)
    density = RATIO ** (vertices[faces].mean(axis=1)[:, 2] / 0.5 / 2)
    return Truth(vertices, faces, np.zeros(len(faces), np.int32), density)


def step(n_points: int) -> Truth:
    """Return a bumpy ball of which one half has a hundredth of the density."""
    vertices, faces = _globe(360)
    vertices = _bumpy(vertices)
    density = np.where(vertices[faces].mean(axis=1)[:, 2] > 0, RATIO, 1.0)
    return Truth(vertices, faces, (density < RATIO).astype(np.int32), density)


def hollow(n_points: int) -> Truth:
    """Return a bumpy ball without points below, and with three holes of 6, 15 and 40 spacings."""
    vertices, faces = _globe(900)
    to = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
    vertices = _bumpy(vertices)
    spacing = np.sqrt(2.6 / n_points)
    axes = np.array([[1.0, 0, 0.1], [-0.5, 0.85, 0.2], [-0.4, -0.6, 0.7], [0, 0, -1]])
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    angles = np.array([*np.arcsin(np.array([6, 15, 40]) * spacing / 2 / 0.5), np.radians(50)])
    inside = (to[faces].mean(axis=1) @ axes.T) > np.cos(angles)
    part = np.where(inside.any(axis=1), UNSEEN, 0).astype(np.int32)
    is_seen = np.zeros(len(vertices), bool)
    is_seen[faces[part == 0]] = True
    widths = []
    for t in range(len(axes)):
        rim = np.unique(faces[inside[:, t]])
        rim = vertices[rim[is_seen[rim]]]
        widths.append(float(np.linalg.norm(rim[:, None] - rim[None], axis=2).max()))
    return Truth(vertices, faces, part, holes=np.array(widths[::-1]))


def cube(n_points: int) -> Truth:
    """Return a block with right angles."""
    return _box((1.0, 0.8, 0.7))


def prism(n_points: int) -> Truth:
    """Return a star of ten right and sharp rims, as tall as wide."""
    turn = np.arange(10) / 10 * 2 * np.pi
    radius = np.where(np.arange(10) % 2 == 0, 0.5, 0.3)
    ring = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
    bottom, top = np.c_[ring, np.full(10, -0.35)], np.c_[ring, np.full(10, 0.35)]
    vertices = np.concatenate([bottom, top, [[0, 0, -0.35], [0, 0, 0.35]]])
    i = np.arange(10)
    j = (i + 1) % 10
    sides = [np.stack([i, j, j + 10], 1), np.stack([i, j + 10, i + 10], 1)]
    lids = [np.stack([j, i, np.full(10, 20)], 1), np.stack([i + 10, j + 10, np.full(10, 21)], 1)]
    rims = np.concatenate([np.stack(pair, 1) for pair in ((bottom, bottom[j]), (top, top[j]), (bottom, top))])
    faces = np.concatenate([*sides, *lids]).astype(np.int32)
    return Truth(vertices, faces, np.repeat([0, 1], [20, 20]).astype(np.int32), rims=rims)


LINES = (("展覽青銅", 56.0), ("EXHIBIT 1368", 34.0), ("永樂年製 Ming vase", 24.0))
"""Lettering, and its height in spacings."""


def lettering(n_points: int, lines: tuple[tuple[str, float], ...] = LINES, depth: float = 2.0) -> Truth:
    """Return a block with letters two spacings deep, Chinese and Latin, in three sizes."""
    wide, tall, thick = 1.0, 0.62, 0.08
    spacing = float(np.sqrt((2 * wide * tall + 2 * thick * (wide + tall)) / n_points))
    cell = spacing / 3
    mask, boxes = _typeset(lines, round(wide / cell), round(tall / cell), cell / spacing)
    n_rows, n_columns = mask.shape
    x, y = np.linspace(-wide / 2, wide / 2, n_columns), np.linspace(tall / 2, -tall / 2, n_rows)
    z = thick - depth * spacing * mask
    z[[0, -1]], z[:, [0, -1]] = thick, thick
    at = np.arange(mask.size).reshape(mask.shape)
    quads = (at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:])
    a, b, c, d = (quad.ravel() for quad in quads)
    upper = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    face = np.stack([*(grid.ravel() for grid in np.meshgrid(x, y)), z.ravel()], axis=1)
    body = _box((wide, tall, thick))
    below = body.vertices + np.array([0, 0, thick / 2])
    sides = body.faces[body.part != 5] + len(face)
    part = np.repeat([0, 1], [len(upper), len(sides)]).astype(np.int32)

    def height(places: F8) -> F8:
        from scipy.ndimage import map_coordinates

        rows = (tall / 2 - places[:, 1]) / tall * (n_rows - 1)
        columns = (places[:, 0] + wide / 2) / wide * (n_columns - 1)
        return np.asarray(map_coordinates(z, [rows, columns], order=1, mode="nearest"))

    frames = np.stack(
        [
            x[boxes[:, 0]],
            x[np.minimum(boxes[:, 2], n_columns - 1)],
            y[np.minimum(boxes[:, 3], n_rows - 1)],
            y[boxes[:, 1]],
        ],
        axis=1,
    )
    vertices, faces = np.concatenate([face, below]), np.concatenate([upper, sides]).astype(np.int32)
    return Truth(vertices, faces, part, letters=frames, height=height)


def _typeset(
    lines: tuple[tuple[str, float], ...], width: int, height: int, cell: float
) -> tuple[F8, npt.NDArray[np.int64]]:
    """Draw lines of text: engraved share (height, width), and left, top, right, bottom of each letter in pixels."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(picture)
    boxes, top = [], 0.0
    for text, tall in lines:
        font = ImageFont.truetype("NotoSansCJK-Regular.ttc", round(tall / cell))
        left = (width - draw.textlength(text, font)) / 2
        for i, letter in enumerate(text):
            at = (left + draw.textlength(text[:i], font), top)
            draw.text(at, letter, fill=255, font=font)
            if letter.strip():
                boxes.append(draw.textbbox(at, letter, font=font))
        top += 1.25 * tall / cell
    return np.asarray(picture, np.float64) / 255, np.array(boxes, np.int64)


def _box(size: tuple[float, float, float], thickness: float | None = None) -> Truth:
    """Return a box; its parts are -x, +x, -y, +y, -z, +z, so that 2 and 3 are the sheets of a plate thin along y."""
    corner = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], np.float64) / 2 * np.array(size)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))], np.int32)
    pairs = [(a, b) for a in range(8) for b in range(a + 1, 8) if bin(a ^ b).count("1") == 1]
    part = np.repeat(np.arange(6, dtype=np.int32), 2)
    if thickness is not None:
        part = np.array([4, 5, 0, 1, 2, 3], np.int32)[part]
    return Truth(corner, faces, part, rims=corner[np.array(pairs)], thickness=thickness)


def _turned(profile: F8, part: npt.NDArray[np.int64], thickness: float | None) -> Truth:
    """Turn a profile (k, 2) of radius and height about the axis; the outside lies to its right."""
    n_around = 480
    turn = np.arange(n_around) / n_around * 2 * np.pi
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    vertices = np.concatenate([np.c_[ring * radius, np.full(n_around, z)] for radius, z in profile])
    i = np.arange(n_around)
    j = (i + 1) % n_around
    faces, parts = [], []
    for row, label in enumerate(part):
        low, high = row * n_around, (row + 1) * n_around
        faces += [np.stack([low + i, low + j, high + j], 1), np.stack([low + i, high + j, high + i], 1)]
        parts.append(np.full(2 * n_around, label))
    return Truth(
        vertices, np.concatenate(faces).astype(np.int32), np.concatenate(parts).astype(np.int32), thickness=thickness
    )


def _globe(n_around: int) -> tuple[F8, I4]:
    turn = np.linspace(-np.pi / 2, np.pi / 2, n_around // 2)
    profile = np.stack([np.cos(turn), np.sin(turn)], axis=1) * 0.5
    i = np.arange(n_around)
    j = (i + 1) % n_around
    angle = i / n_around * 2 * np.pi
    vertices = np.concatenate([np.c_[r * np.cos(angle), r * np.sin(angle), np.full(n_around, z)] for r, z in profile])
    faces = [
        np.stack(corner, 1)
        for row in range(len(profile) - 1)
        for low, high in ((row * n_around, (row + 1) * n_around),)
        for corner in ((low + i, low + j, high + j), (low + i, high + j, high + i))
    ]
    return vertices, np.concatenate(faces).astype(np.int32)


def _bumpy(vertices: F8) -> F8:
    x, y, z = (vertices / 0.5).T
    return vertices * (1 + 0.05 * np.sin(5 * x + 1) * np.cos(4 * y) + 0.03 * np.sin(7 * z) * np.cos(6 * x))[:, None]


def _areas(vertices: F8, faces: I4) -> F8:
    corner = vertices[faces]
    cross = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(np.linalg.norm(cross, axis=1) / 2)


CASES = {
    "hard-bowl": Case("bowl, wall 3 spacings thick", 60_000, bowl),
    "hard-slab": Case("plate, 3 spacings thick", 60_000, slab),
    "hard-gradient": Case("ball, density falling 100:1", 60_000, gradient),
    "hard-step": Case("bumpy ball, density 100:1 at a step", 60_000, step),
    "hard-holes": Case("bumpy ball, no underside, three holes", 60_000, hollow),
    "hard-cube": Case("block, sharp rims", 40_000, cube),
    "hard-prism": Case("star prism, sharp rims", 40_000, prism),
    "hard-letters": Case("lettering 2 spacings deep", 100_000, lettering),
}
