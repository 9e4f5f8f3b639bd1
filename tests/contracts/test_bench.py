"""The bench's own measures, against what is known without them: a ruler that is wrong makes every figure wrong."""

import sys
import time

import numpy as np
import pytest

from tests.bench import maps, truth
from tests.bench.memory import run_watched
from tests.bench.subjects import write_ply
from tests.bench.table import line


def grid(n=21):
    """A unit square of 2 (n - 1)^2 triangles at z = 0."""
    x, y = np.meshgrid(np.linspace(0, 1, n), np.linspace(0, 1, n), indexing="ij")
    vertices = np.stack([x, y, 0 * x], axis=-1).reshape(-1, 3).astype(np.float32)
    a = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)[None]).reshape(-1)
    faces = np.concatenate([np.stack([a, a + n, a + n + 1], 1), np.stack([a, a + n + 1, a + 1], 1)])
    return vertices, faces.astype(np.int32)


def test_pieces_borders_and_fins_are_counted():
    vertices, faces = grid(3)
    both = np.concatenate([vertices, vertices + np.float32([0, 0, 5])])
    fin = np.array([[0, 4, 17]], np.int32)  # its edge 0-4 has two faces already; it also joins the two squares
    found = truth.topology(both, np.concatenate([faces, faces + 9]))
    assert (found["pieces"], found["boundary"], found["non_manifold"], found["triangles"]) == (2, 16, 0, 16)
    found = truth.topology(both, np.concatenate([faces, faces + 9, fin]))
    assert (found["pieces"], found["non_manifold"]) == (1, 1)


def test_distances_and_values_are_those_of_the_nearest_place():
    vertices, faces = grid()
    points = np.array([[0.3, 0.6, 0.02], [0.5, 0.5, -0.1], [1.3, 0.5, 0.4]], np.float32)
    places = truth.Scene(vertices, faces).closest(points)
    assert places.distance == pytest.approx([0.02, 0.1, 0.5], abs=1e-6)
    assert places.at(vertices, faces)[:2, :2] == pytest.approx(points[:2, :2], abs=1e-6)


def test_samples_spread_by_area():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [4, 0, 0], [7, 0, 0], [4, 1, 0]], np.float32)
    places = truth.sample_surface(vertices, np.array([[0, 1, 2], [3, 4, 5]], np.int32), 40_000, seed=0)
    assert (places.face == 1).mean() == pytest.approx(0.75, abs=0.01)
    assert places.weights.min() >= 0
    assert places.weights.sum(axis=1).max() <= 1


def test_decibels_of_a_known_error():
    assert truth.decibels(np.full(9, 25.5), np.zeros(9), 255) == pytest.approx(20)


def test_a_picture_is_read_between_its_texels():
    picture = np.array([[0, 100], [200, 40]], np.uint8)
    uv = np.array([[0.25, 0.25], [0.5, 0.25], [0.25, 0.75], [0, 0]], np.float32)
    assert truth.look_up(picture, uv)[:, 0] == pytest.approx([0, 50, 200, 0])


def test_relief_that_is_smoothed_away_is_missed():
    vertices, _ = grid(120)
    points = vertices.copy()
    points[:, 2] = np.where((points[:, 0] * 10 % 1) < 0.2, 0.02, 0)
    normals = np.tile(np.array([0, 0, 1], np.float32), (len(points), 1))
    assert truth.relief_recall(points, normals, np.zeros(len(points), np.float32), 1 / 119) == 1
    flat = np.abs(points[:, 2] - points[:, 2].mean())
    assert truth.relief_recall(points, normals, flat.astype(np.float32), 1 / 119) < 0.5


def made(uv_scale=(1.0, 1.0)):
    vertices, faces = grid()
    return {
        "vertices": vertices, "faces": faces, "corner_uv": (vertices[:, :2] * np.array(uv_scale, np.float32))[faces],
        "corner_normals": np.tile(np.array([0, 0, 1], np.float32), (len(faces), 3, 1)), "n_charts": 1,
        "utilisation": 1.0, "finest_vertices": vertices, "finest_faces": faces,
    }  # fmt: skip


def test_stretch_is_one_for_a_plain_copy_and_known_for_a_squeezed_one():
    assert maps.unwrap_figures(made())["stretch"] == pytest.approx(1)
    # singular values 2 and 1, scaled by the root of the area ratio 2
    assert maps.unwrap_figures(made((0.5, 1.0)))["stretch"] == pytest.approx(np.sqrt((4 + 1) / 2 / 2), rel=1e-5)


def test_a_face_laid_upside_down_is_counted():
    turned = made()
    turned["corner_uv"][7] = turned["corner_uv"][7][[1, 0, 2]]
    assert maps.unwrap_figures(turned)["flipped"] == 1


def test_occlusion_beside_a_high_wall_is_a_half():
    vertices, faces = grid(11)
    wall = np.array([[-1e-3, -500, -500], [-1e-3, 500, -500], [-1e-3, 500, 500], [-1e-3, -500, 500]], np.float32)
    strip = made() | {
        "vertices": vertices * [0.001, 1, 1], "faces": faces, "corner_uv": vertices[:, :2][faces],
        "corner_normals": np.tile(np.array([0, 0, 1], np.float32), (len(faces), 3, 1)),
        "finest_vertices": np.concatenate([vertices * [0.001, 1, 1], wall]).astype(np.float32),
        "finest_faces": np.concatenate([faces, [[121, 122, 123], [121, 123, 124]]]).astype(np.int32),
    }  # fmt: skip
    assert maps.occlusion_psnr(strip | {"occlusion": np.full((8, 8), 128, np.uint8)}, 300) > 35
    assert maps.occlusion_psnr(strip | {"occlusion": np.full((8, 8), 255, np.uint8)}, 300) == pytest.approx(6, abs=0.3)


def test_memory_and_seconds_of_children_count(tmp_path):
    child = "import time; held = bytearray(10**8); time.sleep(.4)"
    code = f"import subprocess, sys\nheld = bytearray(10**8)\nsubprocess.run([sys.executable, '-c', {child!r}])"
    ended = run_watched([sys.executable, "-c", code], cwd=tmp_path, env={}, log=tmp_path / "log", timeout_s=60)
    assert ended.code == 0
    assert 195 < ended.peak_mb < 300


def test_what_never_ends_is_ended(tmp_path):
    started = time.perf_counter()
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert run_watched(command, cwd=tmp_path, env={}, log=tmp_path / "log", timeout_s=0.5).code != 0
    assert time.perf_counter() - started < 10


def test_a_written_scan_reads_back(tmp_path):
    from exhibit import formats

    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    write_ply(tmp_path / "a.ply", points, np.full((50, 3), 7, np.uint8))
    block = next(iter(formats.read(tmp_path / "a.ply").blocks()))
    assert np.array_equal(block.positions, points)
    assert (block.colors == 7).all()


def test_a_row_that_was_not_run_says_so():
    assert "not run yet" in line("script", None, {})
    rows = {"tuned": {"held_mean_pct": 0.04, "held_p95_pct": 0.1}}
    assert "0.50 / 0.75" in line("ours", {"held_mean_pct": 0.02, "held_p95_pct": 0.075}, rows)
