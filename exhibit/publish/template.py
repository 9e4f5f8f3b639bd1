"""The site template, read from disk: pages, styles, rooms and scripts, with a museum's own on top."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from exhibit.errors import DefinitionError, DependencyError, Problem
from exhibit.publish.bundle import find_bundle
from exhibit.publish.webxr.fonts import check_fonts, is_font
from exhibit.publish.webxr.room import RoomStyle
from exhibit.resources import shipped

BUNDLE: Final = "bundle"
"""Folder of the site in which the scripts stand."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The built scripts, by their paths from the site's root.

    Parameters
    ----------
    entry : the module that every page loads.
    styles : style sheets that belong to it.
    preloads : modules it imports at once.
    files : path -> bytes of everything to copy.
    """

    entry: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class SiteTemplate:
    """What a site is made with.

    Parameters
    ----------
    pages : Jinja2 sources by name: ``relic.html``.
    static : files copied as they are, by name below ``static/``.
    rooms : room styles by name.
    scripts : the bundle; None where it was not built, and then the site is text and pictures.
    fonts : display fonts and their licences by name; see `exhibit.publish.webxr.fonts`.
    """

    pages: Mapping[str, str]
    static: Mapping[str, bytes]
    rooms: Mapping[str, RoomStyle]
    scripts: Scripts | None = None
    fonts: Mapping[str, bytes] = field(default_factory=dict)


def read_site_template(*overlays: Path, root: Path | None = None) -> SiteTemplate:
    """Read the template that came with the package, then the museum's own files on top of it.

    Parameters
    ----------
    overlays : folders laid out like ``site_template`` (``templates/``, ``templates/static/``, ``rooms/``,
        ``fonts/``); a file in a later one replaces the file of the same name. Fonts replace all fonts before them.
    root : the template itself; by default the one shipped.

    Raises
    ------
    DependencyError
        The package came without its template.
    DefinitionError
        A room style has faults; all of them are listed. Or a font cannot be read.
    """
    root = root or shipped("site_template")
    if not (root / "templates").is_dir():
        raise DependencyError("the site's templates are missing.", where=str(root), hint="Install exhibit again.")
    pages: dict[str, str] = {}
    static: dict[str, bytes] = {}
    fonts: dict[str, bytes] = {}
    rooms: dict[str, RoomStyle] = {}
    for folder in (root, *overlays):
        pages |= {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "templates").glob("*.html"))}
        static |= _files_below(folder / "templates" / "static")
        rooms |= {path.parent.name: read_room_style(path) for path in sorted((folder / "rooms").glob("*/room.toml"))}
        own = _files_below(folder / "fonts")
        fonts = own if any(map(is_font, own)) else fonts
    check_fonts(fonts)
    return SiteTemplate(pages, static, rooms, _scripts(root / "dist" / "web"), fonts)


def read_room_style(path: Path) -> RoomStyle:
    """Read one ``room.toml``; DefinitionError lists all its faults."""
    try:
        return RoomStyle.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DefinitionError(f"is not TOML: {fault}.", where=str(path), hint="Compare with rooms/plain.") from fault
    except ValidationError as fault:
        problems = tuple(
            Problem(str(path), ".".join(map(str, error["loc"])), f"{error['msg']}.") for error in fault.errors()
        )
        raise DefinitionError("the room style has faults.", where=str(path), problems=problems) from None


def _scripts(folder: Path) -> Scripts | None:
    try:
        bundle = find_bundle(folder)
    except DependencyError:
        return None  # the plan says so in a finding; text and pictures need no script
    return Scripts(
        entry=f"{BUNDLE}/{bundle.entry}",
        styles=tuple(f"{BUNDLE}/{name}" for name in bundle.styles),
        preloads=tuple(f"{BUNDLE}/{name}" for name in bundle.preloads),
        files={f"{BUNDLE}/{name}": bundle.read(name) for name in bundle.files},
    )


def _files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
