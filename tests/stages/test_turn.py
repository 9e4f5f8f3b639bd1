"""A turn of things whose look is known."""

from dataclasses import replace

import numpy as np
import pytest
from meshes import level_of, plane_mesh, sphere_mesh

from exhibit.errors import Cancelled, StageError
from exhibit.geometry.rasterise import rasterise
from exhibit.model.surface import Textured
from exhibit.progress import Recorder
from exhibit.stages.turn import TurnOptions, turn
from exhibit.stages.unwrap import unwrap

SMALL = TurnOptions(n_frames=8, size_px=96)


def painted(shape, color):
    picture = np.empty((64, 64, 3), np.uint8)
    picture[:] = color
    return Textured(unwrap(level_of(*shape, 64)), picture, None, None, 1.0)


@pytest.fixture(scope="module")
def ball():
    return painted(sphere_mesh(48), (190, 25, 20))


@pytest.fixture(scope="module")
def turning(ball):
    return turn(ball, SMALL)


def test_a_mesh_without_faces_is_refused():
    plane = painted(plane_mesh(4), (200, 200, 200))
    with pytest.raises(StageError):
        turn(replace(plane, mesh=replace(plane.mesh, faces=np.zeros((0, 3), np.int32))))


def test_a_ball_is_red_round_centred_and_the_same_from_every_side(turning):
    assert turning.shape == (8, 96, 96, 4)
    for picture in turning:
        rows, columns = np.nonzero(picture[:, :, 3] > 127)
        assert (columns.min() + columns.max()) / 2 == pytest.approx(47.5, abs=1)
        assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
        assert np.ptp(columns) == pytest.approx(96 * (1 - 2 * SMALL.margin), abs=3)
        inside = picture[picture[:, :, 3] > 250].astype(int)
        assert (inside[:, 0] >= 2 * inside[:, 1]).mean() > 0.9
    others = np.abs(turning[1:, :, :, :3].astype(int) - turning[0, :, :, :3]).mean(axis=(1, 2, 3))
    assert others.max() < 6


def test_the_lamp_stands_on_the_upper_left(turning):
    picture = turning[0].astype(int)
    assert picture[34, 36, 0] > picture[60, 62, 0] + 60


def test_it_turns_counter_clockwise_from_above_and_once(ball):
    mesh = ball.mesh
    is_right = mesh.vertices[mesh.faces].mean(axis=1)[:, 0] > 0
    face = rasterise(mesh.uv, mesh.faces, 64).face
    picture = ball.base_color.copy()
    picture[(face >= 0) & is_right[face]] = (20, 190, 25)
    frames = turn(replace(ball, base_color=picture), replace(SMALL, n_frames=4)).astype(int)

    def greens(frame):
        return (frame[:, :, 1] > frame[:, :, 0]) & (frame[:, :, 3] > 250)

    front, quarter, half, last = map(greens, frames)
    assert front[:, 60:80].sum() > 20 * max(1, front[:, 16:36].sum())
    assert half[:, 16:36].sum() > 20 * max(1, half[:, 60:80].sum())
    # what stood on the right goes behind, and comes to the front last
    assert quarter.sum() < 0.1 * last.sum()
    shown = replace(ball, base_color=picture)
    (first,) = turn(shown, replace(SMALL, n_frames=1, front_deg=90)).astype(int)
    assert greens(first).sum() == pytest.approx(last.sum(), rel=0.05)


def test_a_flat_thing_seen_from_its_edge_does_no_harm():
    frames = turn(painted(plane_mesh(4), (200, 200, 200)), replace(SMALL, n_frames=4))
    assert (frames[:, :, :, 3] > 0).any()


def test_equal_input_gives_equal_pictures(ball, turning):
    assert (turn(ball, SMALL) == turning).all()


def test_it_can_be_stopped(ball):
    with pytest.raises(Cancelled):
        turn(ball, SMALL, progress=Recorder(cancel_after=1).progress())
