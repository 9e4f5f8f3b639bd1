"""How good an atlas and its occlusion map are."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.bench.truth import F4, Scene, decibels, look_up, sample_surface

RAYS = 4096
_AT_ONCE = 128
_OFFSET = 1e-3


def unwrap_figures(made: dict[str, Any]) -> dict[str, float]:
    """Return charts, share of the square in use, RMS stretch (1 is none) and faces laid upside down.

    Stretch: Sander, Snyder, Gortler and Hoppe, "Texture mapping progressive meshes" (2001), as singular values.
    """
    corner = made["vertices"][made["faces"]].astype(np.float64)
    uv = made["corner_uv"].astype(np.float64)
    sides, flat = corner[:, 1:] - corner[:, :1], uv[:, 1:] - uv[:, :1]
    doubled = flat[:, 0, 0] * flat[:, 1, 1] - flat[:, 0, 1] * flat[:, 1, 0]
    area = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
    sound = (np.abs(doubled) > 1e-14) & (area > 0)
    # a step in the picture, taken to the surface: (3, 2) for each face
    jacobian = np.einsum("nki,nkj->nij", sides[sound], np.linalg.inv(flat[sound]).transpose(0, 2, 1))
    squared = (jacobian**2).sum(axis=(1, 2)) / 2
    mean = (squared * area[sound]).sum() / area[sound].sum()
    scale = np.abs(doubled[sound]).sum() / area[sound].sum()
    mirrored = min(int((doubled > 0).sum()), int((doubled < 0).sum()))
    return {
        "charts": int(made["n_charts"]), "packing": float(made["utilisation"]),
        "stretch": float(np.sqrt(mean * scale)), "flipped": mirrored,
    }  # fmt: skip


def occlusion_psnr(made: dict[str, Any], n_places: int) -> float:
    """Return the PSNR of the occlusion map against 4,096 cosine-weighted rays from each of `n_places` on the level.

    The rays start at the nearest place of the finest surface, a thousandth of the diagonal above it, along the level's
    smooth normal.
    """
    vertices, faces = made["vertices"], made["faces"]
    places = sample_surface(vertices, faces, n_places, seed=5)
    points = places.at(vertices, faces)
    normals = places.among(made["corner_normals"][places.face])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    finest = Scene(made["finest_vertices"], made["finest_faces"])
    ground = finest.closest(points).at(made["finest_vertices"], made["finest_faces"])
    offset = np.float32(_OFFSET * np.linalg.norm(np.ptp(vertices, axis=0)))
    rng = np.random.default_rng(6)
    free = np.empty(n_places)
    for start in range(0, n_places, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        directions = _cosine(normals[rows], rng)
        origins = np.repeat(ground[rows] + offset * normals[rows], RAYS, axis=0)
        met = finest.occluded(origins, directions)
        free[rows] = 1 - met.reshape(-1, RAYS).mean(axis=1)
    uv = places.among(made["corner_uv"][places.face])
    return decibels(look_up(made["occlusion"], uv)[:, 0] / 255, free, 1.0)


def _cosine(normals: F4, rng: np.random.Generator) -> F4:
    """Return `RAYS` random cosine-weighted directions about each normal (n, 3), one after the other."""
    # a normal plus a random unit vector is cosine-weighted (Shirley)
    ball = rng.standard_normal((len(normals), RAYS, 3), np.float32)
    ball /= np.linalg.norm(ball, axis=2, keepdims=True)
    return (ball + normals[:, None]).reshape(-1, 3)
