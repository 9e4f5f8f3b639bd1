"""Widths of holes, open and closed, on a ball whose rings of vertices are known."""

import numpy as np
import pytest
from meshes import sphere_mesh

from exhibit.geometry.holes import find_closed_holes, find_holes

RING = 2 * np.sin(2 * np.pi / 24)
"""Diameter of the second ring of vertices about a pole, of a ball of radius 1."""


def ball_and_caps():
    vertices, faces = sphere_mesh(48, 1.0)
    away = np.abs(vertices[faces][:, :, 1]).min(axis=1)
    return vertices, faces, away > np.cos(2 * np.pi / 24) - 1e-4


def test_a_closed_mesh_has_neither():
    vertices, faces, _ = ball_and_caps()
    assert len(find_holes(vertices, faces).widths) == 0
    assert len(find_closed_holes(vertices, faces, np.zeros(len(faces), bool), 0.1)) == 0


def test_two_caps_are_as_wide_open_as_filled_and_the_margin_counts_on_both_sides():
    vertices, faces, is_cap = ball_and_caps()
    assert find_holes(vertices, faces[~is_cap]).widths == pytest.approx([RING, RING], rel=1e-5)
    assert find_closed_holes(vertices, faces, is_cap, 0.0) == pytest.approx([RING, RING], rel=1e-5)
    assert find_closed_holes(vertices, faces, is_cap, 0.1) == pytest.approx([RING + 0.2] * 2, rel=1e-5)
