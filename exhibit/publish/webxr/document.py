"""``exhibition.json``: what the pages' scripts read. Its JSON Schema generates the TypeScript types.

All addresses are relative to the document. Space is the house's: metres, right-handed, +Y up; the room's centre is
the origin, the floor y = 0, the entrance at +Z looking towards -Z.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Vector = tuple[float, float, float]


class Part(BaseModel):
    """Base of the document's parts."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelLevel(Part):
    """One GLB of a relic."""

    name: Literal["thumb", "room", "hero", "inspect"]
    url: str
    triangles: int
    texture_px: int
    bytes: int
    gpu_bytes: int


class PointCloud(Part):
    """Some of the scan's raw points, standing as the model does: what the relic was made from."""

    url: str
    bytes: int
    shown: int = Field(description="Points in the file.")
    scanned: int = Field(description="Points in the scan.")


class PlacedHotspot(Part):
    """A hotspot in the relic's own space: metres, base at y = 0."""

    id: str
    position: Vector
    normal: Vector
    title: dict[str, str]
    text: dict[str, str]


class NarrationLinks(Part):
    """Narration of one language."""

    audio: str | None
    captions: str | None
    duration_s: float
    synthetic: bool
    transcript: str


class Plinth(Part):
    """The box under a relic, metres; its top is at `height`. A height of 0 means the relic stands on the floor."""

    width: float
    depth: float
    height: float


class PlacedRelic(Part):
    """A relic in the room."""

    id: str
    number: int = Field(description="Catalogue number, from 1.")
    pending: bool = Field(description="It is still being made: its plinth is there, empty.")
    title: dict[str, str]
    label: dict[str, str]
    page: dict[str, str] = Field(description="Page address per language.")
    poster: str
    size: Vector = Field(description="Bounding box of the model, metres.")
    position: Vector = Field(description="Where the relic's base centre stands, metres.")
    yaw_deg: float = Field(description="Where the front faces, and the plinth's turn, degrees; 0 is the entrance (+Z).")
    front_deg: float = Field(0.0, description="Where the front is on the model: 0 is its +Z, 90 its +X.")
    plinth: Plinth
    levels: tuple[ModelLevel, ...] = Field(description="From coarse to fine.")
    points: PointCloud | None = Field(None, description="None where the relic came as a mesh.")
    hotspots: tuple[PlacedHotspot, ...]
    narration: dict[str, NarrationLinks]


class RoomLook(Part):
    """Colours as sRGB hex (``#rrggbb``) and the strength of the light, from the style's ``room.toml``."""

    background: str = Field(description="What is seen where there is nothing, and the fog.")
    floor: str
    wall: str
    end_wall: str = Field(description="The wall that faces the entrance, with the exhibition's title.")
    ceiling: str
    plinth: str
    trim: str = Field(description="Skirting, door frame, numbers on plinths.")
    light: str = Field(description="Colour of the lamps.")
    ambient: float = Field(description="Strength of the even light, 0 to 1.")
    key: float = Field(description="Strength of the lamp over each relic, 0 to 1.")


class WallLine(Part):
    """One line on the end wall: how high its letters are, and its base line below the top of the text, metres."""

    kind: Literal["title", "other", "statement"] = Field(description="'other' is the title in a second language.")
    text: str
    size_m: float
    base_m: float


class WallText(Part):
    """Where the exhibition's title and statement stand on the end wall: their middle and their width, metres."""

    x: float
    y: float
    width: float
    lines: dict[str, tuple[WallLine, ...]] = Field(default_factory=dict, description="Per language, from the top.")


class RoomShape(Part):
    """The hall: a box, where one comes in, its style and what it looks like."""

    style: str
    look: RoomLook
    model: str = Field(description="GLB of the hall, plinths and lamps; room_file.py explains its light map.")
    model_bytes: int
    has_shadows: bool = Field(description="Whether the relics' shadows are in the light map.")
    wall_text: WallText
    width: float
    depth: float
    height: float
    entrance: Vector
    entrance_yaw_deg: float


class ExhibitionDocument(Part):
    """The whole exhibition, for scripts."""

    version: Literal[1] = 1
    id: str
    languages: tuple[str, ...]
    title: dict[str, str]
    statement: dict[str, str]
    room: RoomShape
    relics: tuple[PlacedRelic, ...]
