"""The order in which relics are made when a first look is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from exhibit.pipeline.build import LOOK_POINTS, _with_look
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.run import Task
from exhibit.pipeline.workload import Workload


def tasks_of(folder: Path, options: RelicOptions, *names: str) -> list[Task]:
    return [Task(name, "no:thing", (folder / name, name, folder / "made" / name, options, None)) for name in names]


@pytest.mark.parametrize(
    ("n_jobs", "order"),
    [
        (1, ["a: first look", "a", "b", "c", "d"]),
        (2, ["a: first look", "b", "a", "c", "d"]),
        (3, ["a: first look", "b", "c", "a", "d"]),
    ],
)
def test_the_rest_of_a_relic_waits_until_its_look_has_ended(tmp_path, n_jobs, order):
    tasks = tasks_of(tmp_path, RelicOptions(), "a", "b", "c", "d")
    ordered, _ = _with_look(tasks, tmp_path / "looks", Workload(n_jobs=n_jobs), lambda outcome: None)
    assert [task.name for task in ordered] == order


def test_a_look_takes_few_points_and_one_level_and_the_relic_itself_takes_all(tmp_path):
    tasks = tasks_of(tmp_path, RelicOptions(turns=True), "a", "b", "c")
    ordered, _ = _with_look(tasks, tmp_path / "looks", Workload(n_jobs=2), lambda outcome: None)
    look, _, relic, _ = ordered
    assert (look.args[3].max_points, look.args[3].levels, look.args[3].turns) == (LOOK_POINTS, ("thumb",), False)
    assert relic.args[3] == RelicOptions(turns=True)
    assert look.args[2] != relic.args[2]


def test_who_asked_for_fewer_points_gets_no_more_in_a_look(tmp_path):
    tasks = tasks_of(tmp_path, RelicOptions(max_points=5000), "a", "b", "c")
    ordered, _ = _with_look(tasks, tmp_path / "looks", Workload(n_jobs=2), lambda outcome: None)
    assert ordered[0].args[3].max_points == 5000


def test_a_relic_wanted_in_one_level_only_has_no_look(tmp_path):
    tasks = tasks_of(tmp_path, RelicOptions(levels=("thumb",)), "a", "b", "c")
    ordered, _ = _with_look(tasks, tmp_path / "looks", Workload(n_jobs=2), lambda outcome: None)
    assert ordered == tasks
