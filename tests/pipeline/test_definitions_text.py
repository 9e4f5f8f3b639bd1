"""Syntax, encodings and hostile files: one clear sentence each, at once."""

import time

import pytest

from exhibit.errors import DefinitionError
from exhibit.pipeline.definitions import load_exhibition

SCENE = 'title.en = "Hall"\n'


@pytest.fixture
def scene(tmp_path):
    def write(data, name="hall.toml"):
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return file

    return write


def only(file):
    started = time.perf_counter()
    with pytest.raises(DefinitionError) as caught:
        load_exhibition(file)
    assert time.perf_counter() - started < 5
    (problem,) = caught.value.problems
    assert len(str(problem)) < 400
    return problem


@pytest.mark.parametrize(
    ("text", "key", "message", "hint"),
    [
        ('title.en = "Hall\n', "line 1, column 17", "", "three quotation marks"),
        ("title.en = Hall", "line 1, column 12", "invalid value", "quotation marks"),
        ('title.en = “Hall”', "line 1, column 12", "invalid value", 'Write " instead of “'),
        ('title.en ＝ "Hall"', "line 1, column 10", "", "Write = instead of ＝"),
        ('title.en = "a"\ntitle.en = "b"\n', "line 2, column 15", "cannot overwrite", "stands twice"),
        ('[title]\nen = "a"\n[title]\nde = "b"', "line 3, column 7", "cannot declare", "stands twice"),
        ('room = "C:\\plain"', "line 1, column", "", "write / between folders"),
        ("title", "end of file", "", "key = value"),
        ('title.en = "x" "y"', "line 1, column 16", "", ""),
        ("license = {", "end of file", "", ""),
    ],
)  # fmt: skip
def test_syntax_errors_have_line_column_and_a_remedy(scene, text, key, message, hint):
    problem = only(scene(text))
    assert problem.key.startswith(key)
    assert message in problem.message
    assert hint in problem.hint
    assert "end of file" in key or text.split("\n")[int(problem.key.split()[1].strip(",")) - 1] in problem.message


def test_a_byte_order_mark_and_windows_line_ends_are_fine(scene):
    file = scene(b"\xef\xbb\xbf" + SCENE.replace("\n", "\r\n").encode() + 'title.zh-Hans = "厅"\r\n'.encode())
    assert load_exhibition(file).title == {"en": "Hall", "zh-Hans": "厅"}


def test_a_gbk_file_is_called_by_its_name(scene):
    problem = only(scene('# 说明\n\ntitle.zh-Hans = "第一间展厅"\n'.encode("gbk")))
    assert problem.key == "line 1"
    assert problem.message == "is saved in GBK, not UTF-8."
    assert "UTF-8" in problem.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_other_encodings_are_one_sentence(scene, encoding):
    assert "UTF" in str(only(scene('title.fr = "Œuvre gothique é"\n'.replace("Œ", "O").encode(encoding))))


HOSTILE = {
    "nested lists": b"relics = " + b"[" * 100_000,
    "nested tables": b"title = " + b"{a=" * 100_000,
    "dotted key": b".".join([b"a"] * 400_000) + b" = 1",
    "table name": b"[" + b".".join([b"a"] * 400_000) + b"]",
    "number": b"title = " + b"9" * 100_000,
    "NUL bytes": SCENE.encode() + b"\0" * 100,
    "binary": bytes(range(256)) * 100,
    "long key": b"k" * 500_000 + b" = 1",
    "many keys": b"".join(b"k%d = 1\n" % number for number in range(50)),
    "empty": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_at_once(scene, data):
    file = scene(data)
    started = time.perf_counter()
    with pytest.raises(DefinitionError) as caught:
        load_exhibition(file)
    assert time.perf_counter() - started < 5
    assert all(len(str(problem)) < 500 for problem in caught.value.problems)


def test_a_huge_file_is_not_read(scene):
    file = scene(b"")
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    assert "is 50.0 MB; at most 1 MB are read." in only(file).message


def test_a_folder_or_nothing_in_place_of_a_file_is_a_sentence(tmp_path):
    (tmp_path / "hall.toml").mkdir()
    assert only(tmp_path / "hall.toml").message == "is a folder, not a file."
    assert only(tmp_path / "none.toml").message == "does not exist."


@pytest.mark.parametrize(
    ("line", "key", "message"),
    [
        ('languages = ["en", "cn"]', "languages[2]", "not a language tag"),
        ("languages = []", "languages", "is empty"),
        ('languages = ["en", "en"]', "languages", "names 'en' twice"),
        ('relics = ["lion", "lion"]', "relics", "names 'lion' twice"),
        ('relics = [{relic = "lion", x = 2}]', "relics[1].x", "not a key"),
        ("relics = [5]", "relics[1]", "must be text, not the number 5"),
        ('relics = [{relic = "lion", x_m = nan}]', "relics[1].x_m", "ordinary number"),
        ('site_url = "museum.example"', "site_url", "not a web address"),
        ('titles.en = "x"', "titles", "not a key"),
    ],
)
def test_mistakes_in_a_scene_have_their_key(scene, line, key, message):
    problem = only(scene(SCENE + line))
    assert (problem.file, problem.key) == ("hall.toml", key)
    assert message in problem.message


def test_a_scene_is_named_after_its_file(scene):
    assert load_exhibition(scene(SCENE, "east-wing.toml")).id == "east-wing"
    assert only(scene(SCENE, "东厅.toml")).key == "id"
    assert "but the file is called 'hall.toml'" in only(scene('id = "x"\n' + SCENE)).message
