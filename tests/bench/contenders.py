"""Who meshes a subject: one process each, ``python -m tests.bench.contenders NAME SCAN OUT``.

Writes ``OUT.npz`` (the mesh, in the scan's own frame, and its maps) and ``OUT.json`` (seconds by stage). Reading the
scan is timed, writing the result is not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.clock import Clock

TRIANGLES = 50_000
FINER = 150_000
DEPTH = 10
DEPTHS = (7, 8, 9, 10)


def ours(scan: Path, clock: Clock, engine: str = "exhibit", *, is_warm: bool = True) -> dict[str, Any]:
    """Walk the stages; warm means that kernels are loaded and the engine's process runs before the clock does."""
    if is_warm:
        _warm_up(engine)
    from exhibit import formats
    from exhibit.model.asset import LevelSpec
    from exhibit.stages.bake import BakeSource, bake
    from exhibit.stages.clean import clean
    from exhibit.stages.levels import LevelOptions, levels
    from exhibit.stages.surface import SurfaceOptions, surface
    from exhibit.stages.unwrap import unwrap

    with clock.stage("clean"):
        source = formats.read(scan)
        cloud = clean(source)
    with clock.stage("surface"):
        finest = surface(cloud, SurfaceOptions(engine=engine))
    with clock.stage("levels"):
        specs = (LevelSpec("hero", TRIANGLES, 2048),)
        level = levels(finest, LevelOptions(specs=specs, names=("hero",), engine=engine)).levels[0]
    with clock.stage("unwrap"):
        mesh = unwrap(level)
    with clock.stage("bake"):
        textured = bake(mesh, BakeSource(finest, cloud))
    place = cloud.placement

    def back(points: Any) -> Any:
        at = points.astype(np.float64) / place.metres_per_unit @ place.rotation + (place.origin - source.origin)
        return at.astype(np.float32)

    made = {
        "vertices": back(level.surface.vertices), "faces": level.surface.faces,
        "provenance": level.surface.provenance,
        "finest_vertices": back(finest.vertices), "finest_faces": finest.faces,
        "finest_provenance": finest.provenance,
        "corner_uv": mesh.uv[mesh.faces], "corner_normals": (mesh.normals @ place.rotation)[mesh.faces],
        "n_charts": mesh.n_charts, "utilisation": mesh.utilisation,
    }  # fmt: skip
    if is_warm:  # not timed: a finer level, for truth
        specs = (LevelSpec("inspect", FINER, 2048),)
        finer = levels(finest, LevelOptions(specs=specs, names=("inspect",), engine=engine)).levels[0].surface
        made |= {"finer_vertices": back(finer.vertices), "finer_faces": finer.faces}
    if any(finding.code == "colour.none" for finding in textured.findings):
        made["is_colourless"] = True
    maps = {"base_color": textured.base_color, "occlusion": textured.occlusion}
    return made | {name: picture for name, picture in maps.items() if picture is not None}


def open3d_engine(scan: Path, clock: Clock) -> dict[str, Any]:
    """Our own way with the plain recipe of Open3D inside."""
    return ours(scan, clock, "open3d")


def cold(scan: Path, clock: Clock) -> dict[str, Any]:
    """Ours with nothing warm: for the seconds of the whole process."""
    return ours(scan, clock, is_warm=False)


def script(scan: Path, clock: Clock) -> dict[str, Any]:
    """What people write over Open3D: outliers, normals, orientation, Poisson, trim, decimation, vertex colours."""
    import open3d as o3d

    cloud = _oriented(o3d, scan, clock, 30)
    with clock.stage("poisson"):
        mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(cloud, depth=DEPTH)
    with clock.stage("trim"):
        mesh.remove_vertices_by_mask(np.asarray(density) < np.quantile(np.asarray(density), 0.01))
    with clock.stage("decimate"):
        mesh = mesh.simplify_quadric_decimation(TRIANGLES)
    return _plain(mesh)


def tuned(scan: Path, clock: Clock) -> dict[str, Any]:
    """The same at each depth, with fast parts: k-d tree of pykdtree, 15 neighbours to orient, fast-simplification.

    The seconds of every depth are counted apart; the best one is chosen by who measures.
    """
    import open3d as o3d

    cloud = _oriented(o3d, scan, clock, 15, is_fast=True)
    made: dict[str, Any] = {}
    for depth in DEPTHS:
        with clock.stage(f"depth {depth}"):
            mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(cloud, depth=depth)
            mesh.remove_vertices_by_mask(np.asarray(density) < np.quantile(np.asarray(density), 0.01))
            vertices, faces = np.asarray(mesh.vertices), np.asarray(mesh.triangles)
            colors = np.asarray(mesh.vertex_colors)
            if len(faces) > TRIANGLES:
                points, triangles = simplified(vertices, faces)
                if len(colors):
                    from pykdtree.kdtree import KDTree

                    colors = colors[KDTree(vertices).query(np.asarray(points), 1)[1]]
                vertices, faces = np.asarray(points), np.asarray(triangles)
        made |= {f"vertices_{depth}": vertices.astype(np.float32), f"faces_{depth}": faces.astype(np.int32)}
        if len(colors):
            made[f"vertex_colors_{depth}"] = _bytes(colors)
    return made


def pymeshlab(scan: Path, clock: Clock) -> dict[str, Any]:
    """What people write over PyMeshLab."""
    import pymeshlab as ml

    meshes = ml.MeshSet(verbose=False)
    with clock.stage("read"):
        meshes.load_new_mesh(str(scan))
    has_color = meshes.current_mesh().has_vertex_color()
    with clock.stage("outliers"):
        meshes.compute_selection_point_cloud_outliers(propthreshold=0.8, knearest=20)
        meshes.meshing_remove_selected_vertices()
    with clock.stage("normals"):
        meshes.compute_normal_for_point_clouds(k=30)
    with clock.stage("poisson"):
        meshes.generate_surface_reconstruction_screened_poisson(depth=DEPTH, preclean=False)
    with clock.stage("decimate"):
        meshes.meshing_decimation_quadric_edge_collapse(targetfacenum=TRIANGLES)
    mesh = meshes.current_mesh()
    if has_color:
        with clock.stage("colour"):
            meshes.transfer_attributes_per_vertex(sourcemesh=0, targetmesh=meshes.current_mesh_id(), colortransfer=True)
    made = {"vertices": mesh.vertex_matrix().astype(np.float32), "faces": mesh.face_matrix().astype(np.int32)}
    return made | ({"vertex_colors": _bytes(mesh.vertex_color_matrix()[:, :3])} if has_color else {})


CONTENDERS: dict[str, Callable[[Path, Clock], dict[str, Any]]] = {
    "ours": ours, "cold": cold, "open3d": open3d_engine, "script": script, "tuned": tuned, "pymeshlab": pymeshlab,
}  # fmt: skip


def _oriented(o3d: Any, scan: Path, clock: Clock, n_neighbours: int, *, is_fast: bool = False) -> Any:
    with clock.stage("read"):
        cloud = o3d.io.read_point_cloud(str(scan))
    with clock.stage("outliers"):
        cloud = _without_outliers(o3d, cloud) if is_fast else cloud.remove_statistical_outlier(20, 2.0)[0]
    with clock.stage("normals"):
        cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(30))
    with clock.stage("orient"):
        cloud.orient_normals_consistent_tangent_plane(n_neighbours)
    return cloud


def _without_outliers(o3d: Any, cloud: Any) -> Any:
    """Do as Open3D's statistical filter does, by another k-d tree."""
    from pykdtree.kdtree import KDTree

    points = np.asarray(cloud.points)
    mean = KDTree(points).query(points, 20)[0].mean(axis=1)
    keep = mean < mean[mean > 0].mean() + 2.0 * mean[mean > 0].std()
    return cloud.select_by_index(np.flatnonzero(keep & (mean > 0)))


def simplified(vertices: Any, faces: Any) -> tuple[Any, Any]:
    """Decimate until the target is reached: one call often stops above it, and the next goes on from there."""
    import fast_simplification

    target = TRIANGLES
    while len(faces) > TRIANGLES and target > TRIANGLES / 4:
        vertices, faces = fast_simplification.simplify(vertices, faces, target_count=target, agg=3)
        target -= TRIANGLES // 100
    return vertices, faces


def _plain(mesh: Any) -> dict[str, Any]:
    made = {
        "vertices": np.asarray(mesh.vertices).astype(np.float32), "faces": np.asarray(mesh.triangles).astype(np.int32)
    }  # fmt: skip
    colors = np.asarray(mesh.vertex_colors)
    return made | ({"vertex_colors": _bytes(colors)} if len(colors) else {})


def _bytes(colors: Any) -> Any:
    return np.rint(np.clip(colors, 0, 1) * 255).astype(np.uint8)


def _warm_up(engine: str) -> None:
    """Walk once over a small bumpy ball: kernels are loaded, the engine's process runs."""
    import tempfile

    from exhibit.geometry.decimate import decimate_mesh
    from tests.bench.subjects import write_ply

    rng = np.random.default_rng(0)
    ball = rng.normal(size=(6000, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    ball *= 1 + 0.05 * np.sin(9 * ball[:, :1]) * np.cos(7 * ball[:, 1:2])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ball.ply"
        write_ply(path, ball.astype(np.float32), rng.integers(0, 256, ball.shape, np.uint8))
        made = ours(path, Clock(), engine, is_warm=False)
    # the ball has fewer triangles than are asked for
    decimate_mesh(made["vertices"], made["faces"], len(made["faces"]) // 2)


def main() -> None:
    """Run one contender on one scan."""
    name, scan, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    clock = Clock()
    made = CONTENDERS[name](scan, clock)
    np.savez(out.with_suffix(".npz"), **made)
    out.with_suffix(".json").write_text(json.dumps(clock.stages), encoding="utf-8")


if __name__ == "__main__":
    main()
