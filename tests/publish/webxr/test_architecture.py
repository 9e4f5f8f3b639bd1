"""The hall as it is built, from halls as they are laid out."""

import numpy as np
import pytest

from exhibit.geometry.colour_spaces import luminance
from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.architecture import DOOR, build_room, coffer_of, plain_room, plinth_panels
from exhibit.publish.webxr.layout import Piece, lay_out
from exhibit.publish.webxr.wall_text import place_wall_text
from exhibit.stages.lighting.texels import frame_of, triangulate
from exhibit.stages.packing.glb import split_glb

STYLES = read_site_template().rooms
SIX = (
    (0.24, 0.25, 0.24),
    (0.07, 0.046, 0.07),
    (0.25, 0.38, 0.25),
    (0.9, 2.0, 0.5),
    (0.55, 0.5, 0.2),
    (0.25, 0.32, 0.28),
)


def hall_of(*sizes, style="daylight"):
    return lay_out(tuple(Piece(f"r{n}", size) for n, size in enumerate(sizes)), STYLES[style].space)


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("sizes", [(), SIX[:1], SIX, SIX * 8, ((0.0, 0.0, 0.0),), ((4.0, 6.0, 4.0),)])
def test_every_hall_can_be_built_with_a_lamp_for_each_relic(style, sizes):
    hall = hall_of(*sizes, style=style)
    room = build_room(hall, STYLES[style], sizes)
    names = {material.name for material in room.materials}
    assert {panel.material for panel in room.panels} <= names
    assert np.isfinite(triangulate(room.panels).vertices).all()
    for spot, size in zip(hall.spots, sizes, strict=True):
        x, y, z = spot.position
        own = [lamp for lamp in room.lamps if lamp.aim == (x, y + 0.5 * size[1], z)]
        assert own, "no lamp for this relic"
        assert all(abs(lamp.at[0]) < hall.width / 2 and abs(lamp.at[2]) < hall.depth / 2 for lamp in own)
        assert all(lamp.aim[1] < lamp.at[1] < hall.height for lamp in own)


def test_walls_face_inwards_and_enclose_the_hall():
    hall = hall_of(*SIX)
    panels = build_room(hall, STYLES["daylight"], SIX).panels
    reach = np.array([hall.width / 2, hall.height, hall.depth / 2])
    for panel in panels:
        middle = np.mean(panel.corners, axis=0)
        inside = (np.abs(middle[[0, 2]]) <= reach[[0, 2]] + 1e-6).all() and middle[1] < hall.height - 0.1
        if panel.material in {"wall", "end_wall"} and inside:
            normal = frame_of(panel)[3]
            assert normal @ (np.array([0.0, middle[1], 0.0]) - middle) > 0


def test_the_doorway_is_open_and_the_coffer_lies_within_the_ceiling():
    hall = hall_of(*SIX)
    panels = build_room(hall, STYLES["daylight"], SIX).panels
    front = [panel for panel in panels if panel.material == "wall" and panel.holes]
    u0, v0, u1, _ = front[0].holes[0]
    assert (u1 - u0) * hall.width == pytest.approx(DOOR[0])
    assert v0 == 0
    across, along = coffer_of(hall)
    assert across < hall.width - 1
    assert along < hall.depth - 1


def test_a_plinth_is_as_large_as_it_was_laid_out_and_floats_over_its_foot():
    spot = hall_of(SIX[0]).spots[0]
    panels = plinth_panels(spot)
    corners = np.concatenate([np.array(panel.corners) for panel in panels])
    assert corners[:, 1].max() == pytest.approx(spot.plinth.height)
    x0, z0, x1, z1 = spot.footprint()
    assert np.ptp(corners[:, 0]) == pytest.approx(x1 - x0, abs=1e-4)
    assert np.ptp(corners[:, 2]) == pytest.approx(z1 - z0, abs=1e-4)
    feet = np.concatenate([np.array(p.corners) for p in panels if p.material == "dark"])
    assert np.ptp(feet[feet[:, 1] < 1e-6][:, 0]) < x1 - x0 - 0.02


def test_the_plain_room_is_small_and_the_same_every_time():
    hall = hall_of(*SIX)
    room = plain_room(hall, STYLES["daylight"], SIX)
    assert not room.has_shadows
    assert len(room.glb) < 400_000
    assert room == plain_room(hall, STYLES["daylight"], SIX)
    document, _ = split_glb(room.glb)
    assert len(document["meshes"]) <= 6, "one draw call each"


def test_words_stand_where_nothing_hides_them():
    style = STYLES["daylight"]
    tall = (1.6, 2.2, 1.6)
    hall = lay_out((Piece("left", tall, x_m=-1.8, z_m=-1.0), Piece("right", SIX[1], x_m=2.4, z_m=-1.0)), style.space)
    text = place_wall_text(hall, (tall, SIX[1]))
    assert text.x > 0
    assert abs(text.x) + text.width / 2 <= hall.width / 2
    free = place_wall_text(hall_of(), ())
    assert free.x == 0


def test_a_lit_hall_is_neither_dark_nor_burnt():
    from exhibit.stages.light import DRAFT, light

    hall = hall_of(*SIX)
    room = build_room(hall, STYLES["daylight"], SIX)
    lit = light(room, (), DRAFT)
    by_stuff: dict[str, list[float]] = {}
    for panel, (x, y, w, h) in zip(room.panels, lit.places, strict=True):
        by_stuff.setdefault(panel.material, []).append(float(luminance(lit.light[y : y + h, x : x + w]).mean()))
    assert 0.4 < np.mean(by_stuff["floor"][:1]) < 1.2
    assert 0.25 < np.mean(by_stuff["wall"][:3]) < 1.0
    assert 0.4 < np.mean(by_stuff["end_wall"][:1]) < 1.2


def test_the_light_of_all_relics_comes_from_above_and_before_them_and_is_small():
    from exhibit.pipeline.relic_light import relic_light
    from exhibit.resources import shipped
    from exhibit.stages.portraying.surroundings import Surroundings

    about = Surroundings.of(relic_light(), 0.0)
    assert about.toward[0][1] > 0.5, "the key lamp hangs above"
    assert about.toward[0][2] > 0.2, "and before the relic"
    assert about.toward[0][0] < 0, "to the left"
    assert 0.3 < luminance(about.power[:1])[0] < 2.0
    assert (shipped("site_template") / "templates" / "static" / "light.hdr").stat().st_size < 60_000
