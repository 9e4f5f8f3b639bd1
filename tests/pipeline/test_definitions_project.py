"""A whole project: every problem of every file at once, and doubts that stop nothing."""

import pickle
import re
import shutil

import jsonschema
import pytest

from exhibit.errors import DefinitionError, OutputError, UsageError
from exhibit.formats import read
from exhibit.model.record import RelicRecord
from exhibit.pipeline.definitions import (
    load_exhibition,
    load_project,
    load_relic,
    load_sidecar,
    read_narration,
    scan_of,
)
from exhibit.pipeline.project import SAMPLE_RELIC, new_project, project_files
from exhibit.pipeline.schemas import schema_files, schemas
from exhibit.pipeline.written_toml import read_toml
from exhibit.stages.narrate import narrate


@pytest.fixture(scope="module")
def made():
    return project_files()


@pytest.fixture
def project(tmp_path, made):
    """Return a fresh copy of a new project."""
    for name, data in made.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def second_relic(project, name="second"):
    shutil.copytree(project / "assets" / SAMPLE_RELIC, project / "assets" / name)
    return project / "assets" / name / "relic.toml"


def problems(project):
    with pytest.raises(DefinitionError) as caught:
        load_project(project)
    return [(one.file, one.key, one.message, one.hint) for one in caught.value.problems]


def test_a_new_project_is_sound_and_says_everything_in_both_languages(project):
    read_back = load_project(project)
    assert list(read_back.relics) == [SAMPLE_RELIC]
    assert read_back.relics_in(read_back.exhibition) == (SAMPLE_RELIC,)
    assert read_back.exhibition.languages == ("zh-Hans", "en")
    folder, record = read_back.relics[SAMPLE_RELIC]
    for name in RelicRecord.model_fields.keys() - {"front_deg"}:  # 0 is an answer too
        value = getattr(record, name)
        assert value, f"the sample leaves {name} empty"
        if isinstance(value, dict):
            assert set(value) == {"en", "zh-Hans"}, name
    assert "Modelled" in record.label["en"] and "建模" in record.label["zh-Hans"]
    assert scan_of(folder, record).stat().st_size > 1_000_000
    assert {finding.severity for found in read_back.findings.values() for finding in found} <= {"note"}


def test_the_sample_s_scan_is_read_and_its_narration_needs_nothing_done(project):
    folder, record = load_project(project).relics[SAMPLE_RELIC]
    scan = read(scan_of(folder, record))
    assert scan.n_points > 300_000 and scan.has_colors
    sources = read_narration(folder, record)
    done = narrate(sources)
    assert [one.audio for one in done] == [one.audio for one in sources]
    assert all(one.is_synthetic and one.cues and not one.findings for one in done)
    assert sum(len(one.audio) for one in done) <= 700_000


def test_a_new_project_lists_its_files_and_never_touches_what_is_there(tmp_path):
    folder = tmp_path / "我的 展览"
    files = new_project(folder)
    assert files == sorted(path for path in folder.rglob("*") if path.is_file())
    assert load_project(folder).exhibition.id == "sample"
    before = {file: file.read_bytes() for file in files}
    with pytest.raises(UsageError, match="is not empty"):
        new_project(folder)
    assert {file: file.read_bytes() for file in files} == before


def test_a_new_project_wants_a_folder_of_its_own(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        new_project(tmp_path / "file")
    with pytest.raises(OutputError):
        new_project(tmp_path / "file" / "below")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert new_project(tmp_path / "repository")


def test_problems_of_all_files_are_listed_at_once(project):
    change(project / "scenes/sample.toml", 'relics = ["bronze-ding"]', 'relics = ["bronze-dong", "second", "gone"]')
    change(project / "scenes/sample.toml", 'room = "daylight"', 'room = "daylihgt"')
    change(project / f"assets/{SAMPLE_RELIC}/relic.toml", "narration-en.mp3", "narration-eng.mp3")
    change(second_relic(project), "earliest = 2026", "earliest = 0")
    (project / "scenes/broken.toml").write_text("title = ")
    (project / "assets/empty").mkdir()
    found = problems(project)
    assert {(file, key) for file, key, _, _ in found} >= {
        ("scenes/sample.toml", "relics[1]"),
        ("scenes/sample.toml", "relics[3]"),
        ("scenes/broken.toml", "end of file"),
        (f"assets/{SAMPLE_RELIC}/relic.toml", "narration.en.audio"),
        ("assets/second/relic.toml", "period.earliest"),
        ("assets/empty/relic.toml", ""),
    }
    hints = {(file, key): hint for file, key, _, hint in found}
    assert hints["scenes/sample.toml", "relics[1]"] == "Did you mean 'bronze-ding'?"
    assert hints[f"assets/{SAMPLE_RELIC}/relic.toml", "narration.en.audio"] == "Did you mean 'narration-en.mp3'?"


def test_the_error_prints_as_a_list_and_crosses_processes(project):
    change(project / f"assets/{SAMPLE_RELIC}/relic.toml", "[label]", "[lable]")
    with pytest.raises(DefinitionError) as caught:
        load_project(project)
    text = str(caught.value)
    assert f"  assets/{SAMPLE_RELIC}/relic.toml: lable: is not a key known here. Did you mean 'label'?" in text
    assert str(pickle.loads(pickle.dumps(caught.value))) == text


def test_a_folder_that_is_no_project_says_so_in_one_sentence(tmp_path_factory, project):
    with pytest.raises(DefinitionError, match=r"neither scenes/ nor assets/.*'exhibit new DIR'"):
        load_project(tmp_path_factory.mktemp("bare"))
    with pytest.raises(DefinitionError, match=r"no such folder.*'exhibit new DIR'"):
        load_project(tmp_path_factory.mktemp("bare") / "nowhere")
    with pytest.raises(DefinitionError, match="The project is"):
        load_project(project / "schemas")


def test_half_a_project_says_what_is_missing(tmp_path):
    (tmp_path / "assets" / "_draft").mkdir(parents=True)
    assert [(file, message) for file, _, message, _ in problems(tmp_path)] == [
        ("assets/", "holds no relic, a folder with relic.toml and a scan."),
        ("scenes/", "does not exist."),
    ]


def test_folders_that_begin_with_an_underscore_or_dot_are_left_alone(project):
    (project / "assets/_drafts").mkdir()
    (project / "assets/.cache").mkdir()
    (project / "scenes/_old.toml").write_text("broken")
    assert list(load_project(project).relics) == [SAMPLE_RELIC]


def test_no_relics_named_means_all_of_them(project):
    second_relic(project, "another")
    change(project / "scenes/sample.toml", 'relics = ["bronze-ding"]', "")
    read_back = load_project(project)
    assert read_back.relics_in(read_back.exhibition) == ("another", SAMPLE_RELIC)


def test_a_room_of_the_project_s_own_is_known(project):
    (project / "rooms/granite").mkdir(parents=True)
    change(project / "scenes/sample.toml", 'room = "daylight"', 'room = "granite"')
    assert load_project(project).exhibition.room == "granite"


def codes(project, relic=SAMPLE_RELIC):
    return {finding.code: finding for finding in load_project(project).findings.get(relic, ())}


def test_a_language_the_scene_asks_for_and_the_record_lacks_is_a_finding(project):
    change(project / "scenes/sample.toml", '"zh-Hans", "en"]', '"zh-Hans", "en", "fr"]')
    found = codes(project)
    assert "no title and no label and no description in fr" in found["record.text-missing"].hint
    assert "no narration in fr" in found["record.narration-missing"].hint
    doubts = [finding.hint for finding in load_project(project).findings[""] if finding.code == "scene.text-missing"]
    assert "record.text-absent" not in found
    assert [doubt.partition(" in fr")[0] for doubt in doubts] == ["sample: no title", "sample: no statement"]


def test_a_text_that_no_language_has_is_no_text_in_another_language(project):
    record = project / "assets" / SAMPLE_RELIC / "relic.toml"
    kept = re.sub(r"(?ms)^\[label\].*?(?=^\[)", "", record.read_text(encoding="utf-8"))
    record.write_text(kept, encoding="utf-8")
    found = codes(project)
    assert "record.text-missing" not in found
    assert "no label yet" in found["record.text-absent"].hint and found["record.text-absent"].severity == "note"


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ('spdx = "CC0-1.0"', 'spdx = "CC-0"', "rights.spdx-unknown", "CC0-1.0"),
        ('spdx = "CC0-1.0"', 'spdx = "Zlib"', "rights.spdx-unknown", "passed on as written"),
        ('spdx = "CC0-1.0"', 'spdx = "CC-BY-4.0"', "rights.disagree", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "http://rightsstatements.org/vocab/INC/1.0/",
         "rights.statement-unknown", "Did you mean 'InC'?"),
        ('https://creativecommons.org/publicdomain/zero/1.0/"\nspdx = "CC0-1.0',
         'https://museum.example/"\nspdx = "LicenseRef-own', "", ""),
    ],
)  # fmt: skip
def test_doubtful_rights_are_findings(project, old, new, code, hint):
    assert not any(found.startswith("rights.") for found in codes(project))
    change(project / f"assets/{SAMPLE_RELIC}/relic.toml", old, new)
    found = {key: one.hint for key, one in codes(project).items() if key.startswith("rights.")}
    assert list(found) == [code] * bool(code)
    assert hint in found.get(code, "")


def test_a_label_as_long_as_an_essay_is_a_finding(project):
    change(project / f"assets/{SAMPLE_RELIC}/relic.toml", "A round ding on", "A round ding " * 100 + "on")
    assert codes(project)["record.label-long"].value > 300


def test_the_files_of_a_new_project_are_the_same_every_time(made):
    assert project_files() == made


def test_the_schemas_accept_what_is_loaded_and_refuse_what_is_not(project):
    kinds = schemas()
    record = read_toml(project / f"assets/{SAMPLE_RELIC}/relic.toml", "")
    jsonschema.Draft7Validator(kinds["relic"]).validate(record)
    jsonschema.Draft7Validator(kinds["scene"]).validate(read_toml(project / "scenes/sample.toml", ""))
    jsonschema.Draft7Validator(kinds["scan"]).validate({"units": "毫米", "up": "Z", "height_mm": 3})
    for wrong in (
        {**record, "titel": "x"},
        {**record, "title": {"zh_CN": "x"}},
        {**record, "hotspots": [{"id": "a", "title": {"en": "x"}, "position_mm": [1, 2]}]},
        {**record, "dimensions": {"height_mm": "12 cm"}},
        {key: value for key, value in record.items() if key != "rights"},
    ):
        assert not jsonschema.Draft7Validator(kinds["relic"]).is_valid(wrong)


@pytest.mark.parametrize("name", ["relic", "scene", "scan"])
def test_each_schema_is_sound_and_explains_every_key(name):
    schema = schemas()[name]
    jsonschema.Draft7Validator.check_schema(schema)
    for table in (schema, *schema.get("definitions", {}).values()):
        assert all(one.get("description") for one in table["properties"].values())
    assert schema_files() == schema_files()


def test_each_loader_takes_a_plain_string(project):
    assert load_relic(str(project / "assets" / SAMPLE_RELIC)).id == SAMPLE_RELIC
    assert load_exhibition(str(project / "scenes/sample.toml")).id == "sample"
    assert load_sidecar(str(project / f"assets/{SAMPLE_RELIC}/{SAMPLE_RELIC}.laz")).units is None
