"""Scale, direction and origin: who is believed, and what is said aloud."""

import numpy as np
import pytest

from exhibit.geometry.place import Stated, choose_placement, to_house

POINTS = np.array([[0, 0, 0], [2, 0, 0], [0, 4, 0], [0, 0, 10]], np.float32)


def place(**stated):
    placement, findings = choose_placement(POINTS, np.zeros(3), Stated(**stated))
    return placement, {finding.code: finding for finding in findings}


def test_the_user_goes_before_the_file_and_a_contradiction_is_said():
    placement, said = place(metres_per_unit=0.001, file_units="cm", up="+z")
    assert placement.metres_per_unit == 0.001
    assert placement.basis == "user"
    assert said["scale.contradiction"].value == pytest.approx(10)


def test_the_file_goes_before_the_height_and_a_contradiction_is_said():
    placement, said = place(file_units="m", height_m=12.0, up="+z")
    assert (placement.metres_per_unit, placement.basis) == (1.0, "file")
    assert "12" in said["scale.contradiction"].hint and "10" in said["scale.contradiction"].hint
    assert "scale.contradiction" not in place(file_units="m", height_m=10.2, up="+z")[1]


def test_the_height_along_the_stated_axis_gives_the_scale():
    for up, extent in (("+z", 10), ("-y", 4), ("+x", 2)):
        placement, said = place(height_m=1.5, up=up)
        assert placement.metres_per_unit == pytest.approx(1.5 / extent)
        assert placement.basis == "height"
        assert not said


@pytest.mark.parametrize(("factor", "metres"), [(0.01, 0.1), (1, 10), (30, 0.3)])
def test_without_a_word_metres_or_millimetres_are_assumed_aloud(factor, metres):
    placement, findings = choose_placement(POINTS * np.float32(factor), np.zeros(3), Stated(up="+z"))
    assert placement.basis == "assumed"
    said = {finding.code: finding for finding in findings}["scale.assumed"]
    assert said.severity == "warning"
    assert said.value == pytest.approx(metres)


def test_ten_million_kilometres_from_zero_nothing_is_lost():
    origin = np.array([1e10, -1e10, 5e9])
    placement, _ = choose_placement(POINTS, origin, Stated(metres_per_unit=1.0, up="+z"))
    placed = to_house(POINTS, origin, placement)
    assert np.ptp(placed, axis=0) == pytest.approx([2, 10, 4], abs=1e-5)
    assert placed[:, 1].min() == pytest.approx(0, abs=1e-5)
    assert placed[:, [0, 2]].max(axis=0) == pytest.approx([1, 2], abs=1e-5)


def test_a_flat_object_with_only_a_height_falls_back_to_the_assumption():
    flat = POINTS * np.array([1, 1, 0], np.float32)
    placement, _ = choose_placement(flat, np.zeros(3), Stated(height_m=2.0, up="+z"))
    assert placement.basis == "assumed"


@pytest.mark.parametrize("seed", range(6))
def test_the_tables_normal_is_turned_exactly_up_by_a_proper_rotation(seed):
    normal = np.random.default_rng(seed).normal(size=3)
    normal /= np.linalg.norm(normal)
    placement, said = place(support_normal=normal)
    assert placement.rotation @ normal == pytest.approx([0, 1, 0], abs=1e-9)
    assert placement.rotation @ placement.rotation.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(placement.rotation) == pytest.approx(1)
    assert "up.table" in said


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (Stated(up="-y", file_up="+z"), "user"),
        (Stated(file_up="+x", support_normal=np.array([0.0, 0.0, 1.0])), "file"),
        (Stated(support_normal=np.array([0.0, 0.6, 0.8])), "table"),
        (Stated(), "assumed"),
    ],
)
def test_it_is_told_why_this_way_is_up_and_the_base_lies_at_zero(stated, why):
    points = np.random.default_rng(0).random((50, 3)).astype(np.float32)
    placement, _ = choose_placement(points, np.zeros(3), stated)
    assert placement.up_basis == why
    assert to_house(points, np.zeros(3), placement)[:, 1].min() == pytest.approx(0, abs=1e-6)
