"""Where a picture of a room is taken from, and printed sheets that hang in the room."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.arrays import U1, freeze
from exhibit.model.room import Point


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A camera that looks level towards -Z through a lens that may be shifted, so that uprights stay upright.

    Parameters
    ----------
    eye : metres.
    focal : of the lens, in widths of the picture: 0.5 sees 90 degrees from side to side.
    horizon : height of the eye in the picture, as a share from its top.
    from_z : what lies nearer to the viewer than this plane is not seen: a wall at one's back stays out.
    """

    eye: Point
    focal: float
    horizon: float
    from_z: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat picture in the room: letters on a wall, a label.

    Parameters
    ----------
    corner : its upper left one. across, down : its edges from there; metres.
    picture : (h, w, 4) uint8 sRGB, straight alpha.
    """

    corner: Point
    across: Point
    down: Point
    picture: U1

    def __post_init__(self) -> None:
        freeze(self)
