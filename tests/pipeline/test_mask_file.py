"""Masks on disk: what is refused says where, what is read is what was drawn."""

import json

import pytest

from exhibit.errors import DefinitionError, UsageError
from exhibit.model.mask import Box, Lasso, Mask, Region, Side
from exhibit.pipeline.mask_file import FORM, check_mask, digest_of, load_mask, mask_template


def written(tmp_path, **changes):
    path = tmp_path / "mask.json"
    data = {"form": FORM, "regions": []} | changes
    path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}), "utf-8")
    return path


def test_every_shape_is_read_as_it_was_drawn(tmp_path):
    regions = [
        {"do": "remove", "name": "wall", "box": [0, 0, 0, 1, 2, 3]},
        {"do": "keep", "plane": {"point": [0, 0, 1], "normal": [0, 0, 2]}},
        {"do": "remove", "lasso": {"along": "y", "outline": [[0, 0], [1, 0], [0, 1]], "between": [5, -5]}},
    ]
    assert load_mask(written(tmp_path, rest="keep", sha256="A" * 64, regions=regions)) == Mask(
        (
            Region(False, Box((0, 0, 0), (1, 2, 3)), "wall"),
            Region(True, Side((0, 0, 1), (0, 0, 2))),
            Region(False, Lasso("y", ((0, 0), (1, 0), (0, 1)), (-5, 5))),
        ),
        "keep",
        ("a" * 64,),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"form": None}, "is not a mask"),
        ({"rest": "maybe"}, "rest"),
        ({"colour": 1}, "unknown key 'colour'"),
        ({"regions": None}, "must be a list"),
        ({"sha256": "12"}, "64 hexadecimal digits"),
        ({"regions": [{"do": "hide", "box": [0] * 6}]}, 'region 1: "do"'),
        ({"regions": [{"do": "keep"}]}, "region 1 needs exactly one"),
        ({"regions": [{"do": "keep", "name": "arm", "box": [0] * 5}]}, r"region 1 \(arm\): box must be 6 numbers"),
        ({"regions": [{"do": "keep", "box": [1, 0, 0, 0, 0, 0]}]}, "least corner"),
        ({"regions": [{"do": "keep", "plane": {"point": [0] * 3, "normal": [0] * 3}}]}, "points nowhere"),
        ({"regions": [{"do": "keep", "lasso": {"along": "q", "outline": [[0, 0]] * 3}}]}, "along"),
        ({"regions": [{"do": "keep", "lasso": {"along": "z", "outline": [[0, 0]]}}]}, "three corners"),
        ({"regions": [{"do": "keep", "box": [0, 0, 0, 1, 1, True]}]}, "6 numbers"),
    ],
)
def test_what_is_no_mask_is_refused_in_one_sentence_that_names_the_place(tmp_path, changes, said):
    with pytest.raises(DefinitionError, match=said) as caught:
        load_mask(written(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_absent_files_and_other_files_are_refused(tmp_path):
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_mask(tmp_path / "none.json")
    (tmp_path / "text.json").write_text("ply\n")
    with pytest.raises(DefinitionError, match="is not JSON"):
        load_mask(tmp_path / "text.json")


def test_a_mask_of_another_scan_is_refused_and_one_without_a_digest_is_not(tmp_path):
    scan = tmp_path / "lion.ply"
    scan.write_bytes(b"points")
    check_mask(Mask(()), scan)
    check_mask(Mask((), sha256=("0" * 64, digest_of(scan))), scan)
    with pytest.raises(UsageError, match="another file"):
        check_mask(Mask((), sha256=("0" * 64,)), scan)


def test_a_template_is_a_mask_of_its_scan_that_leaves_everything_to_cleaning(tmp_path):
    scan, path = tmp_path / "lion.ply", tmp_path / "lion.mask.json"
    scan.write_bytes(b"points")
    path.write_bytes(mask_template(scan, (0, 0, 0), (1, 2, 3)))
    mask = load_mask(path)
    check_mask(mask, scan)
    assert mask.rest == "auto"
    assert {type(region.shape) for region in mask.regions} == {Box, Side, Lasso}
