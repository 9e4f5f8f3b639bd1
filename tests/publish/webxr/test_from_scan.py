"""From scan to relic on the page itself: pictures, words and figures, complete without a script."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from scanned_site import scanned_site

from exhibit.publish.plan import plan


@pytest.fixture(scope="module")
def files():
    return plan(scanned_site()).files


def page(files, relic, language="en"):
    return files[f"{language}/relics/{relic}/index.html"].decode()


def test_a_relic_without_pictures_says_nothing_of_its_making(files):
    assert 'class="from-scan"' not in page(files, "glass-bead")
    document = json.loads(files["exhibition.json"])
    assert document["relics"][2]["points"] is None


def test_a_scanned_relic_shows_three_stops_with_their_figures(files):
    text = page(files, "green-vase")
    assert [text.index(f'data-stage="{stage}"') for stage in ("points", "form", "surface")] == sorted(
        text.index(f'data-stage="{stage}"') for stage in ("points", "form", "surface")
    )
    assert "6,000 of the 412,318 points" in text and "148,312 triangles" in text
    assert "0\u00a0mm" in text and "0.058\u00a0mm" in text, "no loss at first, then the hero's mean distance"
    assert "±" in text and "ΔE\u00a01.3" in text and "91\u00a0%" in text
    for name in ("points", "form", "surface"):
        assert f'src="../../../relics/green-vase/stage-{name}.webp"' in text
        assert f"relics/green-vase/stage-{name}.webp" in files


def test_chinese_readers_get_chinese_words(files):
    text = page(files, "green-vase", "zh-Hans")
    assert "从扫描到成品" in text and "选自实测的 412,318 个" in text and "点云" in text and "素模" in text


def test_a_relic_that_came_as_a_mesh_begins_with_its_form_and_says_why(files):
    text = page(files, "ochre-bowl")
    assert 'data-stage="points"' not in text and 'data-stage="form"' in text
    assert "came as a finished mesh" in text
    assert json.loads(files["exhibition.json"])["relics"][1]["points"] is None


def test_scripts_learn_where_the_points_are(files):
    points = json.loads(files["exhibition.json"])["relics"][0]["points"]
    assert points == {
        "url": "relics/green-vase/points.glb",
        "bytes": len(files["relics/green-vase/points.glb"]),
        "shown": 6000,
        "scanned": 412_318,
    }
