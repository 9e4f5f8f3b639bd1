"""From where the hall is shown in one picture."""

import pytest

from exhibit.publish.webxr.layout import Piece, lay_out
from exhibit.publish.webxr.room import Space
from exhibit.publish.webxr.viewpoint import EYE_M, HEIGHT, LONGEST, SHORTEST, stand


@pytest.mark.parametrize("n", [1, 2, 3, 6, 9])
def test_every_plinth_is_in_the_picture_whole(n):
    hall = lay_out(tuple(Piece(f"r{k}", (0.3, 0.4, 0.3)) for k in range(n)), Space())
    view = stand(hall)
    assert SHORTEST <= view.focal <= LONGEST
    for spot in hall.spots:
        x0, _, x1, z1 = spot.footprint()
        depth = view.eye[2] - z1
        assert all(abs(x - view.eye[0]) / depth * view.focal < 0.47 for x in (x0, x1))
        assert EYE_M / depth * view.focal < (1 - view.horizon) * HEIGHT


def test_an_empty_hall_and_a_relic_at_ones_back_are_seen_with_a_lens_that_exists():
    assert stand(lay_out((), Space())).focal == LONGEST
    behind = lay_out((Piece("r", (0.3, 0.4, 0.3), 0.0, 40.0),), Space())
    assert SHORTEST <= stand(behind).focal <= LONGEST
