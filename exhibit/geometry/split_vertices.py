"""Cut a mesh along the seams of its atlas: one vertex per place and uv."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.model.arrays import F4, I4


@dataclass(frozen=True, slots=True)
class Split:
    """A mesh whose vertices carry one uv each.

    Parameters
    ----------
    source : (k,) int32, the vertex of the uncut mesh that each vertex comes from.
    faces : (m, 3) int32 into the new vertices, in the order of the old faces.
    uv : (k, 2) float32.
    n_charts : pieces that hang together in the atlas.
    """

    source: I4
    faces: I4
    uv: F4
    n_charts: int


def split_vertices(faces: I4, corner_uv: F4) -> Split:
    """Double the vertices where corners disagree in uv, and where a mirrored face meets one that is not.

    Parameters
    ----------
    faces : (m, 3) int32.
    corner_uv : (m, 3, 2) float32, finite.
    """
    first = corner_uv[:, 1] - corner_uv[:, 0]
    second = corner_uv[:, 2] - corner_uv[:, 0]
    is_mirrored = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0
    u = corner_uv[:, :, 0].ravel()
    v = corner_uv[:, :, 1].ravel()
    order = np.lexsort((np.repeat(is_mirrored, 3), v, u, faces.ravel()))
    columns = np.stack(
        [faces.ravel(), u.view(np.int32), v.view(np.int32), np.repeat(is_mirrored, 3).astype(np.int32)], 1
    )
    ranked = columns[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    group = np.cumsum(is_new) - 1
    new_faces = np.empty(len(order), np.int32)
    new_faces[order] = group
    corner = order[is_new]
    split_faces = new_faces.reshape(-1, 3)
    return Split(
        source=faces.ravel()[corner],
        faces=split_faces,
        uv=np.stack([u[corner], v[corner]], axis=1),
        n_charts=count_pieces(split_faces, len(corner)),
    )


def count_pieces(faces: I4, n_vertices: int) -> int:
    """Return the number of pieces of a mesh that share no vertex (vertices of no face are not counted)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if len(faces) == 0:
        return 0
    ends = (np.concatenate([faces[:, 0], faces[:, 1]]), np.concatenate([faces[:, 1], faces[:, 2]]))
    graph = coo_matrix((np.ones(len(ends[0]), np.int8), ends), (n_vertices, n_vertices))
    _, piece = connected_components(graph, directed=False)
    return len(np.unique(piece[faces[:, 0]]))
