import numpy as np
import pytest

from exhibit.errors import SourceError, UsageError
from exhibit.pipeline.files import gather, hash_source


def ply(path, n=3):
    path.parent.mkdir(parents=True, exist_ok=True)
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {n}\n"
    header += "property float x\nproperty float y\nproperty float z\nend_header\n"
    path.write_bytes(header.encode() + np.zeros((n, 3), "<f4").tobytes())
    return path


def names(gathered):
    return [source.name for source in gathered.sources]


def test_a_folder_is_searched_to_the_bottom_and_other_files_are_listed(tmp_path):
    ply(tmp_path / "a.ply")
    ply(tmp_path / "deep" / "er" / "b.ply")
    (tmp_path / "README.txt").write_text("Not a scan.")
    (tmp_path / "photo.jpg").write_bytes(b"x")
    ply(tmp_path / ".hidden" / "c.ply")
    found = gather([tmp_path])
    assert names(found) == ["a", "b"]
    assert [path.name for path in found.ignored] == ["README.txt", "photo.jpg"]


def test_the_output_folder_inside_the_input_is_not_searched(tmp_path):
    ply(tmp_path / "a.ply")
    ply(tmp_path / "out" / "a" / "b.ply")
    assert names(gather([tmp_path], outside=tmp_path / "out")) == ["a"]


def test_a_list_and_a_pattern_name_scans(tmp_path):
    ply(tmp_path / "a.ply")
    ply(tmp_path / "b.ply")
    (tmp_path / "list.txt").write_text("# comment\na.ply\n\n", encoding="utf-8-sig")
    assert names(gather([f"@{tmp_path}/list.txt"])) == ["a"]
    assert names(gather([f"{tmp_path}/*.ply"])) == ["a", "b"]


def test_the_same_file_twice_is_one_scan(tmp_path):
    path = ply(tmp_path / "a.ply")
    assert names(gather([path, path, tmp_path])) == ["a"]


def test_equal_stems_are_told_apart_by_suffix_and_it_is_said(tmp_path):
    ply(tmp_path / "lion.ply")
    (tmp_path / "lion.xyz").write_text("0 0 0\n1 0 0\n0 1 0\n")
    found = gather([tmp_path])
    assert sorted(names(found)) == ["lion-ply", "lion-xyz"] and all(source.renamed for source in found.sources)


def test_names_that_still_collide_are_refused_before_any_work(tmp_path):
    ply(tmp_path / "x" / "lion.ply")
    ply(tmp_path / "y" / "lion.ply")
    with pytest.raises(UsageError, match="would both become 'lion-ply'"):
        gather([tmp_path])


@pytest.mark.parametrize("text", ["nowhere.ply", "*.nothing", "@nowhere.txt"])
def test_an_input_that_is_not_there_is_said(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((SourceError, UsageError)):
        gather([text])


def test_a_folder_without_scans_is_said(tmp_path):
    with pytest.raises(UsageError, match="no scan found"):
        gather([tmp_path])


def test_a_file_that_is_no_scan_is_an_error_when_named(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(SourceError):
        gather([tmp_path / "a.docx"])


def test_the_hash_follows_the_content_and_not_the_time(tmp_path):
    path = ply(tmp_path / "a.ply")
    first = hash_source(path)
    path.touch()
    assert hash_source(path) == first
    ply(path, 4)
    assert hash_source(path) != first
