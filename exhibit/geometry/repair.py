"""A mesh that is manifold by construction.

Guéziec, Taubin, Lazarus and Horn, "Cutting and stitching: converting sets of polygons to manifold surfaces", IEEE TVCG
7 (2001): cut along every edge that is not manifold and give each fan of faces its own copy of the vertex. What cannot
be cut loses its smallest faces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from exhibit.geometry.adjacency import compact_mesh, find_adjacency, label_face_parts
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.unions import label_components
from exhibit.model.arrays import F4, I4, Bool

Index = npt.NDArray[np.int64]
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Repaired:
    """A manifold mesh and where its parts came from.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32; every edge has one or two faces, every vertex one fan.
    vertex_source, face_source : (n,) and (m,) int64 indices into the mesh that was given.
    n_degenerate : faces dropped because they were duplicates or had no area.
    n_split : vertices added by cutting.
    n_deleted : faces that had to go to make an edge manifold.
    """

    vertices: F4
    faces: I4
    vertex_source: Index
    face_source: Index
    n_degenerate: int = 0
    n_split: int = 0
    n_deleted: int = 0


def make_manifold(vertices: F4, faces: I4, *, drop_slivers: bool = True) -> Repaired:
    """Repair a mesh.

    Parameters
    ----------
    vertices : (n, 3) float32, finite.
    faces : (m, 3) int32, in range.
    drop_slivers : also drop faces whose three corners differ but which have no area.
    """
    vertex_source, face_source = np.arange(len(vertices)), np.arange(len(faces))
    n_degenerate = n_split = n_deleted = 0
    for _ in range(_ROUNDS):
        sound = find_sound_faces(vertices[vertex_source], faces, drop_slivers=drop_slivers)
        n_degenerate += int((~sound).sum())
        faces, face_source = faces[sound], face_source[sound]
        used = compact_mesh(faces)[1]
        faces, copied = _split_fans(faces)
        n_split += len(copied) - len(used)
        vertex_source = vertex_source[copied]
        bad = find_adjacency(faces).bad_faces
        if not bad.any():
            break
        # a pinch that cutting cannot open: the smaller half of the faces on bad edges go
        areas = face_areas(vertices[vertex_source], faces)
        smallest = np.argsort(np.where(bad, areas, np.inf), kind="stable")[: max(1, int(bad.sum()) // 2)]
        keep = np.ones(len(faces), bool)
        keep[smallest] = False
        n_deleted += len(smallest)
        faces, face_source = faces[keep], face_source[keep]
    faces, used = compact_mesh(faces)
    vertex_source = vertex_source[used]
    return Repaired(
        np.ascontiguousarray(vertices[vertex_source]),
        faces,
        vertex_source,
        face_source,
        n_degenerate,
        n_split,
        n_deleted,
    )


def keep_parts(mesh: Repaired, keep: Bool) -> Repaired:
    """Return the mesh with only the faces marked in `keep` (m,), which must be whole connected parts."""
    faces, used = compact_mesh(mesh.faces[keep])
    return replace(
        mesh,
        vertices=np.ascontiguousarray(mesh.vertices[used]),
        faces=faces,
        vertex_source=mesh.vertex_source[used],
        face_source=mesh.face_source[keep],
    )


def find_sound_faces(vertices: F4, faces: I4, *, drop_slivers: bool = True) -> Bool:
    """Mark (m,) the faces with three different corners and an area; of equal faces only the first."""
    sound: Bool = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    if drop_slivers and len(faces):
        areas = face_areas(vertices, faces)
        sound &= areas > 1e-14 * max(float(areas.max()), 1e-300)
    ranked = np.sort(faces, axis=1)
    order = np.lexsort((ranked[:, 2], ranked[:, 1], ranked[:, 0]))
    ranked = ranked[order]
    repeats = np.zeros(len(faces), bool)
    repeats[order[1:]] = (ranked[1:] == ranked[:-1]).all(axis=1)
    return sound & ~repeats


def drop_small_parts(vertices: F4, faces: I4, min_share: float) -> Bool:
    """Mark (m,) the faces of connected parts with at least `min_share` of the whole area; the largest always stays."""
    n, labels = label_face_parts(find_adjacency(faces))
    areas = np.bincount(labels, weights=face_areas(vertices, faces), minlength=n)
    large = areas >= min_share * areas.sum()
    if n:
        large[areas.argmax()] = True
    kept: Bool = large[labels]
    return kept


def _split_fans(faces: I4) -> tuple[I4, Index]:
    """Number the fans of corners as vertices: new faces, and the old vertex of each new one."""
    across = find_adjacency(faces).across
    face, edge = np.nonzero(across >= 0)
    other = across[face, edge]
    later = face < other  # each pair once
    face, edge, other = face[later], edge[later], other[later]
    here = [face * 3 + edge, face * 3 + (edge + 1) % 3]
    corners = faces.ravel()
    there = []
    for corner in here:
        match = faces[other] == corners[corner][:, None]
        there.append(other * 3 + match.argmax(axis=1))
    n, labels = label_components(faces.size, np.concatenate(here), np.concatenate(there))
    source = np.empty(n, np.int64)
    source[labels] = corners
    return labels.reshape(-1, 3).astype(np.int32), source
