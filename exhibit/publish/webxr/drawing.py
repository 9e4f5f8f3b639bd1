"""What a drawing of the hall consists of, ready for SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: str
    opacity: float = 1.0

    @property
    def path(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Glow:
    """An ellipse that fades towards its rim: a lamp's light or a shadow."""

    kind: Literal["light", "shadow"]
    centre: Point
    radius: Point


@dataclass(frozen=True, slots=True)
class Picture:
    """A poster standing in the view."""

    url: str
    x: float
    y: float
    width: float
    height: float


Shape = Face | Glow | Picture


@dataclass(frozen=True, slots=True)
class Badge:
    """A catalogue number on the plan."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from back to front, in a box of `width` by `height`."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    badges: tuple[Badge, ...] = ()
    text_size: float = 0.0
    door: tuple[float, float, float] = (0.0, 0.0, 0.0)
