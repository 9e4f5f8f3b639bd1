"""The demo's scans are those that assets/README.md tells of, modelled, and small enough."""

import re
import shlex
from pathlib import Path

import laspy
import pytest

from exhibit.capture.objects import object_names
from exhibit.cli.main import cli

ROOT = Path(__file__).parents[2]
LINES = re.findall(r"^exhibit simulate (.*)$", (ROOT / "assets" / "README.md").read_text("utf-8"), re.MULTILINE)
SCANS = sorted((ROOT / "assets").glob("*/*.laz"))


def test_every_scan_has_its_line_and_every_line_its_scan():
    told = {ROOT / shlex.split(line)[shlex.split(line).index("--out") + 1] for line in LINES}
    assert told == set(SCANS)
    assert sum(path.stat().st_size for path in SCANS) < 25e6


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split()[0])
def test_a_line_makes_sense_and_the_scan_is_what_it_says(line):
    command = cli.get_command(None, "simulate")
    given = command.make_context("simulate", shlex.split(line)).params
    assert given["thing"].replace("-", "_") in object_names()
    path = ROOT / given["out"]
    assert path.parent.name == path.stem == given["thing"] and path.stat().st_size < 8e6
    with laspy.open(path) as reader:
        assert reader.header.point_count == int(given["points"].removesuffix("k")) * 1000
        assert reader.header.system_identifier == "MODELLED"
