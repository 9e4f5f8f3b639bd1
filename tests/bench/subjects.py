"""What is meshed: real scans with points held back, and objects whose true surface is known.

A subject is prepared once and kept in the cache folder: a PLY that every contender reads (positions and colours only,
no normals, no unit, no axis), and beside it what they never see.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench import hard_cases

SCANS = Path(os.environ.get("EXHIBIT_SCANS", Path(__file__).parents[3] / "shared" / "scans"))
HELD_OUT = 0.1
VERSION = "1"
"""Raise it when preparing changes: prepared subjects are made anew, and stored baselines no longer count."""

F4 = npt.NDArray[np.float32]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]
Arrays = dict[str, npt.NDArray[Any]]
Made = tuple[F4, U1 | None, Arrays]
Maker = Callable[[], Made]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A subject, ready.

    Parameters
    ----------
    scan : what contenders read.
    n_points : points in it.
    diagonal : of the object's bounding box, unit of the scan.
    fingerprint : of the scan and of what is held back: figures of equal fingerprints may be compared.
    held_out : (h, 3) points of the object that are not in the scan.
    held_colors : (h, 3) their colours; for known truth, true colours at `true_points`.
    true_vertices, true_faces : the true surface, or None.
    true_points, true_normals, true_colors : places on the true surface, or None.
    """

    name: str
    scan: Path
    n_points: int
    diagonal: float
    fingerprint: str
    held_out: F4 | None = None
    held_colors: U1 | None = None
    true_vertices: F4 | None = None
    true_faces: I4 | None = None
    true_points: F4 | None = None
    true_normals: F4 | None = None
    true_colors: U1 | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject by name.

    Parameters
    ----------
    title : for tables.
    make : returns positions and colours for the scan, and the arrays of `Prepared` that are known.
    is_large : only run by ``--full``.
    object_key : name of the modelled object, for its exact distance.
    """

    name: str
    title: str
    make: Maker
    is_large: bool = False
    object_key: str | None = None


def cache_folder() -> Path:
    """Return where subjects and meshes are kept between runs."""
    from platformdirs import user_cache_path

    stated = os.environ.get("EXHIBIT_BENCH_CACHE")
    folder = Path(stated) if stated else user_cache_path("exhibit", appauthor=False) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare(subject: Subject) -> Prepared:
    """Make a subject, or find it in the cache."""
    kept = cache_folder() / f"{subject.name}-{VERSION}.npz"
    scan = kept.with_suffix(".ply")
    if not (kept.is_file() and scan.is_file()):
        positions, colors, known = subject.make()
        write_ply(scan, positions, colors)
        digest = hashlib.sha256(scan.read_bytes())
        for name in sorted(known):
            digest.update(np.ascontiguousarray(known[name]).tobytes())
        partial = kept.with_suffix(".partial.npz")
        np.savez(partial, n_points=len(positions), fingerprint=digest.hexdigest()[:16], **known)  # type: ignore[arg-type]
        partial.replace(kept)
    with np.load(kept) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    numbers = {"n_points": int(values.pop("n_points")), "diagonal": float(values.pop("diagonal"))}
    return Prepared(subject.name, scan, fingerprint=str(values.pop("fingerprint")), **numbers, **values)


def write_ply(path: Path, positions: F4, colors: U1 | None) -> None:
    """Write a binary PLY that every tool reads."""
    columns: list[tuple[str, str]] = [(name, "<f4") for name in "xyz"]
    columns += [(name, "u1") for name in ("red", "green", "blue")] if colors is not None else []
    rows = np.empty(len(positions), columns)
    for i, name in enumerate("xyz"):
        rows[name] = positions[:, i]
    for i, name in enumerate(("red", "green", "blue") if colors is not None else ()):
        rows[name] = colors[:, i]
    words = {"<f4": "float", "u1": "uchar"}
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(rows)}"]
    lines += [*(f"property {words[kind]} {name}" for name, kind in columns), "end_header", ""]
    path.write_bytes("\n".join(lines).encode() + rows.tobytes())


def real(file: str) -> Maker:
    """Return how to hold back a tenth of a real scan's distinct points; those of the object are asked for."""

    def make() -> Made:
        from scipy.spatial import cKDTree

        from exhibit import formats
        from exhibit.stages.clean import clean

        scan = formats.read(SCANS / file)
        blocks = list(scan.blocks())
        positions = np.concatenate([block.positions for block in blocks])
        colors = np.concatenate([block.colors for block in blocks]) if scan.has_colors else None
        # copies of a point go the same way, else what is held back would be in the scan all the same
        _, first, which = np.unique(positions, axis=0, return_index=True, return_inverse=True)
        is_held = (np.random.default_rng(1).random(len(first)) < HELD_OUT)[which.reshape(-1)]
        cloud = clean(scan)
        back = cloud.placement
        kept = cloud.positions.astype(np.float64) / back.metres_per_unit @ back.rotation + (back.origin - scan.origin)
        diagonal = float(np.linalg.norm(np.ptp(kept, axis=0)))
        is_object = cKDTree(kept).query(positions[first], workers=-1)[0] < 1e-5 * diagonal
        asked = first[is_object & is_held[first]]
        known: Arrays = {"held_out": positions[asked], "diagonal": np.array(diagonal)}
        if colors is not None:
            known["held_colors"] = colors[asked]
        return positions[~is_held], None if colors is None else colors[~is_held], known

    return make


def by_formula(points: F4, diagonal: float) -> F4:
    """Return sRGB values (n, 3) float: broad stripes, and on them detail that repeats 60 times along the diagonal."""
    x, y, z = (points.astype(np.float64) * (2 * np.pi / diagonal)).T
    stripes = np.stack([np.sin(12 * x + 3 * np.sin(4 * y)), np.sin(15 * y), np.cos(11 * z)], axis=1)
    detail = np.sin(60 * x) * np.sin(60 * y) * np.sin(60 * z)
    painted: F4 = np.clip(128 + 70 * stripes + 35 * detail[:, None], 0, 255).astype(np.float32)
    return painted


def venus(n_points: int, noise_pct: float, *, is_painted: bool = False) -> Maker:
    """Return how to sample the statue: Gaussian noise per axis, per cent of the diagonal; 1 % of outliers.

    Painted, it has the colours of `by_formula`, as fine as told, and not those of its vertices.
    """

    def make() -> Made:
        from exhibit import formats
        from tests.bench.truth import sample_surface

        mesh = formats.read(SCANS / "venus_dense_mesh.ply")
        diagonal = float(np.linalg.norm(np.ptp(mesh.vertices, axis=0)))
        rng = np.random.default_rng(1)
        n_held, n_stray = 50_000, n_points // 100
        places = sample_surface(mesh.vertices, mesh.faces, n_points - n_stray + n_held, seed=1)
        exact = places.at(mesh.vertices, mesh.faces)
        spots = sample_surface(mesh.vertices, mesh.faces, 200_000, seed=2)
        if is_painted:
            shades, asked = (by_formula(at, diagonal) for at in (exact, spots.at(mesh.vertices, mesh.faces)))
        else:
            shades, asked = (at.at(mesh.vertex_colors.astype(np.float32), mesh.faces) for at in (places, spots))
        shades = np.rint(shades).astype(np.uint8)
        noisy = (exact + rng.normal(0, noise_pct / 100 * diagonal, exact.shape)).astype(np.float32)
        low, high = exact.min(axis=0) - 0.02 * diagonal, exact.max(axis=0) + 0.02 * diagonal
        stray = (low + rng.random((n_stray, 3)) * (high - low)).astype(np.float32)
        positions = np.concatenate([noisy[n_held:], stray])
        colors = np.concatenate([shades[n_held:], rng.integers(0, 256, (n_stray, 3), np.uint8)])
        order = rng.permutation(len(positions))
        known: Arrays = {
            "held_out": noisy[:n_held], "diagonal": np.array(diagonal),
            "true_vertices": mesh.vertices, "true_faces": mesh.faces,
            "true_points": spots.at(mesh.vertices, mesh.faces),
            "true_colors": np.rint(asked).astype(np.uint8),
        }  # fmt: skip
        return positions[order], colors[order], known

    return make


def relic(key: str, n_points: int) -> Maker:
    """Return how to take a modelled object under even light, without a table, with the other faults of a capture."""

    def make() -> Made:
        from exhibit.capture.capture import SURFACE, capture
        from exhibit.capture.objects import modelled_object
        from exhibit.capture.options import CaptureOptions

        thing = modelled_object(key)
        options = CaptureOptions(n_points=n_points, has_table=False, exposure_drift=0.0, occlusion=0.0)
        blocks = list(capture(thing, options))
        is_surface = np.concatenate([block.kind for block in blocks]) == SURFACE
        exact = np.concatenate([block.truth_positions for block in blocks])[is_surface].astype(np.float32)
        known: Arrays = {
            "diagonal": np.array(np.linalg.norm(np.ptp(exact, axis=0))), "true_points": exact,
            "true_normals": np.concatenate([block.truth_normals for block in blocks])[is_surface],
            "true_colors": np.concatenate([block.truth_colors for block in blocks])[is_surface],
        }  # fmt: skip
        positions = np.concatenate([block.positions for block in blocks]).astype(np.float32)
        return positions, np.concatenate([block.colors for block in blocks]), known

    return make


SUBJECTS = {
    one.name: one
    for one in (
        Subject("lion", "stone lion, raw", real("guardian_lion_raw_normals.ply")),
        Subject("buddha", "Buddha head, raw", real("buddha_head_sfm_rgb.ply")),
        Subject("mask", "mask", real("bali_mask_points.e57")),
        Subject("venus-500k", "Venus, 500 k, noise .05 %", venus(500_000, 0.05)),
        Subject("venus-500k-clean", "Venus, 500 k, noise .01 %", venus(500_000, 0.01)),
        Subject("venus-500k-noisy", "Venus, 500 k, noise .2 %", venus(500_000, 0.2)),
        Subject("venus-100k", "Venus, 100 k, noise .05 %", venus(100_000, 0.05)),
        Subject("venus-2m", "Venus, 2 M, noise .05 %", venus(2_000_000, 0.05), is_large=True),
        Subject("venus-8m", "Venus, 8 M, noise .05 %", venus(8_000_000, 0.05), is_large=True),
        Subject("venus-20m", "Venus, 20 M, noise .05 %", venus(20_000_000, 0.05), is_large=True),
        Subject("painted-2m", "painted Venus, 2 M, .05 %", venus(2_000_000, 0.05, is_painted=True), is_large=True),
        Subject("ding", "bronze ding, simulated", relic("bronze_ding", 300_000), object_key="bronze_ding"),
        Subject("stele", "stele, simulated", relic("stele", 300_000), object_key="stele"),
        *(Subject(name, one.title, hard_cases.make(name)) for name, one in hard_cases.CASES.items()),
    )
}
