"""Scans as they are read, and the cloud that cleaning leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from exhibit.model.arrays import F4, F8, I4, U1, freeze
from exhibit.model.cleaning import Removed
from exhibit.model.finding import Finding
from exhibit.units import Axis, Unit


@dataclass(frozen=True, slots=True)
class Block:
    """A run of points in the scan's own units and axes.

    Parameters
    ----------
    positions : (n, 3) float32, relative to the scan's `origin`; may hold NaN (cleaning drops them).
    colors : (n, 3) uint8 sRGB, or None.
    normals : (n, 3) float32, or None.
    """

    positions: F4
    colors: U1 | None = None
    normals: F4 | None = None

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Scan:
    """A point cloud as a re-iterable, chunked source.

    Parameters
    ----------
    name : stem of the file, as people know it.
    format : key of the format that read it (``ply``, ``las``, ...).
    n_points : points in the file, unfiltered.
    origin : (3,) float64 in the scan's units; positions are relative to it, so surveyed coordinates lose nothing.
    read_blocks : returns a fresh iterator over the blocks each time; at most 2**20 points a block.
    has_colors, has_normals : whether every block carries them.
    units, up : what the file itself states, else None.
    viewpoints : (k, 3) float32 scanner or camera positions relative to `origin`, or None.
    findings : what reading noticed.
    n_by_part : where the file holds several scans, the points of each, in the order of the blocks; else empty.
    """

    name: str
    format: str
    n_points: int
    origin: F8
    read_blocks: Callable[[], Iterator[Block]]
    has_colors: bool = False
    has_normals: bool = False
    units: Unit | None = None
    up: Axis | None = None
    viewpoints: F4 | None = None
    findings: tuple[Finding, ...] = ()
    n_by_part: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)

    def blocks(self) -> Iterator[Block]:
        """Iterate over the points from the first; may be called any number of times."""
        return self.read_blocks()


@dataclass(frozen=True, slots=True)
class SourceMaterial:
    """Colour of a mesh part: a factor and, mostly, a picture.

    Parameters
    ----------
    color : (4,) uint8 sRGB + alpha, multiplied with the texture.
    texture : (h, w, 3) uint8 sRGB, row 0 at the TOP of the picture (uv v=0 is the top row, as glTF has it), or None.
    """

    color: U1
    texture: U1 | None = None

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class SourceMesh:
    """A mesh that somebody else made; it skips surface reconstruction and stays the source of colour.

    Parameters
    ----------
    vertices : (n, 3) float32 relative to `origin`, in the source's units and axes.
    faces : (m, 3) int32, counter-clockwise seen from outside.
    corner_uv : (m, 3, 2) float32 per face corner, glTF convention (origin top left), or None; NaN where a part
        has none.
    face_material : (m,) int32 index into `materials`.
    vertex_colors : (n, 3) uint8 sRGB, or None.
    normals : (n, 3) float32, or None.
    """

    name: str
    format: str
    origin: F8
    vertices: F4
    faces: I4
    face_material: I4
    materials: tuple[SourceMaterial, ...]
    corner_uv: F4 | None = None
    vertex_colors: U1 | None = None
    normals: F4 | None = None
    units: Unit | None = None
    up: Axis | None = None
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def has_colors(self) -> bool:
        """Whether it carries any colour: a texture, vertex colours, or a material that is not white."""
        return self.vertex_colors is not None or any(
            material.texture is not None or int(material.color[:3].min()) < 255 for material in self.materials
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """How source coordinates became the house's space (right-handed, +Y up, metres, base at y = 0, centred).

    ``house = metres_per_unit * rotation @ (source - origin)``

    Parameters
    ----------
    metres_per_unit : scale, float.
    rotation : (3, 3) float64, proper.
    origin : (3,) float64 in source units: the source point that lies at the house's zero.
    basis : why this scale: ``file``, ``user``, ``height``, ``assumed``.
    up_basis : why this way up: ``file``, ``user``, ``table`` (level with it), ``assumed``.
    """

    metres_per_unit: float
    rotation: F8
    origin: F8
    basis: str
    up_basis: str = "assumed"

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class CleanCloud:
    """The subject of the scan: no outliers, table, neighbours; normals oriented outward. Metres, +Y up.

    Parameters
    ----------
    positions, normals : (n, 3) float32; metres; unit length.
    colors : (n, 3) uint8 sRGB, or None.
    spacing_m : (n,) float32 local distance between neighbouring points, metres.
    noise_m : estimated standard deviation of the points about the surface, metres.
    n_source : points in the scan.
    removed : what cleaning took away, or None where nothing was cleaned.
    """

    positions: F4
    normals: F4
    colors: U1 | None
    spacing_m: F4
    noise_m: float
    n_source: int
    placement: Placement
    findings: tuple[Finding, ...] = ()
    removed: Removed | None = None

    def __post_init__(self) -> None:
        freeze(self)
