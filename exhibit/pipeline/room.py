"""A room's file: its light worked out by rays, with the relics as what throws shadows, kept by content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exhibit.model.room import Caster, Point, RoomFiles, RoomModel
from exhibit.pipeline.store import Store
from exhibit.progress import SILENT, Progress


@dataclass(frozen=True, slots=True)
class Standing:
    """A relic's coarse model in the room.

    Parameters
    ----------
    model : GLB on disk; `sha256` of its bytes.
    position, yaw_deg : where its base centre stands, metres, and its turn about +Y.
    """

    model: Path
    sha256: str
    position: Point
    yaw_deg: float


def make_room(
    room: RoomModel,
    standing: tuple[Standing, ...],
    store: Store,
    is_draft: bool = False,
    *,
    progress: Progress = SILENT,
) -> RoomFiles:
    """Light a room and return its file.

    Parameters
    ----------
    standing : the relics that throw shadows; those without a model are not among them.
    is_draft : coarser, in a third of the time: for a room that is shown while relics are still being made.

    Raises
    ------
    FormatError
        A model cannot be read.
    """
    from exhibit.stages.light import DRAFT, LightOptions, light
    from exhibit.stages.lighting.room_file import write_room

    options = DRAFT if is_draft else LightOptions()

    def make() -> RoomFiles:
        casters = tuple(_caster(one) for one in standing)
        return RoomFiles(write_room(room, light(room, casters, options, progress=progress)), bool(standing))

    places = tuple((one.position, one.yaw_deg) for one in standing)
    models = tuple(one.sha256 for one in standing)
    return store.keep("room", "exhibit.pipeline.room", (options, room, places), models, make).value()


def _caster(one: Standing) -> Caster:
    from exhibit.formats.registry import read
    from exhibit.model.cloud import SourceMesh

    mesh = read(one.model)
    if not isinstance(mesh, SourceMesh):
        return Caster(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), one.position)
    vertices = (mesh.vertices.astype(np.float64) + mesh.origin).astype(np.float32)
    return Caster(vertices, mesh.faces.copy(), one.position, one.yaw_deg)
