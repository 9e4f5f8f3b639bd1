"""What places of a textured mesh look like to an eye: where they are, which way they face, what colour they have.

One pass over the places; with an array for each step between, the steps took four times as long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.model.arrays import F4, I4, U1, Bool, read_only

_LIGHT = linear_from_srgb(np.arange(256, dtype=np.uint8))
_PLAIN = np.arange(256, dtype=np.float32)
_NOTHING = np.zeros((0, 0, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Frames:
    """A mesh with what its maps hang on: float32 (n, 3) vertices and normals, (n, 4) tangents, (n, 2) uv; faces."""

    vertices: F4
    normals: F4
    tangents: F4
    uv: F4
    faces: I4


@dataclass(frozen=True, slots=True)
class Places:
    """What is there.

    Parameters
    ----------
    points : (n, 3) float32.
    normals : (n, 3) float32, unit, with the relief of the normal map, toward the eye where the back is seen.
    flat : (n, 3) float32, unit, of the faces themselves, toward the eye.
    toward_eye : (n, 3) float32, unit.
    color : (n, 3) float32, linear base colour.
    open_sky : (n,) float32, 0 to 1, of the occlusion map; 1 without.
    is_back : (n,) bool: the eye sees the face from behind.
    """

    points: F4
    normals: F4
    flat: F4
    toward_eye: F4
    color: F4
    open_sky: F4
    is_back: Bool


def read_surface(
    mesh: Frames, color: U1, normal_map: U1 | None, occlusion: U1 | None, face: I4, weights: F4, eye: F4
) -> Places:
    """Look at places of a mesh.

    Parameters
    ----------
    color : (h, w, 3) uint8 sRGB; normal_map : (h, w, 3) uint8, tangent space; occlusion : (h, w) uint8. Read
        bilinearly; they stand still past their edges.
    face : (n,) int32; weights : (n, 2) float32, barycentric weights of the second and third corner.
    eye : (3,) float32.

    Raises
    ------
    IndexError
        A face or a vertex that is not there.
    """
    n, faces = len(face), mesh.faces
    points, normals, flat, toward_eye, own = (np.empty((n, 3), np.float32) for _ in range(5))
    found = Places(points, normals, flat, toward_eye, own, np.ones(n, np.float32), np.zeros(n, np.bool_))
    if n == 0:
        return found
    if face.min() < 0 or face.max() >= len(faces) or faces.min() < 0 or faces.max() >= len(mesh.vertices):
        raise IndexError("a look at a face that is not there")
    geometry = tuple(
        read_only(values.astype(np.float32, copy=False))
        for values in (mesh.vertices, mesh.normals, mesh.tangents, mesh.uv)
    )
    maps = (
        read_only(color),
        read_only(_NOTHING if normal_map is None else normal_map),
        read_only(_NOTHING if occlusion is None else occlusion[:, :, None]),
    )
    seen = read_only(face), read_only(weights.astype(np.float32, copy=False))
    own_rows = points, normals, flat, toward_eye, own
    at = read_only(eye.astype(np.float32, copy=False))
    _read(
        geometry, read_only(faces), maps, (_LIGHT, _PLAIN), *seen, at, own_rows, found.open_sky, found.is_back
    )  # fmt: skip
    return found


@nb.njit(inline="always")
def _unit(x, y, z):  # type: ignore[no-untyped-def]  # numba infers
    over = np.float32(1) / max(np.sqrt(x * x + y * y + z * z), np.float32(1e-12))
    return x * over, y * over, z * over


@nb.njit(cache=True)
def _texel(picture, u, v):  # type: ignore[no-untyped-def]  # numba infers
    height, width = picture.shape[:2]
    x = min(max(np.float64(u) * width - 0.5, 0.0), width - 1.0)
    y = min(max(np.float64(v) * height - 0.5, 0.0), height - 1.0)
    # false for NaN, which would become an index anywhere
    if not (x >= 0 and y >= 0):
        x = 0.0
        y = 0.0
    left, top = int(x), int(y)
    right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
    return left, top, right, bottom, np.float32(x - left), np.float32(y - top)


@nb.njit(inline="always")
def _mixed(picture, at, c, meaning):  # type: ignore[no-untyped-def]  # numba infers
    left, top, right, bottom, x, y = at
    upper = meaning[picture[top, left, c]] * (1 - x) + meaning[picture[top, right, c]] * x
    lower = meaning[picture[bottom, left, c]] * (1 - x) + meaning[picture[bottom, right, c]] * x
    return upper * (1 - y) + lower * y


@nb.njit(cache=True)
def _read(geometry, faces, maps, meanings, face, weights, eye, found, open_sky, is_back):  # type: ignore[no-untyped-def]  # numba infers
    vertices, normals, tangents, uv = geometry
    color, bumps, occlusion = maps
    light, plain = meanings
    points, facing, flat, toward_eye, own = found
    one = np.float32(1)
    for i in range(len(face)):
        a, b, c = faces[face[i], 0], faces[face[i], 1], faces[face[i], 2]
        w1, w2 = weights[i, 0], weights[i, 1]
        w0 = one - w1 - w2
        px = w0 * vertices[a, 0] + w1 * vertices[b, 0] + w2 * vertices[c, 0]
        py = w0 * vertices[a, 1] + w1 * vertices[b, 1] + w2 * vertices[c, 1]
        pz = w0 * vertices[a, 2] + w1 * vertices[b, 2] + w2 * vertices[c, 2]
        points[i, 0], points[i, 1], points[i, 2] = px, py, pz
        ex, ey, ez = _unit(eye[0] - px, eye[1] - py, eye[2] - pz)
        toward_eye[i, 0], toward_eye[i, 1], toward_eye[i, 2] = ex, ey, ez
        u = w0 * uv[a, 0] + w1 * uv[b, 0] + w2 * uv[c, 0]
        v = w0 * uv[a, 1] + w1 * uv[b, 1] + w2 * uv[c, 1]
        nx, ny, nz = _unit(
            w0 * normals[a, 0] + w1 * normals[b, 0] + w2 * normals[c, 0],
            w0 * normals[a, 1] + w1 * normals[b, 1] + w2 * normals[c, 1],
            w0 * normals[a, 2] + w1 * normals[b, 2] + w2 * normals[c, 2],
        )
        at = _texel(color, u, v)
        for channel in range(3):
            own[i, channel] = _mixed(color, at, channel, light)
        if occlusion.shape[0] > 0:
            open_sky[i] = _mixed(occlusion, _texel(occlusion, u, v), 0, plain) / np.float32(255)
        if bumps.shape[0] > 0:
            at = _texel(bumps, u, v)
            lx = _mixed(bumps, at, 0, plain) / np.float32(127.5) - one
            ly = _mixed(bumps, at, 1, plain) / np.float32(127.5) - one
            lz = _mixed(bumps, at, 2, plain) / np.float32(127.5) - one
            tx, ty, tz = _unit(
                w0 * tangents[a, 0] + w1 * tangents[b, 0] + w2 * tangents[c, 0],
                w0 * tangents[a, 1] + w1 * tangents[b, 1] + w2 * tangents[c, 1],
                w0 * tangents[a, 2] + w1 * tangents[b, 2] + w2 * tangents[c, 2],
            )
            handed = w0 * tangents[a, 3] + w1 * tangents[b, 3] + w2 * tangents[c, 3]
            # the frame as three.js and glTF viewers build it, see tangent_space
            bx, by, bz = _unit(ny * tz - nz * ty, nz * tx - nx * tz, nx * ty - ny * tx)
            if handed < 0:
                ly = -ly
            nx, ny, nz = _unit(lx * tx + ly * bx + lz * nx, lx * ty + ly * by + lz * ny, lx * tz + ly * bz + lz * nz)
        ax, ay, az = vertices[a, 0], vertices[a, 1], vertices[a, 2]
        rx, ry, rz = vertices[b, 0] - ax, vertices[b, 1] - ay, vertices[b, 2] - az
        sx, sy, sz = vertices[c, 0] - ax, vertices[c, 1] - ay, vertices[c, 2] - az
        fx, fy, fz = _unit(ry * sz - rz * sy, rz * sx - rx * sz, rx * sy - ry * sx)
        # of an open shell the back is seen too: it is lit from its own side
        if fx * ex + fy * ey + fz * ez < 0:
            is_back[i] = True
            fx, fy, fz = -fx, -fy, -fz
            if nx * ex + ny * ey + nz * ez < 0:
                nx, ny, nz = -nx, -ny, -nz
        flat[i, 0], flat[i, 1], flat[i, 2] = fx, fy, fz
        facing[i, 0], facing[i, 1], facing[i, 2] = nx, ny, nz
