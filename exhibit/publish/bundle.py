"""The built scripts of the site: where they are and what Vite called them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from exhibit.errors import DependencyError
from exhibit.resources import shipped

ENTRY = "src/main.ts"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files that pages load, all beside each other in one folder of the site.

    Parameters
    ----------
    folder : where they lie now.
    entry : name of the script every page starts, hashed: ``main-BvRk9kiK.js``.
    styles : names of the style sheets that belong to it.
    preloads : names of the scripts that `entry` imports at once; worth a ``modulepreload``.
    files : names of all files to copy, sorted, with the licences of the code in them.
    """

    folder: Path
    entry: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]
    files: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """Return the bytes of one of `files`."""
        return (self.folder / name).read_bytes()


def find_bundle(folder: Path | None = None) -> Bundle:
    """Return the built bundle.

    Parameters
    ----------
    folder : Vite's output; by default the one that came with the package or was built in this checkout.

    Raises
    ------
    DependencyError
        When nothing was built, or the manifest does not name the entry.
    """
    folder = folder or shipped("site_template") / "dist" / "web"
    try:
        chunks = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entry = chunks[ENTRY]
    except (OSError, ValueError, KeyError):
        raise DependencyError(
            "The site's scripts were not built.",
            where=str(folder),
            hint="In a checkout run `python hatch_build.py`; otherwise reinstall exhibit.",
        ) from None
    reached = _imported(chunks, ENTRY)
    styles = [name for key in (*reached, ENTRY) for name in chunks[key].get("css", ())]
    files = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != "manifest.json")
    return Bundle(
        folder=folder,
        entry=str(entry["file"]),
        styles=tuple(dict.fromkeys(styles)),
        preloads=tuple(chunks[key]["file"] for key in reached),
        files=tuple(files),
    )


def _imported(chunks: dict[str, dict[str, list[str]]], start: str) -> list[str]:
    """Return the keys of all chunks that `start` imports statically, near ones first."""
    found: list[str] = []
    waiting = list(chunks[start].get("imports", ()))
    while waiting:
        key = waiting.pop(0)
        if key not in found and key != start:
            found.append(key)
            waiting += chunks[key].get("imports", ())
    return found
