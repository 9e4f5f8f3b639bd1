"""Shapes whose truth is known: points sampled from them, and the distance of any place from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exhibit.model.cloud import Block, Scan


@dataclass(frozen=True)
class Shape:
    """Points on a surface, its outward normals there, and the unsigned distance of places (n, 3) from it."""

    points: np.ndarray
    normals: np.ndarray
    distance: Callable[[np.ndarray], np.ndarray]
    euler: int
    area: float

    def noisy(self, sigma: float, seed: int = 7) -> Shape:
        shift = np.random.default_rng(seed).normal(0, sigma, self.points.shape)
        return Shape(self.points + shift, self.normals, self.distance, self.euler, self.area)

    def scan(self, **given: object) -> Scan:
        return scan_of(self.points, **given)


def scan_of(
    points: np.ndarray, colors=None, normals=None, block: int = 1 << 20, origin=(0.0, 0.0, 0.0), **given
) -> Scan:
    points = np.asarray(points, np.float32)

    def read():
        for start in range(0, len(points), block):
            rows = slice(start, start + block)
            yield Block(
                points[rows].copy(),
                None if colors is None else colors[rows],
                None if normals is None else np.asarray(normals[rows], np.float32),
            )

    given = {"name": "shape", "format": "ply", **given}
    return Scan(
        n_points=len(points),
        origin=np.asarray(origin, np.float64),
        read_blocks=read,
        has_colors=colors is not None,
        has_normals=normals is not None,
        **given,
    )


def sphere(n: int = 20_000, radius: float = 1.0, seed: int = 0) -> Shape:
    normals = np.random.default_rng(seed).normal(size=(n, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Shape(
        normals * radius, normals, lambda p: np.abs(np.linalg.norm(p, axis=1) - radius), 2, 4 * np.pi * radius**2
    )


def hemisphere(n: int = 20_000, seed: int = 0) -> Shape:
    """The upper half (z > 0) of a unit sphere, open below."""
    whole = sphere(2 * n, seed=seed)
    upper = whole.points[:, 2] > 0

    def distance(places):
        rim = np.linalg.norm(places[:, :2], axis=1) - 1
        return np.where(places[:, 2] >= 0, np.abs(np.linalg.norm(places, axis=1) - 1), np.hypot(rim, places[:, 2]))

    return Shape(whole.points[upper], whole.normals[upper], distance, 1, 2 * np.pi)


def torus(n: int = 30_000, major: float = 1.0, minor: float = 0.35, seed: int = 0) -> Shape:
    rng = np.random.default_rng(seed)
    around, tube = rng.random(3 * n) * 2 * np.pi, rng.random(3 * n) * 2 * np.pi
    # even by area: the outer side of the tube is longer
    taken = rng.random(3 * n) < (major + minor * np.cos(tube)) / (major + minor)
    around, tube = around[taken][:n], tube[taken][:n]
    normals = np.stack([np.cos(around) * np.cos(tube), np.sin(around) * np.cos(tube), np.sin(tube)], axis=1)
    ring = np.stack([np.cos(around), np.sin(around), np.zeros_like(around)], axis=1) * major

    def distance(places):
        return np.abs(np.hypot(np.linalg.norm(places[:, :2], axis=1) - major, places[:, 2]) - minor)

    return Shape(ring + minor * normals, normals, distance, 0, 4 * np.pi**2 * major * minor)


def box(n: int = 30_000, size=(1.0, 1.4, 0.8), seed: int = 0) -> Shape:
    """A box with sharp edges centred at zero; a thin one is a plate."""
    rng = np.random.default_rng(seed)
    half = np.asarray(size) / 2
    areas = np.array([size[1] * size[2], size[0] * size[2], size[0] * size[1]])
    axis = rng.choice(3, n, p=areas / areas.sum())
    sign = rng.choice([-1.0, 1.0], n)
    points = (rng.random((n, 3)) * 2 - 1) * half
    points[np.arange(n), axis] = sign * half[axis]
    normals = np.zeros((n, 3))
    normals[np.arange(n), axis] = sign

    def distance(places):
        over = np.abs(places) - half
        outside = np.linalg.norm(np.maximum(over, 0), axis=1)
        return np.where((over > 0).any(axis=1), outside, -over.max(axis=1))

    return Shape(points, normals, distance, 2, 2 * float(areas.sum()))


def plane(n: int = 10_000, size: float = 1.0, z: float = 0.0, seed: int = 0) -> Shape:
    points = np.random.default_rng(seed).random((n, 3)) * size - size / 2
    points[:, 2] = z
    normals = np.tile([0.0, 0.0, 1.0], (n, 1))
    return Shape(points, normals, lambda p: np.abs(p[:, 2] - z), 1, size * size)


def sample_mesh(vertices: np.ndarray, faces: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
    """Points spread evenly over a mesh."""
    rng = np.random.default_rng(seed)
    corner = vertices[faces].astype(np.float64)
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    chosen = corner[rng.choice(len(faces), n, p=area / area.sum())]
    u, v = rng.random((2, n, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    return chosen[:, 0] + u * (chosen[:, 1] - chosen[:, 0]) + v * (chosen[:, 2] - chosen[:, 0])


def euler_characteristic(faces: np.ndarray) -> int:
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    return len(np.unique(faces)) - len(np.unique(edges, axis=0)) + len(faces)
