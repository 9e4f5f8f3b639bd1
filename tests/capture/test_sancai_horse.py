"""What is special to the horse: four legs with air between them, a head turned to its left, glaze that stops short."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects.sancai_horse import OBJECT
from exhibit.model.arrays import F8


def distance(*places_cm: tuple[float, float, float]) -> F8:
    return OBJECT.distance(np.array(places_cm) / 100)


def colour(*places_cm: tuple[float, float, float]) -> F8:
    return OBJECT.colour(np.array(places_cm) / 100, np.tile([0.0, 0.0, 1.0], (len(places_cm), 1)))


def test_four_hooves_stand_on_the_slab_with_air_between_them() -> None:
    hooves = distance(*[(x, 2.2, z) for x in (-13.6, 13.7) for z in (-4.6, 4.6)])
    assert (hooves < 0).all()
    between = distance((0, 10, 0), (-13, 10, 0), (14, 10, 0), (0, 10, 4.6), (0, 10, -4.6))
    assert (between > 1e-2).all()


def test_it_rests_on_the_floor_and_nothing_lies_below() -> None:
    assert distance((0, 0, 0), (-16, 0, 6))[0] == pytest.approx(0, abs=1e-9)
    assert (distance((0, -1, 0), (-13.6, -0.5, 4.5), (13.7, -0.5, 4.5)) > 4e-3).all()


def test_the_head_is_turned_to_the_horses_left() -> None:
    y, x = 41.0, -23.0
    depths = np.linspace(-8, 8, 321)
    inside = depths[distance(*[(x, y, z) for z in depths]) < 0]
    assert 1.5 < inside.mean() < 4.5


def test_the_mane_falls_to_the_near_side_only() -> None:
    depths = np.linspace(0, 8, 161)
    places = [(x, y) for x in (-12.0, -11.0, -10.0) for y in (43.0, 45.0)]

    def half_width(x: float, y: float, side: int) -> float:
        return float(depths[distance(*[(x, y, side * z) for z in depths]) < 0].max())

    # between the locks, too, hair lies on the neck; on average it is half a lock thick
    assert np.mean([half_width(*place, 1) - half_width(*place, -1) for place in places]) > 0.25


def test_glaze_ends_above_the_hooves_and_the_slab_is_bare_clay() -> None:
    shank, hoof, slab = colour((-12.4, 9.0, 5.6), (-13.6, 2.4, 6.6), (3.0, 1.0, 8.0))
    assert shank[0] - shank[2] > 0.3  # amber: far more red than blue
    assert hoof[0] - hoof[2] < 0.3 and slab[0] - slab[2] < 0.3


def test_landmarks_lie_on_the_surface_and_face_out() -> None:
    assert set(OBJECT.landmarks) == {"head", "saddle", "glaze", "hoof"}
    for mark in OBJECT.landmarks.values():
        at, normal = np.array([mark.position_m]), np.array([mark.normal])
        assert abs(OBJECT.distance(at)[0]) < 1e-4
        assert OBJECT.distance(at + 0.002 * normal)[0] > 8e-4
        assert OBJECT.distance(at - 0.002 * normal)[0] < -8e-4
        assert mark.normal[2] > 0.4  # seen from the front
    assert 0.02 < OBJECT.landmarks["hoof"].position_m[1] < 0.04
