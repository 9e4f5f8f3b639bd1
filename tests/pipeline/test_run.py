import time

from exhibit.errors import Bug, Cancelled, SourceError, StageError
from exhibit.pipeline.run import Task, run_tasks

TRIAL = "exhibit.pipeline.trial:"


def outcomes(tasks, **options):
    return {outcome.name: outcome for outcome in run_tasks(tasks, **options)}


def test_every_task_has_its_outcome_and_one_failure_stops_no_other():
    found = outcomes(
        [
            Task("a", TRIAL + "echo", (1,)),
            Task("b", TRIAL + "refuse", ()),
            Task("c", TRIAL + "crash", ()),
            Task("d", TRIAL + "stumble", ()),
            Task("e", TRIAL + "echo", (2,)),
        ],
        n_jobs=2,
    )
    assert found["a"].value == 1 and found["e"].value == 2
    assert isinstance(found["b"].error, SourceError) and found["b"].error.where == "a.ply"
    assert isinstance(found["c"].error, StageError) and "SIGABRT" in str(found["c"].error)
    assert isinstance(found["d"].error, Bug) and "RuntimeError: bad" in found["d"].error.trace


def test_progress_comes_with_the_task_s_name():
    heard = []
    outcomes([Task("a", TRIAL + "echo", (1,))], on_progress=lambda *report: heard.append(report))
    assert heard == [("a", 0.5, "half")]


def test_two_jobs_run_at_the_same_time():
    heard = []
    tasks = [Task(str(number), TRIAL + "wait", (2.0,)) for number in range(2)]
    first = next(run_tasks(tasks, n_jobs=2, on_progress=lambda name, *_: heard.append(name)))
    assert first.error is None and set(heard) == {"0", "1"}


def test_cancelling_stops_the_running_task_and_starts_no_other():
    until = time.monotonic() + 1.0
    found = outcomes(
        [Task("a", TRIAL + "wait", (60.0,)), Task("b", TRIAL + "wait", (60.0,))],
        is_cancelled=lambda: time.monotonic() > until,
    )
    assert isinstance(found["a"].error, Cancelled) and isinstance(found["b"].error, Cancelled)


def test_help_starts_beside_the_first_task_and_takes_no_place_afterwards():
    heard = []
    helping = Task("help", TRIAL + "wait", (0.3,))
    tasks = [Task(str(number), TRIAL + "wait", (1.0,)) for number in range(2)]
    began = time.monotonic()
    found = outcomes(tasks, beside=helping, on_progress=lambda name, *_: heard.append(name))
    assert set(found) == {"0", "1"} and heard[: heard.index("1")].count("help") > 0
    assert time.monotonic() - began > 2.0  # one at a time, though help had a place of its own


def test_help_that_fails_or_takes_long_is_nobody_s_concern():
    began = time.monotonic()
    task = Task("a", TRIAL + "echo", (1,))
    assert outcomes([task], beside=Task("help", TRIAL + "crash", ()))["a"].value == 1
    assert outcomes([task], beside=Task("help", TRIAL + "wait", (60.0,)))["a"].value == 1
    assert outcomes([], beside=Task("help", TRIAL + "wait", (60.0,))) == {}
    assert time.monotonic() - began < 30


def test_help_is_not_among_what_a_stop_left_undone():
    tasks = [Task(name, TRIAL + "wait", (60.0,)) for name in "ab"]
    found = outcomes(tasks, beside=Task("help", TRIAL + "wait", (60.0,)), is_cancelled=lambda: True)
    assert set(found) == {"a", "b"} and all(isinstance(one.error, Cancelled) for one in found.values())
