"""A site in view while its relics are being made: empty places first, and nothing made is ever missing."""

import dataclasses
import json
import shutil
import threading
import time

import numpy as np
import pytest

from exhibit.api import build
from exhibit.pipeline.build import make_relics, plan_build
from exhibit.pipeline.recipe import RelicOptions
from exhibit.pipeline.run import Outcome
from exhibit.pipeline.workload import Workload
from exhibit.publish import showing
from exhibit.publish.making import Making
from tests.pipeline.sample_scans import bumpy_ball, write_ply

OPTIONS = RelicOptions(levels=("thumb",), texture_px=256)
RECORD = """
title.en = "Ball"
{dimensions}
[rights.default]
uri = "https://creativecommons.org/publicdomain/zero/1.0/"
"""


def make_project(folder, **dimensions):
    """One ball for each name; a record with its catalogue size, or without where that is None."""
    for number, (name, height_mm) in enumerate(dimensions.items()):
        place = folder / "assets" / name
        write_ply(place / "ball.ply", *bumpy_ball(6000, seed=number))
        said = f"dimensions.height_mm = {height_mm}" if height_mm else ""
        (place / "relic.toml").write_text(RECORD.format(dimensions=said), "utf-8")
    (folder / "scenes").mkdir()
    (folder / "scenes" / "one.toml").write_text('languages = ["en"]\ntitle.en = "Balls"\n', "utf-8")
    return folder


def shown(site):
    return {each["id"]: each for each in json.loads((site / "exhibition.json").read_text())["relics"]}


def levels_of(site, relic):
    return {level["name"] for level in shown(site)[relic]["levels"]}


def pending(site):
    return {name for name, relic in shown(site).items() if relic["pending"]}


def test_the_smallest_scan_is_made_first_and_then_the_largest_and_told_in_the_exhibition_s_order(tmp_path, monkeypatch):
    folder = make_project(tmp_path, big=200, small=200, biggest=200, middle=200)
    for name, n_bytes in (("big", 900), ("small", 100), ("biggest", 1000), ("middle", 500)):
        (folder / "assets" / name / "ball.ply").write_bytes(b"-" * n_bytes)
    begun = []

    def note_order(self, tasks, *, beside=None):
        begun.extend(task.name for task in tasks)
        return tuple(Outcome(task.name, None, None, 0.0) for task in tasks)

    monkeypatch.setattr(Workload, "run", note_order)
    planned = plan_build(folder)
    told = make_relics(planned)
    assert begun == ["small", "biggest", "big", "middle"]
    assert [outcome.name for outcome in told] == list(planned.relics)


def test_a_first_look_is_shown_before_the_rest_of_that_relic_is_made(tmp_path):
    folder = make_project(tmp_path, one=200, two=200)
    options = dataclasses.replace(OPTIONS, levels=("thumb", "room"))
    heard, between, starts = [], [], []

    def ended(outcome):
        heard.append(outcome.name)
        if outcome.name == "one" and not between:
            between.append((pending(folder / "site"), levels_of(folder / "site", "one")))

    workload = Workload(n_jobs=1, on_start=starts.append, on_outcome=ended)
    built = build(folder, options=options, workload=workload, on_shown=lambda site, making: None)
    assert heard == ["one", "two"] and starts == [2]
    assert between == [({"two"}, {"thumb"})]
    assert [outcome.name for outcome in built.outcomes] == ["one", "two"]
    assert levels_of(folder / "site", "one") == levels_of(folder / "site", "two") == {"thumb", "room"}
    look = json.loads((folder / ".exhibit/looks/one/report.json").read_text())  # not where the rest was written since
    assert [level["name"] for level in look["levels"]] == ["thumb"]
    heard.clear()
    again = build(folder, options=options, workload=workload, on_shown=lambda site, making: None)
    assert all(outcome.value.was_unchanged for outcome in again.outcomes) and sorted(heard) == ["one", "two"]


def test_a_look_that_fails_is_told_once(tmp_path):
    folder = make_project(tmp_path, broken=200, whole=200)
    write_ply(folder / "assets" / "broken" / "ball.ply", np.zeros((3, 3)))
    told = []
    workload = Workload(n_jobs=1, on_outcome=lambda outcome: told.append((outcome.name, outcome.error is None)))
    options = dataclasses.replace(OPTIONS, levels=("thumb", "room"))
    build(folder, options=options, workload=workload, on_shown=lambda site, making: None)
    assert told == [("broken", False), ("whole", True)]


def test_who_stops_after_the_first_look_keeps_it(tmp_path):
    folder = make_project(tmp_path, one=200, two=200)
    options = dataclasses.replace(OPTIONS, levels=("thumb", "room"))
    stop = threading.Event()
    workload = Workload(n_jobs=1, is_cancelled=stop.is_set)

    def stop_when_seen():
        while "one" in pending(folder / "site"):
            time.sleep(0.1)
        stop.set()

    def shown_first(site, making):
        threading.Thread(target=stop_when_seen, daemon=True).start()

    built = build(folder, options=options, workload=workload, on_shown=shown_first)
    assert built.exit_code == 130 and built.is_written
    assert levels_of(folder / "site", "one") == {"thumb"} and "two" not in shown(folder / "site")


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Relics are made one after the other, one fails, and what is on disk is noted whenever something happens."""
    folder = make_project(tmp_path_factory.mktemp("live"), first=200, broken=200, second=200)
    write_ply(folder / "assets" / "broken" / "ball.ply", np.zeros((3, 3)))
    seen = {}

    def begun(site, making):
        page = (site / "en/index.html").exists()
        is_lit = (folder / ".exhibit" / "store").exists()
        seen.update(first=(pending(site), making.as_json()), making=making, page=page, is_lit=is_lit)

    def ended(outcome):
        if outcome.name == "second":  # the first was made long ago
            seen["between"] = pending(folder / "site"), seen["making"].as_json()

    built = build(folder, options=OPTIONS, workload=Workload(n_jobs=1, on_outcome=ended), on_shown=begun)
    return folder, built, seen


def test_the_hall_is_open_before_any_relic_is_made(watched):
    _, _, seen = watched
    empty, told = seen["first"]
    assert empty == {"first", "broken", "second"} and seen["page"]
    assert {each["state"] for each in told["relics"].values()} == {"waiting"}
    assert not seen["is_lit"]  # light takes seconds; the address does not wait for it


def test_what_was_made_stands_there_and_what_failed_is_gone_while_the_next_is_made(watched):
    _, _, seen = watched
    empty, told = seen["between"]
    assert empty == {"second"}
    assert told["relics"]["first"] == {"state": "made", "share": 1.0}
    assert told["relics"]["broken"]["state"] == "failed"
    assert not told["done"]


def test_at_the_end_nothing_is_pending_and_the_site_is_as_one_built_at_once(watched, tmp_path):
    folder, built, seen = watched
    assert built.exit_code == 1 and pending(built.site) == set()
    assert set(shown(built.site)) == {"first", "second"}
    assert seen["making"].as_json()["done"]
    whole = build(folder, tmp_path / "site", options=OPTIONS)
    files = sorted(path.relative_to(whole.site) for path in whole.site.rglob("*") if path.is_file())
    assert all((built.site / path).read_bytes() == (whole.site / path).read_bytes() for path in files)


def test_a_whole_site_is_shown_as_it_is_and_never_emptied_again(watched):
    folder, _, _ = watched
    shutil.rmtree(folder / "assets" / "broken")
    seen = []
    again = build(folder, options=OPTIONS, on_shown=lambda site, making: seen.append(pending(site)))
    assert seen == [set()] and again.n_written == 0


def test_a_stopped_making_keeps_what_is_done(tmp_path):
    folder = make_project(tmp_path, first=200, second=200)
    done = []
    workload = Workload(n_jobs=1, on_outcome=done.append, is_cancelled=lambda: bool(done))
    built = build(folder, options=OPTIONS, workload=workload, on_shown=lambda site, making: None)
    assert built.exit_code == 130 and built.is_written
    assert list(shown(built.site)) == ["first"] and not pending(built.site)


def test_places_are_as_large_as_catalogue_or_scan_say(tmp_path):
    folder = make_project(tmp_path, tall=1500, unknown=None)
    first, later = {}, {}

    def begun(site, making):
        first.update(shown(site))
        for _ in range(200):
            if (now := shown(site))["unknown"]["size"] != first["unknown"]["size"]:
                later.update(now)
                return
            time.sleep(0.05)

    build(folder, options=OPTIONS, workload=Workload(is_cancelled=lambda: True), on_shown=begun)
    assert first["tall"]["size"][1] == pytest.approx(1.5)
    assert later["unknown"]["size"] == pytest.approx([0.2, 0.2, 0.2], rel=0.1)


def test_what_is_known_is_shown_while_other_scans_are_still_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(showing, "_LOOKING_S", 0.0)
    folder = make_project(tmp_path, one=None, two=None)
    may_end = threading.Event()

    def size_of(name):
        if name == "two":
            may_end.wait(60)
        return 0.1, 0.25, 0.1

    shows = showing.Showing(plan_build(folder), folder / "site", size_of=size_of)
    shows.begin()
    try:
        while_looking = [shown(folder / "site")["one"]["size"][1]]
        for _ in range(600):
            if while_looking[-1] == 0.25:
                break
            time.sleep(0.05)
            while_looking.append(shown(folder / "site")["one"]["size"][1])
        assert while_looking[-1] == 0.25
    finally:
        may_end.set()
        shows.leave(())


def test_progress_never_goes_back_nor_past_its_end():
    making = Making(["a", "b"])
    for share in (0.4, 0.2, 7.0):
        making.report("a", share)
    making.report("nobody", 0.5)
    assert making.as_json()["relics"] == {
        "a": {"state": "making", "share": 1.0},
        "b": {"state": "waiting", "share": 0.0},
    }
    making.published({"a": "failed"}, is_done=False)
    making.report("a", 0.1)
    assert making.as_json()["relics"]["a"]["state"] == "failed"
