"""The stone head: a slit through each lobe, curls in staggered rows, almost shut eyes, paint where paint belongs."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects._buddha_hair import PITCH, carve_curls, curls, lay_curls, near_lists
from exhibit.capture.objects.buddha_head import OBJECT
from exhibit.geometry.surface_of_field import gradient_of
from exhibit.model.arrays import F8, I4


def _from_the_front(x_mm: F8, y_mm: F8) -> F8:
    """Return where rays from the front, (n,) each, meet the stone, (n, 3) metres."""
    places = np.column_stack([x_mm, y_mm, np.full(len(x_mm), 140.0)]) / 1000
    for _ in range(200):
        places[:, 2] -= 0.5 * OBJECT.distance(places)
    return places


def test_the_mask_of_the_face_is_almost_a_mirror_but_not_quite() -> None:
    x, y = (at.ravel() for at in np.meshgrid(np.linspace(5, 55, 9), np.linspace(95, 205, 9)))
    left, right = (_from_the_front(side * x, y)[:, 2] for side in (1, -1))
    assert 5e-5 < np.median(np.abs(left - right)) < 1.2e-3


def test_the_nose_stands_before_the_lips_and_they_before_the_eyes() -> None:
    nose, lip, eye = _from_the_front(np.array([0, 0, 35]), np.array([141, 105, 164]))[:, 2]
    assert nose - lip > 0.005 and lip - eye > 0.01


@pytest.mark.parametrize("side", [-1, 1])
def test_a_slit_is_cut_deep_into_each_lobe(side: int) -> None:
    def outermost(y_mm: float, z_mm: float) -> float:
        x = np.linspace(60, 110, 501)
        inside = OBJECT.distance(np.column_stack([side * x, np.full(501, y_mm), np.full(501, z_mm)]) / 1000) < 0
        return float(x[inside].max())

    rims = min(outermost(100, -27), outermost(100, -3))
    assert rims - outermost(100, -14) > 4.0


def test_a_socket_for_the_halo_is_sunk_into_the_back() -> None:
    def depth(x_mm: float) -> float:
        z = np.linspace(-120, -70, 501)
        inside = OBJECT.distance(np.column_stack([np.full(501, x_mm), np.full(501, 183.0), z]) / 1000) < 0
        return float(z[inside].min())

    assert min(depth(x) for x in (-4.0, 0.0, 4.0)) - max(depth(-20.0), depth(20.0)) > 8.0


def test_curls_keep_their_distance_in_at_least_nine_rows() -> None:
    positions, normals = lay_curls()
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2) + 1e3 * np.eye(len(positions))
    assert np.median(apart.min(axis=1)) == pytest.approx(PITCH, rel=0.15)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    # up the middle of the forehead and over the crown
    front = positions[(np.abs(positions[:, 0]) < 12) & (positions[:, 2] > -40)]
    assert len(np.unique((front[:, 1] / 6).astype(int))) >= 7


def test_no_two_curls_are_alike_and_a_few_have_broken_off() -> None:
    carved = carve_curls(*lay_curls())
    radius, height, turn, whorl, depth, top = carved[:, 6:12].T
    assert len(np.unique(np.round(carved[:, 6:11], 6), axis=0)) == len(carved)
    for traits, least in ((radius, 0.02), (height, 0.06), (whorl, 0.04), (depth, 0.15)):
        assert traits.std() > least * traits.mean()
    assert turn.std() > 0.25 and 0.02 < np.mean(top < height) < 0.12


def _groove_at(angle: float, curl: F8, aside: F8, carved: F8, near: I4) -> float:
    """Return how far out, in radii, the groove is deepest in the direction `angle`, counter-clockwise from outside."""
    axis, radius, height = curl[3:6], curl[6], curl[7]
    reach = np.linspace(0.25, 0.75, 100)
    way = np.cos(angle) * aside + np.sin(angle) * np.cross(axis, aside)
    places = curl[:3] + radius * reach[:, None] * way + (height * np.sqrt(1 - reach**2))[:, None] * axis
    return float(reach[np.argmax([curls(x, y, z, carved, near)[0] for x, y, z in places])])


def test_every_curl_winds_to_the_right_seen_from_outside() -> None:
    carved = carve_curls(*lay_curls())
    near = near_lists(carved[:, :3])
    which = np.flatnonzero((carved[:, 11] > 50) & (carved[:, 10] > 1.0))[::20]
    assert len(which) > 3
    for one in carved[which]:
        aside = np.cross(one[3:6], [0.0, 1.0, 0.0])
        turns = np.linspace(0, 2 * np.pi, 25)[:-1]
        steps = np.diff([_groove_at(angle, one, aside / np.linalg.norm(aside), carved, near) for angle in turns])
        # against the clock the groove runs inwards, but where the next whorl takes over
        assert np.mean(steps < 0) > 0.8


def test_the_hair_holds_blue_and_the_lips_hold_red_in_places() -> None:
    def colours(x: float, y: float, size: float) -> np.ndarray:
        across, up = (at.ravel() for at in np.meshgrid(*[np.linspace(-size, size, 5)] * 2))
        points = _from_the_front(x + across, y + up)
        normals = gradient_of(OBJECT.distance, points, 2e-4)
        return OBJECT.colour(points, normals / np.linalg.norm(normals, axis=1, keepdims=True))

    def most(colours: np.ndarray, one: int, other: int) -> float:
        return float(np.quantile(colours[:, one] - colours[:, other], 0.8))

    stone = colours(30, 212, 5)
    assert most(colours(20, 260, 25), 2, 0) > most(stone, 2, 0) + 0.03
    assert most(colours(0, 107, 4), 0, 1) > most(stone, 0, 1) + 0.05


def test_the_break_is_rough_and_touches_the_ground() -> None:
    x, z = (a.ravel() for a in np.meshgrid(np.linspace(-40, 40, 17), np.linspace(-50, 25, 17)))
    places = np.column_stack([x, np.full(len(x), -20.0), z]) / 1000
    for _ in range(120):
        places[:, 1] += 0.5 * OBJECT.distance(places)
    assert 0.0 <= places[:, 1].min() < 0.003
    assert np.std(places[:, 1]) > 0.0015


@pytest.mark.parametrize("name", ["curls", "urna", "smile", "ear"])
def test_landmarks_lie_on_the_surface(name: str) -> None:
    mark = OBJECT.landmarks[name]
    assert abs(OBJECT.distance(np.array([mark.position_m]))[0]) < 0.002 * OBJECT.size_m[1]
    outside = np.array(mark.position_m) + 0.002 * np.array(mark.normal)
    assert OBJECT.distance(outside[None])[0] > 0.0005
