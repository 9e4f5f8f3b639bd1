"""What walks a relic's way with it: the words that it is given, and what is known of its end before it is walked."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.asset import Asset
from exhibit.model.cloud import CleanCloud, Placement
from exhibit.model.finding import Finding
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.model.surface import Adopted, Surface
from exhibit.pipeline.store import Kept


@dataclass(frozen=True, slots=True)
class Made:
    """A relic's way, ready to be walked: the key of its end is known, its values come when asked for.

    Parameters
    ----------
    source_sha256 : of the scan and the files that belong to it.
    key : of everything that is written: models, poster and report.
    asset : the files; `poster` : WebP bytes; `subject` : what was measured against.
    pictures : from scan to relic, by their files' names; empty bytes where there is nothing to show.
    """

    source_sha256: str
    key: str
    subject: Kept[CleanCloud | Adopted]
    surface: Kept[Surface]
    poster: Kept[bytes]
    asset: Kept[Asset]
    pictures: dict[str, Kept[bytes]]


@dataclass(frozen=True, slots=True)
class Words:
    """What the museum says of the relic, as far as it goes into the files."""

    name: str = "relic"
    record: RelicRecord | None = None
    narrations: tuple[Narration, ...] = ()


def placement_of(subject: CleanCloud | Adopted) -> Placement:
    """Return how the scan's own coordinates became metres."""
    return subject.surface.placement if isinstance(subject, Adopted) else subject.placement


def all_findings(made: Made) -> tuple[Finding, ...]:
    """Return what every stage doubted, in the order of the way, each once."""
    parts = made.subject.value().findings, made.surface.value().findings, made.asset.value().findings
    return tuple(dict.fromkeys(finding for part in parts for finding in part))
