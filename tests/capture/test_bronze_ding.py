"""The ding: three feet on the ground, loops for handles, writing sunk in the wall."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects.bronze_ding import OBJECT


def _is_metal(*place_mm: float) -> bool:
    return bool(OBJECT.distance(np.array([place_mm]) / 1000)[0] < 0)


def test_three_feet_stand_on_the_ground_and_nothing_else_does() -> None:
    turn = np.radians(np.arange(0, 360, 10))
    ring = np.column_stack([55 * np.sin(turn), np.full(36, 0.5), 55 * np.cos(turn)]) / 1000
    standing = OBJECT.distance(ring) < 0
    assert standing[[0, 12, 24]].all()
    assert np.count_nonzero(np.diff(np.append(standing, standing[:1]).astype(int)) == 1) == 3
    assert (OBJECT.distance(ring - np.array([0.0, 0.0006, 0.0])) > 0).all()


@pytest.mark.parametrize("side", [-1, 1])
def test_the_handles_are_loops(side: int) -> None:
    assert not _is_metal(side * 91.5, 221, 0)
    assert _is_metal(side * 92.5, 242.5, 0)
    assert _is_metal(side * 91, 220, 18) and _is_metal(side * 91, 220, -18)


def test_the_bowl_is_open_and_its_wall_thin() -> None:
    assert not _is_metal(0, 110, 0)
    assert not _is_metal(40, 204, 40)
    assert _is_metal(0, 90, 0) and not _is_metal(0, 84, 0)


def test_the_writing_is_sunk_more_than_a_millimetre() -> None:
    def wall_z(x: float, y: float) -> float:
        zs = np.linspace(-92, -75, 1701)
        free = OBJECT.distance(np.column_stack([np.full(1701, x), np.full(1701, y), zs]) / 1000) > 0
        return float(zs[free & (zs > -86.5)].min())

    assert wall_z(0, 173) - wall_z(-12, 173) > 1.0


@pytest.mark.parametrize("name", ["eye", "handle", "leg", "inscription"])
def test_landmarks_lie_on_the_surface(name: str) -> None:
    mark = OBJECT.landmarks[name]
    assert abs(OBJECT.distance(np.array([mark.position_m]))[0]) < 0.002 * OBJECT.size_m[1]
    outside = np.array(mark.position_m) + 0.002 * np.array(mark.normal)
    assert OBJECT.distance(outside[None])[0] > 0.0005
