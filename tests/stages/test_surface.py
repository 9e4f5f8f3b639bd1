"""Reconstruction against shapes whose truth is known."""

import numpy as np
import pytest
from analytic import box, euler_characteristic, hemisphere, plane, sample_mesh, sphere, torus

from exhibit.errors import Cancelled
from exhibit.geometry.adjacency import find_adjacency, label_face_parts
from exhibit.geometry.mesh_measures import signed_volume
from exhibit.geometry.neighbours import PointIndex
from exhibit.model.surface import UNSEEN
from exhibit.progress import Recorder
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.surface import SurfaceOptions, surface

METRES = CleanOptions(metres_per_unit=1.0, up="+z")


def reconstruct(shape, **options):
    """Clean and mesh; the mesh comes back in the shape's own coordinates."""
    cloud = clean(shape.scan(), METRES)
    mesh = surface(cloud, SurfaceOptions(**options))
    place = cloud.placement
    return mesh, mesh.vertices.astype(np.float64) @ place.rotation + place.origin


def errors(shape, mesh, vertices):
    """RMS distance mesh to truth and truth to mesh (the truth sampled by the shape's exact points)."""
    samples = sample_mesh(vertices, mesh.faces, 100_000)
    there = shape.distance(samples)
    back = PointIndex(samples.astype(np.float32)).nearest(shape.points.astype(np.float32), 1).distances
    return float(np.sqrt((there**2).mean())), float(np.quantile(back, 0.99))


CLOSED = {
    "sphere": (sphere(), 0.003),
    "box with sharp edges": (box(), 0.012),
    "torus": (torus(), 0.003),
    "sphere with 0.05 % noise": (sphere().noisy(0.0017), 0.003),
    "sphere with 0.2 % noise": (sphere().noisy(0.007), 0.006),
}


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_shape_is_met_in_both_directions_with_the_right_topology(name):
    shape, bound = CLOSED[name]
    mesh, vertices = reconstruct(shape)
    there, back = errors(shape, mesh, vertices)
    spacing = np.sqrt(shape.area / len(shape.points))
    assert there < bound, "mesh to truth"
    assert back < spacing, "truth to mesh"
    adjacency = find_adjacency(mesh.faces)
    assert adjacency.is_closed
    assert label_face_parts(adjacency)[0] == 1
    assert euler_characteristic(mesh.faces) == shape.euler
    assert signed_volume(mesh.vertices, mesh.faces) > 0
    assert (mesh.provenance != UNSEEN).all()


def test_an_open_shape_keeps_its_border_and_invents_little():
    shape = hemisphere()
    mesh, vertices = reconstruct(shape)
    there, back = errors(shape, mesh, vertices)
    assert there < 0.01
    assert back < 0.05
    adjacency = find_adjacency(mesh.faces)
    assert not adjacency.bad_faces.any()
    assert not adjacency.is_closed
    assert euler_characteristic(mesh.faces) == 1
    assert vertices[:, 2].min() > -0.08


def test_a_flat_cloud_becomes_an_open_sheet():
    shape = plane(5000)
    _, vertices = reconstruct(shape)
    assert np.abs(vertices[:, 2]).max() < 0.01
    assert np.ptp(vertices[:, :2], axis=0).max() < 1.1


def test_two_runs_give_the_same_bytes():
    cloud = clean(torus(10_000).noisy(0.002).scan(), METRES)
    first, second = surface(cloud), surface(cloud)
    assert first.vertices.tobytes() == second.vertices.tobytes()
    assert first.faces.tobytes() == second.faces.tobytes()


def test_cancelling_stops_it():
    cloud = clean(sphere(5000).scan(), METRES)
    for after in (1, 2, 4):
        with pytest.raises(Cancelled):
            surface(cloud, progress=Recorder(cancel_after=after).progress())
