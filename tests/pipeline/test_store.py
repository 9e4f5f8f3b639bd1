import numpy as np
import pytest

from exhibit.model.asset import Asset, AssetFile
from exhibit.model.cloud import CleanCloud, Placement
from exhibit.model.finding import Finding
from exhibit.pipeline.codec import decode, encode
from exhibit.pipeline.store import Store, key_of
from exhibit.pipeline.versions import version_of

MODULE = "exhibit.units"


def a_cloud() -> CleanCloud:
    positions = np.arange(30, dtype=np.float32).reshape(10, 3)
    return CleanCloud(
        positions=positions,
        normals=positions,
        colors=np.zeros((10, 3), np.uint8),
        spacing_m=positions[:, 0],
        noise_m=0.5,
        n_source=12,
        placement=Placement(1.0, np.eye(3), np.zeros(3), "user"),
        findings=(Finding("a.b", 1.0, "mm", "说明"),),
    )


def test_a_value_comes_back_equal_and_read_only():
    cloud = a_cloud()
    back = decode(encode(cloud))
    assert back.findings == cloud.findings and back.placement.basis == "user"
    assert np.array_equal(back.positions, cloud.positions) and back.positions.dtype == np.float32
    with pytest.raises(ValueError):
        back.positions[0, 0] = 1


@pytest.mark.parametrize("extra", range(8))
def test_arrays_come_back_aligned_as_foreign_engines_want_them(extra):
    odd, array = b"x" * extra, np.arange(5.0)
    assert decode(encode(("说" * extra, odd, array)))[2].flags.aligned


def test_large_textures_shrink_and_come_back():
    picture = np.zeros((512, 512, 3), np.uint8)
    data = encode((picture, b"x" * 10))
    assert len(data) < picture.nbytes / 10
    assert np.array_equal(decode(data)[0], picture)


def test_bytes_survive():
    asset = Asset((AssetFile("a.glb", b"\0\1\xff"),), (), (), (1.0, 2.0, 3.0))
    assert decode(encode(asset)) == asset


def test_foreign_types_are_refused_both_ways():
    with pytest.raises(TypeError, match="does not flow"):
        encode(object())
    evil = encode(a_cloud()).replace(b"exhibit.model.finding:Finding", b"os.path.aaaaa.xxxxxxx:system")
    with pytest.raises(ValueError):
        decode(evil)


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-1], lambda d: d[:50], lambda d: b"", lambda d: d[:60] + b"!" + d[61:]]
)
def test_a_damaged_value_is_noticed(damage):
    with pytest.raises(ValueError, match="intact"):
        decode(damage(encode(a_cloud())))


def test_a_result_is_made_once_and_found_the_second_time(tmp_path):
    made = []
    store = Store(tmp_path)
    for _ in range(2):
        kept = store.keep("s", MODULE, (1,), ("k",), lambda: made.append(1) or (1, 2))
        assert kept.value() == (1, 2) and kept.value() == (1, 2)
    assert made == [1]


def test_a_damaged_entry_is_made_again(tmp_path):
    store = Store(tmp_path)
    kept = store.keep("s", MODULE, None, (), lambda: "good")
    kept.value()
    path = next(tmp_path.glob("??/*"))
    path.write_bytes(path.read_bytes()[:-2])
    assert store.keep("s", MODULE, None, (), lambda: "again").value() == "again"


def test_the_key_changes_with_stage_version_options_and_inputs():
    keys = {
        key_of("s", "1", {"a": 1}, "x"),
        key_of("t", "1", {"a": 1}, "x"),
        key_of("s", "2", {"a": 1}, "x"),
        key_of("s", "1", {"a": 2}, "x"),
        key_of("s", "1", {"a": 1}, "y"),
    }
    assert len(keys) == 5


def test_options_that_have_no_stable_form_are_refused():
    with pytest.raises(TypeError):
        key_of("s", "1", {"a": object()})


def test_a_full_disk_costs_the_cache_but_not_the_result(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert Store(blocked).keep("s", MODULE, None, (), lambda: 7).value() == 7


def test_pruning_keeps_the_latest_within_the_budget(tmp_path):
    import os

    store = Store(tmp_path, budget_bytes=700)
    keys = []
    for number in range(5):
        kept = store.keep("s", MODULE, number, (), lambda: b"x" * 200)
        kept.value()
        keys.append(kept.key)
        os.utime(store._path(kept.key), (number, number))
    assert store.prune() > 0
    assert [store.has(key) for key in keys] == [False, False, False, True, True]


def test_the_version_follows_the_code_a_stage_imports():
    assert version_of("exhibit.errors") != version_of("exhibit.progress")
    assert version_of("exhibit.errors") == version_of("exhibit.errors")


def test_what_a_killed_run_left_half_written_is_dropped_later(tmp_path):
    import os

    store = Store(tmp_path)
    store.keep("s", MODULE, 1, (), lambda: 1).value()
    folder = next(tmp_path.glob("??"))
    for name, age in ((".exhibit-1-0.part", 7200), (".exhibit-2-0.part", 0)):
        (folder / name).touch()
        os.utime(folder / name, (folder.stat().st_mtime - age,) * 2)
    store.prune()
    assert [path.name for path in folder.glob("*.part")] == [".exhibit-2-0.part"]


def test_the_version_of_what_runs_node_follows_the_bundled_tools(tmp_path, monkeypatch):
    from exhibit.pipeline import versions

    def both():
        versions.version_of.cache_clear()
        versions._tools.cache_clear()
        return version_of("exhibit.stages.pack"), version_of("exhibit.stages.clean")

    before = both()
    tools = tmp_path / "dist" / "tools"
    tools.mkdir(parents=True)
    (tools / "compress.mjs").write_text("changed")
    monkeypatch.setattr(versions, "shipped", lambda name: tmp_path)
    after = both()
    monkeypatch.undo()
    both()
    assert after[0] != before[0] and after[1] == before[1]
