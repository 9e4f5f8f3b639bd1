"""A process of its own, its seconds, and the most memory it and its children held at one time."""

from __future__ import annotations

import contextlib
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process went.

    Parameters
    ----------
    code : exit status.
    wall_s, cpu_s : from start to end, of the whole tree.
    peak_mb : largest sum of resident sizes over the tree; pages that two processes share count twice.
    """

    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def run_watched(command: list[str], *, cwd: Path, env: dict[str, str], log: Path, timeout_s: float) -> Ended:
    """Run a command to its end, or to its death at `timeout_s`; what it prints goes to `log`."""
    import psutil

    started, peak = time.perf_counter(), 0
    spent: dict[int, float] = {}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=stream, stderr=subprocess.STDOUT)
        root = psutil.Process(process.pid)
        try:
            while True:
                peak = max(peak, _measure(root, spent))
                try:
                    code = process.wait(POLL_S)
                    break
                except subprocess.TimeoutExpired:
                    if time.perf_counter() - started > timeout_s:
                        raise
        except BaseException as fault:
            _kill(root)
            code = process.wait()
            if not isinstance(fault, subprocess.TimeoutExpired):
                raise
    return Ended(code, time.perf_counter() - started, sum(spent.values()), peak / 2**20)


def _measure(root: object, spent: dict[int, float]) -> int:
    import psutil

    assert isinstance(root, psutil.Process)
    resident = 0
    with contextlib.suppress(psutil.Error):
        for one in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                resident += one.memory_info().rss
                times = one.cpu_times()
                spent[one.pid] = times.user + times.system
    return resident


def _kill(root: object) -> None:
    import psutil

    assert isinstance(root, psutil.Process)
    with contextlib.suppress(psutil.Error):
        for one in [*root.children(recursive=True), root]:
            with contextlib.suppress(psutil.Error):
                one.kill()
