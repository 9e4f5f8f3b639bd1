"""The light of rooms whose light is known."""

from dataclasses import replace

import numpy as np
import pytest

from exhibit.errors import Cancelled
from exhibit.geometry.colour_spaces import srgb_from_linear
from exhibit.model.room import Caster, Lamp, Material, Panel, RoomModel
from exhibit.progress import Recorder
from exhibit.stages.light import LightOptions, light
from exhibit.stages.lighting.room_file import RANGE, write_room
from exhibit.stages.lighting.texels import lay_texels, triangulate
from exhibit.stages.packing.glb import split_glb

QUICK = LightOptions(finer=1.0, lamp_rays=8, sky_rays=64, bounce_rays=64)


def flat(size, y=0.0, facing=1, material="grey", **more):
    """A horizontal square about the origin; `facing` 1 is up."""
    s = size / 2
    corners = ((-s, y, s), (s, y, s), (s, y, -s), (-s, y, -s))
    if facing < 0:
        corners = corners[::-1]
    return Panel(corners, material, **more)


def room_of(*panels, lamps=(), sky=0.0, grey="#bcbcbc"):
    stuff = (Material("grey", grey), Material("black", "#000000"), Material("pane", "#ffffff", shine=1.0))
    return RoomModel(panels, stuff, lamps, (), "#ffffff", sky)


def map_of(room, lit, number=0):
    x, y, w, h = lit.places[number]
    return lit.light[y : y + h, x : x + w]


def lamp_at(height, strength=1.0, **more):
    return Lamp((0, height, 0), (0, 0, 0), 60, 80, strength, "#ffffff", **more)


def test_a_lamp_gives_what_it_promises_at_its_aim_and_falls_off_with_the_square():
    room = room_of(flat(8.0, texels_per_m=10), lamps=(lamp_at(2.0),))
    got = map_of(room, light(room, (), QUICK))
    assert got[40, 40] == pytest.approx(1.0, abs=0.02)
    # 2 m aside at 2 m height: twice the squared distance, and the cosine of 45 degrees
    assert got[40, 60] == pytest.approx(0.5 * np.cos(np.pi / 4), abs=0.03)
    assert got[40, 40, 0] > got[40, 50, 0] > got[40, 60, 0] > got[40, 70, 0]


def test_a_broad_pane_lights_by_the_share_of_the_sky_it_fills():
    room = room_of(flat(0.2, texels_per_m=20), flat(6.0, 1.0, -1, "pane", texels_per_m=1), sky=0.7)
    got = map_of(room, light(room, (), replace(QUICK, sky_rays=1024))).mean()
    # four times the form factor of a corner of 3 by 3 at distance 1 (Howell, C-11)
    corner = 3 / np.sqrt(10) * np.arctan(3 / np.sqrt(10)) / np.pi
    assert got == pytest.approx(0.7 * 4 * corner, rel=0.03)


def test_a_small_pane_lights_by_its_solid_angle():
    room = room_of(flat(0.2, texels_per_m=20), flat(0.5, 3.0, -1, "pane", texels_per_m=4), sky=1.0)
    assert map_of(room, light(room, (), QUICK)).mean() == pytest.approx(0.25 / 9 / np.pi, rel=0.05)


def test_a_lit_floor_lights_the_ceiling_as_far_as_it_is_not_black():
    def ceiling_over(floor):
        low = flat(4.0, texels_per_m=6, material=floor)
        room = room_of(low, flat(4.0, 2.0, -1, texels_per_m=6), lamps=(lamp_at(1.5),))
        return map_of(room, light(room, (), QUICK), 1).mean()

    assert ceiling_over("black") == 0
    assert 0.05 < ceiling_over("grey") < 0.5


def cube(size, y):
    low = np.array([[x, z, w] for x in (-1, 1) for z in (0, 2) for w in (-1, 1)], np.float32) * size / 2
    faces = [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6),
             (0, 6, 4), (1, 5, 7), (1, 7, 3)]  # fmt: skip
    return Caster(low, np.array(faces, np.int32), (0.0, y, 0.0))


def test_a_thing_throws_a_shadow_as_large_as_geometry_says():
    room = room_of(flat(4.0, texels_per_m=20), lamps=(lamp_at(3.0, radius_m=0.001),))
    bare, shaded = (map_of(room, light(room, things, QUICK))[..., 0] for things in ((), (cube(0.5, 1.0),)))
    dark = shaded < bare / 2
    # its upper side, half a metre at a height of 1.5 under a lamp at 3, throws twice its size
    assert dark.sum() / 400 == pytest.approx(1.0, rel=0.15)
    assert dark[40, 40]
    assert not dark[40, 70]


def test_a_turned_thing_throws_a_turned_shadow():
    bar = cube(0.2, 0.0)
    bar = Caster(bar.vertices * np.array([10, 1, 1], np.float32), bar.faces.copy(), (0, 0.5, 0), 90.0)
    room = room_of(flat(4.0, texels_per_m=10), lamps=(lamp_at(3.0),))
    shaded = map_of(room, light(room, (bar,), QUICK))[..., 0]
    assert shaded[28, 20] < 0.5 * shaded[20, 28]  # along Z, not along X


def test_larger_lamps_throw_softer_shadows():
    def rim(radius):
        room = room_of(flat(4.0, texels_per_m=20), lamps=(lamp_at(3.0, radius_m=radius),))
        values = map_of(room, light(room, (cube(0.5, 1.0),), replace(QUICK, lamp_rays=64)))[40, :, 0]
        return np.abs(np.diff(values)).max()

    assert rim(0.2) < 0.6 * rim(0.005)


def test_where_something_stands_no_darkness_leaks_out():
    covered = replace(flat(2.0, texels_per_m=20), covered=((0.3, 0.3, 0.7, 0.7),))
    got = map_of(room_of(covered), light(room_of(covered, lamps=(lamp_at(2.0),)), (cube(0.8, 0.0),), QUICK))[..., 0]
    assert got[20, 12:14].min() > 0.0


def test_equal_rooms_get_equal_light_and_it_can_be_stopped():
    room = room_of(flat(2.0), flat(2.0, 2.0, -1, "pane", texels_per_m=2), lamps=(lamp_at(1.5),), sky=1.0)
    assert light(room, (), QUICK).light.tobytes() == light(room, (), QUICK).light.tobytes()
    with pytest.raises(Cancelled):
        light(room, (), QUICK, progress=Recorder(cancel_after=2).progress())


def test_panels_are_cut_about_their_holes_without_gaps():
    shape = triangulate((replace(flat(2.0), holes=((0.25, 0.25, 0.5, 0.75),)),))
    corners = shape.vertices[shape.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    assert area == pytest.approx(4.0 * (1 - 0.25 * 0.5))
    assert not lay_texels((replace(flat(2.0), holes=((0, 0, 1, 1),)),)).is_free.any()


def test_the_file_holds_the_light_and_the_colours():
    room = room_of(flat(2.0), flat(2.0, 2.0, -1, "pane"), lamps=(lamp_at(1.5),), sky=1.0)
    lit = light(room, (), QUICK)
    document, binary = split_glb(write_room(room, lit))
    (material,) = [one for one in document["materials"] if one["name"] == "lit"]
    assert material["extras"] == {"light": RANGE}
    assert material["emissiveTexture"]["texCoord"] == 0
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    import io

    from PIL import Image

    start = view["byteOffset"]
    stored = np.asarray(Image.open(io.BytesIO(binary[start : start + view["byteLength"]])).convert("RGB"))
    assert np.abs(stored.astype(int) - srgb_from_linear(np.clip(lit.light / RANGE, 0, 1))).max() <= 0
    assert write_room(room, lit) == write_room(room, lit)


@pytest.mark.parametrize("is_lit", [True, False], ids=["lit", "not lit"])
def test_khronos_validator_finds_no_fault_in_a_room_with_and_without_patterns(is_lit):
    from exhibit.engines.gltf_tools import validate_glb

    panels = flat(2.0), flat(2.0, 2.0, -1, "pane"), flat(2.0, 0.5, 1, "boards")
    room = room_of(*panels, lamps=(lamp_at(1.5),), sky=1.0)
    room = replace(room, materials=(*room.materials, Material("boards", "#805030", pattern="boards")))
    report = validate_glb(write_room(room, light(room, (), QUICK) if is_lit else None))
    assert report.errors == 0, report.messages


def test_a_room_without_light_yet_is_shown_all_the_same():
    document, _ = split_glb(write_room(room_of(flat(2.0)), None))
    assert "images" not in document
    assert document["materials"][0]["extensions"] == {"KHR_materials_unlit": {}}
