"""Deviations that are known exactly."""

import numpy as np
import pytest
from meshes import cloud_of, fibonacci, level_of, plane_mesh, source_mesh_of, sphere_mesh

from exhibit.errors import Cancelled, StageError
from exhibit.model.surface import UNSEEN
from exhibit.progress import Recorder
from exhibit.stages.measure import measure
from exhibit.stages.unwrap import unwrap

RADIUS = 0.1


def ball(n_around=192):
    return unwrap(level_of(*sphere_mesh(n_around, RADIUS), 64))


def shell(radius, n=40_000):
    points = fibonacci(n)
    return cloud_of(points * radius, points, None, np.sqrt(4 * np.pi * radius**2 / n))


def test_a_cloud_two_millimetres_outside_the_level_measures_two_millimetres_both_ways():
    deviation = measure(ball(), shell(RADIUS + 0.002))
    assert deviation.scan_to_mesh_mean_mm == pytest.approx(2.0, abs=0.02)
    assert deviation.scan_to_mesh_p95_mm == pytest.approx(2.0, abs=0.03)
    assert deviation.scan_to_mesh_max_mm == pytest.approx(2.0, abs=0.03)
    # the points' discs stand off the ball between them by nearly nothing
    assert deviation.mesh_to_scan_mean_mm == pytest.approx(2.0, abs=0.02)
    assert deviation.mesh_to_scan_max_mm == pytest.approx(2.0, abs=0.05)


def test_gaps_between_points_are_not_counted_as_deviation():
    # points 2.4 mm apart on the ball itself: the nearest one is half a millimetre off and more
    deviation = measure(ball(), shell(RADIUS, 20_000))
    assert deviation.mesh_to_scan_mean_mm < 0.05


def test_what_no_scan_saw_is_not_measured_against_it():
    vertices, faces = plane_mesh(20, 0.2)
    half = vertices[faces][:, :, 0].mean(1) > 0
    points = fibonacci(1) * 0 + np.stack(
        np.meshgrid(np.linspace(-0.1, 0, 80), [0.0], np.linspace(-0.1, 0.1, 160)), -1
    ).reshape(-1, 3)
    cloud = cloud_of(points, np.tile([0, 1.0, 0], (len(points), 1)), None, 0.0013)
    seen = measure(unwrap(level_of(vertices, faces, 64, provenance=half.astype(np.uint8) * UNSEEN)), cloud)
    taken_for_seen = measure(unwrap(level_of(vertices, faces, 64)), cloud)
    assert seen.mesh_to_scan_max_mm < 0.5
    assert taken_for_seen.mesh_to_scan_max_mm > 95


def test_an_outlier_of_the_scan_shows_in_the_maximum_only():
    points = fibonacci(20_000)
    lifted = points * RADIUS
    lifted[77] *= 1.3
    deviation = measure(ball(), cloud_of(lifted, points, None, 0.0025))
    assert deviation.scan_to_mesh_max_mm == pytest.approx(30, abs=0.1)
    assert deviation.scan_to_mesh_p95_mm < 0.05


def test_a_source_mesh_is_measured_face_against_face():
    offset = source_mesh_of(*sphere_mesh(192, RADIUS + 0.001))
    deviation = measure(ball(), offset)
    assert deviation.scan_to_mesh_mean_mm == pytest.approx(1.0, abs=0.03)
    assert deviation.mesh_to_scan_mean_mm == pytest.approx(1.0, abs=0.03)
    same = measure(ball(), source_mesh_of(*sphere_mesh(192, RADIUS)))
    assert same.scan_to_mesh_max_mm < 1e-3
    assert same.mesh_to_scan_max_mm < 1e-3


def test_equal_input_gives_equal_figures_and_it_can_be_cancelled():
    mesh, cloud = ball(48), shell(RADIUS, 5000)
    assert measure(mesh, cloud) == measure(mesh, cloud)
    with pytest.raises(Cancelled):
        measure(mesh, cloud, progress=Recorder(cancel_after=2).progress())


def test_an_empty_reference_is_refused():
    with pytest.raises(StageError):
        measure(ball(24), cloud_of(np.zeros((0, 3)), np.zeros((0, 3))))
