"""Two scans of one surface: nothing first, then a known motion found again, and none invented."""

import numpy as np
import pytest
from analytic import plane, sphere

from exhibit.geometry.register import fit_scan


def ellipsoid(n, seed, sigma=0.0):
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(n, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    axes = np.array([1.0, 0.7, 0.5])
    facing = normals / axes
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    return normals * axes + facing * rng.normal(0, sigma, (n, 1))


def turned(points, degrees, shift):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return (points @ turn.T + shift).astype(np.float32)


def test_too_few_points_or_no_overlap_say_nothing():
    some = sphere(2000).points.astype(np.float32)
    assert fit_scan(some[:0], some) is None
    assert fit_scan(some[:200], some) is None
    assert fit_scan(some, some + np.float32(50)) is None


def test_scans_that_lie_on_each_other_are_not_moved_and_have_no_gap():
    fit = fit_scan(ellipsoid(20_000, 1, 0.002).astype(np.float32), ellipsoid(20_000, 2, 0.002).astype(np.float32))
    assert fit.gap < 0.1 * fit.spacing
    # both scans scatter
    assert fit.residual == pytest.approx(0.002 * 2**0.5, rel=0.1)


def test_a_known_motion_is_found_again_with_its_gap():
    fixed = ellipsoid(30_000, 1, 0.001).astype(np.float32)
    true = ellipsoid(30_000, 2, 0.001)
    # a third of the moving scan is of something else
    moving = turned(true, 1.0, [0.01, -0.02, 0.015])
    other = np.random.default_rng(3).uniform(1.2, 2.0, (15_000, 3)).astype(np.float32)
    fit = fit_scan(np.concatenate([moving, other]), fixed)
    back = moving.astype(np.float64) @ fit.rotation.T + fit.translation
    assert np.linalg.norm(back - true, axis=1).mean() < 0.002
    apart = moving - true
    across = true / np.array([1.0, 0.7, 0.5]) ** 2
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    assert fit.gap == pytest.approx(np.sqrt(((apart * across).sum(axis=1) ** 2).mean()), rel=0.1)
    assert np.linalg.det(fit.rotation) == pytest.approx(1, abs=1e-12)


def test_a_plane_is_moved_across_itself_only():
    flat = plane(20_000).points.astype(np.float32)
    fit = fit_scan(flat + np.float32([0.03, 0.02, 0.01]), flat)
    assert fit.translation == pytest.approx([0, 0, -0.01], abs=5e-4)
    assert np.abs(fit.rotation - np.eye(3)).max() < 1e-3
