"""A project made of a folder of scans and nothing else: names from the files, records to be filled in later."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import tomlkit

from exhibit.model.record import ScanSource
from exhibit.pipeline.atomic import output_error, write_atomically
from exhibit.pipeline.files import Source, gather, side_files_of
from exhibit.pipeline.schemas import schema_files
from exhibit.pipeline.sidecar import load_sidecar
from exhibit.progress import SILENT, Progress

SCENE: Final = "scans"
UNDETERMINED: Final = "http://rightsstatements.org/vocab/UND/1.0/"
"""Rights of a scan of which nobody said anything: copyright undetermined, so nothing is offered for download."""

_RECORD: Final = """\
#:schema ../../schemas/relic.schema.json
# What the museum says of this relic; so far only its file's name. A full example: exhibit new
# 此件文物的记录，目前只有文件名。完整示例：exhibit new

"""


class Placed(NamedTuple):
    """A scan of the project and the id of its relic; `is_unlike`: the id could not be taken from the file's name."""

    source: Source
    relic: str
    is_unlike: bool


def project_of_scans(
    inputs: Sequence[str | Path],
    folder: Path,
    title: str,
    options: ScanSource = ScanSource(),
    *,
    progress: Progress = SILENT,
) -> list[Placed]:
    """Make, or bring up to date, a project that shows the scans of folders.

    Scans are not copied where the disk can link them. Records and scene are written where there are none and left
    alone where somebody wrote in them.

    Parameters
    ----------
    inputs : files, folders (recursive), globs and ``@list.txt``, as for ``exhibit convert``.
    folder : of the project.
    title : of the exhibition.
    options : that all records get, also those that are there.

    Returns
    -------
    The scans found, in order, and where they stand.

    Raises
    ------
    UsageError, SourceError
        Nothing is found, or what is named is no scan.
    DefinitionError
        A file of options beside a scan has faults.
    OutputError
        The folder cannot be written.
    """
    sources = gather(inputs, outside=folder).sources
    beside = [load_sidecar(source.path).model_dump(exclude_none=True) for source in sources]
    given = options.model_dump(exclude_none=True)
    placed = _placed(sources, folder / "assets")
    for number, (source, relic, _) in enumerate(placed):
        progress.tick(number / len(sources), source.name)
        place = folder / "assets" / relic
        _bring(source.path, place)
        record = place / "relic.toml"
        if not record.exists():
            write_atomically(record, _record(source, beside[number] | given))
        elif given:
            write_atomically(record, _with_words(record, given))
    if not (folder / "scenes" / f"{SCENE}.toml").exists():
        write_atomically(folder / "scenes" / f"{SCENE}.toml", _scene(title))
    for name, data in schema_files().items():
        write_atomically(folder / "schemas" / name, data)
    progress.tick(1.0)
    return placed


def _placed(sources: Sequence[Source], assets: Path) -> list[Placed]:
    """Give each scan its id: the one it has already, else its name in plain letters, else a number."""
    has = _ids_in(assets)
    known = [has.get(source.path.name) for source in sources]
    taken = {*filter(None, known), *has.values()}
    placed: list[Placed] = []
    used: set[str] = set()
    for number, (source, relic) in enumerate(zip(sources, known, strict=True), 1):
        plain, is_unlike = _plain(source.name, number)
        if relic is None or relic in used:
            relic = plain
            while relic in taken:
                number += 1
                relic = f"{plain.rpartition('-')[0]}-{number:02}" if is_unlike else f"{plain}-{number}"
            taken.add(relic)
        used.add(relic)
        placed.append(Placed(source, relic, is_unlike))
    return placed


def _plain(name: str, number: int) -> tuple[str, bool]:
    """Return a name as an address, and whether it is only a number: of 石狮01 nothing readable is left."""
    folded = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    plain = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")[:70].strip("-")
    is_other_script = any(letter.isalpha() and not letter.isascii() for letter in folded)
    if plain and (re.search("[a-z]{2}", plain) or not is_other_script):
        return plain, False
    return f"scan-{number:02}", True


def _ids_in(assets: Path) -> dict[str, str]:
    """Return the ids of the scans that stand there already, by the names of their files."""
    found: dict[str, str] = {}
    for record in sorted(assets.glob("*/relic.toml")):
        try:
            scan = tomlkit.parse(record.read_text(encoding="utf-8-sig")).unwrap().get("scan", {}).get("file")
        except (OSError, ValueError, AttributeError):
            continue  # building will say what is wrong with it
        if isinstance(scan, str):
            found.setdefault(scan, record.parent.name)
    return found


def _bring(scan: Path, place: Path) -> None:
    """Have a scan and what belongs to it in `place`, as links where possible."""
    for file in (scan, *side_files_of(scan)):
        inside = file.relative_to(scan.parent) if file.is_relative_to(scan.parent) else Path(file.name)
        target = place / inside
        try:
            if target.exists():
                if target.samefile(file) or _is_same_copy(file, target):
                    continue
                target.unlink()
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(file.resolve())
            except OSError:  # another disk, or one that knows no links
                half = target.with_name(f".{target.name}.part")
                shutil.copy2(file, half)
                os.replace(half, target)  # noqa: PTH105  (what Path.replace calls)
        except OSError as fault:
            raise output_error(target, fault) from fault


def _is_same_copy(file: Path, copy: Path) -> bool:
    ours, theirs = file.stat(), copy.stat()
    return ours.st_size == theirs.st_size and ours.st_mtime_ns == theirs.st_mtime_ns


def _record(source: Source, options: dict[str, Any]) -> bytes:
    name = re.sub(r"[_\s]+", " ", source.name).strip()
    document = tomlkit.document()
    document["title"] = {"en": name, "zh-Hans": name}
    document["rights"] = {"default": {"uri": UNDETERMINED}}
    document["scan"] = {**options, "file": source.path.name}
    return (_RECORD + tomlkit.dumps(document)).encode()


def _with_words(file: Path, options: dict[str, Any]) -> bytes:
    """Return a record as somebody wrote it, but for these keys of its scan."""
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8-sig"))
        scan = document.setdefault("scan", tomlkit.table())
        scan.update(options)
    except (OSError, ValueError, AttributeError):
        return file.read_bytes()  # building will say what is wrong with it
    return tomlkit.dumps(document).encode()


def _scene(title: str) -> bytes:
    document = tomlkit.document()
    document["languages"] = ["zh-Hans", "en"]
    document["title"] = {"en": title, "zh-Hans": title}
    return ("#:schema ../schemas/scene.schema.json\n" + tomlkit.dumps(document)).encode()
