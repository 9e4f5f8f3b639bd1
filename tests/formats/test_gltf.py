"""glTF: transforms, materials, textures, every kind of accessor and primitive, and documents that lie."""

import base64
import io
import json
import struct

import numpy as np
import pygltflib
import pytest
import trimesh
from formats.reading import corners_of, outcome
from formats.writers import ball, glb_bytes, gltf_parts, meshopt_attributes, srgb_to_linear
from PIL import Image

from exhibit.errors import SourceError
from exhibit.formats import format_of
from exhibit.model.cloud import SourceMesh

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
UV = np.array([[0, 0], [1, 0], [0.25, 0.5]], np.float32)
DRACO = {"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
KINDS = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}


def document(attributes, indices=None, **primitive):
    """Return (JSON, blob) of one mesh; attributes are arrays, or (array, further accessor entries)."""
    views, accessors, blob = [], [], b""

    def add(values, **entries):
        nonlocal blob
        views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": values.nbytes})
        kind = KINDS[values.dtype.str[1:]]
        width = "SCALAR" if values.ndim == 1 else f"VEC{values.shape[1]}"
        count = {"bufferView": len(views) - 1, "componentType": kind, "count": len(values), "type": width}
        accessors.append(count | entries)
        blob += values.tobytes() + b"\0" * (-values.nbytes % 4)
        return len(accessors) - 1

    names = {}
    for name, stated in attributes.items():
        values, entries = stated if isinstance(stated, tuple) else (stated, {})
        names[name] = add(values, **entries)
    entry = {"attributes": names} | primitive
    if indices is not None:
        entry["indices"] = add(np.asarray(indices))
    return {
        "asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [entry]}],
        "accessors": accessors, "bufferViews": views, "buffers": [{"byteLength": len(blob)}],
    }, blob  # fmt: skip


def read(tmp_path, parts, name="a.glb"):
    (tmp_path / name).write_bytes(glb_bytes(*parts))
    return outcome(tmp_path / name)


def picture(kind="PNG", size=(4, 2), color=(10, 200, 30)):
    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return data.getvalue()


def textured(tmp_path, *, place=None, image=None, material=None, texture=None):
    """Read a triangle with a material; `image` is the image entry, by default a PNG inside."""
    parts = document({"POSITION": TRIANGLE, "TEXCOORD_0": UV, "TEXCOORD_1": UV[::-1].copy()}, material=0)
    uri = "data:image/png;base64," + base64.b64encode(picture()).decode()
    parts[0]["images"] = [{"uri": uri} if image is None else image]
    parts[0]["textures"] = [{"source": 0} if texture is None else texture]
    parts[0]["materials"] = [material or {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0} | (place or {})}}]
    return read(tmp_path, parts)


def test_units_and_up_are_those_of_the_specification(tmp_path):
    found = read(tmp_path, document({"POSITION": TRIANGLE}))
    assert (found.units, found.up) == ("m", "+y")


def test_what_pygltflib_and_trimesh_write_is_read(tmp_path):
    scene = trimesh.Scene()
    scene.add_geometry(trimesh.creation.box(), transform=trimesh.transformations.translation_matrix([5, 0, 0]))
    scene.add_geometry(trimesh.creation.icosphere(1))
    scene.export(tmp_path / "a.glb")
    found = outcome(tmp_path / "a.glb")
    expected = scene.to_geometry()
    np.testing.assert_allclose(np.sort(corners_of(found), axis=0), np.sort(expected.triangles, axis=0), atol=1e-6)
    pygltflib.GLTF2().load(str(tmp_path / "a.glb")).save(str(tmp_path / "b.glb"))
    np.testing.assert_array_equal(corners_of(outcome(tmp_path / "b.glb")), corners_of(found))


def test_transforms_are_multiplied_down_the_tree(tmp_path):
    parts = document({"POSITION": TRIANGLE, "NORMAL": np.tile(np.float32([0, 0, 1]), (3, 1))})
    half = np.sqrt(0.5)
    parts[0]["nodes"] = [
        {"children": [1], "translation": [10, 0, 0]},
        {"children": [2], "rotation": [0, half, 0, half]},
        {"mesh": 0, "matrix": [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 0, 0, 1, 1]},
    ]
    found = read(tmp_path, parts)
    # scaled, one along z; then z to x and x to -z; then ten along x
    np.testing.assert_allclose(corners_of(found)[0], [[11, 0, 0], [11, 0, -2], [11, 3, 0]], atol=1e-6)
    np.testing.assert_allclose(found.normals, [[1, 0, 0]] * 3, atol=1e-6)


def test_a_mirroring_transform_keeps_faces_and_normals_outward(tmp_path):
    parts = document({"POSITION": TRIANGLE, "NORMAL": np.tile(np.float32([0, 0, 1]), (3, 1))})
    parts[0]["nodes"][0]["scale"] = [-1, 1, 1]
    found = read(tmp_path, parts)
    corners = corners_of(found)[0]
    assert np.cross(corners[1] - corners[0], corners[2] - corners[0])[2] > 0
    np.testing.assert_allclose(found.normals, [[0, 0, 1]] * 3)


def test_a_mesh_used_twice_is_there_twice_and_another_scene_is_not(tmp_path):
    parts = document({"POSITION": TRIANGLE})
    parts[0]["nodes"] = [{"mesh": 0}, {"mesh": 0, "translation": [5, 0, 0]}, {"mesh": 0, "translation": [9, 0, 0]}]
    parts[0].update({"scenes": [{"nodes": [2]}, {"nodes": [0, 1]}], "scene": 1})
    np.testing.assert_allclose(corners_of(read(tmp_path, parts))[:, 0, 0], [0, 5])


def test_without_scenes_every_root_is_read(tmp_path):
    parts = document({"POSITION": TRIANGLE})
    del parts[0]["scenes"]
    assert len(read(tmp_path, parts).faces) == 1


@pytest.mark.parametrize("nodes", [[{"mesh": 0, "children": [0]}], [{"children": [1]}, {"mesh": 0, "children": [0]}]])
def test_nodes_in_a_loop_are_refused(tmp_path, nodes):
    parts = document({"POSITION": TRIANGLE})
    parts[0]["nodes"] = nodes
    assert isinstance(read(tmp_path, parts), SourceError)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4"])
def test_indices_of_every_width(tmp_path, kind):
    found = read(tmp_path, document({"POSITION": TRIANGLE}, np.array([2, 0, 1], kind)))
    assert found.faces.tolist() == [[2, 0, 1]]


@pytest.mark.parametrize(
    ("mode", "indices", "faces"),
    [
        (4, None, [[0, 1, 2]]), (4, [0, 1, 2, 2, 1], [[0, 1, 2]]), (5, [0, 1, 2, 3], [[0, 1, 2], [2, 1, 3]]),
        (6, [0, 1, 2, 3], [[1, 2, 0], [2, 3, 0]]),
    ],
)  # fmt: skip
def test_lists_strips_and_fans(tmp_path, mode, indices, faces):
    positions = np.concatenate([TRIANGLE, [[1, 1, 0]]]).astype(np.float32)[: 3 if indices is None else 4]
    found = read(
        tmp_path, document({"POSITION": positions}, None if indices is None else np.array(indices, "u2"), mode=mode)
    )
    assert found.faces.tolist() == faces


def test_lines_are_left_out(tmp_path):
    assert isinstance(read(tmp_path, document({"POSITION": TRIANGLE}, mode=1)), SourceError)


def test_quantised_positions_normals_and_coordinates(tmp_path):
    parts = document({
        "POSITION": (np.array([[0, 0, 0], [100, 0, 0], [0, -100, 0]], "i2")),
        "NORMAL": (np.array([[0, 0, 127]] * 3, "i1"), {"normalized": True}),
        "TEXCOORD_0": (np.array([[0, 0], [65535, 0], [0, 65535]], "u2"), {"normalized": True}),
    }, material=0)  # fmt: skip
    parts[0]["nodes"][0]["scale"] = [0.01] * 3
    parts[0]["images"] = [{"uri": "data:image/png;base64," + base64.b64encode(picture()).decode()}]
    parts[0].update(
        {
            "textures": [{"source": 0}],
            "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        }
    )
    found = read(tmp_path, parts)
    np.testing.assert_allclose(corners_of(found)[0], [[0, 0, 0], [1, 0, 0], [0, -1, 0]], atol=1e-6)
    np.testing.assert_allclose(found.normals, [[0, 0, 1]] * 3)
    np.testing.assert_allclose(found.corner_uv[0], [[0, 0], [1, 0], [0, 1]])


@pytest.mark.parametrize("kind", ["f4", "u1", "u2"])
@pytest.mark.parametrize("width", [3, 4])
def test_vertex_colours_are_linear_and_become_srgb(tmp_path, kind, width):
    colors = np.array([[255, 0, 128], [0, 60, 200], [17, 1, 255]], np.uint8)
    linear = np.concatenate([srgb_to_linear(colors), np.ones((3, 1))], axis=1)[:, :width].astype(np.float32)
    stored = linear if kind == "f4" else np.rint(linear * np.iinfo(kind).max).astype(kind)
    found = read(tmp_path, document({"POSITION": TRIANGLE, "COLOR_0": (stored, {"normalized": kind != "f4"})}))
    steps = np.abs(found.vertex_colors.astype(int) - colors)
    assert steps.max() <= (8 if kind == "u1" else 0)  # eight linear bits are coarse in the dark


def test_interleaved_attributes(tmp_path):
    parts = document({"POSITION": TRIANGLE})
    rows = np.concatenate([TRIANGLE, TRIANGLE + 7], axis=1).astype("<f4")
    parts[0]["bufferViews"] = [{"buffer": 0, "byteOffset": 0, "byteLength": rows.nbytes, "byteStride": 24}]
    parts[0]["accessors"][0]["byteOffset"] = 12
    np.testing.assert_allclose(corners_of(read(tmp_path, (parts[0], rows.tobytes())))[0], TRIANGLE + 7)


@pytest.mark.parametrize("has_base", [True, False])
def test_sparse_accessors(tmp_path, has_base):
    parts, blob = document({"POSITION": TRIANGLE})
    places, values = np.array([2], "<u2"), np.array([[9, 9, 9]], "<f4")
    parts["bufferViews"] += [
        {"buffer": 0, "byteOffset": len(blob), "byteLength": 2},
        {"buffer": 0, "byteOffset": len(blob) + 4, "byteLength": 12},
    ]  # fmt: skip
    blob += places.tobytes() + b"\0\0" + values.tobytes()
    parts["accessors"][0]["sparse"] = {
        "count": 1, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 2},
    }  # fmt: skip
    if not has_base:
        del parts["accessors"][0]["bufferView"]
    expected = TRIANGLE.copy() if has_base else np.zeros((3, 3), np.float32)
    expected[2] = 9
    np.testing.assert_allclose(corners_of(read(tmp_path, (parts, blob)))[0], expected)
    parts["accessors"][0]["count"] = 2
    assert isinstance(read(tmp_path, (parts, blob)), SourceError)


def test_khr_meshopt_with_the_octahedral_filter(tmp_path):
    parts, blob = document(
        {"POSITION": TRIANGLE, "NORMAL": (np.zeros((3, 4), "i1"), {"type": "VEC3", "normalized": True})}
    )
    encoded = np.array([[127, 0, 127, 0], [0, 127, 127, 0], [0, 0, 127, 0]], "i1")
    stream = meshopt_attributes(encoded)
    parts["bufferViews"][1] = {
        "buffer": 1, "byteLength": 12, "byteStride": 4,
        "extensions": {"KHR_meshopt_compression": {
            "buffer": 0, "byteOffset": len(blob), "byteLength": len(stream), "byteStride": 4, "count": 3,
            "mode": "ATTRIBUTES", "filter": "OCTAHEDRAL",
        }},
    }  # fmt: skip
    parts["buffers"].append({"byteLength": 12})
    np.testing.assert_allclose(
        read(tmp_path, (parts, blob + stream)).normals, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], atol=0.01
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("where", ["beside", "data", "view"])
def test_textures_of_every_kind_and_place(tmp_path, kind, where):
    data = picture(kind)
    (tmp_path / "my skin.img").write_bytes(data)
    if where == "view":
        parts = document({"POSITION": TRIANGLE, "TEXCOORD_0": UV}, material=0)
        start = len(parts[1])
        parts[0]["bufferViews"].append({"buffer": 0, "byteOffset": start, "byteLength": len(data)})
        parts[0]["images"] = [{"bufferView": 2, "mimeType": "image/any"}]
        parts[0]["textures"] = [
            {"extensions": {"EXT_texture_webp": {"source": 0}}} if kind == "WEBP" else {"source": 0}
        ]
        parts[0]["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
        found = read(tmp_path, (parts[0], parts[1] + data))
    else:
        uri = "my%20skin.img" if where == "beside" else "data:image/any;base64," + base64.b64encode(data).decode()
        found = textured(tmp_path, image={"uri": uri})
        beside = ((tmp_path / "my skin.img").resolve(),) if where == "beside" else ()
        assert format_of(tmp_path / "a.glb").side_files(tmp_path / "a.glb") == beside
    assert found.findings == ()
    assert found.materials[0].texture.shape == (2, 4, 3)
    assert np.abs(found.materials[0].texture[0, 0].astype(int) - [10, 200, 30]).max() <= 3
    np.testing.assert_array_equal(found.corner_uv[0], UV)


def test_sixteen_bit_and_grey_pictures(tmp_path):
    for values in (np.full((2, 4), 50000, np.uint16), np.full((2, 4), 195, np.uint8)):
        Image.fromarray(values).save(tmp_path / "grey.png")
        assert textured(tmp_path, image={"uri": "grey.png"}).materials[0].texture[0, 0].tolist() == [195] * 3


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ({"uri": "../../etc/passwd"}, "formats.side-file-refused"),
        ({"uri": "/etc/passwd"}, "formats.side-file-refused"),
        ({"uri": "%2e%2e/%2e%2e/etc/passwd"}, "formats.side-file-refused"), ({"uri": "file:///etc/passwd"}, None),
        ({"uri": "gone.png"}, "formats.texture-missing"),
        ({"uri": "https://example.org/a.png"}, "formats.texture-missing"),
        ({"uri": "a.glb"}, "formats.texture-unreadable"), ({}, "formats.texture-missing"),
        ({"uri": "data:image/png;base64,AAAA"}, "formats.texture-unreadable"),
    ],
)  # fmt: skip
def test_pictures_that_cannot_be_had_are_findings(tmp_path, image, code):
    found = textured(tmp_path, image=image)
    assert isinstance(found, SourceMesh)
    assert found.materials[0].texture is None
    assert len(found.findings) == 1
    assert code in (None, found.findings[0].code)


def test_ktx2_alone_is_said_to_be_unreadable(tmp_path):
    found = textured(tmp_path, texture={"extensions": {"KHR_texture_basisu": {"source": 0}}})
    assert [one.code for one in found.findings] == ["formats.texture-unsupported"]


def test_a_buffer_outside_the_folder_is_refused(tmp_path):
    parts, blob = document({"POSITION": TRIANGLE})
    (tmp_path / "data.bin").write_bytes(blob)
    folder = tmp_path / "scan"
    folder.mkdir()
    for uri in ("../data.bin", "%2e%2e/data.bin", str(tmp_path / "data.bin")):
        parts["buffers"][0]["uri"] = uri
        (folder / "a.gltf").write_text(json.dumps(parts))
        assert isinstance(outcome(folder / "a.gltf"), SourceError)
        assert format_of(folder / "a.gltf").side_files(folder / "a.gltf") == ()


def test_the_texture_transform_of_the_specifications_example(tmp_path):
    # "utilizes only the lower left quadrant of the source image, rotated clockwise 90 degrees"
    change = {"offset": [0, 1], "rotation": np.pi / 2, "scale": [0.5, 0.5]}
    found = textured(tmp_path, place={"extensions": {"KHR_texture_transform": change}})
    assert found.corner_uv[..., 0].min() >= -1e-6
    assert found.corner_uv[..., 0].max() <= 0.5 + 1e-6
    assert found.corner_uv[..., 1].min() >= 0.5 - 1e-6
    np.testing.assert_allclose(found.corner_uv[0, 1], [0, 0.5], atol=1e-6)


def test_the_second_set_of_coordinates(tmp_path):
    np.testing.assert_array_equal(textured(tmp_path, place={"texCoord": 1}).corner_uv[0], UV[::-1])
    place = {"texCoord": 0, "extensions": {"KHR_texture_transform": {"texCoord": 1}}}
    np.testing.assert_array_equal(textured(tmp_path, place=place).corner_uv[0], UV[::-1])


def test_factors_are_linear_and_specular_glossiness_is_understood(tmp_path):
    factor = [*srgb_to_linear(np.array([255, 128, 10])).tolist(), 0.5]
    metallic = textured(tmp_path, material={"pbrMetallicRoughness": {"baseColorFactor": factor}})
    assert metallic.materials[0].color.tolist() == [255, 128, 10, 127]
    assert metallic.corner_uv is None
    specular = {"diffuseFactor": factor, "diffuseTexture": {"index": 0}}
    found = textured(tmp_path, material={"extensions": {"KHR_materials_pbrSpecularGlossiness": specular}})
    assert found.materials[0].color.tolist() == [255, 128, 10, 127]
    assert found.materials[0].texture is not None


def test_parts_with_and_without_material_stay_apart(tmp_path):
    parts = document({"POSITION": TRIANGLE, "TEXCOORD_0": UV}, material=0)
    parts[0]["meshes"][0]["primitives"].append({"attributes": {"POSITION": 0}})
    parts[0]["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    parts[0].update(
        {
            "textures": [{"source": 0}],
            "images": [{"uri": "data:image/png;base64," + base64.b64encode(picture()).decode()}],
        }
    )
    found = read(tmp_path, parts)
    assert found.face_material.tolist() == [0, 1]
    assert found.materials[1].texture is None
    assert np.isnan(found.corner_uv[1]).all()


def change(path, value):
    def apply(parts):
        target = parts
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return apply


@pytest.mark.parametrize(
    "spoil",
    [
        change(["asset"], {"version": "1.0"}), change(["asset"], None), change(["meshes"], {}), change(["meshes"], "x"),
        change(["nodes", 0, "mesh"], 9), change(["nodes", 0, "mesh"], "0"), change(["nodes", 0, "matrix"], [1, 2]),
        change(["nodes", 0, "rotation"], "none"), change(["scenes", 0, "nodes"], [7]), change(["scene"], -1),
        change(["accessors", 0, "count"], -1), change(["accessors", 0, "count"], "3"),
        change(["accessors", 0, "count"], 1e300),
        change(["accessors", 0, "type"], "MAT4"), change(["accessors", 0, "componentType"], 1),
        change(["accessors", 0, "byteOffset"], -12), change(["accessors", 0, "bufferView"], 5),
        change(["bufferViews", 0, "byteOffset"], -4), change(["bufferViews", 0, "byteLength"], 2**60),
        change(["bufferViews", 0, "byteStride"], -12), change(["buffers", 0, "uri"], 7),
        change(["meshes", 0, "primitives", 0, "attributes"], []), change(["meshes", 0, "primitives", 0, "indices"], 0),
        change(["meshes", 0, "primitives", 0, "extensions"], DRACO),
        change(["accessors"], None), change(["bufferViews", 0], None),
    ],
)  # fmt: skip
def test_documents_that_lie_are_refused(tmp_path, spoil):
    parts = document({"POSITION": TRIANGLE})
    spoil(parts[0])
    assert isinstance(read(tmp_path, parts), SourceError)


@pytest.mark.parametrize(
    "data",
    [b"glTF", b"glTF" + bytes(16), struct.pack("<4sII", b"glTF", 1, 20) + bytes(8),
     struct.pack("<4sII", b"glTF", 2, 2**32 - 1) + bytes(8),
     struct.pack("<4sIIII", b"glTF", 2, 20, 2**32 - 1, 0x4E4F534A), b'{"asset":' + b"[" * 100_000,
     b'{"asset": {"version": "2.0"}, "nodes": []}'],
)  # fmt: skip
def test_heads_that_lie_are_refused(tmp_path, data):
    (tmp_path / "a.glb").write_bytes(data)
    assert isinstance(outcome(tmp_path / "a.glb"), SourceError)


def test_a_mesh_repeated_beyond_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.gltf._MAX_VERTICES", 1000)
    parts, blob = gltf_parts(ball(300))
    parts["nodes"] = [{"mesh": 0}] * 4
    parts["scenes"] = [{"nodes": [0, 1, 2, 3]}]
    assert "repeats" in str(read(tmp_path, (parts, blob)))


def test_glb_and_gltf_may_change_endings(tmp_path):
    parts, blob = document({"POSITION": TRIANGLE})
    (tmp_path / "a.gltf").write_bytes(glb_bytes(parts, blob))
    assert len(outcome(tmp_path / "a.gltf").faces) == 1


def test_an_accessor_of_nothing_may_not_claim_more_than_the_file_could_mean(tmp_path):
    parts, blob = document({"POSITION": TRIANGLE})
    del parts["accessors"][0]["bufferView"]
    parts["accessors"][0]["count"] = 20_000_000
    assert "promises 20,000,000 values" in str(read(tmp_path, (parts, blob)))
