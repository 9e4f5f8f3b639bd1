"""The stone head: a slit through each lobe, curls in staggered rows, almost shut eyes, paint where paint belongs."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects._buddha_hair import PITCH, lay_curls
from exhibit.capture.objects.buddha_head import OBJECT
from exhibit.geometry.surface_of_field import gradient_of


def _from_the_front(x_mm: float, y_mm: float) -> np.ndarray:
    """Return where a ray from the front meets the stone, metres."""
    place = np.array([[x_mm / 1000, y_mm / 1000, 0.14]])
    for _ in range(200):
        place[0, 2] -= 0.5 * OBJECT.distance(place)[0]
    return place


def test_the_mask_of_the_face_is_almost_a_mirror_but_not_quite() -> None:
    x, y = np.meshgrid(np.linspace(5, 55, 9), np.linspace(95, 205, 9))
    left = np.array([_from_the_front(a, b)[0, 2] for a, b in zip(x.ravel(), y.ravel())])
    right = np.array([_from_the_front(-a, b)[0, 2] for a, b in zip(x.ravel(), y.ravel())])
    assert 5e-5 < np.median(np.abs(left - right)) < 1.2e-3


def test_the_nose_stands_before_the_lips_and_they_before_the_eyes() -> None:
    nose, lip, eye = (_from_the_front(*at)[0, 2] for at in ((0, 141), (0, 105), (35, 164)))
    assert nose - lip > 0.005 and lip - eye > 0.01


@pytest.mark.parametrize("side", [-1, 1])
def test_a_slit_is_cut_deep_into_each_lobe(side: int) -> None:
    def outermost(y_mm: float, z_mm: float) -> float:
        x = np.linspace(60, 110, 501)
        inside = OBJECT.distance(np.column_stack([side * x, np.full(501, y_mm), np.full(501, z_mm)]) / 1000) < 0
        return float(x[inside].max())

    rims = min(outermost(100, -27), outermost(100, -3))
    assert rims - outermost(100, -14) > 4.0


def test_curls_keep_their_distance_in_at_least_nine_rows() -> None:
    positions, normals = lay_curls()
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2) + 1e3 * np.eye(len(positions))
    assert np.median(apart.min(axis=1)) == pytest.approx(PITCH, rel=0.15)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    # up the middle of the forehead and over the crown
    front = positions[(np.abs(positions[:, 0]) < 12) & (positions[:, 2] > -40)]
    assert len(np.unique((front[:, 1] / 6).astype(int))) >= 7


def test_hair_is_bluer_lips_redder_than_the_stone() -> None:
    def colour(points: np.ndarray) -> np.ndarray:
        normals = gradient_of(OBJECT.distance, points, 2e-4)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        return OBJECT.colour(points, normals).mean(axis=0)

    def patch(x: float, y: float, size: float) -> np.ndarray:
        return np.concatenate([_from_the_front(x + a * size, y + b * size) for a in (-1, 0, 1) for b in (-1, 0, 1)])

    stone, hair, lips = colour(patch(30, 210, 8)), colour(patch(20, 260, 25)), colour(patch(0, 105, 2.5))
    assert hair[2] - hair[0] > stone[2] - stone[0] + 0.05
    assert lips[0] - lips[1] > stone[0] - stone[1] + 0.03


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
