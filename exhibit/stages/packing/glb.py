"""One GLB from streams, pictures and metadata. The structure is pygltflib's; the bytes are the same every time.

Source: glTF 2.0, sections 3.6 (buffers), 3.7 (meshes), 4.4 (GLB); EXT_texture_webp and KHR_texture_basisu.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final

import pygltflib

from exhibit.model.narration import Narration
from exhibit.stages.packing.materials import Preset
from exhibit.stages.packing.pictures import MIME, Codec, Picture, Slot
from exhibit.stages.packing.streams import UNSIGNED_INT, UNSIGNED_SHORT, Stream, Streams

GENERATOR: Final = "exhibit"
TEXTURE_EXTENSION: Final[dict[Codec, str | None]] = {
    "jpeg": None,
    "webp": "EXT_texture_webp",
    "ktx2": "KHR_texture_basisu",
}
_ARRAY_BUFFER: Final = 34962
_ELEMENT_ARRAY_BUFFER: Final = 34963
_TYPES: Final = {2: "VEC2", 3: "VEC3", 4: "VEC4"}


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into one GLB.

    Parameters
    ----------
    name : of its node and mesh.
    is_two_sided : draw the inside of an open mesh too.
    xmp : packet of KHR_xmp_json_ld.
    extras : becomes ``asset.extras``.
    """

    name: str
    streams: Streams
    pictures: tuple[Picture, ...]
    preset: Preset
    is_two_sided: bool
    xmp: dict[str, Any]
    extras: dict[str, Any]
    copyright: str | None = None


@dataclass
class Binary:
    """The growing binary chunk and the views into it, each starting at a multiple of 4 bytes."""

    data: bytearray = field(default_factory=bytearray)
    views: list[pygltflib.BufferView] = field(default_factory=list)

    def add(self, data: bytes, *, target: int | None = None, stride: int | None = None) -> int:
        """Append bytes and return the index of their view."""
        self.data += bytes(-len(self.data) % 4)
        self.views.append(
            pygltflib.BufferView(
                buffer=0, byteOffset=len(self.data), byteLength=len(data), target=target, byteStride=stride
            )
        )
        self.data += data
        return len(self.views) - 1


def write_glb(contents: Contents) -> bytes:
    """Return the GLB."""
    binary, gltf = Binary(), pygltflib.GLTF2()
    gltf.scene = 0
    gltf.scenes = [pygltflib.Scene(nodes=[0])]
    gltf.nodes = [_node(contents)]
    gltf.accessors = []
    attributes = pygltflib.Attributes()
    for stream in contents.streams.attributes:
        setattr(attributes, stream.semantic, len(gltf.accessors))
        gltf.accessors.append(_accessor(stream, binary))
    gltf.accessors.append(_index_accessor(contents.streams, binary))
    primitive = pygltflib.Primitive(attributes=attributes, indices=len(gltf.accessors) - 1, material=0, mode=4)
    gltf.meshes = [pygltflib.Mesh(primitives=[primitive], name=contents.name)]
    _add_pictures(gltf, contents.pictures, binary)
    gltf.materials = [_material(contents)]
    gltf.asset = pygltflib.Asset(
        generator=GENERATOR,
        copyright=contents.copyright,
        extras=contents.extras,
        extensions={"KHR_xmp_json_ld": {"packet": 0}},
    )
    gltf.extensions = {"KHR_xmp_json_ld": {"packets": [contents.xmp]}}
    gltf.extensionsRequired = _required(contents)
    gltf.extensionsUsed = sorted({*gltf.extensionsRequired, "KHR_xmp_json_ld", *contents.preset.extensions()})
    gltf.bufferViews = binary.views
    gltf.buffers = [pygltflib.Buffer(byteLength=len(binary.data))]
    return _container(gltf.to_json(ensure_ascii=False, separators=(",", ":"), allow_nan=False), bytes(binary.data))


def append_narrations(glb: bytes, narrations: tuple[Narration, ...]) -> tuple[bytes, dict[str, dict[str, int]]]:
    """Put audio and captions behind everything else in a GLB's binary chunk.

    Returns
    -------
    The GLB, and language -> ``audio``, ``captions`` -> index of their buffer view, for `full_extras`.
    """
    document, chunk = read_glb(glb)
    binary = bytearray(chunk)
    views: list[dict[str, Any]] = document["bufferViews"]
    embedded: dict[str, dict[str, int]] = {}
    for spoken in narrations:
        parts = {"audio": spoken.audio, "captions": spoken.captions.encode() if spoken.captions else None}
        for what, data in parts.items():
            if data:
                binary += bytes(-len(binary) % 4)
                embedded.setdefault(spoken.language, {})[what] = len(views)
                views.append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)})
                binary += data
    document["buffers"][0]["byteLength"] = len(binary)
    return _container(_compact(document), bytes(binary)), embedded


def with_extras(glb: bytes, extras: dict[str, Any]) -> bytes:
    """Return the GLB with other ``asset.extras``."""
    document, binary = read_glb(glb)
    document["asset"]["extras"] = extras
    return _container(_compact(document), binary)


def read_glb(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the JSON document and the binary chunk of a GLB that this package wrote."""
    n_json = int(struct.unpack_from("<I", data, 12)[0])
    document: dict[str, Any] = json.loads(data[20 : 20 + n_json])
    n_binary = int(document["buffers"][0]["byteLength"])
    start = 20 + n_json + 8
    return document, data[start : start + n_binary]


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _container(document: str, binary: bytes) -> bytes:
    text = document.encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join([
        struct.pack("<4sII", b"glTF", 2, total),
        struct.pack("<I4s", len(text), b"JSON"), text,
        struct.pack("<I4s", len(binary), b"BIN\0"), binary,
    ])  # fmt: skip


def _node(contents: Contents) -> pygltflib.Node:
    node = pygltflib.Node(name=contents.name, mesh=0)
    if contents.streams.position_error_m:
        node.translation = list(contents.streams.translation)
        node.scale = [contents.streams.scale] * 3
    return node


def _accessor(stream: Stream, binary: Binary) -> pygltflib.Accessor:
    used = stream.values[:, : stream.n_components]
    stride = stream.values.strides[0]
    view = binary.add(stream.values.tobytes(), target=_ARRAY_BUFFER, stride=stride)
    accessor = pygltflib.Accessor(
        bufferView=view,
        componentType=stream.component_type,
        normalized=stream.is_normalized,
        count=len(stream.values),
        type=_TYPES[stream.n_components],
    )
    if stream.semantic == "POSITION":
        accessor.min, accessor.max = used.min(axis=0).tolist(), used.max(axis=0).tolist()
    return accessor


def _index_accessor(streams: Streams, binary: Binary) -> pygltflib.Accessor:
    return pygltflib.Accessor(
        bufferView=binary.add(streams.indices.tobytes(), target=_ELEMENT_ARRAY_BUFFER),
        componentType=UNSIGNED_SHORT if streams.indices.itemsize == 2 else UNSIGNED_INT,
        count=len(streams.indices),
        type="SCALAR",
    )


def _add_pictures(gltf: pygltflib.GLTF2, pictures: tuple[Picture, ...], binary: Binary) -> None:
    clamp, linear, linear_mipmap_linear = 33071, 9729, 9987
    gltf.samplers = [pygltflib.Sampler(magFilter=linear, minFilter=linear_mipmap_linear, wrapS=clamp, wrapT=clamp)]
    gltf.images, gltf.textures = [], []
    for number, picture in enumerate(pictures):
        gltf.images.append(
            pygltflib.Image(bufferView=binary.add(picture.data), mimeType=MIME[picture.codec], name=picture.slot)
        )
        extension = TEXTURE_EXTENSION[picture.codec]
        texture = pygltflib.Texture(sampler=0, name=picture.slot)
        if extension is None:
            texture.source = number
        else:
            texture.extensions = {extension: {"source": number}}
        gltf.textures.append(texture)


def _material(contents: Contents) -> pygltflib.Material:
    texture: dict[Slot, int] = {picture.slot: number for number, picture in enumerate(contents.pictures)}
    material = pygltflib.Material(
        name=contents.name,
        pbrMetallicRoughness=pygltflib.PbrMetallicRoughness(
            baseColorTexture=pygltflib.TextureInfo(index=texture["base_color"]),
            roughnessFactor=contents.preset.roughness,
            metallicFactor=contents.preset.metalness,
        ),
        doubleSided=contents.is_two_sided,
        extensions=contents.preset.extensions(),
    )
    material.alphaCutoff = None  # pygltflib's default is a fault on an opaque material
    if "normal" in texture:
        material.normalTexture = pygltflib.NormalMaterialTexture(index=texture["normal"])
    if "occlusion" in texture:
        material.occlusionTexture = pygltflib.OcclusionTextureInfo(index=texture["occlusion"])
    return material


def _required(contents: Contents) -> list[str]:
    required = {TEXTURE_EXTENSION[picture.codec] for picture in contents.pictures}
    if any(stream.component_type != 5126 for stream in contents.streams.attributes):
        required.add("KHR_mesh_quantization")
    return sorted(name for name in required if name)
