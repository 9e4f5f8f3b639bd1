"""What the tests of several stages share: a globe whose every texel is known."""

import numpy as np
import pytest

from exhibit.model.surface import Textured, Unwrapped


@pytest.fixture
def textured_globe():
    """Return the function that makes the globe."""
    return make_textured_globe


def make_textured_globe(
    name="hero", *, n_across=48, radius_m=0.11, texture_px=256, with_normal=True, with_occlusion=True, is_open=False
):
    """Return a closed globe about (0, radius, 0): u runs east from the seam at -Z, v from the north pole (0) down.

    Its texture is red growing with u, green growing with v, with a white mark in the corner at u = v = 0.
    """
    n_down = n_across // 2
    u, v = np.meshgrid(np.linspace(0, 1, n_across + 1), np.linspace(0, 1, n_down + 1))
    # the seam's two columns, and all points of a pole, must be the same bytes
    longitude = 2 * np.pi * np.where(u == 1.0, 0.0, u)
    ring = np.where((v == 0.0) | (v == 1.0), 0.0, np.sin(np.pi * v))
    normals = np.stack([np.sin(longitude) * ring, np.cos(np.pi * v), -np.cos(longitude) * ring], axis=-1)
    east = np.stack([np.cos(longitude), np.zeros_like(u), np.sin(longitude), np.ones_like(u)], axis=-1)
    corner = np.arange(n_down)[:, None] * (n_across + 1) + np.arange(n_across)
    below, right = corner + n_across + 1, corner + 1
    upper = np.stack([corner, right, below], axis=-1)[1:]
    lower = np.stack([right, below + 1, below], axis=-1)[: -1 if not is_open else -n_down // 3]
    faces = np.concatenate([upper.reshape(-1, 3), lower.reshape(-1, 3)]).astype(np.int32)
    normals = normals.reshape(-1, 3).astype(np.float32)
    mesh = Unwrapped(
        name=name,
        vertices=(normals * np.float32(radius_m) + np.float32([0, radius_m, 0])).astype(np.float32),
        normals=normals,
        tangents=east.reshape(-1, 4).astype(np.float32),
        uv=np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32),
        faces=faces,
        provenance=np.where(np.arange(len(faces)) % 4 == 3, 1, 0).astype(np.uint8),
        texture_px=texture_px,
        n_charts=1,
        utilisation=1.0,
    )
    return Textured(
        mesh=mesh,
        base_color=gradient(texture_px),
        normal_map=ripples(texture_px) if with_normal else None,
        occlusion=np.full((texture_px // 2, texture_px // 2), 200, np.uint8) if with_occlusion else None,
        texel_density=texture_px / (2 * np.pi * radius_m),
        color_error=1.25,
    )


def gradient(size):
    ramp = np.linspace(0, 255, size)
    picture = np.stack([*np.meshgrid(ramp, ramp), np.full((size, size), 60.0)], axis=-1).astype(np.uint8)
    picture[: size // 8, : size // 8] = 255
    return picture


def ripples(size):
    slope = 0.2 * np.sin(np.linspace(0, 40 * np.pi, size))
    normal = np.stack([*np.meshgrid(slope, slope), np.ones((size, size))], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return np.round((normal * 0.5 + 0.5) * 255).astype(np.uint8)
