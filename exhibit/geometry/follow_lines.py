"""Where many lines, each close beside the last one, pass through a mesh: by walking from face to face.

A ray tree has to be gone down anew for every ray; from the face that the last line went through, the next one's is
mostly the same or a neighbour: the visibility walk of Devillers, Pion & Teillaud, "Walking in a triangulation" (2002).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.model.arrays import F4, I4, Bool, read_only

_RUN = 64
"""No more lines follow each other from one start."""
_JUMP = 4
_MOST_STEPS = 12


def starts_of_rows(points: F4) -> Bool:
    """Tell which of `points` (k, 3) begin a row: those some steps away from the one before, and every 64th."""
    is_start: Bool = np.arange(len(points)) % _RUN == 0
    if len(points) > 1:
        step = np.diff(points, axis=0)
        square = np.einsum("ij,ij->i", step, step)
        is_start[1:] |= square > _JUMP**2 * np.median(square[:: 1 + len(square) // 1000])
    return is_start


def follow_lines(
    vertices: F4, faces: I4, across: I4, points: F4, directions: F4, starts: I4, near: float
) -> tuple[I4, F4]:
    """Follow lines over a mesh.

    Parameters
    ----------
    vertices : (n, 3) float32; faces : (m, 3) int32.
    across : (m, 3) int32, see `exhibit.geometry.adjacency.Adjacency`.
    points, directions : (k, 3) float32, unit directions. A line goes both ways from its point.
    starts : (k,) int32, the face where a row begins; -1 inside it.
    near : a face counts within this distance of the line's point only.

    Returns
    -------
    (k,) int32 faces that look along the line and (k, 2) float32 weights of their second and third corner; -1 where the
    walk came to a border, to a face that looks away, was too long or ended too far off: somebody else has to look.
    """
    face = np.full(len(points), -1, np.int32)
    weights = np.zeros((len(points), 2), np.float32)
    mesh = read_only(vertices), read_only(faces), read_only(across)
    lines = read_only(points), read_only(directions), read_only(starts)
    _follow(*mesh, *lines, np.float64(near), face, weights)
    return face, weights


@nb.njit(cache=True)
def _follow(vertices, faces, across, points, directions, starts, near, face, weights):  # type: ignore[no-untyped-def]  # numba infers
    corner = np.empty((3, 3), np.float64)
    volume = np.empty(3, np.float64)
    at = -1
    for i in range(len(points)):
        if starts[i] >= 0:
            at = starts[i]
        last = at
        dx, dy, dz = np.float64(directions[i, 0]), np.float64(directions[i, 1]), np.float64(directions[i, 2])
        for _ in range(_MOST_STEPS):
            if at < 0:
                break
            for k in range(3):
                for axis in range(3):
                    corner[k, axis] = np.float64(vertices[faces[at, k], axis]) - points[i, axis]
            total = 0.0
            least = 0
            for k in range(3):
                # six times the volume between the line's direction and the edge opposite corner k
                b, c = (k + 1) % 3, (k + 2) % 3
                volume[k] = (
                    dx * (corner[b, 1] * corner[c, 2] - corner[b, 2] * corner[c, 1])
                    + dy * (corner[b, 2] * corner[c, 0] - corner[b, 0] * corner[c, 2])
                    + dz * (corner[b, 0] * corner[c, 1] - corner[b, 1] * corner[c, 0])
                )
                total += volume[k]
                if volume[k] < volume[least]:
                    least = k
            # a face that looks away, has no area or is not finite
            if not total > 0:
                at = -1
                break
            if volume[least] < 0:
                at = across[at, (least + 1) % 3]
                continue
            distance = 0.0
            for k in range(3):
                distance += volume[k] / total * (dx * corner[k, 0] + dy * corner[k, 1] + dz * corner[k, 2])
            if abs(distance) <= near:
                face[i] = at
                weights[i, 0] = volume[1] / total
                weights[i, 1] = volume[2] / total
            break
        if face[i] < 0:
            at = last
