"""A site in view while its relics are being made: empty plinths first, then each relic as it is done."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from exhibit.errors import Cancelled, ExhibitError
from exhibit.model.asset import Asset
from exhibit.model.record import RelicRecord
from exhibit.pipeline.build import Build
from exhibit.pipeline.run import Outcome
from exhibit.pipeline.store import Store
from exhibit.pipeline.workload import Workload
from exhibit.publish.finished import site_relics
from exhibit.publish.lit_room import in_light_of, light_room
from exhibit.publish.making import Making, State
from exhibit.publish.plan import plan
from exhibit.publish.site import SiteInput, SitePlan, SiteRelic
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr import addresses
from exhibit.publish.write import Written, write

UNKNOWN_M: Final = 0.4
"""Side of the place that is kept for a relic of which nobody knows the size yet, metres."""


_LOOKING_S: Final = 5.0
"""While sizes are being found out, the site is written no more often than this, seconds."""


class Showing:
    """Writes a project's site: once, or again and again while its relics are being made.

    Parameters
    ----------
    build : the project, and the exhibition of it that is shown.
    site : folder of the site.
    languages : of the site, the default one first; empty means the exhibition's.
    force : replace files of others that are in the way.
    size_of : looks at a relic's scan and tells about how large it is, metres; None where that is not known.
    """

    def __init__(
        self,
        build: Build,
        site: Path,
        languages: tuple[str, ...] = (),
        *,
        force: bool = False,
        size_of: Callable[[str], tuple[float, float, float] | None] = lambda relic: None,
    ) -> None:
        self.making = Making(build.relics)
        self._build, self._site, self._languages, self._force = build, site, languages, force
        self._size_of = size_of
        self._template = read_site_template(build.project.root)
        self._store = Store(build.workshop / "store", is_fresh=force)
        self._outcomes: dict[str, Outcome] = {}
        self._sizes: dict[str, tuple[float, float, float]] = {}
        self._changed, self._closing = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._fault: ExhibitError | None = None
        self._is_standing = False
        self._lit: SiteInput | None = None

    def begin(self) -> None:
        """Show the hall: with empty plinths, or as it was when it was whole already; go on as relics are added."""
        self._is_standing = _is_whole(self._site, self._build.relics)
        if not self._is_standing:
            self._publish(*self._state())  # the address is waited for; the light follows at once
            self._changed.set()
        self._thread = threading.Thread(target=self._keep_up, daemon=True)
        self._thread.start()

    def add(self, outcome: Outcome) -> None:
        """Take in what became of a relic; the site follows in the background."""
        if isinstance(outcome.error, Cancelled) and outcome.name in self._outcomes:
            return  # it was stopped after its first look, which is there to be seen
        self._outcomes[outcome.name] = outcome
        self._changed.set()

    def finish(self, outcomes: Sequence[Outcome], workload: Workload = Workload()) -> tuple[SitePlan, Written]:
        """Write the site with every relic that was made, and with no empty place; the light is told to `workload`.

        Raises
        ------
        OutputError
            The site cannot be written.
        """
        self._stop()
        self._outcomes = {outcome.name: outcome for outcome in outcomes}
        if self._fault is not None:
            raise self._fault
        aside = Workload(on_progress=workload.on_aside)
        site, states = self._state(is_last=True)
        return self._publish(light_room(site, self._store, aside), states, is_last=True)

    def leave(self, outcomes: Sequence[Outcome]) -> bool:
        """Leave a stopped build: what was made is shown, if anything was; tell whether the site was written."""
        self._stop()
        kept = [outcome if outcome.error is None else self._outcomes.get(outcome.name, outcome) for outcome in outcomes]
        if self._thread is None or self._is_standing or all(outcome.error is not None for outcome in kept):
            return False
        self.finish(kept)
        return True

    def _stop(self) -> None:
        self._closing.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _keep_up(self) -> None:
        unknown, written_at = self._unknown_sizes(), 0.0
        while not self._closing.is_set():
            looked = next(unknown, None) is not None
            if not looked:
                self._changed.wait()
            is_due = not looked or time.monotonic() - written_at > _LOOKING_S
            # a whole site is shown as it was; what changed comes all at once, at the end
            if self._closing.is_set() or self._is_standing or not (is_due and self._changed.is_set()):
                if self._is_standing:
                    self._changed.clear()
                continue
            self._changed.clear()
            try:
                self._follow()
            except ExhibitError as fault:
                self._fault = fault
                return
            written_at = time.monotonic()

    def _unknown_sizes(self) -> Iterator[str]:
        """Find out, one after the other, the sizes that records do not state: places become as large as relics are."""
        for name in self._build.relics if not self._is_standing else ():
            if name in self._outcomes or _catalogue_size(self._build.project.relics[name].record) is not None:
                continue
            if size := self._size_of(name):
                self._sizes[name] = size
                self._changed.set()
            yield name

    def _follow(self) -> None:
        """Show what arrived at once, in the light of before if it stands where its place was lit; then light it."""
        site, states = self._state()
        arrived = {relic.record.id for relic in site.relics if not relic.is_pending}
        known = {relic.record.id for relic in self._lit.relics if not relic.is_pending} if self._lit else set()
        if self._lit is not None and arrived - known and (early := in_light_of(site, self._lit)):
            self._publish(early, states)
        self._lit = light_room(site, self._store, is_draft=True)
        self._publish(self._lit, states)

    def _state(self, *, is_last: bool = False) -> tuple[SiteInput, dict[str, State]]:
        """Return what there is to be shown by now, and what became of the relics."""
        outcomes = dict(self._outcomes)
        made = {relic.record.id: relic for relic in site_relics(self._build, tuple(outcomes.values()))}
        relics = [made[name] if name in made else self._pending(name)
                  for name in self._build.relics
                  if name in made or (not is_last and name not in outcomes)]  # fmt: skip
        states: dict[str, State] = {name: "made" if name in made else "failed" for name in outcomes}
        return SiteInput(self._build.exhibition, tuple(relics), self._languages, self._template), states

    def _publish(self, site: SiteInput, states: dict[str, State], *, is_last: bool = False) -> tuple[SitePlan, Written]:
        planned = plan(site)
        written = write(planned, self._site, force=self._force)
        self.making.published(states, is_done=is_last)
        return planned, written

    def _pending(self, name: str) -> SiteRelic:
        record = self._build.project.relics[name].record
        size = _catalogue_size(record) or self._sizes.get(name) or (UNKNOWN_M,) * 3
        return SiteRelic(record, Asset((), (), (), size), is_pending=True)


def is_stopped(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether somebody stopped the build before every relic was made."""
    return any(isinstance(outcome.error, Cancelled) for outcome in outcomes)


def _catalogue_size(record: RelicRecord) -> tuple[float, float, float] | None:
    """Return width, height and depth, metres, as far as the record states them; None where it states no height."""
    stated = record.dimensions
    if stated.height_mm is None:
        return None
    width = stated.width_mm or stated.diameter_mm or stated.depth_mm or 0.6 * stated.height_mm
    depth = stated.depth_mm or stated.diameter_mm or stated.width_mm or width
    return width / 1000, stated.height_mm / 1000, depth / 1000


def _is_whole(site: Path, relics: Sequence[str]) -> bool:
    """Tell whether a site stands there with just these relics, every one made."""
    try:
        document = json.loads((site / addresses.DOCUMENT).read_text(encoding="utf-8"))
        shown = [relic["id"] for relic in document["relics"] if not relic["pending"]]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return shown == list(relics) and (site / "index.html").is_file()
