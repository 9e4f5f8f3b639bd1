"""What reconstructions lose, bridge or tear is kept: held against true surfaces, by distances of another library.

The same objects as in the bench, with fewer points.
"""

from functools import cache

import numpy as np
import pytest
from analytic import scan_of

from exhibit.geometry.adjacency import find_adjacency, label_face_parts
from exhibit.geometry.holes import find_holes
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.surface import surface
from tests.bench import hard_cases
from tests.bench.hard_measures import judge

METRES = CleanOptions(metres_per_unit=1.0, up="+z")


@cache
def figures_of(make, n_points):
    """Scan a case, clean and mesh it; return the surface and its figures in the case's own space."""
    truth = make(n_points)
    cloud = clean(scan_of(hard_cases.points_of(truth, n_points)), METRES)
    mesh = surface(cloud)
    place = cloud.placement
    vertices = (mesh.vertices.astype(np.float64) @ place.rotation + place.origin).astype(np.float32)
    return mesh, judge(truth, n_points, vertices, mesh.faces, mesh.provenance)


def is_one_closed_piece(mesh):
    adjacency = find_adjacency(mesh.faces)
    return adjacency.is_closed and label_face_parts(adjacency)[0] == 1


@pytest.mark.parametrize("make", [hard_cases.bowl, hard_cases.slab])
def test_both_sheets_of_a_wall_three_spacings_thick_are_kept_apart(make):
    mesh, found = figures_of(make, 15_000)
    assert is_one_closed_piece(mesh)
    assert found["recall_least"] > 0.99
    assert found["apart"] > 0.995
    assert found["thickness"] == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("make", [hard_cases.gradient, hard_cases.step])
def test_a_density_that_varies_a_hundredfold_tears_nothing(make):
    mesh, found = figures_of(make, 20_000)
    assert is_one_closed_piece(mesh)
    assert found["recall_least"] > 0.99
    assert found["precision"] > 0.99


def test_a_missing_underside_and_a_wide_hole_stay_open_and_the_narrow_ones_are_filled_and_said_so():
    mesh, found = figures_of(hard_cases.hollow, 20_000)
    assert found["recall"] > 0.99
    assert found["precision"] > 0.99
    assert found["holes_right"] == 1
    assert found["holes_listed"] == 2
    assert find_holes(mesh.vertices, mesh.faces).widths[0] == pytest.approx(0.76, abs=0.03)


@pytest.mark.parametrize("make", [hard_cases.cube, hard_cases.prism])
def test_sharp_rims_are_met_within_half_a_spacing(make):
    mesh, found = figures_of(make, 15_000)
    assert is_one_closed_piece(mesh)
    assert found["rim_gap"] < 0.5
    assert found["rim_profile"][0] < 0.3


def test_letters_two_spacings_deep_stay_legible():
    def block(n_points):
        return hard_cases.lettering(n_points, (("青銅 AB", 40.0), ("永樂 ag", 24.0)))

    mesh, found = figures_of(block, 40_000)
    assert is_one_closed_piece(mesh)
    assert found["legible"] == 1
    assert found["depth_kept"] > 0.7


def test_holes_that_were_closed_are_named_with_their_widths():
    mesh, _ = figures_of(hard_cases.hollow, 20_000)
    (said,) = [finding for finding in mesh.findings if finding.code == "surface.closed-holes"]
    widths = [float(word) / 1000 for word in said.hint.split(":")[1].removesuffix(" mm.").split(",")]
    truth = hard_cases.hollow(20_000)
    assert said.value == 2
    assert widths == pytest.approx(truth.holes[2:], abs=2 * truth.spacing(20_000).min())
