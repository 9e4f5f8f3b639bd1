"""The rows of a PLY file: columns of numbers and ragged lists, out of bytes or out of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from exhibit.formats.ply_header import Element, PlyHeader, Property
from exhibit.formats.source_file import damaged
from exhibit.formats.text_numbers import number_chunks
from exhibit.model.arrays import U1
from exhibit.progress import Progress

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """A ragged column: row i is ``values[ends[i] - counts[i] : ends[i]]``."""

    counts: Ints
    values: npt.NDArray[Any]

    @property
    def ends(self) -> Ints:
        """Where each row ends in `values`."""
        return np.cumsum(self.counts)


Column = npt.NDArray[Any] | Lists
Table = dict[str, Column]


def cut_off(path: Path, element: Element) -> Exception:
    """Return the error for a file shorter than its header claims."""
    return damaged(path, f"is cut off: it promises {element.count:,} rows of '{element.name}' and ends before.")


def row_dtype(element: Element, order: str, counts: tuple[int, ...] = ()) -> np.dtype[Any]:
    """Return the structured type of a row; list properties have the lengths `counts`, in their order."""
    fields: list[tuple[Any, ...]] = []
    lengths = iter(counts)
    for number, one in enumerate(element.properties):
        if one.count_type is None:
            fields.append((f"{number}", order + one.type))
        else:
            fields.append((f"{number}n", order + one.count_type))
            fields.append((f"{number}", order + one.type, (next(lengths),)))
    return np.dtype(fields)


def read_tables(path: Path, header: PlyHeader, wanted: set[str], progress: Progress) -> dict[str, Table]:
    """Read the wanted elements whole.

    Returns
    -------
    per element the columns by property name. Columns of binary elements without lists are views of the mapped file.
    """
    if header.byte_order:
        return _binary_tables(path, header, wanted, progress)
    return _text_tables(path, header, wanted, progress)


def map_file(path: Path) -> U1:
    """Return the whole file as a read-only memory map of bytes."""
    return np.memmap(path, np.uint8, "r")


def _binary_tables(path: Path, header: PlyHeader, wanted: set[str], progress: Progress) -> dict[str, Table]:
    data = map_file(path)
    tables: dict[str, Table] = {}
    offset = header.data_offset
    for number, element in enumerate(header.elements):
        if not wanted - tables.keys():
            break
        progress.tick(number / len(header.elements), f"{element.count:,} rows of {element.name}")
        table, offset = _binary_table(path, data, offset, element, header.byte_order, progress)
        if element.name in wanted:
            tables[element.name] = table
    return tables


def _binary_table(
    path: Path, data: U1, offset: int, element: Element, order: str, progress: Progress
) -> tuple[Table, int]:
    n_lists = sum(one.count_type is not None for one in element.properties)
    if not element.count or not element.properties:
        return {}, offset
    if element.count * row_dtype(element, order, (0,) * n_lists).itemsize > len(data) - offset:
        raise cut_off(path, element)
    dtype = row_dtype(element, order, _first_counts(path, data, offset, element, order))
    end = offset + element.count * dtype.itemsize
    if end <= len(data):
        rows = data[offset:end].view(dtype)
        if all(
            one.count_type is None or bool((rows[f"{i}n"] == rows[f"{i}n"][0]).all())
            for i, one in enumerate(element.properties)
        ):
            return _uniform_table(element, rows), end
    return _walk(path, data, offset, element, order, progress)


def _first_counts(path: Path, data: U1, offset: int, element: Element, order: str) -> tuple[int, ...]:
    """Return the list lengths of an element's first row."""
    counts: list[int] = []
    for one in element.properties:
        if one.count_type is not None:
            count = _number(path, data, offset, order + one.count_type, element)
            counts.append(count)
            offset += np.dtype(one.count_type).itemsize + count * np.dtype(one.type).itemsize
        else:
            offset += np.dtype(one.type).itemsize
    return tuple(counts)


def _number(path: Path, data: U1, offset: int, type_: str, element: Element) -> int:
    size = np.dtype(type_).itemsize
    if offset + size > len(data):
        raise cut_off(path, element)
    count = int(np.frombuffer(data[offset : offset + size].tobytes(), type_)[0])
    if not 0 <= count <= len(data) - offset:
        raise damaged(path, f"has a row of '{element.name}' with {count:,} entries, more than the file holds.")
    return count


def _uniform_table(element: Element, rows: npt.NDArray[Any]) -> Table:
    table: Table = {}
    for number, one in enumerate(element.properties):
        column = rows[f"{number}"]
        if one.count_type is None:
            table[one.name] = column
        else:
            counts = np.full(len(rows), column.shape[1], np.int64)
            table[one.name] = Lists(counts, np.ascontiguousarray(column).reshape(-1))
    return table


def _walk(path: Path, data: U1, offset: int, element: Element, order: str, progress: Progress) -> tuple[Table, int]:
    """Read rows of differing length: find where each piece starts, then gather pieces of equal length at once."""
    widths = [(np.dtype(one.type).itemsize, one) for one in element.properties]
    starts = np.empty((element.count, len(widths)), np.int64)
    counts = np.ones((element.count, len(widths)), np.int64)
    raw = data.data
    byte_order: Literal["big", "little"] = "big" if order == ">" else "little"
    try:
        for row in range(element.count):
            if row % 65536 == 0:
                progress.tick(row / element.count, f"rows of {element.name}")
            for column, (width, one) in enumerate(widths):
                length = width
                if one.count_type is not None:
                    size = int(one.count_type[1])
                    count = int.from_bytes(raw[offset : offset + size], byte_order)
                    offset += size
                    counts[row, column] = count
                    length = width * count
                starts[row, column] = offset
                offset += length
            if offset > len(data):
                raise cut_off(path, element)
    except OverflowError:
        raise cut_off(path, element) from None
    return {
        one.name: _gathered(data, starts[:, column], counts[:, column], order, one)
        for column, (_, one) in enumerate(widths)
    }, offset


def _gathered(data: U1, starts: Ints, counts: Ints, order: str, one: Property) -> Column:
    width = np.dtype(one.type).itemsize
    ends = np.cumsum(counts)
    values = np.empty(int(ends[-1]), order + one.type)
    for count in np.unique(counts):
        if count == 0:
            continue
        rows = np.flatnonzero(counts == count)
        pieces = data[starts[rows, None] + np.arange(count * width)].view(order + one.type)
        values[(ends[rows] - count)[:, None] + np.arange(count)] = pieces
    return values if one.count_type is None else Lists(counts, values)


def _text_tables(path: Path, header: PlyHeader, wanted: set[str], progress: Progress) -> dict[str, Table]:
    n_bytes = path.stat().st_size - header.data_offset
    for element in header.elements:
        # every number takes a digit and a separator
        if element.count * len(element.properties) * 2 > n_bytes + 1:
            raise cut_off(path, element)
    pieces = []
    n_read = 0
    for piece in number_chunks(path, header.data_offset):
        pieces.append(piece)
        n_read += len(piece)
        progress.tick(0.5, f"{n_read:,} numbers")
    numbers = np.concatenate(pieces) if pieces else np.empty(0)
    tables: dict[str, Table] = {}
    offset = 0
    for element in header.elements:
        table, offset = _text_table(path, numbers, offset, element, progress)
        if element.name in wanted:
            tables[element.name] = table
    return tables


def _text_table(
    path: Path, numbers: npt.NDArray[np.float64], offset: int, element: Element, progress: Progress
) -> tuple[Table, int]:
    # as text every property is a column of float64, so one binary reader's idea serves: walk in numbers, not bytes
    if not element.count or not element.properties:
        return {}, offset
    n_columns = len(element.properties)
    if not element.has_lists:
        end = offset + element.count * n_columns
        if end > len(numbers):
            raise cut_off(path, element)
        rows = numbers[offset:end].reshape(element.count, n_columns)
        return {one.name: rows[:, i] for i, one in enumerate(element.properties)}, end
    starts = np.empty((element.count, n_columns), np.int64)
    counts = np.ones((element.count, n_columns), np.int64)
    is_list = [one.count_type is not None for one in element.properties]
    for row in range(element.count):
        if row % 65536 == 0:
            progress.tick(0.5 + 0.5 * row / element.count, f"rows of {element.name}")
        for column in range(n_columns):
            if is_list[column]:
                count = int(numbers[offset]) if offset < len(numbers) and numbers[offset] >= 0 else -1
                if count < 0 or count > len(numbers) - offset:
                    raise cut_off(path, element)
                counts[row, column] = count
                offset += 1
            starts[row, column] = offset
            offset += counts[row, column]
        if offset > len(numbers):
            raise cut_off(path, element)
    table: Table = {}
    for column, one in enumerate(element.properties):
        ends = np.cumsum(counts[:, column])
        inner = np.arange(int(ends[-1])) - np.repeat(ends - counts[:, column], counts[:, column])
        values = numbers[np.repeat(starts[:, column], counts[:, column]) + inner]
        table[one.name] = Lists(counts[:, column], values) if is_list[column] else values
    return table, offset
