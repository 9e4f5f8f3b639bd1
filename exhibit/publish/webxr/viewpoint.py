"""From where the hall is shown in one picture: at the entrance, with every plinth in view."""

from __future__ import annotations

from typing import Final

from exhibit.model.viewpoint import Viewpoint
from exhibit.publish.webxr.layout import Hall

EYE_M: Final = 1.6
BACK_M: Final = 0.9
"""Behind the entrance wall, which is left out: a hall is as deep as a photographer has room to step back."""
HORIZON: Final = 0.475
HEIGHT: Final = 0.5
"""Of the picture, in its widths."""
SHORTEST, LONGEST = 0.44, 0.74
SIDE: Final = 0.44
"""Plinths reach no farther from the middle than this, in widths: narrow screens cut the sides off."""


def stand(hall: Hall) -> Viewpoint:
    """Return a place on the hall's axis, and the longest lens that still sees every plinth whole."""
    x, z = 0.0, hall.depth / 2 + BACK_M
    focal = LONGEST
    for spot in hall.spots:
        x0, _, x1, z1 = spot.footprint()
        far = z - z1
        if z1 < hall.depth / 2 and far > 0:
            focal = min(focal, SIDE * far / max(abs(x0 - x), abs(x1 - x), 1e-6))
            focal = min(focal, 0.96 * (1 - HORIZON) * HEIGHT * far / EYE_M)
    return Viewpoint((x, EYE_M, round(z, 4)), round(max(SHORTEST, focal), 4), HORIZON, hall.depth / 2 - 0.02)
