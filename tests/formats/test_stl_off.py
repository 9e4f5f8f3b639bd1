"""STL and OFF: heads that lie, several solids, colours in several ranges."""

import struct

import numpy as np
import pytest
import trimesh
from formats.reading import corners_of, outcome
from formats.writers import ball, write_stl_ascii, write_stl_binary

from exhibit.errors import SourceError
from exhibit.model.cloud import Scan


def test_corners_at_one_place_become_one_vertex(tmp_path):
    box = trimesh.creation.box()
    for name, data in (("a.stl", box.export(file_type="stl")), ("b.stl", box.export(file_type="stl_ascii").encode())):
        (tmp_path / name).write_bytes(data)
        found = outcome(tmp_path / name)
        assert (len(found.vertices), len(found.faces)) == (8, 12)
        np.testing.assert_allclose(corners_of(found), box.triangles)


def test_minus_zero_is_the_same_place_as_zero(tmp_path):
    sample = ball(3)
    sample.positions[:] = [[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]
    write_stl_ascii(tmp_path / "a.stl", sample)
    text = (tmp_path / "a.stl").read_text()
    (tmp_path / "a.stl").write_text(text.replace("endsolid", "") + text.replace("0.0", "-0.0", 1))
    assert len(outcome(tmp_path / "a.stl").vertices) == 3


def test_a_binary_head_that_says_solid_and_facet_is_still_binary(tmp_path):
    write_stl_binary(tmp_path / "a.stl", ball(20))
    data = (tmp_path / "a.stl").read_bytes()
    (tmp_path / "a.stl").write_bytes(b"solid facet normal vertex endsolid".ljust(80) + data[80:])
    assert len(outcome(tmp_path / "a.stl").faces) == 18


def test_bytes_behind_the_last_face_do_no_harm(tmp_path):
    write_stl_binary(tmp_path / "a.stl", ball(20))
    data = (tmp_path / "a.stl").read_bytes()
    (tmp_path / "a.stl").write_bytes(b"COLOR=".ljust(80) + data[80:] + b"trailing")
    assert len(outcome(tmp_path / "a.stl").faces) == 18


def test_several_solids_in_capitals_with_windows_line_ends(tmp_path):
    write_stl_ascii(tmp_path / "a.stl", ball(4))
    text = (tmp_path / "a.stl").read_text().upper().replace("\n", "\r\n")
    (tmp_path / "a.stl").write_bytes((text * 3).encode())
    assert len(outcome(tmp_path / "a.stl").faces) == 6


def test_a_binary_without_faces_is_refused(tmp_path):
    (tmp_path / "a.stl").write_bytes(bytes(80) + struct.pack("<I", 0))
    assert isinstance(outcome(tmp_path / "a.stl"), SourceError)


FACE = "3 0 1 2\n"


@pytest.mark.parametrize(
    ("head", "row", "color"),
    [
        ("OFF\n", "", None), ("COFF\n", " 255 0 128 255", [255, 0, 128]), ("COFF\n", " 1.0 0 0.5 1", [255, 0, 128]),
        ("COFF\n", " 255 0 128", [255, 0, 128]), ("OFF\n", " 255 0 128", [255, 0, 128]),
        ("NOFF\n", " 0 0 1", None), ("CNOFF\n", " 0 0 1 255 0 128 255", [255, 0, 128]), ("OFF ", "", None),
        ("# first\nOFF # second\n", "", None),
    ],
)  # fmt: skip
def test_heads_of_every_kind(tmp_path, head, row, color):
    path = tmp_path / "a.off"
    path.write_text(f"{head}3 1 0\n0 0 0{row}\n1 0 0{row}\n0 1 0{row}\n{FACE}")
    found = outcome(path)
    assert found.faces.tolist() == [[0, 1, 2]]
    assert (found.normals is not None) == ("N" in head)
    assert (None if found.vertex_colors is None else found.vertex_colors[0].tolist()) == color


def test_polygons_with_colours_behind_them(tmp_path):
    path = tmp_path / "a.off"
    path.write_text("OFF\n4 3 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3 255 0 0\n3 0 1 2 0.5 0.5 0.5 1\n2 0 1\n")
    assert outcome(path).faces.tolist() == [[0, 1, 2], [0, 2, 3], [0, 1, 2]]


def test_vertices_alone_are_a_scan(tmp_path):
    path = tmp_path / "a.off"
    path.write_text("OFF\n2 0 0\n0 0 0\n1 0 0\n")
    assert isinstance(outcome(path), Scan)


@pytest.mark.parametrize(
    "text",
    ["OFF\n", "OFF\n3\n", "OFF\n3 1 0\n0 0 0\n1 0 0\n", "OFF BINARY\n3 1 0\n", "4OFF\n3 1 0\n", "OFF\n-1 1 0\n0 0 0\n",
     "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n9 0 1 2\n", "OFF\n3 1 0\n0 0 0\n1 0\n0 1 0\n3 0 1 2\n",
     "OFF\n1 1 0\n0 0 0\n3 0 1 jug\n",
     "OFF\nnan nan 0\n0 0 0\n"],
)  # fmt: skip
def test_off_files_that_make_no_sense_are_refused(tmp_path, text):
    path = tmp_path / "a.off"
    path.write_text(text)
    assert isinstance(outcome(path), SourceError)
