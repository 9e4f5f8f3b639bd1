"""Whether a hard case was kept: both sheets, relief, rims, and holes that are holes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.hard_cases import CASES, UNSEEN, Truth, truth_of
from tests.bench.truth import Scene, sample_surface

F4 = npt.NDArray[np.float32]
F8 = npt.NDArray[np.float64]
I4 = npt.NDArray[np.int32]

_N_SAMPLES = 100_000
_VISIBLE = 0.5
"""Share of a letter's depth, and correlation with its form, from which on it counts as legible."""


def measure_hard(name: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a hard case; lengths are in local spacings of its points.

    Parameters
    ----------
    made : `vertices`, `faces`, and `provenance` where the contender says what it filled; holes are listed once, of the
        finest mesh, where there is one.
    """
    truth, n_points = truth_of(name), CASES[name].n_points
    found = judge(truth, n_points, made["vertices"], made["faces"], made.get("provenance"))
    if len(truth.holes) and "finest_provenance" in made:
        usual = float(np.median(truth.spacing(n_points)[truth.part != UNSEEN]))
        found |= _holes(truth, usual, made["finest_vertices"], made["finest_faces"], made["finest_provenance"])
    return found


def judge(
    truth: Truth, n_points: int, vertices: F4, faces: I4, provenance: npt.NDArray[np.uint8] | None = None
) -> dict[str, Any]:
    """Return the figures of a mesh (v, 3), (f, 3) of a truth sampled by so many points."""
    scene = Scene(vertices, faces)
    spacing = truth.spacing(n_points)
    found = _recall(truth, spacing, scene, vertices, faces)
    found |= _precision(truth, spacing, vertices, faces, provenance)
    usual = float(np.median(spacing[truth.part != UNSEEN]))
    if truth.thickness is not None:
        found |= _wall(truth, usual, scene)
    if truth.rims is not None:
        found |= _rims(truth, usual, scene, vertices, faces)
    if truth.height is not None:
        found |= _letters(truth, scene)
    if len(truth.holes):
        found |= _holes(truth, usual, vertices, faces, provenance)
    return found


def _recall(truth: Truth, spacing: F8, scene: Scene, vertices: F4, faces: I4) -> dict[str, float]:
    """Share of each sheet within a spacing of a face that looks the same way; if the mesh is inside out, the other."""
    places, face = truth.sample(_N_SAMPLES, 3, evenly=True)
    near = scene.closest(places.astype(np.float32))
    assert near.distance is not None
    agreeing = (_normals(truth.vertices, truth.faces)[face] * _normals(vertices, faces)[near.face]).sum(axis=1)
    side = 1.0 if np.median(agreeing) >= 0 else -1.0
    kept = (near.distance < spacing[face]) & (agreeing * side > 0)
    part = truth.part[face]
    return {
        "recall": float(kept.mean()),
        "recall_least": min(float(kept[part == one].mean()) for one in np.unique(part)),
        "inside_out": float((agreeing < 0)[near.distance < spacing[face]].mean()),
    }


def _precision(
    truth: Truth, spacing: F8, vertices: F4, faces: I4, provenance: npt.NDArray[np.uint8] | None
) -> dict[str, float]:
    """Share of the mesh's area that lies within a spacing of what points showed, or says that it is filled."""
    places = sample_surface(vertices, faces, _N_SAMPLES, seed=4)
    seen = np.flatnonzero(truth.part != UNSEEN)
    near = Scene(truth.vertices.astype(np.float32), truth.faces[seen]).closest(places.at(vertices, faces))
    assert near.distance is not None
    is_true = near.distance < spacing[seen[near.face]]
    is_said = np.zeros(len(is_true), bool) if provenance is None else provenance[places.face] > 0
    return {"precision": float((is_true | is_said).mean()), "said_filled": float(is_said.mean())}


def _wall(truth: Truth, usual: float, scene: Scene) -> dict[str, float]:
    """Cross the wall from its outer sheet: it is apart where two sheets lie half to twice its thickness apart."""
    places, face = truth.sample(4 * _N_SAMPLES // 5, 5, evenly=True)
    outer = truth.part[face] == 0
    inward = -_normals(truth.vertices, truth.faces)[face[outer]]
    places = places[outer]
    # the rim's own roundness is no bridge
    away = truth.vertices[np.unique(truth.faces[truth.part > 1])]
    if len(away) > 8:
        low = away[:, 2].min()
        inner = places[:, 2] < low - 4 * usual
    else:
        low, high = truth.vertices.min(axis=0)[[0, 2]] + 4 * usual, truth.vertices.max(axis=0)[[0, 2]] - 4 * usual
        inner = ((places[:, [0, 2]] > low) & (places[:, [0, 2]] < high)).all(axis=1)
    places, inward = places[inner], inward[inner]
    assert truth.thickness is not None
    wall = truth.thickness * usual
    start = places - inward * wall / 2
    first = _reach(scene, start, inward)
    step = first + 0.02 * usual
    second = _reach(scene, start + inward * np.where(np.isfinite(step), step, 0)[:, None], inward) + 0.02 * usual
    apart = (first < wall) & (second > wall / 2) & (second < wall * 1.5)
    measured = second[apart]
    return {
        "apart": float(apart.mean()),
        "thickness": float(np.median(measured) / wall) if len(measured) else 0.0,
        "thickness_low": float(np.quantile(measured, 0.01) / wall) if len(measured) else 0.0,
    }


def _reach(scene: Scene, origins: F8, directions: F8) -> F8:
    rays = np.concatenate([origins, directions], axis=1).astype(np.float32)
    return np.asarray(scene.scene.cast_rays(scene.tensor(rays))["t_hit"].numpy(), np.float64)


def _rims(truth: Truth, usual: float, scene: Scene, vertices: F4, faces: I4) -> dict[str, Any]:
    """How far the mesh keeps from the true rims, and how far off it is at a distance from them."""
    assert truth.rims is not None
    share = (np.arange(400) + 0.5)[:, None, None] / 400
    line = truth.rims[None, :, 0] * (1 - share) + truth.rims[None, :, 1] * share
    gap = scene.closest(line.reshape(-1, 3).astype(np.float32)).distance
    assert gap is not None
    places, _ = truth.sample(_N_SAMPLES, 6, evenly=True)
    aside = np.min([_to_segment(places, *rim) for rim in truth.rims], axis=0) / usual
    off = scene.closest(places.astype(np.float32)).distance
    assert off is not None
    profile = [float(np.sqrt(np.mean((off[(aside >= a) & (aside < a + 1)] / usual) ** 2))) for a in range(5)]
    return {
        "rim_gap": float(gap.mean() / usual),
        "rim_gap_p95": float(np.quantile(gap, 0.95) / usual),
        "rim_profile": profile,
    }


def _to_segment(places: F8, start: F8, end: F8) -> F8:
    along = end - start
    share = np.clip((places - start) @ along / (along @ along), 0, 1)
    return np.asarray(np.linalg.norm(places - start - share[:, None] * along, axis=1))


def _letters(truth: Truth, scene: Scene) -> dict[str, float]:
    """Look down on each letter: what of its depth is there, and whether its form is."""
    assert truth.letters is not None and truth.height is not None
    kept, legible = [], []
    for left, right, bottom, top in truth.letters:
        x, y = np.meshgrid(np.linspace(left, right, 120), np.linspace(bottom, top, 120))
        at = np.stack([x.ravel(), y.ravel()], axis=1)
        true = truth.height(at)
        above = np.c_[at, np.full(len(at), true.max() + 0.1)]
        down = np.tile([0.0, 0.0, -1.0], (len(at), 1))
        found = true.max() + 0.1 - _reach(scene, above, down)
        met = np.isfinite(found) & (np.abs(found - true) < 0.05)
        deep = true < 0.9 * true.min() + 0.1 * true.max()
        high = true > 0.1 * true.min() + 0.9 * true.max()
        if met.mean() < 0.9 or not (met & deep).any():
            kept.append(0.0)
            legible.append(False)
            continue
        depth = found[met & high].mean() - found[met & deep].mean()
        kept.append(float(depth / (true[met & high].mean() - true[met & deep].mean())))
        form = float(np.corrcoef(found[met], true[met])[0, 1])
        legible.append(kept[-1] > _VISIBLE and form > _VISIBLE)
    return {"depth_kept": float(np.mean(kept)), "depth_least": float(np.min(kept)), "legible": float(np.mean(legible))}


def _holes(
    truth: Truth, usual: float, vertices: F4, faces: I4, provenance: npt.NDArray[np.uint8] | None
) -> dict[str, Any]:
    """Hold the widths of open borders, or of patches said to be filled, against those of the true holes.

    A width counts as right within two spacings and 5 %. A hole that was closed and not said so is not found.
    """
    from exhibit.geometry.holes import find_holes

    holes = find_holes(vertices, faces)
    widths, lengths = holes.widths, holes.lengths
    if provenance is not None and (provenance > 0).any():
        # a face counts as seen up to 2.5 spacings from the last point, on both sides of a hole
        filled = find_holes(vertices, faces[provenance > 0]).widths + 5 * usual
        widths = np.concatenate([widths, filled])
    right = [
        bool((np.abs(widths - width) < 2 * usual + 0.05 * width).any()) if len(widths) else False
        for width in truth.holes
    ]
    return {
        "holes_right": float(np.mean(right)),
        "holes_listed": len(holes.widths),
        "hole_widths": [float(width / usual) for width in holes.widths[:8]],
        "true_widths": [float(width / usual) for width in truth.holes],
        "border_length": float(lengths.sum() / np.pi / truth.holes.sum()),
    }


def _normals(vertices: npt.NDArray[Any], faces: I4) -> F8:
    corner = vertices[faces].astype(np.float64)
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30))
