"""Memory that was freed, given back: the C library keeps the pages of large arrays for later, which never comes."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back_freed() -> None:
    """Ask the C library to return what is free to the system; where it cannot (not glibc), nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
