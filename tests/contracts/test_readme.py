"""The README says what the program does: its lines run, its options exist."""

import re
from pathlib import Path

import pytest

from exhibit.cli.main import COMMANDS, cli
from exhibit.model.record import Dimensions, Hotspot, NarrationSource, RelicRecord, ScanSource
from tests.pipeline.sample_scans import bumpy_ball, write_ply

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_example_in_python_runs(tmp_path, monkeypatch, capsys):
    code = re.search(r"<!-- example -->\n```python\n(.*?)```", README, re.DOTALL)[1]
    write_ply(tmp_path / "bust.ply", *bumpy_ball(8000))
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("8000 ") and "bust" in printed
    assert (tmp_path / "relics" / "bust" / "room.glb").is_file()


@pytest.mark.parametrize("model", [RelicRecord, ScanSource, Dimensions, NarrationSource, Hotspot])
def test_every_key_of_a_record_is_in_the_manual(model):
    lacking = [key for key in model.model_fields if f"`{key}`" not in README and f"`[{key}]`" not in README]
    lacking = [key for key in lacking if f"`[[{key}]]`" not in README and f"`[{key}.en]`" not in README]
    # the folder's name says the id, and only mistaken records have the key
    assert set(lacking) <= {"id"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_the_manual(name):
    command = cli.get_command(None, name)
    for parameter in command.params:
        options = [option for option in (*parameter.opts, *parameter.secondary_opts) if option.startswith("--")]
        told = [option for option in options if f"`{option}" in README]
        assert told or not options, f"{name} {options} is not in README.md"


def test_every_command_is_in_the_manual():
    for name in COMMANDS:
        assert f"exhibit {name}" in README or f"`{name}" in README
