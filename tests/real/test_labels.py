"""Cleaning against labels drawn by a person on the raw scans, before anything was tuned to them."""

from pathlib import Path

import pytest

from exhibit.pipeline.mask_file import check_mask, load_mask
from tests.bench.labels import LABELS, judge_cleaning

LABELLED = Path(__file__).parent / "labels"


@pytest.mark.parametrize("name", LABELS)
def test_labels_are_masks_that_leave_no_point_open(name):
    mask = load_mask(LABELLED / f"{name}.json")
    assert mask.rest != "auto"
    assert len(mask.sha256) == 2


@pytest.mark.scans
@pytest.mark.parametrize(("name", "file"), [(name, file) for name, files in LABELS.items() for file in files])
def test_what_cleaning_keeps_is_what_the_label_calls_the_object(scans, name, file):
    mask = load_mask(LABELLED / f"{name}.json")
    check_mask(mask, scans / file)
    found = judge_cleaning(scans / file, mask)
    assert found.precision >= 0.97
    assert found.recall >= 0.97


@pytest.mark.scans
def test_the_label_itself_given_as_a_mask_overrules_cleaning(scans):
    mask = load_mask(LABELLED / "buddha.json")
    found = judge_cleaning(scans / LABELS["buddha"][0], mask, overruled=True)
    assert (found.precision, found.recall) == (1.0, 1.0)
