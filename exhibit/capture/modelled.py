"""What a modelled object is: a signed distance, a colour, and places worth a look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from exhibit.model.arrays import F8

Vector = tuple[float, float, float]
Distance = Callable[[F8], F8]
Colour = Callable[[F8, F8], F8]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place on the surface that a text may point at.

    Parameters
    ----------
    position_m : on the surface, metres.
    normal : direction the surface faces there, unit length.
    """

    position_m: Vector
    normal: Vector


@dataclass(frozen=True, slots=True)
class ModelledObject:
    """An object made of formulas: found nowhere, but known exactly.

    Space is the house's: metres, right-handed, +Y up, the front towards +Z, standing on y = 0, the middle of its
    footprint at x = z = 0.

    Parameters
    ----------
    key : name of its module, and what ``exhibit simulate`` calls it.
    title : what it is and of what, in English, one line.
    size_m : width (x), height (y), depth (z) of its bounding box, metres.
    distance : of points (n, 3), metres, the signed distance (n,) to the surface, metres, negative inside. Exact is
        not asked, but it must never be more than the true distance by over a tenth, nor fall below half of it near
        the surface (displaced relief: divide by the steepest slope), and its zero is the surface.
    colour : of points (n, 3) on the surface, metres, and unit normals (n, 3), the diffuse albedo (n, 3) as sRGB 0 to
        1, with no light and no shadow in it.
    landmarks : by name.
    """

    key: str
    title: str
    size_m: Vector
    distance: Distance
    colour: Colour
    landmarks: Mapping[str, Landmark] = field(default_factory=dict)

    @property
    def lower_m(self) -> Vector:
        """Lower corner of the bounding box, metres."""
        return (-self.size_m[0] / 2, 0.0, -self.size_m[2] / 2)

    @property
    def upper_m(self) -> Vector:
        """Upper corner of the bounding box, metres."""
        return (self.size_m[0] / 2, self.size_m[1], self.size_m[2] / 2)
