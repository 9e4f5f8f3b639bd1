"""Foreign engines run in a child process: a crash, a hang or a memory flood there ends one call, never the run.

The child is a plain interpreter that serves one call at a time over its pipes and stays for the next one, so that an
engine is imported once. It is not `multiprocessing`: that re-imports the caller's ``__main__``, which breaks scripts
without a guard.
"""

from __future__ import annotations

import atexit
import importlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from exhibit.engines.heap import give_back_freed
from exhibit.engines.pipes import receive, send
from exhibit.errors import ExhibitError, StageError, missing_library
from exhibit.progress import SILENT, Progress

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

POLL_S = 0.1


class _Died(Exception):
    """The child is gone; `code` is its exit status."""


class _Child:
    """One serving interpreter and the thread that reads its answers."""

    def __init__(self) -> None:
        self.log = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the child)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "exhibit.engines.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self.answers: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        self.lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while (answer := receive(self.process.stdout)) is not None:
            self.answers.put(answer)
        self.answers.put(None)

    def send(self, message: Any) -> None:
        assert self.process.stdin is not None
        try:
            send(self.process.stdin, message)
        except OSError as fault:
            raise _Died from fault

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # a broken pipe on closing says nothing new

    def last_words(self) -> str:
        self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, self.log.tell() - 2000))
        lines = self.log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


_child: _Child | None = None
_turn = threading.Lock()


def run_in_child(
    function: Callable[..., Result],
    /,
    *args: Any,
    what: str,
    timeout_s: float = 1800.0,
    memory_bytes: int | None = None,
    progress: Progress = SILENT,
) -> Result:
    """Call a top-level function of an ``exhibit.engines`` module in the child process.

    Parameters
    ----------
    function : named by module and name; it is imported, not sent.
    *args : anything that pickles; arrays travel as raw buffers.
    what : name of the step for messages: ``"Poisson reconstruction"``.
    timeout_s : seconds after which the child is killed.
    memory_bytes : resident size above which the child is killed, or None.

    Raises
    ------
    StageError
        The engine crashed, ran out of time or memory, or refused its input.
    Cancelled
        The person asked to stop; the child is killed.
    """
    if not function.__module__.startswith("exhibit.engines."):
        raise ValueError(f"{function.__module__} is not an engine")
    with _turn:
        child = _running_child()
        try:
            child.send((function.__module__, function.__qualname__, args))
            kind, value = _wait(child, what, timeout_s, memory_bytes, progress)
        except _Died as fault:
            words = child.last_words()
            _discard()
            hint = f"Its last words were: {words}" if words else "Try --engine open3d, or a thinner scan."
            raise StageError(f"the engine for {what} crashed.", where=what, hint=hint) from fault
        except BaseException:
            _discard()
            raise
    if kind == "ok":
        result: Result = value
        return result
    if isinstance(value, ExhibitError):
        raise value
    raise StageError(f"the engine for {what} refused its input: {value}", where=what)


def _wait(child: _Child, what: str, timeout_s: float, memory_bytes: int | None, progress: Progress) -> tuple[str, Any]:
    import psutil

    started = time.monotonic()
    watched = psutil.Process(child.process.pid)
    while True:
        try:
            answer = child.answers.get(timeout=POLL_S)
        except queue.Empty:
            elapsed = time.monotonic() - started
            progress.tick(elapsed / (elapsed + 10.0), what)
            if elapsed > timeout_s:
                raise StageError(
                    f"{what} took longer than {timeout_s:.0f} s.", where=what, hint="Thin the scan or try again."
                ) from None
            if memory_bytes is not None and _resident(watched) > memory_bytes:
                raise StageError(
                    f"{what} needed more than {memory_bytes / 2**20:.0f} MB.",
                    where=what,
                    hint="Use --jobs 1, or thin the scan.",
                ) from None
            continue
        if answer is None:
            raise _Died
        return answer


def _resident(process: Any) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _running_child() -> _Child:
    global _child
    if _child is None or _child.process.poll() is not None:
        _child = _Child()
    return _child


def _discard() -> None:
    global _child
    if _child is not None:
        _child.stop()
        _child = None


atexit.register(_discard)


def dismiss_idle_child() -> None:
    """End the child process unless it is at work; the next call starts another, which takes a second."""
    if _turn.acquire(blocking=False):
        try:
            _discard()
        finally:
            _turn.release()


def _serve() -> None:
    """Answer calls until the parent closes the pipe."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # engines print to standard output from C++; it must not mix with the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    _die_with_parent()
    while (request := receive(requests)) is not None:
        module, name, args = request
        try:
            function = getattr(importlib.import_module(module), name)
            answer: tuple[str, Any] = ("ok", function(*args))
        except ExhibitError as fault:
            answer = ("error", fault)
        except ImportError as fault:
            answer = ("error", missing_library(fault))
        except Exception as fault:
            answer = ("error", f"{type(fault).__name__}: {fault}".splitlines()[0][:300])
        send(answers, answer)
        del request, args, answer
        give_back_freed()


def _die_with_parent() -> None:
    """On Linux, ask the kernel to end this process with its parent, so that `kill -9` leaves nothing running."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    _serve()
