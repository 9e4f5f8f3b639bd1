"""The simulated capture keeps to what it was asked: counts, noise, density, coverage, truth."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from exhibit.capture import capture as capture_module
from exhibit.capture.cameras import sigma_of
from exhibit.capture.capture import CLUMP, OUTLIER, SURFACE, TABLE, Capture, SimulatedBlock, capture
from exhibit.capture.draw import Source, surface_draws
from exhibit.capture.options import CaptureOptions, Ring
from exhibit.errors import Cancelled, UsageError
from exhibit.progress import SILENT, Recorder
from tests.capture.simple_objects import RADIUS, ball, block, cup, washboard

QUICK = CaptureOptions(n_points=3000, detail=40)
PLAIN = replace(QUICK, n_points=40_000, has_table=False, outlier_share=0, clump_share=0, evenness=1.0)


def whole(blocks):
    blocks = list(blocks)
    columns = zip(*([getattr(one, part.name) for part in fields(SimulatedBlock)] for one in blocks))
    return SimulatedBlock(*(None if column[0] is None else np.concatenate(column) for column in columns))


@pytest.fixture(scope="module")
def usual():
    ready = Capture(ball(), replace(QUICK, n_points=60_000, noise_m=2e-4, clump_share=0.01, outlier_share=0.02))
    return ready, whole(ready.blocks())


@pytest.mark.parametrize("n", [1, 7, 1000])
def test_even_the_smallest_capture_has_exactly_the_points_asked_for(n):
    assert len(whole(capture(ball(), replace(QUICK, n_points=n)))) == n


def test_the_kinds_come_in_the_numbers_promised(usual):
    ready, points = usual
    assert len(points) == 60_000
    assert np.bincount(points.kind, minlength=4).tolist() == list(ready.counts)
    assert ready.counts[OUTLIER] == 1200 and ready.counts[CLUMP] == 600
    assert 0.05 < ready.counts[TABLE] / 60_000 < 0.5


def test_truth_lies_on_the_surface_with_its_normals_and_albedo(usual):
    _, points = usual
    on_ball = np.isin(points.kind, (SURFACE, OUTLIER))
    away = points.truth_positions[on_ball] - [0, RADIUS, 0]
    assert np.abs(np.linalg.norm(away, axis=1) - RADIUS).max() < 1e-6
    assert (points.truth_normals[on_ball] * away / RADIUS).sum(axis=1).min() > 0.99999
    assert (points.truth_colors[on_ball] == np.rint(np.array([0.5, 0.4, 0.3]) * 255)).all()
    table = points.kind == TABLE
    assert (points.truth_positions[table, 1] == 0).all() and (points.truth_normals[table] == [0, 1, 0]).all()


def test_depth_noise_is_what_was_asked_in_every_bin_of_distance_and_angle(usual):
    ready, points = usual
    seen = np.isin(points.kind, (SURFACE, TABLE))
    eyes = ready.scene.cameras.eyes[points.camera[seen]]
    ways = points.truth_positions[seen] - eyes
    length = np.linalg.norm(ways, axis=1)
    rays = ways / length[:, None]
    error = points.positions[seen] - points.truth_positions[seen]
    along = (error * rays).sum(axis=1)
    assert np.abs(error - along[:, None] * rays).max() < 1e-9  # nothing but depth errs
    cosine = -(points.truth_normals[seen] * rays).sum(axis=1)
    for values in (length, cosine):
        edges = np.quantile(values, np.linspace(0, 1, 7))
        for low, high in pairwise(edges):
            rows = (values >= low) & (values <= high)
            asked = sigma_of(length[rows], cosine[rows], 2e-4, ready.reference_m)
            assert 0.95 < np.std(along[rows] / asked) < 1.05
    near, far = length < np.quantile(length, 0.2), length > np.quantile(length, 0.8)
    assert np.std(along[far] * cosine[far]) > np.std(along[near] * cosine[near])
    assert sigma_of(np.array([2.0]), np.array([0.5]), 1e-3, 1.0) == pytest.approx(8e-3)


def test_outliers_fly_far_and_surface_points_do_not(usual):
    _, points = usual
    off = np.linalg.norm(points.positions - points.truth_positions, axis=1)
    assert off[points.kind == OUTLIER].min() > 0.01 * 2 * RADIUS
    assert off[points.kind == SURFACE].max() < 0.01 * 2 * RADIUS


def test_clumps_float_before_and_behind_the_surface(usual):
    _, points = usual
    clumps = points.positions[points.kind == CLUMP]
    away = np.abs(np.linalg.norm(clumps - [0, RADIUS, 0], axis=1) - RADIUS)
    assert np.median(away) > 5 * 2e-4
    spread = np.linalg.norm(clumps - clumps.mean(axis=0), axis=1)
    nearest = np.sort(np.linalg.norm(clumps[:, None] - clumps[None], axis=2), axis=1)[:, 5]
    assert np.median(nearest) < 0.05 * np.median(spread)


def test_points_are_even_in_area_where_nothing_thins_them():
    rings = (Ring(0, 24), Ring(50, 24), Ring(-50, 24), Ring(85, 8), Ring(-80, 8))
    points = whole(capture(ball(), replace(PLAIN, rings=rings, steepest_deg=80,
    )))  # fmt: skip
    # equal heights of a ball have equal areas (Archimedes)
    counts, _ = np.histogram(points.truth_positions[:, 1], np.linspace(0, 2 * RADIUS, 21))
    assert np.abs(counts - 2000).max() < 5 * 2000**0.5
    around, _ = np.histogram(np.arctan2(points.truth_positions[:, 0], points.truth_positions[:, 2]), 24)
    assert np.abs(around - 40_000 / 24).max() < 5 * (40_000 / 24) ** 0.5


def test_slopes_of_relief_finer_than_the_mesh_get_their_share():
    top = [Ring(80, 8), Ring(60, 16), Ring(35, 16)]
    options = replace(PLAIN, n_points=30_000, rings=tuple(top), steepest_deg=85)
    points = whole(capture(washboard(), options))
    inner = (points.truth_normals[:, 1] > 0.5) & (np.abs(points.truth_positions[:, :3:2]) < 0.09).all(axis=1)
    found = np.mean(points.truth_normals[inner, 1] < 0.8)
    slope = np.abs(np.cos(np.linspace(0, 2 * np.pi, 10_001)))
    area = np.sqrt(1 + slope**2)
    assert found == pytest.approx(area[1 / area < 0.8].sum() / area.sum(), abs=0.02)


def test_what_is_drawn_does_not_depend_on_how_it_is_portioned():
    ready = Capture(ball(), QUICK)
    at_once, twice = (Source(surface_draws(ready.thing, ready.scene, QUICK)) for _ in range(2))
    numbers = at_once.take(500, SILENT).numbers
    assert (np.diff(numbers) > 0).all()
    assert (np.concatenate([twice.take(n, SILENT).numbers for n in (1, 99, 400)]) == numbers).all()


def test_a_box_is_covered_to_its_edges_and_not_below():
    points = whole(capture(block(), PLAIN)).truth_positions
    assert points[:, 1].min() > -1e-6
    sides = np.abs(points[:, 0]) > 0.1 - 1e-6
    front = np.abs(points[:, 2]) > 0.04 - 1e-6
    top = points[:, 1] > 0.1 - 1e-6
    assert (sides | front | top).all()
    density = [sides.sum() / (2 * 0.1 * 0.08), front.sum() / (2 * 0.2 * 0.1), top.sum() / (0.2 * 0.08)]
    assert max(density) / min(density) < 1.12
    edge = front & (0.1 - np.abs(points[:, 0]) < 0.0006)
    assert edge.sum() / (4 * 0.0006 * 0.1) > 0.6 * density[1]


def test_undersides_are_not_seen_and_hollows_are_thin():
    ready = Capture(cup(), replace(QUICK, n_points=60_000, clump_share=0, outlier_share=0))
    points = whole(ready.blocks())
    at = points.truth_positions[points.kind == SURFACE]
    assert points.truth_normals[points.kind == SURFACE, 1].min() > -0.01
    inner_floor = (np.abs(at[:, 1] - 0.02) < 1e-5) & (np.abs(at[:, 0]) < 0.05)
    rim = np.abs(at[:, 1] - 0.14) < 1e-5
    assert 0 < inner_floor.sum() / 0.1**2 < 0.6 * rim.sum() / (0.14**2 - 0.1**2)
    under = points.truth_positions[points.kind == TABLE]
    assert not ((np.abs(under[:, 0]) < 0.065) & (np.abs(under[:, 2]) < 0.065)).any()


def test_the_same_seed_gives_the_same_points_and_another_seed_others():
    options = replace(QUICK, n_points=3000, seed=5)
    first, again = whole(capture(cup(), options)), whole(capture(cup(), options))
    other = whole(capture(cup(), replace(QUICK, n_points=3000, seed=6)))
    assert (first.positions == again.positions).all() and (first.colors == again.colors).all()
    assert not (first.positions == other.positions).any()


def test_the_points_do_not_depend_on_the_size_of_blocks(monkeypatch):
    monkeypatch.setattr(capture_module, "RUN_POINTS", 4000)
    options = replace(QUICK, n_points=10_001)
    small = list(capture(ball(), options, block_points=333))
    large = whole(capture(ball(), options, block_points=10**6))
    assert max(map(len, small)) <= 333 and len(large) == 10_001
    assert (whole(small).positions == large.positions).all() and (whole(small).kind == large.kind).all()


def test_memory_is_held_by_one_run_and_not_by_the_whole(monkeypatch):
    import tracemalloc

    monkeypatch.setattr(capture_module, "RUN_POINTS", 10_000)
    peaks = []
    for n in (10_000, 100_000):
        ready = Capture(ball(), replace(QUICK, n_points=n))
        tracemalloc.start()
        for _ in ready.blocks():
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_exposure_wanders_as_asked_and_a_dome_leaves_no_shadow():
    steady = whole(capture(ball(), replace(QUICK, n_points=20_000, exposure_drift=0.0)))
    drifting = whole(capture(ball(), replace(QUICK, n_points=20_000, exposure_drift=0.5)))
    spread = [np.std(one.colors[one.kind == SURFACE].astype(float), axis=0).max() for one in (steady, drifting)]
    assert spread[0] < 12 < spread[1]
    surface = steady.kind == SURFACE
    top = surface & (steady.truth_normals[:, 1] > 0.5)
    assert np.abs(steady.colors[top].astype(float).mean(axis=0) - [127.5, 102, 76.5]).max() < 12
    left, right = (surface & (sign * steady.truth_normals[:, 0] > 0.6) for sign in (-1, 1))
    assert np.abs(steady.colors[left].mean(axis=0) - steady.colors[right].mean(axis=0)).max() < 1.5


def test_normals_are_noisy_when_asked_for_and_absent_otherwise(usual):
    assert usual[1].normals is None
    points = whole(capture(ball(), replace(QUICK, n_points=5000, has_normals=True)))
    cosine = (points.normals * points.truth_normals).sum(axis=1)[points.kind == SURFACE]
    assert 0.98 < np.mean(cosine) < 0.9999


def test_impossible_wishes_are_one_sentence():
    with pytest.raises(UsageError, match="n_points"):
        CaptureOptions(n_points=0)
    with pytest.raises(UsageError, match="half diagonals"):
        CaptureOptions(rings=(Ring(10, 4, 1.0),))
    with pytest.raises(UsageError, match="finite"):
        CaptureOptions(noise_m=float("nan"))
    with pytest.raises(UsageError, match="seen"):
        Capture(ball(), replace(QUICK, rings=(Ring(10, 2),), least_views=3))


def test_it_stops_when_asked_to():
    recorder = Recorder(cancel_after=3)
    with pytest.raises(Cancelled):
        whole(capture(ball(), replace(QUICK, n_points=50_000), progress=recorder.progress()))
