"""Bad input, for every format: one good sentence or a sensible result, never anything else."""

import tracemalloc

import numpy as np
import pytest
from formats.reading import assert_good, outcome, points_of
from formats.writers import WRITERS, Sample, ball

from exhibit.errors import Cancelled, SourceError
from exhibit.formats import all_formats, read
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.progress import Recorder

# a warning of numpy's would reach the person's screen
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
every_way = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
every_format = pytest.mark.parametrize("one", all_formats().values(), ids=lambda one: one.key)


def samples() -> dict[str, Sample]:
    n = 30
    full = ball(n)
    line = np.stack([np.linspace(0, 1, n), np.zeros(n), np.zeros(n)], axis=1)
    plane = np.concatenate([np.random.default_rng(1).random((n, 2)), np.zeros((n, 1))], axis=1)
    places = {"all equal": np.full((n, 3), 0.5), "on a line": line, "on a plane": plane}
    found = {name: Sample(positions, full.colors, full.normals, full.faces) for name, positions in places.items()}
    found["one point"] = Sample(full.positions[:1], full.colors[:1], full.normals[:1], np.empty((0, 3), int))
    found["all black"] = Sample(full.positions, np.zeros((n, 3), np.uint8), full.normals, full.faces)
    return found


@every_format
def test_an_empty_file_is_said_to_be_empty(one, tmp_path):
    for suffix in one.suffixes:
        path = tmp_path / f"scan{suffix}"
        path.write_bytes(b"")
        with pytest.raises(SourceError, match="empty") as caught:
            read(path)
        assert_good(caught.value, path)


@every_format
def test_a_folder_named_like_a_scan_is_said_to_be_a_folder(one, tmp_path):
    path = tmp_path / f"scan{one.suffixes[0]}"
    path.mkdir()
    with pytest.raises(SourceError, match="folder") as caught:
        read(path)
    assert_good(caught.value, path)


@every_way
def test_a_file_that_may_not_be_read_is_said_to_be_so(writer, tmp_path, monkeypatch):
    path = writer.file(tmp_path, ball(20))

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    # root may read everything, so the refusal is played
    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(SourceError, match="permission denied") as caught:
        read(path)
    assert_good(caught.value, path)


@every_format
@pytest.mark.parametrize(
    "content",
    [
        b"\0" * 5000,
        bytes(range(256)) * 20,
        b"\xff\xfe" * 3000,
        "陶罐 青铜 ".encode("gbk") * 300,
        b"hello\n",
        b"{",
        b"\n" * 99,
    ],
    ids=["zeros", "bytes", "utf-16", "gbk", "hello", "brace", "blank"],
)
def test_content_of_another_kind_is_refused(one, content, tmp_path):
    for suffix in one.suffixes:
        path = tmp_path / f"scan{suffix}"
        path.write_bytes(content)
        assert isinstance(outcome(path), SourceError)


@every_way
def test_a_truncated_file_is_an_error_or_a_smaller_scan(writer, tmp_path):
    path = writer.file(tmp_path, ball(300))
    data = path.read_bytes()
    places = {1, 3, 10, 40, 79, 90, 200, 400, len(data) - 1, *(len(data) * tenth // 10 for tenth in range(1, 10))}
    for place in sorted(places):
        path.write_bytes(data[:place])
        found = outcome(path)
        if isinstance(found, Scan):
            assert found.n_points <= 300
        elif isinstance(found, SourceMesh):
            assert len(found.faces) <= 298


@every_way
def test_binary_files_that_are_cut_off_are_refused(writer, tmp_path):
    path = writer.file(tmp_path, ball(300))
    data = path.read_bytes()
    if writer.key in ("xyz", "pts", "obj"):
        pytest.skip("text without an end mark: what is there is a scan")
    path.write_bytes(data[: len(data) * 6 // 10])
    if not path.with_name("vase data.bin").exists():
        assert isinstance(outcome(path), SourceError)


@every_way
@pytest.mark.parametrize("claim", [2**60, 20_000_000])  # absurd, and so modest that memory could be had for it
def test_a_count_that_the_file_cannot_hold_is_refused_without_allocating_it(writer, claim, tmp_path):
    path = writer.file(tmp_path, ball(200))
    if writer.hostile is None:
        pytest.skip("this way of writing states no count that is believed")
    path.write_bytes(writer.hostile(path.read_bytes(), claim))
    outcome(path)  # what the reader imports is loaded before memory is measured
    tracemalloc.start()
    found = outcome(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, SourceError)
    assert peak < 30_000_000


@every_way
@pytest.mark.parametrize("name", samples())
def test_degenerate_scans_are_read_as_they_are(writer, name, tmp_path):
    sample = samples()[name]
    found = outcome(writer.file(tmp_path, sample))
    if writer.is_mesh:
        # a mesh of one vertex has no face: an error, or the point itself where the format can be points
        assert name != "one point" or isinstance(found, (SourceError, Scan))
        assert name == "one point" or isinstance(found, SourceMesh)
        return
    assert isinstance(found, Scan)
    np.testing.assert_allclose(points_of(found)[0], sample.positions, atol=writer.tolerance)


@every_way
def test_not_a_number_and_infinity_stay_for_cleaning_to_drop(writer, tmp_path):
    if not writer.keeps_nan:
        pytest.skip("this format cannot hold them")
    sample = ball(60)
    positions = sample.positions.copy()
    positions[7] = np.nan
    positions[8, 1] = np.inf
    positions[9, 2] = -np.inf
    found = outcome(writer.file(tmp_path, Sample(positions, sample.colors, sample.normals, sample.faces)))
    assert not isinstance(found, SourceError)
    assert np.isfinite(found.origin).all()
    if isinstance(found, Scan):
        back = points_of(found)[0]
        # a pose or a node's transform may spread one bad coordinate over its point, but no further
        np.testing.assert_array_equal(np.isfinite(back).all(axis=1), np.isfinite(positions).all(axis=1))
        np.testing.assert_allclose(back[10:], positions[10:], atol=writer.tolerance)


@every_way
def test_nothing_but_not_a_number_is_still_no_crash(writer, tmp_path):
    if not writer.keeps_nan:
        pytest.skip("this format cannot hold them")
    sample = ball(30)
    path = writer.file(tmp_path, Sample(np.full((30, 3), np.nan), sample.colors, sample.normals, sample.faces))
    outcome(path)


@every_way
def test_a_wrong_ending_is_told_by_the_content(writer, tmp_path):
    data = writer.file(tmp_path, ball(50)).read_bytes()
    title = all_formats()[writer.key].title
    for other in all_formats().values():
        if other.key == writer.key:
            continue
        path = tmp_path / f"other{other.suffixes[0]}"
        path.write_bytes(data)
        found = outcome(path)
        if writer.key in ("xyz", "pts") and other.key in ("xyz", "pts"):
            continue  # the same lines; either may read the other's
        assert isinstance(found, SourceError), f"read as {other.title}"
        assert f"holds {title}" in str(found), str(found)


@every_way
def test_bytes_that_are_no_text_do_no_harm(writer, tmp_path):
    path = writer.file(tmp_path, ball(50))
    data = bytearray(path.read_bytes())
    for place in range(30, len(data), 97):
        data[place] = 0xFF
    path.write_bytes(bytes(data))
    outcome(path)


@every_way
def test_random_damage_is_an_error_or_a_scan(writer, tmp_path):
    path = writer.file(tmp_path, ball(40))
    data = path.read_bytes()
    rng = np.random.default_rng(len(data))
    for _ in range(25):
        damaged = bytearray(data)
        for _ in range(rng.integers(1, 12)):
            # half of the damage goes to the head, where the counts are
            end = len(data) if rng.random() < 0.5 else min(len(data), 500)
            damaged[rng.integers(0, end)] = rng.integers(0, 256)
        path.write_bytes(bytes(damaged))
        outcome(path)


@every_way
def test_reading_stops_when_asked_to(writer, tmp_path):
    recorder = Recorder(cancel_after=0)
    with pytest.raises(Cancelled):
        read(writer.file(tmp_path, ball()), progress=recorder.progress())
