"""From a cloud to 50,000 textured triangles: ours, our Open3D recipe, and the script people write over Open3D."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

TRIANGLES = 50_000
WAYS = ("ours", "open3d engine", "script")
ROOT = Path(__file__).parents[2]


def ours(scan: Path, engine: str) -> dict[str, np.ndarray]:
    from exhibit import formats
    from exhibit.model.asset import LevelSpec
    from exhibit.stages.bake import BakeOptions, BakeSource, bake
    from exhibit.stages.clean import clean
    from exhibit.stages.levels import LevelOptions, levels
    from exhibit.stages.surface import SurfaceOptions, surface
    from exhibit.stages.unwrap import unwrap

    cloud = clean(formats.read(scan))
    finest = surface(cloud, SurfaceOptions(engine=engine))
    specs = (LevelSpec("hero", TRIANGLES, 2048),)
    made = levels(finest, LevelOptions(specs=specs, names=("hero",), engine=engine))
    bake(unwrap(made.levels[0]), BakeSource(finest, cloud), BakeOptions())
    mesh = made.levels[0].surface
    return {"vertices": mesh.vertices, "faces": mesh.faces, "points": cloud.positions}


def script(scan: Path) -> dict[str, np.ndarray]:
    import open3d as o3d

    from exhibit import formats
    from exhibit.stages.clean import clean

    source = formats.read(scan)
    blocks = list(source.blocks())
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(np.concatenate([b.positions for b in blocks])))
    if source.has_colors:
        cloud.colors = o3d.utility.Vector3dVector(np.concatenate([b.colors for b in blocks]) / 255)
    started = time.perf_counter()
    cloud, _ = cloud.remove_statistical_outlier(20, 2.0)
    cloud.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(30))
    cloud.orient_normals_consistent_tangent_plane(30)
    mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(cloud, depth=9)
    mesh.remove_vertices_by_mask(np.asarray(density) < np.quantile(np.asarray(density), 0.01))
    mesh = mesh.simplify_quadric_decimation(TRIANGLES)
    seconds = time.perf_counter() - started
    subject = clean(source)  # only to know which points to measure; not timed
    back = subject.placement
    turned = subject.positions / back.metres_per_unit @ back.rotation + (back.origin - source.origin)
    return {
        "vertices": np.asarray(mesh.vertices, np.float32), "faces": np.asarray(mesh.triangles, np.int32),
        "points": turned.astype(np.float32), "seconds": np.array(seconds),
    }  # fmt: skip


def run_one(way: str, scan: Path, out: Path) -> None:
    started = time.perf_counter()
    made = script(scan) if way == "script" else ours(scan, "open3d" if way == "open3d engine" else "exhibit")
    made.setdefault("seconds", np.array(time.perf_counter() - started))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    np.savez(out, peak_mb=np.array(peak), **made)


def measure(file: Path) -> dict[str, float]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    from exhibit.engines.raycast import RaycastScene

    made = np.load(file)
    vertices, faces, points = made["vertices"], made["faces"], made["points"]
    distance = RaycastScene(vertices, faces).closest(points).distance
    diagonal = np.linalg.norm(np.ptp(points, axis=0))
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    _, counts = np.unique(edges, axis=0, return_counts=True)
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (len(vertices),) * 2)
    labels = connected_components(graph, directed=False)[1]
    return {
        "seconds": float(made["seconds"]), "peak_mb": float(made["peak_mb"]), "triangles": len(faces),
        "mean_pct": float(distance.mean() / diagonal * 100),
        "p95_pct": float(np.quantile(distance, 0.95) / diagonal * 100),
        "pieces": len(np.unique(labels[faces])), "non_manifold_edges": int((counts > 2).sum()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        run_one(given.one[0], given.scans[0], Path(given.one[1]))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median of {given.runs}\n")
    print("| scan | way | s | peak MB | triangles | mean % | p95 % | pieces | non-manifold edges |")
    print("|---|---|---|---|---|---|---|---|---|")
    for scan in given.scans:
        for way in WAYS:
            rows = [_fresh(way, scan) for _ in range(given.runs)]
            m = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
            print(
                f"| {scan.name} | {way} | {m['seconds']:.1f} | {m['peak_mb']:.0f} | {m['triangles']:.0f} | "
                f"{m['mean_pct']:.4f} | {m['p95_pct']:.4f} | {m['pieces']:.0f} | {m['non_manifold_edges']:.0f} |",
                flush=True,
            )


def _fresh(way: str, scan: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "made.npz"
        command = [sys.executable, __file__, str(scan), "--one", way, str(out)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=sys.stderr)
        return measure(out)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(json.dumps({"numpy": np.__version__}), file=sys.stderr)
    main()
