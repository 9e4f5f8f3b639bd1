"""How true a mesh is. Distances are Open3D's (Embree), which no contender's own code touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

F4 = npt.NDArray[np.float32]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Places:
    """Places on a mesh: `face` (n,) and `weights` (n, 2) of its second and third corner; `distance` (n,) from asked."""

    face: I4
    weights: F4
    distance: F4 | None = None

    def at(self, values: npt.NDArray[Any], faces: I4) -> F4:
        """Interpolate `values` (v, d), given at vertices, to (n, d)."""
        corner = faces[self.face]
        return self.among(values[corner])

    def among(self, corners: npt.NDArray[Any]) -> F4:
        """Interpolate values given at the three corners (n, 3, d) of each place's own face."""
        weights = np.concatenate([1 - self.weights.sum(axis=1, keepdims=True), self.weights], axis=1)
        return np.einsum("nkd,nk->nd", corners.astype(np.float64), weights).astype(np.float32)


class Scene:
    """A mesh to ask."""

    def __init__(self, vertices: F4, faces: I4) -> None:
        import open3d

        self.tensor = open3d.core.Tensor
        self.scene = open3d.t.geometry.RaycastingScene()
        self.scene.add_triangles(
            self.tensor(np.ascontiguousarray(vertices, np.float32)), self.tensor(np.ascontiguousarray(faces, np.uint32))
        )

    def closest(self, points: F4) -> Places:
        """Return the closest place to each point (n, 3)."""
        face, weights, distance = [], [], []
        for start in range(0, len(points), _CHUNK):
            some = np.ascontiguousarray(points[start : start + _CHUNK], np.float32)
            answer = self.scene.compute_closest_points(self.tensor(some))
            face.append(answer["primitive_ids"].numpy().astype(np.int32))
            weights.append(answer["primitive_uvs"].numpy())
            distance.append(np.linalg.norm(answer["points"].numpy() - some, axis=1))
        return Places(np.concatenate(face), np.concatenate(weights), np.concatenate(distance))

    def occluded(self, origins: F4, directions: F4) -> npt.NDArray[np.bool_]:
        """Tell for each ray whether it meets the mesh."""
        rays = np.concatenate([origins, directions], axis=1).astype(np.float32, copy=False)
        return np.asarray(self.scene.test_occlusions(self.tensor(rays)).numpy(), bool)


def sample_surface(vertices: F4, faces: I4, n: int, *, seed: int) -> Places:
    """Spread `n` places evenly over a mesh by area."""
    rng = np.random.default_rng(seed)
    corner = vertices[faces].astype(np.float64)
    until = np.cumsum(np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1))
    face = np.minimum(np.searchsorted(until, rng.random(n) * until[-1]), len(faces) - 1).astype(np.int32)
    weights = rng.random((n, 2))
    beyond = weights.sum(axis=1) > 1
    weights[beyond] = 1 - weights[beyond]
    return Places(face, weights.astype(np.float32))


def topology(vertices: F4, faces: I4) -> dict[str, float]:
    """Count pieces, edges of more than two faces, and edges of one face only."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).astype(np.int64), axis=1)
    keys, counts = np.unique(edges[:, 0] * len(vertices) + edges[:, 1], return_counts=True)
    links = (np.ones(len(keys), np.int8), (keys // len(vertices), keys % len(vertices)))
    labels = connected_components(coo_matrix(links, (len(vertices),) * 2), directed=False)[1]
    return {
        "triangles": len(faces),
        "pieces": len(np.unique(labels[faces[:, 0]])),
        "non_manifold": int((counts > 2).sum()),
        "boundary": int((counts == 1).sum()),
    }


def decibels(found: npt.NDArray[Any], true: npt.NDArray[Any], peak: float) -> float:
    """Return the peak signal-to-noise ratio."""
    squared = float(np.mean((found.astype(np.float64) - true.astype(np.float64)) ** 2))
    return float(10 * np.log10(peak**2 / max(squared, 1e-12)))


def look_up(picture: U1, uv: F4) -> F4:
    """Return the plain values (n, c) of a picture, bilinear, at uv of glTF's convention."""
    image = picture[..., None] if picture.ndim == 2 else picture
    size = np.array([image.shape[1], image.shape[0]])
    at = np.clip(uv * size - 0.5, 0, size - 1)
    low = np.minimum(at.astype(np.int64), size - 2)
    part = at - low
    mixed = np.zeros((len(uv), image.shape[2]))
    for dy in (0, 1):
        for dx in (0, 1):
            share = (part[:, 0] if dx else 1 - part[:, 0]) * (part[:, 1] if dy else 1 - part[:, 1])
            mixed += share[:, None] * image[low[:, 1] + dy, low[:, 0] + dx]
    return mixed.astype(np.float32)


def relief_recall(points: F4, normals: F4, distance: F4, spacing: float) -> float:
    """Return the share of true relief that a mesh follows.

    Relief is where a true point stands more than half a spacing out of the plane through its surroundings (the mean of
    128 neighbours, along their mean normal); it is followed where the mesh passes within half that height.
    """
    from scipy.spatial import cKDTree

    some = np.random.default_rng(3).choice(len(points), min(len(points), 60_000), replace=False)
    near = cKDTree(points).query(points[some], 128, workers=-1)[1]
    upright = normals[near].mean(axis=1)
    upright /= np.maximum(np.linalg.norm(upright, axis=1, keepdims=True), 1e-9)
    height = np.abs(((points[some] - points[near].mean(axis=1)) * upright).sum(axis=1))
    is_relief = height > 0.5 * spacing
    return float((distance[some] < height / 2)[is_relief].mean()) if is_relief.any() else float("nan")
