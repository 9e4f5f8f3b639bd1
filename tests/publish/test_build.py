"""A project is built for real: what is made again and what is not, and what a site keeps."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exhibit.api import build
from exhibit.errors import DefinitionError, OutputError
from exhibit.pipeline.recipe import RelicOptions
from tests.pipeline.sample_scans import bumpy_ball, write_ply

OPTIONS = RelicOptions(levels=("thumb", "room"), texture_px=256)
QUICK = RelicOptions(levels=("thumb",), texture_px=256)
BUILD_SCRIPT = """
import sys
from exhibit.api import build
from exhibit.pipeline.recipe import RelicOptions
sys.exit(build(sys.argv[1], options=RelicOptions(levels=("thumb",), texture_px=256)).exit_code)
"""
RECORD = """
[title]
en = "Ball"
zh-Hans = "球"
[label]
en = "{label}"
[dimensions]
height_mm = 250
[rights.default]
uri = "https://creativecommons.org/publicdomain/zero/1.0/"
"""
SCENE = """
languages = ["zh-Hans", "en"]
[title]
en = "One ball"
zh-Hans = "一球"
"""


def make_project(folder: Path, label: str = "Round.") -> Path:
    write_ply(folder / "assets" / "ball" / "ball.ply", *bumpy_ball())
    (folder / "assets" / "ball" / "relic.toml").write_text(RECORD.format(label=label), "utf-8")
    (folder / "scenes").mkdir(exist_ok=True)
    (folder / "scenes" / "one.toml").write_text(SCENE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = make_project(tmp_path_factory.mktemp("project"))
    return folder, build(folder, options=OPTIONS)


def stages_of(built):
    (outcome,) = built.outcomes
    assert outcome.error is None
    return [] if outcome.value.was_unchanged else [each["stage"] for each in outcome.value.timings["stages"]]


def test_a_project_becomes_a_site_in_both_languages(project):
    folder, built = project
    assert built.exit_code == 0 and built.n_written == built.n_files
    for page in ("index.html", "zh-Hans/index.html", "en/relics/ball/index.html", "relics/ball/room.glb"):
        assert (folder / "site" / page).is_file()
    assert "Round." in (folder / "site" / "en" / "relics" / "ball" / "index.html").read_text("utf-8")


def test_the_catalogue_height_scales_the_scan(project):
    (outcome,) = project[1].outcomes
    assert outcome.value.report["placement"]["scale_from"] == "height"
    assert outcome.value.report["size_mm"][1] == pytest.approx(250, rel=0.01)


def test_a_second_build_does_no_stage_and_writes_nothing(project):
    again = build(project[0], options=OPTIONS)
    assert stages_of(again) == [] and again.n_written == 0


def test_a_changed_text_redoes_no_mesh_and_no_texture(project):
    folder = make_project(project[0], label="Rounder.")
    again = build(folder, options=OPTIONS)
    assert stages_of(again) == ["hash", "inscribe"]
    assert "Rounder." in (folder / "site" / "en" / "relics" / "ball" / "index.html").read_text("utf-8")


def test_files_that_exhibit_did_not_write_are_never_lost(project):
    folder = project[0]
    (folder / "site" / "own.txt").write_text("mine")
    make_project(folder, label="Roundest.")
    build(folder, options=OPTIONS)
    assert (folder / "site" / "own.txt").read_text() == "mine"


def test_a_foreign_file_in_the_way_is_named_and_kept(tmp_path, project):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("mine")
    with pytest.raises(OutputError, match=r"index\.html"):
        build(project[0], site, options=OPTIONS)
    assert (site / "index.html").read_text() == "mine"


def test_a_site_that_cannot_be_written_is_said_before_any_relic_is_made(tmp_path):
    make_project(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="not a folder"):
        build(tmp_path, tmp_path / "file", options=OPTIONS)
    assert not (tmp_path / ".exhibit").exists()


def test_faults_of_all_files_are_told_before_any_work(tmp_path):
    make_project(tmp_path)
    (tmp_path / "assets" / "ball" / "relic.toml").write_text("[title]\nen = 3\n[rights]\n", "utf-8")
    (tmp_path / "scenes" / "one.toml").write_text("titel = 1\n", "utf-8")
    with pytest.raises(DefinitionError) as fault:
        build(tmp_path)
    assert "relic.toml" in str(fault.value) and "one.toml" in str(fault.value)
    assert not (tmp_path / ".exhibit").exists() and not (tmp_path / "site").exists()


def test_a_scan_that_fails_is_named_and_the_others_are_shown(tmp_path, project):
    folder = make_project(tmp_path)
    bad = folder / "assets" / "bad"
    bad.mkdir()
    (bad / "bad.ply").write_bytes(b"ply\nformat ascii 1.0\nelement vertex 2\nend_header\n")
    (bad / "relic.toml").write_text(RECORD.format(label="x"), "utf-8")
    built = build(folder, options=QUICK)
    assert built.exit_code == 1
    assert {outcome.name: outcome.error is None for outcome in built.outcomes} == {"ball": True, "bad": False}
    assert (folder / "site" / "en" / "relics" / "ball" / "index.html").is_file()
    assert not (folder / "site" / "en" / "relics" / "bad").exists()


def test_a_killed_build_goes_on_where_it_was(tmp_path):
    make_project(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", BUILD_SCRIPT, str(tmp_path)]
    process = subprocess.Popen(command, env=environment)
    while len(list((tmp_path / ".exhibit" / "store").glob("??/[!.]*"))) < 3:
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert not (tmp_path / "site").exists()
    assert subprocess.run(command, env=environment, check=False).returncode == 0
    timings = (tmp_path / ".exhibit" / "relics" / "ball" / "timings.json").read_text()
    assert '"clean"' not in timings and '"pack"' in timings
    assert (tmp_path / "site" / "en" / "relics" / "ball" / "index.html").is_file()
