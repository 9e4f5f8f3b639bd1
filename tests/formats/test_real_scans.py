"""The real scans read with the counts, colours, normals and units that their source list states."""

import numpy as np
import pytest
from formats.reading import outcome, points_of

from exhibit.formats import all_formats, format_of, is_supported, read, stem_of
from exhibit.model.cloud import Scan, SourceMesh

pytestmark = pytest.mark.scans
SCANS = {
    # name: points, colours, normals, units
    "guardian_lion_raw.copc.laz": (341_989, True, False, None),
    "guardian_lion_raw_normals.ply": (341_989, True, True, None),
    "buddha_head_sfm_rgb.ply": (43_748, True, False, None),
    "buddha_head_sfm_rgb.xyz": (43_748, True, False, None),
    "bali_mask_points.e57": (62_323, False, True, "m"),
}
MESHES = {
    # name: vertices, triangles, colours, normals, shapes of textures, units
    "bali_mask_gltf/mask-gltf-2.0_separated-valid.gltf": (62_383, 100_000, True, True, [(4096, 4096, 3)], "m"),
    "venus_gltf/venus.gltf": (383_791, 597_703, True, True, [(4096, 4096, 3), None], "m"),
    "venus_dense_mesh.ply": (285_973, 570_936, True, True, [None], None),
    "demosthenes_bust.obj": (8_394, 16_719, False, False, [None], None),
}


@pytest.mark.parametrize("name", SCANS)
def test_clouds_hold_what_the_list_states(scans, name):
    n_points, has_colors, has_normals, units = SCANS[name]
    found = outcome(scans / name)
    assert isinstance(found, Scan)
    assert (found.n_points, found.has_colors, found.has_normals, found.units) == (
        n_points,
        has_colors,
        has_normals,
        units,
    )
    positions, colors, normals = points_of(found)
    assert np.isfinite(positions).all()
    assert colors is None or 20 < colors.std() < 120
    # the lion's normals were stored in eight bits, so their lengths vary a little
    assert normals is None or np.abs(np.linalg.norm(normals, axis=1) - 1).max() < 0.05


@pytest.mark.parametrize("name", MESHES)
def test_meshes_hold_what_the_list_states(scans, name):
    n_vertices, n_faces, has_colors, has_normals, textures, units = MESHES[name]
    found = outcome(scans / name)
    assert isinstance(found, SourceMesh)
    assert (len(found.vertices), len(found.faces)) == (n_vertices, n_faces)
    assert (found.has_colors, found.normals is not None, found.units) == (has_colors, has_normals, units)
    assert [None if one.texture is None else one.texture.shape for one in found.materials] == textures
    assert found.findings == ()


def test_every_scan_of_the_folder_is_covered_and_known(scans):
    there = {path for path in scans.rglob("*") if path.is_file() and is_supported(path)}
    assert {path.relative_to(scans).as_posix() for path in there} == set(SCANS) | set(MESHES)
    assert stem_of(scans / "guardian_lion_raw.copc.laz") == "guardian_lion_raw"


def test_both_forms_of_the_lion_hold_the_same_cloud(scans):
    clouds = [points_of(read(scans / f"guardian_lion_raw{rest}")) for rest in (".copc.laz", "_normals.ply")]
    (first, first_colors, _), (second, second_colors, _) = clouds
    np.testing.assert_allclose(first.mean(axis=0), second.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(np.ptp(first, axis=0), np.ptp(second, axis=0), atol=0.02)
    np.testing.assert_allclose(first_colors.mean(axis=0), second_colors.mean(axis=0), atol=1)


def test_both_forms_of_the_buddha_hold_the_same_points(scans):
    (first, first_colors, _), (second, second_colors, _) = (
        points_of(read(scans / f"buddha_head_sfm_rgb.{suffix}")) for suffix in ("ply", "xyz")
    )
    np.testing.assert_allclose(first, second, atol=2e-6)
    np.testing.assert_array_equal(first_colors, second_colors)


def test_the_mask_measures_what_the_list_states(scans):
    positions = points_of(read(scans / "bali_mask_points.e57"))[0]
    np.testing.assert_allclose(np.sort(np.ptp(positions, axis=0)), [0.13, 0.22, 0.23], atol=0.01)


def test_the_venus_has_two_parts_and_the_second_no_coordinates(scans):
    found = read(scans / "venus_gltf" / "venus.gltf")
    assert np.ptp(found.vertices[:, 1]) == pytest.approx(21.7, abs=0.1)
    assert not np.isnan(found.corner_uv[found.face_material == 0]).any()
    assert np.isnan(found.corner_uv[found.face_material == 1]).all()
    assert (found.face_material == 1).sum() == 24_659


def test_the_textures_lie_on_the_surface_the_right_way_up(scans):
    """Colours sampled from the picture by our coordinates agree with those converted beside it."""
    mesh = read(scans / "venus_gltf" / "venus.gltf")
    dense = read(scans / "venus_dense_mesh.ply")
    faces = np.flatnonzero(mesh.face_material == 0)[::997]
    size = mesh.materials[0].texture.shape[0]
    uv = mesh.corner_uv[faces].mean(axis=1)
    texels = np.clip((uv * size).astype(int), 0, size - 1)
    upright = mesh.materials[0].texture[texels[:, 1], texels[:, 0]].astype(float)
    flipped = mesh.materials[0].texture[size - 1 - texels[:, 1], texels[:, 0]].astype(float)
    centres = mesh.vertices[mesh.faces[faces]].mean(axis=1)
    from scipy.spatial import cKDTree

    nearest = cKDTree(dense.vertices).query(centres)[1]
    expected = dense.vertex_colors[nearest].astype(float)
    assert np.abs(upright - expected).mean() < 0.5 * np.abs(flipped - expected).mean()


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("bali_mask_gltf/mask-gltf-2.0_separated-valid.gltf", ["Image_0.jpg", "mask-gltf-2.0_separated-valid.bin"]),
        ("venus_gltf/venus.gltf", ["Venus_C.bin", "Venus_C_Venus_O_Material_u1_v1.jpg"]), ("venus_dense_mesh.ply", []),
    ],
)  # fmt: skip
def test_files_beside_a_source_are_found(scans, name, beside):
    assert [path.name for path in format_of(scans / name).side_files(scans / name)] == beside


def test_every_format_answers_for_a_foreign_file(scans):
    for one in all_formats().values():
        assert one.side_files(scans / "SOURCES.md") == ()
