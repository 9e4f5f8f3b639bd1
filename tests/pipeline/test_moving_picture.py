"""The moving picture of a front page: which relic has one, and how large its files may be."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from exhibit.errors import DefinitionError
from exhibit.pipeline import moving_picture
from exhibit.pipeline.build import plan_build
from exhibit.pipeline.project import new_project
from exhibit.progress import SILENT
from exhibit.stages.turn import TurnOptions


@pytest.fixture
def noisy_turn(monkeypatch):
    """A turn that hardly compresses, in place of a relic's."""
    chance = np.random.default_rng(7)
    frames = chance.integers(0, 255, (24, 200, 200, 4), np.uint8)
    frames[:, :, :, 3] = 255
    frames[:, :20, :, 3] = 0
    monkeypatch.setattr(moving_picture, "turn", lambda *_, **__: frames)
    return frames


def test_it_keeps_within_its_bytes_however_rich_and_stands_on_black(noisy_turn, monkeypatch):
    rich, still = moving_picture.moving_picture(None, TurnOptions(), SILENT)
    monkeypatch.setattr(moving_picture, "MAX_BYTES", len(rich) * 2 // 3)
    small, _ = moving_picture.moving_picture(None, TurnOptions(), SILENT)
    assert len(small) <= len(rich) * 2 // 3
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.n_frames == 24
    first = np.asarray(Image.open(io.BytesIO(still)).convert("RGB"))
    assert first[:12].max() < 16
    assert first[30:].mean() > 60


def test_equal_turns_give_equal_bytes_at_another_hour(noisy_turn):
    once, still = moving_picture.moving_picture(None, TurnOptions(), SILENT)
    time.sleep(1.1)  # the format counts seconds
    assert moving_picture.moving_picture(None, TurnOptions(), SILENT) == (once, still)
    assert b"mvhd" in once and b"mdhd" in once


def test_without_avif_there_is_the_still_alone(noisy_turn, monkeypatch):
    monkeypatch.setattr(moving_picture.features, "check", lambda name: False)
    moving, still = moving_picture.moving_picture(None, TurnOptions(), SILENT)
    assert moving == b"" and still


def test_a_scene_features_its_first_relic_or_the_one_it_names(tmp_path):
    new_project(tmp_path / "museum")
    assert plan_build(tmp_path / "museum").featured == "bronze-ding"
    scene = tmp_path / "museum" / "scenes" / "sample.toml"
    text = scene.read_text("utf-8")
    scene.write_text('feature = "gone"\n' + text, "utf-8")
    with pytest.raises(DefinitionError, match="'gone' is not shown"):
        plan_build(tmp_path / "museum")
