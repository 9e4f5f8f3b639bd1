"""Cleaning: degenerate clouds first, then what is kept, placed and turned outward."""

import numpy as np
import pytest
from analytic import plane, scan_of, sphere

from exhibit.errors import Cancelled, ExhibitError, SourceError, UsageError
from exhibit.progress import Recorder
from exhibit.stages.clean import CleanOptions, clean


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
    for cloud, limit, code in ((held, 20_000, "clean.thinned"), (streamed, 5_000, "clean.thinned-reading")):
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


@pytest.mark.parametrize("bad", [{"height_m": -1.0}, {"metres_per_unit": float("nan")}, {"max_points": 10}])
def test_meaningless_options_are_refused(bad):
    with pytest.raises(UsageError):
        CleanOptions(**bad)
