"""Cleaning steered by people: boxes, planes, numbers of pieces, skipped steps and masks."""

import numpy as np
import pytest
from analytic import plane, scan_of, sphere

from exhibit.errors import ExhibitError, UsageError
from exhibit.model.cleaning import STEPS
from exhibit.model.mask import Box, Mask, Region, Side
from exhibit.model.steering import SKIPPABLE
from exhibit.stages.clean import CleanOptions, clean

STATED = {"up": "+z", "metres_per_unit": 1.0}
FAR = np.array([4e5, 5.6e6, 120.0])


def counts(cloud):
    return {one.step: one.n_points for one in cloud.removed.removals}


def pieces():
    """A ball of radius 1, one of .5 at x = 3, large enough to be kept, one of .3 at x = 5."""
    return np.concatenate(
        [
            sphere(20_000).points,
            sphere(5000, radius=0.5).points + np.array([3.0, 0, 0]),
            sphere(2000, radius=0.3).points + np.array([5.0, 0, 0]),
        ]
    )


def on_a_table():
    ball = sphere(20_000, radius=0.5).points + np.array([0, 0, 0.5])
    table = plane(20_000, size=3.0).points
    return np.concatenate([ball, table[np.linalg.norm(table[:, :2], axis=1) > 0.1]])


def width(cloud):
    return float(np.ptp(cloud.positions, axis=0)[0])


def test_every_step_is_told_even_when_it_took_nothing_and_all_points_are_accounted_for():
    points = np.concatenate([pieces(), pieces()[:50], [[np.nan, 0, 0]]])
    cloud = clean(scan_of(points), CleanOptions(**STATED))
    assert tuple(one.step for one in cloud.removed.removals) == STEPS
    found = counts(cloud)
    assert found["duplicates"] == 50 and found["non-finite"] == 1 and found["table"] == 0
    assert found["neighbours"] == pytest.approx(2000, abs=30)
    assert sum(found.values()) + len(cloud.positions) == len(points)
    assert len(cloud.removed.positions) == len(cloud.removed.step) > 1900


def test_a_crop_box_speaks_the_files_own_coordinates_and_its_removal_is_placed_where_it_was():
    box = tuple(np.tile(FAR, 2) + np.array([2.2, -1, -1, 3.8, 1, 1]))
    cloud = clean(scan_of(pieces(), origin=FAR), CleanOptions(crop=box, **STATED))
    assert width(cloud) == pytest.approx(1.0, abs=0.02)
    assert counts(cloud)["crop"] == 22_000
    cropped = cloud.removed.positions[cloud.removed.step == STEPS.index("crop")]
    assert cropped[:, 0].min() == pytest.approx(-4.0, abs=0.02) and cropped[:, 0].max() == pytest.approx(2.3, abs=0.02)


def test_a_crop_box_beside_the_scan_is_refused_in_one_sentence():
    with pytest.raises(ExhibitError) as caught:
        clean(scan_of(pieces()), CleanOptions(crop=(50, 50, 50, 60, 60, 60), **STATED))
    assert "\n" not in str(caught.value) and "--crop" in str(caught.value)


@pytest.mark.parametrize(("wanted", "wide"), [(1, 2.0), (2, 4.5), (3, 6.3), (9, 6.3)])
def test_as_many_of_the_largest_pieces_are_kept_as_asked_for(wanted, wide):
    assert width(clean(scan_of(pieces()), CleanOptions(keep_largest=wanted, **STATED))) == pytest.approx(wide, abs=0.05)


def test_a_plane_given_cuts_what_lies_on_and_under_it_and_says_which_way_is_up():
    # 0.1 above the table: its slice of the ball goes too
    tilt = np.array([[1, 0, 0], [0, 0.8, -0.6], [0, 0.6, 0.8]])
    normal = tilt @ [0, 0, 1]
    options = CleanOptions(plane=(*(2 * normal), float(2 * (normal @ FAR + 0.1))), metres_per_unit=1.0)
    cloud = clean(scan_of(on_a_table() @ tilt.T, origin=FAR), options)
    assert np.ptp(cloud.positions, axis=0) == pytest.approx([1, 0.9, 1], abs=0.02)
    codes = {finding.code for finding in cloud.findings}
    assert {"clean.table", "up.table"} <= codes


@pytest.mark.parametrize("step", ["table", "neighbours"])
def test_a_skipped_step_takes_nothing_and_is_told_as_skipped(step):
    points = on_a_table() if step == "table" else pieces()
    usual, skipped = (clean(scan_of(points), CleanOptions(skip=skip, **STATED)) for skip in ((), (step,)))
    assert counts(usual)[step] > 1000 and counts(skipped)[step] == 0
    assert [one.step for one in skipped.removed.removals if one.was_skipped] == [step]


def test_with_all_steps_skipped_every_point_stays():
    rng = np.random.default_rng(1)
    points = np.concatenate([on_a_table(), rng.uniform(-2, 2, (300, 3))])
    assert len(clean(scan_of(points), CleanOptions(skip=SKIPPABLE, **STATED)).positions) == len(points)


def test_a_mask_overrules_every_step_both_ways():
    small = Box((4.5, -1, -1), (5.5, 1, 1))
    upper = Side((0, 0, 0), (0, 0, 1))
    mask = Mask((Region(False, upper), Region(True, small)))
    cloud = clean(scan_of(pieces(), block=3000), CleanOptions(mask=mask, **STATED))
    # the lower half of the large ball, which cleaning keeps; all of the small one, which it would drop
    back = cloud.positions + cloud.placement.origin @ cloud.placement.rotation.T
    assert (np.abs(back[:, 0] - 5) < 0.31).sum() == 2000
    assert (np.abs(back[:, 0]) < 1.01).sum() == pytest.approx(10_000, abs=60)
    assert back[np.abs(back[:, 0] - 3) < 0.51, 1].max() < 0.01
    assert counts(cloud)["mask"] == pytest.approx(12_500, abs=60)


def test_a_mask_that_keeps_the_rest_leaves_only_its_own_removals():
    mask = Mask((Region(False, Box((2, -1, -1), (4, 1, 1))),), rest="keep")
    cloud = clean(scan_of(np.concatenate([pieces(), [[9, 9, 9]]])), CleanOptions(mask=mask, **STATED))
    assert len(cloud.positions) == 22_001


@pytest.mark.parametrize(
    "bad",
    [
        {"crop": (0, 0, 0, 0, 1, 1)},
        {"crop": (0, 0, 0, float("nan"), 1, 1)},
        {"plane": (0, 0, 0, 1)},
        {"keep_largest": 0},
        {"keep_largest": 2, "keep_neighbours": True},
        {"skip": ("polish",)},
    ],
)
def test_wishes_that_mean_nothing_are_refused(bad):
    with pytest.raises(UsageError) as caught:
        CleanOptions(**bad)
    assert "\n" not in str(caught.value)
