"""Lengths, sizes and names as people type them."""

from __future__ import annotations

import re
from typing import get_args

from exhibit.errors import UsageError
from exhibit.model.asset import LEVELS
from exhibit.model.record import SurfaceMaterial
from exhibit.units import METRES, parse_unit

_BYTES = {
    "": 1,
    "B": 1,
    "K": 2**10,
    "KB": 2**10,
    "M": 2**20,
    "MB": 2**20,
    "G": 2**30,
    "GB": 2**30,
    "T": 2**40,
    "TB": 2**40,
}


def parse_length_m(text: str) -> float:
    """Read a length with its unit (``38cm``, ``1.2 m``, ``15in``) as metres."""
    found = re.fullmatch(r"\s*([0-9]*[.,]?[0-9]+)\s*([^\d\s.,]+)\s*", text)
    if found is None or float(found[1].replace(",", ".")) <= 0:
        raise UsageError(f"'{text}' is not a length.", hint="Write a number and its unit: 38cm, 1.2m, 15in.")
    return float(found[1].replace(",", ".")) * METRES[parse_unit(found[2])]


def parse_bytes(text: str) -> int:
    """Read an amount of memory (``8GB``, ``500 MB``) as bytes."""
    found = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*([a-zA-Z]*)\s*", text)
    factor = _BYTES.get(found[2].upper().replace("IB", "B")) if found else None
    if found is None or factor is None:
        raise UsageError(f"'{text}' is not an amount of memory.", hint="Write 8GB or 500MB.")
    amount = int(float(found[1]) * factor)
    if amount < 256 * 2**20:
        raise UsageError(f"'{text}' is too little to work with.", hint="Give at least 256MB.")
    return amount


def parse_levels(text: str) -> tuple[str, ...]:
    """Read a list of level names; the result is ordered from coarse to fine."""
    known = [spec.name for spec in LEVELS]
    wanted = {word.strip() for word in text.split(",") if word.strip()}
    unknown = sorted(wanted - set(known))
    if unknown or not wanted:
        raise UsageError(f"'{', '.join(unknown) or text}' is not a level.", hint=f"Choose from {', '.join(known)}.")
    return tuple(name for name in known if name in wanted)


def parse_surface(text: str) -> str:
    """Check the name of a surface material."""
    known = get_args(SurfaceMaterial)
    if text not in known:
        raise UsageError(f"'{text}' is not a surface material.", hint=f"Choose from {', '.join(known)}.")
    return text
