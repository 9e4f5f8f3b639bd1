"""Microsoft UVAtlas through Open3D: few charts of low stretch. Runs in the child process: it throws on bad meshes.

Zhou et al., "Iso-charts" (SGP 2004). It seeds itself from the machine's entropy (microsoft/UVAtlas issue 84,
isl-org/Open3D issue 6348): two runs never give the same bytes, at one thread and one partition neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from exhibit.model.arrays import F4, I4

_FACES_FOR_PARTS = 8_000


def unwrap_uvatlas(vertices: F4, faces: I4, texture_px: int, gutter_px: float, max_stretch: float) -> F4:
    """Return the uv of every face corner, (m, 3, 2) float32 inside the unit square.

    Parameters
    ----------
    vertices : (n, 3) float32.
    faces : (m, 3) int32, manifold edges; it throws otherwise.
    texture_px, gutter_px : side of the texture and room between charts, pixels.
    max_stretch : 0 (none) to 1 (any).
    """
    open3d: Any = import_module("open3d")
    mesh = open3d.t.geometry.TriangleMesh(
        open3d.core.Tensor(np.ascontiguousarray(vertices, np.float32)),
        # partitions need 64-bit indices; with 32 bits it fails with a message about something else
        open3d.core.Tensor(np.ascontiguousarray(faces, np.int64)),
    )
    with open3d.utility.VerbosityContextManager(open3d.utility.VerbosityLevel.Error):
        mesh.compute_uvatlas(
            size=texture_px,
            gutter=gutter_px,
            max_stretch=max_stretch,
            parallel_partitions=24 if len(faces) > _FACES_FOR_PARTS else 1,
            nthreads=2,
        )
    uv: F4 = mesh.triangle.texture_uvs.numpy().astype(np.float32)
    return uv
