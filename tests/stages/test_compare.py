"""Comparisons whose answer is known, with the direction of the error; and the same asked of trimesh and Open3D."""

import numpy as np
import open3d
import pytest
import trimesh
from meshes import box_mesh, cloud_of, fibonacci, plane_mesh, source_mesh_of, sphere_mesh

from exhibit.errors import Cancelled, StageError
from exhibit.geometry.judge_mesh import judge_mesh
from exhibit.geometry.morton import morton_order
from exhibit.model.cloud import SourceMaterial
from exhibit.progress import SILENT, Recorder
from exhibit.stages.chart import chart
from exhibit.stages.compare import compare
from exhibit.stages.comparing.legend import nice_limit
from exhibit.stages.comparing.reference import reference_of
from exhibit.stages.comparing.views import color_of, draw_side, fit_frame

RADIUS = 0.1


def shell(radius=RADIUS, n=30_000, noise=0.0, colors=None, only=None):
    unit = fibonacci(n)
    unit = unit[morton_order(unit.astype(np.float32))]
    if only is not None:
        unit = unit[only(unit)]
    shift = np.random.default_rng(5).normal(0, noise, (len(unit), 1)) if noise else 0.0
    return cloud_of(unit * (radius + shift), unit, colors, np.sqrt(4 * np.pi * radius**2 / n))


def ball(n_around=160, radius=RADIUS, **given):
    return source_mesh_of(*sphere_mesh(n_around, radius), **given)


@pytest.mark.parametrize("offset", [0.002, -0.002])
def test_a_mesh_inside_the_scan_lies_below_it_and_one_outside_above(offset):
    found = compare(ball(), shell(RADIUS + offset))
    for way in (found.scan_to_mesh, found.mesh_to_scan):
        assert way.mean_mm == pytest.approx(2.0, abs=0.03)
        assert way.rms_mm == pytest.approx(2.0, abs=0.03)
        assert way.max_mm == pytest.approx(2.0, abs=0.06)
    assert found.bias_mm == pytest.approx(-1000 * offset, abs=0.03)
    assert found.share_unscanned == 0
    assert found.size_mm == pytest.approx((200, 200, 200), rel=1e-3)


def test_noise_of_the_scan_is_not_taken_for_an_offset_and_half_of_an_offset_does_not_hide_in_it():
    found = compare(ball(), shell(noise=0.0005))
    # the ball's facets cut some 0.02 mm off it
    assert found.bias_mm == pytest.approx(-0.015, abs=0.015)
    # half of a normal distribution's mean; the mesh's own side is averaged over the nearest points
    assert found.scan_to_mesh.mean_mm == pytest.approx(0.5 * np.sqrt(2 / np.pi), rel=0.05)
    assert found.mesh_to_scan.mean_mm < 0.6 * found.scan_to_mesh.mean_mm
    moved = compare(ball(radius=RADIUS - 0.001), shell(noise=0.0005))
    assert moved.bias_mm == pytest.approx(-1.0, abs=0.03)
    assert moved.mesh_to_scan.mean_mm == pytest.approx(1.0, abs=0.05)


def test_distances_to_a_mesh_are_those_that_trimesh_finds():
    cloud = shell(RADIUS * 1.03, 1500)
    mesh = source_mesh_of(*box_mesh((0.2, 0.15, 0.18), 3))
    found = compare(mesh, cloud)
    naive = trimesh.proximity.closest_point_naive(
        trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), cloud.positions
    )[1]
    assert found.scan_to_mesh.mean_mm == pytest.approx(naive.mean() * 1000, rel=1e-4)
    assert found.scan_to_mesh.p95_mm == pytest.approx(np.quantile(naive, 0.95) * 1000, rel=1e-4)
    assert found.scan_to_mesh.max_mm == pytest.approx(naive.max() * 1000, rel=1e-4)


def test_what_the_scan_lacks_is_a_share_without_scan_and_what_the_mesh_lacks_is_a_distance():
    half = shell(only=lambda unit: unit[:, 1] > 0)
    invented = compare(ball(), half)
    # two spacings beyond the last points still count as scanned
    assert invented.share_unscanned == pytest.approx(0.5 - 2 * float(half.spacing_m[0]) / (2 * RADIUS), abs=0.01)
    assert invented.scan_to_mesh.max_mm < 0.1
    assert invented.mesh_to_scan.max_mm < 0.1
    vertices, faces = sphere_mesh(160, RADIUS)
    cap = (vertices[faces][:, :, 1] < 0.08).all(axis=1)
    lacking = compare(source_mesh_of(vertices, faces[cap]), shell())
    assert lacking.share_unscanned == 0
    # the rim is the first ring of vertices below; the pole lies farthest from it
    rim = np.radians(17 * 360 / 160)
    assert lacking.scan_to_mesh.max_mm == pytest.approx(200 * np.sin(rim / 2), abs=1)
    assert lacking.soundness.holes[0].width_mm == pytest.approx(200 * np.sin(rim), abs=0.1)


def test_a_mesh_that_lies_nowhere_over_the_scan_says_that_its_distances_say_nothing():
    vertices, faces = sphere_mesh(24, 0.001, (0.0, -RADIUS, 0.0))
    found = compare(source_mesh_of(vertices, faces), shell(n=5000, only=lambda unit: unit[:, 1] > 0))
    assert found.share_unscanned == 1
    assert "compare.nothing-over" in [finding.code for finding in found.findings]


def test_a_mesh_that_is_inside_out_is_said_so_and_judged_the_same():
    vertices, faces = sphere_mesh(96, RADIUS)
    inward = compare(source_mesh_of(vertices, faces[:, ::-1].copy()), shell(RADIUS + 0.001))
    assert [finding.code for finding in inward.findings if finding.severity == "warning"] == ["compare.inside-out"]
    assert inward.bias_mm == pytest.approx(-1.0, abs=0.06)


def test_a_scan_that_is_a_mesh_is_measured_face_against_face():
    found = compare(ball(radius=RADIUS - 0.001), ball(radius=RADIUS))
    assert found.bias_mm == pytest.approx(-1.0, abs=0.02)
    assert found.mesh_to_scan.max_mm == pytest.approx(1.0, abs=0.03)
    same = compare(ball(), ball())
    assert max(same.mesh_to_scan.max_mm, same.scan_to_mesh.max_mm) < 1e-3


def test_a_coarse_mesh_cuts_corners_inward_and_keeps_less_relief():
    def bumps(unit):
        return 0.0015 * np.sin(20 * unit[:, :1]) * np.sin(20 * unit[:, 1:2])

    cloud = shell(noise=0.0001)
    unit = cloud.normals
    cloud = cloud_of(cloud.positions + unit * bumps(unit), unit, None, float(cloud.spacing_m[0]))
    shares = []
    for n_around in (300, 24):
        vertices, faces = sphere_mesh(n_around, RADIUS)
        normal = vertices / RADIUS
        found = compare(source_mesh_of(vertices + normal * bumps(normal), faces), cloud)
        shares.append([one.kept for one in found.relief])
    assert all(share == pytest.approx(1.0, abs=0.05) for share in shares[0][1:])
    assert all(coarse < 0.6 * fine for coarse, fine in zip(shares[1][1:2], shares[0][1:2], strict=True))
    smooth = compare(ball(24), shell())
    assert smooth.bias_mm < 0


def test_colours_differ_by_the_lightness_of_their_greys_and_none_is_said_so():
    def lightness(grey):
        linear = ((grey / 255 + 0.055) / 1.055) ** 2.4
        return 116 * np.cbrt(linear) - 16

    vertices, faces = sphere_mesh(96, RADIUS)
    grey = np.full((len(vertices), 3), 120, np.uint8)
    cloud = shell(colors=np.full((30_000, 3), 100, np.uint8))
    found = compare(source_mesh_of(vertices, faces, vertex_colors=grey), cloud)
    assert found.color.mean == pytest.approx(lightness(120) - lightness(100), abs=0.1)
    assert found.color.p95 == pytest.approx(found.color.mean, abs=0.1)
    for mesh, scan, word in (
        (ball(), cloud, "mesh"),
        (source_mesh_of(vertices, faces, vertex_colors=grey), shell(), "scan"),
    ):
        plain = compare(mesh, scan)
        assert plain.color is None and f"The {word} has no colour" in plain.findings[0].hint


def test_a_texture_is_looked_up_where_the_points_are_and_its_texels_are_counted():
    vertices, faces = plane_mesh(20, 0.2)
    uv = np.stack([vertices[:, 0], vertices[:, 2]], axis=1)[faces] / 0.2 + 0.5
    halves = np.zeros((100, 100, 3), np.uint8)
    halves[:, 50:] = 200
    material = SourceMaterial(np.array([255, 255, 255, 255], np.uint8), halves)
    x, z = np.meshgrid(np.linspace(-0.095, 0.095, 120), np.linspace(-0.095, 0.095, 120))
    away = np.abs(x.ravel()) > 0.005
    points = np.stack([x.ravel(), np.zeros(x.size), z.ravel()], axis=1)[away]
    colors = np.where(points[:, :1] > 0, 200, 0).repeat(3, axis=1)
    cloud = cloud_of(points, np.tile([0, 1.0, 0], (len(points), 1)), colors, 0.0016)
    found = compare(source_mesh_of(vertices, faces, materials=(material,), corner_uv=uv.astype(np.float32)), cloud)
    assert found.color.p95 < 0.1
    assert found.texels_per_mm == pytest.approx(0.5, rel=1e-3)


def broken_mesh():
    """Two balls that cut each other, one of them with a hole; a fin on an edge; a loose sheet."""
    one, two = sphere_mesh(24, 0.1), sphere_mesh(21, 0.1, (0.12, 0.01, 0.0))
    kept = one[1][(one[0][one[1]].mean(axis=1)[:, 0] > -0.085)]
    vertices = np.concatenate([one[0], two[0], one[0][:1] * 1.4, plane_mesh(3, 0.1)[0] + np.float32([0, 0.5, 0])])
    fin = np.array([[*one[1][0][:2], len(one[0]) + len(two[0])]])
    sheet = plane_mesh(3, 0.1)[1] + len(one[0]) + len(two[0]) + 1
    return vertices.astype(np.float32), np.concatenate([kept, two[1] + len(one[0]), fin, sheet]).astype(np.int32)


@pytest.mark.parametrize("mesh", [sphere_mesh(24), plane_mesh(6), box_mesh(), broken_mesh()],
                         ids=["ball", "plane", "box", "broken"])  # fmt: skip
def test_faults_are_those_that_open3d_and_trimesh_find(mesh):
    vertices, faces = mesh
    found = judge_mesh(vertices, faces)
    theirs = open3d.geometry.TriangleMesh(
        open3d.utility.Vector3dVector(vertices.astype(float)), open3d.utility.Vector3iVector(faces)
    )
    assert found.is_watertight == trimesh.Trimesh(vertices, faces, process=False).is_watertight
    assert found.n_non_manifold_edges == len(theirs.get_non_manifold_edges(allow_boundary_edges=True))
    cut = np.unique(np.asarray(theirs.get_self_intersecting_triangles()))
    assert found.n_self_intersecting == len(cut)
    border = len(theirs.get_non_manifold_edges(allow_boundary_edges=False)) - found.n_non_manifold_edges
    assert (found.n_holes > 0) == (border > 0)


def test_the_faults_of_the_broken_mesh_are_counted():
    found = judge_mesh(*broken_mesh())
    assert (found.n_pieces, found.n_non_manifold_edges, found.is_watertight) == (3 + 1, 1, False)
    assert found.n_holes == 3
    assert found.n_self_intersecting > 20
    vertices, faces = sphere_mesh(24)
    twisted = faces.copy()
    twisted[40] = twisted[40][::-1]
    degenerate = np.concatenate([twisted, [[5, 5, 9]]]).astype(np.int32)
    assert judge_mesh(vertices, degenerate).n_flipped_edges == 3
    assert judge_mesh(vertices, degenerate).n_degenerate == 1


def test_nothing_to_compare_is_refused_and_equal_input_gives_equal_figures():
    with pytest.raises(StageError, match="no face"):
        compare(source_mesh_of(np.zeros((3, 3)), np.array([[0, 1, 2]])), shell(n=500))
    with pytest.raises(StageError):
        compare(ball(24), cloud_of(np.zeros((0, 3)), np.zeros((0, 3))))
    mesh, cloud = ball(48), shell(n=3000)
    assert compare(mesh, cloud) == compare(mesh, cloud)
    with pytest.raises(Cancelled):
        compare(mesh, cloud, progress=Recorder(cancel_after=3).progress())


def test_the_picture_is_blue_where_the_mesh_lies_below_the_scan_and_grey_where_there_is_none():
    half = shell(RADIUS + 0.001, only=lambda unit: unit[:, 2] > 0)
    mesh = ball()
    found = compare(mesh, half)
    picture = chart(mesh, half, found, title="ball").astype(int)
    assert picture.shape[1:] == (1680, 3)
    views = picture[78 : picture.shape[0] - 250]
    width = (1680 - 80) // 2
    front, back = views[views.shape[0] // 4, 40 + width // 2], views[3 * views.shape[0] // 4, 40 + width // 2]
    assert front[2] > front[0] + 40  # blue
    assert abs(back[2] - back[0]) < 25 and back.max() < 130  # grey


def test_equal_input_gives_equal_views():
    mesh, reference = ball(48), reference_of(shell(n=3000))
    frame = fit_frame(mesh, 120, 120, 8)
    views = [draw_side(mesh, reference, 1, 30.0, frame, 1e-3, np.zeros(3, np.uint8), SILENT) for _ in range(2)]
    assert views[0].shape == (frame.height, 120, 3) and views[0].any()
    assert np.array_equal(*views)


def test_the_scale_ends_at_round_numbers_and_runs_from_blue_over_white_to_orange():
    assert [nice_limit(value) for value in (0.0, 0.011, 1.0, 1.2, 7.0, 990.0)] == [1.0, 0.015, 1.0, 1.5, 8.0, 1000.0]
    low, middle, high = color_of(np.array([-2.0, 0.0, 2.0])).astype(int)
    assert low[2] > low[0] + 100 and high[0] > high[2] + 100 and middle.min() > 200
