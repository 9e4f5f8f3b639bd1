"""What is stated with --memory is kept: by averaging scans to fewer points, or by saying that it cannot be."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from analytic import sphere

from exhibit.errors import UsageError
from exhibit.pipeline.budget import FEWEST_POINTS, bytes_for, points_within
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.workload import Workload
from tests.bench.memory import run_watched
from tests.bench.subjects import write_ply

LEVELS = ("thumb", "room")
ROOT = Path(__file__).parents[2]


def test_as_many_points_as_fit_are_worked_on_and_no_fewer():
    n = points_within(2 * 2**30, LEVELS)
    assert bytes_for(n, LEVELS) <= 2 * 2**30 < bytes_for(n + 1, LEVELS)
    assert points_within(2 * 2**30, (*LEVELS, "inspect")) < n


def test_too_little_memory_is_refused_in_one_sentence_that_names_enough():
    least = bytes_for(FEWEST_POINTS, LEVELS)
    with pytest.raises(UsageError, match=r"too little for one relic\. Give --memory \d+MB") as caught:
        points_within(least - 1, LEVELS)
    assert "\n" not in str(caught.value)
    enough = int(str(caught.value).split("--memory ")[1].split("MB")[0])
    assert points_within(enough * 2**20, LEVELS) >= FEWEST_POINTS


def test_memory_that_was_not_stated_changes_no_model():
    options = RelicOptions(levels=LEVELS)
    assert Workload(n_jobs=4).fitted(options, 4) is options
    assert Workload(memory_bytes=64 * 2**30).fitted(options, 4) == options


def test_relics_made_at_once_share_what_was_stated():
    options, stated = RelicOptions(levels=LEVELS), 3 * 2**29
    alone = Workload(n_jobs=1, memory_bytes=stated).fitted(options, 2)
    shared = Workload(n_jobs=2, memory_bytes=stated).fitted(options, 1)
    assert alone == shared and alone.max_points == points_within(stated, LEVELS)
    with pytest.raises(UsageError, match="--jobs 1"):
        Workload(n_jobs=2, memory_bytes=stated).fitted(options, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process tree is measured alike on Linux only")
def test_a_streamed_scan_of_many_points_stays_within_its_memory_whole_process_tree(tmp_path):
    points = np.concatenate([sphere(500_000, seed=seed).points for seed in range(3)]).astype(np.float32)
    points *= (1 + 0.05 * np.sin(9 * points[:, :1]) * np.cos(7 * points[:, 1:2])).astype(np.float32)
    write_ply(tmp_path / "ball.ply", points, None)
    stated = 1000
    ended = run_watched(
        [sys.executable, "-m", "exhibit", "convert", "ball.ply", "--out", "out", "--levels", "thumb", "--jobs", "1",
         "--memory", f"{stated}MB", "--quiet"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, log=tmp_path / "log", timeout_s=300,
    )  # fmt: skip
    assert ended.code == 0, (tmp_path / "log").read_text()
    print(f"{ended.peak_mb:.0f} of {stated} MB")
    assert ended.peak_mb < stated
    assert "clean.thinned" in (tmp_path / "out" / "ball" / "report.json").read_text()
