"""Rays and closest points against shapes whose truth is known."""

import subprocess
import sys

import numpy as np
import pytest
from meshes import plane_mesh, sphere_mesh

from exhibit.engines.raycast import RaycastScene
from exhibit.errors import Cancelled
from exhibit.geometry.interpolate import interpolate
from exhibit.progress import Recorder
from exhibit.stages.baking.counterpart import OtherMesh
from exhibit.stages.baking.occlusion import open_sky


def rays(n=2000):
    rng = np.random.default_rng(0)
    ways = rng.normal(size=(n, 3))
    return (ways / np.linalg.norm(ways, axis=1, keepdims=True)).astype(np.float32)


def test_rays_from_the_middle_of_a_ball_end_on_it():
    vertices, faces = sphere_mesh(96, radius=1.0)
    ways = rays()
    hits = RaycastScene(vertices, faces).cast(np.zeros_like(ways), ways)
    assert (hits.face >= 0).all()
    assert np.abs(hits.distance - 1).max() < 2e-3
    assert interpolate(vertices, faces, hits.face, hits.weights) == pytest.approx(
        ways * hits.distance[:, None], abs=1e-5
    )


def test_rays_that_miss_say_so():
    scene = RaycastScene(*sphere_mesh(24))
    ways = rays(50)
    hits = scene.cast(ways * 2, ways)
    assert (hits.face == -1).all()
    assert np.isinf(hits.distance).all()
    assert not scene.is_occluded(ways * 2, ways).any()
    assert scene.is_occluded(ways * 2, -ways).all()
    assert not scene.is_occluded(ways * 2, -ways, farthest=1.0).any()


def test_closest_points_are_closest():
    vertices, faces = sphere_mesh(96, radius=1.0)
    ways = rays()
    found = RaycastScene(vertices, faces).closest(ways * 1.5)
    assert found.distance == pytest.approx(0.5, abs=2e-3)


def test_a_vertex_that_is_not_finite_and_a_face_without_area_do_not_spoil_the_rest():
    vertices, faces = sphere_mesh(24, radius=1.0)
    vertices = np.concatenate([vertices, [[np.nan, 0, 0]]]).astype(np.float32)
    faces = np.concatenate([faces, [[0, 0, 1]]]).astype(np.int32)
    ways = rays(200)
    hits = RaycastScene(vertices, faces).cast(ways * 3, -ways)
    assert np.abs(hits.distance - 2).max() < 0.02


def test_the_counterpart_lies_along_the_normal_on_the_face_that_looks_the_same_way():
    near, faces = plane_mesh(4)
    away = faces[:, ::-1] + len(near)
    far = near + np.float32([0, 0.03, 0])
    # a sheet looking down lies 10 mm above, one looking up 30 mm above
    both = np.concatenate([far, near + np.float32([0, 0.01, 0])])
    other = OtherMesh(both, np.concatenate([faces, away]).astype(np.int32))
    places = np.random.default_rng(1).random((100, 3)).astype(np.float32) * np.float32([0.8, 0, 0.8]) - np.float32(
        [0.4, 0, 0.4]
    )
    up = np.tile(np.float32([0, 1, 0]), (100, 1))
    found = other.counterparts(places, up, 0.1)
    assert found.is_facing.all()
    assert found.points == pytest.approx(places + np.float32([0, 0.03, 0]), abs=1e-5)
    # out of reach along the normal, the closest place it is, whichever way it looks
    short = other.counterparts(places, up, 0.005)
    assert short.points == pytest.approx(places + np.float32([0, 0.01, 0]), abs=1e-5)
    assert not short.is_facing.any()


def test_places_exactly_on_the_other_mesh_are_their_own_counterparts():
    vertices, faces = sphere_mesh(48)
    other = OtherMesh(vertices, faces)
    places = vertices[faces].mean(1).astype(np.float32)
    found = other.counterparts(places, (places / np.linalg.norm(places, axis=1, keepdims=True)), 0.01)
    assert found.points == pytest.approx(places, abs=1e-6)
    assert (found.face == np.arange(len(faces))).mean() > 0.99


def test_half_the_sky_is_free_beside_a_tall_wall():
    wall, faces = plane_mesh(2, 400.0)
    upright = wall[:, [0, 2, 1]] + np.float32([0, 0, -0.001])
    free = open_sky(
        RaycastScene(upright, faces), np.zeros((3, 3), np.float32), np.tile(np.float32([0, 1, 0]), (3, 1)), 4096, 1e-4
    )
    assert free == pytest.approx(0.5, abs=0.02)


def test_a_scene_of_nothing_is_refused():
    with pytest.raises(ValueError):
        RaycastScene(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32))


def test_long_work_can_be_cancelled():
    ways = rays(1_500_000)
    with pytest.raises(Cancelled):
        RaycastScene(*sphere_mesh(24)).cast(ways, -ways, progress=Recorder(cancel_after=2).progress())


SCRIPT = """
import hashlib, numpy as np
from meshes import sphere_mesh
from exhibit.engines.raycast import RaycastScene
vertices, faces = sphere_mesh(200)
points = np.random.default_rng(0).random((200_000, 3)).astype(np.float32) * 0.3 - 0.15
scene = RaycastScene(vertices, faces)
hits, near = scene.cast(points, -points), scene.closest(points)
print(hashlib.sha256(b"".join(a.tobytes() for h in (hits, near) for a in (h.face, h.weights, h.distance))).hexdigest())
"""


def test_answers_are_the_same_bytes_in_every_process():
    paths = [path for path in sys.path if path]
    run = [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{SCRIPT}"]
    answers = {subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(answers) == 1
