"""Open3D's meshing: repeatable, in and out as plain arrays."""

import numpy as np
import pytest
from analytic import sphere

from exhibit.engines.child import run_in_child
from exhibit.engines.open3d_mesh import decimate_quadric, poisson, poisson_by_depth
from exhibit.errors import ExhibitError
from exhibit.geometry.adjacency import find_adjacency


def arrays(n=5000):
    shape = sphere(n)
    return shape.points.astype(np.float32), shape.normals.astype(np.float32)


@pytest.mark.parametrize("engine", [poisson, poisson_by_depth])
def test_a_sphere_comes_back_closed_and_bit_for_bit_the_same(engine):
    first, second = (run_in_child(engine, *arrays(), 0.1, what="Poisson") for _ in range(2))
    vertices, faces = first
    assert (vertices.dtype, faces.dtype) == (np.float32, np.int32)
    assert find_adjacency(faces).is_closed
    assert np.abs(np.linalg.norm(vertices, axis=1) - 1).max() < 0.02
    assert vertices.tobytes() == second[0].tobytes()
    assert faces.tobytes() == second[1].tobytes()


def test_the_width_sets_the_fineness():
    coarse, fine = (run_in_child(poisson, *arrays(), width, what="Poisson")[1] for width in (0.2, 0.1))
    assert 3 < len(fine) / len(coarse) < 5


def test_decimation_takes_arrays_closed_against_writing():
    vertices, faces = run_in_child(poisson, *arrays(), 0.1, what="Poisson")
    vertices.flags.writeable = faces.flags.writeable = False
    _, coarse = decimate_quadric(vertices, faces, 500)
    assert 400 < len(coarse) <= 500


def test_one_point_many_times_ends_in_one_sentence():
    points, normals = np.zeros((200, 3), np.float32), np.tile(np.float32([0, 0, 1]), (200, 1))
    with pytest.raises(ExhibitError) as caught:
        run_in_child(poisson, points, normals, 0.1, what="Poisson", timeout_s=30)
    assert "\n" not in str(caught.value)
