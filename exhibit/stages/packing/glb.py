"""One GLB from streams and pictures. The structure is pygltflib's; the bytes are the same every time.

Source: glTF 2.0, sections 3.6 (buffers), 3.7 (meshes), 4.4 (GLB); EXT_texture_webp and KHR_texture_basisu.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final

import pygltflib

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


def write_glb(streams: Streams, pictures: tuple[Picture, ...], /, *, is_two_sided: bool) -> bytes:
    """Return a GLB of one mesh with its maps; names, material and metadata are put in later.

    Parameters
    ----------
    is_two_sided : draw the inside too, as an open mesh needs.
    """
    binary, gltf = Binary(), pygltflib.GLTF2()
    gltf.scene = 0
    gltf.scenes = [pygltflib.Scene(nodes=[0])]
    gltf.nodes = [_node(streams)]
    gltf.accessors = []
    attributes = pygltflib.Attributes()
    for stream in streams.attributes:
        setattr(attributes, stream.semantic, len(gltf.accessors))
        gltf.accessors.append(_accessor(stream, binary))
    gltf.accessors.append(_index_accessor(streams, binary))
    primitive = pygltflib.Primitive(attributes=attributes, indices=len(gltf.accessors) - 1, material=0, mode=4)
    gltf.meshes = [pygltflib.Mesh(primitives=[primitive])]
    _add_pictures(gltf, pictures, binary)
    gltf.materials = [_material(pictures, is_two_sided)]
    gltf.asset = pygltflib.Asset(generator=GENERATOR)
    gltf.extensionsRequired = _required(streams, pictures)
    gltf.extensionsUsed = list(gltf.extensionsRequired)
    gltf.bufferViews = binary.views
    gltf.buffers = [pygltflib.Buffer(byteLength=len(binary.data))]
    return join_glb(json.loads(gltf.to_json(allow_nan=False)), bytes(binary.data))


def split_glb(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the JSON document and the binary chunk of a GLB that this package wrote."""
    n_json = int(struct.unpack_from("<I", data, 12)[0])
    document: dict[str, Any] = json.loads(data[20 : 20 + n_json])
    start = 20 + n_json + 8
    return document, data[start : start + int(document["buffers"][0]["byteLength"])]


def join_glb(document: dict[str, Any], binary: bytes) -> bytes:
    """Return the GLB of a JSON document and its binary chunk."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    binary += bytes(-len(binary) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join([
        struct.pack("<4sII", b"glTF", 2, total),
        struct.pack("<I4s", len(text), b"JSON"), text,
        struct.pack("<I4s", len(binary), b"BIN\0"), binary,
    ])  # fmt: skip


def _node(streams: Streams) -> pygltflib.Node:
    if streams.is_quantised:
        return pygltflib.Node(mesh=0, translation=list(streams.translation), scale=[streams.scale] * 3)
    return pygltflib.Node(mesh=0)


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


def _material(pictures: tuple[Picture, ...], is_two_sided: bool) -> pygltflib.Material:
    texture: dict[Slot, int] = {picture.slot: number for number, picture in enumerate(pictures)}
    material = pygltflib.Material(
        pbrMetallicRoughness=pygltflib.PbrMetallicRoughness(
            baseColorTexture=pygltflib.TextureInfo(index=texture["base_color"])
        ),
        doubleSided=is_two_sided,
        alphaCutoff=None,  # pygltflib's default is a fault on an opaque material
    )
    if "normal" in texture:
        material.normalTexture = pygltflib.NormalMaterialTexture(index=texture["normal"])
    if "occlusion" in texture:
        material.occlusionTexture = pygltflib.OcclusionTextureInfo(index=texture["occlusion"])
    return material


def _required(streams: Streams, pictures: tuple[Picture, ...]) -> list[str]:
    required = {TEXTURE_EXTENSION[picture.codec] for picture in pictures}
    if streams.is_quantised:
        required.add("KHR_mesh_quantization")
    return sorted(name for name in required if name)
