"""E57 (ASTM E2807), through libE57Format (pye57): all scans of a file, each moved by its pose, as one.

Cartesian or spherical coordinates; points marked invalid become NaN, which cleaning drops. Normals are read from the
extension ``nor:normalX`` and turned with the pose. Metres by specification; objects lie in it any way round, so
nothing is stated as up. A pose counts as a viewpoint where the scan was taken from one spot: it has spherical
coordinates, or rows and columns; a pose on a finished cloud is only a shift.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from exhibit.errors import SourceError
from exhibit.formats.colors import NEUTRAL, largest_color, to_eight_bit
from exhibit.formats.points import Chunk, make_scan, narrow
from exhibit.formats.registry import Format
from exhibit.formats.source_file import damaged
from exhibit.model.arrays import F8, U1
from exhibit.model.cloud import Scan
from exhibit.model.finding import Finding
from exhibit.progress import Progress

_CARTESIAN: Final = ("cartesianX", "cartesianY", "cartesianZ")
_SPHERICAL: Final = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_COLORS: Final = ("colorRed", "colorGreen", "colorBlue")
_NORMALS: Final = ("nor:normalX", "nor:normalY", "nor:normalZ")
_READ_POINTS: Final = 2**18
_MAX_COMPRESSION: Final = 10_000


@dataclass(frozen=True, slots=True)
class Station:
    """One scan of the file: which fields it has and where it stood."""

    index: int
    n_points: int
    fields: frozenset[str]
    rotation: F8
    translation: F8
    color_limit: float

    @property
    def is_spherical(self) -> bool:
        """Whether its points are ranges and angles."""
        return not set(_CARTESIAN) <= self.fields

    @property
    def is_viewpoint(self) -> bool:
        """Whether its points were taken from its position."""
        return self.is_spherical or {"rowIndex", "columnIndex"} <= self.fields


def sniff(head: bytes) -> bool:
    """Return whether a file starts as E57."""
    return head.startswith(b"ASTM-E57")


def read(path: Path, progress: Progress) -> Scan:
    """Read all scans of an E57 file."""
    with _opened(path) as root:
        data3d = root["data3D"] if root.isDefined("data3D") else ()
        stations = [_station(path, data3d[index], index) for index in range(len(data3d))]
    stations = [one for one in stations if one.n_points]
    n_points = sum(one.n_points for one in stations)
    if n_points > path.stat().st_size * _MAX_COMPRESSION:
        raise damaged(path, f"is cut off: it promises {n_points:,} points and ends before.")
    findings = []
    colored = sum(one.n_points for one in stations if set(_COLORS) <= one.fields)
    if 0 < colored < n_points:
        hint = "Some of the scans have no colour; their points are grey."
        findings.append(Finding("formats.colors-partial", 1 - colored / n_points, "share", hint, "warning"))
    has_normals = all(set(_NORMALS) <= one.fields for one in stations)
    seen_from = [one.translation for one in stations if one.is_viewpoint]
    scan = make_scan(
        path,
        "e57",
        partial(_chunks, path, tuple(stations), colored > 0, has_normals),
        n_points,
        progress,
        units="m",
        up=None,
        viewpoints=np.array(seen_from) if seen_from else None,
        findings=tuple(findings),
    )
    return replace(scan, n_by_part=tuple(one.n_points for one in stations) if len(stations) > 1 else ())


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open by the library's own class: pye57's wrapper may delete a file that it cannot open."""
    from pye57 import libe57

    try:
        image = libe57.ImageFile(str(path), "r")
        try:
            yield image.root()
        finally:
            image.close()
    except SourceError:
        raise
    except libe57.E57Exception as error:
        words = str(error).strip().splitlines()
        raise damaged(
            path, f"could not be read as E57: {words[0].rstrip('.')[:200] if words else 'damaged'}."
        ) from error


def _station(path: Path, scan: Any, index: int) -> Station:
    from pye57 import libe57

    points = scan["points"]
    prototype = libe57.StructureNode(points.prototype())
    fields = frozenset(prototype.get(i).elementName() for i in range(prototype.childCount()))
    if not (set(_CARTESIAN) <= fields or set(_SPHERICAL) <= fields):
        raise damaged(
            path, f"scan {index + 1} has no coordinates we can read.", "Export it with Cartesian coordinates."
        )
    rotation, translation = np.eye(3), np.zeros(3)
    if scan.isDefined("pose/rotation"):
        rotation = _rotation_matrix(*(float(scan[f"pose/rotation/{axis}"].value()) for axis in "wxyz"))
    if scan.isDefined("pose/translation"):
        translation = np.array([float(scan[f"pose/translation/{axis}"].value()) for axis in "xyz"])
    limit = 0.0
    if scan.isDefined("colorLimits/colorRedMaximum"):
        limit = float(scan["colorLimits/colorRedMaximum"].value())
    return Station(index, int(points.childCount()), fields, rotation, translation, limit)


def _rotation_matrix(w: float, x: float, y: float, z: float) -> F8:
    """Return the rotation (3, 3) of a quaternion of any length; the identity for one without length."""
    length = float(np.sqrt(w * w + x * x + y * y + z * z))
    if not np.isfinite(length) or length < 1e-12:
        return np.eye(3)
    w, x, y, z = w / length, x / length, y / length, z / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _chunks(path: Path, stations: tuple[Station, ...], has_colors: bool, has_normals: bool) -> Iterator[Chunk]:
    for station in stations:
        largest: float | None = None
        for columns in _columns(path, station):
            positions = _positions(station, columns)
            colors: U1 | None = None
            if has_colors and set(_COLORS) <= station.fields:
                values = np.stack([columns[name] for name in _COLORS], axis=1)
                if largest is None:
                    # a limit over 255 is often only what the type could hold
                    largest = station.color_limit if 0 < station.color_limit <= 255 else largest_color(values)
                colors = to_eight_bit(values, largest)
            elif has_colors:
                colors = np.full((len(positions), 3), NEUTRAL, np.uint8)
            normals = None
            if has_normals:
                normals = narrow(_turned(np.stack([columns[name] for name in _NORMALS], axis=1), station))
            yield Chunk(positions, colors, normals)


def _positions(station: Station, columns: dict[str, F8]) -> F8:
    if station.is_spherical:
        # http://www.libe57.org/bestCoordinates.html: elevation is counted from the horizontal plane
        distance, azimuth, elevation = (columns[name] for name in _SPHERICAL)
        flat = distance * np.cos(elevation)
        local = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)], axis=1)
    else:
        local = np.stack([columns[name] for name in _CARTESIAN], axis=1)
    invalid = columns.get("sphericalInvalidState" if station.is_spherical else "cartesianInvalidState")
    if invalid is not None:
        local[invalid != 0] = np.nan
    return _turned(local, station) + station.translation


def _turned(vectors: F8, station: Station) -> F8:
    if np.array_equal(station.rotation, np.eye(3)):
        return vectors
    # infinity times zero is NaN, which is what an infinite point may become
    with np.errstate(invalid="ignore"):
        return np.asarray(vectors @ station.rotation.T)


def _columns(path: Path, station: Station) -> Iterator[dict[str, F8]]:
    """Yield the needed fields of a scan as float64, some points at a time."""
    from pye57 import libe57

    wanted = (*_CARTESIAN, *_SPHERICAL, *_COLORS, *_NORMALS, "cartesianInvalidState", "sphericalInvalidState")
    names = [name for name in wanted if name in station.fields]
    capacity = min(station.n_points, _READ_POINTS)
    with _opened(path) as root:
        image = root.destImageFile()
        arrays = {name: np.empty(capacity, np.float64) for name in names}
        buffers = libe57.VectorSourceDestBuffer()
        for name, array in arrays.items():
            buffers.append(libe57.SourceDestBuffer(image, name, array, capacity, True, True))
        reader = root["data3D"][station.index]["points"].reader(buffers)
        left = station.n_points
        while left > 0:
            n_read = int(reader.read())
            if n_read == 0:
                raise damaged(path, f"is cut off: {left:,} points of scan {station.index + 1} are missing.")
            left -= n_read
            yield {name: array[:n_read].copy() for name, array in arrays.items()}
        reader.close()


FORMAT = Format("e57", "E57", (".e57",), read, sniff)
