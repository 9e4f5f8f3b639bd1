"""LAS, LAZ and COPC, through laspy and lazrs.

Colours are 16-bit by specification; 8-bit values are met both shifted left by eight and as they are. Normals are read
from extra dimensions (``NormalX``, ``nx``). Units are given only where the file has a coordinate system in metres or
feet, and so is the up-axis; all-black colours count as none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from exhibit.errors import SourceError
from exhibit.formats.colors import to_eight_bit
from exhibit.formats.las_structure import check_chunks, check_header
from exhibit.formats.las_units import unit_of_geo_keys, unit_of_wkt
from exhibit.formats.points import BLOCK_POINTS, KEPT_POINTS, Chunk, make_scan, narrow
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged
from exhibit.model.cloud import Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress
from exhibit.units import Unit

_COLORS: Final = ("red", "green", "blue")
_NORMALS: Final = (("normalx", "normaly", "normalz"), ("nx", "ny", "nz"), ("normal_x", "normal_y", "normal_z"))
_MAX_COMPRESSION: Final = 5000
"""Points per byte no LAZ reaches: a chunk of 50,000 equal points still takes some sixty bytes."""
_SAMPLE_POINTS: Final = 2**18


@dataclass(frozen=True, slots=True)
class Layout:
    """What each point of the file carries; `largest_color` is zero where colours are to be left out."""

    n_points: int
    largest_color: float
    normal: tuple[str, ...] | None


def sniff(head: bytes) -> bool:
    """Return whether a file starts as LAS."""
    return head.startswith(b"LASF")


def read(path: Path, progress: Progress) -> Scan:
    """Read a LAS, LAZ or COPC file."""
    has_tail = check_header(path)
    with _opened(path) as reader:
        header = reader.header
        _check_size(path, header)
        names = {name.lower(): name for name in header.point_format.dimension_names}
        group = next((group for group in _NORMALS if all(name in names for name in group)), None)
        normal = None if group is None else tuple(names[name] for name in group)
        has_colors = all(name in names for name in _COLORS)
        n_points = int(header.point_count)
        units, findings = _units(reader, has_tail)
    largest = _largest_color(path, n_points, progress.part(0.0, 0.3)) if has_colors and n_points else 0.0
    if has_colors and not largest:
        findings.append(Finding("formats.colors-empty", None, "", "The colours are all black and were left out."))
    layout = Layout(n_points, largest, normal)
    return make_scan(
        path,
        "las",
        partial(_chunks, path, layout),
        n_points,
        progress.part(0.3, 1.0),
        units=units,
        up=None if units is None else "+z",
        findings=tuple(findings),
    )


@contextmanager
def _opened(path: Path, *fields: str) -> Iterator[Any]:
    """Open a file; of layered LAZ only `fields` (names of laspy's selection) are decompressed, where given."""
    import laspy

    choice = laspy.DecompressionSelection
    wanted = choice.base() if fields else choice.all()
    for name in fields:
        wanted |= choice[name]
    try:
        with laspy.open(path, read_evlrs=False, decompression_selection=wanted) as reader:
            yield reader
    except (SourceError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # a panic in lazrs is no Exception, so only BaseException catches it
        if isinstance(error, Exception) and not isinstance(error, (laspy.errors.LaspyException, OSError, ValueError)):
            raise
        reason = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise damaged(path, f"could not be read as LAS: {reason[0].rstrip('.')[:200]}.") from error


def _check_size(path: Path, header: Any) -> None:
    n_bytes = path.stat().st_size - int(header.offset_to_point_data)
    n_points = int(header.point_count)
    if header.are_points_compressed:
        is_short = n_points > max(n_bytes, 0) * _MAX_COMPRESSION
    else:
        is_short = n_points * int(header.point_format.size) > n_bytes
    if is_short:
        raise damaged(path, f"is cut off: it promises {n_points:,} points and ends before.")
    if header.are_points_compressed and n_points:
        check_chunks(path, header)


def _units(reader: Any, has_tail: bool) -> tuple[Unit | None, list[Finding]]:
    records = list(reader.header.vlrs)
    # what follows the points is optional; a damaged tail must not cost the points
    with suppress(Exception):
        if has_tail:
            reader.read_evlrs()
            records += list(reader.evlrs or [])
    for record in records:
        if record.user_id != "LASF_Projection":
            continue
        content = record.record_data_bytes()
        if record.record_id == 2112:
            text = content.decode("utf-8", "replace")
            if unit := unit_of_wkt(text):
                return unit, []
            if "GEOG" in text.upper():
                hint = "The coordinates are degrees; export the scan in a projected coordinate system."
                return None, [Finding("formats.degrees", None, "", hint, "warning")]
        elif record.record_id == 34735 and (unit := unit_of_geo_keys(content)):
            return unit, []
    return None, []


def _largest_color(path: Path, n_points: int, progress: Progress) -> float:
    """Return the largest colour value: of all points, or, in very large files, of three samples."""
    starts = [0] if n_points <= KEPT_POINTS else [0, n_points // 2, n_points - _SAMPLE_POINTS]
    n_each = n_points if n_points <= KEPT_POINTS else _SAMPLE_POINTS
    largest = 0
    with _opened(path, "RGB") as reader:
        for start in starts:
            reader.seek(start)
            left = n_each
            while left > 0:
                points = reader.read_points(min(left, _SAMPLE_POINTS))
                if not len(points):
                    break
                left -= len(points)
                largest = max(largest, *(int(np.max(points[name])) for name in _COLORS))
                progress.tick(1.0 - left / n_each, "colours")
    return float(largest)


def _chunks(path: Path, layout: Layout) -> Iterator[Chunk]:
    with _opened(path, "Z", "RGB", "ALL_EXTRA_BYTES") as reader:
        left = layout.n_points
        while left > 0:
            points = reader.read_points(min(left, BLOCK_POINTS // 4))
            if not len(points):
                raise damaged(path, f"is cut off: {left:,} of {layout.n_points:,} points are missing.")
            left -= len(points)
            colors = None
            if layout.largest_color:
                values = np.stack([np.asarray(points[name]) for name in _COLORS], axis=1)
                colors = to_eight_bit(values, layout.largest_color)
            normals = None
            if layout.normal:
                normals = narrow(np.stack([np.asarray(points[name]) for name in layout.normal], axis=1))
            positions = np.stack([np.asarray(points[name], np.float64) for name in "xyz"], axis=1)
            yield Chunk(positions, colors, normals)


FORMAT = Format("las", "LAS", (".las", ".laz", ".copc.laz"), read, sniff)
