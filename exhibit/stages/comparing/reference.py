"""What a mesh is held against: points with normals, from a cleaned cloud or spread over a source mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.engines.raycast import RaycastScene
from exhibit.errors import StageError
from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.mesh_measures import face_areas
from exhibit.geometry.morton import morton_order
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.geometry.surfel_deviation import surfel_deviation
from exhibit.geometry.vertex_normals import face_normals
from exhibit.model.arrays import F4, I4, U1, Bool
from exhibit.model.cloud import CleanCloud, SourceMesh
from exhibit.model.surface import ColourSource
from exhibit.progress import SILENT, Progress
from exhibit.stages.comparing.colours import colours_at

_N_SPREAD = 400_000
_N_ASKED = 20_000


@dataclass(frozen=True, slots=True)
class Reference:
    """Points in Morton order, metres; see `CleanCloud`. `scene` is the source mesh itself, where it was one."""

    index: PointIndex
    normals: F4
    colors: U1 | None
    spacing_m: F4
    noise_m: float
    scene: RaycastScene | None

    @property
    def points(self) -> F4:
        """(n, 3) float32."""
        return self.index.points

    def deviation(self, places: F4, facing: F4, *, progress: Progress = SILENT) -> tuple[F4, Bool]:
        """Measure places of the mesh (n, 3) that face (n, 3): as `surfel_deviation`, face against face of a mesh."""
        deviation, has_scan = surfel_deviation(
            places, facing, self.index, self.normals, self.spacing_m, progress=progress
        )
        if self.scene is not None:
            exact = self.scene.closest(places, progress=progress).distance
            deviation = np.where(deviation < 0, -exact, exact)
        return deviation, has_scan


def reference_of(source: ColourSource) -> Reference:
    """Make points of a cloud or of a placed source mesh.

    Raises
    ------
    StageError
        It is empty.
    """
    if isinstance(source, CleanCloud):
        if len(source.positions) == 0:
            raise StageError("the scan holds nothing to compare with.")
        return Reference(
            PointIndex(source.positions), source.normals, source.colors, source.spacing_m, source.noise_m, None
        )
    return _spread(source)


def _spread(mesh: SourceMesh) -> Reference:
    places = sample_mesh(mesh.vertices, mesh.faces, _N_SPREAD)
    if len(places.face) == 0:
        raise StageError("the scan is a mesh without area.", where=mesh.name)
    points = interpolate(mesh.vertices, mesh.faces, places.face, places.weights)
    order = morton_order(points)
    face, weights = places.face[order], places.weights[order]
    normals = face_normals(mesh.vertices, mesh.faces)[0][face]
    spacing = float(np.sqrt(face_areas(mesh.vertices, mesh.faces).sum() / len(points)))
    return Reference(
        PointIndex(points[order]),
        normals,
        colours_at(mesh, face, weights),
        np.full(len(points), spacing, np.float32),
        0.0,
        RaycastScene(mesh.vertices, mesh.faces),
    )


def side_of(mesh: SourceMesh, reference: Reference) -> int:
    """Return 1, or -1 where the mesh is inside out: its faces nearest to the points look against their normals."""
    some = slice(None, None, max(1, len(reference.points) // _N_ASKED))
    face = RaycastScene(mesh.vertices, mesh.faces).closest(reference.points[some]).face
    facing = face_normals(mesh.vertices, mesh.faces)[0][face]
    return -1 if float(np.einsum("nd,nd->n", facing, reference.normals[some]).mean()) < 0 else 1


def places_of(mesh: SourceMesh, face: I4, weights: F4) -> tuple[F4, F4]:
    """Return places of a mesh (n, 3) and the normals of their faces (n, 3)."""
    at = interpolate(mesh.vertices, mesh.faces, face, weights)
    return at, face_normals(mesh.vertices, mesh.faces)[0][face]
