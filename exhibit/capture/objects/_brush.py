"""Brush drawing in millimetres: splines, strokes that swell and taper, motifs that are stamped with a living hand.

A motif is a list of pieces; a sheet lays motifs onto an unrolled vessel, given by its radius along the profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from exhibit.model.arrays import F4, F8

Path = npt.ArrayLike
_FULL: Final = 255


def spline(points: Path, per_span: int = 8, *, is_closed: bool = False) -> F8:
    """Return a smooth curve (m, 2) through points (n, 2) (Catmull and Rom, 1974)."""
    knots = np.asarray(points, dtype=np.float64)
    if is_closed:
        knots = np.vstack([knots[-1], knots, knots[0], knots[1]])
    else:
        knots = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    t = (np.arange(per_span) / per_span)[:, None]
    spans = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(knots[:-3], knots[1:-2], knots[2:-1], knots[3:])
    ]
    return np.vstack(spans if is_closed else [*spans, knots[-2:-1]])


def left_of(path: F8) -> F8:
    """Return unit normals (m, 2) to the left of a path's way."""
    way = np.gradient(path, axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    return np.column_stack([-way[:, 1], way[:, 0]])


def offset(path: F8, by: F8 | float) -> F8:
    """Return the path moved to its left by (m,) or one amount."""
    return np.asarray(path + left_of(path) * np.broadcast_to(np.asarray(by), (len(path),))[:, None])


def ribbon(path: F8, half: F8 | float, other_half: F8 | float | None = None) -> F8:
    """Return the closed outline of a band along a path, `half` wide to its left, `other_half` to its right."""
    right = half if other_half is None else other_half
    return np.vstack([offset(path, half), offset(path, -np.asarray(right))[::-1]])


def swelling(n: int, start: float, middle: float, end: float) -> F8:
    """Return half widths (n,) of a stroke that grows to its middle and thins to its end."""
    t = np.linspace(0.0, 1.0, n)
    return np.asarray(np.interp(t, [0.0, 0.4, 1.0], [start, middle, end]))


@dataclass(slots=True)
class Motif:
    """Pieces in the order of painting: outline (m, 2) in millimetres, tone of wash and of line (None: untouched)."""

    pieces: list[tuple[F8, float | None, float | None]] = field(default_factory=list)

    def fill(self, outline: Path, wash: float) -> None:
        """Cover an area with wash 0 to 1; lines below it go."""
        self.pieces.append((np.asarray(outline, dtype=np.float64), wash, 0.0))

    def stroke(self, path: Path, half: float, *, tone: float = 0.9, start: float = 0.6, end: float = 0.15) -> None:
        """Draw one stroke of the brush: pressed at the start, lifted at the end."""
        way = np.asarray(path, dtype=np.float64)
        self.pieces.append((ribbon(way, swelling(len(way), start * half, half, end * half)), None, tone))

    def edge(self, outline: Path, half: float, *, tone: float = 0.9) -> None:
        """Draw round a closed outline, now thicker, now thinner."""
        way = np.asarray(outline, dtype=np.float64)
        way = np.vstack([way, way[:2]])
        swell = 1 + 0.35 * np.sin(np.linspace(0.7, 11.0, len(way)))
        self.pieces.append((ribbon(way, half * swell), None, tone))

    def shape(self, outline: Path, wash: float, half: float = 0.5, tone: float = 0.9) -> None:
        """Fill an outline and draw round it."""
        self.fill(outline, wash)
        self.edge(outline, half, tone=tone)

    def dot(self, middle: tuple[float, float], radius: float, *, wash: float | None = None, line: float = 0.9) -> None:
        """Set a round dab."""
        turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ring = np.asarray(middle) + radius * np.column_stack([np.cos(turn), np.sin(turn)])
        self.pieces.append((ring, wash, line))

    def add(
        self, other: Motif, at: tuple[float, float], *, turn_deg: float = 0.0, scale: float = 1.0, flip: bool = False
    ) -> None:
        """Place another motif within this one."""
        angle = np.radians(turn_deg)
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        side = np.array([-1.0 if flip else 1.0, 1.0])
        for outline, wash, line in other.pieces:
            self.pieces.append((scale * (outline * side) @ turned.T + np.asarray(at), wash, line))


class Sheet:
    """The unrolled surface: wash and line, each painted where a motif is stamped.

    Parameters
    ----------
    size_px : width (all round) and height (all along the profile).
    length_mm : of the profile.
    radius_of : radius in millimetres of places along the profile (n,), millimetres.
    """

    def __init__(self, size_px: tuple[int, int], length_mm: float, radius_of: Callable[[F8], F8]) -> None:
        self.size_px, self.length_mm, self._radius_of = size_px, length_mm, radius_of
        self._wash, self._line = Image.new("L", size_px, 0), Image.new("L", size_px, 0)
        self._wash_pen, self._line_pen = ImageDraw.Draw(self._wash), ImageDraw.Draw(self._line)
        self._random = np.random.default_rng(1351)

    def stamp(
        self, motif: Motif, angle_deg: float, along_mm: float, *, flip: bool = False, unrest_mm: float = 0.5
    ) -> None:
        """Paint a motif with its origin at an angle and a place along the profile, never twice alike."""
        phase = self._random.uniform(0, 2 * np.pi, 4)
        pressure = self._random.uniform(0.88, 1.0)
        for outline, wash, line in motif.pieces:
            u, v = outline[:, 0] * (-1 if flip else 1), outline[:, 1]
            u, v = (
                u + unrest_mm * (np.sin(v / 9 + phase[0]) + 0.5 * np.sin(u / 5 + phase[1])),
                v + unrest_mm * (np.sin(u / 9 + phase[2]) + 0.5 * np.sin(v / 5 + phase[3])),
            )
            along = along_mm + v
            turn = np.radians(angle_deg) + u / self._radius_of(along)
            self._fill(turn, along, wash, line, pressure)

    def ring(self, along_mm: float, half_mm: float, tone: float = 0.9) -> None:
        """Paint a line all round, as the wheel turns under a held brush."""
        turn = np.linspace(-3.3, 3.3, 240)
        phase = self._random.uniform(0, 2 * np.pi)
        middle = along_mm + 0.18 * np.sin(turn * 2 + phase)
        half = half_mm * (1 + 0.25 * np.sin(3 * turn + phase))
        outline = np.concatenate([turn, turn[::-1]]), np.concatenate([middle + half, (middle - half)[::-1]])
        self._fill(*outline, None, tone, 1.0, is_wrapped=False)

    def _fill(
        self, turn: F8, along: F8, wash: float | None, line: float | None, pressure: float, *, is_wrapped: bool = True
    ) -> None:
        width, height = self.size_px
        y = along / self.length_mm * height
        for whole in (-1, 0, 1) if is_wrapped else (0,):
            x = (turn / (2 * np.pi) + 0.5 + whole) * width
            if x.max() < 0 or x.min() > width:
                continue
            corners = np.column_stack([x, y]).ravel().tolist()
            if wash is not None:
                self._wash_pen.polygon(corners, fill=int(_FULL * wash * pressure))
            if line is not None:
                self._line_pen.polygon(corners, fill=int(_FULL * line * pressure))

    def layers(self) -> tuple[F4, F4]:
        """Return wash and line, each (height, width) float32 0 to 1, row 0 at the profile's start."""
        wash, line = (np.asarray(np.asarray(one, np.float32) / np.float32(_FULL)) for one in (self._wash, self._line))
        return wash, line
