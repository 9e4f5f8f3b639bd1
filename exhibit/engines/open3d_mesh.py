"""Open3D's meshing: Poisson reconstruction and quadric decimation, called in the child process.

Poisson: Kazhdan and Hoppe, "Screened Poisson surface reconstruction", ACM TOG 32(3), 2013. One thread always: the
parallel build gave different meshes every run and is known to crash (Open3D #6828, PoissonRecon #298).
"""

from __future__ import annotations

import math

import numpy as np

from exhibit.errors import StageError
from exhibit.model.arrays import F4, I4

MAX_DEPTH = 11
_SCALE = 1.1


def poisson(points: F4, normals: F4, width: float) -> tuple[F4, I4]:
    """Reconstruct a surface with octree cells of side `width` exactly, so that detail follows the data.

    Parameters
    ----------
    points, normals : (n, 3) float32; unit normals outward.
    width : side of the finest cell, unit of the points; never below 2**-11 of the extent.

    Returns
    -------
    vertices (v, 3) float32, faces (f, 3) int32.
    """
    extent = float(np.ptp(points, axis=0).max()) * _SCALE
    return _reconstruct(points, normals, depth=0, width=max(width, extent / 2**MAX_DEPTH))


def poisson_by_depth(points: F4, normals: F4, width: float) -> tuple[F4, I4]:
    """Reconstruct at the octree depth whose cells come nearest to `width`: the plain Open3D recipe."""
    extent = float(np.ptp(points, axis=0).max()) * _SCALE
    depth = int(np.clip(round(math.log2(max(extent / width, 1.0))), 5, MAX_DEPTH))
    return _reconstruct(points, normals, depth=depth, width=0)


def decimate_quadric(vertices: F4, faces: I4, max_faces: int) -> tuple[F4, I4]:
    """Collapse edges until at most `max_faces` triangles are left."""
    import open3d as o3d

    mesh = o3d.geometry.TriangleMesh(
        o3d.utility.Vector3dVector(vertices.astype(np.float64)), o3d.utility.Vector3iVector(faces.copy())
    )
    coarse = mesh.simplify_quadric_decimation(target_number_of_triangles=max_faces)
    return np.asarray(coarse.vertices).astype(np.float32), np.asarray(coarse.triangles).astype(np.int32)


def _reconstruct(points: F4, normals: F4, *, depth: int, width: float) -> tuple[F4, I4]:
    import open3d as o3d

    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points.astype(np.float64)))
    cloud.normals = o3d.utility.Vector3dVector(normals.astype(np.float64))
    mesh, _ = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(
        cloud, depth=depth, width=width, scale=_SCALE, linear_fit=False, n_threads=1
    )
    vertices, faces = np.asarray(mesh.vertices).astype(np.float32), np.asarray(mesh.triangles).astype(np.int32)
    if len(faces) == 0 or not np.isfinite(vertices).all():
        raise StageError(
            "no surface could be reconstructed from these points.",
            where="Poisson reconstruction",
            hint="Check that the scan is one object and not stray points.",
        )
    return vertices, faces
