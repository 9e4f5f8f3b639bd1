"""What a page says of a model's truth: figures, and what they mean for this relic."""

import dataclasses

import pytest
from small_site import relics

from exhibit.locales import load_words
from exhibit.model.asset import Deviation
from exhibit.publish.webxr.model_view import color_band, model_view, one_part_in
from exhibit.publish.webxr.wording import Reader

EN, ZH = (Reader(tag, "en", load_words(tag)) for tag in ("en", "zh-Hans"))
RELIC = relics()[0]
FILES = frozenset(RELIC.files())


def view(reader=EN, **changes):
    """What is said of the first relic, its figures changed."""
    figures = tuple(dataclasses.replace(level, **changes) for level in RELIC.asset.figures)
    return model_view(dataclasses.replace(RELIC.asset, figures=figures), FILES, reader)


def said(reader=EN, **changes):
    return "\n".join(view(reader, **changes).sentences)


def deviation(mean, p95, largest):
    return Deviation(mean, p95, largest, mean, p95, largest)


def test_a_farthest_point_far_from_all_others_is_called_stray_and_one_near_them_is_not():
    assert "stray point" in said(deviation=deviation(0.05, 0.11, 23.0))
    assert "杂点" in said(ZH, deviation=deviation(0.05, 0.11, 23.0))
    near = said(deviation=deviation(0.05, 0.11, 1.2))
    assert "The farthest point lies 1.2\u00a0mm away." in near and "stray" not in near


def test_a_mean_distance_is_held_against_the_relics_size():
    longest_mm = 1000 * max(RELIC.asset.size_m)
    assert "one part in 1,000 of" in said(deviation=deviation(longest_mm / 1000, 1.0, 2.0))
    assert one_part_in(0.0, RELIC.asset, EN) is None
    assert one_part_in(longest_mm / 2, RELIC.asset, EN) is None


@pytest.mark.parametrize(("delta_e", "band"), [(0.0, "unseen"), (1.99, "unseen"), (2.0, "slight"), (5.0, "plain")])
def test_a_difference_of_colour_is_named_by_what_the_eye_sees(delta_e, band):
    assert color_band(delta_e) == band


def test_what_is_said_of_a_colour_does_not_contradict_its_figure():
    assert "hardly sees" in said(color_error=1.2)
    above = said(color_error=3.2)
    assert "ΔE\u00a03.2" in above and "side by side" in above and "hardly" not in above
    assert "do not judge" in said(color_error=7.0)


def test_where_all_was_seen_nothing_is_called_a_guess():
    assert "is a guess" in said(share_unseen=0.001)
    assert "is a guess" not in said(share_unseen=0.0)


def test_the_table_names_its_units_once_and_leaves_out_what_nobody_measured():
    rows = {row.name: row for row in view(deviation=deviation(0.05, 0.11, 23.0)).rows}
    assert rows["Mean distance"].unit == "mm" and set(rows["Mean distance"].values) == {"0.050"}
    assert all(len(row.values) == len(view().levels) for row in rows.values())
    assert "Mean distance" not in {row.name for row in view(deviation=None).rows}
    assert {row.unit for row in view(ZH).rows} == {"", "像素", "毫米"}


def test_a_size_is_said_in_one_unit():
    assert EN.lengths((864.2, 2030.0, 1260.0)) == "0.86\u00a0×\u00a02.03\u00a0×\u00a01.26\u00a0m"
    assert ZH.lengths((67.8,)) == "6.78\u00a0厘米"
