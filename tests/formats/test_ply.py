"""PLY as it is met: names, types and element orders of many writers, strips, lists, textures."""

import struct

import numpy as np
import pytest
from formats.reading import corners_of, outcome, points_of
from formats.writers import ball
from PIL import Image

from exhibit.errors import SourceError
from exhibit.formats import format_of
from exhibit.model.cloud import Scan, SourceMesh

SQUARE = "0 0 0\n1 0 0\n1 1 0\n0 1 0\n"
XYZ = ["property float x", "property float y", "property float z"]


def write(path, lines, body, encoding="ascii", newline="\n"):
    head = newline.join(["ply", f"format {encoding} 1.0", *lines, "end_header", ""])
    path.write_bytes(head.encode() + (body if isinstance(body, bytes) else body.encode()))
    return path


@pytest.mark.parametrize(
    "names", ["red green blue", "r g b", "diffuse_red diffuse_green diffuse_blue", "Red Green Blue"]
)
@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("uchar", "255 128 0", [255, 128, 0]), ("float", "1.0 0.5 0", [255, 128, 0]),
        ("float", "255 128 0", [255, 128, 0]), ("ushort", "65535 32896 0", [255, 128, 0]),
        ("ushort", "65280 32768 0", [255, 128, 0]), ("ushort", "255 128 0", [255, 128, 0]),
        ("int", "255 128 0", [255, 128, 0]), ("uchar", "1 0 1", [1, 0, 1]), ("float", "nan 1 0.5", [0, 255, 128]),
    ],
)  # fmt: skip
def test_colours_of_every_name_type_and_range(tmp_path, names, kind, values, expected):
    lines = ["element vertex 1", *XYZ, *(f"property {kind} {name}" for name in names.split())]
    found = outcome(write(tmp_path / "a.ply", lines, f"0 0 0 {values}\n"))
    np.testing.assert_array_equal(points_of(found)[1], [expected])


def test_windows_line_ends_comments_and_foreign_bytes_in_the_header(tmp_path):
    lines = ["comment 陶罐", "obj_info caf\xe9 \x80", "", "element vertex 1", *XYZ]
    body = struct.pack("<3f", 1, 2, 3)
    found = outcome(write(tmp_path / "a.ply", lines, body, "binary_little_endian", "\r\n"))
    np.testing.assert_array_equal(points_of(found)[0], [[1, 2, 3]])


def test_binary_data_that_begin_like_a_line_end_are_not_eaten(tmp_path):
    body = b"\n\n\r\n" + struct.pack("<2f", 2, 3)
    found = outcome(write(tmp_path / "a.ply", ["element vertex 1", *XYZ], body, "binary_little_endian"))
    assert points_of(found)[0][0, 1] == 2


def test_points_may_stand_behind_other_elements_and_among_lists(tmp_path):
    lines = [
        "element camera 2", "property list uchar float view", "property int id", "element vertex 2",
        "property list uchar uchar tags", *XYZ, "property uchar red", "property uchar green", "property uchar blue",
    ]  # fmt: skip
    text = "2 0.5 0.5 7\n0 8\n3 1 2 3 1 2 3 10 20 30\n1 9 4 5 6 40 50 60\n"
    binary = struct.pack("<B2fi", 2, 0.5, 0.5, 7) + struct.pack("<Bi", 0, 8)
    binary += struct.pack("<B3B3f3B", 3, 1, 2, 3, 1, 2, 3, 10, 20, 30) + struct.pack(
        "<BB3f3B", 1, 9, 4, 5, 6, 40, 50, 60
    )
    for body, encoding in ((text, "ascii"), (binary, "binary_little_endian")):
        positions, colors, _ = points_of(outcome(write(tmp_path / "a.ply", lines, body, encoding)))
        np.testing.assert_array_equal(positions, [[1, 2, 3], [4, 5, 6]])
        np.testing.assert_array_equal(colors, [[10, 20, 30], [40, 50, 60]])


@pytest.mark.parametrize("order", ["<", ">"])
def test_polygons_of_differing_size_are_cut_into_triangles(tmp_path, order):
    lines = ["element vertex 5", *XYZ, "element face 3", "property list uchar int vertex_index", "property uchar flags"]
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0.5, 0.5, 1]], order + "f4")
    faces = [(0, 1, 2, 3), (0, 1, 4), (0, 1, 2, 3, 4)]
    body = points.tobytes() + b"".join(struct.pack(f"{order}B{len(face)}iB", len(face), *face, 9) for face in faces)
    encoding = "binary_little_endian" if order == "<" else "binary_big_endian"
    found = outcome(write(tmp_path / "a.ply", lines, body, encoding))
    assert found.faces.tolist() == [[0, 1, 2], [0, 2, 3], [0, 1, 4], [0, 1, 2], [0, 2, 3], [0, 3, 4]]


def test_triangle_strips_are_turned_and_restarted(tmp_path):
    lines = ["element vertex 6", *XYZ, "element tristrips 1", "property list int int vertex_indices"]
    text = "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 2 0\n1 2 0\n" + "8 0 1 2 3 -1 2 3 4\n"
    found = outcome(write(tmp_path / "a.ply", lines, text))
    assert found.faces.tolist() == [[0, 1, 2], [2, 1, 3], [2, 3, 4]]
    normals = np.cross(*(corners_of(found)[:, i] - corners_of(found)[:, 0] for i in (1, 2)))
    assert (normals[:2, 2] > 0).all()


def test_faces_without_rows_make_a_scan(tmp_path):
    lines = ["element vertex 4", *XYZ, "element face 0", "property list uchar int vertex_indices"]
    assert isinstance(outcome(write(tmp_path / "a.ply", lines, SQUARE)), Scan)


def test_faces_that_point_outside_are_dropped_with_a_finding(tmp_path):
    lines = ["element vertex 4", *XYZ, "element face 3", "property list uchar int vertex_indices"]
    found = outcome(write(tmp_path / "a.ply", lines, SQUARE + "3 0 1 2\n3 0 1 99\n3 -1 1 2\n"))
    assert found.faces.tolist() == [[0, 1, 2]]
    assert [(one.code, one.value) for one in found.findings] == [("formats.faces-outside", 2)]


def test_face_coordinates_and_the_named_texture_are_read_with_v_turned_down(tmp_path):
    Image.new("RGB", (4, 2), (10, 200, 30)).save(tmp_path / "skin.png")
    lines = ["comment TextureFile skin.png", "element vertex 4", *XYZ, "element face 2",
             "property list uchar int vertex_indices", "property list uchar float texcoord"]  # fmt: skip
    path = write(tmp_path / "a.ply", lines, SQUARE + "3 0 1 2 6 0 0 1 0 1 1\n3 0 2 3 0\n")
    found = outcome(path)
    np.testing.assert_array_equal(found.corner_uv[0], [[0, 1], [1, 1], [1, 0]])
    assert np.isnan(found.corner_uv[1]).all()
    assert found.materials[0].texture.shape == (2, 4, 3)
    assert found.materials[0].texture[0, 0].tolist() == [10, 200, 30]
    assert format_of(path).side_files(path) == ((tmp_path / "skin.png").resolve(),)


def test_vertex_coordinates_are_read_too(tmp_path):
    Image.new("RGB", (2, 2)).save(tmp_path / "skin.png")
    lines = ["comment TextureFile skin.png", "element vertex 4", *XYZ, "property float s", "property float t",
             "element face 1", "property list uchar int vertex_indices"]  # fmt: skip
    found = outcome(write(tmp_path / "a.ply", lines, "0 0 0 0 0\n1 0 0 1 0\n1 1 0 1 1\n0 1 0 0 1\n3 0 1 2\n"))
    np.testing.assert_array_equal(found.corner_uv[0], [[0, 1], [1, 1], [1, 0]])


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\secret.png", "C:\\secret.png", "%2e%2e/x.png"]
)
def test_a_texture_outside_the_folder_is_refused(tmp_path, name):
    folder = tmp_path / "scan"
    folder.mkdir()
    for place in ("secret.png", "x.png"):
        Image.new("RGB", (2, 2)).save(tmp_path / place)
    lines = [f"comment TextureFile {name}", "element vertex 4", *XYZ, "property float s", "property float t",
             "element face 1", "property list uchar int vertex_indices"]  # fmt: skip
    path = write(folder / "a.ply", lines, "0 0 0 0 0\n1 0 0 1 0\n1 1 0 1 1\n0 1 0 0 1\n3 0 1 2\n")
    found = outcome(path)
    assert isinstance(found, SourceMesh)
    assert found.materials[0].texture is None
    assert [one.code for one in found.findings] == ["formats.side-file-refused"]
    assert format_of(path).side_files(path) == ()


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    folder = tmp_path / "scan"
    folder.mkdir()
    Image.new("RGB", (2, 2)).save(tmp_path / "secret.png")
    (folder / "skin.png").symlink_to(tmp_path / "secret.png")
    lines = ["comment TextureFile skin.png", "element vertex 4", *XYZ, "property float s", "property float t",
             "element face 1", "property list uchar int vertex_indices"]  # fmt: skip
    found = outcome(write(folder / "a.ply", lines, "0 0 0 0 0\n1 0 0 1 0\n1 1 0 1 1\n0 1 0 0 1\n3 0 1 2\n"))
    assert found.materials[0].texture is None


@pytest.mark.parametrize(
    "lines",
    [
        ["element vertex -1", *XYZ], ["element vertex many", *XYZ], ["element vertex 1", "property float x"],
        ["element vertex 1", "property quad x"], ["property float x"], ["element vertex 0", *XYZ],
        ["element vertex 1", "property list float int x"], ["nonsense"],
    ],
)  # fmt: skip
def test_headers_that_make_no_sense_are_refused(tmp_path, lines):
    assert isinstance(outcome(write(tmp_path / "a.ply", lines, "1 2 3\n")), SourceError)


def test_a_word_among_the_numbers_is_quoted(tmp_path):
    found = outcome(write(tmp_path / "a.ply", ["element vertex 2", *XYZ], "1 2 3\n4 jug 6\n"))
    assert "'jug'" in str(found)


def test_a_list_longer_than_the_file_is_refused(tmp_path):
    lines = ["element vertex 1", *XYZ, "element face 1", "property list uint int vertex_indices"]
    body = struct.pack("<3f", 0, 0, 0) + struct.pack("<I", 2**31)
    assert isinstance(outcome(write(tmp_path / "a.ply", lines, body, "binary_little_endian")), SourceError)


def test_large_scans_come_in_blocks_and_read_alike_in_both_encodings(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.ply.BLOCK_POINTS", 128)
    monkeypatch.setattr("exhibit.formats.text_numbers.CHUNK_BYTES", 1000)
    sample = ball(1000)
    lines = ["element vertex 1000", *(f"property double {axis}" for axis in "xyz")]
    text = "".join("{!r} {!r} {!r}\n".format(*row) for row in sample.positions.tolist())
    for body, encoding in ((text, "ascii"), (sample.positions.tobytes(), "binary_little_endian")):
        found = outcome(write(tmp_path / "a.ply", lines, body, encoding))
        assert len(list(found.blocks())) >= 8
        np.testing.assert_allclose(points_of(found)[0], sample.positions, atol=1e-7)
