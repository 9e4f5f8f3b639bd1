"""The unit of length that the coordinate system of a LAS file states, if it has one.

Sources: OGC 12-063r5 (well-known text), OGC 19-008r4 (GeoTIFF, ``ProjLinearUnitsGeoKey`` 3076), as the ASPRS LAS 1.4
R15 specification stores them in its variable length records 2112 and 34735.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from exhibit.units import METRES, Unit

_LINEAR_UNITS_KEY: Final = 3076
_EPSG_UNITS: Final[dict[int, Unit]] = {9001: "m", 9002: "ft", 9003: "ft", 9036: "km", 1025: "mm", 1033: "cm"}


def unit_of_wkt(text: str) -> Unit | None:
    """Return the unit of the axes of a projected or local system; None for degrees and for what we do not know."""
    match = re.search(r"\b(PROJCS|PROJCRS|LOCAL_CS|ENGCRS|ENGINEERINGCRS|GEOCCS)\s*\[", text, re.I)
    if match is None:
        return None
    # the vertical system of a compound one follows with its own unit; leave it out
    body = re.split(r"\b(?:VERT_CS|VERTCRS|VERTICALCRS)\s*\[", text[match.start() :], flags=re.I)[0]
    # base systems and projection parameters state theirs first, the projected system last
    found: list[str] = re.findall(r"\b(?:LENGTH)?UNIT\s*\[\s*\"[^\"]*\"\s*,\s*([-+\d.eE]+)", body, re.I)
    return _unit_of_metres(float(found[-1])) if found else None


def unit_of_geo_keys(record: bytes) -> Unit | None:
    """Return the unit that a GeoTIFF key directory states."""
    shorts = np.frombuffer(record[: len(record) // 8 * 8], "<u2").reshape(-1, 4)
    for key, location, _, value in shorts[1:]:
        if key == _LINEAR_UNITS_KEY and location == 0:
            return _EPSG_UNITS.get(int(value))
    return None


def _unit_of_metres(metres: float) -> Unit | None:
    # the US survey foot differs by two parts in a million, which no scan can tell
    return next((unit for unit, size in METRES.items() if abs(metres / size - 1.0) < 1e-5), None)
