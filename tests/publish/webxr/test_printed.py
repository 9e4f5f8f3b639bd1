"""What is printed in the hall, for its picture."""

import numpy as np
import pytest
from small_site import EXHIBITION, relics

from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.printed import printed_sheets
from exhibit.publish.webxr.scene import facing_size, lay_out_relics
from exhibit.publish.webxr.wall_text import place_wall_text

TEMPLATE = read_site_template()
STYLE = TEMPLATE.rooms["daylight"]


def sheets(languages=("zh-Hans", "en"), fonts=None, exhibition=EXHIBITION):
    hall = lay_out_relics(exhibition, relics(), STYLE)
    wall = place_wall_text(hall, tuple(map(facing_size, relics())))
    fonts = dict(TEMPLATE.fonts) if fonts is None else fonts
    return hall, printed_sheets(exhibition, relics(), languages, hall, STYLE.look, wall, fonts)


def inked(sheet):
    return int((sheet.picture[..., 3] > 100).sum())


def test_the_title_is_on_the_end_wall_and_a_label_on_the_front_of_each_plinth():
    hall, (wall, *labels) = sheets()
    assert wall.corner[2] == pytest.approx(-hall.depth / 2, abs=0.01)
    assert inked(wall) > 2000
    assert len(labels) == len(hall.spots)
    for label, spot in zip(labels, hall.spots, strict=True):
        normal = np.cross(label.down, label.across)
        front = np.array([np.sin(np.radians(spot.yaw_deg)), 0, np.cos(np.radians(spot.yaw_deg))])
        middle = np.array(label.corner) + (np.array(label.across) + label.down) / 2 - spot.position
        assert normal @ front > 0
        assert middle @ front == pytest.approx(spot.plinth.depth / 2 + 0.004)
        assert (label.picture[..., 3] == 255).all()


def test_without_fonts_the_wall_stays_bare():
    _, (wall, *_) = sheets(fonts={})
    assert inked(wall) == 0


def test_a_second_language_is_written_below_the_first():
    both, one = sheets()[1][0], sheets(languages=("zh-Hans",))[1][0]
    assert inked(both) != inked(one)


def test_a_long_title_is_written_smaller_and_not_cut():
    def lowest(title):
        exhibition = EXHIBITION.model_copy(update={"title": {"en": title}, "statement": {}})
        picture = sheets(("en",), exhibition=exhibition)[1][0].picture
        rows = np.flatnonzero((picture[..., 3] > 100).any(axis=1))
        columns = np.flatnonzero((picture[..., 3] > 100).any(axis=0))
        return rows.max(), columns.max()

    one_row, _ = lowest("Vessels")
    two_rows, _ = lowest("Quiet Vessels: Where Three Objects Came From")
    fitted, right = lowest("Quiet Vessels of Jade")
    assert fitted < 1.2 * one_row < two_rows
    assert right <= sheets()[1][0].picture.shape[1]
