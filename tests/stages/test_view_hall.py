"""A picture of a lit room: against rooms whose light is known."""

import numpy as np
import pytest

from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.geometry.neutral_tone import neutral_tone
from exhibit.geometry.shade import Finish
from exhibit.model.cloud import SourceMaterial, SourceMesh
from exhibit.model.room import LitRoom, Material, Panel, RoomModel
from exhibit.model.viewpoint import Sheet, Viewpoint
from exhibit.stages.lighting.room_file import write_room
from exhibit.stages.lighting.texels import lay_texels
from exhibit.stages.portraying.surroundings import Surroundings
from exhibit.stages.view_hall import ViewOptions, view_hall
from exhibit.stages.viewing.relics import Shown

SMALL = ViewOptions(80, 40)
FROM = Viewpoint((0, 1, 4), 0.5, 0.5, 3.0)
GREY = Surroundings.plain(
    np.array([[0, 0, 1]], np.float32), np.full((1, 3), 0.2, np.float32), *np.full((2, 3), 0.3, np.float32)
)


def wall(z, half, material="white"):
    corners = ((-half, 1 - half, z), (half, 1 - half, z), (half, 1 + half, z), (-half, 1 + half, z))
    return Panel(corners, material)


def room(*panels, light=0.5):
    """A room in which white stuff sends back `light` everywhere."""
    materials = (Material("white", "#ffffff"), Material("red", "#c04030"), Material("pane", "#ffffff", shine=1.0))
    model = RoomModel(panels, materials, (), (), "#ffffff", 0.0)
    texels = lay_texels(panels, 1.0)
    return write_room(model, LitRoom(texels.put(np.full((len(texels.points), 3), light, np.float32)), texels.places))


def block(z, half=0.5, color=(40, 160, 40)):
    """A square that faces the eye, as a relic."""
    vertices = np.array([[-half, 0, 0], [half, 0, 0], [half, 2 * half, 0], [-half, 2 * half, 0]], np.float32)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    material = SourceMaterial(np.array([*color, 255], np.uint8))
    mesh = SourceMesh("block", "gltf", np.zeros(3), vertices, faces, np.zeros(2, np.int32), (material,))
    return Shown(mesh, Finish(), (0, 1 - half, z), 0.0, 0.0)


def look(glb, relics=(), sheets=(), viewpoint=FROM, options=SMALL):
    return view_hall(glb, relics, sheets, GREY, viewpoint, options)


def shown(light):
    return srgb_from_linear(neutral_tone(np.array(light, np.float32)))


def test_a_white_wall_shows_its_light_and_a_red_one_its_colour():
    seen = look(room(wall(0, 10)))
    assert np.abs(seen.astype(int) - shown([0.5, 0.5, 0.5])).max() <= 1
    red = look(room(wall(0, 10, "red"), light=1.0))
    from exhibit.stages.lighting.colors import linear_of

    assert np.abs(red.astype(int) - shown(linear_of("#c04030"))).max() <= 2


def test_things_are_as_large_as_the_lens_says():
    # two metres broad at a depth of four, through a lens of half a width: a quarter of the picture
    seen = look(room(wall(0, 1)), options=ViewOptions(400, 200))
    lit = seen[..., 0] > 60
    assert abs(lit[100].sum() - 100) <= 2
    assert abs(lit[:, 200].sum() - 100) <= 2
    assert abs(np.flatnonzero(lit[100]).mean() - 199.5) <= 0.5


def test_a_relic_hides_what_is_behind_it_and_nothing_before_it():
    green = look(room(wall(0, 10)), (block(1.0),))[20, 40].astype(int)
    assert green[1] > green[0] + 30
    hidden = look(room(wall(0, 10)), (block(-1.0),))
    assert (hidden == look(room(wall(0, 10)))).all()


def test_what_lies_behind_the_viewers_wall_is_left_out():
    between = room(wall(0, 10, "red"), wall(3.5, 10))
    assert (look(between) == look(room(wall(0, 10, "red")))).all()


def test_panes_outshine_white_and_glow_into_the_dark():
    seen = look(room(wall(0, 0.5, "pane"), light=0.0), options=ViewOptions(400, 200))
    assert seen[100, 200].min() > 235
    assert 0 < seen[100, 230].max() < 128
    assert seen[100, 390].max() == 0


def test_a_sheet_lies_on_its_wall_where_nothing_stands_before_it():
    ink = np.zeros((10, 10, 4), np.uint8)
    ink[:, :5] = (200, 0, 0, 255)
    sheet = Sheet((-1, 2, 0.01), (2, 0, 0), (0, -2, 0), ink)
    seen = look(room(wall(0, 10)), sheets=(sheet,), options=ViewOptions(400, 200)).astype(int)
    assert seen[100, 170, 0] > seen[100, 170, 1] + 80
    assert np.ptp(seen[100, 230]) <= 1
    covered = look(room(wall(0, 10)), (block(1.0, 1.2),), (sheet,), options=ViewOptions(400, 200)).astype(int)
    assert covered[100, 170, 1] > covered[100, 170, 0]


def test_equal_rooms_give_equal_pictures():
    args = room(wall(0, 2), wall(-1, 10, "red")), (block(1.0),)
    assert look(*args).tobytes() == look(*args).tobytes()


@pytest.mark.parametrize("strength", [0.0, 0.05, 0.5, 0.75, 0.9, 3.0, 100.0])
def test_the_neutral_curve_is_that_of_the_khronos_group(strength):
    r, g, b = strength, strength * 0.6, strength * 0.3
    x = min(r, g, b)
    offset = x - 6.25 * x * x if x < 0.08 else 0.04
    color = np.array([r, g, b]) - offset
    peak = color.max()
    if peak >= 0.76:
        new = 1 - 0.24**2 / (peak + 0.24 - 0.76)
        mix = 1 - 1 / (0.15 * (peak - new) + 1)
        color = color * new / peak * (1 - mix) + new * mix
    assert neutral_tone(np.array([[r, g, b]], np.float32))[0] == pytest.approx(color, abs=2e-6)
