"""A contender's mesh becomes the figures of its row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from tests.bench.contenders import DEPTHS
from tests.bench.hard_cases import CASES
from tests.bench.hard_measures import measure_hard
from tests.bench.maps import occlusion_psnr, unwrap_figures
from tests.bench.seams import seam_figures
from tests.bench.subjects import SUBJECTS, Prepared
from tests.bench.truth import F4, I4, Places, Scene, decibels, look_up, relief_recall, sample_surface, topology

_N_SAMPLES = 200_000


def measure(subject: Prepared, made: dict[str, Any], *, n_texels: int) -> dict[str, Any]:
    """Return all figures that are known of a mesh."""
    found: dict[str, Any] = topology(made["vertices"], made["faces"])
    if subject.name in CASES:
        found |= measure_hard(subject.name, made)
    found |= _truth(subject, made["vertices"], made["faces"], made)
    if "finer_faces" in made:
        finer = _truth(subject, made["finer_vertices"], made["finer_faces"], {})
        found |= {f"finer_{name}": value for name, value in finer.items()}
    if "corner_uv" in made:
        found |= unwrap_figures(made)
    if "occlusion" in made and n_texels:
        found["occlusion_db"] = occlusion_psnr(made, n_texels)
    if "base_color" in made and "is_colourless" not in made:
        found |= seam_figures(made, *_scanned(subject))
    return found


def best_depth(subject: Prepared, made: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Choose the depth whose mesh is nearest to the points held back, as who knows no truth must; else to the truth.

    Returns
    -------
    What the row says of the choice, and the chosen mesh.
    """
    asked = subject.held_out if subject.held_out is not None else subject.true_points
    assert asked is not None
    means = {
        depth: float(np.mean(Scene(made[f"vertices_{depth}"], made[f"faces_{depth}"]).closest(asked).distance))
        for depth in DEPTHS
        if f"faces_{depth}" in made
    }
    depth = min(means, key=lambda one: means[one])
    names = ("vertices", "faces", "vertex_colors")
    chosen = {name: made[f"{name}_{depth}"] for name in names if f"{name}_{depth}" in made}
    return {"depth": depth, "by_depth_pct": {str(one): _percent(mean, subject) for one, mean in means.items()}}, chosen


def load(path: Path) -> dict[str, Any]:
    """Read what a contender wrote."""
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _truth(subject: Prepared, vertices: F4, faces: I4, made: dict[str, Any]) -> dict[str, float]:
    scene, found = Scene(vertices, faces), {}
    if subject.held_out is not None:
        places = scene.closest(subject.held_out)
        assert places.distance is not None
        found["held_mean_pct"] = _percent(places.distance.mean(), subject)
        found["held_p95_pct"] = _percent(np.quantile(places.distance, 0.95), subject)
        if subject.held_colors is not None:
            found |= _colour(made, places, subject.held_colors)
    if subject.true_points is not None:
        places = scene.closest(subject.true_points)
        assert places.distance is not None
        found["from_truth_pct"] = _percent(np.sqrt(np.mean(places.distance.astype(np.float64) ** 2)), subject)
        found["to_truth_pct"] = _to_truth(subject, vertices, faces)
        if subject.true_colors is not None:
            found |= _colour(made, places, subject.true_colors)
            if "base_color" in made:
                found["vertex_db"] = _at_vertices(subject, made, places)
        if subject.true_normals is not None:
            spacing = _spacing(subject.true_points)
            found["relief"] = relief_recall(subject.true_points, subject.true_normals, places.distance, spacing)
    return found


def _to_truth(subject: Prepared, vertices: F4, faces: I4) -> float:
    """Return the RMS of places on the mesh from the true surface; of a relic, only where a camera saw it."""
    points = sample_surface(vertices, faces, _N_SAMPLES, seed=4).at(vertices, faces)
    if subject.true_vertices is not None and subject.true_faces is not None:
        away = Scene(subject.true_vertices, subject.true_faces).closest(points).distance
        assert away is not None
        return _percent(np.sqrt(np.mean(away.astype(np.float64) ** 2)), subject)
    from exhibit.capture.objects import modelled_object
    from exhibit.geometry.surface_of_field import gradient_of

    key = SUBJECTS[subject.name].object_key
    assert key is not None
    distance, at = modelled_object(key).distance, points.astype(np.float64)
    parts = np.array_split(at, max(1, len(at) // 16384))
    steps = 1e-4 * subject.diagonal
    slopes = np.concatenate([np.linalg.norm(gradient_of(distance, part, steps), axis=1) for part in parts])
    away = np.concatenate([np.abs(distance(part)) for part in parts]) / np.clip(slopes, 0.2, None)
    return _percent(np.sqrt(np.mean(away**2)), subject)


def _colour(made: dict[str, Any], places: Places, true: Any) -> dict[str, float]:
    if "base_color" in made and "is_colourless" not in made:
        found = look_up(made["base_color"], places.among(made["corner_uv"][places.face]))
    elif "vertex_colors" in made:
        found = places.at(made["vertex_colors"], made["faces"])
    else:
        return {}
    return {"colour_db": decibels(found, true, 255)}


def _at_vertices(subject: Prepared, made: dict[str, Any], places: Places) -> float:
    """Return the PSNR of the true colours at our vertices, instead of a texture: the most that vertices can give."""
    nearest = cKDTree(subject.true_points).query(made["vertices"], workers=-1)[1]
    assert subject.true_colors is not None
    return decibels(places.at(subject.true_colors[nearest], made["faces"]), subject.true_colors, 255)


def _spacing(points: F4) -> float:
    from scipy.spatial import cKDTree

    some = points[:: max(1, len(points) // 20_000)]
    return float(np.median(cKDTree(points).query(some, 5, workers=-1)[0][:, 1:].mean(axis=1)))


def _scanned(subject: Prepared) -> tuple[Any, Any]:
    """Return the scan's positions and colours."""
    import open3d

    cloud = open3d.io.read_point_cloud(str(subject.scan))
    return np.asarray(cloud.points), np.rint(np.asarray(cloud.colors) * 255).astype(np.uint8)


def _percent(length: Any, subject: Prepared) -> float:
    return float(length) / subject.diagonal * 100
