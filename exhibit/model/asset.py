"""What a relic becomes: its files and the figures that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from exhibit.model.finding import Finding
from exhibit.model.points import PointFigures


@dataclass(frozen=True, slots=True)
class LevelSpec:
    """The promise of a level: at most so many triangles, textures of so many pixels a side, at most so many bytes."""

    name: str
    max_triangles: int
    texture_px: int
    max_bytes: int | None = None


LEVELS: Final = (
    LevelSpec("thumb", 8_000, 512, 200_000),
    LevelSpec("room", 20_000, 1024),
    LevelSpec("hero", 150_000, 2048, 3_000_000),
    LevelSpec("inspect", 300_000, 4096),
)
"""From coarse to fine; the table of DESIGN section 6. ``model.glb`` is hero's mesh without required extensions."""


POINTS_FILE: Final = "points.glb"
"""Some of the scan's own points, placed as the model is."""
STAGE_PICTURES: Final = {"points": "stage-points.webp", "form": "stage-form.webp", "surface": "stage-surface.webp"}
"""From scan to relic in three pictures: what was measured, its form in clay, the finished surface."""
REMOVED_PICTURE: Final = "removed.webp"
"""What cleaning took away, each step in its own colour."""
MOVING_PICTURE: Final = "turn.avif"
"""One whole turn on black, for a front page."""
MOVING_STILL: Final = "turn.webp"
"""Its first frame."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Distances between a level and the cleaned scan, in millimetres, both directions."""

    scan_to_mesh_mean_mm: float
    scan_to_mesh_p95_mm: float
    scan_to_mesh_max_mm: float
    mesh_to_scan_mean_mm: float
    mesh_to_scan_p95_mm: float
    mesh_to_scan_max_mm: float


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What the report says of one level. Shares are of surface area.

    Parameters
    ----------
    n_bytes : size of the file.
    gpu_bytes : textures with mipmaps, vertices and indices in a GPU's memory.
    deviation : None where it was not measured.
    n_holes, largest_hole_mm : open borders, and the width of the widest. n_non_manifold_edges, n_self_intersecting :
        see `exhibit.model.comparison.Soundness`. None in reports of earlier versions.
    """

    name: str
    n_triangles: int
    n_vertices: int
    texture_px: int
    n_bytes: int
    gpu_bytes: int
    deviation: Deviation | None
    color_error: float | None
    texel_density: float
    is_closed: bool
    share_scanned: float
    share_filled: float
    share_unseen: float
    n_holes: int | None = None
    largest_hole_mm: float | None = None
    n_non_manifold_edges: int | None = None
    n_self_intersecting: int | None = None


@dataclass(frozen=True, slots=True)
class AssetFile:
    """One file of a relic: its name inside the relic's folder and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Asset:
    """All files of a relic's model, the figures per level, and which levels share a file.

    `points` are the figures of `POINTS_FILE`, None where the relic came as a mesh.
    """

    files: tuple[AssetFile, ...]
    figures: tuple[LevelFigures, ...]
    aliases: tuple[tuple[str, str], ...]
    size_m: tuple[float, float, float]
    findings: tuple[Finding, ...] = ()
    points: PointFigures | None = None
