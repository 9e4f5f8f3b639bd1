"""Fewer triangles with the least error, whatever the mesh."""

from __future__ import annotations

from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.cluster import cluster_vertices
from exhibit.geometry.collapse import collapse_edges
from exhibit.geometry.repair import drop_small_parts, make_manifold
from exhibit.geometry.unfold import unfold
from exhibit.model.arrays import F4, I4

CRUMB = 1e-4
"""Share of the area below which a separate part is not worth a triangle."""


def decimate_mesh(vertices: F4, faces: I4, max_faces: int) -> tuple[F4, I4]:
    """Return a manifold mesh of at most `max_faces` triangles; the mesh itself if it has no more than that.

    Parameters
    ----------
    vertices : (n, 3) float32, finite.
    faces : (m, 3) int32, in range.
    max_faces : met to within two triangles, except where a mesh falls into very many parts.

    Returns
    -------
    Vertices (k, 3) float32 and faces (l, 3) int32. A closed mesh stays closed.
    """
    if len(faces) <= max_faces:
        return vertices, faces
    keep = drop_small_parts(vertices, faces, CRUMB)
    if not keep.all() or find_adjacency(faces).bad_faces.any():
        fixed = make_manifold(vertices, faces[keep])
        vertices, faces = fixed.vertices, fixed.faces
    vertices, faces = collapse_edges(vertices, faces, max_faces)
    if len(faces) > max_faces:
        fixed = cluster_vertices(vertices, faces, max_faces)
        vertices, faces = fixed.vertices, fixed.faces
    return unfold(vertices, faces, rings=1), faces
