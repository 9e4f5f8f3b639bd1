"""Tasks that misbehave on purpose: how the tests know that a bad task harms nobody."""

from __future__ import annotations

import os
import time
from typing import Any

from exhibit.errors import SourceError
from exhibit.progress import SILENT, Progress


def echo(value: Any, *, progress: Progress = SILENT) -> Any:
    """Return what it was given, reporting half way."""
    progress.tick(0.5, "half")
    return value


def refuse(*, progress: Progress = SILENT) -> None:
    """Raise one of our own errors."""
    raise SourceError("holds no points.", where="a.ply")


def stumble(*, progress: Progress = SILENT) -> None:
    """Raise an unforeseen error."""
    raise RuntimeError("bad")


def crash(*, progress: Progress = SILENT) -> None:
    """End the process as a segmentation fault would."""
    os.abort()


def wait(seconds: float, *, progress: Progress = SILENT) -> str:
    """Work for a while, ticking."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        progress.tick(0.1)
        time.sleep(0.02)
    return "done"
