"""What curators write, read: ``relic.toml``, ``scenes/*.toml``, sidecars and tables of scans.

All problems of a file, and of a project, are found before any is reported: each with file, key path (entries of
lists counted from 1), a sentence and a hint. Files are only ever read here, so comments in them are safe.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from exhibit import resources
from exhibit.errors import DefinitionError, Problem
from exhibit.model.exhibition import Exhibition
from exhibit.model.finding import Finding
from exhibit.model.record import RelicRecord
from exhibit.model.written import Slug, Written
from exhibit.pipeline.doubts import doubts_of_exhibition, doubts_of_record
from exhibit.pipeline.named_files import is_inside, narration_problems, scan_in
from exhibit.pipeline.scan_table import load_table, row_of
from exhibit.pipeline.sidecar import load_sidecar, sidecar_of
from exhibit.pipeline.spoken import read_narration
from exhibit.pipeline.wording import did_you_mean, refusal, validate
from exhibit.pipeline.written_toml import read_toml

__all__ = [
    "Project", "RelicEntry", "load_exhibition", "load_project", "load_relic", "load_sidecar", "load_table",
    "read_narration", "row_of", "scan_of", "sidecar_of",
]  # fmt: skip

RECORD: Final = "relic.toml"


class RelicEntry(NamedTuple):
    """A relic of a project: its folder and its record."""

    folder: Path
    record: RelicRecord


@dataclass(frozen=True, slots=True)
class Project:
    """A museum's folder, read and found sound.

    Parameters
    ----------
    root : the folder that holds ``scenes/`` and ``assets/``.
    exhibitions : one per scene, by file name; at least one.
    relics : folder and record by id, in alphabetical order.
    findings : doubts by relic id; those of the scenes and of the project under ``""``.
    """

    root: Path
    exhibitions: tuple[Exhibition, ...]
    relics: dict[str, RelicEntry]
    findings: dict[str, tuple[Finding, ...]]

    @property
    def exhibition(self) -> Exhibition:
        """The first exhibition."""
        return self.exhibitions[0]

    def relics_in(self, exhibition: Exhibition) -> tuple[str, ...]:
        """Return the ids of the relics of one of the exhibitions, in order."""
        return tuple(place.relic for place in exhibition.placed()) or tuple(self.relics)


class _Name(Written):
    id: Slug


def load_relic(folder: Path) -> RelicRecord:
    """Read the record of the relic in `folder`.

    Parameters
    ----------
    folder : holds ``relic.toml``, the scan, and recordings; its name is the relic's id.

    Raises
    ------
    DefinitionError
        Naming every problem of the record and of the files it names.
    """
    folder = Path(folder)
    record, problems = _relic(folder, f"{folder.resolve().name}/{RECORD}")
    if record is None:
        raise refusal(problems, folder / RECORD)
    return record


def load_exhibition(file: Path) -> Exhibition:
    """Read one scene; whether its relics exist is seen by `load_project`.

    Raises
    ------
    DefinitionError
        Naming every problem of the file.
    """
    file = Path(file)
    exhibition, problems = _exhibition(file, file.name)
    if exhibition is None:
        raise refusal(problems, file)
    return exhibition


def load_project(folder: Path) -> Project:
    """Read every scene and every relic of a project.

    Folders in ``assets/`` whose names begin with ``.`` or ``_`` are left alone; any other folder without a
    ``relic.toml`` is a problem.

    Raises
    ------
    DefinitionError
        Naming every problem of every file.
    """
    folder = Path(folder)
    _refuse_none(folder)
    problems: list[Problem] = []
    relics: dict[str, RelicEntry] = {}
    places = _entries(folder / "assets", "", problems)
    for place in places:
        record, found = _relic(place, f"assets/{place.name}/{RECORD}")
        problems += found
        if record is not None:
            relics[record.id] = RelicEntry(place, record)
    exhibitions: list[Exhibition] = []
    for scene in _entries(folder / "scenes", ".toml", problems):
        exhibition, found = _exhibition(scene, f"scenes/{scene.name}", folder, [place.name for place in places])
        problems += found
        exhibitions += [exhibition] if exhibition is not None else []
    if problems:
        raise refusal(problems, folder)
    return Project(folder, tuple(exhibitions), relics, _doubts(exhibitions, relics))


def _refuse_none(folder: Path) -> None:
    """Say in one sentence that there is no project at all, rather than name everything that it lacks."""
    if any((folder / part).is_dir() for part in ("assets", "scenes")):
        return
    inside = next((place for place in folder.resolve().parents if (place / "scenes").is_dir()), None)
    message = "holds no project: it has neither scenes/ nor assets/."
    if not folder.is_dir():
        message = "there is no such folder." if not folder.exists() else "is a file, not the folder of a project."
    hint = "'exhibit new DIR' makes a project; 'exhibit demo --from SCANS' makes one of your scans."
    if inside is not None:
        hint = f"The project is {inside}."
    raise DefinitionError(message, where=str(folder), hint=hint)


def scan_of(folder: Path, record: RelicRecord) -> Path:
    """Return the scan of a relic: the file the record names, else the only scan in its folder.

    Raises
    ------
    DefinitionError
        There is none, or there are several and none is named.
    """
    found = scan_in(Path(folder), record.scan.file, f"{record.id}/{RECORD}")
    if isinstance(found, Problem):
        raise refusal([found], Path(folder) / RECORD)
    return found


def _relic(folder: Path, shown: str) -> tuple[RelicRecord | None, list[Problem]]:
    if folder.is_dir() and not (folder / RECORD).is_file():
        return None, [
            Problem(shown, "", "does not exist.", "Copy one from another relic; 'exhibit new' makes a first.")
        ]
    data = read_toml(folder / RECORD, shown)
    if isinstance(data, Problem):
        return None, [data]
    name = folder.resolve().name
    problems = _id_problems(data, name, shown)
    record, found = validate(RelicRecord, {**data, "id": "unnamed" if problems else name}, shown)
    problems += found
    scan = data.get("scan")
    named = scan.get("file") if isinstance(scan, dict) else None
    if named is None or (isinstance(named, str) and is_inside(named)):
        place = scan_in(folder, named and named.strip().replace("\\", "/"), shown)
        problems += [place] if isinstance(place, Problem) else []
    problems += narration_problems(folder, data.get("narration"), shown)
    return (None if problems else record), problems


def _id_problems(data: dict[str, Any], name: str, shown: str) -> list[Problem]:
    _, problems = validate(_Name, {"id": name}, shown)
    if problems:
        message = f"stands in a folder called '{name}', which cannot be part of an address."
        hint = "Rename the folder: lower-case letters a to z, digits and hyphens, beginning with a letter or digit."
        return [Problem(shown, "", message, hint)]
    return _other_name(data, name, shown, f"the folder is called '{name}'")


def _other_name(data: dict[str, Any], name: str, shown: str, fact: str) -> list[Problem]:
    if "id" not in data or data["id"] == name:
        return []
    return [Problem(shown, "id", f"says '{str(data['id'])[:40]}', but {fact}.", "Take the line out.")]


def _exhibition(
    file: Path, shown: str, project: Path | None = None, known: Sequence[str] = ()
) -> tuple[Exhibition | None, list[Problem]]:
    """Read a scene; of a project, also hold it against the relics and rooms there are."""
    data = read_toml(file, shown)
    if isinstance(data, Problem):
        return None, [data]
    problems = _other_name(data, file.stem, shown, f"the file is called '{file.name}'")
    exhibition, found = validate(Exhibition, {**data, "id": file.stem}, shown)
    problems += found
    if project is not None:
        problems += [
            *_unknown_relics(data.get("relics"), shown, known),
            *_unknown_room(data.get("room"), shown, project),
        ]
    return (None if problems else exhibition), problems


def _entries(folder: Path, suffix: str, problems: list[Problem]) -> list[Path]:
    """Return the scenes (files with `suffix`) or relics (folders, without) of a project, by name."""
    wanted = "scene, a .toml file" if suffix else "relic, a folder with relic.toml and a scan"
    hint = "'exhibit new' makes a project to begin with."
    if not folder.is_dir():
        problems.append(Problem(f"{folder.name}/", "", "does not exist.", hint))
        return []
    found = [
        entry
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if not entry.name.startswith((".", "_"))
        and (entry.suffix == suffix and entry.is_file() if suffix else entry.is_dir())
    ]
    if not found:
        problems.append(Problem(f"{folder.name}/", "", f"holds no {wanted}.", hint))
    return found


def _unknown_relics(relics: Any, shown: str, known: Sequence[str]) -> Iterator[Problem]:
    for number, entry in enumerate(relics if isinstance(relics, list) else (), 1):
        relic = entry.get("relic") if isinstance(entry, dict) else entry
        if isinstance(relic, str) and relic not in known:
            hint = did_you_mean(relic, known) or f"There are {', '.join(known[:8]) or 'none'}."
            yield Problem(shown, f"relics[{number}]", f"assets/ has no relic '{relic[:40]}'.", hint)


def _unknown_room(room: Any, shown: str, project: Path) -> Iterator[Problem]:
    homes = (resources.shipped("site_template"), project)
    rooms = sorted({style.name for home in homes for style in (home / "rooms").glob("*")})
    if rooms and isinstance(room, str) and room not in rooms:
        hint = did_you_mean(room, rooms) or f"There are {', '.join(rooms)}."
        yield Problem(shown, "room", f"There is no room style '{room[:40]}'.", hint)


def _doubts(exhibitions: list[Exhibition], relics: dict[str, RelicEntry]) -> dict[str, tuple[Finding, ...]]:
    asked: dict[str, dict[str, None]] = {relic: {} for relic in relics}
    for exhibition in exhibitions:
        for relic in [place.relic for place in exhibition.placed()] or relics:
            asked[relic].update(dict.fromkeys(exhibition.languages))
    found = {relic: doubts_of_record(relics[relic].record, languages) for relic, languages in asked.items()}
    found[""] = tuple(doubt for exhibition in exhibitions for doubt in doubts_of_exhibition(exhibition))
    return {relic: doubts for relic, doubts in found.items() if doubts}
