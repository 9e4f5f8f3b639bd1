import json
import subprocess
import sys
from pathlib import Path

import pytest

from exhibit.cli.console import run
from exhibit.cli.main import COMMANDS

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
        (["build", "nowhere"], 3, "nowhere"),
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
