"""From the parts of a mesh, as a format reads them, to a :class:`~exhibit.model.cloud.SourceMesh`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exhibit.formats.points import origin_near, rebase
from exhibit.formats.registry import stem_of
from exhibit.formats.source_file import damaged
from exhibit.model.arrays import F4, F8, I4, U1
from exhibit.model.cloud import SourceMaterial, SourceMesh
from exhibit.model.finding import Finding
from exhibit.units import Axis, Unit

Ints = npt.NDArray[np.int64]
WHITE = SourceMaterial(np.full(4, 255, np.uint8))


@dataclass(frozen=True, slots=True)
class Part:
    """Some faces and the vertices they use.

    Parameters
    ----------
    positions : (n, 3) float64 or float32, absolute.
    faces : (m, 3) integers into `positions`; may point outside, such faces are dropped with a finding.
    material : (m,) index into the mesh's materials, or one for all faces.
    corner_uv : (m, 3, 2) float32, origin top left, or None.
    colors : (n, 3) uint8 sRGB, or None.
    normals : (n, 3) float32, or None.
    """

    positions: F8 | F4
    faces: npt.NDArray[Any]
    material: npt.NDArray[Any] | int = 0
    corner_uv: F4 | None = None
    colors: U1 | None = None
    normals: F4 | None = None


def fan(counts: Ints, *, start: int = 0) -> tuple[Ints, Ints]:
    """Cut polygons into triangles that share each polygon's first corner.

    Parameters
    ----------
    counts : (p,) corners per polygon; those under three give nothing.
    start : index of the first corner of the first polygon.

    Returns
    -------
    corners : (m, 3) indices into the flat list of all corners.
    polygon : (m,) which polygon each triangle comes from.
    """
    first = np.cumsum(counts) - counts + start
    n_triangles = np.maximum(counts - 2, 0)
    polygon = np.repeat(np.arange(len(counts)), n_triangles)
    inner = np.arange(len(polygon)) - np.repeat(np.cumsum(n_triangles) - n_triangles, n_triangles)
    apex = first[polygon]
    return np.stack([apex, apex + inner + 1, apex + inner + 2], axis=1), polygon


def strip_triangles(counts: Ints, values: npt.NDArray[Any]) -> Ints:
    """Cut triangle strips, each list restarted by -1, into (m, 3) faces; every second one is turned round."""
    values = values.astype(np.int64)
    if len(values) < 3:
        return np.empty((0, 3), np.int64)
    ends = np.cumsum(counts)
    run = np.repeat(np.arange(len(counts)), counts)
    # a strip starts at each list's first entry and after each -1
    starts = np.zeros(len(values), bool)
    starts[(ends - counts)[counts > 0]] = True
    starts[1:] |= values[:-1] < 0
    index = np.arange(len(values))
    place = index - np.maximum.accumulate(np.where(starts, index, 0))
    faces = np.stack([values[:-2], values[1:-1], values[2:]], axis=1)
    keep = (faces >= 0).all(axis=1) & (run[:-2] == run[2:])
    odd = place[:-2] % 2 == 1
    faces[odd] = faces[odd][:, [1, 0, 2]]
    keep &= (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    sound: Ints = faces[keep]
    return sound


def make_mesh(
    path: Path,
    key: str,
    parts: Sequence[Part],
    materials: Sequence[SourceMaterial] = (),
    *,
    units: Unit | None = None,
    up: Axis | None = None,
    findings: Sequence[Finding] = (),
) -> SourceMesh:
    """Join parts into one mesh.

    Raises
    ------
    SourceError
        No face is left.
    """
    findings = list(findings)
    sound, n_outside = _sound_parts(parts)
    if not sound:
        raise damaged(path, "holds no faces that can be used.", "Export the mesh again, with its faces.")
    if n_outside:
        findings.append(
            Finding("formats.faces-outside", n_outside, "faces", "They point to vertices that do not exist.", "warning")
        )
    origin = origin_near(np.concatenate([part.positions for part in sound]))
    firsts = np.cumsum([0] + [len(part.positions) for part in sound])
    if firsts[-1] > np.iinfo(np.int32).max:
        raise damaged(path, "has more vertices than we can number.", "Thin it out or split it.")
    return SourceMesh(
        name=stem_of(path),
        format=key,
        origin=origin,
        vertices=np.concatenate([rebase(part.positions, origin) for part in sound]),
        faces=np.concatenate([part.faces + first for part, first in zip(sound, firsts[:-1])]).astype(np.int32),
        face_material=_face_materials(sound),
        materials=tuple(materials) or (WHITE,),
        corner_uv=_corner_uv(sound),
        vertex_colors=_vertex_colors(sound),
        normals=_normals(sound),
        units=units,
        up=up,
        findings=tuple(findings),
    )


def _sound_parts(parts: Sequence[Part]) -> tuple[list[Part], int]:
    """Return the parts without faces that point outside, and how many such faces there were."""
    sound: list[Part] = []
    n_outside = 0
    for part in parts:
        inside = ((part.faces >= 0) & (part.faces < len(part.positions))).all(axis=1)
        n_outside += int((~inside).sum())
        if not inside.any():
            continue
        if inside.all():
            sound.append(part)
            continue
        material = part.material if isinstance(part.material, int) else part.material[inside]
        corner_uv = None if part.corner_uv is None else part.corner_uv[inside]
        sound.append(Part(part.positions, part.faces[inside], material, corner_uv, part.colors, part.normals))
    return sound, n_outside


def _face_materials(parts: Sequence[Part]) -> I4:
    return np.concatenate(
        [np.broadcast_to(np.asarray(part.material, np.int32), (len(part.faces),)) for part in parts]
    ).astype(np.int32)


def _corner_uv(parts: Sequence[Part]) -> F4 | None:
    if all(part.corner_uv is None for part in parts):
        return None
    return np.concatenate(
        [
            np.full((len(part.faces), 3, 2), np.nan, np.float32)
            if part.corner_uv is None
            else np.asarray(part.corner_uv, np.float32)
            for part in parts
        ]
    )


def _vertex_colors(parts: Sequence[Part]) -> U1 | None:
    if all(part.colors is None for part in parts):
        return None
    return np.concatenate(
        [np.full((len(part.positions), 3), 255, np.uint8) if part.colors is None else part.colors for part in parts]
    )


def _normals(parts: Sequence[Part]) -> F4 | None:
    normals = [part.normals for part in parts if part.normals is not None]
    return np.concatenate(normals).astype(np.float32) if len(normals) == len(parts) else None
