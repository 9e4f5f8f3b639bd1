"""Many relics at once: worker processes, progress from each, and one clean stop.

A worker is a plain interpreter (``python -m exhibit.pipeline.run``) that runs one task at a time, so that a crash in
native code costs one relic. It is not `multiprocessing`, which re-imports the caller's ``__main__``.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from exhibit.engines.pipes import receive, send
from exhibit.errors import Bug, Cancelled, ExhibitError, StageError, missing_library
from exhibit.progress import Progress

_THREADS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""What numerical libraries ask how many threads they may start."""
_HEAP = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps a heap for every thread, and what is freed in one is not used by the others."""
POLL_S = 0.1
REPORT_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: a top-level function ``module:name`` called as ``function(*args, progress=...)``."""

    name: str
    function: str
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: a value or an error, and the seconds it took."""

    name: str
    value: Any
    error: ExhibitError | None
    seconds: float


def run_tasks(
    tasks: Sequence[Task],
    *,
    n_jobs: int = 1,
    beside: Task | None = None,
    on_progress: Callable[[str, float, str], None] = lambda name, fraction, note: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Run tasks in worker processes and yield each outcome as it comes.

    Parameters
    ----------
    beside : work that helps the others: it starts next to the first task, takes the place of a second one if
        `n_jobs` allows several, and is nobody's concern if it fails: its outcome is not yielded.
    on_progress : called with a task's name, its fraction done and a note.
    is_cancelled : asked ten times a second; once true, running tasks are asked to stop and no new one starts.
        Tasks that never started are yielded with `Cancelled`.
    """
    waiting = [*tasks[:1], *([beside] if beside and tasks else []), *tasks[1:]]
    inbox: queue.Queue[tuple[_Worker, Any]] = queue.Queue()
    busy: dict[int, _Worker] = {}
    idle: list[_Worker] = []
    asked_to_stop = False
    n_threads = max(1, (os.cpu_count() or 1) // max(1, min(n_jobs, len(tasks))))
    n_places = max(1, n_jobs) if beside is None else max(2, n_jobs)
    try:
        while waiting or any(worker.task is not beside for worker in busy.values()):
            if is_cancelled() and not asked_to_stop:
                asked_to_stop = True
                for worker in busy.values():
                    worker.cancel()
            if asked_to_stop:
                never_started = [task for task in waiting if task is not beside]
                yield from (Outcome(task.name, None, Cancelled(where=task.name), 0.0) for task in never_started)
                waiting.clear()
            while waiting and len(busy) < n_places:
                worker = idle.pop() if idle else _Worker(inbox, n_threads)
                worker.start(waiting.pop(0))
                busy[id(worker)] = worker
            try:
                worker, answer = inbox.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if id(worker) not in busy or worker.task is None:
                continue
            if answer is not None and answer[0] == "progress":
                on_progress(worker.task.name, answer[1], answer[2])
                continue
            del busy[id(worker)]
            if worker.task is beside:
                n_places = max(1, n_jobs)
                on_progress(beside.name, 1.0, "done")
            else:
                yield worker.outcome(answer)
            if answer is not None:
                idle.append(worker)
    finally:
        for worker in [*busy.values(), *idle]:
            worker.stop()


class _Worker:
    def __init__(self, inbox: queue.Queue[tuple[_Worker, Any]], n_threads: int) -> None:
        # libraries that take every core each would stand in each other's way; results do not depend on it
        shared = dict.fromkeys(_THREADS, str(n_threads))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "exhibit.pipeline.run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**shared, **_HEAP, **os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self.task: Task | None = None
        self.started = 0.0
        threading.Thread(target=self._read, args=(inbox,), daemon=True).start()

    def _read(self, inbox: queue.Queue[tuple[_Worker, Any]]) -> None:
        assert self.process.stdout is not None
        while (answer := receive(self.process.stdout)) is not None:
            inbox.put((self, answer))
        inbox.put((self, None))

    def start(self, task: Task) -> None:
        self.task, self.started = task, time.monotonic()
        self._send(("run", task.function, task.args))

    def cancel(self) -> None:
        self._send(("cancel",))

    def _send(self, message: Any) -> None:
        assert self.process.stdin is not None
        try:
            send(self.process.stdin, message)
        except OSError:
            return  # it died; the reading side says so

    def outcome(self, answer: Any) -> Outcome:
        assert self.task is not None
        seconds = time.monotonic() - self.started
        if answer is None:
            code = self.process.wait()
            fault = StageError(
                f"its worker process ended unexpectedly ({_describe(code)}).",
                where=self.task.name,
                hint="If memory ran out, use --jobs 1 or a smaller --memory.",
            )
            return Outcome(self.task.name, None, fault, seconds)
        kind, value = answer
        if kind == "ok":
            return Outcome(self.task.name, value, None, seconds)
        return Outcome(self.task.name, None, value, seconds)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue  # a broken pipe on closing says nothing new


def _describe(code: int) -> str:
    if code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"


def _serve() -> None:
    """Run tasks until the parent closes the pipe; the parent's end is this process's end."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # native libraries print to standard output; it must not mix with the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    cancelled = threading.Event()
    inbox: queue.Queue[Any] = queue.Queue()

    def listen() -> None:
        while (message := receive(requests)) is not None:
            if message[0] == "cancel":
                cancelled.set()
            else:
                inbox.put(message)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    last = 0.0

    def report(fraction: float, note: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPORT_EVERY_S or fraction >= 1.0:
            last = now
            send(answers, ("progress", fraction, note))

    while True:
        _, function, args = inbox.get()
        cancelled.clear()
        send(answers, _answer(function, args, Progress(report, cancelled.is_set)))


def _answer(function: str, args: tuple[Any, ...], progress: Progress) -> tuple[str, Any]:
    module, _, name = function.partition(":")
    try:
        return "ok", getattr(importlib.import_module(module), name)(*args, progress=progress)
    except ExhibitError as fault:
        return "error", fault
    except ImportError as fault:
        return "error", missing_library(fault)
    except MemoryError:
        return "error", StageError("it did not fit into memory.", hint="Use --jobs 1 or a smaller --memory.")
    except Exception as fault:
        return "error", Bug(f"{type(fault).__name__}: {fault}", trace=traceback.format_exc())


if __name__ == "__main__":
    _serve()
