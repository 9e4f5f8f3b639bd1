import pytest
from pydantic import BaseModel, ValidationError

from exhibit.model.exhibition import Exhibition, Placed
from exhibit.model.record import Period, RelicRecord, ScanSource
from exhibit.model.written import Written

RIGHT = {"default": {"uri": "https://creativecommons.org/licenses/by/4.0/"}}


def record(**fields):
    return RelicRecord.model_validate({"id": "lion", "title": {"en": "Lion"}, "rights": RIGHT, **fields})


def models(base=Written):
    for model in base.__subclasses__():
        yield model
        yield from models(model)


@pytest.mark.parametrize("model", sorted(set(models()), key=lambda model: model.__name__), ids=lambda m: m.__name__)
def test_every_field_that_people_write_is_described(model):
    if model.__module__.startswith("exhibit.model"):
        assert model.__doc__ and model.__doc__ != BaseModel.__doc__
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name} has no description"


def test_a_record_survives_the_round_trip_through_json():
    whole = record(
        period={"text": {"en": "Ming"}, "earliest": 1368, "latest": 1644},
        hotspots=[{"id": "ear", "position_mm": [1, 2, 3], "title": {"en": "Ear"}}],
        narration={"en": {"text": "A lion."}},
        scan={"units": "毫米", "up": "Z"},
    )
    assert RelicRecord.model_validate_json(whole.model_dump_json()) == whole
    assert (whole.scan.units, whole.scan.up) == ("mm", "+z")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {}},
        {"title": {"en": "  "}},
        {"titel": {"en": "x"}},
        {"dimensions": {"height_mm": True}},
        {"dimensions": {"height_mm": "12"}},
        {"dimensions": {"height_mm": float("inf")}},
        {"dimensions": {"height_mm": float("nan")}},
        {"period": {"text": {"en": "x"}, "earliest": 1200.0}},
        {"hotspots": [{"id": "a", "position_mm": [1, 2, float("nan")], "title": {"en": "x"}}]},
        {"hotspots": [{"id": "a", "position_mm": [1, 2, 3], "normal": [0, 0, 0], "title": {"en": "x"}}]},
        {"narration": {"en": {}}},
        {"narration": {"en": {"captions": "en.vtt", "text": "x"}}},
        {"narration": {"en": {"audio": "C:\\sound\\en.wav"}}},
        {"narration": {"en": {"text": "x", "synthetic": "yes"}}},
    ],
)
def test_what_cannot_be_meant_is_refused(fields):
    with pytest.raises(ValidationError):
        record(**fields)


@pytest.mark.parametrize(("earliest", "latest"), [(-1200, -1101), (1368, 1644), (5, 5), (-3, 2), (None, 7), (7, None)])
def test_years_in_order_are_taken(earliest, latest):
    assert Period(text={"en": "x"}, earliest=earliest, latest=latest).earliest == earliest


@pytest.mark.parametrize(("earliest", "latest"), [(0, 1), (-1, 0), (2, 1), (-1101, -1200)])
def test_year_zero_and_years_out_of_order_are_not(earliest, latest):
    with pytest.raises(ValidationError):
        Period(text={"en": "x"}, earliest=earliest, latest=latest)


def test_the_scan_s_height_goes_before_the_catalogue_s():
    both = record(dimensions={"height_mm": 120}, scan={"height_mm": 119.5})
    assert both.height_mm == 119.5
    assert record(dimensions={"height_mm": 120}).height_mm == 120
    assert record().height_mm is None


def test_backslashes_in_file_names_become_slashes():
    assert ScanSource(file="scans\\lion.ply").file == "scans/lion.ply"


def test_a_record_s_languages_are_those_of_its_title():
    assert record(title={"zh-Hans": "狮", "en": "Lion", "fr": " "}).languages() == ("zh-Hans", "en")


def test_relics_are_placed_whether_named_or_described():
    scene = Exhibition(id="s", title={"en": "x"}, relics=("lion", Placed(relic="bust", x_m=1.0)))
    assert scene.placed() == (Placed(relic="lion"), Placed(relic="bust", x_m=1.0))
    assert Exhibition.model_validate(scene.model_dump()) == scene
    assert scene.default_language == "zh-Hans"
