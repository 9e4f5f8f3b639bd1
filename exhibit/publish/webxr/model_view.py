"""How a model was made and how true it is, in plain words and with its measured figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from exhibit.model.asset import LEVELS, Asset, Deviation, LevelFigures
from exhibit.publish.webxr.wording import Reader

STRAY: Final = 20.0
"""A farthest point so many times farther than 95 % of all is a stray one, as a rule, and no lost part."""
NEAR_NOISE: Final = 1.6
"""Up to so many times the points' own scatter, a mean distance tells of the scan and not of the model."""
JUST_SEEN: Final = 2.0
PLAINLY_SEEN: Final = 5.0


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table of levels: what was measured, in which unit, and a figure for each level."""

    name: str
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the surface in the picture of shares: from `start`, `length` long, of 100."""

    kind: str
    name: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class ModelView:
    """What the page says of the model."""

    sentences: tuple[str, ...]
    shares: tuple[Share, ...]
    shares_text: str
    levels: tuple[str, ...]
    rows: tuple[FigureRow, ...]


def is_size_known(asset: Asset) -> bool:
    """Tell whether somebody said how large the relic is, or in which unit its scan was written."""
    return all(finding.code != "scale.assumed" for finding in asset.findings)


def levels_of(asset: Asset, files: frozenset[str]) -> tuple[tuple[LevelFigures, str], ...]:
    """Return each level's figures with the name of its file, coarse to fine; levels that share a file once."""
    alias = dict(asset.aliases)
    figures = {level.name: level for level in asset.figures}
    found: dict[str, LevelFigures] = {}
    for spec in LEVELS:
        name = next((f"{level}.glb" for level in (spec.name, alias.get(spec.name)) if f"{level}.glb" in files), None)
        if name is not None and spec.name in figures:
            found.setdefault(name, figures[spec.name])
    return tuple((level, name) for name, level in found.items())


def model_view(asset: Asset, files: frozenset[str], reader: Reader) -> ModelView | None:
    """Return what there is to say of the model, or None where nothing was measured."""
    levels = [level for level, _ in levels_of(asset, files)]
    if not levels:
        return None
    finest = levels[-1]
    shares = ("scanned", finest.share_scanned), ("filled", finest.share_filled), ("unseen", finest.share_unseen)
    percent = {name: reader.share(share) for name, share in shares}
    return ModelView(
        sentences=_sentences(asset, finest, percent, reader),
        shares=_bars(shares, reader),
        shares_text=reader.words.say("model.shares-picture", **percent),
        levels=tuple(reader.words.page[f"model.level.{level.name}"] for level in levels),
        rows=_rows(levels, reader),
    )


def _sentences(asset: Asset, finest: LevelFigures, percent: dict[str, str], reader: Reader) -> tuple[str, ...]:
    say = reader.words.say
    sentences = [say("model.triangles", n=reader.number(finest.n_triangles))]
    if finest.deviation is not None:
        sentences += _distances(asset, finest.deviation, reader)
    shares = "model.shares" if finest.share_unseen > 0 else "model.shares-seen"
    # all values are offered; the word takes what it names
    sentences += [say(shares, **percent), say("model.closed" if finest.is_closed else "model.open")]
    if finest.color_error is not None:
        band = color_band(finest.color_error)
        sentences.append(say(f"model.color-{band}", n=reader.significant(finest.color_error)))
    key = "model.size" if is_size_known(asset) else "model.size-assumed"
    return (*sentences, say(key, size=size_of(asset, reader)))


def size_of(asset: Asset, reader: Reader) -> str:
    """Return width, height and depth of the model."""
    return reader.lengths(tuple(1000 * side for side in asset.size_m))


def _distances(asset: Asset, found: Deviation, reader: Reader) -> list[str]:
    """Say how far the points lie off, and what that means: against the relic's size, and against the scan's noise."""
    say, length = reader.words.say, reader.small_length
    mean_mm, p95_mm, farthest_mm = found.scan_to_mesh_mean_mm, found.scan_to_mesh_p95_mm, found.scan_to_mesh_max_mm
    said = [say("model.deviation", mean=length(mean_mm), p95=length(p95_mm))]
    share = one_part_in(mean_mm, asset, reader)
    if share:
        said = [reader.sentences([*said, say("model.deviation-share", n=share)])]
    noise_mm = asset.points.noise_mm if asset.points else 0.0
    if mean_mm <= NEAR_NOISE * noise_mm:
        said.append(say("model.deviation-noise", noise=length(noise_mm)))
    is_stray = farthest_mm > STRAY * p95_mm
    return [*said, say("model.farthest-stray" if is_stray else "model.farthest", max=length(farthest_mm))]


def one_part_in(length_mm: float, asset: Asset, reader: Reader) -> str | None:
    """Return how often a length goes into the relic's longest side, to two figures; None where that says little."""
    longest_mm = 1000 * max(asset.size_m)
    if not 0 < 10 * length_mm < longest_mm < math.inf:
        return None
    return reader.significant(longest_mm / length_mm)


def color_band(delta_e: float) -> str:
    """Return how plain a mean difference of colour (CIE76) is to the eye: ``unseen``, ``slight`` or ``plain``.

    The eye tells colours side by side from about 2.3 on (Mahy, Van Eycken, Oosterlinck 1994); pages say 2.
    """
    return "unseen" if delta_e < JUST_SEEN else "slight" if delta_e < PLAINLY_SEEN else "plain"


def _bars(shares: tuple[tuple[str, float], ...], reader: Reader) -> tuple[Share, ...]:
    total = sum(share for _, share in shares) or 1.0
    bars, at = [], 0.0
    for name, share in shares:
        length = 100 * share / total
        if length > 0:
            bars.append(Share(name, reader.words.page[f"model.{name}"], round(at, 2), round(length, 2)))
        at += length
    return tuple(bars)


def _rows(levels: list[LevelFigures], reader: Reader) -> tuple[FigureRow, ...]:
    """Return the table's lines; lines that no level has a figure for are left out."""
    page, number = reader.words.page, reader.number

    def row(key: str, unit: str, values: list[str]) -> FigureRow:
        return FigureRow(page[f"model.row-{key}"], page[f"model.unit-{unit}"] if unit else "", tuple(values))

    rows = [
        row("triangles", "", [number(level.n_triangles) for level in levels]),
        row("texture", "px", [number(level.texture_px) for level in levels]),
        row("bytes", "", [reader.bytes(level.n_bytes) for level in levels]),
    ]
    if any(level.deviation for level in levels):
        for key in ("mean", "p95", "max"):
            found = [getattr(level.deviation, f"scan_to_mesh_{key}_mm", math.nan) for level in levels]
            rows.append(row(key, "mm", [reader.significant(mm) for mm in found]))
    return tuple(rows)
