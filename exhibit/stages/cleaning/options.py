"""What people ask of cleaning, and what of it cannot mean anything."""

from __future__ import annotations

from dataclasses import dataclass

from exhibit.errors import UsageError
from exhibit.geometry.place import check_stated
from exhibit.model.mask import Mask
from exhibit.model.steering import Crop, Plane, check_crop, check_plane, check_steps
from exhibit.units import Axis


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What to keep, and what is known of the object's size.

    Parameters
    ----------
    metres_per_unit : length of the scan's unit, metres; None leaves it to the file.
    up : the scan's axis that points up; None leaves it to the file.
    height_m : real height of the object, metres; used when no unit is stated, compared with it otherwise.
    keep_table : keep the table or floor the object stands on.
    keep_neighbours : keep plants, walls and loose pieces: everything that stands apart.
    max_points : most points to work on; larger scans are averaged down to it. About 1.5 kB of memory each.
    crop : least and greatest x, y, z (x0, y0, z0, x1, y1, z1) of what is looked at, the file's own coordinates.
    plane : (nx, ny, nz, d): points with ``n . p <= d`` are the table; n points to the object, d in the file's unit and
        coordinates. None looks for a table.
    keep_largest : keep this many connected pieces, the largest, and no other; None decides by nearness and size.
    skip : steps switched off, of `exhibit.model.steering.SKIPPABLE`.
    mask : what a person drew; it overrules every step.
    align : move the scans of a file together where their poses leave them apart.
    """

    metres_per_unit: float | None = None
    up: Axis | None = None
    height_m: float | None = None
    keep_table: bool = False
    keep_neighbours: bool = False
    max_points: int = 700_000
    crop: Crop | None = None
    plane: Plane | None = None
    keep_largest: int | None = None
    skip: tuple[str, ...] = ()
    mask: Mask | None = None
    align: bool = False

    def __post_init__(self) -> None:
        check_stated(self.metres_per_unit, self.height_m)
        if self.max_points < 1000:
            raise UsageError(f"max_points must be at least 1000, not {self.max_points}.")
        if self.crop is not None:
            check_crop(self.crop)
        if self.plane is not None:
            check_plane(self.plane)
        if self.keep_largest is not None and self.keep_largest < 1:
            raise UsageError(f"the number of pieces to keep must be at least 1, not {self.keep_largest}.")
        if self.keep_largest is not None and self.keep_neighbours:
            raise UsageError("--keep-largest drops other pieces and --keep-neighbours keeps them; give one of the two.")
        check_steps(self.skip)

    @property
    def skipped(self) -> frozenset[str]:
        """All steps that are switched off, by whichever option."""
        off = set(self.skip)
        off |= {"table"} if self.keep_table else set()
        return frozenset(off | ({"strays", "fragments", "neighbours"} if self.keep_neighbours else set()))
