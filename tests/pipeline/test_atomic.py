import errno

import pytest

from exhibit.errors import OutputError
from exhibit.pipeline import atomic
from exhibit.pipeline.atomic import check_writable, write_atomically


def test_a_file_and_its_folder_appear(tmp_path):
    write_atomically(tmp_path / "a" / "b.txt", b"x")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"x"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written"), (errno.EIO, "could not")]
)
def test_a_failing_disk_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch, number, words):
    target = tmp_path / "b.txt"
    target.write_bytes(b"old")

    def fail(_handle):
        raise OSError(number, "no")

    monkeypatch.setattr(atomic.os, "fsync", fail)
    with pytest.raises(OutputError, match=words):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["b.txt"]


def test_a_file_where_a_folder_should_be_is_one_sentence(tmp_path):
    (tmp_path / "a").write_text("file")
    with pytest.raises(OutputError):
        write_atomically(tmp_path / "a" / "b.txt", b"x")


def test_a_folder_that_can_be_made_is_writable_and_not_made_by_asking(tmp_path):
    check_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_on_the_way_and_a_read_only_disk_are_said_before_any_work(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="not a folder"):
        check_writable(tmp_path / "file" / "site")

    def fail(_path):
        raise OSError(errno.EROFS, "no")

    monkeypatch.setattr(atomic.Path, "touch", fail)
    with pytest.raises(OutputError, match=r"may not be written\. Name a folder that you may write in"):
        check_writable(tmp_path)
