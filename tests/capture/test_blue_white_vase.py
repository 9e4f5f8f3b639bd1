"""The blue-and-white vase: hollow, standing, with two handles one can reach through."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects._vase_elephant import distance_to_elephant, ink_on_elephant
from exhibit.capture.objects._vase_form import radius_at
from exhibit.capture.objects._vase_painting import painting
from exhibit.capture.objects.blue_white_vase import OBJECT


def test_the_vase_is_hollow_from_mouth_to_floor_and_its_floor_is_closed() -> None:
    down = np.column_stack([np.full(120, 0.001), np.linspace(0.385, 0.022, 120), np.zeros(120)])
    assert (OBJECT.distance(down) > 0).all()
    assert (OBJECT.distance(np.array([[0.001, 0.012, 0.0]])) < 0).all()


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_each_handle_is_a_loop_one_can_reach_through(side: float) -> None:
    through = np.column_stack([np.full(81, side * 0.053), np.full(81, 0.303), np.linspace(-0.04, 0.04, 81)])
    assert (OBJECT.distance(through) > 0.002).all()
    outward = np.column_stack([side * np.linspace(0.053, 0.085, 161), np.full(161, 0.303), np.zeros(161)])
    assert (OBJECT.distance(outward) < 0).any()


def test_it_stands_on_its_foot_ring_alone() -> None:
    turn = np.linspace(0, 2 * np.pi, 40)
    ring = np.column_stack([0.051 * np.sin(turn), np.full(40, 0.0008), 0.051 * np.cos(turn)])
    assert (OBJECT.distance(ring) < 0).all()
    assert (OBJECT.distance(ring * [0.5, 1, 0.5]) > 0).all()


def test_the_outside_follows_its_profile() -> None:
    y = np.linspace(20.0, 240.0, 60)
    r = radius_at(y) / 1000
    at = np.column_stack([np.zeros(60), y / 1000, r])
    assert np.abs(OBJECT.distance(at)).max() < 1.5e-3


def test_the_foot_is_bare_and_the_inside_bears_no_cobalt() -> None:
    foot = OBJECT.colour(np.array([[0.0, 0.003, 0.0565]]), np.array([[0.0, 0.0, 1.0]]))[0]
    inside = OBJECT.colour(np.array([[0.0, 0.3, 0.029]]), np.array([[0.0, 0.0, -1.0]]))[0]
    assert foot[0] > foot[2] + 0.1
    assert inside.min() > 0.75


def test_the_drawing_closes_round_the_back() -> None:
    ink = painting()
    assert 0.25 < float((ink > 0.25).mean()) < 0.75
    assert float(np.abs(ink[:, 0] - ink[:, -1]).mean()) < 0.02


def test_an_elephant_has_two_ears_two_tusks_and_one_trunk_that_reaches_the_neck() -> None:
    ear, tusk, tip = (44.5, 324.0, 14.6), (68.0, 311.2, 9.4), (38.4, 284.0, 0.0)
    for place in (ear, tusk):
        either = np.array([place, np.multiply(place, [1, 1, -1])])
        assert (distance_to_elephant(either) < 0).all()
        beyond = np.column_stack([either[:, :2], np.full(2, 30.0)])
        assert distance_to_elephant(beyond).min() > 5
    assert tip[0] - 4.5 < radius_at(np.array([tip[1]]))[0] and distance_to_elephant(np.array([tip]))[0] < 0


def test_its_tusks_are_left_white_and_its_ears_are_edged_in_cobalt() -> None:
    assert ink_on_elephant(np.array([(68.0, 311.2, 11.1)]))[0] < 0.05
    below = np.array([(44.0, y, z) for y in np.linspace(300.0, 325.0, 101) for z in np.linspace(10.0, 22.0, 61)])
    ear = below[np.abs(distance_to_elephant(below)) < 0.15]
    lowest = ear[:, 1] < ear[:, 1].min() + 0.6
    assert ink_on_elephant(ear[lowest]).min() > 0.6
    assert np.median(ink_on_elephant(ear[~lowest])) < 0.5


def test_the_glaze_is_a_cool_white() -> None:
    shoulder = OBJECT.colour(np.array([[0.0, 0.3, 0.029]]), np.array([[0.0, 0.0, -1.0]]))[0]
    assert shoulder[2] > shoulder[1] > shoulder[0] > 0.74
