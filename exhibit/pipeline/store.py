"""The cache of finished stages, by content: killed at any moment, the next run goes on from the last one.

A key says everything a result depends on: the stage, the version of its code, its options, the keys of its inputs.
No times of files, and a file that exists is believed only if its own hash agrees.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from exhibit.errors import OutputError
from exhibit.pipeline.atomic import write_atomically
from exhibit.pipeline.codec import decode, encode
from exhibit.pipeline.versions import version_of

Value = TypeVar("Value")


def key_of(stage: str, version: str, options: Any, *inputs: str) -> str:
    """Return the key (64 hex digits) of a stage's result."""
    parts = [stage, version, _canonical(options), list(inputs)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _canonical(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_canonical(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, np.ndarray):
        return [value.dtype.str, list(value.shape), hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """A result that may not be made yet: its key is known at once, its value when somebody asks."""

    key: str
    value: Callable[[], Value]


class Store:
    """Results under a folder, one file each.

    Parameters
    ----------
    folder : created when the first result is kept.
    budget_bytes : `prune` removes the results longest unused beyond this size.
    is_fresh : believe nothing that earlier runs kept; everything is made again and kept in its place.
    """

    def __init__(self, folder: Path, budget_bytes: int = 20 * 2**30, *, is_fresh: bool = False) -> None:
        self.folder = folder
        self.budget_bytes = budget_bytes
        self.is_fresh = is_fresh

    def keep(
        self, stage: str, module: str, options: Any, inputs: tuple[str, ...], make: Callable[[], Value]
    ) -> Kept[Value]:
        """Return the result of a stage: from the store if it is there intact, else made and kept when asked for."""
        key = key_of(stage, version_of(module), options, *inputs)
        made: list[Value] = []

        def value() -> Value:
            if not made:
                found = None if self.is_fresh else self._read(key)
                if found is None:
                    found = make()
                    self._write(key, found)
                made.append(found)
            return made[0]

        return Kept(key, value)

    def has(self, key: str) -> bool:
        """Whether a result is there (intact or not is seen on reading)."""
        return self._path(key).is_file()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _read(self, key: str) -> Any:
        path = self._path(key)
        try:
            value = decode(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, json.JSONDecodeError):
            return None  # absent, cut off, or of an older shape: make it again
        return value

    def _write(self, key: str, value: Any) -> None:
        # a full or read-only disk costs the cache, not the result; the output itself complains if it cannot be written
        with contextlib.suppress(OutputError):
            write_atomically(self._path(key), encode(value))

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("??/[!.]*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def prune(self) -> int:
        """Remove the results longest unused until the budget is kept; return the bytes freed."""
        entries = sorted(self._entries(), reverse=True)
        if entries:
            self._drop_leftovers(entries[0][0])
        total = freed = 0
        for _, size, path in entries:
            total += size
            if total > self.budget_bytes:
                with contextlib.suppress(OSError):
                    path.unlink()
                    freed += size
        return freed

    def _drop_leftovers(self, newest: float) -> None:
        """Remove what killed runs left half-written, once it is an hour older than the newest result."""
        for path in self.folder.glob("??/.*.part"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < newest - 3600:
                    path.unlink()
