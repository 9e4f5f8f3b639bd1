"""Files appear whole or not at all: temporary file, fsync, rename."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from exhibit.errors import OutputError

_number = itertools.count()


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path`, creating its folder; the old file stays until the new one is complete.

    Raises
    ------
    OutputError
        The disk is full or the folder cannot be written; nothing half-written is left.
    """
    with appearing(path) as stream:
        stream.write(data)


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing, and reading what was written, that takes its name only when all went well.

    Raises
    ------
    OutputError
        The disk is full or the folder cannot be written; nothing half-written is left.
    """
    part = path.parent / f".exhibit-{os.getpid()}-{next(_number)}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("x+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException as fault:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(fault, OSError):
            raise output_error(path, fault) from fault
        raise


def check_writable(folder: Path) -> None:
    """Raise OutputError at once, before hours of work, if `folder` cannot be written or made; nothing is left there."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise OutputError("is a file, not a folder.", where=str(there), hint="Name another folder.")
    probe = there / f".exhibit-probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise output_error(folder, fault) from fault


def output_error(path: Path, fault: OSError) -> OutputError:
    """Say in one sentence why a file could not be written."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError("the disk is full.", where=str(path), hint="Free some space and run the same command again.")
    if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError("may not be written.", where=str(path), hint="Name a folder that you may write in.")
    return OutputError(f"could not be written: {fault.strerror or fault}.", where=str(path))
