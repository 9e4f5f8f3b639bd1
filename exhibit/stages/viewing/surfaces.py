"""The surfaces of a room's file, and the light that each place of them sends: what viewers show, read back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from exhibit.geometry.interpolate import interpolate
from exhibit.geometry.sample_texture import sample_texture
from exhibit.model.arrays import F4, I4, U1
from exhibit.stages.packing.glb import split_glb

_TYPES = {5126: ("<f4", np.float32), 5125: ("<u4", np.int32)}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3}
_PANE_GLOW = 1.7
"""Panes are told as white; what they light says that they are brighter."""
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class _Part:
    """One mesh of the file; `first` is its first face among all. Tiles are from fine to coarse."""

    vertices: F4
    faces: I4
    colors: F4
    first: int
    on_map: F4 | None
    on_tile: F4 | None
    tiles: tuple[U1, ...]
    tile_px_per_m: float


class Surfaces:
    """A room's file (`exhibit.stages.lighting.room_file`) as triangles that send light.

    Parameters
    ----------
    glb : the file, with a light map.
    """

    def __init__(self, glb: bytes) -> None:
        document, binary = split_glb(glb)
        self._parts: list[_Part] = []
        self._map: U1 | None = None
        self._range = np.float32(1)
        first = 0
        for mesh in document["meshes"]:
            part = self._read(document, binary, mesh, first)
            self._parts.append(part)
            first += len(part.faces)
        self.n_faces = first

    def triangles(self) -> tuple[F4, I4]:
        """Return all vertices (n, 3) and faces (m, 3)."""
        before = np.cumsum([0, *(len(part.vertices) for part in self._parts)])
        faces = [part.faces + np.int32(n) for part, n in zip(self._parts, before[:-1], strict=True)]
        return np.concatenate([part.vertices for part in self._parts]), np.concatenate(faces).astype(np.int32)

    def light(self, face: I4, weights: F4, blur_m: F4) -> F4:
        """Return the light (n, 3), linear, of places of faces (n,); `blur_m` (n,) is how broad a pixel is there."""
        light = np.zeros((len(face), 3), np.float32)
        for part in self._parts:
            at = np.flatnonzero((face >= part.first) & (face < part.first + len(part.faces)))
            if not len(at):
                continue
            own, w = face[at] - np.int32(part.first), np.ascontiguousarray(weights[at])
            color = interpolate(part.colors, part.faces, own, w)
            if part.on_tile is not None:
                uv = interpolate(part.on_tile, part.faces, own, w)
                color *= _tiled(part.tiles, uv, blur_m[at] * np.float32(part.tile_px_per_m))
            if part.on_map is not None and self._map is not None:
                color *= self._range * sample_texture(self._map, interpolate(part.on_map, part.faces, own, w))
            light[at] = color
        return light

    def _read(self, document: dict[str, Any], binary: bytes, mesh: dict[str, Any], first: int) -> _Part:
        (primitive,) = mesh["primitives"]
        attributes = primitive["attributes"]
        material = document["materials"][primitive["material"]]
        vertices = _accessor(document, binary, attributes["POSITION"])
        faces = _accessor(document, binary, primitive["indices"]).reshape(-1, 3)
        colors = _accessor(document, binary, attributes["COLOR_0"])
        if material["name"] == "pane":
            colors = colors * np.float32(_PANE_GLOW)
        on_map = on_tile = None
        tiles: tuple[U1, ...] = ()
        px_per_m = 0.0
        if "emissiveTexture" in material:
            light = material["emissiveTexture"]
            on_map = _accessor(document, binary, attributes[f"TEXCOORD_{light['texCoord']}"])
            self._map = _picture(document, binary, light["index"])
            self._range = np.float32(material["extras"]["light"])
        tile = material.get("pbrMetallicRoughness", {}).get("baseColorTexture")
        if tile is not None:
            on_tile = _accessor(document, binary, attributes["TEXCOORD_0"])
            tiles = _halvings(_picture(document, binary, tile["index"]))
            edges = faces[:, 1], faces[:, 0]
            long = np.linalg.norm(vertices[edges[0]] - vertices[edges[1]], axis=1).sum()
            px_per_m = float(np.linalg.norm(on_tile[edges[0]] - on_tile[edges[1]], axis=1).sum() / max(long, 1e-9))
            px_per_m *= tiles[0].shape[0]
        return _Part(vertices, faces, colors, first, on_map, on_tile, tiles, px_per_m)


def _accessor(document: dict[str, Any], binary: bytes, index: int) -> npt.NDArray[Any]:
    entry = document["accessors"][index]
    stored, wanted = _TYPES[entry["componentType"]]
    start = document["bufferViews"][entry["bufferView"]]["byteOffset"]
    width = _WIDTHS[entry["type"]]
    values = np.frombuffer(binary, stored, entry["count"] * width, start).astype(wanted)
    return values if width == 1 else values.reshape(-1, width)


def _picture(document: dict[str, Any], binary: bytes, index: int) -> U1:
    from PIL import Image

    source = document["textures"][index]["extensions"]["EXT_texture_webp"]["source"]
    view = document["bufferViews"][document["images"][source]["bufferView"]]
    data = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def _halvings(tile: U1) -> tuple[U1, ...]:
    from PIL import Image

    image = Image.fromarray(tile)
    return (tile, *(np.asarray(image.reduce(2**level)) for level in range(1, _LEVELS)))


def _tiled(tiles: tuple[U1, ...], uv: F4, blur_px: F4) -> F4:
    """Return the tile's light (n, 3) at `uv`, each as blurred as it is small in the picture."""
    level = np.clip(np.log2(np.maximum(blur_px, 1)), 0, len(tiles) - 1)
    lower = np.minimum(level.astype(np.int32), len(tiles) - 2)
    share = (level - lower)[:, None].astype(np.float32)
    light = np.zeros((len(uv), 3), np.float32)
    for number in range(len(tiles)):
        for near, weight in ((lower, 1 - share), (lower + 1, share)):
            at = np.flatnonzero(near == number)
            if len(at):
                light[at] += weight[at] * sample_texture(tiles[number], uv[at], repeats=True)
    return light
