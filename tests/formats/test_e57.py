"""E57: several scans, poses, spherical coordinates, invalid points, missing colours."""

import numpy as np
import pytest
from formats.reading import outcome, points_of
from formats.writers import Sample, ball, write_e57, write_e57_scans

from exhibit.errors import SourceError

QUARTER_ABOUT_Z = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))


def turned(points):
    return np.stack([-points[:, 1], points[:, 0], points[:, 2]], axis=1)


def test_metres_are_stated_by_the_specification_and_up_by_nothing(tmp_path):
    path = tmp_path / "a.e57"
    write_e57(path, ball())
    found = outcome(path)
    assert (found.units, found.up) == ("m", None)
    assert found.viewpoints is None


def test_scans_are_moved_and_turned_by_their_poses_and_joined(tmp_path):
    path = tmp_path / "a.e57"
    first, second = ball(50), ball(70, seed=1)
    write_e57_scans(path, [(first, None), (second, (QUARTER_ABOUT_Z, (10, 20, 30)))])
    positions, colors, normals = points_of(outcome(path))
    np.testing.assert_allclose(positions[:50], first.positions, atol=1e-6)
    np.testing.assert_allclose(positions[50:], turned(second.positions) + np.array([10, 20, 30]), atol=1e-5)
    np.testing.assert_allclose(normals[50:], turned(second.normals), atol=1e-6)
    np.testing.assert_array_equal(colors, np.concatenate([first.colors, second.colors]))


def test_a_quaternion_without_length_or_of_another_length_does_no_harm(tmp_path):
    for quaternion, expected in (((0, 0, 0, 0), ball(20).positions), ((3, 0, 0, 3), turned(ball(20).positions))):
        path = tmp_path / "a.e57"
        write_e57(path, ball(20), pose=(quaternion, (0, 0, 0)))
        np.testing.assert_allclose(points_of(outcome(path))[0], expected, atol=1e-6)


@pytest.mark.parametrize(("spherical", "grid"), [(True, False), (False, True)])
def test_poses_of_stations_are_viewpoints(tmp_path, spherical, grid):
    path = tmp_path / "a.e57"
    write_e57(path, ball(), pose=((1, 0, 0, 0), (5, 6, 7)), spherical=spherical, grid=grid)
    found = outcome(path)
    np.testing.assert_allclose(found.viewpoints + found.origin, [[5, 6, 7]])
    np.testing.assert_allclose(points_of(found)[0], ball().positions + np.array([5, 6, 7]), atol=1e-5)


def test_the_pose_of_a_finished_cloud_is_no_viewpoint(tmp_path):
    path = tmp_path / "a.e57"
    write_e57(path, ball(), pose=((1, 0, 0, 0), (5, 6, 7)))
    assert outcome(path).viewpoints is None


@pytest.mark.parametrize("spherical", [False, True])
def test_invalid_points_become_not_a_number_and_are_still_counted(tmp_path, spherical):
    path = tmp_path / "a.e57"
    invalid = np.arange(500) % 7 == 0
    write_e57(path, ball(), invalid=invalid, spherical=spherical)
    positions = points_of(outcome(path))[0]
    np.testing.assert_array_equal(np.isnan(positions).all(axis=1), invalid)


def test_scans_without_colour_among_others_are_grey_and_said_so(tmp_path):
    path = tmp_path / "a.e57"
    plain = Sample(ball(30).positions)
    write_e57_scans(path, [(ball(50), None), (plain, None)])
    found = outcome(path)
    assert (points_of(found)[1][50:] == 128).all()
    assert not found.has_normals
    assert [one.code for one in found.findings] == ["formats.colors-partial"]


def test_a_file_without_scans_is_refused(tmp_path):
    path = tmp_path / "a.e57"
    write_e57_scans(path, [])
    assert isinstance(outcome(path), SourceError)


def test_a_file_that_cannot_be_opened_is_not_deleted(tmp_path):
    path = tmp_path / "a.e57"
    write_e57(path, ball())
    path.write_bytes(path.read_bytes()[:3000])
    assert isinstance(outcome(path), SourceError)
    assert path.exists()


def test_many_points_come_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("exhibit.formats.e57._READ_POINTS", 64)
    path = tmp_path / "a.e57"
    write_e57(path, ball())
    found = outcome(path)
    assert len(list(found.blocks())) == 8
    np.testing.assert_allclose(points_of(found)[0], ball().positions, atol=1e-6)
