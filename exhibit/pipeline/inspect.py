"""What a scan holds and what converting it will cost, before any work."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from exhibit import formats
from exhibit.errors import UsageError
from exhibit.geometry.duplicates import find_distinct
from exhibit.geometry.neighbours import PointIndex, local_spacing
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.place import LARGEST_IN_METRES
from exhibit.model.arrays import F4, F8
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.model.finding import Finding
from exhibit.pipeline.atomic import write_atomically
from exhibit.pipeline.budget import bytes_for
from exhibit.pipeline.mask_file import mask_template
from exhibit.progress import SILENT, Progress

SAMPLE = 300_000
N_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class Inspection:
    """The facts of a file. Lengths are in the file's own units unless the name says metres.

    Parameters
    ----------
    kind : ``points`` or ``mesh``.
    extent : size of the bounding box of the middle 98 % of the points; `extent_whole` of all of them.
    spacing : median distance between neighbouring points; `noise` : their scatter about the surface.
    units, up : what the file states, or None; `units_guess` and `units_reason` : what conversion would take.
    estimated_seconds, estimated_memory_mb : for a conversion to all levels on two cores.
    """

    file: str
    format: str
    kind: str
    n_bytes: int
    n_points: int
    n_triangles: int
    has_colors: bool
    has_normals: bool
    n_textures: int
    extent: tuple[float, float, float]
    extent_whole: tuple[float, float, float]
    origin: tuple[float, float, float]
    spacing: float | None
    noise: float | None
    units: str | None
    up: str | None
    units_guess: str
    units_reason: str
    estimated_seconds: float
    estimated_memory_mb: float
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def inspect(path: str | Path, *, progress: Progress = SILENT) -> Inspection:
    """Look at a scan or a mesh without converting it.

    Raises
    ------
    SourceError
        The file cannot be used; the sentence says why.
    """
    path = Path(path)
    source = formats.read(path, progress=progress.part(0.0, 0.5))
    if isinstance(source, SourceMesh):
        return _inspect_mesh(path, source)
    return _inspect_scan(path, source, progress.part(0.5, 1.0))


def write_mask_template(facts: Inspection, target: Path) -> None:
    """Write a mask to begin with for a scan that was looked at.

    Raises
    ------
    UsageError
        It is a mesh, which is not cleaned, or there is a file already, which somebody may have drawn.
    """
    if facts.kind != "points":
        raise UsageError("a mesh is not cleaned, so there is nothing to mask.", where=facts.file)
    if target.exists():
        raise UsageError("is there already and was left alone.", where=str(target), hint="Name another file.")
    middle, half = np.array(facts.origin), np.array(facts.extent_whole) / 2
    write_atomically(target, mask_template(Path(facts.file), tuple(middle - half), tuple(middle + half)))


def _inspect_scan(path: Path, scan: Scan, progress: Progress) -> Inspection:
    sample, low, high, findings = _sample(scan, progress)
    spacing, noise = _spacing_and_noise(sample, scan.n_points) if len(sample) > 4 * N_NEIGHBOURS else (None, None)
    core = _core_extent(sample) if len(sample) else np.zeros(3)
    guess, reason = _guess_units(scan.units, float(core.max(initial=0.0)))
    seconds, memory = _cost(min(scan.n_points, 700_000), scan.n_points)
    return Inspection(
        file=str(path),
        format=scan.format,
        kind="points",
        n_bytes=path.stat().st_size,
        n_points=scan.n_points,
        n_triangles=0,
        has_colors=scan.has_colors,
        has_normals=scan.has_normals,
        n_textures=0,
        extent=_triple(core),
        extent_whole=_triple(high - low),
        origin=_triple(scan.origin + (low + high) / 2),
        spacing=spacing,
        noise=noise,
        units=scan.units,
        up=scan.up,
        units_guess=guess,
        units_reason=reason,
        estimated_seconds=seconds,
        estimated_memory_mb=memory,
        findings=(*scan.findings, *findings),
    )


def _inspect_mesh(path: Path, mesh: SourceMesh) -> Inspection:
    sound = mesh.vertices[np.isfinite(mesh.vertices).all(axis=1)]
    low, high = (sound.min(axis=0), sound.max(axis=0)) if len(sound) else (np.zeros(3), np.zeros(3))
    corners = mesh.vertices[mesh.faces[:: max(1, len(mesh.faces) // SAMPLE)]]
    edges = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)
    guess, reason = _guess_units(mesh.units, float((high - low).max(initial=0.0)))
    return Inspection(
        file=str(path),
        format=mesh.format,
        kind="mesh",
        n_bytes=path.stat().st_size,
        n_points=len(mesh.vertices),
        n_triangles=len(mesh.faces),
        has_colors=mesh.has_colors,
        has_normals=mesh.normals is not None,
        n_textures=sum(material.texture is not None for material in mesh.materials),
        extent=_triple(high - low),
        extent_whole=_triple(high - low),
        origin=_triple(mesh.origin + (low + high) / 2),
        spacing=float(np.median(edges)) if len(edges) else None,
        noise=None,
        units=mesh.units,
        up=mesh.up,
        units_guess=guess,
        units_reason=reason,
        estimated_seconds=round(30 + len(mesh.faces) * 5e-5),
        estimated_memory_mb=round(1200 + len(mesh.faces) * 1e-3),
        findings=mesh.findings,
    )


def _sample(scan: Scan, progress: Progress) -> tuple[F4, F8, F8, list[Finding]]:
    """Take every k-th finite point, and the bounding box of all of them."""
    stride = max(1, scan.n_points // SAMPLE)
    parts, bad, seen = [], 0, 0
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for block in scan.blocks():
        progress.tick(0.8 * seen / max(1, scan.n_points), "inspecting")
        finite = np.isfinite(block.positions).all(axis=1)
        bad += int((~finite).sum())
        sound = block.positions[finite]
        if len(sound):
            low, high = np.minimum(low, sound.min(axis=0)), np.maximum(high, sound.max(axis=0))
        parts.append(sound[(-seen) % stride :: stride])
        seen += len(block.positions)
    sample = np.concatenate(parts) if parts else np.empty((0, 3), np.float32)
    if not len(sample):
        low = high = np.zeros(3)
    findings = []
    if bad:
        text = f"{bad} points hold no finite coordinates; conversion drops them."
        findings.append(Finding("inspect.not-finite", bad, "points", text, "warning"))
    distinct = find_distinct(sample)
    if len(distinct) < 0.98 * len(sample):
        share = 1 - len(distinct) / len(sample)
        findings.append(
            Finding("inspect.duplicates", share, "share", f"About {share:.0%} of the points are copies of others.")
        )
    return sample[distinct], low, high, findings


def _spacing_and_noise(sample: F4, n_points: int) -> tuple[float, float]:
    neighbours = PointIndex(sample).nearest(None, N_NEIGHBOURS)
    spacing = local_spacing(neighbours)
    noise = np.quantile(estimate_planes(sample, neighbours).residuals / np.maximum(spacing, 1e-30), 0.25)
    # on a surface, spacing goes with the square root of the share of points that the sample holds
    true_spacing = float(np.median(spacing)) * float(np.sqrt(len(sample) / max(len(sample), n_points)))
    return true_spacing, float(noise) * float(np.median(spacing))


def _core_extent(sample: F4) -> F8:
    low, high = np.quantile(sample, [0.01, 0.99], axis=0)
    return np.asarray((high - low) / 0.98, np.float64)


def _guess_units(stated: str | None, extent: float) -> tuple[str, str]:
    if stated is not None:
        return stated, "the file states it"
    if extent <= LARGEST_IN_METRES:
        return (
            "m",
            f"nothing states it, and {extent:.4g} units would be {extent:.4g} m; give --units or --height if not",
        )
    return (
        "mm",
        f"nothing states it, and {extent:.4g} units would be {extent / 1000:.4g} m; give --units or --height if not",
    )


def _cost(n_worked: int, n_read: int) -> tuple[float, float]:
    """Seconds and megabytes, from conversions measured on two cores; see README, 'What it costs'."""
    return round(45 + n_worked * 7e-5 + n_read * 2e-6), round(bytes_for(n_worked, ("inspect",)) / 2**20)


def _triple(values: F8 | F4) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
