"""The ding: three feet on the ground, loops for handles, writing sunk in the wall."""

from __future__ import annotations

import numpy as np
import pytest

from exhibit.capture.objects._ding_leiwen import PITCH, leiwen
from exhibit.capture.objects._relief_sheet import Relief
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


def _ground(*, block: bool = False) -> tuple[Relief, np.ndarray]:
    relief = Relief((0.0, -20.0), (40.0, 20.0), 0.2, 1.2)
    if block:
        relief.raise_outline(np.array([(12.0, -8.0), (26.0, -8.0), (26.0, 8.0), (12.0, 8.0)]), 2.5)
    return relief, leiwen(relief, -16.0, 16.0, 1.0)


def test_a_spiral_winds_at_one_pitch_so_that_a_scan_can_part_its_lines() -> None:
    relief, ground = _ground()
    # the first tile is the largest, and lies in the lower left corner: cut across its heart
    row = np.searchsorted(relief.vs, -16.0 + 0.55 + 6.0)
    across = ground[row, : np.searchsorted(relief.us, 12.0)]
    deep = np.flatnonzero((across[1:-1] < -0.5) & (across[1:-1] <= across[:-2]) & (across[1:-1] < across[2:]))
    assert len(deep) >= 3
    assert np.abs(np.diff(relief.us[deep]) - PITCH).max() < 0.9


def test_the_ground_is_half_lines_half_grooves_and_leaves_alone_what_is_raised() -> None:
    relief, ground = _ground(block=True)
    assert (ground[relief.beside < 0.3] == 0).all()
    assert (ground[np.abs(relief.vs) > 16.0] == 0).all()
    free = (relief.beside > 1.0) & (np.abs(relief.vs) < 15.0)[:, None]
    assert 0.35 < float((ground[free] < -0.5).mean()) < 0.6
    assert ground.min() >= -1.0 - 1e-9


def test_where_nothing_is_free_nothing_is_cut() -> None:
    relief = Relief((0.0, -5.0), (10.0, 5.0), 0.2, 1.2)
    relief.raise_outline(np.array([(-9.0, -9.0), (19.0, -9.0), (19.0, 9.0), (-9.0, 9.0)]), 2.0)
    assert (leiwen(relief, -4.0, 4.0, 1.0) == 0).all()
