"""A room as it is built: flat panels of stuff, lamps, panes of light, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.arrays import F4, I4, freeze

Point = tuple[float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Material:
    """What a panel is made of: an sRGB colour (``#rrggbb``), and the pattern drawn over it.

    Parameters
    ----------
    pattern : ``boards``, ``plaster``, ``stone`` or nothing; patterns repeat.
    shine : brightness of its own, times the colour; 0 for what is only lit.
    """

    name: str
    color: str
    pattern: str = ""
    shine: float = 0.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat four-sided piece with a share of the light map to itself.

    Parameters
    ----------
    corners : metres, anticlockwise seen from its lit side; the first edge is its u, the last its v (reversed).
    material : name of a `Material`.
    texels_per_m : how finely its light is worked out.
    holes : what is cut out, as shares of both edges: u0, v0, u1, v1.
    covered : where something stands on it, likewise; no light is worked out there.
    """

    corners: tuple[Point, Point, Point, Point]
    material: str
    texels_per_m: float = 12.0
    holes: tuple[Box, ...] = ()
    covered: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Lamp:
    """A spotlight.

    Parameters
    ----------
    at, aim : where it hangs and what it points at, metres.
    inner_deg, outer_deg : half angles: full light inside the first, none outside the second.
    strength : light on a surface at `aim` that faces it; 1 makes white stuff white.
    radius_m : of its face: larger lamps throw softer shadows.
    """

    at: Point
    aim: Point
    inner_deg: float
    outer_deg: float
    strength: float
    color: str
    radius_m: float = 0.05


@dataclass(frozen=True, slots=True)
class Caster:
    """A thing that throws shadows: its own mesh, where it stands and how it is turned about +Y.

    Parameters
    ----------
    vertices : (n, 3) float32, metres, base centre at the origin. faces : (m, 3) int32.
    """

    vertices: F4
    faces: I4
    position: Point
    yaw_deg: float = 0.0

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Fixture:
    """A small thing that neither takes nor throws light: a lamp's body, its rail.

    Parameters
    ----------
    vertices : (n, 3) float32, metres. faces : (m, 3) int32, not shared between flat sides.
    color : sRGB. shine : 1 shows the colour as it is, more makes it glow.
    """

    vertices: F4
    faces: I4
    color: str
    shine: float = 1.0

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class RoomModel:
    """Everything that the room's file is made of, and the light in it.

    Parameters
    ----------
    sky, sky_color : light of the panes.
    """

    panels: tuple[Panel, ...]
    materials: tuple[Material, ...]
    lamps: tuple[Lamp, ...]
    fixtures: tuple[Fixture, ...]
    sky_color: str
    sky: float


@dataclass(frozen=True, slots=True)
class LitRoom:
    """The light of a room.

    Parameters
    ----------
    light : (h, w, 3) float32, linear: what white stuff would send back there.
    places : (n, 4) int32 per panel: x, y, width, height of its share of the map, texels.
    """

    light: F4
    places: I4

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class RoomFiles:
    """A room ready to be shown: its GLB, and whether the relics throw their shadows in it."""

    glb: bytes
    has_shadows: bool
