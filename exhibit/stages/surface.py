"""Surface: Poisson for the topology, the points themselves for the accuracy, honesty about the rest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from exhibit.engines.child import run_in_child
from exhibit.engines.open3d_mesh import poisson, poisson_by_depth
from exhibit.errors import StageError
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.border import smooth_border
from exhibit.geometry.clamp_to_hull import clamp_to_hull
from exhibit.geometry.close_surface import bound_invented
from exhibit.geometry.fill_holes import fill_holes
from exhibit.geometry.fit_to_points import fit_to_points
from exhibit.geometry.holes import find_closed_holes
from exhibit.geometry.mesh_measures import face_areas, face_centres, longest_edges
from exhibit.geometry.near_points import PointTable
from exhibit.geometry.neighbours import SPACING_NEIGHBOUR, PointIndex, local_spacing
from exhibit.geometry.project import PointSurface, find_coarse_faces, project_around, project_vertices
from exhibit.geometry.repair import Repaired, drop_small_parts, keep_parts, make_manifold
from exhibit.geometry.settle import settle_points
from exhibit.geometry.slivers import open_slivers
from exhibit.geometry.subdivide import Split, split_faces
from exhibit.geometry.support import SEEN
from exhibit.geometry.thin_simple import thin_simple
from exhibit.geometry.trim import Trust, find_trusted_faces, judge_faces
from exhibit.geometry.unfold import unfold
from exhibit.model.arrays import F4, I4, U1
from exhibit.model.cloud import CleanCloud
from exhibit.model.finding import Finding
from exhibit.model.surface import FILLED, SCANNED, UNSEEN, Surface
from exhibit.progress import SILENT, Progress

MIN_PART_SHARE = 0.005
"""Share of the area below which a separate piece of surface is a crumb: clumps of mismatched points, which roughness
makes larger than they look, came to .24 to .33 % on three statues."""
LARGEST_EDGE = 1.5
"""Poisson cells an edge may be long."""
RIM = (1.0, 8.0)
"""Spacings to the nearest point between which the border will run: there large faces are split before the cut."""
MAX_ROUNDS = 4
DETAIL_TOLERANCE = 0.08
"""Local spacings by which a face's centre may miss the points before it is split."""
LOCAL_SHARE = 0.2
"""Share of split faces below which only they and their surroundings are projected anew."""
STRONG = 0.4
"""Noise, in spacings, from which on points are averaged first."""
SETTLED = 0.15
"""The noise, in spacings, that averaged points are treated as having: what is left is smooth."""
HULL_REACH = 0.5
"""Median spacings that the surface may stand out of the points' convex hull."""


@dataclass(frozen=True, slots=True)
class SurfaceOptions:
    """How to reconstruct.

    Parameters
    ----------
    close_holes : close every hole with invented surface, marked as unseen; else borders stay open where no data were.
    engine : ``exhibit`` projects a coarse Poisson surface on the points and refines it; ``open3d`` is the plain recipe
        (Poisson at the depth the spacing asks for, nothing after it), kept for comparison.
    """

    close_holes: bool = False
    engine: Literal["exhibit", "open3d"] = "exhibit"


@dataclass(frozen=True, slots=True)
class Resolution:
    """How fine to go, from the noise in units of the spacing.

    Measured against known truth: below a noise of 0.2 spacings splitting faces gains, above it only copies noise;
    a narrow kernel keeps detail of clean points, a wide one averages noise away; points nearly without noise carry
    detail down to their spacing.

    Parameters
    ----------
    cell : side of Poisson's cells, spacings.
    kernel : width of the projection's Gaussian, spacings.
    n_rounds : rounds of splitting and projecting again.
    n_around : points that a place is projected on; a wide kernel reaches more.
    """

    cell: float
    kernel: float
    n_rounds: int
    n_around: int

    @classmethod
    def of(cls, noise: float) -> Resolution:
        """Choose for a noise given in spacings."""
        kernel = float(np.clip(0.7 + 3.5 * (noise - 0.1), 0.5, 1.6))
        if noise < 0.08:
            return cls(1.5, kernel, 2, 20)
        return cls(2.0, kernel, 1, 20) if noise < 0.2 else cls(2.0, kernel, 0, 24)


def surface(
    cloud: CleanCloud,
    options: SurfaceOptions = SurfaceOptions(),
    /,
    *,
    progress: Progress = SILENT,
) -> Surface:
    """Reconstruct the surface a cloud was sampled from.

    Parameters
    ----------
    cloud : cleaned points with outward normals.

    Returns
    -------
    Surface
        Manifold, consistently oriented; per face whether it was scanned, filled or unseen.

    Raises
    ------
    StageError : the engine failed, or nothing of its surface lies near the points.
    """
    scanned = cloud
    if options.engine == "exhibit":
        cloud = _settle(cloud)
    spacing = float(np.median(cloud.spacing_m))
    resolution = Resolution.of(cloud.noise_m / spacing)
    cell = resolution.cell * spacing
    engine, points, normals = poisson_by_depth, cloud.positions, cloud.normals
    if options.engine == "exhibit":
        engine = poisson
        points, normals = thin_simple(points, normals, cell)
    with ThreadPoolExecutor(1) as beside:
        # the table of neighbours grows while the child works
        coming = beside.submit(lambda: PointTable(PointIndex(cloud.positions), cloud.spacing_m, resolution.n_around))
        vertices, faces = run_in_child(
            engine,
            points,
            normals,
            cell,
            what="Poisson reconstruction",
            progress=progress.part(0, 0.5),
        )
        table = coming.result()
    progress.tick(0.5, "trimming")
    if options.engine == "exhibit":
        vertices = open_slivers(vertices, faces)
    largest = LARGEST_EDGE * cell
    mesh = _trim(vertices, faces, cloud, table, largest, options.close_holes)
    vertices, faces = mesh.vertices, mesh.faces
    if options.close_holes:
        vertices, faces = fill_holes(vertices, faces)
    nearest = table.search(vertices)
    if options.engine == "exhibit":
        truth = PointSurface(cloud.normals, table, resolution.kernel)
        part = progress.part(0.55, 0.95)
        vertices, faces, nearest = _refine(vertices, faces, nearest, truth, resolution.n_rounds, largest, part)
        typical = float(np.median(scanned.spacing_m))
        vertices = fit_to_points(vertices, faces, scanned.positions, scanned.normals, typical, scanned.noise_m)
        vertices = smooth_border(vertices, faces)
    # what is pressed flat on the hull folds
    vertices = unfold(clamp_to_hull(vertices, cloud.positions, HULL_REACH * spacing), faces)
    adjacency = find_adjacency(faces)
    _, support = table.walk(face_centres(vertices, faces), nearest, faces)
    provenance = _provenance(judge_faces(vertices, faces, adjacency, support, spacing))
    progress.tick(1.0, "surface")
    is_open = options.close_holes and not adjacency.is_closed
    findings = _findings(vertices, faces, provenance, mesh, is_open, spacing)
    return Surface(vertices, faces, provenance, spacing, cloud.placement, findings)


def _settle(cloud: CleanCloud) -> CleanCloud:
    """Return the cloud averaged onto its surface where its noise is strong, as it is elsewhere."""
    if cloud.noise_m < STRONG * float(np.median(cloud.spacing_m)):
        return cloud
    positions, normals = settle_points(cloud.positions, cloud.normals, cloud.noise_m)
    spacing = local_spacing(PointIndex(positions).nearest(None, SPACING_NEIGHBOUR + 1))
    noise = SETTLED * float(np.median(spacing))
    return replace(cloud, positions=positions, normals=normals, colors=None, spacing_m=spacing, noise_m=noise)


def _trim(vertices: F4, faces: I4, cloud: CleanCloud, table: PointTable, largest: float, close_holes: bool) -> Repaired:
    """Cut off what no points stand behind, along a line as fine as the rest of the mesh."""
    nearest = table.search(vertices)
    for _ in range(MAX_ROUNDS):
        at_rim = longest_edges(vertices, faces) > largest
        _, support = table.walk(face_centres(vertices, faces[at_rim]), nearest, faces[at_rim])
        at_rim[at_rim] = (support > RIM[0]) & (support < RIM[1])
        if not at_rim.any():
            break
        split = split_faces(vertices, faces, at_rim)
        nearest = _nearest_after(split, nearest, table)
        vertices, faces = split.vertices, split.faces
    _, support = table.walk(face_centres(vertices, faces), nearest, faces)
    adjacency = find_adjacency(faces)
    trust = judge_faces(vertices, faces, adjacency, support, float(np.median(cloud.spacing_m)))
    trusted = find_trusted_faces(vertices, faces, adjacency, trust, table.index)
    if not trusted.any():
        raise StageError(
            "the reconstructed surface lies nowhere near the points.",
            hint="The scan may be too sparse or its normals wrong; try --engine open3d.",
        )
    if close_holes:
        low, high = cloud.positions.min(axis=0), cloud.positions.max(axis=0)
        vertices, trusted = bound_invented(vertices, faces, ~trusted, low, high)
    mesh = make_manifold(vertices, faces[trusted])
    keep = drop_small_parts(mesh.vertices, mesh.faces, MIN_PART_SHARE)
    return mesh if keep.all() else keep_parts(mesh, keep)


def _refine(
    vertices: F4, faces: I4, nearest: I4, truth: PointSurface, n_rounds: int, largest: float, progress: Progress
) -> tuple[F4, I4, I4]:
    """Project, and split what is too coarse: faces that miss the points, and the large ones Poisson makes where
    points are sparse, whose facets would show."""
    vertices = project_vertices(vertices, faces, truth, nearest, 2)
    for step in range(MAX_ROUNDS):
        progress.tick((step + 1) / (MAX_ROUNDS + 1), "refining")
        coarse = longest_edges(vertices, faces) > largest
        if step < n_rounds:
            coarse |= find_coarse_faces(vertices, faces, truth, nearest, DETAIL_TOLERANCE)
        if not coarse.any():
            break
        split = split_faces(vertices, faces, coarse)
        nearest = _nearest_after(split, nearest, truth.table)
        is_new = np.bincount(split.parent, minlength=len(faces))[split.parent] > 1
        vertices, faces = split.vertices, split.faces
        if is_new.mean() < LOCAL_SHARE:
            vertices = project_around(vertices, faces, truth, nearest, is_new)
        else:
            vertices = project_vertices(vertices, faces, truth, nearest, 2)
    return vertices, faces, nearest


def _nearest_after(split: Split, nearest: I4, table: PointTable) -> I4:
    middles = split.vertices[len(nearest) :]
    return np.concatenate([nearest, table.walk(middles, nearest, split.ends)[0]])


def _provenance(trust: Trust) -> U1:
    provenance = np.full(len(trust.support), SCANNED, np.uint8)
    provenance[trust.is_filled] = FILLED
    provenance[trust.is_unseen] = UNSEEN
    return provenance


def _findings(
    vertices: F4, faces: I4, provenance: U1, mesh: Repaired, is_open: bool, spacing: float
) -> tuple[Finding, ...]:
    areas = face_areas(vertices, faces)
    findings = []
    for kind, code, text in (
        (FILLED, "surface.filled", "of the surface closes small gaps between points."),
        (UNSEEN, "surface.unseen", "of the surface is invented: no camera saw it."),
    ):
        share = float(areas[provenance == kind].sum() / areas.sum())
        if share > 0:
            findings.append(Finding(code, share, "share", f"{share:.2%} {text}"))
    closed = find_closed_holes(vertices, faces, provenance == FILLED, SEEN * spacing) * 1000
    if len(closed):
        widest = ", ".join(f"{width:.3g}" for width in closed[:3])
        text = f"{len(closed)} small holes were closed and marked as filled; widths of the widest: {widest} mm."
        findings.append(Finding("surface.closed-holes", len(closed), "holes", text))
    if is_open:
        text = "Not every hole could be closed; the model is not watertight."
        findings.append(Finding("surface.not-closed", hint=text, severity="warning"))
    if mesh.n_deleted:
        text = f"{mesh.n_deleted} faces had to go to make the surface manifold."
        findings.append(Finding("surface.repair", mesh.n_deleted, "faces", text))
    return tuple(findings)
