"""A project made of a folder of scans and nothing else: names from the files, records to be filled in later."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

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


def project_of_scans(
    inputs: Sequence[str | Path], folder: Path, title: str, *, progress: Progress = SILENT
) -> list[Source]:
    """Make, or bring up to date, a project that shows the scans of folders.

    Scans are not copied where the disk can link them. Records and scene are written where there are none and left
    alone where somebody wrote in them.

    Parameters
    ----------
    inputs : files, folders (recursive), globs and ``@list.txt``, as for ``exhibit convert``.
    folder : of the project.
    title : of the exhibition.

    Returns
    -------
    The scans found, in order.

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
    options = [load_sidecar(source.path) for source in sources]
    for number, (source, relic) in enumerate(zip(sources, _ids(sources), strict=True)):
        progress.tick(number / len(sources), source.name)
        place = folder / "assets" / relic
        _bring(source.path, place)
        if not (place / "relic.toml").exists():
            write_atomically(place / "relic.toml", _record(source, options[number]))
    if not (folder / "scenes" / f"{SCENE}.toml").exists():
        write_atomically(folder / "scenes" / f"{SCENE}.toml", _scene(title))
    for name, data in schema_files().items():
        write_atomically(folder / "schemas" / name, data)
    progress.tick(1.0)
    return list(sources)


def _ids(sources: Sequence[Source]) -> list[str]:
    """Return an address for each scan; names that leave nothing of it (洛阳.ply) are numbered."""
    ids: list[str] = []
    for number, source in enumerate(sources, 1):
        plain = re.sub(r"[^a-z0-9]+", "-", source.name.lower()).strip("-")[:70] or f"relic-{number}"
        ids.append(plain if plain not in ids else f"{plain}-{number}")
    return ids


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


def _record(source: Source, options: ScanSource) -> bytes:
    name = re.sub(r"[_\s]+", " ", source.name).strip()
    document = tomlkit.document()
    document["title"] = {"en": name, "zh-Hans": name}
    document["rights"] = {"default": {"uri": UNDETERMINED}}
    document["scan"] = {**options.model_dump(exclude_none=True), "file": source.path.name}
    return (_RECORD + tomlkit.dumps(document)).encode()


def _scene(title: str) -> bytes:
    document = tomlkit.document()
    document["languages"] = ["zh-Hans", "en"]
    document["title"] = {"en": title, "zh-Hans": title}
    return ("#:schema ../schemas/scene.schema.json\n" + tomlkit.dumps(document)).encode()
