"""How much an atlas stretches its surface.

Sander, Snyder, Gortler & Hoppe, "Texture mapping progressive meshes" (SIGGRAPH 2001): the L2 norm of how far a step
in the picture reaches on the surface, in the mean over all directions and faces.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.mesh_measures import face_areas
from exhibit.model.arrays import F4, I4


def l2_stretch(vertices: F4, faces: I4, corner_uv: F4) -> float:
    """Return the L2 stretch of `corner_uv` (m, 3, 2), scaled so that 1 is no stretch at all.

    Faces without area on the surface or in the picture do not count.
    """
    corners, uv = vertices[faces].astype(np.float64), corner_uv.astype(np.float64)
    edge_1, edge_2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    flat_1, flat_2 = uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]
    doubled = flat_1[:, 0] * flat_2[:, 1] - flat_1[:, 1] * flat_2[:, 0]
    area = face_areas(vertices, faces)
    counts = (np.abs(doubled) > 1e-14) & (area > 0)
    if not counts.any():
        return 1.0
    safe = np.where(counts, doubled, 1.0)[:, None]
    along_u = (edge_1 * flat_2[:, 1:] - edge_2 * flat_1[:, 1:]) / safe
    along_v = (edge_2 * flat_1[:, :1] - edge_1 * flat_2[:, :1]) / safe
    squared = ((along_u**2).sum(axis=1) + (along_v**2).sum(axis=1)) / 2
    mean = (squared * area)[counts].sum() / area[counts].sum()
    scale = np.abs(doubled[counts]).sum() / 2 / area[counts].sum()
    return float(np.sqrt(mean * scale))
