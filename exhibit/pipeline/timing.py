"""Seconds and peak memory per stage, for ``timings.json``; they never enter the site or a key."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exhibit.engines.heap import give_back_freed

SAMPLE_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class StageTime:
    """What one stage cost: seconds of wall time, and the sampled peak of resident memory of the process tree, MB."""

    stage: str
    seconds: float
    peak_mb: float


class Stopwatch:
    """Measures stages while it is open; memory is sampled five times a second."""

    def __init__(self) -> None:
        self.times: list[StageTime] = []
        self._peak = 0
        self._ended = threading.Event()
        self._started = time.perf_counter()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Stopwatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what runs inside."""
        started, self._peak = time.perf_counter(), _resident_bytes()
        yield
        give_back_freed()
        self.times.append(StageTime(name, round(time.perf_counter() - started, 3), round(self._peak / 2**20, 1)))

    def as_json(self) -> dict[str, Any]:
        """Return the content of ``timings.json``."""
        return {
            "total_seconds": round(time.perf_counter() - self._started, 3),
            "peak_mb": max((time.peak_mb for time in self.times), default=0.0),
            "stages": [{"stage": t.stage, "seconds": t.seconds, "peak_mb": t.peak_mb} for t in self.times],
        }

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_EVERY_S):
            self._peak = max(self._peak, _resident_bytes())


def _resident_bytes() -> int:
    import psutil

    me = psutil.Process()
    total = 0
    for process in [me, *me.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total
