"""Maps against sources whose colour, relief and shade are known everywhere."""

from dataclasses import replace

import numpy as np
import pytest
from meshes import box_mesh, cloud_of, fibonacci, level_of, plane_mesh, source_mesh_of, sphere_mesh, surface_of

from exhibit.errors import Cancelled, StageError
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.rasterise import rasterise
from exhibit.geometry.sample_texture import sample_values
from exhibit.geometry.tangent_space import decode_normals
from exhibit.model.cloud import SourceMaterial
from exhibit.progress import Recorder
from exhibit.stages.bake import BakeOptions, BakeSource, bake
from exhibit.stages.baking.counterpart import OtherMesh
from exhibit.stages.baking.occlusion import map_px
from exhibit.stages.unwrap import unwrap

PLAIN = BakeOptions(normal_map=False, occlusion=False)


def stripes(points):
    """Smooth stripes of about 20 mm on a ball of 100 mm: sRGB bytes."""
    wave = np.stack([np.sin(300 * points[:, 1]), np.sin(200 * points[:, 0]), np.cos(250 * points[:, 2])], 1)
    return np.round(128 + 90 * wave).astype(np.uint8)


def striped_ball(n=60_000):
    points = fibonacci(n) * 0.1
    spacing = np.sqrt(4 * np.pi * 0.01 / n)
    return cloud_of(points, points / 0.1, stripes(points), spacing)


def covered(mesh, size):
    """Texels well covered by faces, and the points they stand for."""
    band = rasterise(mesh.uv, mesh.faces, size)
    at = band.face >= 0
    return at, interpolate(mesh.vertices, mesh.faces, band.face[at], band.weights[at]), band


def psnr(one, two):
    return 10 * np.log10(255**2 / np.mean((one.astype(float) - two.astype(float)) ** 2))


@pytest.mark.parametrize(("shaken", "least"), [(0.0, 50), (0.3, 37)])
def test_the_colour_of_a_striped_ball_is_found_again(shaken, least):
    # with points shaken by .3 spacings; by the mean of the nearest four points: 47 and 35.7 dB
    vertices, faces = sphere_mesh(64)
    mesh = unwrap(level_of(vertices, faces, 512))
    cloud = striped_ball()
    away = np.random.default_rng(0).normal(0, shaken * cloud.spacing_m[0], cloud.positions.shape)
    cloud = replace(cloud, positions=(cloud.positions + away).astype(np.float32))
    textured = bake(mesh, BakeSource(surface_of(*sphere_mesh(128)), cloud), PLAIN)
    at, points, _ = covered(mesh, 512)
    truth = stripes(points / np.linalg.norm(points, axis=1, keepdims=True) * 0.1)
    assert psnr(textured.base_color[at], truth) > least
    assert textured.color_error < 1 + 10 * shaken
    assert textured.findings == ()


def test_a_coarse_level_takes_its_colour_from_where_the_fine_surface_lies():
    # eight corners stand for the whole ball: they lie up to 30 mm inside it
    vertices, faces = sphere_mesh(8)
    mesh = unwrap(level_of(vertices, faces, 512))
    textured = bake(mesh, BakeSource(surface_of(*sphere_mesh(128)), striped_ball()), PLAIN)
    at, points, band = covered(mesh, 512)
    normals = interpolate(mesh.normals, mesh.faces, band.face[at], band.weights[at])
    # the place where the level's normal meets the ball
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    along = (points * normals).sum(1)
    far = -along + np.sqrt(along**2 + 0.01 - (points**2).sum(1))
    there = points + far[:, None] * normals
    error = np.abs(textured.base_color[at].astype(int) - stripes(there)).max(1)
    assert np.mean(error < 16) > 0.9


def test_no_texel_is_empty_and_mipmaps_bleed_nothing_foreign_across_seams():
    cloud = striped_ball()
    blue = replace(cloud, colors=np.tile(np.uint8([20, 40, 200]), (len(cloud.positions), 1)))
    mesh = unwrap(level_of(*sphere_mesh(32), 256))
    textured = bake(mesh, BakeSource(surface_of(*sphere_mesh(64)), blue), PLAIN)
    level = textured.base_color.astype(np.float64)
    while len(level) > 1:
        assert np.abs(level - [20, 40, 200]).max() <= 1
        level = level.reshape(len(level) // 2, 2, -1, 2, 3).mean((1, 3))


def test_sides_of_different_colour_do_not_bleed_into_each_other_in_the_first_mipmaps():
    vertices, faces = box_mesh((0.1, 0.1, 0.1), 8)
    points, normals, colors = [], [], []
    palette = np.uint8([[200, 0, 0], [0, 200, 0], [0, 0, 200], [200, 200, 0], [0, 200, 200], [200, 0, 200]])
    u, v = (np.stack(np.meshgrid(np.arange(100), np.arange(100)), -1).reshape(-1, 2) / 100 - 0.495).T * 0.1
    for side in range(6):
        axis, sign = side // 2, 1 - 2 * (side % 2)
        place = np.zeros((len(u), 3))
        place[:, (axis + 1) % 3], place[:, (axis + 2) % 3], place[:, axis] = u, v, 0.05 * sign
        points.append(place)
        normals.append(np.tile(np.eye(3)[axis] * sign, (len(u), 1)))
        colors.append(np.tile(palette[side], (len(u), 1)))
    cloud = cloud_of(np.concatenate(points), np.concatenate(normals), np.concatenate(colors), 0.001)
    mesh = unwrap(level_of(vertices, faces, 256))
    textured = bake(mesh, BakeSource(surface_of(vertices, faces), cloud), PLAIN)
    middle = mesh.uv[mesh.faces].mean(1)
    centers = mesh.vertices[mesh.faces].mean(1)
    axis = np.abs(centers).argmax(1)
    truth = palette[2 * axis + (np.take_along_axis(centers, axis[:, None], 1)[:, 0] < 0)]
    level = textured.base_color
    for _ in range(2):
        shown = sample_values(level, middle.astype(np.float32))
        assert np.abs(shown - truth).max() < 12
        level = level.reshape(len(level) // 2, 2, -1, 2, 3).mean((1, 3)).astype(np.uint8)


def test_a_thin_wall_does_not_show_the_colour_of_its_back():
    front, faces = plane_mesh(20, 0.1)
    places = plane_mesh(100, 0.1)[0].astype(np.float64)
    n = len(places)
    up = np.tile([0, 1.0, 0], (n, 1))
    # the back is nearer to the level than the front: it lies just below, looking down
    points = np.concatenate([places + np.array([0, 6e-4, 0]), places - np.array([0, 2e-4, 0])])
    colors = np.repeat(np.uint8([[220, 30, 30], [30, 30, 220]]), n, axis=0)
    cloud = cloud_of(points, np.concatenate([up, -up]), colors, 0.001)
    mesh = unwrap(level_of(front, faces, 128))
    textured = bake(mesh, BakeSource(surface_of(front, faces), cloud), PLAIN)
    assert textured.base_color[:, :, 0].min() > 200
    assert textured.base_color[:, :, 2].max() < 60


def relief(x, z):
    return 0.002 * np.sin(120 * x) * np.cos(90 * z)


def relief_normals(x, z):
    slope_x = 0.24 * np.cos(120 * x) * np.cos(90 * z)
    slope_z = -0.18 * np.sin(120 * x) * np.sin(90 * z)
    normals = np.stack([-slope_x, np.ones_like(x), -slope_z], 1)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def test_the_normal_map_of_a_flat_level_shows_the_relief_that_it_lost():
    fine = plane_mesh(200, 0.2, relief)
    mesh = unwrap(level_of(*plane_mesh(10, 0.2), 256))
    cloud = cloud_of(fine[0], relief_normals(fine[0][:, 0], fine[0][:, 2]), None)
    textured = bake(mesh, BakeSource(surface_of(*fine, 0.001), cloud), BakeOptions(occlusion=False))
    at, points, band = covered(mesh, 256)
    face, weights = band.face[at], band.weights[at]
    shown = decode_normals(
        textured.normal_map[at].astype(np.float32) / 127.5 - 1,
        interpolate(mesh.normals, mesh.faces, face, weights),
        interpolate(mesh.tangents, mesh.faces, face, weights),
    )
    inside = np.abs(points[:, [0, 2]]).max(1) < 0.097
    angle = np.degrees(np.arccos(np.clip((shown * relief_normals(points[:, 0], points[:, 2])).sum(1), -1, 1)))[inside]
    flat = np.degrees(np.arccos(relief_normals(points[:, 0], points[:, 2])[inside, 1]))
    assert flat.mean() > 6
    assert angle.mean() < 0.8
    assert np.quantile(angle, 0.99) < 2.5


def test_a_level_that_shows_all_relief_itself_has_no_normal_map():
    vertices, faces = sphere_mesh(64)
    mesh = unwrap(level_of(vertices, faces, 128))
    textured = bake(mesh, BakeSource(surface_of(vertices, faces), striped_ball(2000)), BakeOptions(occlusion=False))
    assert textured.normal_map is None
    assert [finding.code for finding in textured.findings] == ["bake.no-relief"]


def test_occlusion_is_none_on_a_ball_and_known_inside_a_well():
    ball = sphere_mesh(48)
    mesh = unwrap(level_of(*ball, 128))
    open_ball = bake(mesh, BakeSource(surface_of(*ball), striped_ball(2000)), BakeOptions(normal_map=False))
    assert open_ball.occlusion.shape == (128, 128)
    assert open_ball.occlusion.min() >= 250

    # a square well without lid, as wide as deep, seen from inside
    vertices, faces = box_mesh((0.1, 0.1, 0.1), 16, inward=True)
    faces = faces[(vertices[faces][:, :, 1] < 0.0499).any(1)]
    mesh = unwrap(level_of(vertices, faces, 256))
    cloud = cloud_of(vertices, vertices)
    well = bake(mesh, BakeSource(surface_of(vertices, faces), cloud), BakeOptions(normal_map=False, occlusion_rays=256))
    centers = mesh.vertices[mesh.faces].mean(1)
    on_floor = np.flatnonzero((np.abs(centers[:, 1] + 0.05) < 1e-6) & (np.abs(centers[:, [0, 2]]).max(1) < 0.006))
    uv = mesh.uv[mesh.faces[on_floor]].mean(1)
    shown = sample_values(well.occlusion[:, :, None], uv.astype(np.float32)).mean() / 255
    # form factor from an element to a parallel square straight above, half side = half the height
    half, height = 0.05, 0.1
    x = half / height
    corner = x / np.sqrt(1 + x * x) * np.arctan(x / np.sqrt(1 + x * x))
    truth = 4 * corner * 2 / (2 * np.pi)
    assert shown == pytest.approx(truth, abs=0.04)


def textured_plane(**given):
    vertices, faces = plane_mesh(10, 0.2)
    uv = np.stack([vertices[:, 0] / 0.2 + 0.5, vertices[:, 2] / 0.2 + 0.5], 1).astype(np.float32)
    ramp = np.linspace(40, 220, 256)
    picture = np.stack([*np.meshgrid(ramp, ramp), np.full((256, 256), 90.0)], -1).astype(np.uint8)
    material = SourceMaterial(np.array([255, 255, 255, 255], np.uint8), picture)
    return source_mesh_of(vertices, faces, corner_uv=uv[faces], materials=(material,), **given), picture


def test_the_texture_of_a_source_mesh_is_carried_over_within_a_few_levels():
    source, picture = textured_plane()
    mesh = unwrap(level_of(*plane_mesh(4, 0.2), 256))
    textured = bake(mesh, BakeSource(surface_of(source.vertices, source.faces), source), PLAIN)
    at, points, _ = covered(mesh, 256)
    truth = sample_values(picture, (points[:, [0, 2]] / 0.2 + 0.5).astype(np.float32))
    assert np.abs(textured.base_color[at].astype(float) - truth).mean() < 1
    assert np.abs(textured.base_color[at].astype(float) - truth).max() < 6
    assert textured.color_error < 1


def test_an_inside_out_source_mesh_still_gives_its_colour():
    source, _ = textured_plane()
    swapped = replace(source, faces=source.faces[:, ::-1].copy(), corner_uv=source.corner_uv[:, ::-1].copy())
    mesh = unwrap(level_of(*plane_mesh(4, 0.2), 128))
    finest = surface_of(source.vertices, source.faces)
    one, two = bake(mesh, BakeSource(finest, source), PLAIN), bake(mesh, BakeSource(finest, swapped), PLAIN)
    assert np.abs(one.base_color.astype(int) - two.base_color).max() <= 1


def test_parts_without_uv_take_vertex_colours_or_the_materials_colour():
    source, _ = textured_plane()
    right = source.vertices[source.faces][:, :, 0].mean(1) > 0
    uv = source.corner_uv.copy()
    uv[right] = np.nan
    plain = (*source.materials, SourceMaterial(np.array([10, 200, 30, 255], np.uint8)))
    mesh = unwrap(level_of(*plane_mesh(4, 0.2), 128))
    finest = surface_of(source.vertices, source.faces)
    at, points, _ = covered(mesh, 128)

    by_material = replace(source, corner_uv=uv, materials=plain, face_material=right.astype(np.int32))
    shown = bake(mesh, BakeSource(finest, by_material), PLAIN).base_color[at][points[:, 0] > 0.01]
    assert np.abs(shown.astype(int) - [10, 200, 30]).max() <= 1

    painted = np.tile(np.uint8([250, 120, 0]), (len(source.vertices), 1))
    shown = bake(mesh, BakeSource(finest, replace(source, corner_uv=uv, vertex_colors=painted)), PLAIN)
    assert np.abs(shown.base_color[at][points[:, 0] > 0.01].astype(int) - [250, 120, 0]).max() <= 1


def test_a_fine_checkerboard_becomes_grey_in_a_small_texture_and_not_noise():
    source, _ = textured_plane()
    board = np.repeat(((np.indices((512, 512)).sum(0) % 2) * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    source = replace(source, materials=(SourceMaterial(source.materials[0].color, board),))
    mesh = unwrap(level_of(*plane_mesh(4, 0.2), 128))
    textured = bake(mesh, BakeSource(surface_of(source.vertices, source.faces), source), PLAIN)
    at, _, _ = covered(mesh, 128)
    # half the light is sRGB 188
    assert np.abs(textured.base_color[at].astype(float).mean() - 188) < 6
    assert textured.base_color[at].std() < 30


@pytest.mark.parametrize("kind", ["cloud", "mesh"])
def test_a_source_without_colour_becomes_warm_grey_and_says_so(kind):
    vertices, faces = sphere_mesh(24)
    source = cloud_of(vertices, vertices * 10) if kind == "cloud" else source_mesh_of(vertices, faces)
    textured = bake(unwrap(level_of(vertices, faces, 64)), BakeSource(surface_of(vertices, faces), source), PLAIN)
    assert "colour.none" in [finding.code for finding in textured.findings]
    assert (textured.base_color == textured.base_color[0, 0]).all()
    assert textured.color_error is None


@pytest.mark.parametrize("corners", [[[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 0], [1, 0, 0], [2, 0, 0]]])
def test_one_triangle_with_or_without_area_is_baked_without_nan(corners):
    vertices, faces = np.array(corners, np.float32), np.array([[0, 1, 2]], np.int32)
    cloud = cloud_of(vertices, np.tile([0, 0, 1], (3, 1)), [[255, 0, 0]] * 3, 0.5)
    textured = bake(unwrap(level_of(vertices, faces, 64)), BakeSource(surface_of(vertices, faces), cloud))
    assert textured.base_color.shape == (64, 64, 3)
    assert np.isfinite(textured.texel_density)


def test_texel_density_is_texels_per_metre():
    mesh = unwrap(level_of(*plane_mesh(4, 0.2), 256))
    textured = bake(mesh, BakeSource(surface_of(*plane_mesh(4, 0.2)), textured_plane()[0]), PLAIN)
    assert textured.texel_density == pytest.approx(np.sqrt(mesh.utilisation) * 256 / 0.2, rel=0.01)


def test_equal_input_gives_equal_bytes():
    mesh = unwrap(level_of(*sphere_mesh(24), 128))
    source = BakeSource(surface_of(*plane_mesh(60, 0.3, relief)), striped_ball(5000))
    one, two = bake(mesh, source), bake(mesh, source)
    for name in ("base_color", "normal_map", "occlusion"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_it_can_be_cancelled_and_tells_its_progress():
    mesh = unwrap(level_of(*sphere_mesh(24), 128))
    finest, cloud = surface_of(*sphere_mesh(48)), striped_ball(5000)
    recorder = Recorder()
    bake(mesh, BakeSource(finest, cloud), progress=recorder.progress())
    fractions = [fraction for fraction, _ in recorder.ticks]
    assert np.diff(fractions).min() > -1e-9
    for n in (2, len(fractions) // 2, len(fractions) - 1):
        with pytest.raises(Cancelled):
            bake(mesh, BakeSource(finest, cloud), progress=Recorder(cancel_after=n).progress())


def test_nothing_to_bake_from_is_refused():
    mesh = unwrap(level_of(*sphere_mesh(24), 64))
    vertices, faces = sphere_mesh(24)
    with pytest.raises(StageError):
        bake(mesh, BakeSource(surface_of(vertices, faces[:0]), striped_ball(100)))


def floor_of_a_well(cuts, **given):
    """Return the shade baked onto the middle of a square well's floor, and what it must be.

    The well is as wide as deep, without a lid, and seen from inside.
    """
    vertices, faces = box_mesh((0.1, 0.1, 0.1), cuts, inward=True)
    faces = faces[(vertices[faces][:, :, 1] < 0.0499).any(1)]
    mesh = unwrap(level_of(*box_mesh((0.1, 0.1, 0.1), 16, inward=True), 256))
    well = bake(mesh, BakeSource(surface_of(vertices, faces), cloud_of(vertices, vertices)), BakeOptions(**given))
    centers = mesh.vertices[mesh.faces].mean(1)
    on_floor = np.flatnonzero((np.abs(centers[:, 1] + 0.05) < 1e-6) & (np.abs(centers[:, [0, 2]]).max(1) < 0.006))
    uv = mesh.uv[mesh.faces[on_floor]].mean(1)
    # form factor from an element to a parallel square straight above, half side = half the height
    x = 0.05 / 0.1
    corner = x / np.sqrt(1 + x * x) * np.arctan(x / np.sqrt(1 + x * x))
    return sample_values(well.occlusion[:, :, None], uv.astype(np.float32)).mean() / 255, 4 * corner * 2 / (2 * np.pi)


@pytest.mark.parametrize("cuts", [16, 96])
def test_shade_in_a_well_is_known_whether_its_faces_are_large_or_small(cuts):
    shown, truth = floor_of_a_well(cuts, normal_map=False, occlusion_px=128)
    assert shown == pytest.approx(truth, abs=0.02)


def decibels_of_shade(mesh, occlusion, truth):
    """Return the PSNR of a map of shade, read as a GPU does, at places of a level; `truth` takes points (n, 3)."""
    face = np.repeat(np.arange(len(mesh.faces), dtype=np.int32), 16)
    weights = np.random.default_rng(0).dirichlet((1, 1, 1), len(face))[:, 1:].astype(np.float32)
    uv = interpolate(mesh.uv, mesh.faces, face, weights)
    points = interpolate(mesh.vertices, mesh.faces, face, weights).astype(np.float64)
    shown = sample_values(occlusion[:, :, None], uv)[:, 0] / 255
    return 10 * np.log10(1 / np.mean((shown - truth(points)) ** 2))


def test_the_shade_of_a_ball_on_a_table_is_that_of_the_formula():
    ground, faces = plane_mesh(240, 0.6)
    ball, shell = sphere_mesh(96, 0.05, (0, 0.0501, 0))
    fine = surface_of(np.concatenate([ground, ball]), np.concatenate([faces, shell + len(ground)]))
    mesh = unwrap(level_of(*plane_mesh(24, 0.6), 1024))
    shown = bake(mesh, BakeSource(fine, cloud_of(ground, ground)), BakeOptions(normal_map=False)).occlusion

    def free(points):
        # form factor from an element to a ball wholly above its horizon: (r / d)^2 cos
        return 1 - 0.05**3 / ((points**2).sum(1) + 0.05**2) ** 1.5

    assert decibels_of_shade(mesh, shown, free) > 40


@pytest.mark.parametrize(("cuts", "least"), [(24, 34), (384, 42)])
def test_a_bowl_sees_half_of_the_sky_from_everywhere_inside(cuts, least):
    def bowl(n):
        vertices, faces = sphere_mesh(n, 0.1)
        return vertices, faces[(vertices[faces][:, :, 1] < 1e-6).all(1)][:, ::-1].copy()

    vertices, faces = bowl(cuts)
    mesh = unwrap(level_of(*bowl(48), 1024))
    source = BakeSource(surface_of(vertices, faces), cloud_of(vertices, vertices))
    shown = bake(mesh, source, BakeOptions(normal_map=False)).occlusion
    assert shown.shape == (512, 512)

    def free(points):
        return np.full(len(points), 0.5)

    assert decibels_of_shade(mesh, shown, free) > least


@pytest.mark.parametrize(
    ("cuts", "texture_px", "most_px", "size", "is_fine"),
    [(400, 2048, 1024, 1024, True), (300, 2048, 1024, 512, True), (400, 2048, 512, 512, True),
     (400, 1024, 1024, 512, True), (60, 2048, 1024, 512, False), (60, 64, 1024, 64, True)],
)  # fmt: skip
def test_the_map_of_shade_is_as_large_as_the_finest_surface_is_fine(cuts, texture_px, most_px, size, is_fine):
    assert map_px(OtherMesh(*plane_mesh(cuts)), texture_px, most_px) == (size, is_fine)


def test_levels_baked_one_after_another_from_one_source_are_the_same_as_each_baked_alone():
    fine, cloud = surface_of(*sphere_mesh(256)), striped_ball(5000)
    meshes = [unwrap(level_of(*sphere_mesh(n), 128)) for n in (12, 24)]
    shared = BakeSource(fine, cloud)
    for mesh in (*meshes, *meshes[::-1]):
        one, alone = bake(mesh, shared), bake(mesh, BakeSource(fine, cloud))
        for name in ("base_color", "normal_map", "occlusion"):
            first, second = getattr(one, name), getattr(alone, name)
            assert (first is None and second is None) or first.tobytes() == second.tobytes()


def beside_edges(mesh, off):
    """Return faces and weights of places `off` texels off the middles of edges, those of seams and the others."""
    _, same = np.unique(mesh.vertices, axis=0, return_inverse=True)
    found = {"seam": [], "inner": []}
    for side in range(3):
        a, b = mesh.faces[:, side], mesh.faces[:, (side + 1) % 3]
        key = np.sort(same.reshape(-1)[np.stack([a, b], 1)], axis=1)
        own = np.sort(np.stack([a, b], 1), axis=1)
        found["keys"] = [*found.get("keys", []), np.concatenate([key, own], 1)]
    rows = np.concatenate(found.pop("keys"))
    _, twin, count = np.unique(rows[:, :2], axis=0, return_inverse=True, return_counts=True)
    _, exact, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    is_seam = (count[twin.reshape(-1)] == 2) & (times[exact.reshape(-1)] == 1)
    corner = mesh.uv[mesh.faces].astype(np.float64) * mesh.texture_px
    one, two = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    area = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    for side in range(3):
        here = slice(side * len(mesh.faces), (side + 1) * len(mesh.faces))
        length = np.linalg.norm(corner[:, (side + 1) % 3] - corner[:, side], axis=1)
        share = off / np.maximum(area / length, 1e-9)
        weights = np.zeros((len(mesh.faces), 3))
        weights[:, [side, (side + 1) % 3]] = ((1 - share) / 2)[:, None]
        weights[:, (side + 2) % 3] = share
        for name, chosen in (("seam", is_seam[here]), ("inner", (count[twin.reshape(-1)][here] == 2) & ~is_seam[here])):
            rows = np.flatnonzero(chosen & (share < 0.9))
            found[name].append((rows.astype(np.int32), weights[rows, 1:].astype(np.float32)))
    return {name: tuple(np.concatenate(part) for part in zip(*parts, strict=True)) for name, parts in found.items()}


def test_colour_and_relief_are_no_falser_beside_seams_than_elsewhere_in_the_first_mipmaps():
    def bumpy(n):
        vertices, faces = sphere_mesh(n)
        unit = vertices / np.linalg.norm(vertices, axis=1, keepdims=True)
        return (unit * (0.1 + 0.001 * np.sin(60 * unit[:, :1]) * np.cos(50 * unit[:, 1:2]))).astype(np.float32), faces

    fine = surface_of(*bumpy(512))
    mesh = unwrap(level_of(*sphere_mesh(48), 512))
    textured = bake(mesh, BakeSource(fine, striped_ball()), BakeOptions(occlusion=False))
    scene = OtherMesh(fine.vertices, fine.faces)
    color, relief = textured.base_color, textured.normal_map
    for _ in range(3):
        wrong = {}
        for name, (face, weights) in beside_edges(mesh, 0.25).items():
            uv = interpolate(mesh.uv, mesh.faces, face, weights)
            normals = interpolate(mesh.normals, mesh.faces, face, weights)
            normals /= np.linalg.norm(normals, axis=1, keepdims=True)
            there = scene.counterparts(interpolate(mesh.vertices, mesh.faces, face, weights), normals, 0.01)
            away = np.abs(sample_values(color, uv) - stripes(there.points.astype(np.float64)))
            local = sample_values(relief, uv) / 127.5 - 1
            shown = decode_normals(local, normals, interpolate(mesh.tangents, mesh.faces, face, weights))
            wrong[name] = away.mean(), np.linalg.norm(shown - there.normals, axis=1).mean(), len(face)
        assert wrong["seam"][2] > 100
        assert wrong["seam"][0] < 1.15 * wrong["inner"][0] + 0.3
        assert wrong["seam"][1] < 1.15 * wrong["inner"][1] + 0.002
        color, relief = (
            picture.reshape(len(picture) // 2, 2, -1, 2, 3).mean((1, 3)).round().astype(np.uint8)
            for picture in (color, relief)
        )
