"""Rays over the open half of space, and the smoothing of what they found."""

import numpy as np
import pytest
from meshes import box_mesh, plane_mesh, sphere_mesh

from exhibit.geometry.hemisphere import hammersley, scramble
from exhibit.geometry.sky_rays import sky_rays
from exhibit.geometry.smooth_on_mesh import smooth_on_mesh
from exhibit.geometry.vertex_normals import vertex_normals


def test_rays_start_above_their_places_and_follow_the_cosine_about_every_normal():
    points, _ = sphere_mesh(24)
    # both poles of z among them, where the frame's formula changes sides
    normals = np.concatenate([points / 0.1, np.float32([[0, 0, 1], [0, 0, -1], [0, 0, -0.0 + 1]])]).astype(np.float32)
    places = np.tile(np.float32([[5, -3, 2]]), (len(normals), 1))
    rays = sky_rays(places, normals, 64, 0.01).reshape(len(normals), 64, 6)
    assert rays[..., :3] == pytest.approx(np.repeat((places + 0.01 * normals)[:, None], 64, 1), abs=1e-6)
    assert np.linalg.norm(rays[..., 3:], axis=2) == pytest.approx(1, abs=1e-5)
    cosine = np.einsum("nkj,nj->nk", rays[..., 3:], normals)
    assert cosine.min() > -1e-6
    # the cosine's square is evenly spread, and the rays lean to no side
    assert np.sort(cosine**2, axis=1) == pytest.approx(np.tile((np.arange(64) + 0.5) / 64, (len(normals), 1)), abs=0.01)
    sideways = rays[..., 3:].mean(1) - normals * cosine.mean(1)[:, None]
    assert np.abs(sideways).max() < 0.05
    # the same pattern as elsewhere: which place has which shift does not depend on how many are asked for at once
    assert np.array_equal(sky_rays(places[7:], normals[7:], 64, 0.01, 7), rays[7:].reshape(-1, 6))
    height = np.sqrt(1 - (hammersley(64)[:, 0] + scramble(1, 7)[0, 0]) % 1)
    assert cosine[7] == pytest.approx(height, abs=1e-5)
    assert sky_rays(places[:0], normals[:0], 64, 0.01).shape == (0, 6)


def test_smoothing_takes_grain_away_and_leaves_true_steps_and_creases():
    vertices, faces = plane_mesh(60, 1.0)
    normals = vertex_normals(vertices, faces)
    truth = np.where(vertices[:, 0] > 0.2, 0.9, 0.4).astype(np.float32)
    grain = np.random.default_rng(0).normal(0, 0.02, len(truth)).astype(np.float32)
    smooth = smooth_on_mesh(truth + grain, normals, faces, (1.0, 0.04, 0.04, 0.04))
    away = np.abs(vertices[:, 0] - 0.2) > 0.05
    assert np.abs(smooth - truth)[away].std() < 0.25 * 0.02
    beside = (np.abs(vertices[:, 0] - 0.2) > 0.025) & ~away
    assert np.abs(smooth - truth)[beside].max() < 0.1

    vertices, faces = box_mesh((1.0, 1.0, 1.0), 12)
    # sides meet in corners that show the mean of their normals: one step away from an edge they are apart
    value = (np.abs(vertices[:, 1]) > 0.499).astype(np.float32)
    smooth = smooth_on_mesh(value, vertex_normals(vertices, faces), faces, (1.0, 0.04, 0.04, 0.04))
    middle = (np.abs(vertices) < 0.43).sum(1) >= 2
    assert np.abs(smooth - value)[middle].max() < 0.1


def test_a_lone_vertex_and_a_mesh_without_faces_keep_their_values():
    values, none = np.float32([0.25, 0.5, 1.0]), np.zeros((0, 3), np.int32)
    normals = np.tile(np.float32([0, 1, 0]), (3, 1))
    assert smooth_on_mesh(values, normals, none, (0.04,)).tolist() == values.tolist()
