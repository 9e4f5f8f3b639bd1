"""Masks on disk: JSON that a person draws or corrects by hand, with the digest of the scan it was drawn on."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, cast, get_args

from exhibit.errors import DefinitionError, UsageError
from exhibit.model.mask import Box, Lasso, Mask, Region, Rest, Side

MAX_BYTES: Final = 4_000_000
FORM: Final = "exhibit mask 1"
_KEYS: Final = frozenset({"form", "about", "files", "sha256", "rest", "regions"})
_SHAPES: Final = ("box", "plane", "lasso")


def load_mask(path: Path) -> Mask:
    """Read a mask.

    Raises
    ------
    DefinitionError
        It cannot be read or is no mask; the sentence names the region.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refused(path, "is too large for a mask.")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise _refused(path, f"cannot be read: {fault.strerror}.") from fault
    except (ValueError, RecursionError) as fault:
        raise _refused(path, "is not JSON.") from fault
    if not isinstance(data, dict) or data.get("form") != FORM:
        raise _refused(path, f'is not a mask: "form" must be "{FORM}".')
    if unknown := sorted(set(data) - _KEYS):
        raise _refused(path, f"has the unknown key '{unknown[0]}'.")
    rest, regions = data.get("rest", "auto"), data.get("regions")
    if rest not in get_args(Rest):
        raise _refused(path, '"rest" must be "auto", "keep" or "remove".')
    if not isinstance(regions, list):
        raise _refused(path, '"regions" must be a list.')
    read = tuple(_region(path, number, one) for number, one in enumerate(regions, 1))
    return Mask(read, cast(Rest, rest), _digests(path, data.get("sha256")))


def check_mask(mask: Mask, scan: Path) -> None:
    """Refuse a mask that was drawn on another scan.

    Raises
    ------
    UsageError
        Its digests do not hold that of `scan`.
    """
    if mask.sha256 and digest_of(scan) not in mask.sha256:
        raise UsageError(
            "the mask was drawn on another file: its sha256 is not this scan's.",
            where=str(scan),
            hint='Draw it anew, or take "sha256" out of the mask if both have the same coordinates.',
        )


def digest_of(scan: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with scan.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def mask_template(scan: Path, low: Sequence[float], high: Sequence[float]) -> bytes:
    """Return a mask to begin with, as JSON: it keeps what lies in the scan's own box and leaves the choice to cleaning.

    Parameters
    ----------
    low, high : corners of the box, in the file's own coordinates.
    """
    corners = [float(f"{value:.6g}") for value in (*low, *high)]
    beside = [float(f"{2 * b - a:.6g}") for a, b in zip(low, high, strict=True)]
    middle = [float(f"{(a + b) / 2:.6g}") for a, b in zip(low, high, strict=True)]
    template = {
        "form": FORM,
        "about": "Coordinates are the file's own. A point belongs to the last region that holds it; 'rest' is auto, "
        "keep or remove. The regions below are examples that change nothing: correct them or take them out.",
        "files": [scan.name],
        "sha256": [digest_of(scan)],
        "rest": "auto",
        "regions": [
            {"do": "remove", "name": "nothing yet", "box": [*beside, *beside]},
            {"do": "remove", "name": "below a table", "plane": {"point": corners[:3], "normal": [0, 0, -1]}},
            {"do": "remove", "name": "seen along z: x, y", "lasso": {"along": "z", "outline": [middle[:2]] * 3}},
        ],
    }
    return (json.dumps(template, indent=1, ensure_ascii=False) + "\n").encode()


def _region(path: Path, number: int, one: Any) -> Region:
    where = f"region {number}"
    if not isinstance(one, dict):
        raise _refused(path, f"{where} is not a table of keys.")
    name = one.get("name", "")
    if not isinstance(name, str):
        raise _refused(path, f'{where}: "name" must be text.')
    where = f"{where} ({name})" if name else where
    if unknown := sorted(set(one) - {"do", "name", *_SHAPES}):
        raise _refused(path, f"{where} has the unknown key '{unknown[0]}'.")
    if one.get("do") not in ("keep", "remove"):
        raise _refused(path, f'{where}: "do" must be "keep" or "remove".')
    shapes = [shape for shape in _SHAPES if shape in one]
    if len(shapes) != 1:
        raise _refused(path, f"{where} needs exactly one of box, plane and lasso.")
    readers: dict[str, Callable[[Path, str, Any], Box | Side | Lasso]]
    readers = {"box": _box, "plane": _side, "lasso": _lasso}
    return Region(one["do"] == "keep", readers[shapes[0]](path, where, one[shapes[0]]), name)


def _box(path: Path, where: str, value: Any) -> Box:
    x0, y0, z0, x1, y1, z1 = _numbers(path, f"{where}: box", value, 6)
    if x1 < x0 or y1 < y0 or z1 < z0:
        raise _refused(path, f"{where}: the box's first three numbers must be its least corner.")
    return Box((x0, y0, z0), (x1, y1, z1))


def _side(path: Path, where: str, value: Any) -> Side:
    table = _table(path, f"{where}: plane", value, {"point", "normal"})
    point = _numbers(path, f"{where}: point", table.get("point"), 3)
    normal = _numbers(path, f"{where}: normal", table.get("normal"), 3)
    if not any(normal):
        raise _refused(path, f"{where}: the normal points nowhere, all its numbers are 0.")
    return Side((point[0], point[1], point[2]), (normal[0], normal[1], normal[2]))


def _lasso(path: Path, where: str, value: Any) -> Lasso:
    table = _table(path, f"{where}: lasso", value, {"along", "outline", "between"})
    along, outline = table.get("along"), table.get("outline")
    if along not in ("x", "y", "z"):
        raise _refused(path, f'{where}: "along" must be "x", "y" or "z".')
    if not isinstance(outline, list) or len(outline) < 3:
        raise _refused(path, f"{where}: an outline needs at least three corners.")
    corners = [_numbers(path, f"{where}: corner {number}", one, 2) for number, one in enumerate(outline, 1)]
    between = table.get("between")
    span = None if between is None else _numbers(path, f"{where}: between", between, 2)
    return Lasso(along, tuple((u, v) for u, v in corners), None if span is None else (min(span), max(span)))


def _table(path: Path, where: str, value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or (set(value) - keys):
        raise _refused(path, f"{where} must have the keys {' and '.join(sorted(keys))}.")
    return value


def _numbers(path: Path, where: str, value: Any, count: int) -> list[float]:
    is_right = isinstance(value, list) and len(value) == count
    if not is_right or not all(type(one) in (int, float) and math.isfinite(one) for one in value):
        raise _refused(path, f"{where} must be {count} numbers.")
    return [float(one) for one in value]


def _digests(path: Path, value: Any) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else value or []
    if not isinstance(found, list) or not all(isinstance(one, str) and len(one) == 64 for one in found):
        raise _refused(path, '"sha256" must be a digest of 64 hexadecimal digits, or a list of them.')
    return tuple(one.lower() for one in found)


def _refused(path: Path, message: str) -> DefinitionError:
    return DefinitionError(
        message,
        where=str(path),
        hint="`exhibit inspect SCAN --mask-template FILE` writes one to begin with.",
    )
