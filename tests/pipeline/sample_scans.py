"""Small scans that look like something, written by the tests themselves."""

from pathlib import Path

import numpy as np


def write_ply(path: Path, points: np.ndarray, colors: np.ndarray | None = None) -> Path:
    """Write a binary PLY of points (n, 3) and optional colours (n, 3) uint8."""
    fields = [("x", "<f4"), ("y", "<f4"), ("z", "<f4")]
    lines = ["property float x", "property float y", "property float z"]
    if colors is not None:
        fields += [("red", "u1"), ("green", "u1"), ("blue", "u1")]
        lines += ["property uchar red", "property uchar green", "property uchar blue"]
    rows = np.empty(len(points), fields)
    rows["x"], rows["y"], rows["z"] = points.T
    if colors is not None:
        rows["red"], rows["green"], rows["blue"] = colors.T
    header = "\n".join(
        ["ply", "format binary_little_endian 1.0", f"element vertex {len(points)}", *lines, "end_header", ""]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + rows.tobytes())
    return path


def bumpy_ball(n: int = 20_000, radius: float = 0.1, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return points and stripes of a ball with low bumps, +Z up."""
    number = np.arange(n) + 0.5
    polar, azimuth = np.arccos(1 - 2 * number / n), np.pi * (1 + 5**0.5) * number
    unit = np.c_[np.cos(azimuth) * np.sin(polar), np.sin(azimuth) * np.sin(polar), np.cos(polar)]
    bumps = 1 + 0.03 * np.sin(6 * unit[:, :1]) * np.sin(5 * unit[:, 1:2])
    noise = np.random.default_rng(seed).normal(0, 0.0002 * radius, (n, 3))
    stripes = np.where(np.sin(20 * unit[:, 2:]) > 0, [[180, 60, 40]], [[230, 210, 170]])
    return radius * unit * bumps + noise, stripes.astype(np.uint8)
