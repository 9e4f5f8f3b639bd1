"""Triangle meshes whose truth is known, as the stages take them."""

from __future__ import annotations

import numpy as np

from exhibit.model.cloud import CleanCloud, Placement, SourceMaterial, SourceMesh
from exhibit.model.surface import Level, Surface

PLACEMENT = Placement(1.0, np.eye(3), np.zeros(3), "file")


def sphere_mesh(n_around: int = 48, radius: float = 0.1, center=(0.0, 0.0, 0.0)):
    """A closed sphere with single poles: vertices (n, 3) float32 and faces (m, 3) int32, seen from outside."""
    n_down = n_around // 2
    around = np.arange(n_around) / n_around * 2 * np.pi
    down = np.arange(1, n_down) / n_down * np.pi
    ring = np.stack(
        [
            np.sin(down)[:, None] * np.sin(around),
            np.broadcast_to(np.cos(down)[:, None], (len(down), n_around)),
            np.sin(down)[:, None] * np.cos(around),
        ],
        axis=-1,
    ).reshape(-1, 3)
    vertices = np.concatenate([ring, [[0, 1, 0], [0, -1, 0]]]) * radius + center
    top, bottom = len(ring), len(ring) + 1
    i = np.arange(n_around)
    j = (i + 1) % n_around
    faces = [np.stack([np.full(n_around, top), i, j], 1)]
    for r in range(len(down) - 1):
        a, b = r * n_around + i, r * n_around + j
        faces += [np.stack([a, a + n_around, b], 1), np.stack([b, a + n_around, b + n_around], 1)]
    last = (len(down) - 1) * n_around
    faces += [np.stack([last + i, np.full(n_around, bottom), last + j], 1)]
    return vertices.astype(np.float32), np.concatenate(faces).astype(np.int32)


def plane_mesh(n: int = 20, size: float = 1.0, height=None):
    """A square in the plane y = 0 looking up (+Y), centred; `height(x, z)` lifts it."""
    x, z = np.meshgrid(np.linspace(-size / 2, size / 2, n + 1), np.linspace(-size / 2, size / 2, n + 1))
    y = np.zeros_like(x) if height is None else height(x, z)
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(np.float32)
    corner = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    one = np.stack([corner, corner + n + 1, corner + 1], 1)
    two = np.stack([corner + 1, corner + n + 1, corner + n + 2], 1)
    return vertices, np.concatenate([one, two]).astype(np.int32)


def box_mesh(size=(1.0, 1.0, 1.0), n: int = 8, inward: bool = False):
    """A closed box of six gridded sides, centred; `inward` turns it into a room seen from inside."""
    sides_v, sides_f, count = [], [], 0
    flat, faces = plane_mesh(n, 1.0)
    for axis in range(3):
        for sign in (1.0, -1.0):
            # turn +Y onto the side's axis by a rotation, so that faces still look outward
            to = np.zeros((3, 3))
            to[axis, 1] = sign
            to[(axis + 1) % 3, 2] = sign
            to[(axis + 2) % 3, 0] = 1.0
            sides_v.append(flat @ to.T.astype(np.float32) + np.eye(3, dtype=np.float32)[axis] * 0.5 * sign)
            sides_f.append(faces + count)
            count += len(flat)
    vertices = np.concatenate(sides_v)
    places, inverse = np.unique(np.round(vertices * 4096), axis=0, return_inverse=True)
    joined = inverse.ravel()[np.concatenate(sides_f)].astype(np.int32)
    vertices = (places / 4096 * size).astype(np.float32)
    return vertices, joined[:, ::-1].copy() if inward else joined


def surface_of(vertices, faces, spacing_m: float = 0.002, provenance=None) -> Surface:
    seen = np.zeros(len(faces), np.uint8) if provenance is None else provenance
    return Surface(np.array(vertices, np.float32), np.array(faces, np.int32), seen, spacing_m, PLACEMENT)


def level_of(vertices, faces, texture_px: int = 256, **given) -> Level:
    return Level("hero", surface_of(vertices, faces, **given), texture_px)


def cloud_of(points, normals, colors=None, spacing_m: float = 0.002) -> CleanCloud:
    return CleanCloud(
        positions=np.array(points, np.float32),
        normals=np.array(normals, np.float32),
        colors=None if colors is None else np.array(colors, np.uint8),
        spacing_m=np.full(len(points), spacing_m, np.float32),
        noise_m=0.0,
        n_source=len(points),
        placement=PLACEMENT,
    )


def source_mesh_of(vertices, faces, **given) -> SourceMesh:
    given = {"materials": (SourceMaterial(np.array([255, 255, 255, 255], np.uint8)),), **given}
    return SourceMesh(
        name="source",
        format="obj",
        origin=np.zeros(3),
        vertices=np.array(vertices, np.float32),
        faces=np.array(faces, np.int32),
        face_material=given.pop("face_material", np.zeros(len(faces), np.int32)),
        **given,
    )


def fibonacci(n: int) -> np.ndarray:
    """Unit vectors (n, 3), evenly spread."""
    i = np.arange(n) + 0.5
    height, turn = 1 - 2 * i / n, np.pi * (1 + 5**0.5) * i
    ring = np.sqrt(1 - height**2)
    return np.stack([np.cos(turn) * ring, height, np.sin(turn) * ring], axis=1)
