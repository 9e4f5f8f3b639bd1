"""How good an atlas and its occlusion map are."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.bench.truth import F4, I4, Scene, decibels, look_up, sample_surface

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

    The rays start at the nearest place of the finest surface, a thousandth of the diagonal above it, and lie about the
    finest surface's smooth normal there: the normal map shows it, and it is what a viewer lights. (The level's own
    smooth normals see another sky: on rough stone 29 dB away from this one.)
    """
    vertices, faces = made["vertices"], made["faces"]
    places = sample_surface(vertices, faces, n_places, seed=5)
    finest = Scene(made["finest_vertices"], made["finest_faces"])
    closest = finest.closest(places.at(vertices, faces))
    ground = closest.at(made["finest_vertices"], made["finest_faces"])
    normals = closest.at(_smooth_normals(made["finest_vertices"], made["finest_faces"]), made["finest_faces"])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
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


def _smooth_normals(vertices: F4, faces: I4) -> F4:
    """Return the normals of vertices, the mean of their faces' by area."""
    corner = vertices[faces].astype(np.float64)
    looks = np.repeat(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), 3, axis=0)
    total = np.stack([np.bincount(faces.ravel(), weights=axis, minlength=len(vertices)) for axis in looks.T], axis=1)
    unit: F4 = (total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-30)).astype(np.float32)
    return unit


def _cosine(normals: F4, rng: np.random.Generator) -> F4:
    """Return `RAYS` random cosine-weighted directions about each normal (n, 3), one after the other."""
    # a normal plus a random unit vector is cosine-weighted (Shirley)
    ball = rng.standard_normal((len(normals), RAYS, 3), np.float32)
    ball /= np.linalg.norm(ball, axis=2, keepdims=True)
    return (ball + normals[:, None]).reshape(-1, 3)
