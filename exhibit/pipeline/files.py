"""Which scans a command means, and what their results are called."""

from __future__ import annotations

import glob
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exhibit import formats
from exhibit.errors import SourceError, UsageError

TEXT_SUFFIXES = {".txt", ".csv", ".asc"}
"""Suffixes that scans share with other things: in a folder such a file counts only if its content is points."""


@dataclass(frozen=True, slots=True)
class Source:
    """A scan and the name of its results; `renamed` says why the name is not just the stem."""

    path: Path
    name: str
    renamed: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The scans a command means, and the other files met in its folders."""

    sources: tuple[Source, ...]
    ignored: tuple[Path, ...]


def gather(inputs: Sequence[str | Path], *, outside: Path | None = None) -> Gathered:
    """Find the scans behind files, folders (recursive), globs and ``@list.txt``.

    Parameters
    ----------
    inputs : as typed.
    outside : a folder (the output) whose files are never sources.

    Raises
    ------
    UsageError
        Nothing matches, or two scans would get the same name.
    SourceError
        A file named directly is not a scan.
    """
    found: dict[Path, None] = {}
    ignored: dict[Path, None] = {}
    for text in _expand(inputs):
        path = Path(text)
        if path.is_dir():
            for file in _walk(path, outside):
                (found if _is_scan(file) else ignored)[file] = None
        elif path.exists():
            formats.format_of(path)
            found[path] = None
        else:
            raise SourceError("there is no such file or folder.", where=text, hint="Check the spelling.")
    if not found and outside is not None and any(_is_within(Path(text), outside) for text in _expand(inputs)):
        raise UsageError(
            "the scans lie in the folder that the results are to go into, and nothing there is taken for a scan.",
            where=str(outside),
            hint="Name another folder for the results.",
        )
    if not found:
        raise UsageError(
            f"no scan found in {', '.join(str(item) for item in inputs)}.",
            hint=f"Known suffixes: {', '.join(sorted(_suffixes()))}.",
        )
    unique = _without_repeats(found)
    belonging = {side.resolve() for path in unique for side in side_files_of(path)}
    return Gathered(_name(unique), tuple(path for path in ignored if path.resolve() not in belonging))


def hash_source(path: Path) -> str:
    """Return the SHA-256 (hex) of a scan and of every file that belongs to it (materials, textures, buffers)."""
    digest = hashlib.sha256()
    for file in (path, *sorted(side_files_of(path))):
        digest.update(file.name.encode() + b"\0")
        digest.update(_hash_file(file))
    return digest.hexdigest()


def _hash_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as fault:
        raise SourceError(f"cannot be read: {fault.strerror}.", where=str(path)) from fault


def side_files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that belong to a scan and are there: materials, textures, buffers."""
    try:
        return tuple(file for file in formats.format_of(path).side_files(path) if file.is_file())
    except SourceError:
        return ()


def _is_within(path: Path, folder: Path) -> bool:
    return path.is_dir() and path.resolve().is_relative_to(folder.resolve())


def _expand(inputs: Iterable[str | Path]) -> Iterator[str]:
    for item in inputs:
        text = str(item)
        if text.startswith("@"):
            yield from _expand(_lines(Path(text[1:])))
        elif any(mark in text for mark in "*?[") and not Path(text).exists():
            matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207  (Path.glob takes no absolute pattern)
            if not matches:
                raise UsageError(f"nothing matches '{text}'.", hint="Check the pattern.")
            yield from matches
        else:
            yield text


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"the list cannot be read: {fault}.", where=str(path)) from fault
    lines = [line.strip() for line in text.splitlines()]
    base = path.parent
    return [str(base / line) for line in lines if line and not line.startswith("#")]


def _walk(folder: Path, outside: Path | None) -> Iterator[Path]:
    shut = outside.resolve() if outside is not None else None
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") for part in inside):
            resolved = path.resolve()
            if shut is None or shut not in resolved.parents:
                yield path


def _suffixes() -> set[str]:
    return {suffix for kind in formats.all_formats().values() for suffix in kind.suffixes}


def _is_scan(path: Path) -> bool:
    if not formats.is_supported(path):
        return False
    if path.suffix.lower() not in TEXT_SUFFIXES:
        return True
    try:
        formats.format_of(path)
    except SourceError:
        return False
    return True


def _without_repeats(paths: Iterable[Path]) -> list[Path]:
    seen: dict[Path, Path] = {}
    for path in paths:
        seen.setdefault(path.resolve(), path)
    return list(seen.values())


def _name(paths: list[Path]) -> tuple[Source, ...]:
    stems = [formats.stem_of(path) for path in paths]
    count = Counter(stem.casefold() for stem in stems)
    sources = []
    for path, stem in zip(paths, stems, strict=True):
        if count[stem.casefold()] > 1:
            name = f"{stem}-{path.name[len(stem) + 1 :].replace('.', '-').lower()}"
            sources.append(Source(path, name, f"several scans are called '{stem}'"))
        else:
            sources.append(Source(path, stem))
    twice = [name for name, n in Counter(source.name.casefold() for source in sources).items() if n > 1]
    if twice:
        clashing = [str(source.path) for source in sources if source.name.casefold() == twice[0]]
        raise UsageError(
            f"{' and '.join(clashing)} would both become '{twice[0]}'.", hint="Rename one, or convert them apart."
        )
    return tuple(sources)
