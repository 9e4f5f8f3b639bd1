"""``python -m tests.bench.pictures [NAME ...]``: every level of ours above the Open3D script at equal triangles.

One camera and one light for all; below each its triangles and its distance from the points held back. The script's
mesh before decimation is kept in the cache folder. Writes ``results/levels-NAME.webp``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.results import FOLDER
from tests.bench.subjects import SUBJECTS, Prepared, cache_folder, prepare
from tests.bench.truth import Scene, look_up

SIDE, FINE, HEAD = 320, 2, 22
REAL = ("lion", "buddha", "mask", "venus-500k")
VIEW_DEG = {"lion": (0.0, 12.0), "buddha": (-25.0, 12.0), "mask": (0.0, 65.0), "venus-500k": (0.0, 12.0)}
"""Azimuth and elevation."""
CLAY = (0.66, 0.62, 0.56)
GROUND = 245

F4 = npt.NDArray[np.float32]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shown:
    """A mesh to draw: placed vertices (n, 3), faces (m, 3), and its colour where it has any."""

    title: str
    vertices: F4
    faces: I4
    vertex_colors: U1 | None = None
    corner_uv: F4 | None = None
    texture: U1 | None = None


def main() -> None:
    """Draw the subjects named, or all real ones."""
    for name in sys.argv[1:] or REAL:
        path = FOLDER / f"levels-{name}.webp"
        _draw(prepare(SUBJECTS[name]), path)
        print(path, f"{path.stat().st_size / 1e3:.0f} kB", flush=True)


def _draw(subject: Prepared, path: Path) -> None:
    from PIL import Image

    from exhibit.geometry.camera import frame

    ours, place = _ours(subject)
    theirs = _script(subject, [len(shown.faces) for _, shown in ours], place)
    points = place(subject.held_out)
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    camera = frame(points, *VIEW_DEG[subject.name], 1.0, margin=0.04)
    rows = [[(f"ours, {name}", shown) for name, shown in ours], [("script", shown) for shown in theirs]]
    has_color = ours[0][1].texture is not None
    sheet = Image.new("RGB", (SIDE * len(ours), (SIDE + HEAD) * 2 * (1 + has_color)), (GROUND,) * 3)
    for column in range(len(ours)):
        for row, made in enumerate(rows):
            label, shown = made[column]
            away = Scene(shown.vertices, shown.faces).closest(points).distance
            assert away is not None
            said = f"{label}: {len(shown.faces):,} · {away.mean() / diagonal * 100:.3f} %"
            said += ", inside out" if _is_inside_out(shown, camera) else ""
            for kind in range(1 + has_color):
                cell = _caption(_picture(shown, camera, is_clay=kind == 0), said)
                sheet.paste(cell, (column * SIDE, (2 * kind + row) * (SIDE + HEAD)))
    sheet.save(path, quality=72, method=6)


def _ours(subject: Prepared) -> tuple[list[tuple[str, Shown]], Any]:
    """Return our levels and what places points of the scan as they are placed."""
    from exhibit import formats
    from exhibit.stages.bake import BakeSource, bake
    from exhibit.stages.clean import clean
    from exhibit.stages.levels import levels
    from exhibit.stages.surface import surface
    from exhibit.stages.unwrap import unwrap

    source = formats.read(subject.scan)
    cloud = clean(source)
    at = cloud.placement

    def place(points: Any) -> F4:
        moved = (points.astype(np.float64) - (at.origin - source.origin)) @ at.rotation.T * at.metres_per_unit
        return np.ascontiguousarray(moved, np.float32)

    finest = surface(cloud)
    made = []
    for level in levels(finest).levels:
        textured = bake(unwrap(level), BakeSource(finest, cloud))
        mesh = textured.mesh
        is_plain = any(finding.code == "colour.none" for finding in textured.findings)
        shown = Shown(level.name, mesh.vertices, mesh.faces, None, mesh.uv[mesh.faces], textured.base_color)
        made.append((level.name, Shown(level.name, mesh.vertices, mesh.faces) if is_plain else shown))
    return made, place


def _script(subject: Prepared, targets: list[int], place: Any) -> list[Shown]:
    """Return the script's meshes, from its Poisson surface after the trim."""
    import open3d as o3d

    from tests.bench.clock import Clock
    from tests.bench.contenders import DEPTH, _oriented

    kept = cache_folder() / f"script-{subject.fingerprint}.ply"
    if not kept.is_file():
        cloud = _oriented(o3d, subject.scan, Clock(), 30)
        mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(cloud, depth=DEPTH)
        mesh.remove_vertices_by_mask(np.asarray(density) < np.quantile(np.asarray(density), 0.01))
        o3d.io.write_triangle_mesh(str(kept), mesh)
    mesh, made = o3d.io.read_triangle_mesh(str(kept)), {}
    for target in sorted(targets, reverse=True):
        some = mesh.simplify_quadric_decimation(target)
        colors = np.asarray(some.vertex_colors)
        made[target] = Shown(
            "script",
            place(np.asarray(some.vertices)),
            np.asarray(some.triangles).astype(np.int32),
            np.rint(colors * 255).astype(np.uint8) if len(colors) else None,
        )
    return [made[target] for target in targets]


def _picture(shown: Shown, camera: Any, *, is_clay: bool) -> U1:
    """Return (SIDE, SIDE, 3) uint8: smooth normals, one lamp from the upper left, the inside in red."""
    from exhibit.geometry.draw_mesh import draw_mesh
    from exhibit.geometry.mesh_measures import area_vectors
    from exhibit.geometry.vertex_normals import vertex_normals
    from exhibit.geometry.weld import find_equal_points

    side = SIDE * FINE
    seen = draw_mesh(camera.places(shown.vertices, side, side), shown.faces, side, side)
    hit = seen.face >= 0
    face = seen.face[hit]
    weights = np.concatenate([1 - seen.weights[hit].sum(axis=1, keepdims=True), seen.weights[hit]], axis=1)
    joined = find_equal_points(shown.vertices).astype(np.int32)[shown.faces]
    normals = np.einsum("nk,nkd->nd", weights, vertex_normals(shown.vertices, joined)[joined[face]])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    away = shown.vertices[shown.faces[face, 0]] - camera.position
    is_inside = (area_vectors(shown.vertices, shown.faces)[face] * away).sum(axis=1) > 0
    if is_inside.mean() > 0.5:  # all of it is inside out: drawn as if it were not, and said
        normals, is_inside = -normals, ~is_inside
    key = camera.toward * 0.55 + camera.up * 0.6 - camera.right * 0.6
    light = np.maximum(normals @ (key / np.linalg.norm(key)), 0) * 0.85 + 0.12 + 0.1 * (normals @ camera.up)
    if is_clay:
        color = np.broadcast_to(np.array(CLAY), normals.shape).copy()
    elif shown.texture is not None and shown.corner_uv is not None:
        color = (look_up(shown.texture, np.einsum("nk,nkd->nd", weights, shown.corner_uv[face])) / 255) ** 2.2
        light = 0.4 + 0.75 * light
    elif shown.vertex_colors is not None:
        color = (np.einsum("nk,nkd->nd", weights, shown.vertex_colors[shown.faces[face]] / 255)) ** 2.2
        light = 0.4 + 0.75 * light
    lit = np.clip(color * np.clip(light, 0.02, None)[:, None], 0, 1)
    lit[is_inside] = np.array([0.5, 0.05, 0.04])
    picture = np.full((side, side, 3), (GROUND / 255) ** 2.2)
    picture[hit] = lit
    small = picture.reshape(SIDE, FINE, SIDE, FINE, 3).mean(axis=(1, 3))
    return np.rint(small ** (1 / 2.2) * 255).astype(np.uint8)


def _is_inside_out(shown: Shown, camera: Any) -> bool:
    from exhibit.geometry.draw_mesh import draw_mesh
    from exhibit.geometry.mesh_measures import area_vectors

    seen = draw_mesh(camera.places(shown.vertices, 64, 64), shown.faces, 64, 64).face
    face = seen[seen >= 0]
    away = shown.vertices[shown.faces[face, 0]] - camera.position
    return bool(((area_vectors(shown.vertices, shown.faces)[face] * away).sum(axis=1) > 0).mean() > 0.5)


def _caption(picture: U1, text: str) -> Any:
    from PIL import Image, ImageDraw, ImageFont

    cell = Image.new("RGB", (SIDE, SIDE + HEAD), (GROUND,) * 3)
    cell.paste(Image.fromarray(picture), (0, 0))
    font = ImageFont.load_default(14)
    ImageDraw.Draw(cell).text((SIDE / 2, SIDE + 2), text, fill=(40, 40, 40), font=font, anchor="ma")
    return cell


if __name__ == "__main__":
    main()
