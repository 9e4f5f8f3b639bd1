"""Levels: one surface in several finenesses, each made from the next finer one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from exhibit.engines.child import run_in_child
from exhibit.engines.open3d_mesh import decimate_quadric
from exhibit.errors import UsageError
from exhibit.geometry.decimate import decimate_mesh
from exhibit.geometry.mesh_measures import face_areas, face_centres
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.repair import make_manifold
from exhibit.geometry.unfold import unfold
from exhibit.model.arrays import F4, I4, U1
from exhibit.model.asset import LEVELS, LevelSpec
from exhibit.model.surface import Level, Levels, Surface
from exhibit.progress import SILENT, Progress

TEXELS_PER_SPACING = 2.0
ATLAS_USE = 0.55
"""Share of a texture that charts cover, about."""
MIN_TEXTURE_PX = 256


@dataclass(frozen=True, slots=True)
class LevelOptions:
    """Which levels to make.

    Parameters
    ----------
    specs : the levels there are, from coarse to fine.
    names : the ones wanted; None means all.
    max_texture_px : no texture larger than this, pixels; None leaves it to the specs.
    engine : ``exhibit`` decimates with its own edge collapse, ``open3d`` with Open3D.
    texel_m : size of the texels of a textured source mesh, metres, which may carry finer colour than its vertices lie
        apart; None where points are the source.
    """

    specs: tuple[LevelSpec, ...] = LEVELS
    names: tuple[str, ...] | None = None
    max_texture_px: int | None = None
    engine: Literal["exhibit", "open3d"] = "exhibit"
    texel_m: float | None = None

    def __post_init__(self) -> None:
        known = [spec.name for spec in self.specs]
        unknown = [name for name in self.names or () if name not in known]
        if unknown or self.names == ():
            raise UsageError(
                f"there is no level '{unknown[0]}'." if unknown else "no level was asked for.",
                hint=f"Use some of {', '.join(known)}.",
            )
        if self.max_texture_px is not None and self.max_texture_px < MIN_TEXTURE_PX:
            raise UsageError(f"textures need at least {MIN_TEXTURE_PX} pixels a side, not {self.max_texture_px}.")


def levels(
    surface: Surface,
    options: LevelOptions = LevelOptions(),
    /,
    *,
    progress: Progress = SILENT,
) -> Levels:
    """Decimate a surface to the levels asked for, never to more triangles than it has; lay open what is folded.

    Returns
    -------
    Levels
        From coarse to fine. Levels with equal triangles and texture size are made once; `aliases` maps the finer name
        onto the coarser one.
    """
    wanted = [spec for spec in options.specs if options.names is None or spec.name in options.names]
    made: list[Level] = []
    aliases: list[tuple[str, str]] = []
    finer, origins = _unfolded(surface) if options.engine == "exhibit" else surface, _Origins(surface)
    for step, spec in enumerate(reversed(wanted)):
        progress.tick(step / len(wanted), f"level {spec.name}")
        coarser = _decimate(finer, origins, spec.max_triangles, options.engine, progress)
        level = Level(spec.name, coarser, choose_texture_px(coarser, spec, options.max_texture_px, options.texel_m))
        if made and coarser is made[-1].surface and level.texture_px == made[-1].texture_px:
            equal = made.pop().name
            aliases = [(name, spec.name if target == equal else target) for name, target in aliases]
            aliases.append((equal, spec.name))
        made.append(level)
        finer = coarser
    progress.tick(1.0, "levels")
    return Levels(surface, tuple(reversed(made)), tuple(reversed(aliases)))


def choose_texture_px(
    surface: Surface, spec: LevelSpec, max_texture_px: int | None, texel_m: float | None = None
) -> int:
    """Return the side of the texture, a power of two: two texels per point spacing, or the source's own texels."""
    area = float(face_areas(surface.vertices, surface.faces).sum())
    finest_m = min(surface.spacing_m / TEXELS_PER_SPACING, texel_m or np.inf)
    supported = np.sqrt(area / ATLAS_USE) / max(finest_m, 1e-30)
    # rounding up from .85 of it: a texture a little too small is cheaper than one twice too large
    power = 2 ** int(np.ceil(np.log2(max(1.0, supported * 0.85))))
    most = min(spec.texture_px, max_texture_px or spec.texture_px)
    return int(max(MIN_TEXTURE_PX, min(power, 2 ** int(np.log2(most)))))


def _unfolded(surface: Surface) -> Surface:
    """Return the surface without folded faces, which would show as black cracks; itself where there are none."""
    opened = unfold(surface.vertices, surface.faces)
    return surface if opened is surface.vertices else replace(surface, vertices=opened)


def _decimate(finer: Surface, origins: _Origins, max_faces: int, engine: str, progress: Progress) -> Surface:
    if len(finer.faces) <= max_faces:
        return finer
    if engine == "open3d":
        vertices, faces = run_in_child(
            decimate_quadric, finer.vertices, finer.faces, max_faces, what="quadric decimation", progress=progress
        )
        fixed = make_manifold(vertices, faces)
        vertices, faces = fixed.vertices, fixed.faces
    else:
        vertices, faces = decimate_mesh(finer.vertices, finer.faces, max_faces)
    return Surface(vertices, faces, origins.of(vertices, faces), finer.spacing_m, finer.placement, finer.findings)


class _Origins:
    """Where the faces of a surface come from, to be asked for those of its levels."""

    def __init__(self, source: Surface) -> None:
        self._provenance = source.provenance
        self._is_one = bool((source.provenance == source.provenance[:1]).all())
        self._source = source
        self._index: PointIndex | None = None

    def of(self, vertices: F4, faces: I4) -> U1:
        """Give each face the provenance of the source's nearest face."""
        if self._is_one:
            return np.full(len(faces), self._provenance[0], np.uint8)
        if self._index is None:
            self._index = PointIndex(face_centres(self._source.vertices, self._source.faces))
        nearest = self._index.nearest(face_centres(vertices, faces), 1).indices[:, 0]
        return self._provenance[nearest]
