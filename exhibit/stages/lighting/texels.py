"""The texels of a room's light map: where each lies, and which way it faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.pack_rectangles import pack_rectangles
from exhibit.model.arrays import F4, F8, I4, Bool
from exhibit.model.room import Panel

_GUTTER = 1
_LIFT_M = 0.002


@dataclass(frozen=True, slots=True)
class Texels:
    """All texels of all panels, panel after panel, row by row.

    Parameters
    ----------
    points, normals : (n, 3) float32; points lie a little before their panel.
    panel : (n,) int32.
    is_free : (n,) bool, False where something stands on the panel or it has a hole.
    first : (panels + 1,) int32, where each panel's texels begin.
    places : (panels, 4) int32, x, y, width and height in the map.
    size : width and height of the map.
    """

    points: F4
    normals: F4
    panel: I4
    is_free: Bool
    first: I4
    places: I4
    size: tuple[int, int]

    def put(self, values: F4) -> F4:
        """Return the map (h, w, 3) of `values` (n, 3), each panel's rim repeated into the gutter about it."""
        width, height = self.size
        whole = np.zeros((height, width, values.shape[1]), np.float32)
        for number, (x, y, w, h) in enumerate(self.places):
            own = values[self.first[number] : self.first[number + 1]].reshape(h, w, -1)
            padded = np.pad(own, ((_GUTTER, _GUTTER), (_GUTTER, _GUTTER), (0, 0)), mode="edge")
            whole[y - _GUTTER : y + h + _GUTTER, x - _GUTTER : x + w + _GUTTER] = padded
        return whole


def frame_of(panel: Panel) -> tuple[F8, F8, F8, F8]:
    """Return a panel's corner, its two edges, and its unit normal, each (3,) float64."""
    a, b, c, d = np.asarray(panel.corners, np.float64)
    across, up = ((b - a) + (c - d)) / 2, ((d - a) + (c - b)) / 2
    normal = np.cross(across, up)
    return a, across, up, normal / max(float(np.linalg.norm(normal)), 1e-12)


def lay_texels(panels: tuple[Panel, ...], finer: float = 1.0) -> Texels:
    """Spread texels over panels; `finer` scales every panel's density."""
    sizes = np.array([_texels_of(panel, finer) for panel in panels], np.int32)
    corners, size = pack_rectangles(sizes, _GUTTER)
    points, normals, free, owner = [], [], [], []
    for number, (panel, (w, h)) in enumerate(zip(panels, sizes, strict=True)):
        v, u = np.divmod(np.arange(w * h), w)
        u, v = (u + 0.5) / w, (v + 0.5) / h
        a, b, c, d = np.asarray(panel.corners, np.float64)
        bottom, top = a + u[:, None] * (b - a), d + u[:, None] * (c - d)
        normal = frame_of(panel)[3]
        points.append(bottom + v[:, None] * (top - bottom) + _LIFT_M * normal)
        normals.append(np.broadcast_to(normal, (w * h, 3)))
        hidden = np.zeros(w * h, np.bool_)
        for u0, v0, u1, v1 in (*panel.holes, *panel.covered):
            hidden |= (u > u0) & (u < u1) & (v > v0) & (v < v1)
        free.append(~hidden)
        owner.append(np.full(w * h, number, np.int32))
    first = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))]).astype(np.int32)
    return Texels(
        np.concatenate(points).astype(np.float32),
        np.concatenate(normals).astype(np.float32),
        np.concatenate(owner),
        np.concatenate(free),
        first,
        np.concatenate([corners, sizes], axis=1).astype(np.int32),
        size,
    )


def _texels_of(panel: Panel, finer: float) -> tuple[int, int]:
    _, across, up, _ = frame_of(panel)
    count = [max(1, round(float(np.linalg.norm(edge)) * panel.texels_per_m * finer)) for edge in (across, up)]
    return count[0], count[1]


@dataclass(frozen=True, slots=True)
class Triangles:
    """Panels as triangles: (n, 3) float32 vertices, (n, 2) float64 places of them in their panel (shares), (m, 3)
    int32 faces, (m,) int32 panel of each face."""

    vertices: F4
    shares: F8
    faces: I4
    panel: I4


def triangulate(panels: tuple[Panel, ...]) -> Triangles:
    """Cut panels into triangles about their holes; cuts run through, so that no vertex lies on another's edge."""
    vertices, shares, faces, owner = [], [], [], []
    n = 0
    for number, panel in enumerate(panels):
        us = sorted({0.0, 1.0, *(cut for hole in panel.holes for cut in (hole[0], hole[2]))})
        vs = sorted({0.0, 1.0, *(cut for hole in panel.holes for cut in (hole[1], hole[3]))})
        v, u = (grid.ravel() for grid in np.meshgrid(vs, us, indexing="ij"))
        a, b, c, d = np.asarray(panel.corners, np.float64)
        bottom, top = a + u[:, None] * (b - a), d + u[:, None] * (c - d)
        vertices.append(bottom + v[:, None] * (top - bottom))
        shares.append(np.stack([u, v], axis=1))
        for row in range(len(vs) - 1):
            for column in range(len(us) - 1):
                middle = (us[column] + us[column + 1]) / 2, (vs[row] + vs[row + 1]) / 2
                if any(h[0] < middle[0] < h[2] and h[1] < middle[1] < h[3] for h in panel.holes):
                    continue
                at = n + row * len(us) + column
                faces += [(at, at + 1, at + len(us) + 1), (at, at + len(us) + 1, at + len(us))]
                owner += [number, number]
        n += len(u)
    return Triangles(
        np.concatenate(vertices).astype(np.float32),
        np.concatenate(shares),
        np.array(faces, np.int32).reshape(-1, 3),
        np.array(owner, np.int32),
    )
