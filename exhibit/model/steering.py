"""How people steer cleaning in words: boxes, planes and steps, as typed in a command, a table or a record."""

from __future__ import annotations

import math
import re
from typing import Final

from exhibit.errors import UsageError
from exhibit.units import parse_axis, rotation_to_y_up

SKIPPABLE: Final = ("outliers", "strays", "fragments", "neighbours", "table")
"""Steps of cleaning that can be switched off. What is no point, absurdly far or an exact copy goes always: no later
step could work with it."""

Crop = tuple[float, float, float, float, float, float]
"""Least x, y, z, then the greatest, in the file's own coordinates."""
Plane = tuple[float, float, float, float]
"""nx, ny, nz, d: what lies at ``n . p <= d`` is the table or below it; n points to the object."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


def parse_crop(text: str) -> Crop:
    """Read a box: ``-4,2,-3.4,-1.4,6.2,1.2``."""
    numbers = _numbers(text)
    if len(numbers) != 6:
        raise UsageError(
            f"'{text}' is not a crop box.", hint="Write six numbers, the least x, y, z, then the greatest: 0,0,0,1,1,2."
        )
    x0, y0, z0, x1, y1, z1 = numbers
    return check_crop((x0, y0, z0, x1, y1, z1))


def parse_plane(text: str) -> Plane | None:
    """Read a plane: ``z=-2.7`` (what is below goes), ``nx,ny,nz,d``; None for ``none``."""
    word = text.strip().lower()
    if word == "none":
        return None
    level = re.fullmatch(rf"([+-]?[xyz])\s*=\s*({_NUMBER})", word)
    if level is not None:
        x, y, z = (float(value) for value in rotation_to_y_up(parse_axis(level[1]))[1])
        # "-y=2" speaks of the coordinate y = 2, looked at with -y up
        sign = -1.0 if level[1].startswith("-") else 1.0
        return check_plane((x, y, z, sign * float(level[2])))
    numbers = _numbers(word)
    if len(numbers) != 4:
        raise UsageError(
            f"'{text}' is not a plane.",
            hint="Write z=0.12 (what lies below goes), four numbers nx,ny,nz,d (what lies at n·p <= d goes), or none.",
        )
    nx, ny, nz, d = numbers
    return check_plane((nx, ny, nz, d))


def check_crop(crop: Crop) -> Crop:
    """Refuse a box that holds nothing."""
    if not all(math.isfinite(value) for value in crop) or any(crop[i + 3] <= crop[i] for i in range(3)):
        raise UsageError(
            f"the crop box {','.join(f'{value:g}' for value in crop)} holds nothing.",
            hint="Write the least x, y, z, then the greatest: x0,y0,z0,x1,y1,z1.",
        )
    return crop


def check_plane(plane: Plane) -> Plane:
    """Refuse a plane without a direction."""
    if not all(math.isfinite(value) for value in plane) or not any(plane[:3]):
        raise UsageError(
            "the plane has no direction.", hint="Write nx,ny,nz,d: what lies at n·p <= d goes; n points to the object."
        )
    return plane


def check_steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse names that are no step to be skipped; return each once."""
    for step in steps:
        if step not in SKIPPABLE:
            raise UsageError(
                f"'{step}' is not a step of cleaning that can be skipped.", hint=f"Choose from {', '.join(SKIPPABLE)}."
            )
    return tuple(step for step in SKIPPABLE if step in steps)


def _numbers(text: str) -> list[float]:
    words = [word for word in re.split(r"[\s,;]+", text.strip().strip("[]()")) if word]
    return [float(word) for word in words] if all(re.fullmatch(_NUMBER, word) for word in words) else []
