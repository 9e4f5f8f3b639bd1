"""Self-intersections, holes and kept relief, against Open3D, trimesh and shapes whose answer is known."""

import numpy as np
import open3d
import pytest
import trimesh
from meshes import box_mesh, plane_mesh, sphere_mesh

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.holes import find_holes
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.morton import morton_order
from exhibit.geometry.relief import kept_relief
from exhibit.geometry.self_intersections import find_self_intersections


def cut_by_open3d(vertices, faces):
    """Faces that Open3D finds cut; it passes over all pairs that share a vertex."""
    mesh = open3d.geometry.TriangleMesh(
        open3d.utility.Vector3dVector(vertices.astype(float)), open3d.utility.Vector3iVector(faces)
    )
    found = np.zeros(len(faces), bool)
    found[np.unique(np.asarray(mesh.get_self_intersecting_triangles()))] = True
    return found


def turned(vertices, seed=3):
    """Tilt and move a mesh, so that nothing lies along an axis."""
    axes, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return (vertices @ axes + 7).astype(np.float32)


@pytest.mark.parametrize(("n", "size"), [(1, 0.3), (100, 0.3), (400, 0.3), (200, 2.0)])
def test_loose_triangles_cut_each_other_where_open3d_says_so(n, size):
    rng = np.random.default_rng(n)
    vertices = (rng.random((n, 3, 3)) * size + rng.random((n, 1, 3))).reshape(-1, 3).astype(np.float32)
    faces = np.arange(3 * n, dtype=np.int32).reshape(-1, 3)
    assert np.array_equal(find_self_intersections(vertices, faces), cut_by_open3d(vertices, faces))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_two_balls_cut_each_other_where_open3d_says_so_at_any_scale(scale):
    one, two = sphere_mesh(40, 0.1), sphere_mesh(33, 0.1, (0.05, 0.01, 0.02))
    vertices = turned(np.concatenate([one[0], two[0]])) * np.float32(scale)
    faces = np.concatenate([one[1], two[1] + len(one[0])]).astype(np.int32)
    found = find_self_intersections(vertices, faces)
    assert found.sum() > 100
    assert np.array_equal(found, cut_by_open3d(vertices, faces))


@pytest.mark.parametrize("mesh", [sphere_mesh(48), box_mesh(), plane_mesh(30)], ids=["ball", "box", "plane"])
def test_sound_meshes_do_not_cut_themselves_flat_parts_included(mesh):
    assert not find_self_intersections(*mesh).any()
    assert not find_self_intersections(turned(mesh[0]), mesh[1]).any()


def test_nothing_one_face_and_faces_without_area_cut_nothing():
    vertices = np.eye(3, dtype=np.float32)
    assert find_self_intersections(vertices, np.empty((0, 3), np.int32)).tolist() == []
    assert find_self_intersections(vertices, np.array([[0, 1, 2]], np.int32)).tolist() == [False]
    flat = np.array([[0, 1, 2], [0, 0, 1], [1, 1, 1]], np.int32)
    assert find_self_intersections(vertices, flat).tolist() == [False, False, False]


def test_neighbours_are_counted_only_where_they_meet_beside_what_they_share():
    corner, far = [0, 0, 0], [[1, 0, 0], [0, 1, 0]]
    for shift, others, cut in [
        ("folded upright", [[1, 0, 0], [0, 0, 1]], False),
        ("beside it in one plane", [[1, 0, 0], [0, -1, 0]], False),
        ("folded back upon it", [[1, 0, 0], [0.2, 0.3, 0]], True),
        ("a fan in one plane", [[-1, 0.1, 0], [-1, -1, 0]], False),
        ("the far edge cuts it", [[0.4, 0.3, 0.5], [0.4, 0.3, -0.5]], True),
        ("the far edge passes by", [[0.8, -0.4, 0.5], [0.8, -0.4, -0.5]], False),
        ("a fan upon it", [[0.9, 0.3, 0], [0.3, 0.9, 0]], True),
        ("the same face again", far, True),
    ]:
        places = np.array([corner, *far, *others], np.float32)
        unique, number = np.unique(places, axis=0, return_inverse=True)
        faces = number.ravel()[[[0, 1, 2], [0, 3, 4]]].astype(np.int32)
        for vertices in (unique, turned(unique)):
            assert find_self_intersections(vertices, faces).tolist() == [cut, cut], shift


def test_a_vertex_pushed_through_the_other_side_cuts_there():
    vertices, faces = sphere_mesh(40, 0.1)
    pushed = vertices.copy()
    pushed[210] *= -1.2
    found = find_self_intersections(pushed, faces)
    assert np.array_equal(found, cut_by_open3d(pushed, faces))
    assert found[(faces == 210).any(axis=1)].all() and not found.all()


def test_the_hole_of_a_ball_is_as_long_and_wide_as_its_rim_and_a_sheet_has_one_border():
    vertices, faces = sphere_mesh(96, 0.1)
    height = 0.06
    kept = (vertices[faces][:, :, 1] < height).all(axis=1)
    holes = find_holes(vertices, faces[kept])
    outline = trimesh.Trimesh(vertices, faces[kept], process=False).outline()
    assert len(holes.widths) == 1
    assert holes.lengths[0] == pytest.approx(outline.length, rel=1e-5)
    below = vertices[np.unique(faces[kept])][:, 1].max()
    assert holes.widths[0] == pytest.approx(2 * np.sqrt(0.1**2 - below**2), rel=1e-3)
    sheet = find_holes(*plane_mesh(20, 0.5))
    assert sheet.lengths.tolist() == pytest.approx([2.0]) and sheet.widths.tolist() == pytest.approx([0.5 * 2**0.5])
    assert len(find_holes(*sphere_mesh(20)).widths) == 0
    assert len(find_holes(vertices, np.empty((0, 3), np.int32)).widths) == 0


def test_holes_come_widest_first_and_faces_of_three_on_an_edge_are_no_hole():
    vertices, faces = plane_mesh(40, 1.0)
    middle = vertices[faces].mean(axis=1)
    away = [np.hypot(middle[:, 0] - x, middle[:, 2]) for x in (-0.25, 0.25)]
    holes = find_holes(vertices, faces[(away[0] > 0.05) & (away[1] > 0.15)])
    assert len(holes.widths) == 3
    assert holes.widths[0] == pytest.approx(2**0.5)
    assert 0.28 < holes.widths[1] < 0.36 and 0.08 < holes.widths[2] < 0.16
    # three half planes on one line: the rest of each is border, the line is not
    corners = np.array([[0, 0, 0], [1, 0, 0], [0.5, 1, 0], [0.5, -1, 0], [0.5, 0, 1]], np.float32)
    book = find_holes(corners, np.array([[0, 1, 2], [1, 0, 3], [0, 1, 4]], np.int32))
    assert book.lengths.tolist() == pytest.approx([6 * np.hypot(0.5, 1)])


SPACING = 1 / 200


def wavy(amplitude, wavelength, noise, seed=0):
    """A sheet of waves, scanned: places in Z-order, and its height as a function."""
    rng = np.random.default_rng(seed)

    def height(x, z):
        return amplitude * np.sin(2 * np.pi * x / wavelength) * np.sin(2 * np.pi * z / wavelength)

    flat = rng.random((40_000, 2)) - 0.5
    points = np.stack([flat[:, 0], height(*flat.T) + rng.normal(0, noise, len(flat)), flat[:, 1]], axis=1)
    points = points.astype(np.float32)
    return points[morton_order(points)], height


def kept_of(points, height, share, spacings):
    vertices, faces = plane_mesh(300, 1.2, lambda x, z: share * height(x, z))
    closest = RaycastScene(vertices, faces).closest(points)
    on_mesh = interpolate(vertices, faces, closest.face, closest.weights)
    return kept_relief(points, np.tile(np.float32([0, 1, 0]), (len(points), 1)), on_mesh, spacings, 3000)


@pytest.mark.parametrize(("noise", "tolerance"), [(0.05, 0.03), (0.5, 0.12)])
def test_the_share_of_relief_that_a_mesh_keeps_is_told_also_through_noise(noise, tolerance):
    points, height = wavy(0.5 * SPACING, 20 * SPACING, noise * SPACING)
    shares = [kept_of(points, height, share, 8).kept for share in (1.0, 0.5, 0.0)]
    assert shares == pytest.approx([1.0, 0.5, 0.0], abs=tolerance)
    assert shares[0] > shares[1] > shares[2]


def test_where_there_is_only_noise_or_too_little_no_share_is_named():
    points, height = wavy(0.0, 20 * SPACING, 0.5 * SPACING)
    for spacings in (4, 8, 16):
        found = kept_of(points, height, 1.0, spacings)
        assert found.kept is None
        assert found.amplitude < 0.05 * SPACING
    few = kept_of(points[:60], height, 1.0, 4)
    assert few.kept is None


def test_a_mesh_that_runs_through_every_noisy_point_keeps_all_of_the_relief_and_no_more():
    points, _ = wavy(0.5 * SPACING, 20 * SPACING, 0.5 * SPACING)
    normals = np.tile(np.float32([0, 1, 0]), (len(points), 1))
    assert kept_relief(points, normals, points, 8, 3000).kept == pytest.approx(1.0, abs=1e-3)
