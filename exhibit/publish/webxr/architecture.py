"""The hall as it is built: walls with a skirting and a gap under the ceiling, a coffer of daylight, a deep doorway.

All of it follows from the laid out `Hall` and the style's colours; nothing here knows of pages or files.
"""

from __future__ import annotations

import math
from typing import Final

from exhibit.model.room import Box, Fixture, Lamp, Material, Panel, Point, RoomFiles, RoomModel
from exhibit.publish.webxr.layout import Hall, Spot
from exhibit.publish.webxr.panels import between, box, chamfered_top, disc, rod, sheet
from exhibit.publish.webxr.room import Look, RoomStyle
from exhibit.stages.lighting.room_file import write_room

DOOR: Final = (1.7, 2.55)
"""Width and height of the doorway, metres."""
DOOR_DEEP: Final = 0.5
BEYOND: Final = (4.2, 3.0, 2.8)
"""The room beyond the doorway: width, height, depth."""
GAP: Final = (0.05, 0.04)
"""The dark joint between wall and ceiling: height, depth."""
SKIRTING: Final = (0.11, 0.014)
COFFER_DEEP: Final = 0.5
RIB: Final = (0.07, 0.22)
FIELD_M: Final = 1.7
FOOT: Final = (0.045, 0.03)
"""The recess on which a plinth seems to float: height, depth."""
EDGE_M: Final = 0.006
LAMP_DROP_M: Final = 0.2
DARK: Final = "#1d1b19"


def build_room(hall: Hall, style: RoomStyle, sizes_m: tuple[Point, ...]) -> RoomModel:
    """Return the hall with its plinths and lamps.

    Parameters
    ----------
    sizes_m : of the relic on each of the hall's spots, in their order.
    """
    look = style.look
    rails = _rails(hall)
    lamps = [
        *(_lamp_over(spot, size, hall, look, rails) for spot, size in zip(hall.spots, sizes_m, strict=True)),
        *_washers(hall, look),
    ]
    panels = [*_floor(hall), *_walls(hall), *_ceiling(hall), *_beyond(hall)]
    for spot in hall.spots:
        panels += plinth_panels(spot)
    out = hall.depth / 2 + DOOR_DEEP
    inside = [
        Lamp((x, BEYOND[1] - 0.15, out + 1.5), (x, 1.2, out + BEYOND[2]), 30, 58, 0.8 * look.key, look.light, 0.1)
        for x in (-1.0, 1.0)
    ]
    return RoomModel(
        panels=tuple(panels),
        materials=_materials(look),
        lamps=(*lamps, *inside),
        fixtures=tuple(_fixtures(hall, tuple(lamps), rails)),
        sky_color=look.sky,
        sky=10 * look.ambient,
    )


def plain_room(hall: Hall, style: RoomStyle, sizes_m: tuple[Point, ...]) -> RoomFiles:
    """Return the room in an even light that costs nothing to work out."""
    return RoomFiles(write_room(build_room(hall, style, sizes_m), None), has_shadows=False)


def _materials(look: Look) -> tuple[Material, ...]:
    return (
        Material("floor", look.floor, look.pattern),
        Material("wall", look.wall),
        Material("end_wall", look.end_wall or look.wall),
        Material("ceiling", look.ceiling),
        Material("plinth", look.plinth),
        Material("trim", look.trim),
        Material("dark", DARK),
        Material("pane", look.sky, shine=1.0),
    )


def _floor(hall: Hall) -> list[Panel]:
    w, d = hall.width, hall.depth
    covered: list[Box] = []
    for spot in hall.spots:
        if spot.yaw_deg % 90 == 0 and spot.plinth.height > 0:
            x0, z0, x1, z1 = spot.footprint()
            u0, u1 = x0 + w / 2 + FOOT[1], x1 + w / 2 - FOOT[1]
            v0, v1 = d / 2 - z1 + FOOT[1], d / 2 - z0 - FOOT[1]
            covered.append((u0 / w, v0 / d, u1 / w, v1 / d))
    door = DOOR[0]
    return [
        sheet((-w / 2, 0, d / 2), (w, 0, 0), (0, 0, -d), "floor", 26, covered=tuple(covered)),
        sheet((-door / 2, 0, d / 2 + DOOR_DEEP), (door, 0, 0), (0, 0, -DOOR_DEEP), "floor", 14),
    ]


def _walls(hall: Hall) -> list[Panel]:
    w, d, h = hall.width, hall.depth, hall.height
    top = h - GAP[0]
    door, tall = DOOR
    hole: Box = ((w - door) / 2 / w, 0.0, (w + door) / 2 / w, tall / top)
    made = [
        sheet((-w / 2, 0, -d / 2), (w, 0, 0), (0, top, 0), "end_wall", 16),
        sheet((w / 2, 0, -d / 2), (0, 0, d), (0, top, 0), "wall", 14),
        sheet((-w / 2, 0, d / 2), (0, 0, -d), (0, top, 0), "wall", 14),
        sheet((w / 2, 0, d / 2), (-w, 0, 0), (0, top, 0), "wall", 14, holes=(hole,)),
    ]
    # the joint under the ceiling lies a little behind the walls
    far_w, far_d = w / 2 + GAP[1], d / 2 + GAP[1]
    for corner, across in (
        ((-far_w, top, -far_d), (2 * far_w, 0, 0)), ((far_w, top, -far_d), (0, 0, 2 * far_d)),
        ((-far_w, top, far_d), (0, 0, -2 * far_d)), ((far_w, top, far_d), (-2 * far_w, 0, 0)),
    ):  # fmt: skip
        made.append(sheet(corner, across, (0, GAP[0], 0), "dark", 6))
    made += _skirting(hall)
    out = d / 2 + DOOR_DEEP
    made += [
        sheet((-door / 2, 0, out), (0, 0, -DOOR_DEEP), (0, tall, 0), "wall", 14),
        sheet((door / 2, 0, d / 2), (0, 0, DOOR_DEEP), (0, tall, 0), "wall", 14),
        sheet((-door / 2, tall, d / 2), (door, 0, 0), (0, 0, DOOR_DEEP), "wall", 14),
    ]
    return made


def _skirting(hall: Hall) -> list[Panel]:
    w, d = hall.width, hall.depth
    tall, thick = SKIRTING
    side = (w - DOOR[0]) / 2
    runs: list[tuple[Point, Point]] = [
        ((0, tall / 2, -d / 2 + thick / 2), (w, tall, thick)),
        ((w / 2 - thick / 2, tall / 2, 0), (thick, tall, d)),
        ((-w / 2 + thick / 2, tall / 2, 0), (thick, tall, d)),
        (((w - side) / 2, tall / 2, d / 2 - thick / 2), (side, tall, thick)),
        ((-(w - side) / 2, tall / 2, d / 2 - thick / 2), (side, tall, thick)),
    ]
    sides = ["+z +y", "-x +y", "+x +y", "-z +y -x", "-z +y +x"]
    return [panel for (at, size), seen in zip(runs, sides, strict=True) for panel in box(at, size, "trim", seen, 14)]


def coffer_of(hall: Hall) -> tuple[float, float]:
    """Return width and depth of the opening for daylight."""
    return max(1.4, 0.42 * hall.width), max(2.0, hall.depth - 3.8)


def _ceiling(hall: Hall) -> list[Panel]:
    w, d, h = hall.width + 2 * GAP[1], hall.depth + 2 * GAP[1], hall.height
    cw, cd = coffer_of(hall)
    hole: Box = ((w - cw) / 2 / w, (d - cd) / 2 / d, (w + cw) / 2 / w, (d + cd) / 2 / d)
    made = [sheet((-w / 2, h, -d / 2), (w, 0, 0), (0, 0, d), "ceiling", 9, holes=(hole,))]
    up = COFFER_DEEP
    # the reveals of the coffer, seen from within it
    made += [
        sheet((-cw / 2, h, cd / 2), (0, 0, -cd), (0, up, 0), "ceiling", 3),
        sheet((cw / 2, h, -cd / 2), (0, 0, cd), (0, up, 0), "ceiling", 3),
        sheet((-cw / 2, h, -cd / 2), (cw, 0, 0), (0, up, 0), "ceiling", 3),
        sheet((cw / 2, h, cd / 2), (-cw, 0, 0), (0, up, 0), "ceiling", 3),
    ]
    fields = list(between(-cd / 2, cd / 2, FIELD_M))
    thick, deep = RIB
    for middle, length in fields:
        size = length - thick
        made.append(sheet((-cw / 2, h + up, middle - size / 2), (cw, 0, 0), (0, 0, size), "pane", 1))
    for middle, length in fields[:-1]:
        at: Point = (0, h + up - deep / 2, middle + length / 2)
        made += box(at, (cw, deep, thick), "ceiling", "+z -z -y", 3)
    return made


def _beyond(hall: Hall) -> list[Panel]:
    """What one sees through the doorway: a lit wall, so that the hall does not end in a hole."""
    w, h, d = BEYOND
    z = hall.depth / 2 + DOOR_DEEP
    door, tall = DOOR
    hole: Box = ((w - door) / 2 / w, 0.0, (w + door) / 2 / w, tall / h)
    return [
        sheet((-w / 2, 0, z + d), (w, 0, 0), (0, 0, -d), "floor", 8),
        sheet((w / 2, 0, z + d), (-w, 0, 0), (0, h, 0), "wall", 10),
        sheet((-w / 2, 0, z + d), (0, 0, -d), (0, h, 0), "wall", 7),
        sheet((w / 2, 0, z), (0, 0, d), (0, h, 0), "wall", 7),
        sheet((-w / 2, 0, z), (w, 0, 0), (0, h, 0), "wall", 5, holes=(hole,)),
        sheet((-w / 2, h, z), (w, 0, 0), (0, 0, d), "ceiling", 3),
    ]


def plinth_panels(spot: Spot) -> list[Panel]:
    """Return a plinth: a body with a fine sloping edge on top, over a dark recess at its foot."""
    width, depth, height = spot.plinth.width, spot.plinth.depth, spot.plinth.height
    if height <= 0:
        return []
    x, _, z = spot.position
    foot, recess = min(FOOT[0], height / 3), FOOT[1]
    yaw, around = spot.yaw_deg, "+x -x +z -z"
    body = height - foot - EDGE_M
    return [
        *box((x, foot / 2, z), (width - 2 * recess, foot, depth - 2 * recess), "dark", around, 8, yaw),
        *box((x, foot + body / 2, z), (width, body, depth), "plinth", around, 30, yaw),
        *box((x, foot + body / 2, z), (width, body, depth), "dark", "-y", 4, yaw),
        *chamfered_top((x, height, z), (width, height, depth), EDGE_M, "plinth", 90 if width < 1 else 50, yaw),
    ]


def _rails(hall: Hall) -> Box:
    """Return the rectangle, x0, z0, x1, z1, along which lamps hang: round the opening for daylight."""
    cw, cd = coffer_of(hall)
    x, z = cw / 2 + 0.22, cd / 2 + 0.22
    return -x, -z, x, z


def _lamp_over(spot: Spot, size: Point, hall: Hall, look: Look, rails: Box) -> Lamp:
    """Hang a lamp before a relic, on the rail: about 30 degrees from the vertical, where the rails allow it."""
    x, base, z = spot.position
    high = hall.height - LAMP_DROP_M
    middle = base + 0.5 * size[1]
    out = max(0.5, 0.62 * (high - middle))
    turn = math.radians(spot.yaw_deg - 20)
    at = _on_rail(x + math.sin(turn) * out, z + math.cos(turn) * out, rails)
    reach = max(size[0], size[1], spot.plinth.width, spot.plinth.depth) * 0.62 + 0.1
    far = math.dist((at[0], high, at[1]), (x, middle, z))
    opening = math.degrees(math.atan2(reach, far))
    return Lamp((at[0], high, at[1]), (x, middle, z), 0.55 * opening, 1.45 * opening, 1.05 * look.key, look.light, 0.06)


def _on_rail(x: float, z: float, rails: Box) -> tuple[float, float]:
    """Return the nearest place on the rectangle of rails."""
    x0, z0, x1, z1 = rails
    inside_x, inside_z = min(max(x, x0), x1), min(max(z, z0), z1)
    places = [(x0, inside_z), (x1, inside_z), (inside_x, z0), (inside_x, z1)]
    return min(places, key=lambda place: math.dist(place, (x, z)))


def _washers(hall: Hall, look: Look) -> list[Lamp]:
    """Light down the walls: full where the words stand, weaker along the sides."""
    made = []
    high, out = hall.height - 0.12, 1.05
    w, d = hall.width / 2, hall.depth / 2
    for x, _ in between(-w + 0.4, w - 0.4, 1.6):
        made.append(Lamp((x, high, out - d), (x, 1.75, -d), 24, 62, 0.7 * look.key, look.light, 0.09))
    for side in (-1, 1):
        for z, _ in between(0.9 - d, d - 0.5, 2.6):
            at, aim = (side * (w - out), high, z), (side * w, 1.6, z)
            made.append(Lamp(at, aim, 22, 66, 0.36 * look.key, look.light, 0.09))
    return made


def _fixtures(hall: Hall, lamps: tuple[Lamp, ...], rails: Box) -> list[Fixture]:
    x0, z0, x1, z1 = rails
    y = hall.height - 0.03
    corners = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    made = []
    for (ax, az), (bx, bz) in zip(corners, corners[1:] + corners[:1], strict=True):
        made.append(rod((ax, y, az), (bx, y, bz), (0.022, 0.022), DARK, 4))
    for lamp in lamps:
        x, high, z = lamp.at
        made.append(rod((x, hall.height - 0.02, z), (x, high + 0.02, z), (0.011, 0.011), DARK, 6))
        beam = [a - b for a, b in zip(lamp.aim, lamp.at, strict=True)]
        length = math.hypot(*beam)
        unit = [part / length for part in beam]

        def along(far: float, at: Point = lamp.at, way: list[float] = unit) -> Point:
            return at[0] + far * way[0], at[1] + far * way[1], at[2] + far * way[2]

        made.append(rod(along(-0.1), along(0.045), (0.036, 0.048), DARK))
        made.append(disc(along(0.046), (unit[0], unit[1], unit[2]), 0.041, lamp.color, 1.6))
    return made
