"""Vertex data as the GPU takes it: floats for interchange, integers (KHR_mesh_quantization) for the web.

Positions become 16-bit integers in a cube about the mesh, the same scale on all axes so that normals keep their
direction; a node's translation and scale undo it. Source: the extension's text, section "Encoding Quantized Data".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.errors import StageError
from exhibit.geometry.lattice import round_to_lattice
from exhibit.model.arrays import F4, I4, freeze
from exhibit.model.surface import Unwrapped

FLOAT: Final = 5126
BYTE: Final = 5120
SHORT: Final = 5122
UNSIGNED_SHORT: Final = 5123
UNSIGNED_INT: Final = 5125

_MOST_BITS: Final = 16
_MAX_SHORT_INDEX: Final = 65534  # 65535 means "restart" to a GPU


@dataclass(frozen=True, slots=True)
class Stream:
    """One vertex attribute: (n, k) values as stored; `n_components` of the k count, the rest is padding to 4 bytes."""

    semantic: str
    values: npt.NDArray[Any]
    component_type: int
    n_components: int
    is_normalized: bool = False

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Streams:
    """A mesh ready to be written.

    Parameters
    ----------
    attributes : one stream per attribute.
    indices : (3 m,) uint16 or uint32.
    scale, translation : what a node must apply to the stored positions to give metres.
    position_error_m : largest distance between a stored and a true vertex, metres.
    """

    attributes: tuple[Stream, ...]
    indices: npt.NDArray[Any]
    scale: float
    translation: tuple[float, float, float]
    position_error_m: float

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def is_quantised(self) -> bool:
        """Whether positions are integers, to be read through `scale` and `translation`."""
        return self.attributes[0].component_type != FLOAT

    @property
    def n_bytes(self) -> int:
        """Size of all vertices and indices in a GPU's memory."""
        return self.indices.nbytes + sum(stream.values.nbytes for stream in self.attributes)


def float_streams(mesh: Unwrapped, /, *, with_tangents: bool) -> Streams:
    """Return the mesh as float32, in metres: what every glTF reader takes."""
    check_mesh(mesh)
    normals = _unit(mesh.normals, fallback=(0.0, 1.0, 0.0))
    attributes = [
        Stream("POSITION", mesh.vertices, FLOAT, 3),
        Stream("NORMAL", normals, FLOAT, 3),
        Stream("TEXCOORD_0", mesh.uv, FLOAT, 2),
    ]
    if with_tangents:
        attributes.append(Stream("TANGENT", _sound_tangents(mesh.tangents, normals), FLOAT, 4))
    return Streams(tuple(attributes), _indices(mesh), 1.0, (0.0, 0.0, 0.0), 0.0)


def quantised_streams(
    mesh: Unwrapped, /, *, with_tangents: bool, position_bits: int = 16, with_fine_normals: bool = True
) -> Streams:
    """Return the mesh as integers.

    Parameters
    ----------
    mesh : unwrapped level.
    with_tangents : tangents are wanted where there is a normal map.
    position_bits : precision of positions, 8 to 16; once packed, each bit less saves some 2 bits a vertex.
    with_fine_normals : 16 bits for normals, else 8. Eight are off by a quarter of a degree, which shows as bands in
        the highlights of a glaze; sixteen cost three bytes a vertex once packed (ten would save next to nothing).
    """
    check_mesh(mesh)
    stored, scale, centre = quantise_positions(mesh.vertices, position_bits, mesh.faces)
    decoded = stored[:, :3].astype(np.float64) / 32767 * scale + centre
    error = float(np.linalg.norm(decoded - mesh.vertices, axis=1).max())
    normals = _unit(mesh.normals, fallback=(0.0, 1.0, 0.0))
    attributes = [
        Stream("POSITION", stored, SHORT, 3, True),
        _normal_stream(normals, with_fine_normals),
        _uv_stream(mesh.uv),
    ]
    if with_tangents:
        tangents = _sound_tangents(mesh.tangents, normals)
        attributes.append(Stream("TANGENT", np.round(tangents * 127).astype(np.int8), BYTE, 4, True))
    translation = (float(centre[0]), float(centre[1]), float(centre[2]))
    return Streams(tuple(attributes), _indices(mesh), scale, translation, error)


def check_mesh(mesh: Unwrapped) -> None:
    """Raise StageError on a mesh that no reader would take: empty, not finite, indices out of range."""
    n = len(mesh.vertices)
    if not len(mesh.faces):
        raise StageError("There is no triangle to pack.", where=mesh.name, hint="Look at the findings of surfacing.")
    if mesh.faces.min() < 0 or mesh.faces.max() >= n:
        raise StageError("A triangle names a vertex that does not exist.", where=mesh.name)
    if any(len(array) != n for array in (mesh.normals, mesh.uv, mesh.tangents)):
        raise StageError("Vertices, normals, tangents and uv differ in number.", where=mesh.name)
    if not (np.isfinite(mesh.vertices).all() and np.isfinite(mesh.uv).all()):
        raise StageError("A vertex or its uv is not a finite number.", where=mesh.name)


def quantise_positions(
    vertices: F4, bits: int, faces: I4 | None = None
) -> tuple[npt.NDArray[np.int16], float, npt.NDArray[np.float64]]:
    """Return stored positions (n, 4) int16 (the fourth is padding), the node's scale and its translation (3,).

    Parameters
    ----------
    vertices : (n, 3) float32.
    bits : precision, up to 16.
    faces : (m, 3) int32, which are kept from collapsing and turning over, if need be by more bits; None for points.
    """
    low, high = vertices.min(axis=0).astype(np.float64), vertices.max(axis=0).astype(np.float64)
    # readers keep a node's numbers as float32, so the file says what they will use
    centre = ((low + high) / 2).astype(np.float32).astype(np.float64)
    extent = max(float(np.abs(vertices - centre).max()), 1e-9)
    least: int | None = None
    for used in range(bits, _MOST_BITS + 1):
        # fewer bits stay small numbers under a larger scale: that is what packs well, not zeros at the low end;
        # a vertex at the very end may go a step further
        largest = (1 << (used - 1)) - 3
        scale = float(np.float32(extent * (32767 / largest) * (1 + 1e-6)))
        places = (vertices - centre) / scale * 32767
        if faces is None:
            return _padded(np.rint(places).astype(np.int16)), scale, centre
        rounded, n_unsound = round_to_lattice(places, faces)
        if least is None or n_unsound < least:
            least, best = n_unsound, (_padded(rounded.astype(np.int16)), scale, centre)
        if n_unsound == 0:
            break
    return best


def _normal_stream(normals: F4, is_fine: bool) -> Stream:
    if is_fine:
        return Stream("NORMAL", _padded(np.round(normals * 32767).astype(np.int16)), SHORT, 3, True)
    return Stream("NORMAL", _padded(np.round(normals * 127).astype(np.int8)), BYTE, 3, True)


def _uv_stream(uv: F4) -> Stream:
    if uv.min() < 0 or uv.max() > 1:
        return Stream("TEXCOORD_0", uv, FLOAT, 2)
    return Stream("TEXCOORD_0", np.round(uv * 65535).astype(np.uint16), UNSIGNED_SHORT, 2, True)


def _indices(mesh: Unwrapped) -> npt.NDArray[Any]:
    kind = np.uint16 if len(mesh.vertices) <= _MAX_SHORT_INDEX else np.uint32
    return mesh.faces.astype(kind).ravel()


def _padded(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Add a fourth, empty component: every element must start at a multiple of 4 bytes."""
    padded = np.zeros((len(values), 4), values.dtype)
    padded[:, :3] = values
    return padded


def _unit(vectors: F4, fallback: tuple[float, float, float]) -> F4:
    """Return unit vectors; those without a direction become `fallback`."""
    sound = np.nan_to_num(vectors.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    length = np.linalg.norm(sound, axis=1, keepdims=True)
    return np.where(length > 1e-6, sound / np.maximum(length, 1e-6), np.array(fallback)).astype(np.float32)


def _sound_tangents(tangents: F4, normals: F4) -> F4:
    """Return (n, 4) unit tangents with w = 1 or -1; those without a direction become any across the normal."""
    helper = np.where(np.abs(normals[:, :1]) < 0.9, [[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]])
    across = _unit(np.cross(normals, helper).astype(np.float32), fallback=(1.0, 0.0, 0.0))
    given = np.nan_to_num(tangents[:, :3].astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    length = np.linalg.norm(given, axis=1, keepdims=True)
    direction = np.where(length > 1e-6, given / np.maximum(length, 1e-6), across)
    sign = np.where(tangents[:, 3:] < 0, -1.0, 1.0)
    return np.hstack([direction, sign]).astype(np.float32)
