"""How a run over many relics goes: how many at once, who listens, who may stop it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exhibit.errors import Cancelled
from exhibit.pipeline.budget import points_within
from exhibit.pipeline.run import Outcome, Task, run_tasks

if TYPE_CHECKING:
    from exhibit.pipeline.recipe import RelicOptions

MEMORY_PER_JOB = 3 * 2**30
"""What one relic takes at its peak, generously; measured 1 to 2 GB on scans of 0.3 to 2 million points."""


def _ignore_start(n_tasks: int) -> None:
    """Listen to nothing."""


def _ignore_progress(name: str, fraction: float, note: str) -> None:
    """Listen to nothing."""


def _ignore_outcome(outcome: Outcome) -> None:
    """Listen to nothing."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Workload:
    """How a run goes; none of it changes what comes out, but that little memory makes coarser models.

    Parameters
    ----------
    n_jobs : relics made at once; by default as many as there are cores and memory for.
    memory_bytes : memory to use in all; by default 80 % of what is free, of which only the number of jobs follows.
        What is stated is kept: where it is too little for a relic, its scan is averaged to fewer points.
    force : make again what is there already.
    on_start : told how many relics there are.
    on_progress : told a relic's name, its fraction done and a note.
    on_outcome : told what became of a relic.
    on_aside : told, in the same way, of work that is no relic: an installation's first compiling, the room's light.
    is_cancelled : asked ten times a second; once true, running relics are asked to stop and no new one starts.
    """

    n_jobs: int | None = None
    memory_bytes: int | None = None
    force: bool = False
    on_start: Callable[[int], None] = _ignore_start
    on_progress: Callable[[str, float, str], None] = _ignore_progress
    on_outcome: Callable[[Outcome], None] = _ignore_outcome
    on_aside: Callable[[str, float, str], None] = _ignore_progress
    is_cancelled: Callable[[], bool] = _never

    def jobs_for(self, n_tasks: int) -> int:
        """Return how many relics to make at once: as many as there are cores and memory for."""
        if self.n_jobs is not None:
            return self.n_jobs
        import psutil

        memory = self.memory_bytes or int(psutil.virtual_memory().available * 0.8)
        return max(1, min(n_tasks, os.cpu_count() or 1, memory // MEMORY_PER_JOB))

    def fitted(self, options: RelicOptions, n_tasks: int) -> RelicOptions:
        """Return options for one of so many relics that keep within the memory that was stated, if it was.

        Raises
        ------
        UsageError : no relic fits.
        """
        if self.memory_bytes is None:
            return options
        share = self.memory_bytes // max(1, min(self.jobs_for(n_tasks), n_tasks))
        return replace(options, max_points=min(options.max_points, points_within(share, options.levels)))

    def run(self, tasks: Sequence[Task], *, beside: Task | None = None) -> tuple[Outcome, ...]:
        """Run every task and return the outcomes in the order of the tasks; one that fails stops no other.

        Parameters
        ----------
        beside : helps the others, see `exhibit.pipeline.run.run_tasks`; `on_aside` hears of it.
        """
        self.on_start(len(tasks))
        by_name: dict[str, Outcome] = {}
        if self.memory_bytes is not None and self.memory_bytes < 2 * MEMORY_PER_JOB:
            beside = None  # its helper would take what the relics may need
        jobs = self.jobs_for(len(tasks))

        def hear(name: str, fraction: float, note: str) -> None:
            is_aside = beside is not None and name == beside.name
            (self.on_aside if is_aside else self.on_progress)(name, fraction, note)

        for outcome in run_tasks(tasks, n_jobs=jobs, beside=beside, on_progress=hear, is_cancelled=self.is_cancelled):
            by_name[outcome.name] = outcome
            self.on_outcome(outcome)
        return tuple(by_name[task.name] for task in tasks)


def exit_code_of(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code of a run: 0 all done, 1 some failed, 130 stopped; their own code when all failed alike."""
    codes = [outcome.error.exit_code for outcome in outcomes if outcome.error is not None]
    if not codes:
        return 0
    if Cancelled.exit_code in codes:
        return Cancelled.exit_code
    return codes[0] if len(codes) == len(outcomes) and len(set(codes)) == 1 else 1
