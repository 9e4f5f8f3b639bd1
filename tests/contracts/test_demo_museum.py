"""The demo museum sets an example: full records, honest labels, marks that sit where they say, speech in time."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from exhibit.capture.objects import modelled_object, object_names
from exhibit.geometry.surface_of_field import gradient_of
from exhibit.pipeline.definitions import load_exhibition, load_project, load_relic, read_narration, scan_of
from exhibit.publish.webxr.transcript import phrases_of
from exhibit.stages.narrate import narrate

ROOT = Path(__file__).parents[2]
RELICS = sorted(name.replace("_", "-") for name in object_names())
LANGUAGES = {"en", "zh-Hans"}
MB = 1_000_000


@pytest.fixture(scope="module", params=RELICS)
def relic(request):
    folder = ROOT / "assets" / request.param
    return folder, load_relic(folder), modelled_object(request.param.replace("-", "_"))


def test_the_demo_shows_every_modelled_object_and_nothing_in_it_is_doubtful():
    project = load_project(ROOT)
    demo = load_exhibition(ROOT / "scenes/demo.toml")
    assert sorted(project.relics_in(demo)) == sorted(project.relics) == RELICS
    assert {finding.severity for found in project.findings.values() for finding in found} <= {"note"}
    for text in (demo.title, demo.statement, demo.note, demo.makers):
        assert set(text) == LANGUAGES


def test_a_record_says_all_there_is_to_say_in_both_languages(relic):
    _, record, _ = relic
    texts = [record.title, record.label, record.description, record.type, record.period.text, record.material,
             record.technique, record.culture, record.place, record.dimensions.text, record.custodian,
             record.credit, *record.alternative_titles, *record.sources]  # fmt: skip
    for spot in record.hotspots:
        texts += [spot.title, spot.text]
    for text in texts:
        assert set(text) == LANGUAGES and all(words.strip() for words in text.values()), text
    assert len(record.sources) >= 3 and len(record.hotspots) >= 3
    assert record.inventory_number and record.rights.default.spdx == "CC0-1.0"


def test_a_label_is_short_and_says_that_nothing_was_found(relic):
    label = relic[1].label
    assert "Modelled on a computer" in label["en"] and len(label["en"].split()) <= 60
    assert "计算机建模" in label["zh-Hans"] and len(label["zh-Hans"]) <= 100


def test_the_catalogue_gives_the_size_that_was_modelled(relic):
    _, record, thing = relic
    sides = record.dimensions
    stated = np.array([sides.width_mm, sides.height_mm, sides.depth_mm])
    assert np.abs(stated - 1000 * np.array(thing.size_m)).max() <= 0.5


def test_hotspots_lie_on_the_surface_and_face_the_visitor(relic):
    _, record, thing = relic
    assert {spot.id for spot in record.hotspots} <= set(thing.landmarks)
    for spot in record.hotspots:
        at = np.array([spot.position_mm]) / 1000
        assert abs(float(thing.distance(at)[0])) < 0.01 * thing.size_m[1], spot.id
        mark = thing.landmarks[spot.id]
        assert np.linalg.norm(at[0] - mark.position_m) < 0.02 * max(thing.size_m), spot.id
        normal = np.array(spot.normal) / np.linalg.norm(spot.normal)
        slope = gradient_of(thing.distance, at, 2e-3 * thing.size_m[1])[0]
        assert normal @ np.array(mark.normal) > 0.9 and normal @ slope > 0.3 * np.linalg.norm(slope), spot.id


def test_narration_is_ready_and_its_captions_are_in_time(relic):
    folder, record, _ = relic
    assert set(record.narration) == LANGUAGES
    sources = read_narration(folder, record)
    for source, spoken in zip(sources, narrate(sources), strict=True):
        assert spoken.audio == source.audio and not spoken.findings  # as loud as it should be
        assert spoken.is_synthetic and "eSpeak NG" in spoken.speaker
        assert len(spoken.audio) * 8 / spoken.duration_s < 66_000 and 20 < spoken.duration_s < 60
        cues = spoken.cues
        assert 0 <= cues[0].start_s < 0.5 and 0 < spoken.duration_s - cues[-1].end_s < 1
        assert all(a.end_s <= b.start_s for a, b in pairwise(cues))
        phrases = [phrase for paragraph in phrases_of(spoken) for phrase in paragraph]
        assert [phrase.cue for phrase in phrases if phrase.text.strip()] == list(range(len(cues)))


def test_the_scans_are_light_enough_to_ship():
    sizes = {
        name: scan_of(ROOT / "assets" / name, load_relic(ROOT / "assets" / name)).stat().st_size for name in RELICS
    }
    assert sum(sizes.values()) <= 25 * MB and max(sizes.values()) <= 8 * MB
    assert sum(size > 4 * MB for size in sizes.values()) <= 2
