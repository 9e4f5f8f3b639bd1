"""The cong: a hole right through, drilled from both ends, square without."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects.jade_cong import OBJECT


def test_one_can_look_through_the_bore_but_not_through_the_wall() -> None:
    heights = np.linspace(-0.005, 0.051, 60)
    axis = np.column_stack([np.zeros(60), heights, np.zeros(60)])
    assert (OBJECT.distance(axis) > 0.012).all()
    wall = axis[10:-10] + np.array([0.024, 0.0, 0.0])
    assert (OBJECT.distance(wall) < -0.002).all()


def test_the_bore_is_narrowest_where_the_two_drills_met() -> None:
    radii = np.linspace(0.015, 0.022, 1400)

    def radius_at(height: float) -> float:
        free = OBJECT.distance(np.column_stack([0 * radii, np.full(len(radii), height), radii])) > 0
        return float(radii[free].max())

    assert radius_at(0.0226) < min(radius_at(0.018), radius_at(0.028)) - 0.0004


def test_it_is_square_in_the_middle_and_round_above() -> None:
    corner, above = np.array([[0.031, 0.03, 0.031]]), np.array([[0.031, 0.044, 0.031]])
    assert OBJECT.distance(corner)[0] < 0
    assert OBJECT.distance(above)[0] > 0.001


@pytest.mark.parametrize("name", ["mask", "bore", "collar"])
def test_landmarks_lie_on_the_surface(name: str) -> None:
    mark = OBJECT.landmarks[name]
    assert abs(OBJECT.distance(np.array([mark.position_m]))[0]) < 0.002 * OBJECT.size_m[1]
    outside = np.array(mark.position_m) + 0.001 * np.array(mark.normal)
    assert OBJECT.distance(outside[None])[0] > 0.0003
