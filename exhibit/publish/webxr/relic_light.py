"""The one light of all relics, in the room, on their pages and in their portraits: that of the finished room style.

    python -m exhibit.publish.webxr.relic_light > site_template/templates/static/light.hdr

A relic of half a metre stands in a hall of the style `STYLE`, before a wall, its lamp before it; what reaches its
middle from all round is the light. It is made here and not in each build, because portraits are taken before there is
a hall, and because the same bronze should look the same in every exhibition.
"""

from __future__ import annotations

import sys
from typing import Final

import numpy as np

from exhibit.geometry.radiance_hdr import encode_hdr
from exhibit.model.arrays import F4
from exhibit.model.room import Caster, Lamp
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.architecture import build_room
from exhibit.publish.webxr.layout import Piece, lay_out
from exhibit.publish.webxr.panels import rod

STYLE: Final = "daylight"
WIDTH_PX: Final = 192
SIZE_M: Final = (0.4, 0.5, 0.4)
_RIM: Final = 0.55


def relic_light() -> F4:
    """Return the light (h, w, 3) about a relic that faces +Z, as `exhibit.stages.surround` has it."""
    from exhibit.stages.light import LightOptions, light
    from exhibit.stages.surround import surround

    style = read_site_template().rooms[STYLE]
    # a coloured wall would lend its colour to bronze
    style = style.model_copy(update={"look": style.look.model_copy(update={"end_wall": None})})
    hall = lay_out((Piece("relic", SIZE_M, z_m=-1.2, x_m=0.0),), style.space)
    room = build_room(hall, style, (SIZE_M,))
    x, base, z = hall.spots[0].position
    # something like a relic, for its own shadow dims what its plinth sends up to it
    body = rod((0.0, 0.0, 0.0), (0.0, SIZE_M[1], 0.0), (0.4 * SIZE_M[0], 0.4 * SIZE_M[0]), "#808080", 16)
    lit = light(room, (Caster(body.vertices.copy(), body.faces.copy(), (x, base, z)),), LightOptions())
    at = (x, base + 0.5 * SIZE_M[1], z)
    key = next(lamp for lamp in room.lamps if lamp.aim == at)
    # real halls light a relic from behind too, or its outline drowns in the wall
    rim = Lamp((x + 1.5, hall.height - 0.3, z - 1.0), at, 20, 40, _RIM * key.strength, style.look.sky)
    return surround(room, lit, at, ((key, 7.0), (rim, 8.0)), WIDTH_PX)


def main() -> None:
    """Write the light to the standard output."""
    sys.stdout.buffer.write(encode_hdr(np.ascontiguousarray(relic_light())))


if __name__ == "__main__":
    main()
