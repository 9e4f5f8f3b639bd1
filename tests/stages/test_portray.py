"""Pictures of things whose look is known."""

from dataclasses import replace

import numpy as np
import pytest
from meshes import level_of, plane_mesh, sphere_mesh

from exhibit.errors import Cancelled, StageError
from exhibit.geometry.shade import Finish
from exhibit.model.surface import Textured
from exhibit.progress import Recorder
from exhibit.stages.portray import PortrayOptions, pixels_per_metre, portray
from exhibit.stages.portraying.surroundings import Reflections, Surroundings
from exhibit.stages.unwrap import unwrap

SMALL = PortrayOptions(width_px=160, height_px=120)


def painted(shape, color):
    picture = np.empty((64, 64, 3), np.uint8)
    picture[:] = color
    return Textured(unwrap(level_of(*shape, 64)), picture, None, None, 1.0)


def red_ball():
    return painted(sphere_mesh(48), (190, 25, 20))


def solid(picture):
    """Where the object is, not its shadow: bright enough and opaque."""
    return (picture[:, :, 3] > 250) & (picture[:, :, :3].max(2) > 8)


def test_a_red_ball_is_red_round_centred_and_whole():
    picture = portray(red_ball(), replace(SMALL, ground_shadow=False))
    assert picture.shape == (120, 160, 4)
    rows, columns = np.nonzero(picture[:, :, 3] > 127)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(59.5, abs=1)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(79.5, abs=1)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
    assert np.ptp(rows) == pytest.approx(120 * (1 - 2 * SMALL.margin), abs=2)
    inside = picture[solid(picture)].astype(int)
    assert (inside[:, 0] > 2 * inside[:, 1]).mean() > 0.95
    assert (picture[0, :, 3] == 0).all()
    assert (picture[:, 0, 3] == 0).all()


def test_the_light_comes_from_the_upper_left():
    picture = portray(red_ball(), replace(SMALL, ground_shadow=False, clay=True)).astype(int)
    assert picture[40, 60, 0] > picture[75, 105, 0] + 40


def test_it_stands_on_a_shadow_that_fades_out():
    picture = portray(red_ball(), SMALL)
    beside = (picture[:, :, 3] > 0) & (picture[:, :, :3].max(2) < 8)
    assert beside.sum() > 200
    assert np.nonzero(beside)[0].mean() > 80
    # no cut edge: the frame itself is free of it
    assert picture[:, [0, -1], 3].max() < 40


def test_dark_stone_can_be_read_and_white_plaster_does_not_burn_out():
    dark = portray(painted(sphere_mesh(48), (38, 36, 34)), SMALL)
    light = portray(painted(sphere_mesh(48), (245, 244, 240)), SMALL)
    assert np.median(dark[solid(dark)][:, :3].mean(1)) > 60
    assert (light[solid(light)][:, :3].min(1) >= 254).mean() < 0.01
    assert np.median(light[solid(light)][:, :3].mean(1)) > np.median(dark[solid(dark)][:, :3].mean(1))


def test_a_backdrop_fills_the_picture():
    picture = portray(red_ball(), replace(SMALL, background=(60, 60, 64)))
    assert (picture[:, :, 3] == 255).all()
    assert 25 < picture[2, 2, :3].mean() < 70


def test_colour_is_shown_unless_clay_is_asked_for():
    clay = portray(red_ball(), replace(SMALL, clay=True, ground_shadow=False))
    inside = clay[solid(clay)].astype(int)
    assert (inside[:, 0] - inside[:, 2]).max() < 40


def test_the_azimuth_turns_the_camera_around_the_object():
    half = np.zeros((64, 64, 3), np.uint8)
    ball = red_ball()
    front = (ball.mesh.vertices[:, 2] > 0)[ball.mesh.faces].all(1)
    uv = ball.mesh.uv[ball.mesh.faces].mean(1)
    half[:] = (20, 20, 200)
    from exhibit.geometry.rasterise import rasterise

    band = rasterise(ball.mesh.uv, ball.mesh.faces, 64)
    half[(band.face >= 0) & front[np.maximum(band.face, 0)]] = (200, 20, 20)
    assert len(uv)
    two = replace(ball, base_color=half)
    seen = [portray(two, replace(SMALL, azimuth_deg=a, ground_shadow=False)) for a in (0.0, 180.0)]
    assert np.median(seen[0][solid(seen[0])][:, 0]) > np.median(seen[0][solid(seen[0])][:, 2])
    assert np.median(seen[1][solid(seen[1])][:, 0]) < np.median(seen[1][solid(seen[1])][:, 2])


@pytest.mark.parametrize("shape", ["flat", "needle", "triangle"])
def test_flat_and_tiny_things_give_a_picture(shape):
    if shape == "flat":
        thing = plane_mesh(3, 0.1)
    else:
        corners = [[0, 0, 0], [1e-5, 0, 0], [0, 2e-5, 0]] if shape == "triangle" else [[0, 0, 0], [1, 0, 0], [2, 0, 0]]
        thing = np.array(corners, np.float32), np.array([[0, 1, 2]], np.int32)
    picture = portray(painted(thing, (120, 120, 120)), replace(SMALL, width_px=40, height_px=30))
    assert picture.shape == (30, 40, 4)


def test_equal_input_gives_equal_bytes_and_it_can_be_cancelled():
    ball = red_ball()
    assert portray(ball, SMALL).tobytes() == portray(ball, SMALL).tobytes()
    with pytest.raises(Cancelled):
        portray(ball, replace(SMALL, width_px=900, height_px=700), progress=Recorder(cancel_after=2).progress())


def test_nothing_to_see_is_refused():
    ball = red_ball()
    with pytest.raises(StageError):
        portray(replace(ball, mesh=replace(ball.mesh, faces=ball.mesh.faces[:0])), SMALL)


def one_lamp(azimuth_deg, above_deg=30.0, height=48):
    """Dim light all round and one lamp, as a picture of what comes from where."""
    fall, turn = (
        np.pi * (np.arange(height) + 0.5) / height,
        2 * np.pi * ((np.arange(2 * height) + 0.5) / (2 * height) - 0.5),
    )
    x, y, z = (
        np.sin(fall)[:, None] * np.cos(turn),
        np.cos(fall)[:, None] + 0 * turn,
        np.sin(fall)[:, None] * np.sin(turn),
    )
    a, up = np.radians(azimuth_deg), np.radians(above_deg)
    near = x * np.sin(a) * np.cos(up) + y * np.sin(up) + z * np.cos(a) * np.cos(up) > np.cos(np.radians(8))
    return np.where(near, np.float32(60), np.float32(0.15))[:, :, None] * np.ones(3, np.float32)


def brightest_column(picture):
    light = np.where(solid(picture), picture[:, :, :3].mean(2), 0).sum(0)
    return (light * np.arange(light.size)).sum() / light.sum() / light.size


def test_the_light_falls_from_where_the_picture_of_it_says():
    left, right = (
        portray(red_ball(), replace(SMALL, ground_shadow=False, clay=True, light=one_lamp(25 + off)))
        for off in (-60, 60)
    )
    assert brightest_column(left) < 0.48
    assert brightest_column(right) > 0.52


def test_matt_white_in_even_light_is_as_bright_as_the_light():
    even = Surroundings(
        np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), np.full((32, 64, 3), 0.4, np.float32)
    )
    ways = np.random.default_rng(1).normal(size=(200, 3)).astype(np.float32)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    assert Reflections(even, Finish()).matt(ways) == pytest.approx(0.4, abs=4e-3)


def test_a_lamp_gives_the_same_light_as_the_pixels_it_was():
    lamps = Surroundings.of(one_lamp(40.0), 0.0)
    assert len(lamps.toward) == 1
    assert np.degrees(np.arctan2(lamps.toward[0, 0], lamps.toward[0, 2])) == pytest.approx(40, abs=1.5)
    # a disc of 8 degrees and radiance 60
    assert lamps.power[0] == pytest.approx(60 * 2 * (1 - np.cos(np.radians(8))), rel=0.08)
    assert lamps.rest.max() == pytest.approx(0.15)


def test_metal_mirrors_in_its_own_colour_and_glaze_in_the_lamps():
    ball = painted(sphere_mesh(48), (190, 120, 50))
    shot = replace(SMALL, ground_shadow=False, light=one_lamp(0.0) / 3)
    bronze = portray(ball, replace(shot, finish=Finish(0.6, 1.0))).astype(int)
    glaze = portray(ball, replace(shot, finish=Finish(0.9, 0.0, 1.0, 0.08))).astype(int)

    def colour_of_glint(picture):
        at = np.unravel_index(picture[:, :, :3].sum(2).argmax(), picture.shape[:2])
        return picture[at][2] / picture[at][0]

    assert colour_of_glint(bronze) < 0.8 < colour_of_glint(glaze)


def test_the_front_turns_the_camera_and_the_light_goes_with_it():
    thing = painted(sphere_mesh(48), (120, 110, 100))
    turned = [portray(thing, replace(SMALL, light=one_lamp(0.0), front_deg=front)) for front in (0.0, 90.0)]
    difference = np.abs(turned[0].astype(int) - turned[1])
    assert np.quantile(difference, 0.99) < 20  # the grain of few rays; a light left behind differs by 100


def test_the_scale_is_that_of_the_object_in_the_picture():
    vertices, faces = sphere_mesh(48)
    picture = portray(painted((vertices, faces), (200, 200, 200)), replace(SMALL, ground_shadow=False))
    across = np.ptp(np.nonzero(picture[:, :, 3] > 127)[1]) + 1
    metres = np.ptp(vertices[:, 0])
    # the camera is near enough to see a little less than half of the ball
    assert across / metres == pytest.approx(pixels_per_metre(painted((vertices, faces), (9, 9, 9)), SMALL), rel=0.04)
