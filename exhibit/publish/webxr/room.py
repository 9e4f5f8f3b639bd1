"""A room style: the data of ``rooms/<style>/room.toml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="sRGB, ``#rrggbb``.")]
Share = Annotated[float, Field(ge=0, le=1)]
Metres = Annotated[float, Field(gt=0, le=100)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Look(_Data):
    """Colours and light."""

    background: Color
    floor: Color
    wall: Color
    end_wall: Color | None = None
    ceiling: Color
    plinth: Color
    trim: Color
    light: Color
    ambient: Share
    key: Share
    sky: Color = "#eef3fa"
    pattern: Literal["boards", "stone"] = "boards"


class Space(_Data):
    """Measures of the hall, metres; `layout` follows them."""

    wall_height_m: Metres = 3.6
    headroom_m: Metres = 1.0
    aisle_m: Annotated[float, Field(ge=1.2, le=100)] = 2.4
    gap_m: Annotated[float, Field(ge=1.2, le=100)] = 1.6
    wall_gap_m: Annotated[float, Field(ge=1.2, le=100)] = 1.3
    foyer_m: Annotated[float, Field(ge=1.2, le=100)] = 3.0
    eye_height_m: Metres = 1.45
    plinth_min_m: Metres = 0.36
    plinth_margin_m: Metres = 0.10
    plinth_tallest_m: Metres = 1.30
    plinth_lowest_m: Metres = 0.12
    floor_from_m: Metres = 2.6


class RoomStyle(_Data):
    """A style of room: what it looks like and how it is laid out."""

    look: Look
    space: Space = Space()
