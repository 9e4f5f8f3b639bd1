"""Which formats there are, which one a file is of, and what a file's name says."""

import subprocess
import sys
from pathlib import Path

import pytest

from exhibit.errors import SourceError
from exhibit.formats import all_formats, format_of, is_supported, read, stem_of


def test_every_module_with_a_format_is_found_by_itself():
    folder = Path(sys.modules["exhibit.formats"].__file__).parent
    with_format = [path.stem for path in folder.glob("*.py") if "\nFORMAT = Format(" in path.read_text("utf-8")]
    assert len(with_format) == len(all_formats())


def test_keys_titles_and_suffixes_are_distinct_and_well_formed():
    suffixes = [suffix for one in all_formats().values() for suffix in one.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
    for key, one in all_formats().items():
        assert key == one.key == key.lower()
        assert set(one.shared_suffixes) <= set(one.suffixes)


def test_importing_the_registry_is_cheap():
    code = (
        "import sys, time; start = time.process_time(); import exhibit.formats; took = time.process_time() - start;"
        "heavy = {'numpy', 'numba', 'trimesh', 'laspy', 'pye57', 'PIL', 'pygltflib'} & set(sys.modules);"
        "print(took, sorted(heavy))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(" ", 1)
        for _ in range(5)
    ]
    assert min(float(took) for took, _ in runs) < 0.05
    assert all(heavy.strip() == "[]" for _, heavy in runs)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("lion.ply", "lion"), ("LION.PLY", "LION"), ("vase.v2.ply", "vase.v2"), ("folder/jug.ply", "jug"), ("x.zip", "x")],
)
def test_the_stem_is_the_name_without_its_known_suffix(name, stem):
    assert stem_of(name) == stem


def test_a_file_of_another_kind_is_not_supported_and_says_what_is(tmp_path):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"PK\x03\x04")
    assert not is_supported(path)
    with pytest.raises(SourceError, match=r"\.ply"):
        format_of(path)


def test_a_scan_under_an_unknown_ending_is_recognised_and_the_remedy_named(tmp_path):
    path = tmp_path / "lion.dat"
    path.write_bytes(b"ply\nformat ascii 1.0\n")
    with pytest.raises(SourceError, match=r"looks like PLY.*end in \.ply"):
        read(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "gone.ply")
