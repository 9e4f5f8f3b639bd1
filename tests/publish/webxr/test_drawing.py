"""The drawn hall: relics stand on their plinths, near ones before far ones."""

import io

import numpy as np
import pytest
from PIL import Image

from exhibit.publish.template import read_site_template
from exhibit.publish.webxr.drawing import Face, Picture
from exhibit.publish.webxr.floor_plan import draw_plan
from exhibit.publish.webxr.hall_view import draw_view, read_poster, shade
from exhibit.publish.webxr.layout import Piece, lay_out

STYLE = read_site_template().rooms["plain"]


def picture(seen: tuple[int, int, int, int], size: int = 100, shadow: int = 0) -> bytes:
    """A picture in which only `seen` (x0, y0, x1, y1) is solid, and the rest has the alpha of a shadow."""
    rgba = np.full((size, size, 4), shadow, np.uint8)
    rgba[seen[1] : seen[3], seen[0] : seen[2]] = 255
    out = io.BytesIO()
    Image.fromarray(rgba).save(out, "WEBP", lossless=True, exact=True)
    return out.getvalue()


def hall_of(*heights: float):
    sizes = tuple((0.5 * height, height, 0.5 * height) for height in heights)
    return lay_out(tuple(Piece(f"r{n}", size) for n, size in enumerate(sizes)), STYLE.space), sizes


@pytest.mark.parametrize("shadow", [0, 120])
def test_a_posters_relic_is_found_within_it_and_its_shadow_is_not_the_relic(shadow):
    poster = read_poster("p", picture((30, 10, 70, 90), shadow=shadow))
    assert poster.seen == (0.3, 0.1, 0.7, 0.9)


def test_what_is_no_picture_is_none():
    assert read_poster("p", b"no picture") is None


def test_a_relic_stands_on_its_plinth_in_its_size():
    hall, sizes = hall_of(0.4)
    poster = read_poster("p", picture((30, 10, 70, 90)))
    drawing = draw_view(hall, STYLE.look, sizes, (poster,))
    (shown,) = [shape for shape in drawing.shapes if isinstance(shape, Picture)]
    tops = [shape for shape in drawing.shapes if isinstance(shape, Face) and shape.fill == STYLE.look.plinth]
    ys = [y for _, y in tops[-1].points]
    foot = shown.y + 0.9 * shown.height
    assert min(ys) <= foot <= max(ys)
    assert shown.x + shown.width / 2 == pytest.approx(drawing.width / 2, abs=1)


def test_near_relics_are_drawn_after_far_ones_and_larger():
    hall, sizes = hall_of(0.4, 0.4, 0.4, 0.4)
    posters = tuple(read_poster(str(n), picture((30, 10, 70, 90))) for n in range(4))
    drawing = draw_view(hall, STYLE.look, sizes, posters)
    shown = {shape.url: shape for shape in drawing.shapes if isinstance(shape, Picture)}
    order = list(shown)
    assert order.index("1") < order.index("0")
    assert shown["1"].height < shown["0"].height


def test_a_crowded_hall_names_few_pictures():
    hall, sizes = hall_of(*[0.4] * 60)
    posters = tuple(read_poster(str(n), picture((30, 10, 70, 90))) for n in range(60))
    shown = [shape for shape in draw_view(hall, STYLE.look, sizes, posters).shapes if isinstance(shape, Picture)]
    assert len(shown) == 12


def test_the_plan_numbers_every_plinth_within_the_walls():
    hall, _ = hall_of(0.4, 0.9, 1.5, 0.2, 6.0)
    plan = draw_plan(hall)
    assert [badge.number for badge in plan.badges] == [1, 2, 3, 4, 5]
    for face in plan.shapes:
        assert all(0 <= x <= plan.width and 0 <= y <= plan.height for x, y in face.points)


def test_an_empty_hall_can_be_drawn():
    hall, sizes = hall_of()
    assert draw_view(hall, STYLE.look, sizes, ()).shapes
    assert draw_plan(hall).badges == ()


def test_a_shade_is_darker():
    assert shade("#80ff00", 0.5) == "#408000"
