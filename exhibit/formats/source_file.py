"""Opening a source, naming its damage, and finding the files beside it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final
from urllib.parse import unquote
from zlib import error as ZlibError

from exhibit.errors import ExhibitError, SourceError

HEAD_BYTES: Final = 4096
_DAMAGE: Final = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    ValueError,
    ZlibError,
    struct.error,
)


def check_source(path: Path) -> None:
    """Raise SourceError unless `path` is a readable file that holds something."""
    try:
        if path.is_dir():
            raise SourceError(
                "this is a folder, not a scan.", where=str(path), hint="Name a file, or convert the folder."
            )
        if not path.exists():
            raise SourceError("there is no such file.", where=str(path), hint="Check the name and the folder.")
        if not path.is_file():
            raise SourceError("this is not an ordinary file.", where=str(path), hint="Name a file on disk.")
        if path.stat().st_size == 0:
            raise SourceError("the file is empty.", where=str(path), hint="Copy it again or export it anew.")
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be read: {_reason(error)}.", where=str(path)) from error


def read_head(path: Path, n_bytes: int = HEAD_BYTES) -> bytes:
    """Return the first bytes of a file; raise SourceError where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(n_bytes)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"cannot be read: {_reason(error)}.", where=str(path), hint="Check that you may read this file."
        ) from error


def damaged(path: Path, what: str, hint: str = "Copy it again or export it anew.") -> SourceError:
    """Return the error for a source whose content contradicts itself."""
    return SourceError(what, where=str(path), hint=hint)


@contextmanager
def naming_damage(path: Path, title: str) -> Iterator[None]:
    """Turn whatever a damaged file makes our code and foreign readers raise into one SourceError.

    The cause stays chained, so that a developer still sees where it came from.
    """
    try:
        yield
    except ExhibitError:
        raise
    except PermissionError as error:
        raise SourceError(
            "may not be read by this user.", where=str(path), hint="Change the rights of the file."
        ) from error
    except MemoryError as error:
        raise SourceError(
            f"needs more memory than there is to be read as {title}.", where=str(path), hint="Thin it out first."
        ) from error
    except _DAMAGE as error:
        raise damaged(path, f"could not be read as {title}: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """Return the first line of what an exception says, as part of a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    lines = str(error).strip().splitlines()
    return lines[0].strip().rstrip(".")[:200] if lines else type(error).__name__


def side_path(source: Path, reference: str) -> Path | None:
    """Return where a file that a source refers to must lie, or None where the reference leaves the source's folder.

    Parameters
    ----------
    source : the file that refers.
    reference : relative path or URI as written in it; backslashes and percent escapes are understood.

    Notes
    -----
    Absolute paths, drive letters, ``..`` and links that lead outside are refused: a scan from elsewhere must not be
    able to publish a file of this machine.
    """
    folder = source.parent.resolve()
    for text in (reference, unquote(reference)):
        text = text.strip().strip('"').replace("\\", "/")
        pure = PurePosixPath(text)
        if not text or "\0" in text or pure.is_absolute() or PureWindowsPath(text).drive or ".." in pure.parts:
            return None
        try:
            candidate = (folder / pure).resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        if not candidate.is_relative_to(folder):
            return None
        if candidate.is_file():
            break
    return candidate
