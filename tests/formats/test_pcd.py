"""PCD: packed colours of every kind, fields with several values, viewpoints."""

import struct

import numpy as np
import pytest
from formats.reading import outcome, points_of

from exhibit.errors import SourceError

PACKED = 200 << 16 | 100 << 8 | 50
AS_FLOAT = struct.unpack("<f", struct.pack("<I", PACKED))[0]


def write(path, fields, rows, n_points=None, viewpoint="0 0 0 1 0 0 0", more=""):
    names, sizes, kinds, counts = zip(*fields)
    n_points = rows.count("\n") if n_points is None else n_points
    path.write_text(
        f"# .PCD v.7\nVERSION .7\nFIELDS {' '.join(names)}\nSIZE {' '.join(sizes)}\nTYPE {' '.join(kinds)}\n"
        f"COUNT {' '.join(counts)}\n{more}WIDTH {n_points}\nHEIGHT 1\nVIEWPOINT {viewpoint}\nPOINTS {n_points}\n"
        f"DATA ascii\n{rows}"
    )
    return path


XYZ = [("x", "4", "F", "1"), ("y", "4", "F", "1"), ("z", "4", "F", "1")]


@pytest.mark.parametrize(
    ("kind", "value"), [("F", f"{AS_FLOAT:.8e}"), ("F", f"{PACKED}"), ("U", f"{PACKED}"), ("I", f"{PACKED}")]
)
@pytest.mark.parametrize("name", ["rgb", "rgba"])
def test_packed_colours_as_float_bits_and_as_integers(tmp_path, kind, value, name):
    path = write(tmp_path / "a.pcd", [*XYZ, (name, "4", kind, "1")], f"1 2 3 {value}\n")
    np.testing.assert_array_equal(points_of(outcome(path))[1], [[200, 100, 50]])


def test_packed_colours_in_binary(tmp_path):
    path = write(tmp_path / "a.pcd", [*XYZ, ("rgb", "4", "F", "1")], "", n_points=1)
    data = path.read_bytes().replace(b"DATA ascii", b"DATA binary") + struct.pack("<3fI", 1, 2, 3, PACKED)
    path.write_bytes(data)
    np.testing.assert_array_equal(points_of(outcome(path))[1], [[200, 100, 50]])


def test_separate_colours(tmp_path):
    fields = [*XYZ, *((name, "1", "U", "1") for name in "rgb")]
    path = write(tmp_path / "a.pcd", fields, "1 2 3 200 100 50\n")
    np.testing.assert_array_equal(points_of(outcome(path))[1], [[200, 100, 50]])


def test_fields_with_several_values_and_padding_are_stepped_over(tmp_path):
    fields = [("_", "1", "U", "2"), XYZ[0], ("histogram", "4", "F", "3"), *XYZ[1:], ("intensity", "4", "F", "1")]
    path = write(tmp_path / "a.pcd", fields, "0 0 1 9 9 9 2 3 7\n0 0 4 9 9 9 5 6 7\n")
    np.testing.assert_array_equal(points_of(outcome(path))[0], [[1, 2, 3], [4, 5, 6]])


def test_a_viewpoint_off_the_origin_is_kept(tmp_path):
    found = outcome(write(tmp_path / "a.pcd", XYZ, "1 2 3\n", viewpoint="7 8 9 1 0 0 0"))
    np.testing.assert_array_equal(found.viewpoints, [[7, 8, 9]])
    assert outcome(write(tmp_path / "a.pcd", XYZ, "1 2 3\n")).viewpoints is None


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ([*XYZ[:2], ("w", "4", "F", "1")], ""), ([*XYZ[:2], ("z", "3", "F", "1")], ""),
        ([*XYZ[:2], ("z", "4", "Q", "1")], ""),
        ([*XYZ[:2], ("z", "4", "F", "99999999")], ""), (XYZ, "NONSENSE 1\n"), ([*XYZ[:2], ("z", "four", "F", "1")], ""),
    ],
)  # fmt: skip
def test_heads_that_make_no_sense_are_refused(tmp_path, fields, more):
    assert isinstance(outcome(write(tmp_path / "a.pcd", fields, "1 2 3\n", more=more)), SourceError)
