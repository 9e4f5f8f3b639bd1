"""Written captures are read back exactly by our own readers, and their bytes repeat."""

import io
from dataclasses import replace

import laspy
import numpy as np
import pytest

from exhibit.capture.capture import KINDS, Capture
from exhibit.capture.options import CaptureOptions
from exhibit.capture.write_cloud import write_las, write_ply, write_truth
from exhibit.formats import las, ply
from exhibit.progress import SILENT
from tests.capture.simple_objects import ball
from tests.capture.test_capture import whole

OPTIONS = CaptureOptions(n_points=4000, detail=24, has_normals=True)


@pytest.fixture(scope="module")
def taken():
    return whole(Capture(ball(), OPTIONS).blocks())


def parts(points, size=1500):
    return [points.part(slice(first, first + size)) for first in range(0, len(points), size)]


def house_frame(scan):
    blocks = list(scan.blocks())
    names = ("positions", "colors", "normals") if scan.has_normals else ("positions", "colors")
    return [np.concatenate([getattr(block, name) for block in blocks]) for name in names]


@pytest.mark.parametrize("suffix", ["las", "laz"])
@pytest.mark.parametrize("unit", ["m", "mm"])
def test_las_is_read_back_to_its_grid_with_unit_and_axis(tmp_path, taken, suffix, unit):
    path = tmp_path / f"ball.{suffix}"
    with path.open("w+b") as stream:
        for _ in write_las(stream, parts(taken), size_m=0.2, unit=unit, is_compressed=suffix == "laz"):
            pass
    scan = las.read(path, SILENT)
    assert (scan.n_points, scan.units, scan.up) == (4000, unit, "+z")
    positions, colors = house_frame(scan)
    factor = {"m": 1.0, "mm": 1000.0}[unit]
    x, y, z = taken.positions.T * factor
    assert np.abs(positions - np.stack([x, -z, y], axis=1)).max() < 0.51e-5 * factor
    assert (colors == taken.colors).all()


def test_las_says_what_the_specification_wants(tmp_path, taken):
    path = tmp_path / "ball.laz"
    with path.open("w+b") as stream:
        for _ in write_las(stream, [taken], size_m=0.046, unit="m", is_compressed=True):
            pass
    with laspy.open(path) as reader:
        header, points = reader.header, reader.read()
        assert header.creation_date.isoformat() == "2026-01-01"
        assert header.system_identifier == "MODELLED"
        assert max(header.scales) < 1e-5  # finer than a hundredth of a millimetre for a small object
        assert (np.asarray(points.red) == taken.colors[:, 0].astype(np.uint16) << 8).all()
        assert np.abs(header.maxs - points.xyz.max(axis=0)).max() < 1e-9
        assert not [record for record in header.vlrs if record.record_id == 2112]


def test_the_same_capture_gives_the_same_bytes_however_it_is_portioned():
    files = []
    for size in (700, 4000):
        stream = io.BytesIO()
        blocks = Capture(ball(), OPTIONS).blocks(block_points=size)
        for _ in write_las(stream, blocks, size_m=0.2, unit="m", is_compressed=True):
            pass
        files.append(stream.getvalue())
    assert files[0] == files[1]


@pytest.mark.parametrize("up", ["+z", "+y"])
def test_ply_and_its_truth_are_read_back_in_the_same_order(tmp_path, taken, up):
    with (tmp_path / "ball.ply").open("w+b") as scan, (tmp_path / "truth.ply").open("w+b") as truth:
        blocks = write_truth(truth, parts(taken), n_points=4000, unit="m", up=up)
        for _ in write_ply(scan, blocks, n_points=4000, unit="m", up=up, has_normals=True):
            pass
    turn = (lambda v: v) if up == "+y" else (lambda v: v[:, [0, 2, 1]] * [1, -1, 1])
    positions, colors, _ = house_frame(ply.read(tmp_path / "ball.ply", SILENT))
    assert np.abs(positions - turn(taken.positions)).max() < 1e-7 and (colors == taken.colors).all()
    positions, colors, normals = house_frame(ply.read(tmp_path / "truth.ply", SILENT))
    assert np.abs(positions - turn(taken.truth_positions)).max() < 1e-7 and (colors == taken.truth_colors).all()
    assert np.abs(normals - turn(taken.truth_normals)).max() < 1e-6
    head = (tmp_path / "truth.ply").read_bytes()[:600].decode("ascii", "ignore")
    assert "found nowhere" in head and all(kind in head for kind in KINDS)


def test_without_normals_none_are_written(tmp_path, taken):
    plain = replace(taken, normals=None)
    with (tmp_path / "ball.ply").open("w+b") as stream:
        for _ in write_ply(stream, [plain], n_points=4000, unit="m", up="+z"):
            pass
    assert not ply.read(tmp_path / "ball.ply", SILENT).has_normals
