"""Units of length and axes, as scans, records and people state them."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from exhibit.errors import UsageError

Unit = Literal["um", "mm", "cm", "dm", "m", "km", "in", "ft"]
Axis = Literal["+x", "-x", "+y", "-y", "+z", "-z"]

METRES: Final[dict[Unit, float]] = {
    "um": 1e-6, "mm": 1e-3, "cm": 1e-2, "dm": 0.1, "m": 1.0, "km": 1e3, "in": 0.0254, "ft": 0.3048,
}  # fmt: skip


def parse_unit(text: str) -> Unit:
    """Read a unit as people write it: ``mm``, ``metres``, ``inch``, ``毫米``."""
    names: dict[str, Unit] = {
        "micrometre": "um", "micrometer": "um", "µm": "um", "微米": "um",
        "millimetre": "mm", "millimeter": "mm", "毫米": "mm",
        "centimetre": "cm", "centimeter": "cm", "厘米": "cm",
        "decimetre": "dm", "decimeter": "dm", "分米": "dm",
        "metre": "m", "meter": "m", "米": "m", "kilometre": "km", "kilometer": "km", "千米": "km",
        "inch": "in", "inche": "in", '"': "in", "英寸": "in", "foot": "ft", "feet": "ft", "英尺": "ft",
    }  # fmt: skip
    word = text.strip().lower()
    for candidate in (word, word.removesuffix("s")):
        if candidate in METRES:
            return candidate
        if candidate in names:
            return names[candidate]
    raise UsageError(f"'{text}' is not a unit of length.", hint=f"Use one of {', '.join(METRES)}.")


def parse_axis(text: str) -> Axis:
    """Read an axis: ``z``, ``+Z``, ``-y``."""
    word = text.strip().lower()
    word = word if word[:1] in "+-" else f"+{word}"
    if word not in ("+x", "-x", "+y", "-y", "+z", "-z"):
        raise UsageError(f"'{text}' is not an axis.", hint="Use x, y or z, with a minus sign where it points down.")
    return word  # type: ignore[return-value]  # checked on the line above


def rotation_to_y_up(up: Axis) -> npt.NDArray[np.float64]:
    """Return the proper rotation (3, 3) that takes the axis `up` to +Y, keeping the other axes right-handed."""
    rows: dict[Axis, list[list[float]]] = {
        "+y": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "-y": [[1, 0, 0], [0, -1, 0], [0, 0, -1]],
        "+z": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
        "-z": [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
        "+x": [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
        "-x": [[0, 1, 0], [-1, 0, 0], [0, 0, 1]],
    }
    return np.array(rows[up], dtype=np.float64)
