"""Surfaces and what the way makes of them: levels, unwrapped levels, textured levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from exhibit.model.arrays import F4, I4, U1, freeze
from exhibit.model.cloud import CleanCloud, Placement, SourceMesh
from exhibit.model.finding import Finding

SCANNED: Final = 0
"""The face lies where points were."""
FILLED: Final = 1
"""A small gap between points, interpolated."""
UNSEEN: Final = 2
"""Invented to close a hole that no camera saw into."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A triangle mesh without texture. Metres, +Y up, counter-clockwise faces, manifold edges.

    Parameters
    ----------
    vertices : (n, 3) float32, metres.
    faces : (m, 3) int32.
    provenance : (m,) uint8 per face: `SCANNED`, `FILLED` or `UNSEEN`.
    spacing_m : median point spacing of the source (of a source mesh: median edge length), metres.
    """

    vertices: F4
    faces: I4
    provenance: U1
    spacing_m: float
    placement: Placement
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Adopted:
    """A source mesh made sound: the surface to go on with, and the mesh itself, placed, as the source of colour."""

    surface: Surface
    mesh: SourceMesh
    findings: tuple[Finding, ...] = ()


ColourSource = CleanCloud | SourceMesh
"""What textures are baked from. A `SourceMesh` here is already placed: metres, +Y up, origin zero."""


def colour_of(subject: CleanCloud | Adopted) -> ColourSource:
    """Return what the colours of a subject come from: its points, or the mesh it was made from."""
    return subject.mesh if isinstance(subject, Adopted) else subject


@dataclass(frozen=True, slots=True)
class Level:
    """One level of detail by name; `texture_px` is the side of its square textures, pixels."""

    name: str
    surface: Surface
    texture_px: int


@dataclass(frozen=True, slots=True)
class Levels:
    """All levels from coarse to fine. `aliases` maps a level that would be equal to another onto that one."""

    finest: Surface
    levels: tuple[Level, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A level cut along its seams and laid into the unit square; vertices on seams are doubled.

    Parameters
    ----------
    vertices, normals : (n, 3) float32; normals are smooth across seams.
    tangents : (n, 4) float32, MikkTSpace; w is the sign of the bitangent.
    uv : (n, 2) float32, glTF convention (origin top left), inside [0, 1].
    faces : (m, 3) int32.
    provenance : (m,) uint8, see `Surface`.
    utilisation : share of the square that charts cover.
    """

    name: str
    vertices: F4
    normals: F4
    tangents: F4
    uv: F4
    faces: I4
    provenance: U1
    texture_px: int
    n_charts: int
    utilisation: float
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Textured:
    """A level with its maps.

    Parameters
    ----------
    base_color : (h, w, 3) uint8 sRGB, no empty texel; padded past every seam.
    normal_map : (h, w, 3) uint8 tangent space, +Y up (OpenGL, as glTF wants), or None.
    occlusion : (k, k) uint8, 255 = open, linear, or None.
    texel_density : texels per metre (median over the surface).
    color_error : mean CIE76 delta E between the texture and the source's own colours, or None without colour.
    """

    mesh: Unwrapped
    base_color: U1
    normal_map: U1 | None
    occlusion: U1 | None
    texel_density: float
    color_error: float | None = None
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)
