"""What holding a mesh against a scan found."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances, millimetres; `rms_mm` is the root of the mean square, `p95_mm` what 95 % stay below."""

    mean_mm: float
    rms_mm: float
    p95_mm: float
    max_mm: float


@dataclass(frozen=True, slots=True)
class ColorDifference:
    """CIE 1976 colour difference of the mesh from the scan; about 2 is just noticeable side by side."""

    mean: float
    p95: float


@dataclass(frozen=True, slots=True)
class ReliefShare:
    """How much of the scan's relief of one size the mesh has.

    Parameters
    ----------
    radius_mm : of the surroundings above which it stands; features up to about twice as wide count.
    amplitude_mm : standard deviation of the scan's relief of this size, its noise taken out.
    kept : 1 is all of it, 0 none; None where the scan has no relief of this size that stands out of its noise.
    """

    radius_mm: float
    amplitude_mm: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class Hole:
    """An open border: its length, and the largest distance between two places of it, millimetres."""

    border_mm: float
    width_mm: float


@dataclass(frozen=True, slots=True)
class Soundness:
    """Faults of a mesh as such, vertices at one place taken as one.

    Parameters
    ----------
    n_pieces : parts that no edge connects.
    is_watertight : every edge joins two faces that agree on the outside.
    n_holes : open borders, the rim of an open sheet included. holes : the ten widest.
    n_non_manifold_edges : edges of more than two faces.
    n_flipped_edges : edges of two faces that disagree on the outside.
    n_self_intersecting : triangles that cut through others or lie upon them.
    n_degenerate : triangles without area.
    """

    n_triangles: int
    n_vertices: int
    n_pieces: int
    is_watertight: bool
    n_holes: int
    holes: tuple[Hole, ...]
    n_non_manifold_edges: int
    n_flipped_edges: int
    n_self_intersecting: int
    n_degenerate: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A mesh held against a scan.

    Parameters
    ----------
    scan_to_mesh : from the scan's points to the nearest place of the mesh: grows where the mesh lacks something.
    mesh_to_scan : from places spread over the mesh to the scan's surface: grows where the mesh invents something. Only
        where there is scan to be measured against.
    bias_mm : mean of the latter with its sign; positive where the mesh stands out of the scan.
    share_unscanned : share of the mesh's area that has no scan near it.
    color : None where one of the two has no colour that can be read.
    texels_per_mm : median over the surface; None without texture.
    relief : from fine to coarse.
    size_mm : of the mesh: width, height, depth.
    n_points : of the scan, as compared; `spacing_mm` between them and their `noise_mm` about the surface (medians).
    """

    scan_to_mesh: Distances
    mesh_to_scan: Distances
    bias_mm: float
    share_unscanned: float
    color: ColorDifference | None
    texels_per_mm: float | None
    relief: tuple[ReliefShare, ...]
    soundness: Soundness
    size_mm: tuple[float, float, float]
    n_points: int
    spacing_mm: float
    noise_mm: float
    findings: tuple[Finding, ...] = ()
