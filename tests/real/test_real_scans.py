"""Every real scan walks the whole way once; what comes out is held against the scan and Khronos' validator."""

import json

import pytest

from exhibit.api import convert
from exhibit.engines.gltf_tools import validate_glb
from exhibit.pipeline.recipe import RelicOptions

CLOUDS = ("guardian_lion_raw", "guardian_lion_raw_normals", "buddha_head_sfm_rgb-ply", "buddha_head_sfm_rgb-xyz",
          "bali_mask_points")  # fmt: skip
MESHES = ("mask-gltf-2.0_separated-valid", "venus", "venus_dense_mesh", "demosthenes_bust")
ALLOWED = {"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT"}

pytestmark = pytest.mark.scans


@pytest.fixture(scope="session")
def converted(scans, tmp_path_factory):
    out = tmp_path_factory.mktemp("real")
    result = convert([scans], out, RelicOptions(levels=("room", "hero")))
    return out, result


def report_of(converted, name):
    return json.loads((converted[0] / name / "report.json").read_text("utf-8"))


def test_each_scan_has_its_own_name_and_none_fails(converted):
    _, result = converted
    assert result.failures == ()
    assert {outcome.name for outcome in result.outcomes} == {*CLOUDS, *MESHES}


def test_texts_and_pictures_beside_the_scans_are_told_from_scans(converted):
    ignored = {path.name for path in converted[1].plan.ignored}
    assert {"SOURCES.md", "README.txt"} <= ignored
    assert not ignored & {"Image_0.jpg", "Venus_C.bin"}, "files of a glTF belong to it"


@pytest.mark.parametrize("name", [*CLOUDS, *MESHES])
def test_khronos_validator_finds_nothing(converted, name):
    for path in sorted((converted[0] / name).glob("*.glb")):
        report = validate_glb(path.read_bytes())
        assert report.errors == 0, (path.name, report.messages)
        assert {message.code for message in report.of("warning")} <= ALLOWED, path.name


@pytest.mark.parametrize("name", CLOUDS)
def test_the_hero_level_stays_within_half_a_point_spacing(converted, name):
    report = report_of(converted, name)
    spacing = report["subject"]["spacing_mm"]
    deviation = next(level for level in report["levels"] if level["name"] == "hero")["deviation"]
    assert deviation["scan_to_mesh_mean_mm"] <= 0.5 * spacing
    assert deviation["scan_to_mesh_p95_mm"] <= 1.5 * spacing


@pytest.mark.parametrize("name", MESHES)
def test_a_mesh_keeps_its_shape_and_skips_reconstruction(converted, name):
    report = report_of(converted, name)
    assert report["subject"]["kind"] == "mesh"
    hero = next(level for level in report["levels"] if level["name"] == "hero")
    assert hero["deviation"]["scan_to_mesh_mean_mm"] <= 0.002 * max(report["size_mm"])


def test_plants_wall_and_table_are_gone_and_it_is_said(converted):
    lion = {finding["code"]: finding for finding in report_of(converted, "guardian_lion_raw")["findings"]}
    buddha = {finding["code"]: finding for finding in report_of(converted, "buddha_head_sfm_rgb-ply")["findings"]}
    assert lion["clean.neighbours"]["value"] > 30_000
    assert buddha["clean.table"]["value"] > 9_000


def test_the_same_object_in_two_formats_has_the_same_size(converted):
    ply, xyz = (report_of(converted, f"buddha_head_sfm_rgb-{kind}")["size_mm"] for kind in ("ply", "xyz"))
    assert ply == pytest.approx(xyz, rel=0.01)
    points, mesh = report_of(converted, "bali_mask_points"), report_of(converted, "mask-gltf-2.0_separated-valid")
    assert sorted(points["size_mm"]) == pytest.approx(sorted(mesh["size_mm"]), rel=0.03)
    assert points["placement"]["scale_from"] == mesh["placement"]["scale_from"] == "file"


def test_hero_and_room_keep_their_limits(converted):
    for name in (*CLOUDS, *MESHES):
        levels = {level["name"]: level for level in report_of(converted, name)["levels"]}
        assert levels["room"]["n_triangles"] <= 20_000
        if "hero" in levels:
            assert levels["hero"]["n_triangles"] <= 150_000 and levels["hero"]["n_bytes"] <= 3_000_000
