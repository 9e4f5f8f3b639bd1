"""What goes into a site and what comes out of planning it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exhibit.model.asset import Asset
from exhibit.model.exhibition import Exhibition
from exhibit.model.finding import Finding
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.model.room import RoomFiles
from exhibit.publish.template import SiteTemplate


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that stays on disk until it is copied: for sites whose models do not fit into memory.

    Parameters
    ----------
    path : where its bytes are.
    n_bytes, sha256 : size and hex digest of them, so that planning need not read it.
    """

    path: Path
    n_bytes: int
    sha256: str

    def read(self) -> bytes:
        """Return the bytes; planning does so for posters only, which it measures."""
        return self.path.read_bytes()


Content = bytes | StoredFile
"""What a file of the site holds."""


def bytes_of(content: Content) -> bytes:
    """Return a file's bytes, wherever they are."""
    return content if isinstance(content, bytes) else content.read()


@dataclass(frozen=True, slots=True)
class SiteRelic:
    """One relic, ready to be shown.

    Parameters
    ----------
    record : what the museum says of it.
    asset : its files (``poster.webp``, ``hero.glb``, ...) and figures.
    narrations : spoken text, one per language.
    stored : further files by name, kept on disk; they come before the asset's of the same name.
    is_pending : it is still being made: its asset has a size and nothing else, and its place is kept empty.
    """

    record: RelicRecord
    asset: Asset
    narrations: tuple[Narration, ...] = ()
    stored: Mapping[str, StoredFile] = field(default_factory=dict)
    is_pending: bool = False

    def files(self) -> dict[str, Content]:
        """Return all files of the relic by name, sorted."""
        every: dict[str, Content] = {file.name: file.data for file in self.asset.files}
        every |= self.stored
        return dict(sorted(every.items()))


@dataclass(frozen=True, slots=True)
class SiteInput:
    """An exhibition with everything it shows.

    Parameters
    ----------
    exhibition : as the curator wrote it.
    relics : in the order of a visit.
    languages : of the site; empty means the exhibition's.
    template : pages, styles, rooms and scripts; None means those that came with the package.
    room : the room with its light, see `exhibit.publish.lit_room`; None shows it in a plain even one.
    view : WebP of the lit room from the entrance; None has it drawn.
    findings : what was doubted in preparing it.
    """

    exhibition: Exhibition
    relics: tuple[SiteRelic, ...]
    languages: tuple[str, ...] = ()
    template: SiteTemplate | None = None
    room: RoomFiles | None = None
    view: bytes | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class SitePlan:
    """Every file of a site, decided: path from the site's root (``en/index.html``) -> content."""

    files: Mapping[str, Content]
    findings: tuple[Finding, ...] = ()
