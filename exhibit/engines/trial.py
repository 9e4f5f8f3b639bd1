"""Engines that misbehave on purpose: how the tests know that a bad engine harms nobody."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import numpy as np

from exhibit.errors import SourceError


def echo(value: Any) -> Any:
    """Return what it was given."""
    return value


def process_id() -> int:
    """Return the id of the process it runs in."""
    return os.getpid()


def chatter(n: int) -> int:
    """Write to standard output past Python's buffers, as C++ engines do."""
    os.write(1, b"noise\n" * n)
    sys.stdout.flush()
    return n


def crash() -> None:
    """End the process as a segmentation fault would."""
    os.write(2, b"about to fall\n")
    os.abort()


def sleep(seconds: float) -> None:
    """Hang."""
    time.sleep(seconds)


def swell(n_bytes: int) -> int:
    """Take memory and stay."""
    block = np.ones(n_bytes, np.uint8)
    time.sleep(30)
    return int(block[0])


def refuse() -> None:
    """Raise one of our own errors."""
    raise SourceError("no", where="here", hint="Do this.")


def stumble() -> None:
    """Raise a foreign error."""
    raise RuntimeError("bad triangles")
