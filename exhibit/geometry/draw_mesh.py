"""Which face each pixel of a picture shows, by depth: quick enough for the many frames of something that turns."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from exhibit.model.arrays import F4, I4


@dataclass(frozen=True, slots=True)
class Seen:
    """What each pixel shows.

    Parameters
    ----------
    face : (height, width) int32, -1 where nothing is.
    weights : (height, width, 2) float32, barycentric weights of the face's second and third corner.
    nearness : (height, width) float32: one over the depth, 0 where nothing is.
    """

    face: I4
    weights: F4
    nearness: F4


def draw_mesh(places: F4, faces: I4, width: int, height: int) -> Seen:
    """Draw the front of a mesh into a picture.

    Parameters
    ----------
    places : (n, 3) float32: column and row in pixels, row 0 on top, and one over the depth, which must be positive
        (equal everywhere in a parallel projection). What is not finite is left out.
    faces : (m, 3) int32 into `places`. Both sides are drawn.
    width, height : of the picture.
    """
    face = np.full((height, width), -1, np.int32)
    weights = np.zeros((height, width, 2), np.float32)
    nearness = np.zeros((height, width), np.float32)
    _draw(np.ascontiguousarray(places, np.float32), faces, face, weights, nearness)
    return Seen(face, weights, nearness)


@nb.njit(inline="always")
def _span(left, right, ax, across_1, across_2, row_1, row_2):  # type: ignore[no-untyped-def]  # numba infers
    """Narrow a row's columns to about those inside, a pixel more on each side."""
    low, high = left - ax, right - ax + np.float32(1)
    for slope, start in (
        (across_1, row_1),
        (across_2, row_2),
        (-across_1 - across_2, np.float32(1) - row_1 - row_2),
    ):
        if slope > np.float32(1e-12):
            low = max(low, -start / slope)
        elif slope < np.float32(-1e-12):
            high = min(high, -start / slope)
    return max(left, int(low + ax) - 2), min(right, int(high + ax) + 2)


@nb.njit(cache=True)
def _draw(places, faces, face, weights, nearness):  # type: ignore[no-untyped-def]  # numba infers
    height, width = face.shape
    for t in range(len(faces)):
        ax, ay, az = places[faces[t, 0]]
        bx, by, bz = places[faces[t, 1]]
        cx, cy, cz = places[faces[t, 2]]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        # false for NaN too: int(NaN) would index anywhere
        if not (1e-9 < abs(area) < 1e12 and az > 0 and bz > 0 and cz > 0):
            continue
        over = np.float32(1) / area
        top = max(0, int(np.floor(min(ay, by, cy) - 0.5)))
        bottom = min(height - 1, int(np.ceil(max(ay, by, cy) - 0.5)))
        left = max(0, int(np.floor(min(ax, bx, cx) - 0.5)))
        right = min(width - 1, int(np.ceil(max(ax, bx, cx) - 0.5)))
        across_1, across_2 = (cy - ay) * over, (ay - by) * over
        down_1, down_2 = (ax - cx) * over, (bx - ax) * over
        for y in range(top, bottom + 1):
            py = np.float32(y) + np.float32(0.5) - ay
            row_1, row_2 = py * down_1, py * down_2
            first, last = _span(left, right, ax, across_1, across_2, row_1, row_2)
            for x in range(first, last + 1):
                px = np.float32(x) + np.float32(0.5) - ax
                w1 = px * across_1 + row_1
                w2 = px * across_2 + row_2
                w0 = np.float32(1) - w1 - w2
                if w0 >= 0 and w1 >= 0 and w2 >= 0:
                    near = w0 * az + w1 * bz + w2 * cz
                    if near > nearness[y, x]:
                        nearness[y, x] = near
                        face[y, x] = t
                        # what is even on the picture is not even in depth
                        weights[y, x, 0] = w1 * bz / near
                        weights[y, x, 1] = w2 * cz / near


@dataclass(frozen=True, slots=True)
class Coarse:
    """A picture in which each pixel stands for several: `cover`, the share of them that show something, and the first
    face among them with its weights, as in `Seen`."""

    cover: F4
    face: I4
    weights: F4


def coarsen(seen: Seen, fine: int) -> Coarse:
    """Return a picture (height / fine, width / fine) of which each pixel stands for `fine` x `fine` of `seen`."""
    height, width = seen.face.shape[0] // fine, seen.face.shape[1] // fine
    coarse = Coarse(
        np.zeros((height, width), np.float32),
        np.full((height, width), -1, np.int32),
        np.zeros((height, width, 2), np.float32),
    )
    _coarsen(seen.face, seen.weights, fine, coarse.cover, coarse.face, coarse.weights)
    return coarse


@nb.njit(cache=True)
def _coarsen(fine_face, fine_weights, fine, cover, face, weights):  # type: ignore[no-untyped-def]  # numba infers
    for row in range(face.shape[0]):
        for column in range(face.shape[1]):
            n = 0
            for y in range(row * fine, (row + 1) * fine):
                for x in range(column * fine, (column + 1) * fine):
                    if fine_face[y, x] >= 0:
                        n += 1
                        if face[row, column] < 0:
                            face[row, column] = fine_face[y, x]
                            weights[row, column, 0] = fine_weights[y, x, 0]
                            weights[row, column, 1] = fine_weights[y, x, 1]
            cover[row, column] = np.float32(n) / (fine * fine)


def share_above(nearness: F4, places: F4, bias: float, reach: int) -> F4:
    """Return how much (n,) of a patch of a depth picture lies no nearer than places: the soft edge of a shadow.

    Parameters
    ----------
    nearness : (height, width) float32, as the lamp sees the mesh.
    places : (n, 3) float32, finite: column, row and nearness to the lamp.
    bias : how much nearer the mesh may be before it counts; hides that a pixel is one depth.
    reach : pixels of the patch on each side of its middle.
    """
    share = np.empty(len(places), np.float32)
    _share(nearness, places, np.float32(bias), reach, share)
    return share


@nb.njit(parallel=True, cache=True)
def _share(nearness, places, bias, reach, share):  # type: ignore[no-untyped-def]  # numba infers
    height, width = nearness.shape
    for i in nb.prange(len(places)):
        column, row = int(places[i, 0]), int(places[i, 1])
        near = places[i, 2] + bias
        n = 0
        for y in range(row - reach, row + reach + 1):
            for x in range(column - reach, column + reach + 1):
                if not (0 <= y < height and 0 <= x < width) or nearness[y, x] <= near:
                    n += 1
        share[i] = np.float32(n) / (2 * reach + 1) ** 2
