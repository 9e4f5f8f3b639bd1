import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from exhibit.cli.console import Bars, can_tell_rest, run
from exhibit.cli.main import COMMANDS
from exhibit.cli.remedies import in_record
from exhibit.cli.serve_command import say_moved
from exhibit.errors import SourceError
from exhibit.pipeline.run import Outcome
from tests.pipeline.sample_scans import write_ply

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    assert run([name, "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out


def test_help_loads_nothing_heavy():
    code = "import sys; from exhibit.cli.console import run; run(['--help']); print(sorted(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    loaded = output.splitlines()[-1]
    for heavy in ("numpy", "numba", "open3d", "pydantic", "rich", "jinja2", "PIL", "trimesh"):
        assert f"'{heavy}'" not in loaded


def test_a_misspelt_command_is_guessed(capsys):
    assert run(["convrt"]) == 2
    assert "Did you mean 'convert'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["convert"], 2, "Missing argument"),
        (["convert", "nowhere.ply", "-o", "out"], 4, "no such file"),
        (["convert", "*.nothing", "-o", "out"], 2, "nothing matches"),
        (["convert", ".", "-o", "out"], 2, "no scan found"),
        (["convert", ".", "-o", "out", "--units", "parsec"], 2, "not a unit"),
        (["convert", ".", "-o", "out", "--up", "w"], 2, "not an axis"),
        (["convert", ".", "-o", "out", "--height", "tall"], 2, "not a length"),
        (["convert", ".", "-o", "out", "--levels", "huge"], 2, "not a level"),
        (["convert", ".", "-o", "out", "--surface", "cheese"], 2, "not a surface material"),
        (["convert", ".", "-o", "out", "--memory", "lots"], 2, "not an amount"),
        (["inspect", "nowhere.ply"], 4, "nowhere.ply"),
        (["build", "nowhere"], 3, "nowhere: there is no such folder. 'exhibit new DIR' makes"),
        (["build", "."], 3, "neither scenes/ nor assets/"),
        (["demo", "--up", "y"], 2, "Give --from FOLDER too"),
        (["demo", "--from", ".", "--up", "w"], 2, "not an axis"),
        (["serve", "nowhere"], 2, "nowhere"),
        (["validate", "nowhere"], 2, "nowhere"),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(arguments, code, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_what_it_would_do_and_does_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xyz").write_text("0 0 0\n1 0 0\n0 1 0\n0 0 1\n")
    assert run(["convert", "a.xyz", "-o", "out", "--dry-run", "--json", "--units", "mm"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scans"] == [{"source": "a.xyz", "name": "a", "options": {"units": "mm"}}]
    assert not (tmp_path / "out").exists()


def test_a_dry_run_finds_a_scan_that_was_cut_off(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = write_ply(tmp_path / "scans" / "whole.ply", np.zeros((50, 3)))
    (tmp_path / "scans" / "cut.ply").write_bytes(whole.read_bytes()[:-100])
    assert run(["convert", "scans", "-o", "out", "--dry-run"]) == 1
    told = capsys.readouterr()
    assert "whole.ply →" in told.out and "cut.ply" not in told.out
    assert "is cut off: it promises 50 rows" in told.err
    assert run(["convert", "scans/cut.ply", "-o", "out", "--dry-run", "--json"]) == 4
    assert "is cut off" in json.loads(capsys.readouterr().out)["scans"][0]["error"]
    assert not (tmp_path / "out").exists()


def test_the_bar_of_a_scan_that_failed_goes_and_the_whole_is_counted():
    from rich.console import Console
    from rich.progress import Progress

    drawn = Progress(console=Console(file=io.StringIO()))
    some = Bars(drawn)
    some.start(2)
    for name in ("cut", "lion"):
        some.report(name, 0.01, "clean")
    some.ended(Outcome("cut", None, SourceError("is cut off."), 1.0))
    shown = {task.description: (task.visible, task.completed) for task in drawn.tasks}
    assert shown == {"all": (True, 1.01), "cut": (False, 1.0), "lion": (True, 0.01)}
    some.report("lion", 1.0, "done")
    some.aside("light of the room", 0.2, "lamps")
    assert [task.description for task in drawn.tasks if task.visible] == ["light of the room"]


def test_results_among_the_scans_are_refused_with_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.xyz").write_text("0 0 0\n1 0 0\n0 1 0\n0 0 1\n")
    assert run(["convert", "scans", "-o", "scans"]) == 2
    assert "Name another folder for the results" in capsys.readouterr().err


def test_remedies_are_told_in_the_words_of_the_record():
    told = in_record("58532 points were cut off; --keep-table keeps them.", "vase")
    assert "keep_table = true keeps them" in told and "[scan] in assets/vase/relic.toml" in told
    assert 'engine = "open3d"' in in_record("Try --engine open3d", "vase")
    assert "--up" not in in_record("State --up if the object lies on its side.", "vase")
    for sentence in ("Nothing to do.", "Use --jobs 1.", "Use smaller textures (--texture-size)."):
        assert in_record(sentence, "vase") == sentence


def test_another_port_than_the_one_asked_for_is_said():
    said = []
    say_moved(8001, 8000, said.append)
    say_moved(8000, 8000, said.append)
    say_moved(51234, 0, said.append)
    assert said == ["Port 8000 is in use by another program, so this is at port 8001."]


@pytest.mark.parametrize(
    ("percent", "seconds", "tells"), [(4, 60, False), (30, 2, False), (5, 5, True), (9, None, False)]
)
def test_the_rest_is_told_only_when_it_can_be_known(percent, seconds, tells):
    assert can_tell_rest(percent, seconds) is tells


def test_a_bug_says_so_and_where_the_details_are(monkeypatch, capsys):
    from exhibit.cli import main

    monkeypatch.setitem(main.COMMANDS, "broken", "x")
    monkeypatch.setattr(main.importlib, "import_module", lambda name: 1 / 0)
    assert run(["broken"]) == 70
    error = capsys.readouterr().err
    assert "This is a bug" in error and "Traceback" not in error
    path = Path(error.split("The details are in ")[1].split("; please")[0])
    assert "ZeroDivisionError" in path.read_text()
    path.unlink()


def test_doctor_finds_this_machine_sound(capsys):
    assert run(["doctor", "--json"]) == 0
    assert all(check["is_sound"] for check in json.loads(capsys.readouterr().out) if check["is_required"])
