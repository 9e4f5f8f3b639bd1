"""Which formats there are, which one a file is of, and the one door through which files are read."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from exhibit.errors import SourceError
from exhibit.formats.source_file import check_source, naming_damage, read_head
from exhibit.progress import SILENT, Progress

if TYPE_CHECKING:  # the values bring numpy along, which `import exhibit.formats` must not
    from exhibit.model.cloud import Scan, SourceMesh


def _no_side_files(path: Path) -> tuple[Path, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Format:
    """A scan format.

    Parameters
    ----------
    key : short lower-case name: ``ply``.
    title : name as people know it: ``PLY``.
    suffixes : endings of its files, lower case, with the dot; compound ones too (``.copc.laz``).
    read : opens a file of this format; call it through :func:`read`, which names what goes wrong.
    sniff : whether a file whose first bytes (up to 4096) are these can be of this format.
    side_files : every further existing file the source consists of (textures, buffers, material libraries), sorted;
        for hashing. Never raises for a damaged source.
    shared_suffixes : those of `suffixes` that other kinds of file have too (``.txt``): such a file is taken for a
        scan only when its content fits.
    """

    key: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, Progress], Scan | SourceMesh]
    sniff: Callable[[bytes], bool]
    side_files: Callable[[Path], tuple[Path, ...]] = _no_side_files
    shared_suffixes: tuple[str, ...] = ()


@cache
def all_formats() -> dict[str, Format]:
    """Return every format by key: each module of this folder that exposes ``FORMAT``, sorted by key."""
    package = importlib.import_module("exhibit.formats")
    found: list[Format] = []
    for module in pkgutil.iter_modules(package.__path__):
        candidate = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "FORMAT", None)
        if isinstance(candidate, Format):
            found.append(candidate)
    return {one.key: one for one in sorted(found, key=lambda one: one.key)}


def _by_suffix(path: Path) -> tuple[Format, str] | None:
    """Return the format whose longest suffix ends the file's name, and that suffix."""
    name = path.name.lower()
    matches = [
        (suffix, one)
        for one in all_formats().values()
        for suffix in one.suffixes
        if name.endswith(suffix) and len(name) > len(suffix)
    ]
    if not matches:
        return None
    suffix, one = max(matches, key=lambda match: len(match[0]))
    return one, suffix


def stem_of(path: Path | str) -> str:
    """Return the name without its known suffix: ``lion.copc.laz`` -> ``lion``, ``vase.v2.ply`` -> ``vase.v2``."""
    path = Path(path)
    match = _by_suffix(path)
    return path.name[: -len(match[1])] if match else path.stem


def is_supported(path: Path) -> bool:
    """Return whether a file is a scan as far as its name tells (for ``.txt`` and the like: its first bytes too)."""
    match = _by_suffix(path)
    if match is None:
        return False
    one, suffix = match
    if suffix not in one.shared_suffixes:
        return True
    try:
        return one.sniff(read_head(path))
    except SourceError:
        return False


def format_of(path: Path) -> Format:
    """Return the format of a file: by its suffix, held against its first bytes.

    Raises
    ------
    SourceError
        The file is missing, empty, not readable or not of a known format, or its content is of another format than
        its name says.
    """
    path = Path(path)
    check_source(path)
    head = read_head(path)
    match = _by_suffix(path)
    if match is not None and match[0].sniff(head):
        return match[0]
    held = next((one for one in all_formats().values() if one.sniff(head)), None)
    if match is None:
        if held is not None:
            raise SourceError(
                f"the ending '{path.suffix}' is not one of a scan, but the file looks like {held.title}.",
                where=str(path),
                hint=f"Rename it to end in {held.suffixes[0]}.",
            )
        known = " ".join(suffix for one in all_formats().values() for suffix in one.suffixes)
        raise SourceError("this is not a scan format we know.", where=str(path), hint=f"We read: {known}.")
    named, suffix = match
    if held is not None:
        raise SourceError(
            f"named {suffix} but holds {held.title}.",
            where=str(path),
            hint=f"Rename it to end in {held.suffixes[0]}, or export it again as {named.title}.",
        )
    raise SourceError(
        f"named {suffix}, but its content is not {named.title}.",
        where=str(path),
        hint="It is damaged or of another kind; export it again.",
    )


def read(path: Path, *, progress: Progress = SILENT) -> Scan | SourceMesh:
    """Read a scan or mesh of any known format.

    Parameters
    ----------
    path : the file; its side files lie in its folder.
    progress : ticked while reading. Points of memory-mapped and very large files are read when their blocks are.

    Raises
    ------
    SourceError
        As :func:`format_of`, and for damaged content. The blocks of a very large scan may raise it too.
    """
    path = Path(path)
    one = format_of(path)
    with naming_damage(path, one.title):
        return one.read(path, progress)
