"""Every modelled object keeps the contract of `ModelledObject`; what is sampled decides, not what is hoped."""

from itertools import pairwise

import numpy as np
import pytest

from exhibit.capture.chance import normal, uniform
from exhibit.capture.objects import modelled_object, object_names
from exhibit.errors import UsageError
from exhibit.geometry.surface_nets import mesh_of_field
from exhibit.geometry.surface_of_field import evaluate, gradient_of

DETAIL = 30
N = 800


@pytest.fixture(scope="module", params=object_names())
def taken(request):
    """Return an object, its size, and points on its surface with their normals."""
    thing = modelled_object(request.param)
    size, margin = float(np.linalg.norm(thing.size_m)), 0.06 * max(thing.size_m)
    low, high = np.asarray(thing.lower_m) - margin, np.asarray(thing.upper_m) + margin
    mesh = mesh_of_field(thing.distance, low, high, max(thing.size_m) / DETAIL)
    outermost = [mesh.vertices.argmin(axis=0), mesh.vertices.argmax(axis=0)]
    points = np.concatenate([mesh.vertices[:: max(1, len(mesh.vertices) // 900)], mesh.vertices[np.ravel(outermost)]])
    for _ in range(5):
        slope = gradient_of(thing.distance, points, 1e-5 * size)
        squared = np.maximum((slope**2).sum(axis=1), 0.05)
        step = evaluate(thing.distance, points) / squared
        points = points - np.clip(step, -0.01 * size, 0.01 * size)[:, None] * slope
    on = np.abs(evaluate(thing.distance, points)) < 1e-5 * size
    assert on.mean() > 0.9
    slope = gradient_of(thing.distance, points[on], 1e-5 * size)
    return thing, size, points[on], slope / np.linalg.norm(slope, axis=1, keepdims=True)


def test_an_unknown_name_is_refused_and_the_known_ones_are_told():
    with pytest.raises(UsageError, match=object_names()[0]):
        modelled_object("no_such_thing")


def test_key_and_title_say_what_it_is(taken):
    thing = taken[0]
    assert thing.key in object_names() and modelled_object(thing.key) is thing
    assert thing.title and not thing.title.endswith(".")


def test_the_distance_never_promises_more_than_there_is(taken):
    thing, size, surface, _ = taken
    at = np.arange(N)
    starts = surface[(uniform(1, "start", at)[:, 0] * len(surface)).astype(int)]
    away = normal(2, "away", at, 3) * size * 0.02
    true_at_most = np.linalg.norm(away, axis=1)
    excess = np.abs(thing.distance(starts + away)) - 1.1 * true_at_most
    assert np.mean(excess > 1e-5 * size) < 0.006, f"steepest: {(excess / true_at_most).max() + 1.1:.2f}"


def test_near_the_surface_the_distance_does_not_fall_asleep(taken):
    thing, size, surface, normals = taken
    step = 1e-3 * size
    lifted = thing.distance(surface + step * normals)
    sunk = thing.distance(surface - step * normals)
    # in grooves narrower than the step the other wall is nearer: most places must do, not all
    assert np.mean((lifted > 0.4 * step) & (sunk < -0.4 * step)) > 0.8


def test_the_bounding_box_is_honest_and_touched(taken):
    thing, size, surface, _ = taken
    low, high = surface.min(axis=0), surface.max(axis=0)
    assert (low > np.asarray(thing.lower_m) - 0.004 * size).all()
    assert (high < np.asarray(thing.upper_m) + 0.004 * size).all()
    assert np.abs((high - low) / thing.size_m - 1).max() < 0.1


def test_it_stands_on_the_floor(taken):
    thing, size, surface, _ = taken
    assert np.abs(surface[:, 1].min()) < 0.004 * size
    feet = surface[surface[:, 1] < 0.02 * size]
    assert np.abs(feet[:, 0].mean()) < 0.25 * thing.size_m[0] and np.abs(feet[:, 2].mean()) < 0.25 * thing.size_m[2]


def test_all_of_space_has_a_finite_distance(taken):
    thing, size, _, _ = taken
    spread = (uniform(3, "space", np.arange(N), 3) * 2 - 1) * size
    on_the_axis = np.column_stack([np.zeros(50), np.linspace(-0.2, 1.2, 50) * thing.size_m[1], np.zeros(50)])
    far = np.array([[9.0 * size, 0, 0], [0, -9.0 * size, 0], [0, 9.0 * size, 0]])
    for points in (spread, on_the_axis, far):
        found = thing.distance(points)
        assert found.shape == (len(points),) and np.isfinite(found).all()
    assert (thing.distance(far) > 0).all()
    assert thing.distance(np.empty((0, 3))).shape == (0,)


def test_colours_are_albedo_between_black_and_white(taken):
    thing, _, surface, normals = taken
    colour = thing.colour(surface[::3], normals[::3])
    assert colour.shape == (len(surface[::3]), 3) and np.isfinite(colour).all()
    assert colour.min() >= 0 and colour.max() <= 1
    assert colour.std(axis=0).max() > 0.01  # not one flat colour


def test_landmarks_lie_on_the_surface_and_face_outward(taken):
    thing, size, _, _ = taken
    for name, mark in thing.landmarks.items():
        at = np.array([mark.position_m])
        assert abs(float(thing.distance(at)[0])) < 0.003 * size, f"{thing.key}: {name} is off the surface"
        assert np.linalg.norm(mark.normal) == pytest.approx(1, abs=1e-3)
        slope = gradient_of(thing.distance, at, 2e-3 * size)[0]
        assert slope @ np.array(mark.normal) > 0.4 * np.linalg.norm(slope), f"{thing.key}: {name} faces elsewhere"


def test_asked_again_or_in_parts_it_says_the_same(taken):
    thing, _, surface, normals = taken
    some, facing = surface[:200] + 1e-3 * normals[:200], normals[:200]
    whole = thing.distance(some)
    assert (thing.distance(some) == whole).all()
    parts = [thing.distance(some[low:high]) for low, high in pairwise((0, 1, 77, 200))]
    assert np.abs(np.concatenate(parts) - whole).max() < 1e-9
    assert np.abs(thing.colour(some[50:90], facing[50:90]) - thing.colour(some, facing)[50:90]).max() < 1e-6
