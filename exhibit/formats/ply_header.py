"""The head of a PLY file: its encoding, its elements and their properties.

Source: G. Turk, *The PLY Polygon File Format* (1994), with the type names of later writers (``float32``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exhibit.formats.source_file import damaged

TYPES: Final = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2",
    "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4",
    "double": "f8", "float64": "f8", "int64": "i8", "uint64": "u8",
}  # fmt: skip
_ORDERS: Final = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_MAX_HEADER_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its name, its numpy type code, and for a list that of its count."""

    name: str
    type: str
    count_type: str | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """An element: ``vertex``, ``face``, ...; `count` is the header's claim."""

    name: str
    count: int
    properties: tuple[Property, ...]

    @property
    def has_lists(self) -> bool:
        """Whether rows may differ in length."""
        return any(one.count_type is not None for one in self.properties)


@dataclass(frozen=True, slots=True)
class PlyHeader:
    """What a PLY file says of itself.

    Parameters
    ----------
    byte_order : ``<``, ``>``, or empty for ascii.
    data_offset : where the rows begin, bytes.
    comments : text after ``comment`` and ``obj_info``.
    """

    byte_order: str
    elements: tuple[Element, ...]
    data_offset: int
    comments: tuple[str, ...]

    def element(self, name: str) -> Element | None:
        """Return the element of that name, or None where there is none or it has no rows."""
        return next((one for one in self.elements if one.name == name and one.count > 0), None)


def read_header(path: Path) -> PlyHeader:
    """Read the head of a PLY file; raise SourceError where it is not one."""
    with path.open("rb") as file:
        start = file.read(_MAX_HEADER_BYTES)
    marker = start.find(b"end_header")
    if not start.startswith(b"ply") or marker < 0:
        raise damaged(path, "its PLY header does not end.")
    data_offset = marker + len(b"end_header")
    # one line end and no more: the first byte of the data may look like one; spaces before it are seen in the wild
    while start[data_offset : data_offset + 1] in (b" ", b"\t"):
        data_offset += 1
    if start[data_offset : data_offset + 2] == b"\r\n" and start.startswith(b"ply\r\n"):
        data_offset += 2
    else:
        data_offset += 1
    byte_order: str | None = None
    comments: list[str] = []
    elements: list[Element] = []
    for line in start[:marker].decode("utf-8", "replace").splitlines()[1:]:
        words = line.split()
        match words:
            case []:
                continue
            case ["comment" | "obj_info", *_]:
                comments.append(line.split(maxsplit=1)[1].strip() if len(words) > 1 else "")
            case ["format", encoding, *_] if encoding in _ORDERS:
                byte_order = _ORDERS[encoding]
            case ["element", name, count] if count.isdecimal() and len(count) < 20:
                elements.append(Element(name, int(count), ()))
            case ["property", *words] if elements:
                last = elements[-1]
                elements[-1] = Element(last.name, last.count, (*last.properties, _property(path, words)))
            case _:
                raise damaged(path, f"its PLY header has a line we cannot read: '{line.strip()[:80]}'.")
    if byte_order is None:
        raise damaged(path, "its PLY header does not say how the data are encoded.")
    return PlyHeader(byte_order, tuple(elements), data_offset, tuple(comments))


def _property(path: Path, words: list[str]) -> Property:
    match words:
        case ["list", count_type, type_, name] if TYPES.get(count_type, "f")[0] in "iu" and type_ in TYPES:
            return Property(name, TYPES[type_], TYPES[count_type])
        case [type_, name] if type_ in TYPES:
            return Property(name, TYPES[type_])
    raise damaged(path, f"its PLY header has a property we cannot read: '{' '.join(words)[:80]}'.")
