"""The room's light before a site is planned."""

import dataclasses
import hashlib
import io

import numpy as np
import pytest
from PIL import Image
from small_site import small_site

from exhibit.pipeline.store import Store
from exhibit.publish.lit_room import light_room
from exhibit.publish.plan import plan
from exhibit.publish.site import StoredFile, bytes_of


def on_disk(relic, folder):
    """The relic with its coarse model on disk, as a build leaves it."""
    data = bytes_of(relic.files()["thumb.glb"])
    path = folder / f"{relic.record.id}.glb"
    path.write_bytes(data)
    stored = {"thumb.glb": StoredFile(path, len(data), hashlib.sha256(data).hexdigest())}
    return dataclasses.replace(relic, stored=stored)


@pytest.fixture
def site(tmp_path):
    small = small_site()
    return dataclasses.replace(small, relics=tuple(on_disk(relic, tmp_path) for relic in small.relics))


def test_a_lit_room_is_kept_and_made_anew_when_a_relic_changes(site, tmp_path):
    store = Store(tmp_path / "store")
    lit = light_room(site, store, is_draft=True)
    assert lit.room is not None
    assert lit.room.has_shadows
    kept = sorted(path for path in store.folder.rglob("*") if path.is_file())
    assert light_room(site, store, is_draft=True).room == lit.room
    assert sorted(path for path in store.folder.rglob("*") if path.is_file()) == kept
    fewer = dataclasses.replace(site, relics=site.relics[:2])
    assert light_room(fewer, store, is_draft=True).room != lit.room


def test_the_site_shows_the_lit_room_and_without_it_a_plain_one(site, tmp_path):
    lit = light_room(site, Store(tmp_path / "store"), is_draft=True)
    with_light, without = plan(lit), plan(site)
    assert with_light.files["room.glb"] == lit.room.glb
    assert b'"has_shadows":true' in with_light.files["exhibition.json"]
    assert without.files["room.glb"].startswith(b"glTF")
    assert b'"has_shadows":false' in without.files["exhibition.json"]


def test_a_broken_model_leaves_the_room_in_plain_light(site, tmp_path):
    broken = tmp_path / "broken.glb"
    broken.write_bytes(b"glTF nothing")
    stored = {"thumb.glb": StoredFile(broken, 12, hashlib.sha256(b"glTF nothing").hexdigest())}
    relics = (dataclasses.replace(site.relics[0], stored=stored), *site.relics[1:])
    unlit = light_room(dataclasses.replace(site, relics=relics), Store(tmp_path / "store"), is_draft=True)
    assert unlit.room is None
    (doubt,) = (finding for finding in plan(unlit).findings if finding.code == "room.unlit")
    assert doubt.severity == "warning" and "broken.glb" in doubt.hint


def test_the_pages_show_a_picture_of_the_lit_room_and_without_it_a_drawing(site, tmp_path):
    lit = light_room(site, Store(tmp_path / "store"), is_draft=True)
    assert lit.view is not None
    with Image.open(io.BytesIO(lit.view)) as picture:
        assert picture.size == (800, 400)
        assert np.asarray(picture.convert("L")).std() > 10
    planned = plan(lit)
    assert planned.files["hall.webp"] == lit.view
    for page, root in (("en/index.html", "../"), ("en/room/index.html", "../../")):
        text = planned.files[page].decode()
        assert f'<img class="room-poster" src="{root}hall.webp" alt="' in text
        assert 'width="800" height="400"' in text
        drawn = plan(site).files[page].decode()
        assert '<svg class="room-poster"' in drawn
        assert "hall.webp" not in drawn
    assert "hall.webp" not in plan(site).files
    assert light_room(site, Store(tmp_path / "store"), is_draft=True).view == lit.view


def test_no_picture_is_taken_of_relics_whose_models_are_not_on_disk(site, tmp_path):
    relics = (dataclasses.replace(site.relics[0], stored={}), *site.relics[1:])
    lit = light_room(dataclasses.replace(site, relics=relics), Store(tmp_path / "store"), is_draft=True)
    assert lit.room is not None
    assert lit.view is None


def test_the_picture_is_what_links_to_the_front_page_show(site, tmp_path):
    exhibition = site.exhibition.model_copy(update={"site_url": "https://museum.example/vessels/"})
    lit = light_room(dataclasses.replace(site, exhibition=exhibition), Store(tmp_path / "store"), is_draft=True)
    front = plan(lit).files["en/index.html"].decode()
    assert '<meta property="og:image" content="https://museum.example/vessels/hall.webp">' in front
