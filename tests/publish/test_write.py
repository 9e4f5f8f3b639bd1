"""Writing a site: all or nothing, only what changed, and never over anybody else's files."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from exhibit.errors import Cancelled, OutputError
from exhibit.progress import Recorder
from exhibit.publish import write as module
from exhibit.publish.site import SitePlan, StoredFile
from exhibit.publish.write import MANIFEST, STAGING, write


def site(**files: str | bytes) -> SitePlan:
    named = {name.replace("__", "/").replace("_html", ".html"): text for name, text in files.items()}
    return SitePlan({path: text.encode() if isinstance(text, str) else text for path, text in named.items()})


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_a_site_is_written_and_a_second_run_touches_nothing(tmp_path):
    plan = site(index_html="a", en__index_html="b")
    assert write(plan, tmp_path / "out").n_written == 2
    assert contents(tmp_path / "out") == {"index.html": "a", "en/index.html": "b"}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.html")}
    again = write(plan, tmp_path / "out")
    assert (again.n_written, again.n_unchanged, again.n_removed) == (0, 2, 0)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.html")}


def test_only_what_changed_is_written_and_what_is_stale_goes_with_its_folder(tmp_path):
    write(site(index_html="a", gone__page_html="b"), tmp_path)
    done = write(site(index_html="changed"), tmp_path)
    assert (done.n_written, done.n_removed) == (1, 1)
    assert contents(tmp_path) == {"index.html": "changed"}
    assert not (tmp_path / "gone").exists()


def test_files_nobody_asked_for_stay_even_among_ours(tmp_path):
    write(site(index_html="a", en__page_html="b"), tmp_path)
    (tmp_path / "en" / "notes.txt").write_text("the curator's")
    (tmp_path / "CNAME").write_text("museum.example")
    write(site(index_html="a"), tmp_path)
    assert contents(tmp_path) == {"index.html": "a", "en/notes.txt": "the curator's", "CNAME": "museum.example"}


def test_a_file_in_the_way_is_named_and_nothing_is_written(tmp_path):
    (tmp_path / "index.html").write_text("somebody's")
    with pytest.raises(OutputError, match=r"index\.html.*--force"):
        write(site(index_html="a", other_html="b"), tmp_path)
    assert contents(tmp_path) == {"index.html": "somebody's"}
    write(site(index_html="a", other_html="b"), tmp_path, force=True)
    assert contents(tmp_path) == {"index.html": "a", "other.html": "b"}


def test_a_file_in_the_way_with_our_very_bytes_is_ours(tmp_path):
    (tmp_path / "index.html").write_text("a")
    assert write(site(index_html="a"), tmp_path).n_unchanged == 1


def test_a_file_of_ours_that_somebody_changed_is_not_overwritten_silently(tmp_path):
    write(site(index_html="a"), tmp_path)
    (tmp_path / "index.html").write_text("edited by hand")
    with pytest.raises(OutputError, match="did not write"):
        write(site(index_html="b"), tmp_path)
    assert contents(tmp_path) == {"index.html": "edited by hand"}


def test_a_stale_file_of_ours_that_somebody_changed_stays(tmp_path):
    write(site(index_html="a", old_html="b"), tmp_path)
    (tmp_path / "old.html").write_text("edited by hand")
    assert write(site(index_html="a"), tmp_path).n_removed == 0
    assert contents(tmp_path)["old.html"] == "edited by hand"


def test_a_folder_where_a_file_belongs_and_a_file_where_a_folder_belongs_are_named(tmp_path):
    (tmp_path / "index.html").mkdir()
    with pytest.raises(OutputError, match="a folder is where"):
        write(site(index_html="a"), tmp_path)
    (tmp_path / "en").write_text("x")
    with pytest.raises(OutputError, match="a file is where"):
        write(site(en__index_html="a"), tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "en").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out"):
        write(site(en__index_html="a"), tmp_path / "out")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_list_that_names_files_outside_removes_nothing_there(tmp_path):
    (tmp_path / "precious.txt").write_text("p")
    out = tmp_path / "out"
    write(site(index_html="a"), out)
    data = json.loads((out / MANIFEST).read_text())
    import hashlib

    data["files"]["../precious.txt"] = hashlib.sha256(b"p").hexdigest()
    (out / MANIFEST).write_text(json.dumps(data))
    write(site(index_html="a"), out)
    assert (tmp_path / "precious.txt").exists()


def test_a_damaged_list_is_one_sentence(tmp_path):
    write(site(index_html="a"), tmp_path)
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(OutputError, match="damaged"):
        write(site(index_html="b"), tmp_path)


def test_a_full_disk_leaves_the_site_as_it_was(tmp_path, monkeypatch):
    write(site(index_html="a", en__index_html="b"), tmp_path)
    real = module._copy
    calls = []

    def full(content, place):
        calls.append(place)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(place))
        return real(content, place)

    monkeypatch.setattr(module, "_copy", full)
    with pytest.raises(OutputError, match="disk is full"):
        write(site(index_html="A", en__index_html="B"), tmp_path)
    assert contents(tmp_path) == {"index.html": "a", "en/index.html": "b"}
    assert not (tmp_path / STAGING).exists()


def test_a_disk_too_small_is_said_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 1000))
    with pytest.raises(OutputError, match="MB free"):
        write(site(index_html="a"), tmp_path)
    assert contents(tmp_path) == {}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="may not be written"):
            write(site(index_html="a"), tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_a_read_only_disk_is_one_sentence_for_root_too(tmp_path, monkeypatch):
    def refused(self, *args, **options):
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(OutputError, match="may not be written"):
        write(site(index_html="a"), tmp_path / "out")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write(site(index_html="a"), tmp_path / "file" / "site")


def test_stopping_half_way_leaves_the_site_as_it_was(tmp_path):
    write(site(index_html="a", b_html="b"), tmp_path)
    with pytest.raises(Cancelled):
        write(site(index_html="A", b_html="B"), tmp_path, progress=Recorder(cancel_after=3).progress())
    assert contents(tmp_path) == {"index.html": "a", "b.html": "b"}


@pytest.mark.parametrize("dies_in", ["_put_in_place", "_remove_stale"])
def test_a_run_killed_while_putting_in_place_is_finished_by_the_next(tmp_path, monkeypatch, dies_in):
    write(site(index_html="a", old_html="o"), tmp_path)
    real = getattr(module, dies_in)

    def dies(folder, *rest):
        if dies_in == "_put_in_place":
            real(folder, rest[0][:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(module, dies_in, dies)
    with pytest.raises(KeyboardInterrupt):
        write(site(index_html="A", b_html="B"), tmp_path)
    monkeypatch.undo()
    write(site(index_html="AA", b_html="BB"), tmp_path)  # and not 'did not write', although the list was not final
    assert contents(tmp_path) == {"index.html": "AA", "b.html": "BB"}


def test_leftovers_of_a_killed_run_are_cleared_away(tmp_path):
    (tmp_path / STAGING).mkdir()
    (tmp_path / STAGING / "half").write_text("x")
    write(site(index_html="a"), tmp_path)
    assert not (tmp_path / STAGING).exists()


def test_pages_come_after_what_they_show(tmp_path, monkeypatch):
    order = []
    real = Path.replace

    def noted(self, target):
        order.append(Path(target).name)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    write(SitePlan({"a.html": b"1", "z.glb": b"2", "b/c.html": b"3", "poster.webp": b"4"}), tmp_path)
    moved = [name for name in order if name != MANIFEST]
    assert [name.endswith(".html") for name in moved] == [False, False, True, True]


def test_stored_files_are_copied_and_checked(tmp_path):
    import hashlib

    source = tmp_path / "hero.glb"
    source.write_bytes(b"glTF" * 1000)
    good = StoredFile(source, 4000, hashlib.sha256(source.read_bytes()).hexdigest())
    write(SitePlan({"hero.glb": good}), tmp_path / "out")
    assert (tmp_path / "out" / "hero.glb").read_bytes() == source.read_bytes()
    with pytest.raises(OutputError, match="changed while"):
        write(SitePlan({"other.glb": StoredFile(source, 4000, "0" * 64)}), tmp_path / "out")
    assert not (tmp_path / "out" / "other.glb").exists()
