"""Each kind of mistake in a relic.toml gives its one line, with key path, in the reader's words."""

import struct

import pytest

from exhibit.errors import DefinitionError
from exhibit.pipeline.definitions import load_relic, read_narration, scan_of

MINIMAL = """
title.en = "Lion"
rights.default.uri = "https://creativecommons.org/licenses/by/4.0/"
"""
PLY = b"ply\nformat ascii 1.0\nelement vertex 1\n%send_header\n0 0 0\n" % b"".join(
    b"property float %c\n" % axis for axis in b"xyz"
)


def wav(n_samples=800):
    data = b"\0\0" * n_samples
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16,
                       b"data", len(data))  # fmt: skip
    return head + data


@pytest.fixture
def relic(tmp_path):
    """Write a relic: its record as text or bytes, and further files; return its folder."""

    def write(text, name="lion", **files):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "relic.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for file, data in ({"lion.ply": PLY} | files).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            if data is not None:
                (folder / file).write_bytes(data)
        return folder

    return write


def problems(folder):
    with pytest.raises(DefinitionError) as caught:
        load_relic(folder)
    assert caught.value.exit_code == 3
    assert "Traceback" not in str(caught.value) and "pydantic" not in str(caught.value)
    return caught.value.problems


def only(folder):
    found = problems(folder)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_the_least_record_is_read_and_named_after_its_folder(relic):
    record = load_relic(relic(MINIMAL))
    assert record.id == "lion"
    assert record.title == {"en": "Lion"}
    assert record.surface_material == "scan"


MISTAKES = [
    ('titel = "x"', "titel", "not a key", "Did you mean 'title'?"),
    ("height_mm = 12", "height_mm", "not a key", "Write height_mm under [dimensions]."),
    ("inventory_number = 12", "inventory_number", "must be text, not the number 12", "quotation marks"),
    ('label = "A lion"', "label", "must name its language, not be 'A lion' alone", "label.zh-Hans"),
    ('label.zh_CN = "狮"', "label.zh_CN", "not a language tag", "Did you mean 'zh-CN'?"),
    ('label.klingon = "x"', "label.klingon", "not a language tag", "en, zh-Hans"),
    ("label.en = 5", "label.en", "must be text", ""),
    ('alternative_titles = "Leo"', "alternative_titles", "must be a list", "[ ]"),
    ('alternative_titles = [{en = "x"}, {cn = "y"}]', "alternative_titles[2].cn", "not a language tag", "zh-Hans"),
    ('surface_material = "bronze"', "surface_material", "does not know 'bronze'", "bronze"),
    ('surface_material = "cheese"', "surface_material", "does not know 'cheese'", "Use one of scan,"),
    ('period.earliest = 1200', "period.text", "is missing", "As the label says it"),
    ('period = {text.en = "x", earliest = 0}', "period.earliest", "There is no year 0", "1 BCE is -1"),
    ('period = {text.en = "x", earliest = -1100, latest = -1200}', "period", "is later than latest", "negative"),
    ('period = {text.en = "x", earliest = "1200 BCE"}', "period.earliest", "whole number, not '1200 BCE'", ""),
    ('period = {text.en = "x", latest = 1644-01-01}', "period.latest", "whole number, not a date", ""),
    ('dimensions.height_mm = "12 cm"', "dimensions.height_mm", "must be a number, not '12 cm'", "without a unit"),
    ("dimensions.height_mm = true", "dimensions.height_mm", "must be a number, not true", ""),
    ("dimensions.height_mm = -3", "dimensions.height_mm", "must be more than 0, not the number -3", ""),
    ("dimensions.height_mm = inf", "dimensions.height_mm", "ordinary number, not inf", ""),
    ("dimensions.height = 3", "dimensions.height", "not a key", "Did you mean 'height_mm'?"),
    ('rights.model.uri = "CC BY"', "rights.model.uri", "not a web address", "http"),
    ('rights.model.uri = "ftp://x.example/"', "rights.model.uri", "not a web address", "http"),
    ('rights.models.uri = "https://x.example/"', "rights.models", "not a key", "Did you mean 'model'?"),
    ('[narration.en]\nspeaker = "Ann"', "narration.en", "neither a recording nor a text", "audio"),
    ('[narration.en]\naudio = "en.mp3"', "narration.en.audio", "'en.mp3' is not in the folder", ""),
    ('[narration.en]\naudio = "../en.mp3"', "narration.en.audio", "leads out of the folder", ""),
    ('[narration.en]\naudio = "/etc/passwd"', "narration.en.audio", "absolute path", ""),
    ("[narration.en]\naudio = 'D:\\en.mp3'", "narration.en.audio", "absolute path", ""),
    ('[narration.en]\ntext = "x"\nsynthetic = "yes"', "narration.en.synthetic", "true or false, not 'yes'", "without"),
    ('[narration.english]\ntext = "x"', "narration.english", "not a language tag", "Did you mean 'en'?"),
    ('[[hotspots]]\nid = "ear"\ntitle.en = "Ear"', "hotspots[1].position_mm", "is missing", "millimetres"),
    ('[[hotspots]]\nid = "ear"\ntitle.en = "Ear"\nposition_mm = [1, 2]', "hotspots[1].position_mm[3]", "missing", "z"),
    ('[[hotspots]]\nid = "Ear"\ntitle.en = "x"\nposition_mm = [1, 2, 3]', "hotspots[1].id", "part of an address", ""),
    ('[scan]\nunits = "furlong"', "scan.units", "'furlong' is not a unit", "mm"),
    ('[scan]\nup = "w"', "scan.up", "'w' is not an axis", "z"),
    ('[scan]\nfile = "tiger.ply"', "scan.file", "'tiger.ply' is not in the folder", "lion.ply"),
    ('[scan]\nfile = "Lion.ply"', "scan.file", "'Lion.ply' is not in the folder", "Did you mean 'lion.ply'?"),
    ('[scan]\nfile = ""', "scan.file", "names no file", ""),
    ('[scan]\nengine = "blender"', "scan.engine", "does not know 'blender'", "open3d"),
    ('[scan]\ntitle.en = "Lion"', "scan.title", "not a key", "above the first [table]"),
    ('id = "tiger"', "id", "says 'tiger', but the folder is called 'lion'", "Take the line out"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "key", "message", "hint"), MISTAKES, ids=[line[0][:40] for line in MISTAKES])
def test_each_mistake_gives_its_one_line(relic, line, key, message, hint):
    problem = only(relic(MINIMAL + line))
    assert (problem.file, problem.key) == ("lion/relic.toml", key)
    assert message in problem.message
    assert hint in problem.hint


def test_all_mistakes_of_a_file_are_listed_at_once_and_none_twice(relic):
    lines = [line for line, *_ in MISTAKES if not line.startswith(("[", "id", "titel", "title"))]
    once = {line.partition("=")[0].partition(".")[0].strip(): line for line in lines}
    text = MINIMAL.replace("rights", "#") + "\n".join(once.values())
    text += '\n[narration.en]\naudio = "en.mp3"\n[narration.fr]\n[scan]\nfile = "x.ply"\nup = "w"\n'
    found = problems(relic(text))
    keys = [problem.key for problem in found]
    assert len(keys) == len(set(keys))
    assert {key.partition(".")[0].partition("[")[0] for key in keys} >= {*once, "narration", "scan"}
    assert {"narration.en.audio", "narration.fr", "scan.file", "scan.up", "rights.default"} <= set(keys)


def test_two_hotspots_of_one_name_are_told_apart(relic):
    spot = '[[hotspots]]\nid = "ear"\ntitle.en = "Ear"\nposition_mm = [1, 2, 3]\n'
    problem = only(relic(MINIMAL + spot + spot.replace("ear", "eye") + spot))
    assert problem.key == "hotspots"
    assert "Hotspots 1 and 3 are both called 'ear'" in problem.message


def test_two_scans_in_the_folder_need_a_name(relic):
    problem = only(relic(MINIMAL, **{"old.ply": PLY}))
    assert problem.key == "scan.file"
    assert "there are 2 scans here (lion.ply, old.ply)" in problem.message
    named = relic(MINIMAL + '[scan]\nfile = "old.ply"', **{"old.ply": PLY})
    assert scan_of(named, load_relic(named)).name == "old.ply"


def test_a_folder_without_a_scan_is_a_problem(relic):
    problem = only(relic(MINIMAL, **{"lion.ply": None}))
    assert problem.key == "scan"
    assert ".ply" in problem.hint


def test_notes_beside_the_scan_are_no_scans(relic):
    folder = relic(MINIMAL, **{"README.txt": b"Scanned in May.\n", "._lion.ply": b"x", "en.wav": wav()})
    assert scan_of(folder, load_relic(folder)).name == "lion.ply"


def test_empty_files_are_named(relic):
    problem = only(relic(MINIMAL + '[narration.en]\naudio = "en.wav"', **{"en.wav": b""}))
    assert (problem.key, problem.message) == ("narration.en.audio", "'en.wav' is empty.")


def test_a_link_out_of_the_folder_is_refused(relic, tmp_path):
    (tmp_path / "secret.wav").write_bytes(wav())
    folder = relic(MINIMAL + '[narration.en]\naudio = "en.wav"')
    (folder / "en.wav").symlink_to(tmp_path / "secret.wav")
    assert "link out of the folder" in only(folder).message


def test_unreadable_captions_are_named_with_their_line(relic):
    text = MINIMAL + '[narration.en]\naudio = "en.wav"\ncaptions = "en.vtt"'
    vtt = b"WEBVTT\n\n00:01.000 -> 00:02.000\nHello\n\n00:05.000 --> 00:04.000\nBye\n"
    found = problems(relic(text, **{"en.wav": wav(), "en.vtt": vtt}))
    assert [problem.key for problem in found] == ["narration.en.captions"] * 2
    assert "'en.vtt', line 3" in found[0].message
    assert "'en.vtt', line 6: ends" in found[1].message


def test_file_names_may_be_chinese_and_in_folders(relic):
    text = MINIMAL + '[scan]\nfile = "扫描/石狮.ply"\n[narration.zh-Hans]\naudio = "录音.wav"\ntext = "石狮。"'
    folder = relic(text, **{"扫描/石狮.ply": PLY, "录音.wav": wav(), "lion.ply": None})
    record = load_relic(folder)
    assert scan_of(folder, record).name == "石狮.ply"
    spoken = read_narration(folder, record)
    assert [(one.language, one.audio, one.text) for one in spoken] == [("zh-Hans", wav(), "石狮。")]


def test_accents_composed_either_way_are_one_name(relic):
    folder = relic(MINIMAL + '[scan]\nfile = "tête.ply"', **{"te\u0302te.ply": PLY})
    assert scan_of(folder, load_relic(folder)).name == "te\u0302te.ply"


def test_a_folder_name_that_is_no_address_is_explained_and_the_rest_still_checked(relic):
    found = problems(relic('title.en = "x"', name="石 狮"))
    assert "cannot be part of an address" in found[0].message
    assert [problem.key for problem in found] == ["", "rights"]


def test_a_folder_without_a_record_is_a_problem(tmp_path):
    (tmp_path / "lion").mkdir()
    assert only(tmp_path / "lion").message == "does not exist."
    assert only(tmp_path / "nowhere").message == "does not exist."


def test_the_file_on_disk_is_never_changed(relic):
    text = "# a remark\n" + MINIMAL + 'label.en = "x" # another\n'
    folder = relic(text)
    load_relic(folder)
    assert (folder / "relic.toml").read_text() == text
