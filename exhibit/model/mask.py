"""A mask: parts of space, drawn by a person, that say of a scan's points what is the object and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Triple = tuple[float, float, float]
Rest = Literal["auto", "keep", "remove"]


@dataclass(frozen=True, slots=True)
class Box:
    """Everything between two corners, both included. Scan units and axes, as in all shapes here."""

    low: Triple
    high: Triple


@dataclass(frozen=True, slots=True)
class Side:
    """Everything on that side of a plane to which its normal points. `normal` is of any length but zero."""

    point: Triple
    normal: Triple


@dataclass(frozen=True, slots=True)
class Lasso:
    """Everything inside an outline drawn on a view along an axis.

    Parameters
    ----------
    along : the axis looked along. The outline's numbers are the other two coordinates, in the order x, y, z.
    outline : at least three corners; it closes itself, and what lies inside is by the even-odd rule.
    between : least and greatest coordinate along the axis, or None for all.
    """

    along: Literal["x", "y", "z"]
    outline: tuple[tuple[float, float], ...]
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One shape and whether its points are the object's."""

    keep: bool
    shape: Box | Side | Lasso
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mask:
    """Regions in order: a point belongs to the last one that holds it.

    Parameters
    ----------
    rest : of points that no region holds: ``auto`` leaves them to cleaning.
    sha256 : of the files it was drawn on; empty where it may be used on any.
    """

    regions: tuple[Region, ...]
    rest: Rest = "auto"
    sha256: tuple[str, ...] = ()
