"""Wall and processor seconds of each stage, children of the process included."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator


def cpu_seconds() -> float:
    """Return the processor seconds of this process and of all it started, ended or not."""
    import psutil

    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            spent = child.cpu_times()
            total += spent.user + spent.system
    return total


class Clock:
    """Seconds by stage: ``{"clean": (wall, cpu)}``, in the order they ran."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[float, float]] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside; a second time under one name is added."""
        wall, cpu = time.perf_counter(), cpu_seconds()
        yield
        before = self.stages.get(name, (0.0, 0.0))
        self.stages[name] = before[0] + time.perf_counter() - wall, before[1] + cpu_seconds() - cpu

    def total(self, *names: str) -> tuple[float, float]:
        """Return wall and processor seconds of these stages, of all without names."""
        chosen = [spent for name, spent in self.stages.items() if not names or name in names]
        return sum(wall for wall, _ in chosen), sum(cpu for _, cpu in chosen)
