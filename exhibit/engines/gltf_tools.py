"""Khronos' glTF-Validator, meshoptimizer and the Basis encoder: bytes in, bytes out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from exhibit.engines.node import run_tool
from exhibit.errors import StageError
from exhibit.model.arrays import U1
from exhibit.progress import SILENT, Progress

TextureKind = Literal["color", "normal", "data"]

_SEVERITIES: Final = ("error", "warning", "info", "hint")


@dataclass(frozen=True, slots=True)
class ValidationMessage:
    """One remark of the validator: its code, its words, and where in the file (JSON pointer or byte offset)."""

    severity: Literal["error", "warning", "info", "hint"]
    code: str
    message: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What Khronos' validator says of a GLB: counts by severity, and every message."""

    errors: int
    warnings: int
    infos: int
    messages: tuple[ValidationMessage, ...] = ()

    def of(self, severity: str) -> tuple[ValidationMessage, ...]:
        """Return the messages of one severity."""
        return tuple(message for message in self.messages if message.severity == severity)


def validate_glb(data: bytes, /, *, progress: Progress = SILENT) -> ValidationReport:
    """Validate one GLB with glTF-Validator 2.0.

    Data packed with EXT_meshopt_compression are not looked into (the validator does not know the extension), so
    validate before packing too. Files outside the GLB are not read.

    Raises
    ------
    DependencyError
        Without Node or the built tools.
    """
    return validate_glbs([data], progress=progress)[0]


def validate_glbs(files: Sequence[bytes], /, *, progress: Progress = SILENT) -> tuple[ValidationReport, ...]:
    """Validate several GLBs in one run of Node, as `validate_glb` does."""
    with tempfile.TemporaryDirectory(prefix="exhibit-") as folder:
        paths = [Path(folder) / f"{number}.glb" for number in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        answer = run_tool("validate", {"glbs": [str(path) for path in paths]}, timeout_s=120, progress=progress)
    return tuple(_report(found) for found in answer["reports"])


def _report(answer: dict[str, Any]) -> ValidationReport:
    messages = tuple(
        ValidationMessage(
            severity=_SEVERITIES[int(found["severity"])],
            code=str(found["code"]),
            message=str(found["message"]),
            pointer=str(found.get("pointer", found.get("offset", ""))),
        )
        for found in answer["messages"]
    )
    return ValidationReport(int(answer["errors"]), int(answer["warnings"]), int(answer["infos"]), messages)


def compress_meshopt(data: bytes, /, *, progress: Progress = SILENT) -> bytes:
    """Reorder a quantised GLB for the GPU's caches and pack it with EXT_meshopt_compression.

    Values stay as they are; only the order of triangles and vertices changes.

    Raises
    ------
    DependencyError
        Without Node or the built tools.
    StageError
        When the GLB cannot be read.
    """
    return _compress(data, "pack", False, progress)[0]


def check_and_compress(data: bytes, /, *, progress: Progress = SILENT) -> tuple[ValidationReport, bytes]:
    """Validate a quantised GLB as `validate_glb` does, then pack it as `compress_meshopt` does, in one run of Node."""
    packed, report = _compress(data, "pack", True, progress)
    return _report(report), packed


def unpack_meshopt(data: bytes, /, *, progress: Progress = SILENT) -> bytes:
    """Undo `compress_meshopt`: the same values, still quantised and in the packed order, for readers without meshopt.

    Raises
    ------
    DependencyError
        Without Node or the built tools.
    StageError
        When the GLB cannot be read.
    """
    return _compress(data, "unpack", False, progress)[0]


def _compress(
    data: bytes, way: Literal["pack", "unpack"], check: bool, progress: Progress
) -> tuple[bytes, dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="exhibit-") as folder:
        path, out = Path(folder) / "model.glb", Path(folder) / "out.glb"
        path.write_bytes(data)
        request = {"glb": str(path), "out": str(out), "way": way, "check": check}
        answer = run_tool("compress", request, progress=progress)
        return out.read_bytes(), answer["report"] or {}


def encode_ktx2(pictures: Sequence[tuple[U1, TextureKind]], /, *, progress: Progress = SILENT) -> tuple[bytes, ...]:
    """Encode pictures as KTX2 with all their mipmaps, for GPUs to keep compressed, in one run of Node.

    Parameters
    ----------
    pictures : of each (h, w, 4) uint8, sides multiples of 4, at most 12 megapixels together (the encoder's own limit);
        and its kind: ``color`` (sRGB) and ``data`` (linear, smooth) become ETC1S, ``normal`` becomes UASTC level 0 with
        Zstandard: ETC1S' blocks would show as facets.

    Raises
    ------
    DependencyError
        Without Node or the built tools.
    StageError
        On sides that are not multiples of 4, or when the encoder fails.
    """
    with tempfile.TemporaryDirectory(prefix="exhibit-") as folder:
        asked, outs = [], []
        for number, (rgba, kind) in enumerate(pictures):
            height, width, channels = rgba.shape
            if channels != 4 or height % 4 or width % 4:
                raise StageError(f"A picture of {width} x {height} x {channels} cannot become KTX2.", where="ktx2")
            raw, out = Path(folder) / f"{number}.rgba", Path(folder) / f"{number}.ktx2"
            raw.write_bytes(np.ascontiguousarray(rgba).tobytes())
            asked.append({"rgba": str(raw), "width": width, "height": height, "out": str(out), "kind": kind})
            outs.append(out)
        run_tool("ktx2", {"pictures": asked}, timeout_s=600, progress=progress)
        return tuple(out.read_bytes() for out in outs)
