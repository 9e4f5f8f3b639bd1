"""A table of scans (``--table scans.csv``): how to read each of two hundred files that never share one unit."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from exhibit.errors import Problem, UsageError
from exhibit.model.record import ScanSource
from exhibit.pipeline.wording import did_you_mean, refusal, validate
from exhibit.pipeline.written_toml import read_bytes
from exhibit.units import METRES, parse_unit

MAX_BYTES: Final = 16_000_000

COLUMNS: Final = tuple(ScanSource.model_fields)
_ALIASES: Final = {
    "file": "file filename scan path name 文件 文件名 扫描 扫描文件 路径",
    "units": "unit 单位 單位 坐标单位",
    "up": "upaxis 向上 上轴 朝上 上方向 竖轴",
    "height_mm": "height 高度 高 通高 实际高度 總高 总高",
    "close_holes": "closeholes 补洞 封洞 填洞 補洞",
    "engine": "recipe 引擎 方法",
    "keep_table": "keeptable 保留台面 保留底座 保留桌面",
    "keep_neighbours": "keepneighbours keepneighbors 保留周边 保留碎片",
    "crop": "box 裁剪 裁切 范围",
    "plane": "台面 平面 切平面",
    "keep_largest": "keeplargest pieces 保留块数 块数",
    "skip": "skipsteps 跳过 跳过步骤",
    "align": "对齐 配准",
    "mask": "maskfile 蒙版 遮罩",
}
_COLUMN_OF: Final = {
    alias: column for column, names in _ALIASES.items() for alias in (column.replace("_", ""), *names.split())
}
_YES: Final = frozenset({"true", "yes", "y", "1", "on", "是", "对", "真", "要"})
_NO: Final = frozenset({"false", "no", "n", "0", "off", "否", "不", "假", "不要"})
_MEASURE = re.compile(r"(?P<number>[+-]?[\d.,]+(?:e[+-]?\d+)?)\s*(?P<unit>\D*)", re.IGNORECASE)


def load_table(csv_file: Path) -> dict[str, ScanSource]:
    """Read a table with one scan a row.

    Columns are those of a sidecar (``file`` is needed; ``units``, ``up``, ``height_mm``, ``close_holes``,
    ``engine``, ``keep_table``, ``keep_neighbours``, ``crop``, ``plane``, ``keep_largest``, ``skip``, ``align``,
    ``mask``), in any order, in English or Chinese. A height needs its unit in the header (``height_mm``,
    ``高度(cm)``) or in the cell (``12 cm``). Separators are commas, semicolons or tabs; the text is UTF-8, UTF-16 or
    GBK, as spreadsheets save it. Rows that begin with ``#`` and empty rows are left out.

    Parameters
    ----------
    csv_file : the table.

    Returns
    -------
    The options of each scan by its file as written there, with ``/`` between folders.

    Raises
    ------
    DefinitionError
        Naming every problem by row (the header is row 1) and column.
    """
    csv_file = Path(csv_file)
    shown = csv_file.name
    data = read_bytes(csv_file, shown, MAX_BYTES)
    rows = data if isinstance(data, Problem) else _rows(data, shown)
    if isinstance(rows, Problem):
        raise refusal([rows], csv_file)
    problems: list[Problem] = []
    header = _header(rows[0][1], shown, problems)
    found: dict[str, ScanSource] = {}
    first_row: dict[str, int] = {}
    for number, cells in rows[1:]:
        source = _source(cells, header, number, shown, problems)
        if source is None or source.file is None:
            continue
        if source.file in first_row:
            message = f"'{source.file}' is already in row {first_row[source.file]}."
            problems.append(Problem(shown, f"row {number}, column file", message, "Keep one of the rows."))
        first_row.setdefault(source.file, number)
        found[source.file] = source
    if problems:
        raise refusal(problems, csv_file)
    return found


def row_of(rows: Mapping[str, ScanSource], scan: Path) -> str | None:
    """Return the key of the row that speaks of `scan`, or None.

    A row names a scan by its file name or by the last folders of its path and its file name; the longer name wins.
    """
    path = [unicodedata.normalize("NFC", part) for part in scan.absolute().parts]
    named = [name for name in rows if (parts := list(PurePosixPath(name).parts)) == path[-len(parts) :]]
    return max(named, key=len, default=None)


def _rows(data: bytes, shown: str) -> list[tuple[int, list[str]]] | Problem:
    """Return the rows that say something, each with its number in the file, the header first."""
    text = _decode(data)
    if text is None or "\0" in text:
        return Problem(shown, "", "is not a text table.", "Save the sheet as CSV (UTF-8), not as a workbook.")
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max("\t;,，；", key=first.count)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [(number, [_tidy(cell) for cell in cells]) for number, cells in enumerate(read, 1)]
    except csv.Error as error:
        return Problem(
            shown, f"row {read.line_num}", f"is not readable as a table ({error}).", "Check its quotation marks."
        )
    kept = [(number, cells) for number, cells in rows if any(cells) and not cells[0].startswith("#")]
    return kept or Problem(shown, "", "is empty.", f"Its first row names columns: {', '.join(COLUMNS)}.")


def _decode(data: bytes) -> str | None:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def _header(cells: list[str], shown: str, problems: list[Problem]) -> list[tuple[str, float | None]]:
    """Return for each column its key (``""`` for none) and millimetres per unit where the header states a unit."""
    header: list[tuple[str, float | None]] = []
    for number, cell in enumerate(cells, 1):
        key, scale = _column(cell)
        if not key and cell:
            near = did_you_mean(cell, list(COLUMNS)) or f"Known are {', '.join(COLUMNS)}."
            problems.append(
                Problem(shown, f"row 1, column {number}", f"'{cell[:40]}' is not a column known here.", near)
            )
        elif key and key in [other for other, _ in header]:
            problems.append(Problem(shown, f"row 1, column {number}", f"'{cell[:40]}' is a second column '{key}'."))
        header.append((key, scale))
    if "file" not in [key for key, _ in header]:
        problems.append(Problem(shown, "row 1", "has no column 'file'.", "It names the scan of each row."))
    return header


def _column(cell: str) -> tuple[str, float | None]:
    """Read a header: ``height_mm``, ``Height (cm)``, ``高度（毫米）``."""
    word = unicodedata.normalize("NFKC", cell).lower()
    name, _, bracket = word.replace("[", "(").partition("(")
    parts = [part for part in re.split(r"[\s_\-/]+", name.strip()) if part]
    unit = _millimetres(bracket.rstrip(")] ")) if bracket else None
    if unit is None and len(parts) > 1 and (unit := _millimetres(parts[-1])) is not None:
        parts = parts[:-1]
    key = _COLUMN_OF.get("".join(parts), "")
    return key, unit if key == "height_mm" else None


def _millimetres(unit: str) -> float | None:
    try:
        return METRES[parse_unit(unit)] * 1000
    except UsageError:
        return None


def _source(
    cells: list[str], header: list[tuple[str, float | None]], row: int, shown: str, problems: list[Problem]
) -> ScanSource | None:
    values: dict[str, Any] = {}
    found: list[Problem] = []
    if any(cells[len(header) :]):
        found.append(Problem(shown, f"row {row}", f"has {len(cells)} cells; the header has {len(header)}."))
    for (key, scale), cell in zip(header, cells, strict=False):
        if not key or not cell:
            continue
        value = _height(cell, scale) if key == "height_mm" else _value(key, cell)
        if isinstance(value, Problem):
            found.append(Problem(shown, f"row {row}, column {key}", value.message, value.hint))
        else:
            values[key] = value
    if "file" not in values and "file" in [key for key, _ in header]:
        found.append(Problem(shown, f"row {row}, column file", "is empty.", "Name the scan, or clear the row."))
    source, faults = validate(ScanSource, values, shown)
    found += [Problem(shown, f"row {row}, column {fault.key}", fault.message, fault.hint) for fault in faults]
    problems += found
    return None if found else source


def _value(key: str, cell: str) -> Any:
    if key in {"close_holes", "keep_table", "keep_neighbours", "align"}:
        word = cell.lower()
        if word in _YES or word in _NO:
            return word in _YES
        return Problem("", "", f"'{cell[:40]}' is neither yes nor no.", "Write yes or no.")
    return cell.lower() if key == "engine" else cell


def _height(cell: str, scale: float | None) -> float | Problem:
    """Return millimetres: ``120`` under a header with a unit, or ``12 cm`` anywhere."""
    match = _MEASURE.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        number = float(match["number"].replace(",", ".")) if match and match["number"].count(",") < 2 else None
    except ValueError:
        number = None
    if match is None or number is None:
        return Problem("", "", f"'{cell[:40]}' is not a height.", "Write a number, or a number and its unit: 12 cm.")
    unit = match["unit"].strip()
    stated = _millimetres(unit) if unit else scale
    if stated is None:
        what = f"'{unit[:20]}' is not a unit of length." if unit else "has no unit."
        return Problem("", "", what, "Call the column height_mm or 高度(mm), or write 12 cm.")
    return number * stated
