"""What pinhole cameras see of a mesh: depth maps by rasterising, and points held against them.

L. Williams, "Casting curved shadows on curved surfaces", SIGGRAPH 1978: a point is seen when nothing in the map lies
before it. Points are lifted off the surface first, so that it does not hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from exhibit.model.arrays import F4, F8, freeze

I2 = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Cameras:
    """Pinhole cameras, all with square pictures.

    Parameters
    ----------
    eyes : (k, 3) float64.
    right, up, toward : (k, 3) float64, unit; `toward` points from what is seen to the eye.
    slopes : (k,) float64, half the picture's width at distance one.
    """

    eyes: F8
    right: F8
    up: F8
    toward: F8
    slopes: F8

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.eyes)


def cameras_at(eyes: F8, target: F8, radius: float) -> Cameras:
    """Let cameras at `eyes` (k, 3) look at `target` (3,), with all within `radius` of it in the picture."""
    away = eyes - target
    distances = np.linalg.norm(away, axis=1)
    toward = away / distances[:, None]
    up = np.where(np.abs(toward[:, 1:2]) > 0.99, np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 0.0]]))
    right = np.cross(up, toward)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    sine = np.minimum(radius / distances, 0.98)
    return Cameras(eyes, right, np.cross(toward, right), toward, 1.03 * sine / np.sqrt(1 - sine**2))


def depth_maps(vertices: F8, faces: npt.NDArray[np.int64], cameras: Cameras, size_px: int) -> F4:
    """Return the depths (k, size_px, size_px) float32 along each camera's axis; infinite where nothing is."""
    maps = np.full((len(cameras), size_px, size_px), np.inf, np.float32)
    for k in range(len(cameras)):
        away = vertices - cameras.eyes[k]
        depth = -(away @ cameras.toward[k])
        scale = size_px / 2 / (cameras.slopes[k] * depth)
        column = size_px / 2 + scale * (away @ cameras.right[k])
        row = size_px / 2 - scale * (away @ cameras.up[k])
        _draw(column, row, depth, faces, maps[k])
    return maps


def look(
    points: F8, normals: F8, cameras: Cameras, maps: F4, lift: float, least_cosine: float, chance: F8, power: float
) -> tuple[I2, F4, I2]:
    """Tell how cameras see points of the surface.

    Parameters
    ----------
    points, normals : (n, 3).
    lift : points are lifted by this along their normals, and may lie half of it behind the map.
    least_cosine : of the angle between normal and view ray; a camera that sees it more from the side does not count.
    chance : (n,), 0 to 1: chooses one of the cameras that see the point, weighted by the cosine to this `power`.

    Returns
    -------
    How many cameras see it (n,) int16, the best cosine (n,) float32, and the camera chosen (n,) int16, -1 for none.
    """
    return _look(  # type: ignore[no-any-return]  # from a compiled kernel
        points, normals, cameras.eyes, cameras.right, cameras.up, cameras.toward, cameras.slopes, maps,
        lift, least_cosine, chance, power,
    )  # fmt: skip


def open_light(points: F8, normals: F8, lamps: Cameras, maps: F4, light: F8, lift: float) -> F8:
    """Return the light (n,) that reaches matt points from far `lamps` of strength `light` (k,), 1 from all alike."""
    return _open_light(  # type: ignore[no-any-return]  # from a compiled kernel
        points, normals, lamps.eyes, lamps.right, lamps.up, lamps.toward, lamps.slopes, maps, light, lift
    )


@njit(cache=True)
def _draw(column, row, depth, faces, picture):  # type: ignore[no-untyped-def]  # numba infers
    size = picture.shape[0]
    for t in range(len(faces)):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        ax, ay, bx, by, cx, cy = column[a], row[a], column[b], row[b], column[c], row[c]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if not (abs(area) > 1e-12):
            continue
        left = max(0, int(np.ceil(min(ax, bx, cx) - 0.5)))
        right = min(size - 1, int(np.floor(max(ax, bx, cx) - 0.5)))
        top = max(0, int(np.ceil(min(ay, by, cy) - 0.5)))
        bottom = min(size - 1, int(np.floor(max(ay, by, cy) - 0.5)))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                px, py = x + 0.5, y + 0.5
                w1 = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area
                w2 = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area
                if w1 >= -1e-6 and w2 >= -1e-6 and w1 + w2 <= 1.000001:
                    z = depth[a] + w1 * (depth[b] - depth[a]) + w2 * (depth[c] - depth[a])
                    if z < picture[y, x]:
                        picture[y, x] = z


@njit(cache=True, inline="always")
def _is_hidden(x, y, z, k, eyes, right, up, toward, slopes, maps, slack):  # type: ignore[no-untyped-def]  # numba infers
    size = maps.shape[1]
    dx, dy, dz = x - eyes[k, 0], y - eyes[k, 1], z - eyes[k, 2]
    depth = -(dx * toward[k, 0] + dy * toward[k, 1] + dz * toward[k, 2])
    if depth <= 0:
        return True
    scale = size / 2 / (slopes[k] * depth)
    u = size / 2 + scale * (dx * right[k, 0] + dy * right[k, 1] + dz * right[k, 2])
    v = size / 2 - scale * (dx * up[k, 0] + dy * up[k, 1] + dz * up[k, 2])
    if u < 0 or v < 0 or u >= size or v >= size:
        return False
    return maps[k, int(v), int(u)] < depth - slack


@njit(cache=True)
def _look(points, normals, eyes, right, up, toward, slopes, maps, lift, least, chance, power):  # type: ignore[no-untyped-def]  # numba infers
    n, k_all = len(points), len(eyes)
    n_seen, best, chosen = np.zeros(n, np.int16), np.zeros(n, np.float32), np.full(n, -1, np.int16)
    weights = np.zeros(k_all)
    for i in range(n):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        total = 0.0
        for k in range(k_all):
            weights[k] = 0.0
            dx, dy, dz = eyes[k, 0] - x, eyes[k, 1] - y, eyes[k, 2] - z
            cosine = (dx * nx + dy * ny + dz * nz) / np.sqrt(dx * dx + dy * dy + dz * dz)
            if cosine < least or _is_hidden(
                x + lift * nx, y + lift * ny, z + lift * nz, k, eyes, right, up, toward, slopes, maps, 0.5 * lift
            ):
                continue
            n_seen[i] += 1
            best[i] = max(best[i], cosine)
            weights[k] = cosine**power
            total += weights[k]
        wanted = chance[i] * total
        for k in range(k_all):
            if weights[k] > 0:
                chosen[i] = k
                wanted -= weights[k]
                if wanted <= 0:
                    break
    return n_seen, best, chosen


@njit(cache=True)
def _open_light(points, normals, eyes, right, up, toward, slopes, maps, light, lift):  # type: ignore[no-untyped-def]  # numba infers
    n = len(points)
    found = np.zeros(n)
    for i in range(n):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        x, y, z = points[i, 0] + lift * nx, points[i, 1] + lift * ny, points[i, 2] + lift * nz
        total, reached = 0.0, 0.0
        for k in range(len(eyes)):
            cosine = nx * toward[k, 0] + ny * toward[k, 1] + nz * toward[k, 2]
            if cosine > 0:
                total += cosine
                if not _is_hidden(x, y, z, k, eyes, right, up, toward, slopes, maps, 0.5 * lift):
                    reached += cosine * light[k]
        found[i] = reached / max(total, 1e-12)
    return found
