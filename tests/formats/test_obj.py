"""OBJ and MTL as people have them: corners of every kind, materials, textures that are missing or outside."""

import numpy as np
import pytest
from formats.reading import corners_of, outcome
from PIL import Image

from exhibit.errors import SourceError
from exhibit.formats import format_of
from exhibit.model.cloud import Scan

SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nvn 0 0 1\n"


def write(folder, text, name="a.obj"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "face",
    ["f 1 2 3 4", "f 1/1 2/2 3/3 4/4", "f 1//1 2//1 3//1 4//1", "f 1/1/1 2/2/1 3/3/1 4/4/1", "f -4 -3 -2 -1",
     "f -4/-4/-1 -3/-3/-1 -2/-2/-1 -1/-1/-1", "f\t1\t2 3  4 ", "f 1 2 \\\n 3 4", "f 1/1/ 2/2/ 3/3/ 4/4/",
     "f 1/ 2/ 3/ 4/",
     "f 1 2 3 4 # note", "f 1/1 2 3//1 4/4/1", "  f 1 2 3 4\r"],
)  # fmt: skip
def test_corners_of_every_kind_give_the_same_two_triangles(tmp_path, face):
    found = outcome(write(tmp_path, f"{SQUARE}{face}\n"))
    assert found.faces.tolist() == [[0, 1, 2], [0, 2, 3]]


def test_coordinates_stand_per_corner_and_v_is_turned_down(tmp_path):
    found = outcome(write(tmp_path, f"{SQUARE}f 1/1 2/2 3/3\nf 1//1 3//1 4//1\nf 1/3 3/1 4/2\n"))
    np.testing.assert_array_equal(found.corner_uv[0], [[0, 1], [1, 1], [1, 0]])
    assert np.isnan(found.corner_uv[1]).all()
    np.testing.assert_array_equal(found.corner_uv[2], [[1, 0], [0, 1], [1, 1]])


def test_negative_corners_count_back_from_where_they_stand(tmp_path):
    text = "".join(f"v {i} 0 0\nv {i} 1 0\nv {i} 0 1\nvt {i} 0\nf -3/-1 -2/-1 -1/-1\n" for i in range(4))
    found = outcome(write(tmp_path, text))
    assert found.faces.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    np.testing.assert_array_equal(found.corner_uv[:, 0, 0], [0, 1, 2, 3])


def test_negative_corners_survive_the_border_between_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.text_numbers.CHUNK_BYTES", 50)
    text = "".join(f"v {i} 0 0\nv {i} 1 0\nv {i} 0 1\nf -3 -2 -1\n" for i in range(9))
    assert outcome(write(tmp_path, text)).faces.tolist() == np.arange(27).reshape(9, 3).tolist()


def test_several_materials_with_colours_and_textures(tmp_path):
    Image.new("RGB", (8, 4), (10, 20, 30)).save(tmp_path / "my skin.jpg", quality=100)
    write(
        tmp_path,
        "# made\nnewmtl red\nKd 1 0 0\nNs 10\nnewmtl skin\nKd 0 0 0\nmap_Kd -s 1 1 1 -o 0 0 my skin.jpg\n"
        "newmtl grey\nKd 0.5\n",
        "a.mtl",
    )
    text = f"mtllib a.mtl\n{SQUARE}usemtl red\nf 1 2 3\nusemtl skin\nf 1/1 3/3 4/4\n"
    text += "usemtl grey\nf 1 2 4\nusemtl red\nf 2 3 4\n"
    path = write(tmp_path, text)
    found = outcome(path)
    colors = [found.materials[i].color[:3].tolist() for i in found.face_material]
    assert colors == [[255, 0, 0], [255, 255, 255], [128, 128, 128], [255, 0, 0]]
    textures = [found.materials[i].texture for i in found.face_material]
    assert [texture is not None for texture in textures] == [False, True, False, False]
    assert textures[1].shape == (4, 8, 3)
    assert found.findings == ()
    assert format_of(path).side_files(path) == tuple(
        sorted(((tmp_path / "a.mtl").resolve(), (tmp_path / "my skin.jpg").resolve()))
    )


@pytest.mark.parametrize(
    ("library", "code"),
    [
        (None, "formats.materials-missing"), ("newmtl skin\nmap_Kd gone.png\n", "formats.texture-missing"),
        ("newmtl skin\nmap_Kd ../../etc/passwd\n", "formats.side-file-refused"),
        ("newmtl skin\nmap_Kd /etc/passwd\n", "formats.side-file-refused"),
        ("newmtl skin\nmap_Kd a.obj\n", "formats.texture-unreadable"),
        ("newmtl other\nKd 1 1 1\n", "formats.materials-missing"),
    ],
)  # fmt: skip
def test_what_is_missing_or_outside_is_a_finding_and_no_failure(tmp_path, library, code):
    if library is not None:
        write(tmp_path, library, "a.mtl")
    found = outcome(write(tmp_path, f"mtllib a.mtl\n{SQUARE}usemtl skin\nf 1/1 2/2 3/3\n"))
    assert [one.code for one in found.findings] == [code]
    assert found.materials[0].texture is None


def test_a_library_outside_the_folder_is_refused(tmp_path):
    folder = tmp_path / "scan"
    folder.mkdir()
    write(tmp_path, "newmtl skin\nKd 1 0 0\n", "a.mtl")
    path = write(folder, f"mtllib ../a.mtl\n{SQUARE}usemtl skin\nf 1/1 2/2 3/3\n")
    found = outcome(path)
    assert [one.code for one in found.findings] == ["formats.side-file-refused"]
    assert not found.has_colors
    assert format_of(path).side_files(path) == ()


def test_a_texture_stands_beside_its_library(tmp_path):
    (tmp_path / "tex").mkdir()
    Image.new("RGB", (2, 2), (9, 9, 9)).save(tmp_path / "tex" / "skin.png")
    (tmp_path / "tex" / "a.mtl").write_text("newmtl skin\nmap_Kd skin.png\n")
    found = outcome(write(tmp_path, f"mtllib tex\\a.mtl\n{SQUARE}usemtl skin\nf 1/1 2/2 3/3\n"))
    assert found.materials[0].texture is not None


def test_vertex_colours_and_weights(tmp_path):
    faces = "f 1 2 3\n"
    for rows in ("0 0 0 1 0 0.5\n", "0 0 0 255 0 128\n", "0 0 0 1.0 1 0 0.5\n", "0 0 0 1 0 0.5 1.0\n"):
        text = "".join(f"v {rows}" for _ in range(3)) + "v 0 0 0 " + rows.split(maxsplit=3)[3] + faces
        assert outcome(write(tmp_path, text)).vertex_colors[0].tolist() == [255, 0, 128]
    text = "v 0 0 0 1.0\nv 1 0 0 1.0\nv 0 1 0 1.0\n" + faces
    assert outcome(write(tmp_path, text)).vertex_colors is None


def test_vertices_without_faces_are_a_scan(tmp_path):
    assert isinstance(outcome(write(tmp_path, SQUARE)), Scan)


def test_surveyed_coordinates_keep_their_digits(tmp_path):
    found = outcome(
        write(tmp_path, "v 500000.1234 5400000.5678 1\nv 500001.1234 5400000.5678 1\nv 500000 5400001 1\nf 1 2 3\n")
    )
    np.testing.assert_allclose(corners_of(found)[0, 0], [500000.1234, 5400000.5678, 1], atol=1e-6)


@pytest.mark.parametrize("face", ["f 1 2 jug", "f 1/x 2/1 3/1", "f a b c", "f 1 2 nan", "f 9 9 9", "f 0 0 0", "f 1 2"])
def test_faces_that_make_no_sense_are_refused(tmp_path, face):
    assert isinstance(outcome(write(tmp_path, f"{SQUARE}{face}\n")), SourceError)


def test_bytes_of_another_encoding_in_names_and_comments(tmp_path):
    text = "# 陶罐\nmtllib 陶.mtl\n".encode("gbk") + SQUARE.encode() + "usemtl 釉\nf 1 2 3\n".encode("gbk")
    assert len(outcome(write(tmp_path, text)).faces) == 1
