"""Decimation: exact numbers, the topology as it was, nearer to the surface than another engine, nothing folded."""

import numpy as np
import pytest
from analytic import euler_characteristic
from meshes import plane_mesh, sphere_mesh

from exhibit.geometry.adjacency import find_adjacency, label_face_parts
from exhibit.geometry.collapse import collapse_edges
from exhibit.geometry.decimate import decimate_mesh
from exhibit.geometry.mesh_measures import area_vectors, face_areas
from exhibit.geometry.repair import make_manifold
from exhibit.geometry.unfold import find_folded_edges, unfold

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], np.int32)


def bumpy_ring(n: int = 220, m: int = 90, width: float = 0.35):
    """A closed torus with waves upon it: genus one, curved both ways."""
    u, v = np.meshgrid(np.arange(n) / n * 2 * np.pi, np.arange(m) / m * 2 * np.pi, indexing="ij")
    r = width * (1 + 0.09 * np.sin(9 * u) * np.sin(5 * v))
    places = np.stack([(1 + r * np.cos(v)) * np.cos(u), (1 + r * np.cos(v)) * np.sin(u), r * np.sin(v)], -1)
    i, j = np.meshgrid(np.arange(n), np.arange(m), indexing="ij")
    a, b = i * m + j, (i + 1) % n * m + j
    c, d = (i + 1) % n * m + (j + 1) % m, i * m + (j + 1) % m
    faces = [np.stack([x.ravel(), y.ravel(), z.ravel()], 1) for x, y, z in ((a, b, c), (a, c, d))]
    return places.reshape(-1, 3).astype(np.float32), np.concatenate(faces).astype(np.int32)


def rms_between(vertices, faces, other_vertices, other_faces):
    """Root mean square distance of the one's face centres and corners from the other, by Open3D."""
    import open3d

    scene = open3d.t.geometry.RaycastingScene()
    scene.add_triangles(open3d.core.Tensor(other_vertices), open3d.core.Tensor(other_faces.astype(np.uint32)))
    rng = np.random.default_rng(0)
    weights = rng.dirichlet([1, 1, 1], len(faces)).astype(np.float32)
    places = np.concatenate([vertices, np.einsum("mkd,mk->md", vertices[faces], weights)])
    return float(np.sqrt(np.mean(scene.compute_distance(open3d.core.Tensor(places)).numpy().astype(float) ** 2)))


def test_the_smallest_closed_meshes_are_left_alone():
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    for faces in (TETRAHEDRON, TETRAHEDRON[:1], np.empty((0, 3), np.int32)):
        assert len(collapse_edges(corners, faces, 0)[1]) == len(faces)
    # two triangles may become one
    assert len(collapse_edges(corners, TETRAHEDRON[:2], 1)[1]) in (1, 2)


def test_a_mesh_without_extent_ends():
    vertices, faces = sphere_mesh(12)
    for flat in (np.zeros_like(vertices), vertices * np.float32([1, 0, 0])):
        assert np.isfinite(collapse_edges(flat, faces, 20)[0]).all()


@pytest.mark.parametrize("target", [5000, 600, 60])
def test_the_number_asked_for_is_met_and_a_handle_kept(target):
    vertices, faces = bumpy_ring()
    places, coarse = collapse_edges(vertices, faces, target)
    assert target - 1 <= len(coarse) <= target
    assert find_adjacency(coarse).is_closed
    assert euler_characteristic(coarse) == 0
    assert label_face_parts(find_adjacency(coarse))[0] == 1
    assert not len(find_folded_edges(places, coarse))
    corner = places[coarse].astype(float)
    longest = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2).max(axis=1)
    assert (face_areas(places, coarse) > 0.01 * longest**2).all()


def test_a_thin_wire_is_never_pinched_through():
    vertices, faces = bumpy_ring(240, 5, width=0.01)
    for target in (400, 40, 10):
        coarse = collapse_edges(vertices, faces, target)[1]
        assert find_adjacency(coarse).is_closed
        assert euler_characteristic(coarse) == 0
        assert len(make_manifold(vertices, coarse).faces) == len(coarse)


def test_it_is_nearer_to_the_surface_than_another_engine():
    import open3d

    vertices, faces = bumpy_ring()
    mesh = open3d.geometry.TriangleMesh(
        open3d.utility.Vector3dVector(vertices.astype(float)), open3d.utility.Vector3iVector(faces)
    ).simplify_quadric_decimation(2000)
    theirs = np.asarray(mesh.vertices).astype(np.float32), np.asarray(mesh.triangles).astype(np.int32)
    ours = collapse_edges(vertices, faces, len(theirs[1]))
    assert rms_between(*ours, vertices, faces) < 0.9 * rms_between(*theirs, vertices, faces)
    assert rms_between(vertices, faces, *ours) < 0.9 * rms_between(vertices, faces, *theirs)


def test_a_flat_sheet_keeps_its_outline_and_its_hole():
    vertices, faces = plane_mesh(40)
    middle = vertices[faces].mean(axis=1)
    faces = faces[np.abs(middle[:, [0, 2]]).max(axis=1) > 0.2]
    places, coarse = decimate_mesh(vertices, faces, 60)
    assert face_areas(places, coarse).sum() == pytest.approx(1 - 0.4**2, rel=1e-5)
    assert euler_characteristic(coarse) == 0
    assert np.abs(places[:, 1]).max() < 1e-6
    assert (area_vectors(places, coarse)[:, 1] > 0).all()


def test_a_rim_stays_sharp():
    # a roof: its ridge is one line
    vertices, faces = plane_mesh(60, height=lambda x, _: -np.abs(x))
    places, coarse = collapse_edges(vertices, faces, 30)
    on_roof = np.abs(places[:, 1] + np.abs(places[:, 0]))
    assert on_roof.max() < 1e-4
    assert rms_between(vertices, faces, places, coarse) < 2e-5


def test_far_from_the_origin_and_in_any_unit_the_result_is_the_same_shape():
    vertices, faces = bumpy_ring(80, 40)
    places, coarse = collapse_edges(vertices, faces, 500)
    for factor, offset in ((1000.0, 0.0), (1e-3, 0.0), (1.0, 64.0)):
        moved, again = collapse_edges(vertices * np.float32(factor) + np.float32(offset), faces, 500)
        assert abs(len(again) - len(coarse)) <= 1
        back = ((moved - np.float32(offset)) / np.float32(factor)).astype(np.float32)
        assert rms_between(back, again, vertices, faces) < 1.2 * rms_between(places, coarse, vertices, faces)


def test_two_runs_give_the_same_bytes():
    vertices, faces = bumpy_ring(60, 30)
    first, second = collapse_edges(vertices, faces, 300), collapse_edges(vertices, faces, 300)
    assert first[0].tobytes() == second[0].tobytes() and first[1].tobytes() == second[1].tobytes()


def test_faces_folded_onto_their_neighbours_are_laid_open_and_the_rest_stays():
    vertices, faces = plane_mesh(30)
    assert unfold(vertices, faces) is vertices
    crumpled = vertices.copy()
    crumpled[31 * 15 + 15] += [0.08, 0.001, 0.05]
    crumpled[31 * 8 + 30] += [-0.09, 0.001, 0.0]
    assert len(find_folded_edges(crumpled, faces))
    opened = unfold(crumpled, faces)
    assert not len(find_folded_edges(opened, faces))
    assert (np.abs(opened - crumpled).max(axis=1) > 0).mean() < 0.05
