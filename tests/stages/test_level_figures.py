"""What the report says of a level's soundness: seams of the unwrapping are no faults, holes and cuts are."""

import numpy as np
import pytest
from meshes import level_of, sphere_mesh

from exhibit.model.surface import Textured
from exhibit.stages.packing.figures import is_closed_mesh, level_figures
from exhibit.stages.unwrap import unwrap


def figures_of(vertices, faces):
    mesh = unwrap(level_of(vertices, faces, 64))
    textured = Textured(mesh, np.zeros((64, 64, 3), np.uint8), None, None, 1000.0)
    return level_figures(textured, 0, (), 0, None, is_closed_mesh(mesh))


def test_a_ball_cut_into_charts_is_closed_and_without_fault():
    found = figures_of(*sphere_mesh(48, 0.1))
    assert found.is_closed
    assert (found.n_holes, found.largest_hole_mm, found.n_non_manifold_edges, found.n_self_intersecting) == (0, 0, 0, 0)


def test_a_hole_is_counted_with_its_width_and_a_ball_through_a_ball_is_cut():
    vertices, faces = sphere_mesh(48, 0.1)
    around = (faces == faces[0, 0]).any(axis=1)
    open_ball = figures_of(vertices, faces[~around])
    assert not open_ball.is_closed
    # the first ring of vertices about the pole
    assert open_ball.n_holes == 1 and open_ball.largest_hole_mm == pytest.approx(200 * np.sin(np.pi / 24), rel=1e-3)
    other = sphere_mesh(40, 0.1, (0.1, 0.0, 0.01))
    both = figures_of(np.concatenate([vertices, other[0]]), np.concatenate([faces, other[1] + len(vertices)]))
    assert both.is_closed and both.n_self_intersecting > 50
