"""Options for one scan, written beside it: ``lion.ply`` and ``lion.toml``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exhibit import formats
from exhibit.errors import DefinitionError, Problem
from exhibit.model.record import ScanSource
from exhibit.pipeline.wording import refusal, validate
from exhibit.pipeline.written_toml import read_toml


def sidecar_of(scan: Path) -> Path | None:
    """Return the sidecar of a scan, or None.

    It is ``<scan's whole name>.toml`` (``lion.copc.laz.toml``) or ``<stem>.toml`` (``lion.toml``) in the same
    folder, never ``relic.toml``; other TOML files beside scans are none of ours.

    Raises
    ------
    DefinitionError
        Both are there.
    """
    names = dict.fromkeys((f"{scan.name}.toml", f"{formats.stem_of(scan)}.toml"))
    found = [file for name in names if name != "relic.toml" and (file := scan.parent / name).is_file()]
    if len(found) > 1:
        raise DefinitionError(
            f"has two files of options, {found[0].name} and {found[1].name}.", where=str(scan), hint="Keep one."
        )
    return found[0] if found else None


def load_sidecar(scan: Path) -> ScanSource:
    """Read the options written beside a scan; all unset where nothing is.

    Raises
    ------
    DefinitionError
        Naming every problem of the sidecar, or two sidecars for one scan.
    """
    scan = Path(scan)
    file = sidecar_of(scan)
    if file is None:
        return ScanSource()
    data = read_toml(file, file.name)
    if isinstance(data, Problem):
        raise refusal([data], file)
    source, problems = validate(ScanSource, data, file.name)
    if isinstance(data.get("scan"), dict):
        hint = "Beside a scan the keys stand at the top, without [scan]."
        problems = [replace(one, hint=hint) if one.key == "scan" else one for one in problems]
    if source is not None and source.file not in {None, scan.name}:
        message = f"names '{source.file}', but this file speaks of '{scan.name}'."
        problems.append(Problem(file.name, "file", message, "Take the line out."))
    if source is None or problems:
        raise refusal(problems, file)
    return source
