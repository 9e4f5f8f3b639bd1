"""Walking along rows of lines against rays, which know no neighbours."""

import numpy as np
import pytest
from meshes import plane_mesh, sphere_mesh

from exhibit.engines.raycast import RaycastScene
from exhibit.geometry.adjacency import find_adjacency
from exhibit.geometry.follow_lines import follow_lines, starts_of_rows
from exhibit.geometry.interpolate import interpolate


def test_lines_in_a_row_pass_the_faces_that_rays_meet():
    vertices, faces = sphere_mesh(96)
    turn = np.linspace(0, 6 * np.pi, 3000)
    ways = np.stack([np.cos(turn), np.sin(turn / 20), np.sin(turn)], 1).astype(np.float32)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    scene = RaycastScene(vertices, faces)
    # seen from outside the ball; the walk starts where the first ray meets it
    met = scene.cast(ways * np.float32(0.2), -ways)
    starts = np.where(starts_of_rows(ways), met.face, -1).astype(np.int32)
    assert (starts >= 0).sum() < 60
    face, weights = follow_lines(
        vertices, faces, find_adjacency(faces).across, ways * np.float32(0.1), ways, starts, 1e-3
    )
    assert (face == met.face).mean() > 0.995
    assert interpolate(vertices, faces, face, weights) == pytest.approx(
        interpolate(vertices, faces, met.face, met.weights), abs=2e-6
    )


def test_a_walk_gives_up_at_borders_at_faces_that_look_away_and_far_off():
    vertices, faces = plane_mesh(10, 0.1)
    across = find_adjacency(faces).across
    places = np.float32([[0.04, 0, 0], [0.06, 0, 0], [0.04, 0.02, 0], [0.04, 0, 0]])
    ways = np.float32([[0, 1, 0], [0, 1, 0], [0, 1, 0], [0, -1, 0]])
    below = np.abs(vertices[faces].mean(1) - places[0]).sum(1).argmin()
    starts = np.full(4, below, np.int32)
    face, _ = follow_lines(vertices, faces, across, places, ways, starts, 0.01)
    assert (face >= 0).tolist() == [True, False, False, False]
    # no start, no points, a vertex that is no number
    face, _ = follow_lines(vertices, faces, across, places, ways, np.full(4, -1, np.int32), 0.01)
    assert (face < 0).all()
    assert len(follow_lines(vertices, faces, across, places[:0], ways[:0], np.zeros(0, np.int32), 0.01)[0]) == 0
    assert starts_of_rows(places[:0]).shape == (0,)
    spoilt = np.full_like(vertices, np.nan)
    assert (follow_lines(spoilt, faces, across, places, ways, starts, 0.01)[0] < 0).all()
