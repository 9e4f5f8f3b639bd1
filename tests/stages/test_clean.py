"""Cleaning: degenerate clouds first, then what is kept, placed and turned outward."""

import numpy as np
import pytest
from analytic import box, plane, scan_of, sphere, torus

from exhibit.errors import Cancelled, ExhibitError, SourceError, UsageError
from exhibit.progress import SILENT, Recorder
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.gather import gather_points


def codes(cloud):
    return {finding.code: finding for finding in cloud.findings}


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (np.empty((0, 3)), "no usable point"),
        (np.full((500, 3), np.nan), "no usable point"),
        (np.zeros((500, 3)), "only 1 different"),
        (np.random.default_rng(0).random((50, 3)), "only 50 different"),
        (np.linspace(0, 1, 500)[:, None] * [1.0, 2.0, 3.0], "one line"),
    ],
    ids=["empty", "all NaN", "all equal", "too few", "on a line"],
)
def test_a_cloud_that_is_no_surface_is_refused_in_one_sentence(points, said):
    with pytest.raises(SourceError, match=said) as caught:
        clean(scan_of(points))
    assert "\n" not in str(caught.value)


def test_points_scattered_in_a_volume_end_in_a_result_or_one_sentence():
    try:
        clean(scan_of(np.random.default_rng(0).random((3000, 3))))
    except ExhibitError as error:
        assert "\n" not in str(error)


def test_a_plane_keeps_its_points_and_is_not_taken_for_a_table():
    cloud = clean(plane(5000).scan())
    assert len(cloud.positions) > 4900
    assert "clean.table" not in codes(cloud)
    assert (np.abs(cloud.normals @ [0.0, 1.0, 0.0]) > 0.999).all()


def test_broken_and_absurdly_far_points_are_dropped_and_said():
    points = sphere(5000).points.astype(np.float32)
    points[:7] = np.nan
    points[7:9] = np.inf
    points[9:12] = 1e30
    cloud = clean(scan_of(points))
    assert codes(cloud)["clean.non-finite"].value == 9
    assert codes(cloud)["clean.far"].value == 3
    assert np.abs(cloud.positions).max() < 3


def test_duplicates_are_dropped_and_counted():
    points = sphere(4000).points
    cloud = clean(scan_of(np.concatenate([points, points[:1000]])))
    assert codes(cloud)["clean.duplicates"].value == 1000
    assert len(np.unique(cloud.positions, axis=0)) == len(cloud.positions)


def test_normals_of_a_noisy_sphere_point_outward():
    shape = sphere(20_000).noisy(0.004)
    cloud = clean(shape.scan())
    centre = (cloud.positions.max(axis=0) + cloud.positions.min(axis=0)) / 2
    outward = ((cloud.positions - centre) * cloud.normals).sum(axis=1)
    assert (outward > 0).all()
    assert np.abs(np.linalg.norm(cloud.normals, axis=1) - 1).max() < 1e-4


def test_noise_is_estimated_within_a_third():
    for sigma in (0.002, 0.005, 0.01):
        cloud = clean(sphere(20_000).noisy(sigma).scan(units="m"))
        assert cloud.noise_m == pytest.approx(sigma, rel=0.35), sigma


def test_noise_above_the_spacing_is_estimated_within_a_sixth_and_leaves_every_normal_outward():
    shape = sphere(40_000)
    cloud = clean(shape.noisy(0.025).scan(units="m", up="+z"))
    assert cloud.noise_m == pytest.approx(0.025, rel=1 / 6)
    centre = (cloud.positions.max(axis=0) + cloud.positions.min(axis=0)) / 2
    assert (((cloud.positions - centre) * cloud.normals).sum(axis=1) > 0).all()


def test_placement_takes_source_points_to_the_cleaned_ones():
    shape = sphere(5000)
    cloud = clean(shape.scan(origin=(4e5, 5.6e6, 120.0), units="mm", up="+z"))
    place = cloud.placement
    back = cloud.positions.astype(np.float64) @ place.rotation / place.metres_per_unit + place.origin
    radius = np.linalg.norm(back - [4e5, 5.6e6, 120.0], axis=1)
    assert np.abs(radius - 1).max() < 1e-4
    assert cloud.positions[:, 1].min() == pytest.approx(0, abs=1e-7)
    assert np.abs(cloud.positions.max(axis=0) + cloud.positions.min(axis=0))[[0, 2]].max() < 1e-6


def test_a_scan_larger_than_the_limit_is_thinned_with_a_finding_and_bounded():
    shape = sphere(60_000)
    held = clean(shape.scan(), CleanOptions(max_points=20_000))
    streamed = clean(shape.scan(block=5000), CleanOptions(max_points=5_000))
    for cloud, limit, code in ((held, 20_000, "clean.thinned"), (streamed, 5_000, "clean.thinned")):
        assert limit / 4 < len(cloud.positions) <= limit
        assert code in codes(cloud)
        radius = np.linalg.norm(cloud.positions - [0, 1, 0], axis=1)
        assert np.abs(radius - 1).max() < 0.01


def test_two_runs_give_the_same_bytes():
    shape = sphere(8000).noisy(0.003)
    first, second = clean(shape.scan()), clean(shape.scan())
    for name in ("positions", "normals", "spacing_m"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    assert first.findings == second.findings


def test_cancelling_stops_it_at_any_tick():
    whole = Recorder()
    clean(sphere(5000).scan(), progress=whole.progress())
    assert len(whole.ticks) >= 5
    for after in range(1, len(whole.ticks)):
        with pytest.raises(Cancelled):
            clean(sphere(5000).scan(), progress=Recorder(cancel_after=after).progress())


def on_a_table():
    """A sphere of radius 0.5 that stands on a square table 3 wide, z up."""
    ball = sphere(20_000, radius=0.5).points + np.array([0, 0, 0.5])
    table = plane(20_000, size=3.0).points
    return ball, table[np.linalg.norm(table[:, :2], axis=1) > 0.1]


def test_the_table_under_an_object_is_cut_off_and_tells_which_way_is_up():
    ball, table = on_a_table()
    tilt = np.array([[1, 0, 0], [0, np.cos(0.3), -np.sin(0.3)], [0, np.sin(0.3), np.cos(0.3)]])
    cloud = clean(scan_of(np.concatenate([ball, table]) @ tilt.T))
    found = codes(cloud)
    assert found["clean.table"].severity == "warning"
    assert "up.table" in found
    assert np.ptp(cloud.positions, axis=0) == pytest.approx([1, 1, 1], abs=0.1)
    centre = cloud.positions.max(axis=0) - 0.5
    assert np.abs(np.linalg.norm(cloud.positions - centre, axis=1) - 0.5).max() < 0.02


def test_keep_table_keeps_it():
    kept = clean(scan_of(np.concatenate(on_a_table())), CleanOptions(keep_table=True))
    assert np.ptp(kept.positions, axis=0).max() > 2.9
    assert "clean.table" not in codes(kept)


def test_the_underside_of_a_box_is_not_taken_for_a_table():
    assert "clean.table" not in codes(clean(box().scan()))


def test_what_stands_apart_is_dropped_and_kept_on_demand():
    ball = sphere(20_000).points
    other = sphere(1000, radius=0.2).points + np.array([3.0, 0, 0])
    scan = scan_of(np.concatenate([ball, other]))
    alone = clean(scan)
    assert codes(alone)["clean.neighbours"].value == pytest.approx(1000, abs=20)
    assert np.ptp(alone.positions, axis=0).max() < 2.1
    both = clean(scan, CleanOptions(keep_neighbours=True))
    assert np.ptp(both.positions, axis=0).max() > 4


def test_stray_points_are_dropped_but_thin_parts_of_the_scan_are_not():
    rng = np.random.default_rng(3)
    ball = sphere(30_000).points
    thin = ball[(ball[:, 2] > 0) | (np.arange(len(ball)) % 10 == 0)]
    stray = rng.uniform(-2, 2, (300, 3))
    cloud = clean(scan_of(np.concatenate([thin, stray])))
    kept = cloud.positions - [0, 1, 0]
    assert (np.abs(np.linalg.norm(kept, axis=1) - 1) < 0.05).mean() > 0.998
    assert len(kept) > 0.99 * len(thin)


def test_green_that_touches_the_object_is_said_and_not_cut():
    rng = np.random.default_rng(4)
    ball = sphere(20_000).points
    leaves = ball[:1500] * rng.uniform(1.0, 1.15, (1500, 1))
    colors = np.full((21_500, 3), 128, np.uint8)
    colors[20_000:] = (40, 160, 40)
    cloud = clean(scan_of(np.concatenate([ball, leaves]), colors))
    assert codes(cloud)["clean.leaves"].severity == "warning"
    # some of the leaves are stray points by any measure; none goes for its colour
    assert (cloud.colors[:, 1] == 160).sum() > 750


def test_rough_places_of_a_green_object_are_no_plants():
    rng = np.random.default_rng(4)
    ball = sphere(20_000).points
    relief = ball[:1500] * rng.uniform(1.0, 1.15, (1500, 1))
    colors = np.full((21_500, 3), (60, 140, 70), np.uint8)
    assert "clean.leaves" not in codes(clean(scan_of(np.concatenate([ball, relief]), colors)))


def test_scanner_positions_decide_what_is_outside():
    # a room seen from its middle: without positions the outside would be taken for the front
    room = box(20_000, size=(2.0, 2.0, 2.0))
    eye = np.zeros((1, 3), np.float32)
    seen = clean(scan_of(room.points, viewpoints=eye))
    inward = ((seen.positions - [0, 1, 0]) * seen.normals).sum(axis=1) < 0
    assert inward.mean() > 0.999


@pytest.mark.parametrize("sign", [1, -1])
def test_the_scans_own_normals_are_followed_and_turned_outward_if_they_all_point_inward(sign):
    shape = torus(15_000)
    cloud = clean(scan_of(shape.points, normals=sign * shape.normals), CleanOptions(up="+y", metres_per_unit=1.0))
    back = cloud.positions + cloud.placement.origin
    ring = back * [1, 1, 0]
    ring /= np.linalg.norm(ring, axis=1, keepdims=True)
    assert (((back - ring) * cloud.normals).sum(axis=1) > 0).mean() > 0.999
    assert ("clean.normals-inverted" in codes(cloud)) == (sign < 0)


def test_random_normals_are_ignored_aloud():
    shape = sphere(8000)
    cloud = clean(scan_of(shape.points, normals=np.random.default_rng(5).normal(size=(8000, 3))))
    assert "clean.normals-ignored" in codes(cloud)
    assert (((cloud.positions - [0, 1, 0]) * cloud.normals).sum(axis=1) > 0).all()


@pytest.mark.parametrize("bad", [{"height_m": -1.0}, {"metres_per_unit": float("nan")}, {"max_points": 10}])
def test_meaningless_options_are_refused(bad):
    with pytest.raises(UsageError):
        CleanOptions(**bad)


def test_a_dense_noisy_scan_is_averaged_to_points_nearer_to_its_surface_and_says_so_in_millimetres():
    shape = sphere(700_000, seed=5).noisy(0.003)
    scan = shape.scan(block=90_000, units="m", up="+z")
    cloud = clean(scan)
    said = codes(cloud)["clean.averaged"]
    assert "mm" in said.hint
    assert said.value == len(shape.points) - len(cloud.positions)
    assert len(cloud.positions) < len(shape.points) / 2
    error = np.linalg.norm(cloud.positions - [0, cloud.positions[:, 1].max() / 2, 0], axis=1) - 1
    assert np.sqrt(np.mean(error**2)) < 0.001
    gathered = [gather_points(one, 700_000, averages=True, progress=SILENT) for one in (scan, shape.scan())]
    assert gathered[0].positions.tobytes() == gathered[1].positions.tobytes()
