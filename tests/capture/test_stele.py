"""The stele: it stands, its words are cut to the depth asked, and its colour keeps them legible."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects._stele_dragons import distance_to_dragons
from exhibit.capture.objects._stele_text import inside_stroke, size_of
from exhibit.capture.objects._stele_tortoise import hexagons
from exhibit.capture.objects.stele import _TEXT_Y, OBJECT
from exhibit.geometry.surface_of_field import gradient_of
from exhibit.model.arrays import F8


def _face(n: int) -> tuple[F8, F8, F8]:
    """Return places on the inscribed face (n * n, 3), how deep each lies in a stroke, and its normals."""
    width, height = size_of("stele_text")
    u, v = (one.ravel() for one in np.meshgrid(*(0.46 * s * np.linspace(-1, 1, n) for s in (width, height))))
    at = np.column_stack([u, v + _TEXT_Y, np.full(len(u), 0.03)])
    for _ in range(60):
        at[:, 2] -= 0.9 * OBJECT.distance(at)
    normals = gradient_of(OBJECT.distance, at, 2e-4)
    return at, inside_stroke("stele_text", u, v), normals / np.linalg.norm(normals, axis=1, keepdims=True)


def test_a_place_outside_the_drawing_is_in_no_stroke() -> None:
    assert inside_stroke("stele_text", np.array([2.0]), np.array([0.0]))[0] < 0


def test_it_stands_on_the_floor_and_ends_below_its_stated_height() -> None:
    x, z = np.meshgrid(np.linspace(-0.4, 0.4, 9), np.linspace(-0.6, 0.6, 9))
    sole = np.column_stack([x.ravel(), np.full(81, 0.004), z.ravel()])
    assert (OBJECT.distance(sole) < 0).all()
    assert (OBJECT.distance(sole * [1, -1, 1]) > 0).all()
    assert OBJECT.distance(np.array([[0.0, OBJECT.size_m[1], -0.1]]))[0] > 0


def test_words_are_cut_millimetres_deep_and_stay_pale_where_rubbings_blackened_the_face() -> None:
    at, inside, normals = _face(90)
    cut, flat = inside > 0.002, inside < -0.003
    # the settled stone is bowed by millimetres: compare with the plain face about each stroke
    plane = np.linalg.lstsq(np.column_stack([at[flat, :2], np.ones(flat.sum())]), at[flat, 2], rcond=None)[0]
    depth = plane[0] * at[:, 0] + plane[1] * at[:, 1] + plane[2] - at[:, 2]
    assert 0.0025 < np.median(depth[cut]) < 0.008
    assert abs(float(np.median(depth[flat]))) < 0.001
    colour = OBJECT.colour(at, normals).mean(axis=1)
    assert np.median(colour[cut]) > np.median(colour[flat]) + 0.2


@pytest.mark.parametrize("side", [-1, 1])
def test_three_dragons_hang_their_heads_on_either_side_of_the_crown(side: int) -> None:
    z = np.linspace(-0.3, 0.1, 801)
    for x, y in ((0.36, 1.38), (0.37, 1.38), (0.38, 1.38)):
        inside = OBJECT.distance(np.column_stack([np.full(801, side * x), np.full(801, y), z])) < 0
        assert np.sum(np.diff(inside.astype(int)) == 1) == 3


def test_the_bodies_cross_over_the_top_so_that_half_a_turn_maps_the_dragons_onto_themselves() -> None:
    places = np.random.default_rng(5).uniform((-0.4, 0.0, -0.2), (0.4, 0.6, 0.2), (4000, 3))
    near = places[np.abs(distance_to_dragons(places)) < 0.015]
    assert len(near) > 100
    assert np.abs(distance_to_dragons(near) - distance_to_dragons(near * [-1, 1, -1])).max() < 1e-9
    # and no mirror does: one body lies over the other
    over, under = ((distance_to_dragons(np.array([[x, 0.5, 0.12]]))[0]) for x in (0.1, -0.1))
    assert abs(over - under) > 0.004


def test_every_plate_of_the_shell_rises_from_its_seam_to_its_middle() -> None:
    along = np.linspace(0, 2 * 0.082, 200)
    inside = hexagons(np.zeros(200), along)
    assert inside.max() > 0.95 and inside.min() < 0.05
    top = np.array([[0.0, 0.6, z] for z in np.linspace(0.03, 0.14, 60)])
    for _ in range(80):
        top[:, 1] -= 0.8 * OBJECT.distance(top)
    shape = np.polynomial.Polynomial.fit(top[:, 2], top[:, 1], 3)
    assert 0.0015 < np.std(top[:, 1] - shape(top[:, 2])) < 0.02


def test_a_corner_of_the_plinth_is_gone_and_the_other_is_not() -> None:
    corners = np.array([[-0.42, 0.065, 0.615], [0.42, 0.065, 0.615]])
    gone, kept = OBJECT.distance(corners)
    assert gone > 0.005 and kept < 0.0
