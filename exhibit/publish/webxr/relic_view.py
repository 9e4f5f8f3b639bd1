"""What a relic's page says, in one language, ready for the template. Addresses are from the site's root."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from exhibit.model.asset import REMOVED_PICTURE
from exhibit.model.finding import Finding
from exhibit.model.language import is_missing, pick_language
from exhibit.model.narration import Narration
from exhibit.model.record import Dimensions, RelicRecord
from exhibit.publish.site import Content, SiteRelic, bytes_of
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.from_scan import FromScanView, from_scan_view
from exhibit.publish.webxr.model_view import ModelView, is_size_known, levels_of, model_view, size_of
from exhibit.publish.webxr.rights import holder_of, link_of, name_of_right
from exhibit.publish.webxr.scale_bar import ScaleBar, scale_bar
from exhibit.publish.webxr.transcript import Phrase, phrases_of
from exhibit.publish.webxr.wording import Reader, Said

ON_RIGHTS = {"model.glb": "model", "ar.usdz": "ar", "print.stl": "stl", "print.3mf": "3mf"}
"""Files that are there to be taken away, and the word for each: published only where the model's rights allow it."""
NEVER = frozenset({"timings.json", REMOVED_PICTURE})
"""Times differ from run to run, and are nobody's business; what was cleaned away is the workshop's."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the record."""

    name: str
    values: tuple[Said, ...]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class RightRow:
    """The rights in one part."""

    part: str
    statement: str
    link: str
    holder: Said | None


@dataclass(frozen=True, slots=True)
class NarrationView:
    """Spoken text in one language."""

    language: str
    audio: str | None
    captions: str | None
    duration: str
    speaker: str
    is_synthetic: bool
    paragraphs: tuple[tuple[Phrase, ...], ...]


@dataclass(frozen=True, slots=True)
class HotspotView:
    """A place worth a look."""

    id: str
    title: Said
    text: Said | None


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away."""

    name: str
    url: str
    size: str


@dataclass(frozen=True, slots=True)
class RelicView:
    """One relic for readers of one language."""

    id: str
    number: int
    page: str
    title: Said
    label: Said | None
    story: Said | None
    sources: tuple[Said, ...]
    tagline: tuple[Said, ...]
    poster: str
    poster_px: tuple[int, int] | None
    scale: ScaleBar | None
    facts: tuple[Fact, ...]
    hotspots: tuple[HotspotView, ...]
    narration: NarrationView | None
    rights: tuple[RightRow, ...]
    license: RightRow
    downloads: tuple[Download, ...]
    model: ModelView | None
    from_scan: FromScanView | None
    report: str | None
    citation: str
    is_pending: bool
    size: str
    is_size_known: bool
    is_bare: bool


def public_files(relic: SiteRelic) -> dict[str, Content]:
    """Return the relic's files that the site carries, by name: all but what the rights or good manners forbid."""
    may_download = relic.record.rights.of("model").may_download
    return {
        name: content
        for name, content in relic.files().items()
        if name not in NEVER and (may_download or name not in ON_RIGHTS)
    }


def relic_view(relic: SiteRelic, number: int, reader: Reader, exhibition_title: str, site_url: str | None) -> RelicView:
    """Return what the page of `relic` says to `reader`."""
    record, files = relic.record, public_files(relic)
    title = reader.text(record.title) or reader.own(record.id)
    poster = files.get(addresses.POSTER)
    stand_in = addresses.PLINTH if relic.is_pending else addresses.PLACEHOLDER
    page = addresses.page(reader.language, "relic", record.id)
    period = reader.text(record.period.text) if record.period else None
    is_bare = not (relic.narrations or record.label or record.description or record.hotspots or record.sources)
    return RelicView(
        id=record.id,
        number=number,
        page=page,
        title=title,
        label=reader.text(record.label),
        story=reader.text(record.description),
        sources=tuple(reader.marked(said) for source in record.sources if (said := reader.text(source))),
        tagline=tuple(part for part in (period, reader.text(record.culture), reader.text(record.material)) if part),
        poster=addresses.relic_file(record.id, addresses.POSTER) if poster else stand_in,
        poster_px=picture_size(poster),
        scale=scale_bar(poster, reader) if is_size_known(relic.asset) else None,
        facts=tuple(measured_facts(relic, reader) if is_bare else facts_of(record, reader)),
        hotspots=tuple(
            HotspotView(spot.id, reader.text(spot.title) or reader.own(spot.id), reader.text(spot.text))
            for spot in record.hotspots
        ),
        narration=narration_view(relic, reader),
        rights=tuple(_right_rows(record, reader)),
        license=_right_row("model", record, reader),
        downloads=tuple(_downloads(record.id, files, reader)),
        model=model_view(relic.asset, frozenset(files), reader),
        from_scan=from_scan_view(relic, frozenset(files), reader),
        report=addresses.relic_file(record.id, addresses.REPORT) if addresses.REPORT in files else None,
        citation=_citation(record, title, exhibition_title, addresses.absolute(site_url, page), reader),
        is_pending=relic.is_pending,
        size=_main_size(record, reader),
        is_size_known=is_size_known(relic.asset),
        is_bare=is_bare,
    )


def picture_size(picture: Content | None) -> tuple[int, int] | None:
    """Return width and height in pixels, or None where there is no picture."""
    if picture is None:
        return None
    try:
        with Image.open(io.BytesIO(bytes_of(picture))) as image:
            return image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def facts_of(record: RelicRecord, reader: Reader) -> list[Fact]:
    """Return the record's lines that say something, in the order of a museum label."""
    sides = reader.dimensions(record.dimensions)
    worded = reader.text(record.dimensions.text)
    size = [reader.own(sides)] if sides and not _says_all(worded, record.dimensions) else []
    weight = record.dimensions.weight_g
    years = reader.years(record.period)
    lines: list[tuple[str, list[Said | None]]] = [
        ("title", [reader.text(record.title)]),
        ("alternative-titles", [reader.text(title) for title in record.alternative_titles]),
        ("type", [reader.text(record.type)]),
        ("period", [reader.text(record.period.text) if record.period else None]),
        ("years", [reader.own(years) if years else None]),
        ("culture", [reader.text(record.culture)]),
        ("material", [reader.text(record.material)]),
        ("technique", [reader.text(record.technique)]),
        ("place", [reader.text(record.place)]),
        ("dimensions", [*size, worded]),
        ("weight", [reader.own(reader.weight(weight)) if weight else None]),
        ("inventory-number", [reader.own(record.inventory_number) if record.inventory_number else None]),
        ("custodian", [reader.text(record.custodian)]),
        ("credit", [reader.text(record.credit)]),
    ]
    facts = [
        Fact(reader.words.page[f"record.{key}"], said)
        for key, values in lines
        if (said := tuple(value for value in values if value is not None))
    ]
    for identifier in record.identifiers:
        name = reader.words.say("record.identifier", scheme=identifier.scheme)
        facts.append(Fact(name, (reader.own(identifier.value),), identifier.url))
    return facts


def _says_all(worded: Said | None, dimensions: Dimensions) -> bool:
    """Tell whether the catalogue's own wording has every length already, in whichever unit."""
    if worded is None:
        return False
    told = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", worded.text)]
    sides = (dimensions.height_mm, dimensions.width_mm, dimensions.depth_mm, dimensions.diameter_mm)
    return all(
        any(math.isclose(number * unit, side, rel_tol=1e-6) for number in told for unit in (1, 10, 1000))
        for side in sides
        if side is not None
    )


def measured_facts(relic: SiteRelic, reader: Reader) -> list[Fact]:
    """Return what is known of a relic that nobody wrote about: its record's lines, and what its scan tells."""
    page, asset = reader.words.page, relic.asset
    told = [] if relic.is_pending else [("record.measured-size", size_of(asset, reader))]
    if not is_size_known(asset):
        told = [("record.measured-size", page["record.size-unknown"])]
    if asset.points is not None:
        told.append(("from-scan.figure.measured", reader.number(asset.points.n_in_scan)))
    if levels := levels_of(asset, frozenset(public_files(relic))):
        told.append(("from-scan.figure.triangles", reader.number(levels[-1][0].n_triangles)))
    # the title stands over them
    written = [fact for fact in facts_of(relic.record, reader) if fact.name != page["record.title"]]
    return [*written, *(Fact(page[key], (reader.own(value),)) for key, value in told)]


def narration_view(relic: SiteRelic, reader: Reader) -> NarrationView | None:
    """Return the narration in the reader's language, else the nearest there is."""
    spoken = {narration.language: narration for narration in relic.narrations}
    language = pick_language(spoken, reader.language, reader.default)
    if language is None:
        return None
    narration = spoken[language]
    record = relic.record
    return NarrationView(
        language=language,
        audio=addresses.narration_file(record.id, language, "mp3") if narration.audio else None,
        captions=addresses.narration_file(record.id, language, "vtt") if has_captions(narration) else None,
        duration=_duration(narration.duration_s, reader) if narration.audio else "",
        speaker=narration.speaker,
        is_synthetic=narration.is_synthetic,
        paragraphs=tuple(tuple(paragraph) for paragraph in phrases_of(narration)),
    )


def has_captions(narration: Narration) -> bool:
    """Tell whether there is a recording with captions to go with it."""
    return bool(narration.audio and narration.captions.strip())


def untranslated(record: RelicRecord, languages: tuple[str, ...]) -> list[Finding]:
    """Return a finding for each site language in which the title or the label is missing."""
    return [
        Finding(
            "record.untranslated",
            hint=f"'{record.id}' has no {name} in {language}; the page shows another language, marked as such.",
            severity="warning",
        )
        for name, text in (("title", record.title), ("label", record.label), ("description", record.description))
        for language in languages
        if text and is_missing(text, language)
    ]


def _main_size(record: RelicRecord, reader: Reader) -> str:
    """Return the size that tells most: the height, else the first side there is."""
    sides = record.dimensions
    for side in ("height", "diameter", "width", "depth"):
        length_mm = getattr(sides, f"{side}_mm")
        if length_mm is not None:
            return reader.words.say(f"dimension.{side}", value=reader.length(length_mm))
    return ""


def _duration(duration_s: float, reader: Reader) -> str:
    # whole seconds, as the player beside it counts them
    minutes, seconds = divmod(int(duration_s), 60)
    return reader.words.say("narration.duration", minutes=minutes, seconds=f"{seconds:02d}")


def _right_rows(record: RelicRecord, reader: Reader) -> list[RightRow]:
    parts = [part for part in ("object", "scan", "model", "text", "audio") if getattr(record.rights, part) is not None]
    rows = [_right_row(part, record, reader) for part in parts]
    return [*rows, _right_row("default", record, reader)] if len(parts) < 5 else rows


def _right_row(part: str, record: RelicRecord, reader: Reader) -> RightRow:
    right = getattr(record.rights, part) or record.rights.default
    name = reader.words.page[f"rights.part.{part}"]
    return RightRow(name, name_of_right(right, reader.words), link_of(right.uri), holder_of(right, reader))


def _downloads(relic_id: str, files: dict[str, Content], reader: Reader) -> list[Download]:
    return [
        Download(
            reader.words.page[f"downloads.{word}"],
            addresses.relic_file(relic_id, name),
            reader.bytes(len(content) if isinstance(content, bytes) else content.n_bytes),
        )
        for name, word in ON_RIGHTS.items()
        if (content := files.get(name)) is not None
    ]


def _citation(record: RelicRecord, title: Said, exhibition: str, url: str | None, reader: Reader) -> str:
    say, custodian = reader.words.say, reader.text(record.custodian)
    if custodian is None:
        cited = say("cite.text-plain", title=title.text, exhibition=exhibition)
    else:
        key = "cite.kept-number" if record.inventory_number else "cite.kept"
        # both values are offered; the word takes what it names
        kept = say(key, custodian=custodian.text, number=record.inventory_number)
        cited = say("cite.text", title=title.text, kept=kept, exhibition=exhibition)
    return f"{cited} {url}" if url else cited
