import os
import time

import numpy as np
import pytest

from exhibit.engines import trial
from exhibit.engines.child import run_in_child
from exhibit.errors import Cancelled, SourceError, StageError
from exhibit.progress import Progress


def test_arrays_come_back_equal():
    array = np.arange(3_000_000, dtype=np.float32).reshape(-1, 3)
    assert np.array_equal(run_in_child(trial.echo, {"a": array}, what="echo")["a"], array)


def test_the_child_is_another_process_and_stays_for_the_next_call():
    first = run_in_child(trial.process_id, what="id")
    assert first != os.getpid()
    assert run_in_child(trial.process_id, what="id") == first


def test_noise_on_standard_output_does_not_spoil_the_answer():
    assert run_in_child(trial.chatter, 20_000, what="chatter") == 20_000


def test_a_crash_becomes_one_sentence_and_the_next_call_works():
    with pytest.raises(StageError, match=r"crash trial crashed.*about to fall"):
        run_in_child(trial.crash, what="crash trial")
    assert run_in_child(trial.echo, 1, what="echo") == 1


def test_a_hang_ends_at_the_time_limit():
    with pytest.raises(StageError, match="longer than"):
        run_in_child(trial.sleep, 600.0, what="sleep", timeout_s=0.5)


def test_a_memory_flood_is_ended():
    with pytest.raises(StageError, match="needed more than 200 MB"):
        run_in_child(trial.swell, 600 * 2**20, what="swell", memory_bytes=200 * 2**20)


def test_our_own_errors_pass_unchanged_and_foreign_ones_are_wrapped():
    with pytest.raises(SourceError, match=r"here: no Do this\."):
        run_in_child(trial.refuse, what="refuse")
    with pytest.raises(StageError, match="RuntimeError: bad triangles"):
        run_in_child(trial.stumble, what="stumble")


def test_cancelling_kills_the_child_and_the_next_call_works():
    before = run_in_child(trial.process_id, what="id")
    asked = time.monotonic() + 0.5
    with pytest.raises(Cancelled):
        run_in_child(trial.sleep, 60.0, what="sleep", progress=Progress(is_cancelled=lambda: time.monotonic() > asked))
    assert run_in_child(trial.process_id, what="id") != before


def test_only_engines_may_be_called():
    with pytest.raises(ValueError, match="not an engine"):
        run_in_child(os.getcwd, what="cwd")
