"""A room's file and the picture of it: lit first, then looked at, each kept by content."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from exhibit.model.arrays import U1
from exhibit.model.room import RoomFiles, RoomModel
from exhibit.model.viewpoint import Sheet, Viewpoint
from exhibit.pipeline.room import Standing, make_room
from exhibit.pipeline.store import Store
from exhibit.progress import SILENT, Progress

MOST_BYTES: Final = 120_000
_QUALITIES: Final = (84, 78, 70, 60, 45)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture of a room is taken of besides the room.

    Parameters
    ----------
    faces_deg : where the front of each standing relic faces, 0 is +Z.
    """

    viewpoint: Viewpoint
    faces_deg: tuple[float, ...]
    sheets: tuple[Sheet, ...] = ()


def make_room_and_view(
    room: RoomModel,
    standing: tuple[Standing, ...],
    seen: Seen | None,
    store: Store,
    is_draft: bool = False,
    *,
    progress: Progress = SILENT,
) -> tuple[RoomFiles, bytes | None]:
    """Light a room; return its file, and a WebP picture of it where `seen` says from where.

    Parameters
    ----------
    standing, is_draft : as `exhibit.pipeline.room.make_room` has them.

    Raises
    ------
    FormatError
        A model cannot be read.
    """
    from exhibit.pipeline.relic_light import relic_light
    from exhibit.stages.view_hall import DRAFT, ViewOptions

    made = make_room(room, standing, store, is_draft, progress=progress.part(0.0, 0.85))
    if seen is None:
        return made, None
    options = DRAFT if is_draft else ViewOptions()
    places = tuple((one.position, one.yaw_deg) for one in standing)
    models = tuple(one.sha256 for one in standing)

    def look() -> bytes:
        return _look(made.glb, standing, seen, options, progress.part(0.85, 1.0))

    key = (options, seen, places, made.glb, relic_light())
    return made, store.keep("room-view", "exhibit.pipeline.room_view", key, models, look).value()


def _look(glb: bytes, standing: tuple[Standing, ...], seen: Seen, options: Any, progress: Progress) -> bytes:
    from exhibit.formats.registry import read
    from exhibit.model.cloud import SourceMesh
    from exhibit.pipeline.relic_light import relic_light
    from exhibit.stages.portraying.surroundings import Surroundings
    from exhibit.stages.view_hall import view_hall
    from exhibit.stages.viewing.relics import Shown

    shown = []
    for one, faces_deg in zip(standing, seen.faces_deg, strict=True):
        mesh = read(one.model)
        if isinstance(mesh, SourceMesh):
            shown.append(Shown(mesh, _finish(one.model), one.position, one.yaw_deg, faces_deg))
    light = Surroundings.of(relic_light(), 0.0)
    return _encoded(view_hall(glb, tuple(shown), seen.sheets, light, seen.viewpoint, options, progress=progress))


def _finish(model: Path) -> Any:
    from exhibit.formats.gltf_document import open_document
    from exhibit.geometry.shade import Finish

    materials = open_document(model).json.get("materials") or [{}]
    metallic = materials[0].get("pbrMetallicRoughness", {})
    coat = materials[0].get("extensions", {}).get("KHR_materials_clearcoat", {})
    return Finish(
        float(metallic.get("roughnessFactor", 1.0)),
        float(metallic.get("metallicFactor", 1.0)),
        float(coat.get("clearcoatFactor", 0.0)),
        float(coat.get("clearcoatRoughnessFactor", 0.0)),
    )


def _encoded(picture: U1) -> bytes:
    from PIL import Image

    image = Image.fromarray(picture)
    data = b""
    for quality in _QUALITIES:
        stream = io.BytesIO()
        image.save(stream, "WEBP", quality=quality, method=5)
        data = stream.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data
