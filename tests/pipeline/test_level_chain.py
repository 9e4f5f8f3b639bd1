"""Each level is a result of its own: asking for another one later makes that one only."""

import contextlib

import numpy as np
import pytest
from meshes import sphere_mesh, surface_of

from exhibit.pipeline import level_chain
from exhibit.pipeline.level_chain import kept_levels, together
from exhibit.pipeline.store import Kept, Store
from exhibit.progress import SILENT
from exhibit.stages.levels import LevelOptions

BALL = surface_of(*sphere_mesh(400, 0.1))
SMALL = surface_of(*sphere_mesh(12, 0.1))


@pytest.fixture
def made(monkeypatch):
    """Names of the levels that were decimated, in order."""
    names, real = [], level_chain.levels

    def spy(surface, options, **given):
        names.extend(options.names)
        return real(surface, options, **given)

    monkeypatch.setattr(level_chain, "levels", spy)
    return names


def chain(folder, names, ball=BALL):
    def timed(name):
        return contextlib.nullcontext(SILENT)

    surface, subject = Kept("surface", lambda: ball), Kept("subject", lambda: None)
    levels = kept_levels(Store(folder), surface, names, LevelOptions(), lambda: None, timed, subject)
    return levels, together(surface, levels)


def test_a_finer_level_asked_for_later_is_the_only_one_made(tmp_path, made):
    before, whole = chain(tmp_path, ("thumb", "room", "hero"))
    coarse = whole.value()
    assert sorted(made) == ["hero", "room", "thumb"]
    del made[:]
    after, whole = chain(tmp_path, ("thumb", "room", "hero", "inspect"))
    assert [level.name for level in whole.value().levels] == ["thumb", "room", "hero", "inspect"]
    assert made == ["inspect"]
    assert all(before[name].key == after[name].key for name in before)
    for old, new in zip(coarse.levels, whole.value().levels[:3], strict=True):
        assert np.array_equal(old.surface.faces, new.surface.faces) and old.texture_px == new.texture_px


def test_a_coarse_level_is_the_same_whoever_else_is_asked_for(tmp_path, made):
    alone, _ = chain(tmp_path / "alone", ("thumb",))
    among, _ = chain(tmp_path / "among", ("thumb", "room", "hero", "inspect"))
    assert list(alone) == ["thumb"] and alone["thumb"].key == among["thumb"].key
    assert np.array_equal(alone["thumb"].value().surface.vertices, among["thumb"].value().surface.vertices)
    assert len(alone["thumb"].value().surface.faces) <= 8000


def test_levels_that_would_be_equal_are_aliases_of_the_coarsest(tmp_path):
    _, whole = chain(tmp_path, ("thumb", "room", "hero", "inspect"), SMALL)
    thumb, *finer = whole.value().levels
    assert thumb.name == "thumb" and len(thumb.surface.faces) == len(SMALL.faces)
    shown = {thumb.name, *(level.name for level in finer)}
    assert set(dict(whole.value().aliases)) | shown == {"thumb", "room", "hero", "inspect"}
    assert set(dict(whole.value().aliases).values()) <= shown
    assert len({(len(level.surface.faces), level.texture_px) for level in whole.value().levels}) == len(shown)


def test_nothing_is_made_before_somebody_asks(tmp_path, made):
    chain(tmp_path, ("thumb", "inspect"))
    assert made == []
