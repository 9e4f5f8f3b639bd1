"""Adopting meshes: whatever the file held, what comes out is sound, and its texture followed."""

import numpy as np
import pytest

from exhibit.errors import SourceError
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.mesh_measures import signed_volume
from exhibit.model.cloud import SourceMaterial, SourceMesh
from exhibit.stages.adopt import AdoptOptions, adopt

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 2) for z in (0, 3)], np.float32)
CUBE = np.array(
    [
        [0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
        [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3],
    ],
    np.int32,
)  # fmt: skip
WHITE = (SourceMaterial(np.full(4, 255, np.uint8)),)


def mesh_of(vertices=CORNERS, faces=CUBE, **given):
    faces = np.array(faces, np.int32).reshape(-1, 3)
    given = {"format": "obj", "origin": np.zeros(3), "face_material": np.zeros(len(faces), np.int32), **given}
    return SourceMesh("cube", vertices=np.array(vertices, np.float32), faces=faces, materials=WHITE, **given)


def codes(adopted):
    return {finding.code for finding in adopted.findings}


def tagged_uv(faces):
    """A texture coordinate per corner that names the corner's vertex, so that mix-ups show."""
    return np.stack([faces, faces], axis=2).astype(np.float32) / 100


@pytest.mark.parametrize(
    "mesh",
    [
        mesh_of(np.empty((0, 3)), np.empty((0, 3))),
        mesh_of(np.full((8, 3), np.nan)),
        mesh_of(faces=[[0, 1, 99]]),
        mesh_of(faces=[[0, 0, 1], [2, 2, 2]]),
        mesh_of(np.zeros((8, 3))),
    ],
    ids=["empty", "all NaN", "out of range", "degenerate", "one place"],
)
def test_a_mesh_without_a_face_is_refused_in_one_sentence(mesh):
    with pytest.raises(SourceError) as caught:
        adopt(mesh)
    assert "\n" not in str(caught.value)


def test_a_cube_torn_into_single_triangles_is_welded_closed():
    torn = mesh_of(CORNERS[CUBE.ravel()], np.arange(36))
    adopted = adopt(torn, AdoptOptions(metres_per_unit=1.0, up="+y"))
    assert len(adopted.surface.vertices) == 8
    assert find_adjacency(adopted.surface.faces).is_closed


@pytest.mark.parametrize("flipped", [[3], [0, 1, 2, 3, 4], list(range(12))], ids=["one", "five", "all"])
def test_faces_are_turned_outward_and_their_texture_with_them(flipped):
    faces = CUBE.copy()
    faces[flipped] = faces[flipped][:, ::-1]
    adopted = adopt(mesh_of(faces=faces, corner_uv=tagged_uv(faces)), AdoptOptions(metres_per_unit=1.0))
    surface, mesh = adopted.surface, adopted.mesh
    assert find_adjacency(surface.faces).is_closed
    assert signed_volume(surface.vertices, surface.faces) == pytest.approx(6)
    named = np.rint(mesh.corner_uv[..., 0] * 100).astype(int)
    there = CORNERS[named] - [0.5, 0, 1.5]
    assert np.abs(surface.vertices[surface.faces] - there).max() < 1e-6


def test_broken_vertices_and_repeated_faces_go_with_a_finding():
    vertices = np.concatenate([CORNERS, [[np.nan, 0, 0]]])
    faces = np.concatenate([CUBE, [[0, 1, 8], [0, 1, 3], [3, 0, 1]]])
    adopted = adopt(mesh_of(vertices, faces))
    assert {"adopt.broken", "adopt.degenerate"} <= codes(adopted)
    assert len(adopted.surface.faces) == 12
    assert np.isfinite(adopted.surface.vertices).all()


def test_sheets_that_meet_in_one_edge_are_cut_apart():
    vertices = [[0, 0, 0], [0, 0, 1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]]
    fins = [[0, 1, 2], [0, 1, 3], [0, 1, 4], [0, 1, 5]]
    adopted = adopt(mesh_of(vertices, fins))
    adjacency = find_adjacency(adopted.surface.faces)
    assert not adjacency.bad_faces.any()
    assert len(adopted.surface.faces) == 4


def test_it_is_placed_in_metres_upright_with_its_base_at_zero():
    adopted = adopt(mesh_of(units="cm", up="+z", origin=np.array([1e6, 2e6, 0.0])))
    low, high = adopted.surface.vertices.min(axis=0), adopted.surface.vertices.max(axis=0)
    assert high - low == pytest.approx([0.01, 0.03, 0.02], rel=1e-5)
    assert low[1] == pytest.approx(0, abs=1e-9)
    assert adopted.mesh.units == "m"
    assert (adopted.mesh.origin == 0).all()
    assert adopted.mesh.vertices is adopted.surface.vertices
    assert "scale.assumed" not in codes(adopted)


def test_without_any_word_on_unit_and_up_both_are_assumed_aloud():
    assert {"scale.assumed", "up.assumed"} <= codes(adopt(mesh_of()))


def test_two_runs_give_the_same_bytes():
    first, second = adopt(mesh_of()), adopt(mesh_of())
    assert first.surface.vertices.tobytes() == second.surface.vertices.tobytes()
    assert first.surface.faces.tobytes() == second.surface.faces.tobytes()
