"""A folder of scans becomes a project: nothing is copied that can be linked, nothing written is overwritten."""

import pytest

from exhibit.errors import DefinitionError, UsageError
from exhibit.model.record import ScanSource
from exhibit.pipeline.definitions import load_project, scan_of
from exhibit.pipeline.scans_project import project_of_scans
from tests.pipeline.sample_scans import bumpy_ball, write_ply


@pytest.fixture
def scans(tmp_path):
    folder = tmp_path / "my scans"
    for name in ("Lotus bowl_02.ply", "deep/洛阳壶.ply"):
        write_ply(folder / name, *bumpy_ball(500))
    (folder / "chair.obj").write_text("mtllib wood.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (folder / "wood.mtl").write_text("newmtl wood\n")
    return folder


def test_a_folder_without_scans_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no scan found"):
        project_of_scans([tmp_path / "empty"], tmp_path / "out", "Empty")
    assert not (tmp_path / "out").exists()


def test_every_scan_becomes_a_relic_named_after_its_file(scans, tmp_path):
    project_of_scans([scans], tmp_path / "out", "My scans")
    project = load_project(tmp_path / "out")
    titles = {name: entry.record.title["en"] for name, entry in project.relics.items()}
    assert titles == {"chair": "chair", "lotus-bowl-02": "Lotus bowl 02", "scan-03": "洛阳壶"}
    assert project.exhibition.title["zh-Hans"] == "My scans"
    assert not any(entry.record.rights.of("model").may_download for entry in project.relics.values())


def test_scans_are_linked_with_what_belongs_to_them(scans, tmp_path):
    project_of_scans([scans], tmp_path / "out", "My scans")
    folder, record = load_project(tmp_path / "out").relics["chair"]
    assert scan_of(folder, record).samefile(scans / "chair.obj")
    assert (folder / "wood.mtl").read_bytes() == (scans / "wood.mtl").read_bytes()


def test_options_beside_a_scan_go_into_its_record(scans, tmp_path):
    (scans / "Lotus bowl_02.toml").write_text('units = "cm"\nup = "y"\nclose_holes = true\n')
    project_of_scans([scans], tmp_path / "out", "My scans")
    words = load_project(tmp_path / "out").relics["lotus-bowl-02"].record.scan
    assert (words.units, words.up, words.close_holes) == ("cm", "+y", True)


def test_a_name_in_another_script_is_numbered_and_said_to_be(tmp_path):
    for name in ("石狮01", "洛阳", "Büste 3", "2024-05", "lion 石狮", "1"):
        write_ply(tmp_path / "scans" / f"{name}.ply", *bumpy_ball(100))
    placed = project_of_scans([tmp_path / "scans"], tmp_path / "out", "Scans")
    ids = {one.source.name: one.relic for one in placed}
    assert ids == {"1": "1", "2024-05": "2024-05", "Büste 3": "buste-3", "lion 石狮": "lion",
                   "洛阳": "scan-05", "石狮01": "scan-06"}  # fmt: skip
    assert [one.source.name for one in placed if one.is_unlike] == ["洛阳", "石狮01"]
    assert load_project(tmp_path / "out").relics["scan-06"].record.title["zh-Hans"] == "石狮01"


def test_ids_stay_when_scans_are_added_before_them(tmp_path):
    for name in ("洛阳", "石狮", "a b", "a_b"):
        write_ply(tmp_path / "scans" / f"{name}.ply", *bumpy_ball(100))
    first = {one.source.name: one.relic for one in project_of_scans([tmp_path / "scans"], tmp_path / "out", "Scans")}
    write_ply(tmp_path / "scans" / "云龙.ply", *bumpy_ball(100))
    write_ply(tmp_path / "scans" / "a-b.ply", *bumpy_ball(100))
    later = {one.source.name: one.relic for one in project_of_scans([tmp_path / "scans"], tmp_path / "out", "Scans")}
    assert first.items() < later.items()
    assert len(set(later.values())) == len(later) == len(load_project(tmp_path / "out").relics)


def test_options_given_go_into_every_record_also_of_an_earlier_run(scans, tmp_path):
    out = tmp_path / "out"
    project_of_scans([scans], out, "My scans")
    record = out / "assets" / "chair" / "relic.toml"
    record.write_text(record.read_text().replace("[scan]", "[scan]\n# it stood on its side"))
    project_of_scans([scans], out, "My scans", ScanSource(up="y"))
    project_of_scans([scans], out, "My scans")
    assert {entry.record.scan.up for entry in load_project(out).relics.values()} == {"+y"}
    assert "# it stood on its side" in record.read_text()


def test_faulty_options_are_met_before_anything_is_written(scans, tmp_path):
    (scans / "Lotus bowl_02.toml").write_text('unit = "cm"\n')
    with pytest.raises(DefinitionError):
        project_of_scans([scans], tmp_path / "out", "My scans")
    assert not (tmp_path / "out").exists()


def test_a_second_run_keeps_what_was_written_and_takes_in_what_is_new(scans, tmp_path):
    out = tmp_path / "out"
    project_of_scans([scans], out, "My scans")
    record = out / "assets" / "chair" / "relic.toml"
    record.write_text(record.read_text().replace('en = "chair"', 'en = "A chair"'))
    (scans / "chair.obj").unlink()
    (scans / "chair.obj").write_text("v 0 0 0\nv 2 0 0\nv 0 2 0\nf 1 2 3\n")
    write_ply(scans / "new.ply", *bumpy_ball(500))
    project_of_scans([scans], out, "Another title")
    project = load_project(out)
    assert project.relics["chair"].record.title["en"] == "A chair"
    assert "v 2 0 0" in scan_of(*project.relics["chair"]).read_text()
    assert "new" in project.relics and project.exhibition.title["en"] == "My scans"
