"""From scan to relic: what each step shows and what it cost, in words and measured figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exhibit.model.asset import STAGE_PICTURES, Asset, LevelFigures
from exhibit.model.points import PointFigures
from exhibit.publish.site import SiteRelic
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.model_view import color_band, levels_of, one_part_in
from exhibit.publish.webxr.wording import Reader

_PX = 480


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure with its name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One step on the way: what is seen, how far it lies from what was measured, and its figures.

    Parameters
    ----------
    key : ``points``, ``form`` or ``surface``.
    loss : distance in millimetres, or a dash where nothing was measured; `loss_note` says what it means.
    """

    key: str
    name: str
    sentence: str
    picture: str
    picture_px: int
    loss: str
    loss_note: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class FromScanView:
    """The steps in their order; `note` says why the points are missing where they are."""

    stops: tuple[Stop, ...]
    note: str | None


def from_scan_view(relic: SiteRelic, files: frozenset[str], reader: Reader) -> FromScanView | None:
    """Return the way from scan to relic, or None where its pictures were not taken."""
    levels = [level for level, _ in levels_of(relic.asset, files)]
    shown = next((level for level in levels if level.name == "hero"), levels[-1] if levels else None)
    if shown is None or not {STAGE_PICTURES["form"], STAGE_PICTURES["surface"]} <= files:
        return None
    points = relic.asset.points if STAGE_PICTURES["points"] in files else None
    stop = _Stops(relic.record.id, reader, relic.asset, shown)
    stops = (stop.form(), stop.surface())
    if points is None:
        return FromScanView(stops, reader.words.page["from-scan.no-points"])
    return FromScanView((stop.points(points), *stops), None)


@dataclass(frozen=True, slots=True)
class _Stops:
    relic_id: str
    reader: Reader
    asset: Asset
    level: LevelFigures

    @property
    def _say(self) -> Callable[..., str]:
        return self.reader.words.say

    def points(self, figures: PointFigures) -> Stop:
        number = self.reader.number
        key = "from-scan.points-all" if figures.n_shown >= figures.n_in_scan else "from-scan.points-some"
        # both values are offered; the word takes what it names
        sentence = self._say(key, shown=number(figures.n_shown), all=number(figures.n_in_scan))
        rows = (
            ("measured", number(figures.n_in_scan)),
            ("shown", number(figures.n_shown)),
            ("scatter", f"± {self.reader.small_length(figures.noise_mm)}"),
            ("file", self.reader.bytes(figures.n_bytes)),
        )
        note = self.reader.words.page["from-scan.points-loss"]
        return self._stop("points", sentence, self.reader.small_length(0), note, rows)

    def form(self) -> Stop:
        level, percent = self.level, self.reader.share
        sentence = self._say("from-scan.form-sentence", n=self.reader.number(level.n_triangles))
        rows = [("triangles", self.reader.number(level.n_triangles))]
        if level.deviation is not None:
            rows.append(("p95", self.reader.small_length(level.deviation.scan_to_mesh_p95_mm)))
        rows += [
            ("scanned", percent(level.share_scanned)),
            ("filled", percent(level.share_filled)),
            ("unseen", percent(level.share_unseen)),
        ]
        page, found = self.reader.words.page, level.deviation
        share = one_part_in(found.scan_to_mesh_mean_mm, self.asset, self.reader) if found else None
        note = self._say("from-scan.form-loss-share", n=share) if share else page["from-scan.form-loss"]
        return self._stop("form", sentence, self._loss(), note, tuple(rows))

    def surface(self) -> Stop:
        level = self.level
        rows = [("texture", self.reader.unit("px", self.reader.number(level.texture_px)))]
        if level.color_error is not None:
            seen = self.reader.words.page[f"from-scan.color-{color_band(level.color_error)}"]
            rows.append(("color", f"ΔE\u00a0{self.reader.significant(level.color_error)}{seen}"))
        rows.append(("file", self.reader.bytes(level.n_bytes)))
        note = self.reader.words.page["from-scan.surface-loss"]
        return self._stop("surface", self._say("from-scan.surface-sentence"), self._loss(), note, tuple(rows))

    def _loss(self) -> str | None:
        found = self.level.deviation
        return None if found is None else self.reader.small_length(found.scan_to_mesh_mean_mm)

    def _stop(self, key: str, sentence: str, loss: str | None, note: str, rows: tuple[tuple[str, str], ...]) -> Stop:
        page = self.reader.words.page
        return Stop(
            key=key,
            name=page[f"from-scan.{key}"],
            sentence=sentence,
            picture=addresses.relic_file(self.relic_id, STAGE_PICTURES[key]),
            picture_px=_PX,
            loss=loss or "–",
            loss_note=note if loss else page["from-scan.unmeasured"],
            figures=tuple(Figure(page[f"from-scan.figure.{name}"], value) for name, value in rows),
        )
