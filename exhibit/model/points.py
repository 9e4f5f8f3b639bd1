"""What is shown of a scan itself: some of its raw points, and the figures that go with them."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.model.arrays import F4, U1, freeze


@dataclass(frozen=True, slots=True)
class RawPoints:
    """Points as the scan measured them, with all their faults, standing where the finished model stands.

    Parameters
    ----------
    positions : (n, 3) float32, metres, +Y up; n is 0 where the relic came as a mesh.
    colors : (n, 3) uint8 sRGB, or None.
    n_in_scan : points in the scan.
    noise_m : how far the scan's points scatter about the surface (standard deviation), metres.
    """

    positions: F4
    colors: U1 | None
    n_in_scan: int
    noise_m: float

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class PointFigures:
    """What the report says of the points that are shown.

    Parameters
    ----------
    n_in_scan : points in the scan. n_shown : those in the file.
    noise_mm : standard deviation of the scan's points about the surface.
    n_bytes : size of the file.
    """

    n_in_scan: int
    n_shown: int
    noise_mm: float
    n_bytes: int


@dataclass(frozen=True, slots=True)
class PackedPoints:
    """The points' file, ready to be inscribed, and its figures; `data` is empty and `figures` None without points."""

    data: bytes
    figures: PointFigures | None
