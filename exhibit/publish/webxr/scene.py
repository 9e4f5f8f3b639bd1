"""From relics to ``exhibition.json``: the document that the pages' scripts read."""

from __future__ import annotations

import math
from collections.abc import Mapping

from exhibit.model.asset import POINTS_FILE
from exhibit.model.exhibition import Exhibition, Placed
from exhibit.model.record import Hotspot, Text, pick
from exhibit.model.room import RoomFiles
from exhibit.publish.site import SiteRelic
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.document import (
    ExhibitionDocument,
    ModelLevel,
    NarrationLinks,
    PlacedHotspot,
    PlacedRelic,
    PointCloud,
    RoomLook,
    RoomShape,
    Vector,
)
from exhibit.publish.webxr.layout import Hall, Piece, Spot, lay_out
from exhibit.publish.webxr.model_view import levels_of
from exhibit.publish.webxr.relic_view import has_captions, public_files
from exhibit.publish.webxr.room import Look, RoomStyle
from exhibit.publish.webxr.wall_text import place_wall_text
from exhibit.publish.webxr.wall_words import wall_lines


def lay_out_relics(exhibition: Exhibition, relics: tuple[SiteRelic, ...], style: RoomStyle) -> Hall:
    """Return the hall, with each relic where the curator or the rule wants it."""
    wishes = {entry.relic: entry for entry in exhibition.relics if isinstance(entry, Placed)}
    pieces = []
    for relic in relics:
        wish = wishes.get(relic.record.id, Placed(relic=relic.record.id))
        pieces.append(Piece(relic.record.id, facing_size(relic), wish.x_m, wish.z_m, wish.yaw_deg))
    return lay_out(tuple(pieces), style.space)


def facing_size(relic: SiteRelic) -> Vector:
    """Return width, height and depth of a relic, metres, as one sees it who stands before its front."""
    turn = math.radians(relic.record.front_deg)
    c, s = abs(math.cos(turn)), abs(math.sin(turn))
    width, height, depth = _finite(relic.asset.size_m)
    return round(c * width + s * depth, 6), height, round(s * width + c * depth, 6)


def exhibition_document(
    exhibition: Exhibition,
    relics: tuple[SiteRelic, ...],
    languages: tuple[str, ...],
    style: RoomStyle,
    hall: Hall,
    room: RoomFiles,
    fonts: Mapping[str, bytes],
) -> ExhibitionDocument:
    """Return the document; its texts are complete in every language, with what stands in for a missing one.

    By `fonts`, those of the site, the lines on the end wall are broken.
    """
    wall = place_wall_text(hall, tuple(map(facing_size, relics)))
    lines = wall_lines(exhibition, languages, wall.width, fonts)
    return ExhibitionDocument(
        id=exhibition.id,
        languages=languages,
        title=_in_all(exhibition.title, languages),
        statement=_in_all(exhibition.statement, languages),
        room=RoomShape(
            style=exhibition.room,
            look=_look(style.look),
            model=addresses.ROOM,
            model_bytes=len(room.glb),
            has_shadows=room.has_shadows,
            wall_text=wall.model_copy(update={"lines": lines}),
            width=hall.width,
            depth=hall.depth,
            height=hall.height,
            entrance=hall.entrance,
            entrance_yaw_deg=0.0,
        ),
        relics=tuple(
            _placed(relic, number, spot, languages)
            for number, (relic, spot) in enumerate(zip(relics, hall.spots, strict=True), 1)
        ),
    )


def _look(look: Look) -> RoomLook:
    shown = {name: value for name, value in look.model_dump().items() if name in RoomLook.model_fields}
    return RoomLook(**{**shown, "end_wall": look.end_wall or look.wall})


def _placed(relic: SiteRelic, number: int, spot: Spot, languages: tuple[str, ...]) -> PlacedRelic:
    record, files = relic.record, public_files(relic)
    levels = tuple(
        ModelLevel.model_validate(
            {
                "name": level.name,
                "url": addresses.relic_file(record.id, name),
                "triangles": level.n_triangles,
                "texture_px": level.texture_px,
                "bytes": level.n_bytes,
                "gpu_bytes": level.gpu_bytes,
            }
        )
        for level, name in levels_of(relic.asset, frozenset(files))
    )
    has_poster = addresses.POSTER in files
    return PlacedRelic(
        id=record.id,
        number=number,
        pending=relic.is_pending,
        title=_in_all(record.title, languages),
        label=_in_all(record.label, languages),
        page={language: addresses.page(language, "relic", record.id) for language in languages},
        poster=addresses.relic_file(record.id, addresses.POSTER) if has_poster else addresses.PLACEHOLDER,
        size=_finite(relic.asset.size_m),
        position=spot.position,
        yaw_deg=spot.yaw_deg,
        front_deg=record.front_deg,
        plinth=spot.plinth,
        levels=levels,
        points=_points(relic, frozenset(files)),
        hotspots=tuple(_hotspot(hotspot, languages) for hotspot in record.hotspots),
        narration={
            narration.language: NarrationLinks(
                audio=addresses.narration_file(record.id, narration.language, "mp3") if narration.audio else None,
                captions=addresses.narration_file(record.id, narration.language, "vtt")
                if has_captions(narration)
                else None,
                duration_s=narration.duration_s,
                synthetic=narration.is_synthetic,
                transcript=narration.transcript,
            )
            for narration in relic.narrations
        },
    )


def _points(relic: SiteRelic, files: frozenset[str]) -> PointCloud | None:
    figures = relic.asset.points
    if figures is None or POINTS_FILE not in files:
        return None
    url = addresses.relic_file(relic.record.id, POINTS_FILE)
    return PointCloud(url=url, bytes=figures.n_bytes, shown=figures.n_shown, scanned=figures.n_in_scan)


def _hotspot(hotspot: Hotspot, languages: tuple[str, ...]) -> PlacedHotspot:
    x, y, z = hotspot.position_mm
    return PlacedHotspot(
        id=hotspot.id,
        position=(x / 1000, y / 1000, z / 1000),
        normal=hotspot.normal,
        title=_in_all(hotspot.title, languages),
        text=_in_all(hotspot.text, languages),
    )


def _in_all(text: Text, languages: tuple[str, ...]) -> dict[str, str]:
    return {language: said for language in languages if (said := pick(text, language, languages[0]))}


def _finite(size: tuple[float, float, float]) -> Vector:
    x, y, z = (value if math.isfinite(value) else 0.0 for value in size)
    return x, y, z
