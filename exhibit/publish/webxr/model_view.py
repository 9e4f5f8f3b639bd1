"""How a model was made and how true it is, in plain words and with its measured figures."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.asset import LEVELS, Asset, LevelFigures
from exhibit.publish.webxr.wording import Reader


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One line of the table of levels, ready to read."""

    name: str
    triangles: str
    texture: str
    bytes: str
    mean: str
    p95: str
    max: str


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
    rows: tuple[LevelRow, ...]


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
        rows=tuple(_row(level, reader) for level in levels),
    )


def _sentences(asset: Asset, finest: LevelFigures, percent: dict[str, str], reader: Reader) -> tuple[str, ...]:
    say = reader.words.say
    sentences = [say("model.triangles", n=reader.number(finest.n_triangles))]
    if finest.deviation is not None:
        mean, p95, farthest = _distances(finest, reader)
        sentences.append(say("model.deviation", mean=mean, p95=p95, max=farthest))
    sentences += [say("model.shares", **percent), say("model.closed" if finest.is_closed else "model.open")]
    if finest.color_error is not None:
        sentences.append(say("model.color", n=reader.significant(finest.color_error)))
    size = " × ".join(reader.length(1000 * side) for side in asset.size_m)
    return (*sentences, say("model.size", size=size))


def _distances(level: LevelFigures, reader: Reader) -> tuple[str, str, str]:
    """Scan to mesh: mean, 95th percentile, largest; dashes where nothing was measured."""
    found = level.deviation
    if found is None:
        return "–", "–", "–"
    mean, p95, largest = found.scan_to_mesh_mean_mm, found.scan_to_mesh_p95_mm, found.scan_to_mesh_max_mm
    return reader.small_length(mean), reader.small_length(p95), reader.small_length(largest)


def _bars(shares: tuple[tuple[str, float], ...], reader: Reader) -> tuple[Share, ...]:
    total = sum(share for _, share in shares) or 1.0
    bars, at = [], 0.0
    for name, share in shares:
        length = 100 * share / total
        if length > 0:
            bars.append(Share(name, reader.words.page[f"model.{name}"], round(at, 2), round(length, 2)))
        at += length
    return tuple(bars)


def _row(level: LevelFigures, reader: Reader) -> LevelRow:
    mean, p95, farthest = _distances(level, reader)
    return LevelRow(
        name=reader.words.page[f"model.level.{level.name}"],
        triangles=reader.number(level.n_triangles),
        texture=reader.unit("px", reader.number(level.texture_px)),
        bytes=reader.bytes(level.n_bytes),
        mean=mean,
        p95=p95,
        max=farthest,
    )
