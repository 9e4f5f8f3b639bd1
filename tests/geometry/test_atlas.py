"""Our own atlas: valid for any mesh, the same every time, little stretch."""

import numpy as np
import pytest
from meshes import box_mesh, plane_mesh, sphere_mesh

from exhibit.geometry.atlas import lay_out_atlas
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.rasterise import rasterise
from exhibit.geometry.split_vertices import split_vertices
from exhibit.geometry.stretch import l2_stretch
from exhibit.geometry.tangents import uv_orientation


def each_corner(faces):
    return np.arange(faces.size, dtype=np.int32).reshape(-1, 3)


def areas_of(corner_uv, faces):
    return uv_orientation(corner_uv.reshape(-1, 2), each_corner(faces)) / 2


def bumpy_sphere(n=80):
    vertices, faces = sphere_mesh(n, radius=1.0)
    rough = 1 + 0.05 * np.sin(9 * vertices[:, :1]) * np.cos(7 * vertices[:, 1:2] + 3 * vertices[:, 2:])
    grain = 1 + 0.003 * np.random.default_rng(0).normal(size=(len(vertices), 1))
    return (vertices * rough * grain).astype(np.float32), faces


@pytest.mark.parametrize(
    "shape", [sphere_mesh(48), plane_mesh(12), box_mesh(), bumpy_sphere()], ids=["sphere", "plane", "box", "bumpy"]
)
def test_no_face_is_mirrored_lost_or_under_another(shape):
    vertices, faces = shape
    corner_uv = lay_out_atlas(vertices, faces, 512, 4)
    assert corner_uv.min() >= 0
    assert corner_uv.max() <= 1
    assert (areas_of(corner_uv, faces) > 0).all()
    band = rasterise(corner_uv.reshape(-1, 2), each_corner(faces), 2048)
    assert band.n_overlaps <= 2
    assert len(np.unique(band.face)) > 0.99 * len(faces)


def test_a_chart_that_lies_over_itself_is_found():
    # two turns of a flat ramp: every face looks up, and the second turn lies over the first
    turn = np.linspace(0, 4 * np.pi, 97)
    inner, outer = (np.stack([r * np.cos(turn), 0.001 * turn, r * np.sin(turn)], 1) for r in (0.5, 1.0))
    vertices = np.concatenate([inner, outer]).astype(np.float32)
    a = np.arange(96)
    faces = np.concatenate([np.stack([a, a + 1, a + 97], 1), np.stack([a + 1, a + 98, a + 97], 1)]).astype(np.int32)
    corner_uv = lay_out_atlas(vertices, faces, 512, 4)
    assert split_vertices(faces, corner_uv).n_charts > 1
    assert rasterise(corner_uv.reshape(-1, 2), each_corner(faces), 2048).n_overlaps <= 2


def test_a_plane_is_one_chart_without_stretch():
    vertices, faces = plane_mesh(12)
    corner_uv = lay_out_atlas(vertices, faces, 256, 4)
    assert split_vertices(faces, corner_uv).n_charts == 1
    assert l2_stretch(vertices, faces, corner_uv) == pytest.approx(1, abs=1e-4)
    assert areas_of(corner_uv, faces).sum() > 0.9


def test_texels_are_equally_dense_on_a_bumpy_sphere():
    vertices, faces = bumpy_sphere()
    corner_uv = lay_out_atlas(vertices, faces, 1024, 4)
    assert l2_stretch(vertices, faces, corner_uv) < 1.06
    density = areas_of(corner_uv, faces) / face_areas(vertices, faces)
    assert np.quantile(density, 0.05) > 0.6 * np.median(density)
    assert areas_of(corner_uv, faces).sum() > 0.42
    assert split_vertices(faces, corner_uv).n_charts < 30


def test_charts_keep_the_gutter_between_them():
    vertices, faces = box_mesh()
    corner_uv = lay_out_atlas(vertices, faces, 256, 8)
    split = split_vertices(faces, corner_uv)
    assert split.n_charts == 6
    boxes = []
    for axis in range(3):
        for sign in (1, -1):
            side = (np.abs(vertices[faces][:, :, axis] - 0.5 * sign) < 1e-6).all(1)
            uv = corner_uv[side].reshape(-1, 2) * 256
            boxes.append((uv.min(0), uv.max(0)))
    for i, (low, high) in enumerate(boxes):
        for low_2, high_2 in boxes[:i]:
            assert max((low_2 - high).max(), (low - high_2).max()) >= 8 - 1e-3


@pytest.mark.parametrize(
    "vertices, faces",
    [
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]),
        ([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]]),
        ([[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 1, 2]]),
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 1], [0, 1, 2]]),
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 0]], [[0, 1, 2], [1, 0, 3], [0, 1, 4]]),
        ([[0, 0, 0], [1e-6, 0, 0], [0, 1e-6, 0], [1e3, 0, 0], [0, 1e3, 0]], [[0, 1, 2], [0, 3, 4]]),
    ],
    ids=["triangle", "needle", "point", "double corner", "three on an edge", "speck beside a giant"],
)
def test_degenerate_meshes_get_finite_uv_inside_the_square(vertices, faces):
    corner_uv = lay_out_atlas(np.array(vertices, np.float32), np.array(faces, np.int32), 64, 4)
    assert np.isfinite(corner_uv).all()
    assert corner_uv.min() >= 0
    assert corner_uv.max() <= 1


@pytest.mark.parametrize("n", [200, 5000])
def test_more_loose_triangles_than_texels_still_find_a_place_each(n):
    corner = np.random.default_rng(3).random((n, 1, 3))
    vertices = (corner + 0.01 * np.random.default_rng(4).random((n, 3, 3))).reshape(-1, 3).astype(np.float32)
    faces = np.arange(n * 3, dtype=np.int32).reshape(-1, 3)
    corner_uv = lay_out_atlas(vertices, faces, 64, 4)
    assert split_vertices(faces, corner_uv).n_charts == n
    assert rasterise(corner_uv.reshape(-1, 2), faces, 2048).n_overlaps == 0


def test_equal_input_gives_equal_bytes():
    vertices, faces = bumpy_sphere(40)
    assert (
        lay_out_atlas(vertices, faces, 256, 4).tobytes()
        == lay_out_atlas(vertices.copy(), faces.copy(), 256, 4).tobytes()
    )


def test_vertices_are_doubled_only_at_seams():
    vertices, faces = sphere_mesh(48)
    split = split_vertices(faces, lay_out_atlas(vertices, faces, 512, 4))
    assert (split.source[split.faces] == faces).all()
    assert len(vertices) < len(split.source) < 1.4 * len(vertices)
