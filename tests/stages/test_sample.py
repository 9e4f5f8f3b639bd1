"""Raw points beside the finished model: exactly where it stands, few enough, the same every time, faults and all."""

import dataclasses

import numpy as np
import pytest
from analytic import scan_of, sphere

from exhibit.engines.gltf_tools import unpack_meshopt, validate_glb
from exhibit.errors import StageError, UsageError
from exhibit.formats import read
from exhibit.model.asset import Asset, AssetFile
from exhibit.model.cloud import Block
from exhibit.model.points import RawPoints
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.inscribe import InscribeOptions, inscribe
from exhibit.stages.pack_points import MAX_BYTES, PackPointsOptions, pack_points
from exhibit.stages.packing.check import node_fault
from exhibit.stages.packing.glb import split_glb
from exhibit.stages.sample import SampleOptions, sample
from exhibit.stages.splat import SplatOptions, splat

NODE = pytest.mark.skipif(node_fault() is not None, reason="Node's tools are not here")
NO_POINTS = RawPoints(np.empty((0, 3), np.float32), None, 0, 0.0)


def ball_on_table(n=30_000, n_table=20_000, seed=3):
    """A ball of radius 50 mm on a table 40 cm wide, far from the origin, in millimetres, +Z up, seen with noise."""
    rng = np.random.default_rng(seed)
    ball = sphere(n, 50.0, seed).points + rng.normal(0, 0.1, (n, 3)) + [0, 0, 50]
    table = np.column_stack([rng.uniform(-200, 200, (n_table, 2)), rng.normal(0, 0.1, n_table)])
    points = np.concatenate([ball, table, [[0, 0, 400], [np.nan, 0, 0]]]) + np.array([1000, 2000, 300])
    colors = np.concatenate([np.full((n, 3), (180, 120, 60)), np.full((n_table + 2, 3), 90)]).astype(np.uint8)
    return scan_of(points, colors=colors)


@pytest.fixture(scope="module")
def ball():
    scan = ball_on_table()
    return scan, clean(scan, CleanOptions(metres_per_unit=1e-3, up="+z"))


def test_points_stand_where_the_cleaned_cloud_and_so_the_model_stands(ball):
    scan, subject = ball
    raw = sample(scan, subject)
    low, high = subject.positions.min(axis=0), subject.positions.max(axis=0)
    middle = [(low[0] + high[0]) / 2, high[1] - 0.05, (low[2] + high[2]) / 2]  # its foot went with the table
    of_ball = raw.colors[:, 0] == 180
    away = np.linalg.norm(raw.positions[of_ball] - middle, axis=1)
    assert np.median(np.abs(away - 0.05)) < 0.0003
    assert np.abs(away - 0.05).max() < 0.002
    assert raw.n_in_scan == 50_002 and raw.noise_m == subject.noise_m


def test_what_is_around_comes_along_but_neither_far_away_nor_too_much(ball):
    scan, subject = ball
    raw = sample(scan, subject)
    around = raw.positions[raw.colors[:, 0] == 90]
    assert 0.02 < len(around) / len(raw.positions) <= 0.2
    assert np.hypot(around[:, 0], around[:, 2]).max() < 0.16
    assert np.isfinite(raw.positions).all()


@pytest.mark.parametrize("count", [5000, 500], ids=["all held", "a lot held"])
def test_never_more_points_than_asked_and_the_same_ones_however_the_scan_is_cut(ball, count):
    scan, subject = ball
    few = sample(scan, subject, SampleOptions(max_points=count))
    assert 0.78 * count < len(few.positions) <= count

    def in_other_blocks():
        for block in scan.blocks():
            for at in range(0, len(block.positions), 777):
                yield Block(block.positions[at : at + 777], block.colors[at : at + 777])

    again = sample(dataclasses.replace(scan, read_blocks=in_other_blocks), subject, SampleOptions(max_points=count))
    assert again.positions.tobytes() == few.positions.tobytes()
    assert again.colors.tobytes() == few.colors.tobytes()


def test_where_the_scan_is_denser_the_sample_is_denser():
    dense, thin = sphere(40_000, 0.1, 1).points, sphere(10_000, 0.1, 2).points
    scan = scan_of(np.concatenate([dense[dense[:, 0] > 0], thin[thin[:, 0] <= 0]]))
    raw = sample(scan, clean(scan, CleanOptions(metres_per_unit=1.0)), SampleOptions(max_points=1500))
    right = (raw.positions[:, 0] > 0).sum()
    assert right / (len(raw.positions) - right) == pytest.approx(4.0, rel=0.12)


def test_a_sample_is_more_even_than_chance(ball):
    scan, subject = ball
    raw = sample(scan, subject, SampleOptions(max_points=4000))
    own = raw.positions[raw.colors[:, 0] == 180]
    counts, _, _ = np.histogram2d(
        np.arctan2(own[:, 0], own[:, 2]), own[:, 1], bins=10, range=[[-np.pi, np.pi], [0, 0.1]]
    )
    assert counts.var() / counts.mean() < 0.75  # of chance alone it would be 1


def test_a_scan_without_colours_has_none():
    scan = scan_of(sphere(3000, 0.1).points)
    assert sample(scan, clean(scan, CleanOptions(metres_per_unit=1.0))).colors is None


@pytest.mark.parametrize("wrong", [{"max_points": 0}, {"reach": 0.5}, {"around_share": 1.0}])
def test_options_that_mean_nothing_are_refused(wrong):
    with pytest.raises(UsageError):
        SampleOptions(**wrong)


def test_a_relic_that_came_as_a_mesh_has_no_file_of_points():
    packed = pack_points(NO_POINTS)
    assert packed.data == b"" and packed.figures is None
    with pytest.raises(StageError, match="no points"):
        splat(NO_POINTS, np.zeros((3, 3), np.float32))


def many(n=60_000, seed=0):
    rng = np.random.default_rng(seed)
    positions = (sphere(n, 0.1, seed).points + rng.normal(0, 0.0005, (n, 3))).astype(np.float32)
    return RawPoints(positions, rng.integers(0, 256, (n, 3)).astype(np.uint8), 10 * n, 0.0005)


@pytest.mark.parametrize("use_node", [pytest.param(True, marks=NODE), False])
def test_the_file_keeps_its_limit_even_where_nothing_packs_well(use_node):
    packed = pack_points(many(), PackPointsOptions(use_node=use_node))
    assert len(packed.data) <= MAX_BYTES
    assert packed.figures.n_shown > 30_000 and packed.figures.n_in_scan == 600_000
    assert packed.figures.n_bytes == len(packed.data)


@NODE
def test_unpacked_points_are_where_they_were_and_coloured_as_they_were(tmp_path):
    raw = many(2000)
    packed = pack_points(raw)
    path = tmp_path / "points.glb"
    path.write_bytes(unpack_meshopt(packed.data))
    document, binary = split_glb(path.read_bytes())
    (primitive,) = document["meshes"][0]["primitives"]
    assert primitive["mode"] == 0 and "indices" not in primitive
    node, places = document["nodes"][0], document["accessors"][primitive["attributes"]["POSITION"]]
    view = document["bufferViews"][places["bufferView"]]
    stride, start = view["byteStride"], view.get("byteOffset", 0) + places.get("byteOffset", 0)
    rows = np.frombuffer(binary[start : start + stride * places["count"] - stride + 8], np.uint8)
    stored = np.lib.stride_tricks.as_strided(rows, (places["count"], 6), (stride, 1)).copy().view("<i2")
    metres = stored / 32767 * node["scale"] + node["translation"]
    assert np.abs(metres - raw.positions).max() < 0.1 / 2**13


@NODE
def test_inscribed_points_pass_the_validator():
    packed = pack_points(many(3000))
    asset = Asset((AssetFile("points.glb", packed.data),), (), (), (0.2, 0.2, 0.2), points=packed.figures)
    inscribed = inscribe(asset, InscribeOptions(name="ball"))
    assert validate_glb(inscribed.files[0].data).errors == 0
    assert inscribed.points.n_bytes == len(inscribed.files[0].data) > packed.figures.n_bytes


def test_a_picture_of_points_shows_the_nearer_ones_and_is_the_same_every_time():
    front = np.column_stack([np.linspace(-0.1, 0.1, 60).repeat(60), np.tile(np.linspace(0, 0.2, 60), 60)])
    near = np.insert(front, 2, 0.05, axis=1)
    far = np.insert(front, 2, -0.05, axis=1)
    colors = np.repeat([[200, 0, 0], [0, 0, 200]], 3600, axis=0).astype(np.uint8)
    positions = np.concatenate([near, far]).astype(np.float32)
    options = SplatOptions(width_px=64, height_px=64, azimuth_deg=0, elevation_deg=0, dot_px=4)
    picture = splat(RawPoints(positions, colors, 7200, 0.0), positions, options)
    middle = picture[24:40, 24:40]
    assert (middle[..., 3] > 250).all() and (middle[..., 0] > 150).all() and (middle[..., 2] < 30).all()
    assert picture[0, 0, 3] == 0
    again = splat(RawPoints(positions, colors, 7200, 0.0), positions, options)
    assert picture.tobytes() == again.tobytes()


def test_points_of_a_scan_read_from_a_file_are_the_points_that_were_cleaned(tmp_path):
    from scipy.spatial import cKDTree

    path = tmp_path / "ball.xyz"
    points = sphere(4000, 30.0).points
    np.savetxt(path, points, fmt="%.4f")
    scan = read(path)
    subject = clean(scan, CleanOptions(metres_per_unit=1e-3))
    raw = sample(scan, subject)
    apart, _ = cKDTree(subject.positions).query(raw.positions)
    assert np.median(apart) < 1e-6
