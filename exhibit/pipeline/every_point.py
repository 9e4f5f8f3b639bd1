"""A scan as it is, outliers, table and neighbours included, with the normals and spacings that a comparison needs."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.neighbours import PointIndex, local_spacing
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.orientation import orient_normals
from exhibit.geometry.place import Stated, choose_placement, to_house
from exhibit.model.arrays import F4
from exhibit.model.cloud import CleanCloud, Scan
from exhibit.progress import SILENT, Progress
from exhibit.stages.clean import N_NEIGHBOURS, NOISE_QUANTILE, CleanOptions
from exhibit.stages.gather import gather_points

MOST_POINTS = 4_000_000
"""Beyond these the scan is averaged down, which a finding says."""


def every_point(scan: Scan, options: CleanOptions, *, progress: Progress = SILENT) -> CleanCloud:
    """Return all finite points of a scan, each once, as `clean` would; nothing is judged.

    Parameters
    ----------
    options : only what they say of unit, axis and height counts.
    """
    cloud = gather_points(scan, MOST_POINTS, progress=progress.part(0, 0.3))
    points = cloud.positions
    neighbours = PointIndex(points).nearest(None, N_NEIGHBOURS, progress=progress.part(0.3, 0.6))
    planes, spacing = estimate_planes(points, neighbours), local_spacing(neighbours)
    oriented = orient_normals(
        points,
        planes.normals,
        spacing,
        neighbours,
        viewpoints=cloud.viewpoints,
        hints=cloud.normals,
        progress=progress.part(0.6, 1.0),
    )
    stated = Stated(
        metres_per_unit=options.metres_per_unit,
        up=options.up,
        height_m=options.height_m,
        file_units=scan.units,
        file_up=scan.up,
    )
    placement, doubts = choose_placement(points, cloud.origin, stated)
    scale, middle = placement.metres_per_unit, float(np.median(spacing))
    noise = float(np.quantile(planes.residuals / np.maximum(spacing, 1e-30), NOISE_QUANTILE)) * middle
    normals: F4 = np.ascontiguousarray(oriented.normals.astype(np.float64) @ placement.rotation.T, np.float32)
    return CleanCloud(
        positions=to_house(points, cloud.origin, placement),
        normals=normals,
        colors=cloud.colors,
        spacing_m=(spacing * scale).astype(np.float32),
        noise_m=noise * scale,
        n_source=scan.n_points,
        placement=placement,
        findings=(*scan.findings, *cloud.said(scale), *doubts),
    )
