"""``python -m tests.bench.faults [NAME ...]``: the faults of every level of every scan, as made and as stored.

Stored means what a reader gets back: the GLB of a level, positions as integers and vertices reordered, packed with
meshopt and unpacked again by our own reader, vertices at one place joined. A folded edge is one of less than 26
degrees. Scans are those of `tests.bench.subjects` and the demonstration's relics. Writes ``results/faults.md``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.results import FOLDER
from tests.bench.subjects import SUBJECTS, prepare

RELICS = Path(__file__).parents[2] / "assets"
SCANS = ("lion", "buddha", "mask", "venus-500k")
COLUMNS = ("non-manifold edges", "disagreeing", "degenerate", "duplicate", "folded edges", "zero normals",
           "self-intersecting", "border loops")  # fmt: skip


def main() -> None:
    """Judge the scans named, or all; rows of others are kept."""
    path = FOLDER / "faults.md"
    relics = sorted(found.parent.name for found in RELICS.glob("*/*.laz"))
    kept = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("| ") and not line.startswith("| scan"):
                kept[tuple(cell.strip() for cell in line.split("|")[1:4])] = line
    for name in sys.argv[1:] or [*SCANS, *relics]:
        for key, line in _rows(name):
            print(line, flush=True)
            kept[key] = line
    said = "By `python -m tests.bench.faults`, whose first lines say what is counted."
    titles = f"| scan | level | as | triangles | {' | '.join(COLUMNS)} |"
    head = ["# Faults of every level", "", said, "", titles, "|---" * (len(COLUMNS) + 4) + "|"]
    path.write_text("\n".join([*head, *kept.values()]) + "\n", encoding="utf-8")


def _rows(name: str) -> Any:
    from exhibit import formats
    from exhibit.stages.clean import clean
    from exhibit.stages.levels import levels
    from exhibit.stages.surface import surface

    path = prepare(SUBJECTS[name]).scan if name in SUBJECTS else next((RELICS / name).glob("*.laz"))
    finest = surface(clean(formats.read(path)))
    made = [("finest", finest)] + [(level.name, level.surface) for level in levels(finest).levels]
    for level, mesh in made:
        yield _row(name, level, "made", mesh.vertices, mesh.faces)
        if level != "finest":
            yield _row(name, level, "stored", *_stored(level, mesh.vertices, mesh.faces))


def _row(name: str, level: str, kind: str, vertices: Any, faces: Any) -> tuple[tuple[str, str, str], str]:
    found = count_faults(vertices, faces)
    cells = [f"{len(faces):,}", *(f"{found[column]:,}" for column in COLUMNS)]
    return (name, level, kind), f"| {name} | {level} | {kind} | {' | '.join(cells)} |"


def count_faults(vertices: Any, faces: Any) -> dict[str, int]:
    """Return the number of each fault of `COLUMNS`; seams must be joined."""
    from exhibit.geometry.fill_holes import find_border_loops
    from exhibit.geometry.judge_mesh import judge_mesh
    from exhibit.geometry.repair import make_manifold
    from exhibit.geometry.unfold import find_folded_edges
    from exhibit.geometry.vertex_normals import vertex_normals

    judged = judge_mesh(vertices, faces)
    corner = vertices[faces].astype(np.float64)
    vectors = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    sums = np.zeros((len(vertices), 3))
    for k in range(3):
        np.add.at(sums, faces[:, k], vectors)
    used = np.unique(faces)
    is_zero = ~(np.linalg.norm(vertex_normals(vertices, faces)[used], axis=1) > 0.5)
    return {
        "non-manifold edges": judged.n_non_manifold_edges,
        "disagreeing": judged.n_flipped_edges,
        "degenerate": judged.n_degenerate,
        "duplicate": len(faces) - len(np.unique(np.sort(faces, axis=1), axis=0)),
        "folded edges": len(find_folded_edges(vertices, faces)),
        "zero normals": int(is_zero.sum() + (np.linalg.norm(sums[used], axis=1) == 0).sum()),
        "self-intersecting": judged.n_self_intersecting,
        "border loops": len(find_border_loops(make_manifold(vertices, faces).faces)),
    }


def _stored(level: str, vertices: Any, faces: Any) -> tuple[Any, Any]:
    """Write a level as the package is written, and read it back."""
    from exhibit import formats
    from exhibit.engines.gltf_tools import check_and_compress
    from exhibit.geometry.vertex_normals import vertex_normals
    from exhibit.geometry.weld import find_equal_points
    from exhibit.model.surface import Unwrapped
    from exhibit.progress import SILENT
    from exhibit.stages.pack import _RECIPES
    from exhibit.stages.packing.glb import write_glb
    from exhibit.stages.packing.pictures import Picture
    from exhibit.stages.packing.streams import quantised_streams

    n = len(vertices)
    tangents = np.tile(np.float32([1, 0, 0, 1]), (n, 1))
    uv = np.random.default_rng(0).random((n, 2)).astype(np.float32)
    normals = vertex_normals(vertices, faces)
    mesh = Unwrapped(level, vertices, normals, tangents, uv, faces, np.zeros(len(faces), np.uint8), 256, 1, 0.5)
    recipe = _RECIPES[level]
    streams = quantised_streams(
        mesh,
        with_tangents=False,
        position_bits=recipe.position_bits,
        with_fine_normals=recipe.with_fine_normals,
    )
    data = write_glb(streams, (_dot(Picture),), is_two_sided=True)
    report, data = check_and_compress(data, progress=SILENT)
    assert not report.errors, report
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "level.glb"
        path.write_bytes(data)
        back = formats.read(path)
    return back.vertices, find_equal_points(back.vertices).astype(np.int32)[back.faces]


def _dot(picture: Any) -> Any:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), (128, 128, 128)).save(buffer, "WEBP", lossless=True)
    return picture("base_color", "webp", buffer.getvalue(), 4, 4)


if __name__ == "__main__":
    main()
