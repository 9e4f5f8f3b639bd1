"""Reconstruction against shapes whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from analytic import box, euler_characteristic, hemisphere, plane, sample_mesh, sphere, torus

from exhibit.errors import Cancelled
from exhibit.geometry.adjacency import find_adjacency, label_face_parts
from exhibit.geometry.mesh_measures import face_areas, signed_volume
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
    "sphere": (sphere(), 0.0004),
    "box with sharp edges": (box(), 0.001),
    "torus": (torus(), 0.0004),
    "sphere with 0.05 % noise": (sphere().noisy(0.0017), 0.0012),
    "sphere with 0.2 % noise": (sphere().noisy(0.007), 0.004),
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


def test_a_sphere_whose_points_scatter_by_more_than_they_lie_apart_stays_one_closed_sphere():
    sigma, shape = 0.02, sphere(40_000)
    mesh, vertices = reconstruct(shape.noisy(sigma))
    assert sigma > 1.1 * np.sqrt(shape.area / len(shape.points))
    adjacency = find_adjacency(mesh.faces)
    assert adjacency.is_closed
    assert label_face_parts(adjacency)[0] == 1
    assert euler_characteristic(mesh.faces) == 2
    away = np.linalg.norm(sample_mesh(vertices, mesh.faces, 50_000), axis=1) - 1
    assert np.sqrt((away**2).mean()) < 0.2 * sigma
    # noise across the radius carries the points outward by sigma squared, averaging and flat faces inward by about that
    assert -1.5 * sigma**2 < away.mean() < 1.5 * sigma**2


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
    spacing = np.sqrt(2 * np.pi / 20_000)
    assert vertices[:, 2].min() > -spacing, "the border follows the last points"


def test_close_holes_makes_an_open_shape_watertight_and_says_what_is_invented():
    shape = hemisphere()
    mesh, vertices = reconstruct(shape, close_holes=True)
    assert find_adjacency(mesh.faces).is_closed
    assert euler_characteristic(mesh.faces) == 2
    volume = signed_volume(mesh.vertices, mesh.faces)
    assert volume == pytest.approx(2 / 3 * np.pi, rel=0.05)
    unseen = face_areas(mesh.vertices, mesh.faces)[mesh.provenance == UNSEEN].sum()
    assert unseen == pytest.approx(np.pi, rel=0.15)
    scanned = sample_mesh(vertices, mesh.faces[mesh.provenance != UNSEEN], 50_000)
    assert np.sqrt((shape.distance(scanned) ** 2).mean()) < 0.01
    assert "surface.unseen" in {finding.code for finding in mesh.findings}


def test_a_thin_plate_keeps_its_two_sides_apart():
    shape = box(60_000, size=(1.0, 1.0, 0.05))
    mesh, vertices = reconstruct(shape)
    there, _ = errors(shape, mesh, vertices)
    assert there < 0.0005
    adjacency = find_adjacency(mesh.faces)
    assert adjacency.is_closed
    assert signed_volume(mesh.vertices, mesh.faces) == pytest.approx(0.05, rel=0.05)


def test_a_density_that_varies_tenfold_leaves_no_hole():
    shape = sphere(40_000)
    sparse = (shape.points[:, 2] > 0) | (np.arange(len(shape.points)) % 10 == 0)
    uneven = replace(shape, points=shape.points[sparse], normals=shape.normals[sparse])
    mesh, vertices = reconstruct(uneven)
    there, _ = errors(uneven, mesh, vertices)
    assert there < 0.002
    assert find_adjacency(mesh.faces).is_closed
    assert signed_volume(mesh.vertices, mesh.faces) == pytest.approx(4 / 3 * np.pi, rel=0.01)


def test_the_plain_open3d_recipe_gives_a_sound_mesh_too():
    shape = torus()
    mesh, vertices = reconstruct(shape, engine="open3d")
    there, _ = errors(shape, mesh, vertices)
    assert there < 0.001
    assert find_adjacency(mesh.faces).is_closed
    assert euler_characteristic(mesh.faces) == 0


def test_sharp_edges_are_met_twice_as_closely_as_by_the_plain_recipe():
    shape = box()
    ours, plain = (errors(shape, *reconstruct(shape, engine=engine))[0] for engine in ("exhibit", "open3d"))
    assert ours < 0.5 * plain


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
