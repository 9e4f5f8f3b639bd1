"""Write a planned site: whole or not at all, only what changed, and never over anybody else's files.

The site's folder keeps a list of what was written into it, ``.exhibit-site.json``: path -> SHA-256. From it the next
run knows which files are stale and may go, and which are somebody else's and stay. All new files are laid out in
full beside the site first; then each takes its place by a rename, pages last, so that nobody ever meets a page whose
pictures are not there yet. A full disk is met before anything of the site was touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from exhibit.errors import OutputError
from exhibit.pipeline.atomic import output_error, write_atomically
from exhibit.progress import SILENT, Progress
from exhibit.publish.site import Content, SitePlan, StoredFile

MANIFEST: Final = ".exhibit-site.json"
STAGING: Final = ".exhibit-new"
_SPARE_BYTES: Final = 16_000_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """What writing did, in files; bytes are those newly written."""

    n_written: int
    n_unchanged: int
    n_removed: int
    n_bytes: int


def write(plan: SitePlan, folder: Path, *, force: bool = False, progress: Progress = SILENT) -> Written:
    """Make `folder` the planned site.

    Parameters
    ----------
    plan : every file, from `plan`.
    folder : where the site goes; made if absent. Files in it that no run wrote stay as they are.
    force : replace files in the way that no run wrote, or that somebody changed since.

    Raises
    ------
    OutputError
        The disk is full or the folder cannot be written, or a file that is not ours is in the way; then the site is
        as it was before.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read_manifest(folder)
        _remove_staging(folder)
        hashes = {path: _digest(content) for path, content in plan.files.items()}
        changed = _changed(folder, hashes, known, force, progress.part(0.0, 0.3))
        n_bytes = sum(_size(plan.files[path]) for path in changed)
        _check_space(folder, n_bytes)
        _stage(plan.files, hashes, changed, folder, progress.part(0.3, 0.8))
        # from here on every step leaves a site that the next run understands, whenever it ends
        _write_manifest(folder, known | {path: known.get(path, frozenset()) | {hashes[path]} for path in hashes})
        _put_in_place(folder, changed)
        stale = _remove_stale(folder, known, hashes)
        _write_manifest(folder, {path: frozenset({digest}) for path, digest in hashes.items()})
        progress.tick(1.0, "site")
    except OSError as fault:
        raise output_error(Path(fault.filename or folder), fault) from fault
    finally:
        with contextlib.suppress(OSError):
            _remove_staging(folder)
    return Written(len(changed), len(hashes) - len(changed), stale, n_bytes)


def _read_manifest(folder: Path) -> dict[str, frozenset[str]]:
    """Return path -> digests that a run of ours may have left there (two after a run that was stopped half-way)."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {path: frozenset(digests.split()) for path, digests in data["files"].items() if _is_inside(path)}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise OutputError(
            "the list of what was written here is damaged, so nothing can be replaced safely.",
            where=str(folder / MANIFEST),
            hint="Move the site's folder away and build again, or use --force after deleting this file.",
        ) from fault


def _write_manifest(folder: Path, files: Mapping[str, frozenset[str]]) -> None:
    data = {"version": 1, "files": {path: " ".join(sorted(files[path])) for path in sorted(files)}}
    write_atomically(folder / MANIFEST, (json.dumps(data, indent=0, ensure_ascii=False) + "\n").encode("utf-8"))


def _is_inside(path: str) -> bool:
    # a list that somebody tampered with must not make us delete outside of the site
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and ":" not in path and "\\" not in path


def _changed(
    folder: Path, hashes: Mapping[str, str], known: Mapping[str, frozenset[str]], force: bool, progress: Progress
) -> list[str]:
    """Return the paths to write; OutputError names files in the way that are not ours."""
    changed, foreign = [], []
    for number, (path, digest) in enumerate(hashes.items()):
        progress.tick(number / len(hashes), path)
        place = folder / path
        _check_parents(folder, path)
        if place.is_symlink() or place.is_file():
            found = _digest_of_file(place) if not place.is_symlink() else ""
            if found == digest:
                continue
            if found not in known.get(path, frozenset()):
                foreign.append(path)
        elif place.exists():
            raise OutputError("a folder is where the site has a file.", where=str(place), hint="Move it away.")
        changed.append(path)
    if foreign and not force:
        some = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise OutputError(
            f"would overwrite what this program did not write: {some}.",
            where=str(folder),
            hint="Move it away, choose another --out, or use --force.",
        )
    return changed


def _check_parents(folder: Path, path: str) -> None:
    for parent in PurePosixPath(path).parents:
        place = folder / parent
        if place.is_symlink() and not place.resolve().is_relative_to(folder.resolve()):
            raise OutputError("leads out of the site's folder.", where=str(place), hint="Remove the link.")
        if place.exists() and not place.is_dir():
            raise OutputError("a file is where the site has a folder.", where=str(place), hint="Move it away.")


def _check_space(folder: Path, n_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if n_bytes + _SPARE_BYTES > free:
        raise OutputError(
            f"the disk has {free / 1e6:.0f} MB free, and the site needs {n_bytes / 1e6:.0f} MB more.",
            where=str(folder),
            hint="Free some space and run the same command again.",
        )


def _stage(
    files: Mapping[str, Content], hashes: Mapping[str, str], changed: list[str], folder: Path, progress: Progress
) -> None:
    for number, path in enumerate(changed):
        progress.tick(number / len(changed), path)
        place = folder / STAGING / path
        place.parent.mkdir(parents=True, exist_ok=True)
        found = _copy(files[path], place)
        if found != hashes[path]:
            source = files[path]
            where = str(source.path) if isinstance(source, StoredFile) else path
            raise OutputError("changed while it was being copied.", where=where, hint="Run the same command again.")


def _copy(content: Content, place: Path) -> str:
    """Write `content` and make sure it is on the disk; return its digest."""
    digest = hashlib.sha256()
    with place.open("wb") as target:
        if isinstance(content, bytes):
            digest.update(content)
            target.write(content)
        else:
            with content.path.open("rb") as source:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _put_in_place(folder: Path, changed: list[str]) -> None:
    for path in sorted(changed, key=lambda path: (path.endswith(".html"), path)):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        (folder / STAGING / path).replace(place)


def _remove_stale(folder: Path, known: Mapping[str, frozenset[str]], hashes: Mapping[str, str]) -> int:
    """Remove what an earlier run wrote and this one did not, unless somebody changed it; return how many."""
    removed = 0
    for path in sorted(set(known) - set(hashes)):
        place = folder / path
        if place.is_symlink() or not place.is_file() or _digest_of_file(place) not in known[path]:
            continue
        place.unlink()
        removed += 1
        for parent in PurePosixPath(path).parents:
            if str(parent) == "." or any((folder / parent).iterdir()):
                break
            (folder / parent).rmdir()
    return removed


def _remove_staging(folder: Path) -> None:
    staging = folder / STAGING
    if staging.is_dir() and not staging.is_symlink():
        shutil.rmtree(staging)


def _digest(content: Content) -> str:
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else content.sha256


def _digest_of_file(place: Path) -> str:
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.n_bytes
