"""The blue-and-white vase: hollow, standing, with two handles one can reach through."""

from __future__ import annotations

import numpy as np
import pytest

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
