"""`exhibit simulate`: scans written whole or not at all, wishes refused in one sentence."""

import pytest

from exhibit.capture import objects
from exhibit.cli.console import run
from exhibit.formats import las
from exhibit.pipeline import simulate as simulate_module
from exhibit.progress import SILENT
from tests.capture.simple_objects import ball


@pytest.fixture(autouse=True)
def only_a_ball(monkeypatch):
    for module in (objects, simulate_module):
        monkeypatch.setattr(module, "modelled_object", lambda key: ball())
    monkeypatch.setattr(objects, "object_names", lambda: ("ball",))


def test_it_writes_a_scan_its_truth_and_a_picture(tmp_path, capsys):
    line = ["simulate", "ball", "--points", "2k", "--out", str(tmp_path / "new" / "a.laz"), "--seed", "3"]
    assert run([*line, "--truth", str(tmp_path / "t.ply"), "--picture", str(tmp_path / "p.png")]) == 0
    first = (tmp_path / "new" / "a.laz").read_bytes()
    assert las.read(tmp_path / "new" / "a.laz", SILENT).n_points == 2000
    assert (tmp_path / "t.ply").is_file() and (tmp_path / "p.png").read_bytes()[1:4] == b"PNG"
    assert "found nowhere" in capsys.readouterr().err
    assert run([*line, "--quiet"]) == 0
    assert (tmp_path / "new" / "a.laz").read_bytes() == first
    assert capsys.readouterr().err == ""


def test_it_lists_what_there_is_and_says_that_it_was_found_nowhere(capsys):
    assert run(["simulate", "--list"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("ball ") and "200 ×  200" in told.out and "found nowhere" in told.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "which object"),
        (["ball"], "nothing to write"),
        (["ball", "--out", "a.xyz"], "no ending"),
        (["ball", "--out", "a.laz", "--up", "y"], "always +Z up"),
        (["ball", "--out", "a.laz", "--normals"], "no place for normals"),
        (["ball", "--out", "a.laz", "--points", "many"], "not a number of points"),
        (["ball", "--out", "a.laz", "--points", "0"], "n_points"),
        (["ball", "--out", "a.laz", "--cameras", "all"], "ring of cameras"),
        (["ball", "--out", "a.ply", "--truth", "a.ply"], "cannot hold the truth"),
        (["ball", "--picture", "a.jpg"], ".png"),
    ],
)
def test_a_wish_that_means_nothing_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", *arguments]) == 2
    told = capsys.readouterr().err
    assert says in told and "Traceback" not in told
    assert not list(tmp_path.iterdir())


def test_a_stopped_scan_leaves_the_old_file_and_no_part(tmp_path, monkeypatch, capsys):
    out = tmp_path / "a.laz"
    out.write_bytes(b"old")
    monkeypatch.setattr("exhibit.cli.console.Stop.__call__", lambda self: True)
    assert run(["simulate", "ball", "--points", "2k", "--out", str(out)]) == 130
    assert "no scan was written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.laz"] and out.read_bytes() == b"old"
