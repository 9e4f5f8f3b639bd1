"""Where each relic stands: a walkable hall laid out by rule from the relics' sizes.

The relics stand in rows along the hall's length, in the order of a visit: up the first row from the entrance, down
the next, and so on; the outer rows face inwards. With two rows and an odd number, the middle relic closes the hall's
view. Plinths bring each relic's middle to eye height; tall ones stand on a low base. Nothing stands nearer to
anything than one can walk, and big pieces get the room it takes to see them.

Space: metres, right-handed, +Y up; the hall's centre is the origin, the entrance at +Z.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from exhibit.model.finding import Finding
from exhibit.publish.webxr.document import Plinth, Vector
from exhibit.publish.webxr.room import Space

MOST_ROWS: Final = 8
WALKABLE_M: Final = 1.2
"""Narrowest way between two things: a wheelchair passes and turns (ISO 21542 asks for 1.2 m)."""
LENGTH_TO_WIDTH: Final = 1.5
"""The number of rows is chosen so that the hall comes nearest to being this much longer than wide."""
VIEWING_SHARE: Final = 0.6
"""Free floor before a piece, as a share of its height, so that the eye takes it in."""
BROAD_M: Final = 1.0
"""A piece broader than this is looked down upon, so its plinth is lower than eye height asks for."""
SMALLEST_HALL_M: Final = (5.0, 7.0)
"""Width and depth of a hall for very little."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to be placed: its id, its size (width, height, depth) in metres, and the curator's wishes."""

    id: str
    size_m: Vector
    x_m: float | None = None
    z_m: float | None = None
    yaw_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece stands: the centre of its base, its turn about +Y (0 faces the entrance), its plinth.

    A plinth turns with its relic.
    """

    id: str
    position: Vector
    yaw_deg: float
    plinth: Plinth

    def footprint(self) -> tuple[float, float, float, float]:
        """Return the axis-aligned bounds of the turned plinth on the floor: x0, z0, x1, z1, metres."""
        turn = math.radians(self.yaw_deg)
        c, s = abs(math.cos(turn)), abs(math.sin(turn))
        half_x = (c * self.plinth.width + s * self.plinth.depth) / 2
        half_z = (s * self.plinth.width + c * self.plinth.depth) / 2
        x, _, z = self.position
        return x - half_x, z - half_z, x + half_x, z + half_z


@dataclass(frozen=True, slots=True)
class Hall:
    """The laid out hall: width (X), depth (Z) and height, the entrance, and a spot per piece in the given order."""

    width: float
    depth: float
    height: float
    entrance: Vector
    spots: tuple[Spot, ...]
    findings: tuple[Finding, ...] = ()


def lay_out(pieces: tuple[Piece, ...], space: Space) -> Hall:
    """Lay out a hall for `pieces`, in their order.

    Parameters
    ----------
    pieces : sizes in metres; what is not a positive number counts as 0.
    space : measures of the room style.

    Returns
    -------
    The hall. A piece whose x and z the curator set stands there; where that brings two things closer than one can
    walk, a ``layout.too-close`` finding says so.
    """
    pieces = tuple(_sound(piece) for piece in pieces)
    by_rule = [piece for piece in pieces if piece.x_m is None or piece.z_m is None]
    width, depth, ruled = _in_rows([_Block.of(piece, space) for piece in by_rule], space)
    places = dict(zip((piece.id for piece in by_rule), ruled, strict=True))
    spots = tuple(_spot(piece, places.get(piece.id), space) for piece in pieces)
    for spot in spots:
        x0, z0, x1, z1 = spot.footprint()
        width = max(width, 2 * (max(-x0, x1) + space.wall_gap_m))
        depth = max(depth, 2 * (max(-z0, z1) + space.wall_gap_m))
    top = max((spot.position[1] + piece.size_m[1] for spot, piece in zip(spots, pieces, strict=True)), default=0.0)
    entrance = (0.0, 0.0, _tidy(depth / 2 - min(1.0, space.foyer_m / 3)))
    return Hall(
        width=_tidy(width),
        depth=_tidy(depth),
        height=_tidy(max(space.wall_height_m, top + space.headroom_m)),
        entrance=entrance,
        spots=spots,
        findings=_too_close(spots, entrance),
    )


def plinth_for(size_m: Vector, space: Space) -> Plinth:
    """Return the plinth that brings the middle of a piece of `size_m` to eye height, as far as that is sensible."""
    width, height, depth = size_m
    broad = max(width, depth)
    if max(height, broad) >= space.floor_from_m:
        top = space.plinth_lowest_m
    else:
        tallest = space.plinth_tallest_m - VIEWING_SHARE * max(0.0, broad - BROAD_M)
        top = max(space.plinth_lowest_m, min(tallest, space.eye_height_m - height / 2))
    margin = 2 * space.plinth_margin_m
    return Plinth(
        width=_tidy(max(space.plinth_min_m, width + margin)),
        depth=_tidy(max(space.plinth_min_m, depth + margin)),
        height=_tidy(top),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A plinth, and the free floor its piece asks for."""

    plinth: Plinth
    viewing_m: float

    @classmethod
    def of(cls, piece: Piece, space: Space) -> _Block:
        return cls(plinth_for(piece.size_m, space), VIEWING_SHARE * piece.size_m[1])


@dataclass(frozen=True, slots=True)
class _Row:
    """Plinths along the hall, all turned alike; first is nearest to the entrance."""

    blocks: tuple[_Block, ...]
    yaw_deg: float
    space: Space

    def is_sideways(self) -> bool:
        return self.yaw_deg != 0

    def lengths(self) -> list[float]:
        return [block.plinth.width if self.is_sideways() else block.plinth.depth for block in self.blocks]

    def width(self) -> float:
        return max(block.plinth.depth if self.is_sideways() else block.plinth.width for block in self.blocks)

    def viewing(self) -> float:
        return max(block.viewing_m for block in self.blocks)

    def gaps(self) -> list[float]:
        pairs = pairwise(self.blocks)
        return [max(self.space.gap_m, a.viewing_m, b.viewing_m) for a, b in pairs]

    def length(self) -> float:
        return sum(self.lengths()) + sum(self.gaps())

    def centres(self, stretch: float) -> list[float]:
        """Distances from the row's beginning, when the row is drawn out to the length `stretch`."""
        spare = stretch - self.length()
        wider = spare / len(self.gaps()) if self.gaps() else 0.0
        at = 0.0 if self.gaps() else spare / 2
        centres = []
        for length, gap in zip(self.lengths(), [*self.gaps(), 0.0], strict=True):
            centres.append(at + length / 2)
            at += length + gap + wider
        return centres


_Place = tuple[float, float, float]  # x, z, yaw


def _in_rows(blocks: list[_Block], space: Space) -> tuple[float, float, list[_Place]]:
    """Return width and depth of the best hall, and a place for each block."""
    if not blocks:
        return *SMALLEST_HALL_M, []
    counts = range(min(2, len(blocks)), min(MOST_ROWS, len(blocks)) + 1)
    halls = [_hall(blocks, count, space) for count in counts]
    return min(halls, key=lambda hall: abs(math.log(hall[1] / (LENGTH_TO_WIDTH * hall[0]))))


def _hall(blocks: list[_Block], n_rows: int, space: Space) -> tuple[float, float, list[_Place]]:
    closing = len(blocks) // 2 if n_rows == 2 and len(blocks) % 2 else None
    walking = [block for number, block in enumerate(blocks) if number != closing]
    rows = _rows(walking, n_rows, space)
    aisles = [max(space.aisle_m, a.viewing(), b.viewing()) for a, b in pairwise(rows)]
    if closing is not None:
        # the way on both sides of the closing piece stays open
        aisles = [max(aisles[0], blocks[closing].plinth.width)]
    width = max(SMALLEST_HALL_M[0], 2 * space.wall_gap_m + sum(row.width() for row in rows) + sum(aisles))
    length = max(row.length() for row in rows)
    foyer = max(space.foyer_m, 2 * rows[0].viewing() if n_rows == 1 else 0.0)
    end = 0.0
    if closing is not None:
        end = max(space.aisle_m, blocks[closing].viewing_m) + blocks[closing].plinth.depth
    depth = max(SMALLEST_HALL_M[1], foyer + length + end + space.wall_gap_m)
    front = depth / 2 - foyer
    places: list[_Place] = []
    x = -(sum(row.width() for row in rows) + sum(aisles)) / 2
    for number, (row, aisle) in enumerate(zip(rows, [*aisles, 0.0], strict=True)):
        column = [(x + row.width() / 2, front - at, row.yaw_deg) for at in row.centres(length)]
        places += column if number % 2 == 0 else column[::-1]
        x += row.width() + aisle
    if closing is not None:
        places.insert(closing, (0.0, front - length - end + blocks[closing].plinth.depth / 2, 0.0))
    return width, depth, places


def _rows(blocks: list[_Block], n_rows: int, space: Space) -> list[_Row]:
    rows = []
    for number in range(n_rows):
        share = blocks[number * len(blocks) // n_rows : (number + 1) * len(blocks) // n_rows]
        if number % 2:
            share = share[::-1]  # the visit comes back towards the entrance here
        outer = 90.0 if number == 0 else -90.0 if number == n_rows - 1 else 0.0
        rows.append(_Row(tuple(share), outer if n_rows > 1 else 0.0, space))
    return rows


def _spot(piece: Piece, ruled: _Place | None, space: Space) -> Spot:
    plinth = plinth_for(piece.size_m, space)
    x, z, yaw = ruled or (piece.x_m or 0.0, piece.z_m or 0.0, 0.0)
    turned = (yaw + piece.yaw_deg + 180) % 360 - 180
    return Spot(piece.id, (_tidy(x), plinth.height, _tidy(z)), _tidy(turned), plinth)


def _too_close(spots: Sequence[Spot], entrance: Vector) -> tuple[Finding, ...]:
    findings = []
    for number, spot in enumerate(spots):
        for other in spots[:number]:
            gap = distance(spot.footprint(), other.footprint())
            if gap < WALKABLE_M - 1e-6:
                hint = f"'{other.id}' and '{spot.id}' are {gap:.2f} m apart; {WALKABLE_M} m lets everybody pass."
                findings.append(Finding("layout.too-close", gap, "m", hint, "warning"))
        door = (entrance[0], entrance[2], entrance[0], entrance[2])
        if distance(spot.footprint(), door) < WALKABLE_M / 2:
            hint = f"'{spot.id}' stands in the entrance; move it with x_m and z_m in the scene."
            findings.append(Finding("layout.entrance-blocked", None, "", hint, "warning"))
    return tuple(findings)


def distance(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Return the free floor between two footprints (x0, z0, x1, z1), metres; 0 where they touch or overlap."""
    dx = max(0.0, a[0] - b[2], b[0] - a[2])
    dz = max(0.0, a[1] - b[3], b[1] - a[3])
    return math.hypot(dx, dz)


def _sound(piece: Piece) -> Piece:
    width, height, depth = (value if math.isfinite(value) and value > 0 else 0.0 for value in piece.size_m)
    return Piece(piece.id, (width, height, depth), piece.x_m, piece.z_m, piece.yaw_deg)


def _tidy(value: float) -> float:
    return round(value, 4) + 0.0  # never -0.0
