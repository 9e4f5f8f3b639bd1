"""Several scans in one E57: merged by their poses, held against each other, moved together if asked for."""

import numpy as np
import pytest
from formats.writers import Sample, write_e57_scans

from exhibit import formats
from exhibit.stages.clean import CleanOptions, clean

NOISE = 0.0004
AXES = np.array([0.10, 0.07, 0.05])
NOT_TURNED = (1.0, 0.0, 0.0, 0.0)
QUARTER_ABOUT_Z = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))


def part(seed, towards):
    """Two thirds of an ellipsoid, as seen from one side, with noise: metres."""
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(60_000, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals[normals[:, 0] * towards > -0.33]
    return normals * AXES * (1 + rng.normal(0, NOISE / 0.07, (len(normals), 1)))


def sample_of(points):
    n = len(points)
    return Sample(
        np.asarray(points, np.float64), np.full((n, 3), 128, np.uint8), np.tile(np.float32([0, 0, 1]), (n, 1))
    )


def file_of(tmp_path, off):
    """Write two scans; the second lies in axes of its own and its pose is wrong by `off` metres."""
    first, second = part(1, 1), part(2, -1)
    # what the quarter turn and the shift of the pose take to where it belongs
    own = np.stack([second[:, 1], -second[:, 0], second[:, 2]], axis=1)
    path = tmp_path / "two.e57"
    pose = (QUARTER_ABOUT_Z, tuple(np.asarray(off, float) + np.array([2.0, 3.0, 0.5])))
    write_e57_scans(path, [(sample_of(first), (NOT_TURNED, (2.0, 3.0, 0.5))), (sample_of(own), pose)])
    return path


def said(cloud, code):
    return [finding for finding in cloud.findings if finding.code == code]


def deviation(cloud):
    """Mean distance from the ellipsoid about the cloud's place, roughly, metres."""
    back = cloud.positions @ cloud.placement.rotation + cloud.placement.origin - [2.0, 3.0, 0.5]
    return float(np.abs(np.linalg.norm(back / AXES, axis=1) - 1).mean() * 0.07)


def test_scans_whose_poses_are_right_are_one_cloud_and_nothing_is_said(tmp_path):
    scan = formats.read(file_of(tmp_path, (0, 0, 0)))
    assert len(scan.n_by_part) == 2 and sum(scan.n_by_part) == scan.n_points
    cloud = clean(scan)
    assert not said(cloud, "clean.doubled") and not said(cloud, "clean.aligned")
    assert np.ptp(cloud.positions, axis=0)[[0, 2, 1]] == pytest.approx(2 * AXES, rel=0.04)


def test_a_wrong_pose_is_found_and_told_in_millimetres(tmp_path):
    (finding,) = said(clean(formats.read(file_of(tmp_path, (0.002, -0.003, 0.003)))), "clean.doubled")
    assert finding.severity == "warning" and finding.unit == "mm"
    # the part of the shift that points across the surface
    assert 1.5 < finding.value < 4.0


def test_align_moves_the_scans_together_and_tells_what_is_left(tmp_path):
    scan = formats.read(file_of(tmp_path, (0.002, -0.003, 0.003)))
    apart, together = clean(scan), clean(scan, CleanOptions(align=True))
    (finding,) = said(together, "clean.aligned")
    assert finding.value == pytest.approx(1000 * NOISE * 2**0.5, rel=0.4)
    assert not said(together, "clean.doubled")
    assert deviation(together) < 0.5 * deviation(apart)


def test_aligning_what_lies_right_changes_next_to_nothing(tmp_path):
    scan = formats.read(file_of(tmp_path, (0, 0, 0)))
    assert deviation(clean(scan, CleanOptions(align=True))) == pytest.approx(deviation(clean(scan)), rel=0.05)


def test_scans_that_do_not_overlap_are_told_as_unchecked(tmp_path):
    path = tmp_path / "two.e57"
    write_e57_scans(path, [(sample_of(part(1, 1)), None), (sample_of(part(2, -1)), (NOT_TURNED, (9.0, 0, 0)))])
    cloud = clean(formats.read(path), CleanOptions(align=True))
    assert said(cloud, "clean.no-overlap")
