"""Frames for normal maps, against what differential geometry says."""

import numpy as np
import pytest
from meshes import plane_mesh, sphere_mesh

from exhibit.geometry.tangent_space import bytes_from_normals, decode_normals, encode_normals
from exhibit.geometry.tangents import vertex_tangents
from exhibit.geometry.vertex_normals import vertex_normals


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def test_normals_of_a_sphere_point_away_from_its_middle():
    vertices, faces = sphere_mesh(64)
    angle = np.degrees(np.arccos(np.clip((vertex_normals(vertices, faces) * unit(vertices)).sum(1), -1, 1)))
    assert angle.max() < 0.6


def test_normals_do_not_depend_on_how_a_flat_side_is_cut():
    # one side of the corner is a single triangle, the others are fans of many
    corner = np.zeros(3)
    fan = [np.array([np.cos(a), 0, np.sin(a)]) for a in np.linspace(0, np.pi / 2, 9)]
    vertices = np.array([corner, *fan, [0, -1, 0]], np.float32)
    faces = [[0, i + 1, i] for i in range(1, 9)] + [[0, 10, 9], [0, 1, 10]]
    normal = vertex_normals(vertices, np.array(faces, np.int32))[0]
    assert normal == pytest.approx(unit(np.array([-1, 1, -1.0])), abs=1e-5)


def test_vertices_without_a_face_of_area_still_have_a_unit_normal():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [9, 9, 9]], np.float32)
    normals = vertex_normals(vertices, np.array([[0, 1, 2]], np.int32))
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1)


@pytest.mark.parametrize("mirrored", [False, True])
def test_tangents_of_a_plane_follow_u_and_the_sign_tells_mirrored_pictures(mirrored):
    vertices, faces = plane_mesh(4)
    # seen from above with x to the right, v grows toward the viewer (+Z): the picture stands upright
    uv = np.stack([vertices[:, 0] + 0.5, vertices[:, 2] + 0.5], 1)
    if mirrored:
        uv[:, 0] = 1 - uv[:, 0]
    tangents = vertex_tangents(vertices, vertex_normals(vertices, faces), uv, faces)
    assert tangents[:, :3] == pytest.approx(np.tile([-1.0 if mirrored else 1.0, 0, 0], (len(uv), 1)), abs=1e-6)
    # green points up in the picture, that is, toward smaller v: to -Z
    bitangent = np.cross([0, 1, 0], tangents[:, :3]) * tangents[:, 3:]
    assert bitangent == pytest.approx(np.tile([0, 0, -1.0], (len(uv), 1)), abs=1e-6)


def test_tangents_of_a_globe_point_east():
    vertices, faces = sphere_mesh(96, radius=1.0)
    east = unit(np.cross([0, 1, 0], vertices))
    belt = np.abs(vertices[:, 1]) < 0.8
    whole = belt[faces].all(1)
    around = np.arctan2(vertices[:, 0], vertices[:, 2])
    # away from the date line, where u jumps
    whole &= (np.abs(around[faces]) < 3).all(1)
    uv = np.stack([around / (2 * np.pi) + 0.5, np.arccos(np.clip(vertices[:, 1], -1, 1)) / np.pi], 1)
    kept = faces[whole]
    tangents = vertex_tangents(vertices, unit(vertices).astype(np.float32), uv.astype(np.float32), kept)
    inner = np.flatnonzero(np.bincount(kept.ravel(), minlength=len(vertices)) == 6)
    off = np.degrees(np.arccos(np.clip((tangents[inner, :3] * east[inner]).sum(1), -1, 1)))
    assert len(inner) > 1000
    assert off.max() < 0.5
    assert (tangents[inner, 3] == 1).all()


@pytest.mark.parametrize("fault", ["all uv equal", "uv on a line", "uv not finite", "faces without area"])
def test_tangents_are_unit_and_orthogonal_whatever_the_uv(fault):
    vertices, faces = plane_mesh(3)
    uv = np.random.default_rng(1).random((len(vertices), 2)).astype(np.float32)
    if fault == "all uv equal":
        uv[:] = 0.5
    elif fault == "uv on a line":
        uv[:, 1] = uv[:, 0]
    elif fault == "uv not finite":
        uv[3:7] = np.nan
    else:
        vertices = vertices * np.float32([1, 0, 0])
    normals = np.tile(np.float32([0, 1, 0]), (len(vertices), 1))
    tangents = vertex_tangents(vertices, normals, uv, faces)
    assert np.isfinite(tangents).all()
    assert np.linalg.norm(tangents[:, :3], axis=1) == pytest.approx(1, abs=1e-6)
    assert (tangents[:, :3] * normals).sum(1) == pytest.approx(0, abs=1e-6)
    assert set(np.unique(tangents[:, 3])) <= {-1.0, 1.0}


def test_a_normal_comes_back_from_the_map_as_a_viewer_decodes_it():
    rng = np.random.default_rng(2)
    normals = unit(rng.normal(size=(500, 3))).astype(np.float32)
    # interpolated frames: neither unit nor orthogonal
    tangents = np.concatenate(
        [unit(np.cross(normals, rng.normal(size=(500, 3)))) * 0.9 + 0.1 * normals, rng.choice([-1.0, 1.0], (500, 1))], 1
    ).astype(np.float32)
    wanted = unit(normals + 0.5 * rng.normal(size=(500, 3)) / 3).astype(np.float32)
    stored = bytes_from_normals(encode_normals(wanted, normals, tangents))
    back = decode_normals(stored.astype(np.float32) / 127.5 - 1, normals, tangents)
    assert np.degrees(np.arccos(np.clip((back * wanted).sum(1), -1, 1))).max() < 1.0
