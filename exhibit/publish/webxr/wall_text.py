"""Where the exhibition's title stands on the end wall: where one who enters can read it."""

from __future__ import annotations

from typing import Final

import numpy as np

from exhibit.publish.webxr.document import Vector, WallText
from exhibit.publish.webxr.layout import Hall

EYE_M: Final = 1.6
WIDEST_M: Final = 3.2
MARGIN_M: Final = 0.6
MIDDLE_M: Final = 1.95
_STEP_M: Final = 0.1


def place_wall_text(hall: Hall, sizes_m: tuple[Vector, ...]) -> WallText:
    """Choose the place on the end wall that plinths and relics hide least from the entrance.

    Parameters
    ----------
    sizes_m : of the relic on each of the hall's spots, in their order.

    Returns
    -------
    Middle of the text and its width, metres; of equally good places the one nearest to the wall's middle.
    """
    room = hall.width - 2 * MARGIN_M
    width = round(min(WIDEST_M, 0.62 * room), 2)
    reach = (room - width) / 2
    hidden = _hidden(hall, sizes_m)
    best = min(
        (round(float(x), 2) for x in np.arange(-round(reach / _STEP_M), round(reach / _STEP_M) + 1) * _STEP_M),
        key=lambda x: (round(_overlap(hidden, x - width / 2, x + width / 2), 3), abs(x), x),
    )
    return WallText(x=best, y=round(min(MIDDLE_M, hall.height - 1.2), 2), width=width)


def _hidden(hall: Hall, sizes_m: tuple[Vector, ...]) -> list[tuple[float, float]]:
    """Return the stretches of the end wall, x0 to x1, that stand behind something tall for one at the entrance."""
    eye_x, _, eye_z = hall.entrance
    wall_z = -hall.depth / 2
    stretches = []
    for spot, size in zip(hall.spots, sizes_m, strict=True):
        x0, z0, x1, z1 = spot.footprint()
        z = (z0 + z1) / 2
        if z >= eye_z - 0.2:
            continue
        reach = (wall_z - eye_z) / (z - eye_z)
        top = EYE_M + (spot.position[1] + size[1] - EYE_M) * reach
        # a foot is narrower than its plinth's turned box only where it is turned; close enough
        if top > MIDDLE_M - 0.7:
            stretches.append((eye_x + (x0 - eye_x) * reach, eye_x + (x1 - eye_x) * reach))
    return stretches


def _overlap(stretches: list[tuple[float, float]], start: float, end: float) -> float:
    return sum(max(0.0, min(end, b) - max(start, a)) for a, b in stretches)
