"""Levels of detail: limits kept, topology kept, no work twice."""

import numpy as np
import pytest
from analytic import euler_characteristic, hemisphere, sphere, torus

from exhibit.errors import Cancelled, UsageError
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.mesh_measures import face_areas
from exhibit.model.asset import LEVELS, LevelSpec
from exhibit.model.surface import SCANNED, UNSEEN
from exhibit.progress import Recorder
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.levels import LevelOptions, levels
from exhibit.stages.surface import SurfaceOptions, surface

METRES = CleanOptions(metres_per_unit=1.0, up="+z")


@pytest.fixture(scope="module")
def ring():
    return surface(clean(torus(40_000).scan(), METRES))


def test_an_unknown_level_or_none_is_refused():
    for names in (("enormous",), ()):
        with pytest.raises(UsageError):
            LevelOptions(names=names)


def test_every_level_keeps_its_limit_and_its_handle(ring):
    result = levels(ring)
    limits = {spec.name: spec for spec in LEVELS}
    assert [level.name for level in result.levels][:2] == ["thumb", "room"]
    for level in result.levels:
        assert 0.5 * min(limits[level.name].max_triangles, len(ring.faces)) < len(level.surface.faces)
        assert len(level.surface.faces) <= min(limits[level.name].max_triangles, len(ring.faces))
        assert find_adjacency(level.surface.faces).is_closed
        assert euler_characteristic(level.surface.faces) == 0
        assert 256 <= level.texture_px <= limits[level.name].texture_px


def test_equal_levels_are_made_once_and_aliased():
    small = surface(clean(sphere(3000).scan(), METRES))
    result = levels(small, LevelOptions(specs=tuple(LevelSpec(name, 10**6, 256) for name in "abc")))
    assert [level.name for level in result.levels] == ["a"]
    assert sorted(result.aliases) == [("b", "a"), ("c", "a")]
    assert result.levels[0].surface is small


def test_only_the_levels_asked_for_are_made(ring):
    assert [level.name for level in levels(ring, LevelOptions(names=("room",))).levels] == ["room"]


def test_an_open_border_does_not_shrink():
    open_cap = surface(clean(hemisphere(30_000).scan(), METRES))
    coarse = levels(open_cap, LevelOptions(specs=(LevelSpec("tiny", 1000, 256),))).levels[0].surface
    before, after = np.ptp(open_cap.vertices, axis=0), np.ptp(coarse.vertices, axis=0)
    assert (np.abs(before - after) < 0.03 * before).all()


def test_a_closed_surface_stays_closed_and_its_provenance_follows():
    shape = hemisphere(20_000)
    closed = surface(clean(shape.scan(), METRES), SurfaceOptions(close_holes=True))
    for level in levels(closed, LevelOptions(names=("thumb", "room"))).levels:
        coarse = level.surface
        assert find_adjacency(coarse.faces).is_closed
        for kind in (SCANNED, UNSEEN):
            before = face_areas(closed.vertices, closed.faces)[closed.provenance == kind].sum()
            after = face_areas(coarse.vertices, coarse.faces)[coarse.provenance == kind].sum()
            assert after == pytest.approx(before, rel=0.1)


def test_the_open3d_engine_keeps_the_limits_too(ring):
    coarse = levels(ring, LevelOptions(names=("thumb",), engine="open3d")).levels[0].surface
    assert 4000 < len(coarse.faces) <= 8000
    assert not find_adjacency(coarse.faces).bad_faces.any()


def test_a_texture_is_no_larger_than_the_points_support():
    coarse_scan = surface(clean(sphere(2000).scan(), METRES))
    for level in levels(coarse_scan).levels:
        assert level.texture_px == 256
    for level in levels(coarse_scan, LevelOptions(max_texture_px=300)).levels:
        assert level.texture_px == 256


def test_two_runs_give_the_same_bytes(ring):
    first, second = levels(ring).levels[0].surface, levels(ring).levels[0].surface
    assert first.vertices.tobytes() == second.vertices.tobytes()
    assert first.faces.tobytes() == second.faces.tobytes()


def test_cancelling_stops_it(ring):
    with pytest.raises(Cancelled):
        levels(ring, progress=Recorder(cancel_after=2).progress())


def test_a_finely_textured_source_gets_the_textures_its_own_texels_deserve(ring):
    plain = {level.name: level.texture_px for level in levels(ring).levels}
    fine = {level.name: level.texture_px for level in levels(ring, LevelOptions(texel_m=ring.spacing_m / 20)).levels}
    assert fine["hero"] == 2048 and fine["inspect"] == 4096
    assert plain["hero"] < 2048
