"""What the columns of a text table are: by their names, or, where there are none, by their values."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from exhibit.formats.text_points import Columns, Dialect, Layout
from exhibit.model.arrays import F8

MAX_COLUMNS: Final = 64
_NAMES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "position": (
        ("x", "y", "z"), ("px", "py", "pz"), ("posx", "posy", "posz"), ("positionx", "positiony", "positionz"),
        ("pointx", "pointy", "pointz"), ("coordx", "coordy", "coordz"), ("xcoord", "ycoord", "zcoord"),
        ("easting", "northing", "elevation"), ("easting", "northing", "height"), ("east", "north", "height"),
    ),
    "color": (
        ("r", "g", "b"), ("red", "green", "blue"), ("rf", "gf", "bf"), ("diffusered", "diffusegreen", "diffuseblue"),
        ("colorr", "colorg", "colorb"), ("colorred", "colorgreen", "colorblue"),
    ),
    "normal": (
        ("nx", "ny", "nz"), ("normalx", "normaly", "normalz"), ("xnormal", "ynormal", "znormal"),
        ("normal0", "normal1", "normal2"),
    ),
}  # fmt: skip


def split_line(line: str, dialect: Dialect) -> list[str]:
    """Split a line of names or numbers as the dialect has it."""
    words = line.split() if dialect.separator == " " else line.split(dialect.separator)
    return [word.strip().strip("\"'").strip() for word in words]


def is_number(word: str, dialect: Dialect) -> bool:
    """Return whether a word is a number in this dialect."""
    try:
        float(word.replace(",", ".") if dialect.is_decimal_comma else word)
    except ValueError:
        return False
    return "_" not in word


def guess_dialect(line: str) -> Dialect:
    """Guess how the numbers of a line are written."""
    if ";" in line:
        return Dialect(";", is_decimal_comma="," in line)
    words = line.split()
    # "1,5 2,5 3,5" are three numbers with decimal commas, "1,2,3" and "1, 2, 3" are three with commas between
    if "," in line:
        inside = all(re.fullmatch(r"[-+]?\d*(,\d+)?([eE][-+]?\d+)?", word) for word in words)
        return Dialect(" ", is_decimal_comma=True) if len(words) >= 3 and inside else Dialect(",")
    return Dialect()


def layout_of_names(names: list[str]) -> Layout | None:
    """Return the columns by their names, or None where x, y and z are not among them."""
    plain = [re.sub(r"[\[(].*|[^a-z0-9]", "", name.lower()) for name in names]

    def columns_of(role: str) -> Columns | None:
        for group in _NAMES[role]:
            if all(name in plain for name in group):
                return (plain.index(group[0]), plain.index(group[1]), plain.index(group[2]))
        return None

    position = columns_of("position")
    return None if position is None else Layout(position, columns_of("color"), columns_of("normal"))


def layout_of_values(sample: F8) -> Layout:
    """Guess the columns from values (n, c): x y z first, then whatever looks like normals and like colours."""
    # only neighbours: no writer scatters them; and no writer has more columns than this
    triples = [(first, first + 1, first + 2) for first in range(3, min(sample.shape[1], MAX_COLUMNS) - 2)]
    normal = next((one for one in triples if _are_normals(sample[:, list(one)])), None)
    left = [one for one in triples if normal is None or not set(one) & set(normal)]
    fitting = [one for one in left if _are_colors(sample[:, list(one)])]
    if not fitting:
        return Layout((0, 1, 2), None, normal)
    # one column too many is intensity: the triple whose channels differ least is the colour; in doubt the later one,
    # as in PTS
    color = min(reversed(fitting), key=lambda one: _disagreement(sample[:, list(one)]))
    return Layout((0, 1, 2), color, normal)


def _are_normals(values: F8) -> bool:
    finite = values[np.isfinite(values).all(axis=1)]
    if not len(finite) or np.abs(finite).max() > 1.01:
        return False
    lengths = np.linalg.norm(finite, axis=1)
    return bool(np.mean(np.abs(lengths - 1.0) < 0.02) > 0.9)


def _are_colors(values: F8) -> bool:
    finite = values[np.isfinite(values).all(axis=1)]
    if not len(finite) or finite.min() < 0 or finite.max() > 65535:
        return False
    return bool(finite.max() <= 1.0 or (finite == np.rint(finite)).all())


def _disagreement(values: F8) -> float:
    finite = values[np.isfinite(values).all(axis=1)]
    spread = float(np.mean(finite.max(axis=1) - finite.min(axis=1)))
    return round(spread / max(float(finite.max()), 1e-9), 6)
