"""Looking at places of a textured mesh: the same as its parts one by one, and safe from what is not there."""

import numpy as np
import pytest

from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.read_surface import Frames, read_surface
from exhibit.geometry.sample_texture import sample_texture, sample_values
from exhibit.geometry.tangent_space import decode_normals

EYE = np.array([0.3, 0.2, 4.0], np.float32)
SQUARE = Frames(
    vertices=np.array([[0, 0, 0], [1, 0, 0.2], [1, 1, 0], [0, 1, -0.1]], np.float32),
    normals=np.array([[0, 0, 1], [0.1, 0, 0.99], [0, 0.1, 0.99], [-0.1, 0, 0.99]], np.float32),
    tangents=np.array([[1, 0, 0, -1]] * 4, np.float32),
    uv=np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32),
    faces=np.array([[0, 1, 2], [0, 2, 3]], np.int32),
)


def some_places(n=200):
    rng = np.random.default_rng(5)
    weights = rng.dirichlet((1, 1, 1), n)[:, 1:].astype(np.float32)
    return rng.integers(0, 2, n).astype(np.int32), weights


def some_maps():
    rng = np.random.default_rng(6)
    color, bumps = (rng.integers(0, 256, (16, 16, 3), np.uint8) for _ in range(2))
    bumps[:, :, 2] = 255
    return color, bumps, rng.integers(0, 256, (8, 8), np.uint8)


def test_a_look_is_what_its_parts_say_one_by_one():
    face, weights = some_places()
    color, bumps, occlusion = some_maps()
    found = read_surface(SQUARE, color, bumps, occlusion, face, weights, EYE)
    uv = interpolate(SQUARE.uv, SQUARE.faces, face, weights)
    local = sample_values(bumps, uv) / np.float32(127.5) - 1
    local /= np.linalg.norm(local, axis=1, keepdims=True)
    smooth = interpolate(SQUARE.normals, SQUARE.faces, face, weights)
    normals = decode_normals(local, smooth, interpolate(SQUARE.tangents, SQUARE.faces, face, weights))
    points = interpolate(SQUARE.vertices, SQUARE.faces, face, weights)
    assert np.allclose(found.points, points, atol=1e-6)
    assert np.allclose(found.normals, normals, atol=1e-5)
    assert np.allclose(found.color, sample_texture(color, uv), atol=1e-5)
    assert np.allclose(found.open_sky, sample_values(occlusion[:, :, None], uv)[:, 0] / 255, atol=1e-5)
    assert np.allclose(found.toward_eye, (EYE - points) / np.linalg.norm(EYE - points, axis=1)[:, None], atol=1e-6)
    assert not found.is_back.any()


def test_the_back_of_a_face_is_turned_toward_the_eye():
    face, weights = some_places(20)
    found = read_surface(SQUARE, some_maps()[0], None, None, face, weights, EYE * np.float32([1, 1, -1]))
    assert found.is_back.all()
    assert (found.normals[:, 2] < 0).all() and (found.flat[:, 2] < 0).all()
    assert (found.open_sky == 1).all()


def test_uv_that_are_no_numbers_read_some_texel():
    broken = Frames(SQUARE.vertices, SQUARE.normals, SQUARE.tangents, SQUARE.uv * np.float32(np.nan), SQUARE.faces)
    face, weights = some_places(5)
    color = np.full((4, 4, 3), 255, np.uint8)
    assert (read_surface(broken, color, None, None, face, weights, EYE).color == 1).all()


def test_no_places_and_places_that_are_not_there():
    none = read_surface(SQUARE, some_maps()[0], None, None, np.zeros(0, np.int32), np.zeros((0, 2), np.float32), EYE)
    assert len(none.color) == 0
    with pytest.raises(IndexError, match="not there"):
        read_surface(SQUARE, some_maps()[0], None, None, np.array([2], np.int32), np.zeros((1, 2), np.float32), EYE)
