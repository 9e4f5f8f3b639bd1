"""A room as one GLB: a draw call per material, colours at the vertices, the light map on the second texture place.

The light map is stored as the emissive texture of each lit material, sRGB, 1 for `range` of ``extras.light``: what
white stuff would send back there. A viewer that knows no better shows the light itself; ours multiplies it with the
colour. Without a light map the colours are shaded by direction, so that a room can be seen before its light is there.

Source: glTF 2.0 (sections 3.7, 3.9), EXT_texture_webp, KHR_materials_unlit.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.room import LitRoom, Material, Panel, RoomModel
from exhibit.stages.lighting.colors import linear_of
from exhibit.stages.lighting.patterns import TILE_M, pattern_tile
from exhibit.stages.lighting.texels import Triangles, frame_of, triangulate
from exhibit.stages.packing.glb import GENERATOR, join_glb

RANGE: Final = 2.0
"""Light of this strength is white in the map."""
_FLOAT, _UINT, _UBYTE = 5126, 5125, 5121
_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_EVEN: Final = {"up": 0.62, "side": 0.52, "down": 0.5}


def write_room(room: RoomModel, lit: LitRoom | None) -> bytes:
    """Return the GLB of a room; `lit` is its light, None for a plain even one."""
    file = _File()
    shape = triangulate(room.panels)
    light = None if lit is None else file.picture(light_picture(lit.light), repeats=False)
    groups: dict[str, list[int]] = {}
    for number, panel in enumerate(room.panels):
        groups.setdefault(_group(_material(room, panel)), []).append(number)
    for name in sorted(groups):
        _add_group(file, room, shape, groups[name], name, lit, light)
    _add_fixtures(file, room)
    return file.close()


def light_picture(light: F4) -> bytes:
    """Return the light map as lossless WebP."""
    from PIL import Image

    picture: U1 = srgb_from_linear(np.clip(light / np.float32(RANGE), 0, 1))
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "WEBP", lossless=True, quality=70, method=4)
    return stream.getvalue()


def _group(material: Material) -> str:
    if material.shine > 0:
        return "pane"
    return f"lit {material.pattern}" if material.pattern else "lit"


def _material(room: RoomModel, panel: Panel) -> Material:
    return next(material for material in room.materials if material.name == panel.material)


def _add_group(
    file: _File, room: RoomModel, shape: Triangles, panels: list[int], name: str, lit: LitRoom | None, light: int | None
) -> None:
    faces = shape.faces[np.isin(shape.panel, panels)]
    used, index = np.unique(faces, return_inverse=True)
    owner = np.zeros(len(shape.vertices), np.int32)
    owner[shape.faces.ravel()] = np.repeat(shape.panel, 3)
    owner = owner[used]
    of = [_material(room, panel) for panel in room.panels]
    colors = np.array([linear_of(material.color) * (material.shine or 1.0) for material in of], np.float32)[owner]
    if lit is None and name != "pane":
        ups = np.array([frame_of(panel)[3][1] for panel in room.panels])[owner]
        even = np.where(ups > 0.5, _EVEN["up"], np.where(ups < -0.5, _EVEN["down"], _EVEN["side"]))
        colors = colors * even[:, None].astype(np.float32)
    attributes: dict[str, npt.NDArray[Any]] = {"POSITION": shape.vertices[used], "COLOR_0": np.clip(colors, 0, 1)}
    material: dict[str, Any] = {"name": name, "pbrMetallicRoughness": {"metallicFactor": 0.0}}
    pattern = of[panels[0]].pattern
    if pattern:
        attributes["TEXCOORD_0"] = (shape.vertices[used][:, [2, 0]] / np.float32(TILE_M[pattern])).astype(np.float32)
        tile = file.picture(pattern_tile(pattern), repeats=True)
        material["pbrMetallicRoughness"]["baseColorTexture"] = {"index": tile}
    if lit is not None and light is not None and name != "pane":
        height, width = lit.light.shape[:2]
        places = lit.places[owner].astype(np.float64)
        on_map: F8 = (places[:, :2] + shape.shares[used] * places[:, 2:]) / [width, height]
        coordinates = 1 if pattern else 0  # glTF counts them without a gap
        attributes[f"TEXCOORD_{coordinates}"] = on_map.astype(np.float32)
        material["emissiveFactor"] = [1, 1, 1]
        material["emissiveTexture"] = {"index": light, "texCoord": coordinates}
        material["extras"] = {"light": RANGE}
    else:
        material["extensions"] = {"KHR_materials_unlit": {}}
    file.mesh(name, attributes, index.reshape(-1).astype(np.uint32), material)


def _add_fixtures(file: _File, room: RoomModel) -> None:
    """Add lamps and rails, each face of its own shade: lit by the hall from all sides, a little more from below."""
    positions, colors = [], []
    for fixture in room.fixtures:
        corners = fixture.vertices[fixture.faces]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        shade = 1.0 if fixture.shine > 1 else 0.75 - 0.25 * normal[:, 1] + 0.15 * normal[:, 0]
        color = linear_of(fixture.color) * fixture.shine * np.broadcast_to(shade, len(corners))[:, None]
        positions.append(corners.reshape(-1, 3))
        colors.append(np.repeat(color, 3, axis=0))
    if positions:
        position: F4 = np.concatenate(positions).astype(np.float32)
        attributes = {"POSITION": position, "COLOR_0": np.clip(np.concatenate(colors), 0, 1).astype(np.float32)}
        material = {"name": "fixtures", "extensions": {"KHR_materials_unlit": {}}}
        file.mesh("fixtures", attributes, np.arange(len(position), dtype=np.uint32), material)


class _File:
    """A glTF document that grows."""

    def __init__(self) -> None:
        self._binary = bytearray()
        self._json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": GENERATOR},
            "scene": 0, "scenes": [{"nodes": []}], "nodes": [], "meshes": [], "materials": [], "accessors": [],
            "bufferViews": [], "samplers": [{"magFilter": 9729, "minFilter": 9987},
                                            {"magFilter": 9729, "minFilter": 9729, "wrapS": 33071, "wrapT": 33071}],
            "images": [], "textures": [],
        }  # fmt: skip

    def picture(self, data: bytes, *, repeats: bool) -> int:
        self._json["images"].append({"bufferView": self._view(data), "mimeType": "image/webp"})
        source = {"EXT_texture_webp": {"source": len(self._json["images"]) - 1}}
        self._json["textures"].append({"sampler": 0 if repeats else 1, "extensions": source})
        return len(self._json["textures"]) - 1

    def mesh(self, name: str, attributes: dict[str, npt.NDArray[Any]], index: npt.NDArray[np.uint32],
             material: dict[str, Any]) -> None:  # fmt: skip
        self._json["materials"].append(material)
        named = {semantic: self._accessor(values) for semantic, values in attributes.items()}
        place = self._json["accessors"][named["POSITION"]]
        place["min"] = attributes["POSITION"].min(axis=0).tolist()
        place["max"] = attributes["POSITION"].max(axis=0).tolist()
        primitive = {
            "attributes": named,
            "indices": self._accessor(index),
            "material": len(self._json["materials"]) - 1,
        }
        self._json["meshes"].append({"name": name, "primitives": [primitive]})
        self._json["nodes"].append({"name": name, "mesh": len(self._json["meshes"]) - 1})
        self._json["scenes"][0]["nodes"].append(len(self._json["nodes"]) - 1)

    def close(self) -> bytes:
        used = {name for material in self._json["materials"] for name in material.get("extensions", {})}
        if self._json["images"]:
            used.add("EXT_texture_webp")
            self._json["extensionsRequired"] = ["EXT_texture_webp"]
        else:
            for empty in ("images", "textures", "samplers"):
                del self._json[empty]
        self._json["extensionsUsed"] = sorted(used)
        self._json["buffers"] = [{"byteLength": len(self._binary)}]
        return join_glb(self._json, bytes(self._binary))

    def _accessor(self, values: npt.NDArray[Any]) -> int:
        flat = values.ndim == 1
        accessor = {
            "bufferView": self._view(np.ascontiguousarray(values).tobytes()),
            "componentType": _UINT if flat else _FLOAT,
            "count": len(values),
            "type": "SCALAR" if flat else _TYPES[values.shape[1]],
        }
        self._json["accessors"].append(accessor)
        return len(self._json["accessors"]) - 1

    def _view(self, data: bytes) -> int:
        self._binary += bytes(-len(self._binary) % 4)
        self._json["bufferViews"].append({"buffer": 0, "byteOffset": len(self._binary), "byteLength": len(data)})
        self._binary += data
        return len(self._json["bufferViews"]) - 1
