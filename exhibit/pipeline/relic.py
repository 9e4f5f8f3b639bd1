"""One scan becomes one folder of files; what a worker process runs."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exhibit.errors import ExhibitError
from exhibit.model.asset import Asset, AssetFile
from exhibit.model.narration import Narration
from exhibit.pipeline.atomic import write_atomically
from exhibit.pipeline.made import Made, Words, all_findings, placement_of
from exhibit.pipeline.recipe import RelicOptions, plan_relic
from exhibit.pipeline.report import as_json, report_of
from exhibit.pipeline.store import Store
from exhibit.pipeline.timing import Stopwatch
from exhibit.progress import SILENT, Progress

REPORT, TIMINGS, POSTER = "report.json", "timings.json", "poster.webp"


@dataclass(frozen=True, slots=True)
class RelicResult:
    """What became of one scan: where its files are, whether anything had to be done, report, costs, what is said."""

    name: str
    folder: Path
    was_unchanged: bool
    report: dict[str, Any]
    timings: dict[str, Any]
    narrations: tuple[Narration, ...] = ()


def convert_one(
    path: Path,
    name: str,
    folder: Path,
    options: RelicOptions,
    store: Store,
    relic_folder: Path | None = None,
    *,
    progress: Progress = SILENT,
) -> RelicResult:
    """Make one relic's files in `folder`, or find that they are there already.

    Parameters
    ----------
    relic_folder : holds the relic's record and recordings; None where there is only a scan.

    Raises
    ------
    ExhibitError
        With `where` naming the scan; nothing half-written is left.
    """
    with Stopwatch() as watch:
        try:
            words = Words(name) if relic_folder is None else words_of(relic_folder, store, progress.part(0.0, 0.02))
            made = plan_relic(path, options, store, watch, words, progress=progress.part(0.02, 1.0))
            finished = None if store.is_fresh else read_finished(folder, made.key)
            if finished is not None:
                progress.tick(1.0, "unchanged")
                return RelicResult(name, folder, True, finished, _timings(folder), words.narrations)
            files, report = asset_files(path, made, options)
            progress.tick(0.99, "write")
        except ExhibitError as fault:
            fault.where = fault.where if str(path) in fault.where else f"{path}"
            raise
        timings = watch.as_json()
        write_folder(folder, [*files, AssetFile(TIMINGS, as_json(timings))], report)
        progress.tick(1.0, "done")
        return RelicResult(name, folder, False, report, timings, words.narrations)


def words_of(folder: Path, store: Store, progress: Progress) -> Words:
    """Read what the museum says of a relic and make its narration ready."""
    from exhibit.pipeline.definitions import load_relic, read_narration
    from exhibit.stages.narrate import NarrateOptions, narrate

    record = load_relic(folder)
    spoken = read_narration(folder, record)
    key = tuple(dataclasses.astuple(each) for each in spoken)
    kept = store.keep(
        "narrate", "exhibit.stages.narrate", (NarrateOptions(), key), (), lambda: narrate(spoken, progress=progress)
    )
    return Words(record.id, record, kept.value())


def asset_files(path: Path, made: Made, options: RelicOptions) -> tuple[list[AssetFile], dict[str, Any]]:
    """Walk the way of a relic; return its files (models and poster) and its report."""
    asset: Asset = made.asset.value()
    pictures = [AssetFile(name, data) for name, kept in made.pictures.items() if (data := kept.value())]
    files = [*asset.files, AssetFile(POSTER, made.poster.value()), *pictures]
    report = report_of(
        source=path,
        source_sha256=made.source_sha256,
        key=made.key,
        options=options,
        subject=made.subject.value(),
        placement=placement_of(made.subject.value()),
        asset=dataclasses.replace(asset, files=tuple(files)),
        findings=all_findings(made),
    )
    return files, report


def write_folder(folder: Path, files: list[AssetFile], report: dict[str, Any]) -> None:
    """Write a relic's files, the report last: only a folder with a report is finished.

    Files of an earlier report that are no longer made are removed; files this program did not write are left alone.
    If it fails, what was newly written is taken back.
    """
    stale = set(_read_json(folder / REPORT).get("files", {})) - {file.name for file in files}
    was_there = folder.is_dir()
    written: list[Path] = []
    try:
        for file in files:
            target = folder / file.name
            is_new = not target.exists()
            write_atomically(target, file.data)
            if is_new:
                written.append(target)
        write_atomically(folder / REPORT, as_json(report))
    except BaseException:
        for target in written:
            with contextlib.suppress(OSError):
                target.unlink()
        if not was_there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    for name in stale:
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def read_finished(folder: Path, key: str) -> dict[str, Any] | None:
    """Return the report of a finished folder if it was made under this very key and its files are intact."""
    report = _read_json(folder / REPORT)
    if report.get("key") != key:
        return None
    for name, facts in report.get("files", {}).items():
        try:
            with (folder / name).open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None
        if digest != facts.get("sha256"):
            return None
    return report


def _timings(folder: Path) -> dict[str, Any]:
    return _read_json(folder / TIMINGS)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
