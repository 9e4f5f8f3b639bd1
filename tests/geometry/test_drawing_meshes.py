"""Drawing by depth, and light on surfaces, against what is known in closed form."""

import numpy as np
import pytest

from exhibit.geometry.draw_mesh import coarsen, draw_mesh, share_above
from exhibit.geometry.shade import Finish, Lights, shade

ONE = np.array([[0, 1, 2]], np.int32)


def square(x0, y0, x1, y1, near):
    return [[x0, y0, near], [x1, y0, near], [x1, y1, near], [x0, y1, near]]


def squares(*each):
    faces = [[4 * n + a, 4 * n + b, 4 * n + c] for n in range(len(each)) for a, b, c in ((0, 1, 2), (0, 2, 3))]
    return np.concatenate([square(*one) for one in each]).astype(np.float32), np.array(faces, np.int32)


def test_nothing_and_what_is_not_a_number_draw_nothing():
    empty = draw_mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), 8, 6)
    assert empty.face.shape == (6, 8)
    assert (empty.face == -1).all()
    for fault in (np.nan, np.inf, -1.0, 0.0):
        places = np.array([[0, 0, 1], [8, 0, 1], [0, 8, fault]], np.float32)
        assert (draw_mesh(places, ONE, 8, 8).face == -1).sum() >= 28


def test_a_square_fills_exactly_the_pixels_whose_middle_it_holds():
    places, faces = squares((2, 1, 6, 4, 1.0))
    drawn = draw_mesh(places, faces, 9, 7).face >= 0
    wanted = np.zeros((7, 9), bool)
    wanted[1:4, 2:6] = True
    assert (drawn == wanted).all()


def test_the_nearer_one_is_seen_whichever_is_drawn_first():
    for order in (((0, 0, 8, 8, 1.0), (2, 2, 6, 6, 2.0)), ((2, 2, 6, 6, 2.0), (0, 0, 8, 8, 1.0))):
        places, faces = squares(*order)
        assert draw_mesh(places, faces, 8, 8).nearness[4, 4] == pytest.approx(2.0)
        assert draw_mesh(places, faces, 8, 8).nearness[1, 1] == pytest.approx(1.0)


def test_weights_follow_depth_and_not_the_picture():
    # from depth 1 at column 0 to depth 4 at column 8: half-way on the picture is only a fifth of the way in depth
    places = np.array([[0, 0, 1], [8, 0, 0.25], [0, 400, 1]], np.float32)
    drawn = draw_mesh(places, ONE, 8, 1)
    middle = (drawn.weights[0, 3, 0] + drawn.weights[0, 4, 0]) / 2
    assert middle == pytest.approx(0.2, abs=0.01)


def test_a_shadow_is_whole_inside_none_outside_and_half_on_its_edge():
    places, faces = squares((10, 0, 20, 20, 2.0))
    depths = draw_mesh(places, faces, 20, 20).nearness
    at = np.array([[15.5, 10.5, 1.0], [4.5, 10.5, 1.0], [10.0, 10.5, 1.0], [15.5, 10.5, 2.0]], np.float32)
    below, beside, edge, itself = share_above(depths, at, 0.01, 2)
    assert (below, beside, itself) == (0, 1, 1)
    assert edge == pytest.approx(0.4, abs=0.11)


UP = np.array([[0, 1, 0]], np.float32)
NIGHT = np.zeros(3, np.float32)


def lit(color=0.5, finish=Finish(roughness=1.0), normal=UP, eye=UP, share=1.0, lamp=1.0, room=0.0):
    full = np.ones(1, np.float32)
    lights = Lights(UP, np.full((1, 3), lamp, np.float32), NIGHT + np.float32(room), NIGHT + np.float32(room))
    return shade(np.full((1, 3), color, np.float32), np.asarray(normal, np.float32), np.asarray(eye, np.float32),
                 full, full * np.float32(share), finish, lights)[0, 0]  # fmt: skip


def test_no_light_gives_none_and_the_far_side_gets_none():
    assert lit(lamp=0.0) == 0
    assert lit(share=0.0) == 0
    assert lit(normal=-UP, eye=-UP) == 0


def test_a_matt_surface_sends_its_share_of_the_light():
    # Lambert plus a dielectric's 4 %, spread as widely as roughness 1 spreads it (GGX: 1 / (4 pi) head on)
    assert lit(color=0.5) == pytest.approx((0.5 * 0.96 + 0.01) / np.pi, rel=0.01)
    assert lit(color=0.5, lamp=0.0, room=1.0) == pytest.approx(0.5 * 0.96 + 0.04, rel=0.02)


def test_polish_makes_a_highlight_and_a_coat_lies_on_top():
    assert lit(finish=Finish(0.2)) > 3 * lit(finish=Finish(1.0))
    assert lit(finish=Finish(0.9, clearcoat=1.0, clearcoat_roughness=0.1)) > 3 * lit(finish=Finish(0.9))
    # away from the mirror's angle, a coat only takes
    aside = [[np.sqrt(0.5), np.sqrt(0.5), 0]]
    assert lit(finish=Finish(0.9, clearcoat=1.0, clearcoat_roughness=0.1), eye=aside) < lit(
        finish=Finish(0.9), eye=aside
    )


def test_a_metal_tints_what_it_mirrors_and_is_black_elsewhere():
    aside = [[np.sin(1.2), np.cos(1.2), 0]]
    assert lit(0.8, Finish(0.1, 1.0)) > lit(0.4, Finish(0.1, 1.0)) * 1.8
    assert lit(0.8, Finish(0.1, 1.0), eye=aside) < 0.05 * lit(0.8, Finish(0.1, 0.0), eye=aside)


def test_a_coarse_pixel_says_how_much_of_it_is_filled_and_by_what_first():
    places = np.array([[1, 0, 1], [4, 0, 1], [4, 4, 1], [1, 4, 1]], np.float32)
    seen = draw_mesh(places, np.array([[0, 1, 2], [0, 2, 3]], np.int32), 6, 4)
    coarse = coarsen(seen, 2)
    assert coarse.cover.tolist() == [[0.5, 1.0, 0.0], [0.5, 1.0, 0.0]]
    assert coarse.face[0, 0] == seen.face[0, 1] and coarse.face[0, 2] == -1
    assert (coarse.weights[1, 0] == seen.weights[2, 1]).all()


def test_each_row_is_filled_from_edge_to_edge_whatever_the_slope():
    rng = np.random.default_rng(8)
    for _ in range(200):
        places = np.c_[rng.uniform(-10, 40, (3, 2)), np.ones(3)].astype(np.float32)
        seen = draw_mesh(places, np.array([[0, 1, 2]], np.int32), 32, 24)
        y, x = np.mgrid[:24, :32] + 0.5
        (ax, ay), (bx, by), (cx, cy) = places[:, :2].astype(float)
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
        w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
        inside = np.minimum(np.minimum(w1, w2), 1 - w1 - w2)
        assert (seen.face[inside > 1e-4] == 0).all()
        assert (seen.face[inside < -1e-4] == -1).all()
