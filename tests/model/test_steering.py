"""Boxes, planes and steps as people type them."""

import pytest

from exhibit.errors import DefinitionError, UsageError
from exhibit.model.record import ScanSource
from exhibit.model.steering import check_steps, parse_crop, parse_plane
from exhibit.pipeline.sidecar import load_sidecar


@pytest.mark.parametrize("text", ["0,0,-1,1,2,3.5", "0 0 -1 1 2 3.5", "[0; 0; -1; 1; 2; 3.5]", "0,0,-1,1e0,2,35e-1"])
def test_a_box_is_read_however_its_numbers_are_parted(text):
    assert parse_crop(text) == (0, 0, -1, 1, 2, 3.5)


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d,e,f", "1,1,1,0,2,2", "0,0,0,1,1,nan", "0,0,0,1,1,1,1"])
def test_what_is_no_box_is_refused_with_an_example(text):
    with pytest.raises(UsageError) as caught:
        parse_crop(text)
    assert "x0,y0,z0" in str(caught.value) or "0,0,0,1,1,2" in str(caught.value)


def test_a_plane_is_a_level_or_an_equation_or_none():
    assert parse_plane("z=0.12") == (0, 0, 1, 0.12)
    assert parse_plane(" -Y = 2 ") == (0, -1, 0, -2)
    assert parse_plane("0,0.6,0.8,-1.5") == (0, 0.6, 0.8, -1.5)
    assert parse_plane("none") is None


@pytest.mark.parametrize("text", ["", "floor", "z=", "w=2", "1,2,3", "0,0,0,5"])
def test_what_is_no_plane_is_refused(text):
    with pytest.raises(UsageError):
        parse_plane(text)


def test_steps_are_checked_and_named_once_in_their_order():
    assert check_steps(("table", "strays", "table")) == ("strays", "table")
    with pytest.raises(UsageError, match="duplicates"):
        check_steps(("duplicates",))


def test_a_sidecar_holds_the_same_words(tmp_path):
    scan = tmp_path / "lion.ply"
    (tmp_path / "lion.toml").write_text(
        'crop = [0, 0, -1, 1, 2, 3.5]\nplane = "z=0.1"\nkeep_largest = 2\nskip = ["strays"]\nmask = "lion.mask.json"\n'
    )
    assert load_sidecar(scan) == ScanSource(
        crop=(0, 0, -1, 1, 2, 3.5), plane="z=0.1", keep_largest=2, skip=("strays",), mask="lion.mask.json"
    )
    (tmp_path / "lion.toml").write_text(
        'crop = [1, 2]\nplane = [0, 0, 0, 1]\nkeep_largest = 0\nskip = "polish"\nmask = "/etc/mask"\n'
    )
    with pytest.raises(DefinitionError) as caught:
        load_sidecar(scan)
    said = str(caught.value)
    assert all(key in said for key in ("crop", "plane", "keep_largest", "skip", "mask"))
