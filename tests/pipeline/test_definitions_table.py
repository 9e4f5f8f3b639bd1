"""Tables and sidecars: how two hundred scans that share no unit are told apart."""

import pytest

from exhibit.errors import DefinitionError
from exhibit.model.record import ScanSource
from exhibit.pipeline.definitions import load_sidecar, load_table, row_of, sidecar_of


@pytest.fixture
def table(tmp_path):
    def write(data, name="scans.csv"):
        file = tmp_path / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return file

    return write


def problems(file, load=load_table):
    with pytest.raises(DefinitionError) as caught:
        load(file)
    return caught.value.problems


WANTED = {
    "lion.ply": ScanSource(file="lion.ply", units="mm", up="z", height_mm=120.0, close_holes=True),
    "bust/bust.copc.laz": ScanSource(file="bust/bust.copc.laz", units="m", keep_table=False, engine="open3d"),
}
PLAIN = """file,units,up,height_mm,close_holes,keep_table,engine
lion.ply,mm,z,120,yes,,
bust\\bust.copc.laz,metres,,,,no,Open3D
"""
CHINESE = """文件;单位;朝上;高度（厘米）;补洞;保留台面;引擎
lion.ply;毫米;Z;12,0;是;;
bust/bust.copc.laz;米;;;;否;open3d
"""


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", ";"),
        PLAIN.replace("height_mm", "Height (cm)").replace("120", "12"),
        PLAIN.replace("height_mm", "height").replace("120", "12 cm"),
        PLAIN.replace("height_mm", "通高").replace("120", '"１２０毫米"'),
        CHINESE,
        CHINESE.encode("gbk"),
        ("\ufeff" + CHINESE.replace(";", "\t")).encode("utf-16-le"),
        "\n\n# made in May,,,,,,\n" + PLAIN + ",,,,,,\n",
        '"' + '"\n"'.join(row.replace(",", '","') for row in PLAIN.split()) + '"\n',
    ],
    ids=range(13),
)
def test_tables_are_read_as_spreadsheets_save_them(table, data):
    assert load_table(table(data)) == WANTED


@pytest.mark.parametrize(
    ("rows", "key", "message", "hint"),
    [
        ("file,unit\nlion.ply,furlong", "row 2, column units", "'furlong' is not a unit", "mm"),
        ("file,units\nlion.ply,mm\nbust.ply,x", "row 3, column units", "not a unit", ""),
        ("file,up\nlion.ply,w", "row 2, column up", "not an axis", ""),
        ("file,height_mm\nlion.ply,tall", "row 2, column height_mm", "'tall' is not a height", "12 cm"),
        ("file,高度\nlion.ply,120", "row 2, column height_mm", "has no unit", "高度(mm)"),
        ("file,height\nlion.ply,12 stone", "row 2, column height_mm", "'stone' is not a unit", ""),
        ("file,height_mm\nlion.ply,-5", "row 2, column height_mm", "must be more than 0", ""),
        ("file,close_holes\nlion.ply,perhaps", "row 2, column close_holes", "neither yes nor no", ""),
        ("file,engine\nlion.ply,blender", "row 2, column engine", "does not know 'blender'", "open3d"),
        ("file,colour\nlion.ply,red", "row 1, column 2", "'colour' is not a column", "Known are file"),
        ("file,unitz\nlion.ply,mm", "row 1, column 2", "not a column", "Did you mean 'units'?"),
        ("file,units,单位\nlion.ply,mm,mm", "row 1, column 3", "second column 'units'", ""),
        ("units\nmm", "row 1", "no column 'file'", ""),
        ("file,units\n,mm", "row 2, column file", "is empty", ""),
        ("file\n../lion.ply", "row 2, column file", "leads out of the folder", ""),
        ("file\nlion.ply\nlion.ply", "row 3, column file", "already in row 2", ""),
        ("file,units\nlion.ply,mm,m", "row 2", "has 3 cells; the header has 2", ""),
        ('file,units\n"lion.ply,mm', "row 2", "not readable as a table", ""),
    ],
)  # fmt: skip
def test_each_mistake_has_its_row_and_column(table, rows, key, message, hint):
    (problem,) = problems(table(rows))
    assert (problem.file, problem.key) == ("scans.csv", key)
    assert message in problem.message
    assert hint in problem.hint


def test_all_mistakes_of_a_table_are_listed(table):
    found = problems(table("file,units,up\nlion.ply,x,w\n,mm,\nbust.ply,y,z\n"))
    assert [one.key for one in found] == [
        "row 2, column units", "row 2, column up", "row 3, column file", "row 4, column units",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04\0\0\0binary\0", b"\xff\xfe\0\xd8", b"\xff" * 50])
def test_what_is_no_table_is_one_sentence(table, data):
    (problem,) = problems(table(data))
    assert problem.message in {"is empty.", "is not a text table."}


def test_a_huge_table_is_not_read(table):
    file = table("")
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    assert "is 50.0 MB" in problems(file)[0].message


def test_a_table_of_two_hundred_scans_is_read(table):
    rows = "".join(f"扫描 {number}.ply,mm,{number + 1}\n" for number in range(200))
    read = load_table(table("file,units,height_mm\n" + rows))
    assert len(read) == 200
    assert read["扫描 7.ply"].height_mm == 8


def test_a_row_speaks_of_a_scan_by_its_name_or_the_end_of_its_path(tmp_path):
    rows = {name: ScanSource() for name in ("lion.ply", "east/lion.ply", "t\u00eate.ply")}
    assert row_of(rows, tmp_path / "west" / "lion.ply") == "lion.ply"
    assert row_of(rows, tmp_path / "east" / "lion.ply") == "east/lion.ply"
    assert row_of(rows, tmp_path / "te\u0302te.ply") == "t\u00eate.ply"
    assert row_of(rows, tmp_path / "sealion.ply") is None


@pytest.fixture
def scan(tmp_path):
    def write(name="lion.ply", **sidecars):
        (tmp_path / name).write_bytes(b"ply\n")
        for file, text in sidecars.items():
            (tmp_path / file).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_a_scan_without_a_sidecar_has_nothing_to_say(scan):
    assert load_sidecar(scan()) == ScanSource()


@pytest.mark.parametrize("name", ["lion.ply.toml", "lion.toml"])
def test_a_sidecar_is_named_after_the_whole_scan_or_its_stem(scan, name):
    path = scan(**{name: 'units = "cm"\nheight_mm = 300\n'})
    assert sidecar_of(path).name == name
    assert load_sidecar(path) == ScanSource(units="cm", height_mm=300)


def test_other_toml_files_beside_a_scan_are_none_of_its_business(scan):
    beside = {"relic.toml": "x = 1", "pyproject.toml": "x = 1", "tiger.toml": "x = 1", "lion.obj.toml": "x = 1"}
    assert load_sidecar(scan(**beside)) == ScanSource()
    assert sidecar_of(scan("relic.ply", **{"relic.toml": "x = 1"})) is None


def test_two_sidecars_for_one_scan_are_refused(scan):
    with pytest.raises(DefinitionError, match=r"lion\.ply\.toml and lion\.toml"):
        load_sidecar(scan(**{"lion.ply.toml": "", "lion.toml": ""}))


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ('unit = "mm"', "unit", "Did you mean 'units'?"),
        ('[scan]\nunits = "mm"', "scan", "without [scan]"),
        ('file = "tiger.ply"', "file", "Take the line out"),
        ('units = "mm', "end of file", ""),
        ('up = "w"\n', "up", ""),
    ],
)
def test_mistakes_in_a_sidecar_have_their_key(scan, text, key, hint):
    (problem,) = problems(scan(**{"lion.toml": text}), load_sidecar)
    assert (problem.file, problem.key) == ("lion.toml", key)
    assert hint in problem.hint
