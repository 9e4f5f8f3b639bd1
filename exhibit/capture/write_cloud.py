"""Captures as files: LAZ, LAS and PLY, written block by block; and the truth beside them, as PLY.

LAS: ASPRS LAS specification 1.4 R15 (version 1.2 and point format 2 are written, which every reader knows): 16-bit
colours are the 8-bit ones shifted by a byte, +Z is up, and no date tells one run from the next. The unit stands in a
GeoTIFF key; there is no coordinate system, for the object is nowhere on earth.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

import numpy as np

from exhibit.capture.capture import KINDS, SimulatedBlock
from exhibit.errors import UsageError
from exhibit.model.arrays import F8
from exhibit.units import METRES, Axis, Unit, rotation_to_y_up

_SOFTWARE: Final = "exhibit simulate (modelled)"
_DATE: Final = datetime.date(2026, 1, 1)
_GEO_UNITS: Final[dict[Unit, int]] = {"m": 9001, "ft": 9002, "km": 9036, "mm": 1025, "cm": 1033}


def write_las(
    stream: BinaryIO, blocks: Iterable[SimulatedBlock], *, size_m: float, unit: Unit, is_compressed: bool
) -> Iterable[SimulatedBlock]:
    """Write LAS or LAZ, passing the blocks on; normals are left out, for LAS has no place for them.

    Parameters
    ----------
    stream : seekable; it stays open.
    size_m : largest side of what is written, metres: the grid of coordinates is a hundredth of a millimetre, or
        finer by powers of ten until a side has 50,000 steps.
    """
    import laspy

    header = laspy.LasHeader(version="1.2", point_format=2)
    step_m = min(1e-5, 10.0 ** math.floor(math.log10(size_m / 50_000)))
    header.scales = np.full(3, float(f"{step_m / METRES[unit]:.6g}"))
    header.offsets = np.zeros(3)
    header.creation_date = _DATE
    header.generating_software = _SOFTWARE
    header.system_identifier = "MODELLED"
    if unit in _GEO_UNITS:
        keys = np.array([[1, 1, 0, 2], [1024, 0, 1, 32767], [3076, 0, 1, _GEO_UNITS[unit]]], "<u2")
        header.vlrs.append(laspy.VLR("LASF_Projection", 34735, "unit of length", keys.tobytes()))
    backend = laspy.LazBackend.Lazrs if is_compressed else None
    with laspy.open(stream, "w", header=header, do_compress=is_compressed, laz_backend=backend, closefd=False) as out:
        for block in blocks:
            record = laspy.ScaleAwarePointRecord.zeros(len(block), header=header)
            rotation = rotation_to_y_up("+z").T
            record.x, record.y, record.z = (block.positions @ rotation.T / METRES[unit]).T
            for column, name in enumerate(("red", "green", "blue")):
                record[name] = block.colors[:, column].astype(np.uint16) << 8
            record.return_number[:] = 1
            record.number_of_returns[:] = 1
            out.write_points(record)
            yield block


def write_ply(
    stream: BinaryIO, blocks: Iterable[SimulatedBlock], *, n_points: int, unit: Unit, up: Axis,
    has_normals: bool = False,
) -> Iterable[SimulatedBlock]:  # fmt: skip
    """Write binary PLY, passing the blocks on; positions are float32."""
    columns: list[tuple[str, str]] = [(name, "<f4") for name in "xyz"]
    columns += [(name, "<f4") for name in ("nx", "ny", "nz")] if has_normals else []
    columns += [(name, "u1") for name in ("red", "green", "blue")]
    stream.write(_ply_header(columns, n_points, [f"{_SOFTWARE}; found nowhere", f"unit {unit}, up {up}"]))
    rotation = rotation_to_y_up(up).T
    for block in blocks:
        rows = np.empty(len(block), columns)
        _fill(rows, "xyz", block.positions @ rotation.T / METRES[unit])
        if block.normals is not None:
            _fill(rows, ("nx", "ny", "nz"), block.normals @ rotation.T)
        _fill(rows, ("red", "green", "blue"), block.colors)
        stream.write(rows.tobytes())
        yield block


def write_truth(
    stream: BinaryIO, blocks: Iterable[SimulatedBlock], *, n_points: int, unit: Unit, up: Axis
) -> Iterable[SimulatedBlock]:
    """Write the truth as binary PLY, point by point in the order of the scan, passing the blocks on.

    Positions are float64, colours the albedo; ``kind`` counts `KINDS`, ``camera`` the cameras of the rings.
    """
    columns = [(name, "<f8") for name in "xyz"] + [(name, "<f4") for name in ("nx", "ny", "nz")]
    columns += [(name, "u1") for name in ("red", "green", "blue", "kind")] + [("camera", "<i2")]
    kinds = ", ".join(f"{number} {name}" for number, name in enumerate(KINDS))
    comments = [f"truth of {_SOFTWARE}; found nowhere", f"unit {unit}, up {up}", f"kind {kinds}"]
    stream.write(_ply_header(columns, n_points, comments))
    rotation = rotation_to_y_up(up).T
    for block in blocks:
        rows = np.empty(len(block), columns)
        _fill(rows, "xyz", block.truth_positions @ rotation.T / METRES[unit])
        _fill(rows, ("nx", "ny", "nz"), block.truth_normals @ rotation.T)
        _fill(rows, ("red", "green", "blue"), block.truth_colors)
        rows["kind"], rows["camera"] = block.kind, block.camera
        stream.write(rows.tobytes())
        yield block


def _fill(rows: Any, names: Iterable[str], values: F8 | Any) -> None:
    for column, name in enumerate(names):
        rows[name] = values[:, column]


def _ply_header(columns: list[tuple[str, str]], n_points: int, comments: list[str]) -> bytes:
    words = {"<f8": "double", "<f4": "float", "<i2": "short", "u1": "uchar"}
    if n_points < 0:
        raise UsageError("a file cannot hold fewer than no points.")
    lines = ["ply", "format binary_little_endian 1.0", *(f"comment {comment}" for comment in comments)]
    lines += [f"element vertex {n_points}", *(f"property {words[kind]} {name}" for name, kind in columns), "end_header"]
    return ("\n".join(lines) + "\n").encode("ascii")
