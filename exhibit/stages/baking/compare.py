"""How true a baked texture is to the colours it was made from."""

from __future__ import annotations

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.colour_spaces import delta_e, srgb_from_linear
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.geometry.sample_texture import sample_values
from exhibit.model.arrays import U1
from exhibit.model.cloud import CleanCloud
from exhibit.model.surface import ColourSource, Unwrapped
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.paint import Painter, place_of

_N_COMPARED = 50_000


def color_error(
    mesh: Unwrapped, base_color: U1, source: ColourSource, painter: Painter | None, *, progress: Progress = SILENT
) -> float | None:
    """Return the mean CIE76 difference between the texture and the source at places spread over it, or None.

    Of a cloud, its own points against the nearest place of the level; of a mesh, places of the level against what the
    source shows there.
    """
    if painter is None:
        return None
    if isinstance(source, CleanCloud):
        assert source.colors is not None
        some = slice(None, None, max(1, len(source.positions) // _N_COMPARED))
        truth = source.colors[some]
        closest = RaycastScene(mesh.vertices, mesh.faces).closest(source.positions[some], progress=progress)
        face, weights = closest.face, closest.weights
    else:
        places = sample_mesh(mesh.vertices, mesh.faces, _N_COMPARED)
        face, weights = places.face, places.weights
        truth = srgb_from_linear(painter.at(*place_of(mesh, face, weights), progress=progress))
    if len(face) == 0:
        return None
    shown = sample_values(base_color, interpolate(mesh.uv, mesh.faces, face, weights))
    return float(delta_e(np.round(shown).astype(np.uint8), truth).mean())
