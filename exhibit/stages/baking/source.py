"""What pictures are baked from, and what has to be made of it once for all levels."""

from __future__ import annotations

import functools

import numpy as np

from exhibit.errors import StageError
from exhibit.geometry.gather_colour import CloudColours
from exhibit.model.arrays import F4
from exhibit.model.cloud import CleanCloud
from exhibit.model.surface import ColourSource, Surface
from exhibit.progress import SILENT, Progress
from exhibit.stages.baking.counterpart import OtherMesh
from exhibit.stages.baking.mesh_colours import MeshColours
from exhibit.stages.baking.occlusion import sky_at_vertices
from exhibit.stages.baking.paint import Painter


class BakeSource:
    """The finest surface, and the cleaned cloud or placed source mesh that its colours come from.

    Search trees and the like are made when first asked for and kept: hand the same one to every level.

    Parameters
    ----------
    finest : the surface whose relief and shade the levels show.
    colour : lies in the same space.
    """

    def __init__(self, finest: Surface, colour: ColourSource) -> None:
        self.finest = finest
        self.colour = colour
        self._sky: dict[int, F4] = {}

    @functools.cached_property
    def reach(self) -> float:
        """How far a level may lie from the finest surface, metres: some spacings, and for coarse ones a share of it."""
        size = float(np.linalg.norm(np.ptp(self.finest.vertices.astype(np.float64), axis=0)))
        return max(4 * self.finest.spacing_m + 0.02 * size, 1e-9)

    @functools.cached_property
    def mesh(self) -> OtherMesh:
        """The finest surface to find places on.

        Raises
        ------
        StageError : it has no face.
        """
        if len(self.finest.faces) == 0:
            raise StageError("there is no surface to bake from.")
        return OtherMesh(self.finest.vertices, self.finest.faces)

    @functools.cached_property
    def painter(self) -> Painter | None:
        """What knows the colours; None where the source has none.

        Raises
        ------
        StageError : the source mesh has no face.
        """
        colour = self.colour
        if isinstance(colour, CleanCloud):
            if colour.colors is None or len(colour.positions) == 0:
                return None
            return CloudColours(colour.positions, colour.normals, colour.colors, colour.spacing_m)
        if len(colour.faces) == 0:
            raise StageError("the source mesh has no face to take colour from.", where=colour.name)
        return MeshColours(colour, self.mesh, self.reach) if colour.has_colors else None

    def sky(self, n_rays: int, *, progress: Progress = SILENT) -> F4:
        """Return the open sky (n,) float32 at each vertex of the finest surface, by `sky_at_vertices`."""
        if n_rays not in self._sky:
            self._sky[n_rays] = sky_at_vertices(self.mesh, n_rays, progress=progress)
        return self._sky[n_rays]
