"""A hall that people can walk: nothing overlaps, ways are wide, middles are at eye height."""

import itertools
import math

import numpy as np
import pytest

from exhibit.publish.webxr.layout import WALKABLE_M, Piece, distance, lay_out, plinth_for
from exhibit.publish.webxr.room import Space

SPACE = Space()


def pieces(count: int, seed: int = 1) -> tuple[Piece, ...]:
    """Sizes from a 4 mm bead to a 6 m statue."""
    random = np.random.default_rng(seed)
    sizes = np.exp(random.uniform(math.log(0.004), math.log(2.0), (count, 3)))
    if count > 4:
        sizes[0] = 0.004
        sizes[count // 2] = (1.8, 6.0, 1.6)
    return tuple(Piece(f"r{n}", tuple(size)) for n, size in enumerate(sizes))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40, 200])
def test_one_can_walk_between_all_things_and_along_the_walls(count):
    hall = lay_out(pieces(count), SPACE)
    assert len(hall.spots) == count
    assert not hall.findings
    for a, b in itertools.combinations(hall.spots, 2):
        assert distance(a.footprint(), b.footprint()) >= WALKABLE_M - 1e-6, (a.id, b.id)
    for spot in hall.spots:
        x0, z0, x1, z1 = spot.footprint()
        assert min(x0 + hall.width / 2, hall.width / 2 - x1) >= WALKABLE_M
        assert min(z0 + hall.depth / 2, hall.depth / 2 - z1) >= WALKABLE_M


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_the_entrance_is_free_and_inside(count):
    hall = lay_out(pieces(count), SPACE)
    x, _, z = hall.entrance
    assert x == 0 and hall.depth / 4 < z < hall.depth / 2
    for spot in hall.spots:
        assert distance(spot.footprint(), (x, z, x, z)) >= WALKABLE_M


@pytest.mark.parametrize("height", [0.35, 0.7, 1.2, 2.0, 2.5])
def test_middles_of_ordinary_pieces_are_at_eye_height(height):
    spot = lay_out((Piece("vase", (0.3, height, 0.3)),), SPACE).spots[0]
    assert spot.position[1] + height / 2 == pytest.approx(1.45, abs=0.002)
    assert spot.position[1] == spot.plinth.height


def test_a_bead_stands_high_and_a_statue_low_under_a_higher_ceiling():
    hall = lay_out((Piece("bead", (0.004, 0.004, 0.004)), Piece("statue", (1.8, 6.0, 1.6))), SPACE)
    bead, statue = hall.spots
    assert bead.plinth.height == SPACE.plinth_tallest_m
    assert statue.plinth.height == SPACE.plinth_lowest_m
    assert hall.height >= 6.0 + statue.plinth.height + SPACE.headroom_m


def test_plinths_carry_their_pieces():
    for piece in pieces(40):
        plinth = plinth_for(piece.size_m, SPACE)
        assert plinth.width >= piece.size_m[0] and plinth.depth >= piece.size_m[2]


def test_a_broad_piece_is_looked_down_upon():
    assert plinth_for((2.0, 0.1, 1.5), SPACE).height < plinth_for((0.5, 0.1, 0.5), SPACE).height


def test_a_statue_leaves_room_to_be_seen():
    hall = lay_out((Piece("a", (0.2, 0.3, 0.2)), Piece("statue", (1.8, 6.0, 1.6)), Piece("b", (0.2, 0.3, 0.2))), SPACE)
    statue = hall.spots[1]
    nearest = min(distance(statue.footprint(), other.footprint()) for other in (hall.spots[0], hall.spots[2]))
    assert nearest >= 3.0


def test_outer_rows_face_inwards_and_the_visit_goes_up_one_side_and_down_the_other():
    hall = lay_out(tuple(Piece(f"r{n}", (0.3, 0.5, 0.3)) for n in range(6)), SPACE)
    left, right = hall.spots[:3], hall.spots[3:]
    assert all(spot.yaw_deg == 90 and spot.position[0] < 0 for spot in left)
    assert all(spot.yaw_deg == -90 and spot.position[0] > 0 for spot in right)
    assert [spot.position[2] for spot in left] == sorted((spot.position[2] for spot in left), reverse=True)
    assert [spot.position[2] for spot in right] == sorted(spot.position[2] for spot in right)


def test_the_middle_one_of_an_odd_number_closes_the_view():
    hall = lay_out(tuple(Piece(f"r{n}", (0.3, 0.5, 0.3)) for n in range(7)), SPACE)
    closing = hall.spots[3]
    assert closing.position[0] == 0 and closing.yaw_deg == 0
    assert closing.position[2] == min(spot.position[2] for spot in hall.spots)


def test_forty_relics_make_a_hall_and_not_a_corridor():
    hall = lay_out(tuple(Piece(f"r{n}", (0.4, 0.5, 0.4)) for n in range(40)), SPACE)
    assert 1.0 <= hall.depth / hall.width <= 2.2


def test_the_curators_places_are_kept_and_the_hall_grows_to_hold_them():
    hall = lay_out((Piece("a", (0.3, 0.5, 0.3), 9.0, -4.0, 30.0), Piece("b", (0.3, 0.5, 0.3))), SPACE)
    assert hall.spots[0].position == (9.0, hall.spots[0].plinth.height, -4.0)
    assert hall.spots[0].yaw_deg == 30
    assert hall.width / 2 >= 9.0 + 0.15 + WALKABLE_M


def test_places_too_close_are_said_with_both_names():
    hall = lay_out((Piece("a", (0.3, 0.5, 0.3), 0.0, 0.0), Piece("b", (0.3, 0.5, 0.3), 0.8, 0.0)), SPACE)
    (finding,) = hall.findings
    assert finding.code == "layout.too-close"
    assert "'a'" in finding.hint and "'b'" in finding.hint


def test_a_piece_in_the_door_is_said():
    hall = lay_out((Piece("a", (0.3, 0.5, 0.3), 0.0, 2.4),), SPACE)
    assert "layout.entrance-blocked" in {finding.code for finding in hall.findings}


@pytest.mark.parametrize("size", [(0, 0, 0), (math.nan, math.inf, -1)])
def test_sizes_that_are_no_sizes_do_no_harm(size):
    hall = lay_out((Piece("a", size), Piece("b", (0.2, 0.2, 0.2))), SPACE)
    assert all(math.isfinite(value) for spot in hall.spots for value in spot.position)


def test_an_empty_exhibition_has_a_hall():
    hall = lay_out((), SPACE)
    assert hall.width >= 4 and hall.depth >= 4 and hall.spots == ()
