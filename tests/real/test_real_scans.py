"""Every real scan walks the whole way once; what comes out is held against the scan and Khronos' validator."""

import json
from dataclasses import replace

import pytest

from exhibit.api import run_plan
from exhibit.engines.gltf_tools import validate_glb
from exhibit.pipeline.convert import plan_conversion
from exhibit.pipeline.recipe import RelicOptions

CLOUDS = ("guardian_lion_raw", "buddha_head_sfm_rgb-ply", "buddha_head_sfm_rgb-xyz", "bali_mask_points")
MESHES = ("mask-gltf-2.0_separated-valid", "venus", "demosthenes_bust")
ONLY_PLANNED = ("guardian_lion_raw_normals", "venus_dense_mesh")
"""The same objects once more, in another format: read in tests/formats, not converted again here."""
ALLOWED = {"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT"}

pytestmark = pytest.mark.scans


@pytest.fixture(scope="session")
def converted(scans, tmp_path_factory):
    out = tmp_path_factory.mktemp("real")
    plan = plan_conversion([scans], out, RelicOptions(levels=("hero",)))
    wanted = tuple(each for each in plan.scans if each[0].name not in ONLY_PLANNED)
    return plan, run_plan(replace(plan, scans=wanted))


def report_of(converted, name):
    return json.loads((converted[0].out / name / "report.json").read_text("utf-8"))


def test_each_scan_has_its_own_name_and_none_fails(converted):
    plan, result = converted
    assert {source.name for source, _ in plan.scans} == {*CLOUDS, *MESHES, *ONLY_PLANNED}
    assert result.failures == ()


def test_texts_and_pictures_beside_the_scans_are_told_from_scans(converted):
    ignored = {path.name for path in converted[0].ignored}
    assert {"SOURCES.md", "README.txt"} <= ignored
    assert not ignored & {"Image_0.jpg", "Venus_C.bin"}, "files of a glTF belong to it"


@pytest.mark.parametrize("name", [*CLOUDS, *MESHES])
def test_khronos_validator_finds_nothing(converted, name):
    for path in sorted((converted[0].out / name).glob("*.glb")):
        report = validate_glb(path.read_bytes())
        assert report.errors == 0, (path.name, report.messages)
        assert {message.code for message in report.of("warning")} <= ALLOWED, path.name


@pytest.mark.parametrize("name", CLOUDS)
def test_the_hero_level_stays_within_half_a_point_spacing(converted, name):
    report = report_of(converted, name)
    spacing = report["subject"]["spacing_mm"]
    deviation = report["levels"][-1]["deviation"]
    assert deviation["scan_to_mesh_mean_mm"] <= 0.5 * spacing
    assert deviation["scan_to_mesh_p95_mm"] <= 1.5 * spacing


@pytest.mark.parametrize("name", MESHES)
def test_a_mesh_keeps_its_shape_and_skips_reconstruction(converted, name):
    report = report_of(converted, name)
    assert report["subject"]["kind"] == "mesh"
    hero = report["levels"][-1]
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


def test_the_hero_level_keeps_its_limits(converted):
    for name in (*CLOUDS, *MESHES):
        (hero,) = report_of(converted, name)["levels"]
        assert hero["n_triangles"] <= 150_000 and hero["n_bytes"] <= 3_000_000
