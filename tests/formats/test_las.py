"""LAS and LAZ: colours in their several ranges, units by coordinate system, chunk tables, legacy versions."""

import struct

import laspy
import numpy as np
import pytest
from formats.reading import outcome, points_of
from formats.writers import BY_NAME, ball

from exhibit.errors import SourceError

METRES = (
    'PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["false_easting",500000],UNIT["metre",1],AXIS["Easting",EAST]]'
)
FEET = METRES.replace('UNIT["metre",1]', 'UNIT["US survey foot",0.304800609601219]')
COMPOUND = f'COMPD_CS["both",{FEET},VERT_CS["height",VERT_DATUM["sea",2005],UNIT["metre",1]]]'
WKT2 = (
    'PROJCRS["x",BASEGEOGCRS["y",DATUM["z",ELLIPSOID["e",6378137,298.2,LENGTHUNIT["metre",1]]]],'
    'CS[Cartesian,2],LENGTHUNIT["kilometre",1000]]'
)
DEGREES = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],UNIT["degree",0.0174532925199433]]'
)


def write(path, colors=None, point_format=7, version="1.4", vlrs=(), evlrs=(), n=100):
    sample = ball(n)
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales = np.full(3, 1e-6)
    header.vlrs.extend(vlrs)
    las = laspy.LasData(header)
    las.x, las.y, las.z = sample.positions.T
    if colors is not None:
        las.red, las.green, las.blue = colors.T
    if evlrs:
        las.evlrs = laspy.vlrs.vlrlist.VLRList(evlrs)
    las.write(str(path))
    return path


def wkt(text):
    return laspy.VLR("LASF_Projection", 2112, "", text.encode() + b"\0")


def geo_key(value):
    return laspy.VLR("LASF_Projection", 34735, "", struct.pack("<12H", 1, 1, 0, 2, 1024, 0, 1, 1, 3076, 0, 1, value))


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize("factor", [1, 256, 257])
def test_colours_are_the_same_however_their_eight_bits_are_stored(tmp_path, suffix, factor):
    colors = ball(100).colors
    found = outcome(write(tmp_path / f"a{suffix}", colors.astype(np.uint16) * factor))
    np.testing.assert_array_equal(points_of(found)[1], colors)


def test_black_colours_are_none_and_said_so(tmp_path):
    found = outcome(write(tmp_path / "a.laz", np.zeros((100, 3), np.uint16)))
    assert not found.has_colors
    assert [one.code for one in found.findings] == ["formats.colors-empty"]


@pytest.mark.parametrize(
    ("version", "point_format"),
    [("1.2", 0), ("1.2", 2), ("1.2", 3), ("1.3", 5), ("1.4", 6), ("1.4", 7), ("1.4", 8), ("1.4", 10)],
)
@pytest.mark.parametrize("suffix", [".las", ".laz"])
def test_every_version_and_point_format(tmp_path, suffix, version, point_format):
    colors = ball(100).colors.astype(np.uint16) if point_format not in (0, 6) else None
    if suffix == ".laz" and point_format in (5, 10):
        pytest.skip("lazrs writes no wave packets")
    found = outcome(write(tmp_path / f"a{suffix}", colors, point_format, version))
    np.testing.assert_allclose(points_of(found)[0], ball(100).positions, atol=2e-6)
    assert found.has_colors == (colors is not None)


@pytest.mark.parametrize(
    ("record", "units"),
    [
        (None, None), (wkt(METRES), "m"), (wkt(FEET), "ft"), (wkt(COMPOUND), "ft"), (wkt(WKT2), "km"),
        (wkt(DEGREES), None),
        (wkt("nonsense"), None), (geo_key(9001), "m"), (geo_key(9003), "ft"), (geo_key(32767), None),
        (laspy.VLR("LASF_Projection", 34735, "", b"\1"), None),
    ],
)  # fmt: skip
def test_units_are_stated_only_by_a_coordinate_system(tmp_path, record, units):
    found = outcome(write(tmp_path / "a.laz", vlrs=[] if record is None else [record]))
    assert found.units == units
    assert found.up == (None if units is None else "+z")


def test_a_coordinate_system_behind_the_points_is_read(tmp_path):
    assert outcome(write(tmp_path / "a.las", evlrs=[wkt(METRES)])).units == "m"


def test_degrees_are_warned_of(tmp_path):
    found = outcome(write(tmp_path / "a.las", vlrs=[wkt(DEGREES)]))
    assert ("formats.degrees", "warning") in [(one.code, one.severity) for one in found.findings]


def test_a_damaged_tail_does_not_cost_the_points(tmp_path):
    path = write(tmp_path / "a.las", evlrs=[wkt(METRES)])
    data = bytearray(path.read_bytes())
    data[243:247] = struct.pack("<I", 2**32 - 1)
    path.write_bytes(bytes(data))
    assert outcome(path).n_points == 100


@pytest.mark.parametrize("place", [100, 96, 94])
def test_a_head_that_describes_more_than_there_is_is_refused_at_once(tmp_path, place):
    path = write(tmp_path / "a.laz")
    data = bytearray(path.read_bytes())
    data[place + 1 : place + 3] = b"\xff\xff"
    path.write_bytes(bytes(data))
    assert isinstance(outcome(path), SourceError)


def test_a_damaged_chunk_table_never_reaches_the_decompressor(tmp_path):
    path = BY_NAME["laz"].file(tmp_path, ball(300))
    with laspy.open(path) as reader:
        start = reader.header.offset_to_point_data
    data = path.read_bytes()
    table = struct.unpack_from("<q", data, start)[0]
    for change in (
        (start, struct.pack("<q", 2**62)), (start, struct.pack("<q", len(data) - 2)), (start, bytes(8)),
        (table + 4, struct.pack("<I", 2**32 - 1)), (table + 8, b"\xff\xff\xff\xff"), (start + 60, b"\xff" * 40),
    ):  # fmt: skip
        spoilt = bytearray(data)
        spoilt[change[0] : change[0] + len(change[1])] = change[1]
        path.write_bytes(bytes(spoilt))
        assert isinstance(outcome(path), SourceError)


def test_a_layer_larger_than_its_chunk_never_reaches_the_decompressor(tmp_path):
    path = BY_NAME["laz"].file(tmp_path, ball(300))
    with laspy.open(path) as reader:
        # a chunk begins with its first point whole, its number of points, and the sizes of its layers
        layers = reader.header.offset_to_point_data + 8 + reader.header.point_format.size + 4
    data = bytearray(path.read_bytes())
    data[layers : layers + 4] = struct.pack("<I", 2**31)
    path.write_bytes(bytes(data))
    assert "do not fit its chunk table" in str(outcome(path))


def test_scans_too_large_to_keep_are_read_when_their_blocks_are(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.points.KEPT_POINTS", 50)
    monkeypatch.setattr("exhibit.formats.las.KEPT_POINTS", 50)
    monkeypatch.setattr("exhibit.formats.las._SAMPLE_POINTS", 20)
    sample = ball(200)
    path = BY_NAME["laz"].file(tmp_path, sample)
    found = outcome(path)
    np.testing.assert_allclose(points_of(found)[0], sample.positions, atol=2e-6)
    np.testing.assert_array_equal(points_of(found)[1], sample.colors)
    data = path.read_bytes()
    path.write_bytes(data[:-1500] + bytes(1500))
    with pytest.raises(SourceError):
        list(found.blocks())
