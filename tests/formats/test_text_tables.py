"""XYZ, TXT, CSV, ASC and PTS as people and programs write them."""

import numpy as np
import pytest
from formats.reading import outcome, points_of
from formats.writers import ball

from exhibit.errors import SourceError
from exhibit.formats import is_supported

ROWS = [(1.5, -2.25, 3.0, 200, 100, 0), (4.0, 5.5, -6.75, 0, 50, 255), (7.0, 8.0, 9.125, 10, 20, 30)]
POSITIONS = np.array([row[:3] for row in ROWS])
COLORS = np.array([row[3:] for row in ROWS])


def table(separator=" ", decimal=".", end="\n"):
    return "".join(separator.join(str(value).replace(".", decimal) for value in row) + end for row in ROWS)


def read_text(tmp_path, text, name="a.xyz"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return outcome(path)


def assert_rows(found, has_colors=True):
    positions, colors, _ = points_of(found)
    np.testing.assert_allclose(positions, POSITIONS)
    assert found.has_colors == has_colors
    if has_colors:
        np.testing.assert_array_equal(colors, COLORS)


@pytest.mark.parametrize(
    "text",
    [
        table(), table("\t"), table("   "), table(","), table(", "), table(";"), table("; "), table(";", ","),
        table("\t", ","), table("  ", ","), table(end="\r\n"), table(end="\r"), table(end=" \n\n"),
        table(",", end=",\n"),
        "\ufeff" + table(), "# scanned by hand\n// twice\n" + table(), "3\n" + table(), "\n\n" + table(),
        table().replace("\n", " # note\n"), table().rstrip("\n"), '"' + table('","', end='"\n"').rstrip('"'),
        "x y z r g b\n" + table(), "X;Y;Z;R;G;B\n" + table(";", ","), "//X Y Z R G B\n" + table(),
        "# x, y, z, red, green, blue\n" + table(","), '"x [m]","y [m]","z [m]","Red","Green","Blue"\n' + table(","),
        "columns:\nx y z r g b\n".replace("columns:", "my nice columns") + table(),
    ],
)  # fmt: skip
def test_every_way_of_writing_the_same_six_columns(tmp_path, text):
    assert_rows(read_text(tmp_path, text))


def test_names_put_columns_in_any_order(tmp_path):
    text = "blue,id,z,y,x,green,red,intensity\n"
    text += "".join(f"{b},7,{z},{y},{x},{g},{r},0.5\n" for x, y, z, r, g, b in ROWS)
    assert_rows(read_text(tmp_path, text, "a.csv"))


def test_names_that_are_not_understood_leave_the_values_to_speak(tmp_path):
    text = "东;北;高;红;绿;蓝\n".encode("gbk") + table(";").encode()
    assert_rows(read_text(tmp_path, text))


@pytest.mark.parametrize(
    ("scale", "form"), [(1 / 255, "{:.6f}"), (1, "{:.0f}"), (257, "{:.0f}"), (256, "{:.0f}"), (1, "{:.1f}")]
)
def test_colours_of_every_range(tmp_path, scale, form):
    text = "".join(
        "{} {} {} ".format(*row[:3]) + " ".join(form.format(c * scale) for c in row[3:]) + "\n" for row in ROWS
    )
    assert_rows(read_text(tmp_path, text))


def test_three_columns_have_no_colour(tmp_path):
    assert_rows(read_text(tmp_path, "".join("{} {} {}\n".format(*row[:3]) for row in ROWS)), has_colors=False)


def test_a_fourth_column_is_intensity_and_left_out(tmp_path):
    assert_rows(read_text(tmp_path, "".join("{} {} {} 77\n".format(*row[:3]) for row in ROWS)), has_colors=False)


@pytest.mark.parametrize("place", ["before", "after"])
def test_intensity_beside_the_colours_is_told_from_them(tmp_path, place):
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (200, 1))
    colors = np.clip(grey + rng.integers(-9, 10, (200, 3)), 0, 255)
    other = rng.integers(0, 256, (200, 1))
    columns = [rng.random((200, 3)), *([other, colors] if place == "before" else [colors, other])]
    text = "".join(" ".join(f"{value:g}" for value in row) + "\n" for row in np.hstack(columns))
    np.testing.assert_array_equal(points_of(read_text(tmp_path, text))[1], colors)


@pytest.mark.parametrize("order", ["pnc", "pcn", "pn", "pinc", "pcni"])
def test_normals_are_told_from_colours_by_their_length(tmp_path, order):
    sample = ball(100)
    groups = {"p": sample.positions, "n": sample.normals, "c": sample.colors, "i": np.arange(100)[:, None] - 5.5}
    columns = np.hstack([groups[letter] for letter in order])
    text = "".join(" ".join(f"{value:.7g}" for value in row) + "\n" for row in columns)
    _, colors, normals = points_of(read_text(tmp_path, text))
    np.testing.assert_allclose(normals, sample.normals, atol=1e-6)
    if "c" in order:
        np.testing.assert_array_equal(colors, sample.colors)
    else:
        assert colors is None


def test_columns_that_mean_nothing_to_us_are_named_in_a_finding(tmp_path):
    found = read_text(tmp_path, "".join(f"{i} 0 1 -5.5 {i}.5 900000\n" for i in range(5)))
    assert [one.code for one in found.findings] == ["formats.columns-unknown"]
    assert not found.has_colors


def test_labels_behind_the_numbers_do_no_harm(tmp_path):
    assert_rows(read_text(tmp_path, table(end=" bronze\n")))


def test_empty_fields_keep_their_place(tmp_path):
    text = "x,y,z,intensity,note,r,g,b\n"
    fields = ["7,", ",", ", 5"]
    text += "".join(f"{x},{y},{z},{field},{r},{g},{b}\n" for field, (x, y, z, r, g, b) in zip(fields, ROWS))
    assert_rows(read_text(tmp_path, text, "a.csv"))


def test_ragged_and_spoilt_lines_are_left_out_and_counted(tmp_path):
    lines = (table() * 4).splitlines()
    lines[4:4] = ["1 2", "x y z 1 2 3", "1 2 three 4 5 6"]
    found = read_text(tmp_path, "\n".join(lines))
    assert found.n_points == 12
    assert [(one.code, one.value) for one in found.findings] == [("formats.lines-skipped", 3)]


def test_mostly_spoilt_files_are_refused(tmp_path):
    assert isinstance(read_text(tmp_path, table() + "and then\nprose\nfor\nfour lines\n"), SourceError)


def test_chunks_never_cut_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.text_numbers.CHUNK_BYTES", 37)
    assert_rows(read_text(tmp_path, table()))


def test_a_file_that_is_one_endless_line_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.text_numbers.CHUNK_BYTES", 1000)
    assert isinstance(read_text(tmp_path, "1 2 3 " * 5000), SourceError)


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".asc"])
def test_prose_tables_and_grids_are_not_taken_for_scans(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    for text in (
        "Read me first.\nThis folder holds scans.\n", "file,units,up\nlion.ply,mm,z\nvase.obj,m,y\n", "",
        "ncols 4\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n1 2 3 4\n5 6 7 8\n",
    ):  # fmt: skip
        path.write_text(text)
        assert not is_supported(path)
    path.write_text(table())
    assert is_supported(path)
    assert is_supported(tmp_path / "a.xyz")


@pytest.mark.parametrize(
    ("body", "has_colors"),
    [
        ("1 2 3\n4 5 6\n", False), ("1 2 3 -500\n4 5 6 700\n", False), ("1 2 3 9 8 7\n4 5 6 250 0 1\n", True),
        ("1 2 3 -500 9 8 7\n4 5 6 700 250 0 1\n", True), ("1 2 3 0.5 9 8 7\n4 5 6 0.1 250 0 1\n", True),
    ],
)  # fmt: skip
def test_pts_with_and_without_intensity_and_colour(tmp_path, body, has_colors):
    positions, colors, _ = points_of(read_text(tmp_path, f"2\n{body}", "a.pts"))
    np.testing.assert_array_equal(positions, [[1, 2, 3], [4, 5, 6]])
    if has_colors:
        np.testing.assert_array_equal(colors, [[9, 8, 7], [250, 0, 1]])
    else:
        assert colors is None


def test_pts_may_hold_several_scans(tmp_path):
    found = read_text(tmp_path, "2\n1 2 3\n4 5 6\n1\n7 8 9\n", "a.pts")
    assert found.n_points == 3


def test_pts_with_fewer_points_than_promised_is_cut_off(tmp_path):
    assert "promises 5 points and holds 2" in str(read_text(tmp_path, "5\n1 2 3\n4 5 6\n", "a.pts"))
