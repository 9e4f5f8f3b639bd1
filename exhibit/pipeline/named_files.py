"""Files that a record names: found inside the relic's folder, or a sentence that says why not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from exhibit import formats
from exhibit.errors import DefinitionError, Problem
from exhibit.pipeline.wording import did_you_mean
from exhibit.pipeline.written_toml import read_text
from exhibit.stages.captions import read_captions


def find_file(folder: Path, name: str) -> Path | None:
    """Return the file called `name` inside `folder`, or None.

    A name is compared letter by letter, whatever the disk does with capitals, because a site that was built on
    Windows moves to Linux; only the two ways of composing accents (NFC, NFD) count as one. A link that leads out of
    the folder finds nothing.
    """
    here = folder
    for part in name.split("/"):
        if part in {"", "."}:
            continue
        wanted = unicodedata.normalize("NFC", part)
        found = next((entry for entry in _entries(here) if unicodedata.normalize("NFC", entry.name) == wanted), None)
        if found is None:
            return None
        here = found
    is_inside = here.is_file() and here.resolve().is_relative_to(folder.resolve())
    return here if is_inside else None


def file_problem(folder: Path, name: str, shown: str, key: str) -> Problem | None:
    """Return why the file `name` of a record cannot be used, or None when it is there."""
    found = find_file(folder, name)
    if found is not None:
        return Problem(shown, key, f"'{name}' is empty.", "Export it again.") if found.stat().st_size == 0 else None
    beside = _names(folder)
    if (folder / name).is_dir():
        return Problem(shown, key, f"'{name}' is a folder, not a file.")
    if (folder / name).is_file() and not (folder / name).resolve().is_relative_to(folder.resolve()):
        return Problem(shown, key, f"'{name}' is a link out of the folder.", "Copy the file itself into the folder.")
    return Problem(shown, key, f"'{name}' is not in the folder.", did_you_mean(name, beside) or _held(beside))


def scan_in(folder: Path, named: str | None, shown: str) -> Path | Problem:
    """Return the scan of a relic's folder: the one named, else the only one there; or what is wrong.

    Parameters
    ----------
    folder : the relic's folder.
    named : ``scan.file`` of the record, if it says so.
    shown : how messages name the record.
    """
    if named is not None:
        return file_problem(folder, named, shown, "scan.file") or find_file(folder, named) or folder
    scans = [entry for entry in _entries(folder) if _is_scan(entry)]
    if len(scans) == 1:
        return scans[0]
    if scans:
        listed = ", ".join(entry.name for entry in scans[:6])
        return Problem(shown, "scan.file", f"must be named: there are {len(scans)} scans here ({listed}).",
                       f'Write file = "{scans[0].name}" under [scan].')  # fmt: skip
    known = " ".join(sorted({suffix for one in formats.all_formats().values() for suffix in one.suffixes}))
    return Problem(shown, "scan", "There is no scan in the folder.", f"Put one beside {Path(shown).name}: {known}.")


def narration_problems(folder: Path, narration: Any, shown: str) -> Iterable[Problem]:
    """Yield what is wrong with the recordings and captions that a record's raw ``narration`` table names."""
    for language, source in narration.items() if isinstance(narration, dict) else ():
        if not isinstance(source, dict):
            continue
        for kind in ("audio", "captions"):
            name = source.get(kind)
            if not isinstance(name, str) or not is_inside(name):
                continue  # the model says what is wrong with these
            key = f"narration.{language}.{kind}"
            name = name.strip().replace("\\", "/")
            if problem := file_problem(folder, name, shown, key):
                yield problem
            elif kind == "captions":
                yield from _caption_problems(folder, name, shown, key)


def is_inside(name: str) -> bool:
    """Tell whether `name` can be a file inside the folder: relative, and never going up."""
    tidy = name.strip().replace("\\", "/")
    is_absolute = tidy.startswith(("/", "~")) or tidy[1:2] == ":"
    return bool(tidy) and not is_absolute and ".." not in tidy.split("/") and "\0" not in tidy


def _caption_problems(folder: Path, name: str, shown: str, key: str) -> Iterable[Problem]:
    file = find_file(folder, name)
    text = read_text(file, name, max_bytes=4_000_000) if file is not None else ""
    if isinstance(text, Problem):
        yield Problem(shown, key, " ".join(part for part in (f"'{name}'", text.message) if part), text.hint)
        return
    try:
        read_captions(text)
    except DefinitionError as error:
        for one in error.problems:
            yield Problem(shown, key, f"'{name}', {one.key}: {one.message}", one.hint)


def _is_scan(entry: Path) -> bool:
    return not entry.name.startswith((".", "_")) and entry.is_file() and formats.is_supported(entry)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        return []


def _names(folder: Path) -> list[str]:
    return [entry.name for entry in _entries(folder) if entry.is_file() and not entry.name.startswith(".")]


def _held(names: list[str]) -> str:
    others = [name for name in names if name != "relic.toml"]
    return f"It holds {', '.join(others[:6])}{', ...' if len(others) > 6 else ''}." if others else ""
