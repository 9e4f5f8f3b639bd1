"""The thrown form of the vase: its profile, and where the painter's millimetres lie on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree

from exhibit.model.arrays import F4, F8, Bool

HEIGHT_MM: Final = 380.0
_PROFILE: Final = np.array([
    (0, 55.5), (4, 57.0), (10, 55.8), (20, 51.0), (34, 47.8), (60, 52.2), (90, 60.4), (120, 69.0), (150, 75.6),
    (175, 78.0), (195, 76.4), (212, 70.6), (226, 61.5), (238, 52.5), (250, 45.5), (265, 39.6), (285, 35.8), (305, 35.0),
    (325, 37.2), (345, 43.0), (360, 49.6), (370, 55.6), (376, 59.4), (380, 60.6),
], dtype=float)  # fmt: skip
_Y: Final = np.linspace(0.0, HEIGHT_MM, 1901)
_RADIUS: Final = PchipInterpolator(*_PROFILE.T)(_Y)
_ALONG: Final = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(_Y), np.diff(_RADIUS)))])
LENGTH_MM: Final = float(_ALONG[-1])


def radius_at(y_mm: F8) -> F8:
    """Return the outer radius (n,) at heights (n,), millimetres."""
    return np.asarray(np.interp(y_mm, _Y, _RADIUS))


def along_of(y_mm: float) -> float:
    """Return how far along the profile, from the foot, a height lies, millimetres."""
    return float(np.interp(y_mm, _Y, _ALONG))


def along_at(y_mm: F8) -> F8:
    """Return the same for heights (n,)."""
    return np.asarray(np.interp(y_mm, _Y, _ALONG))


def radius_along(along_mm: F8) -> F8:
    """Return the outer radius (n,) at places (n,) along the profile, millimetres."""
    return np.asarray(np.interp(along_mm, _ALONG, _RADIUS))


_WALL_MM: Final = 5.0
_CELL_MM: Final = 0.6
_GRID_LOW: Final = np.array([-1.2, -12.0])
_GRID_SHAPE: Final = (170, 675)


def _is_solid(rho: F8, y: F8) -> Bool:
    """Say which places (n,) of the half plane are porcelain: wall, floor and a foot ring about a hollow base."""
    outer = radius_at(y) - np.clip(1.6 - y, 0, None) * 0.6
    lip = np.clip(y - (HEIGHT_MM - 2.4), 0, 2.4)
    outer, inner = outer - 2.4 + np.sqrt(np.maximum(2.4**2 - lip**2, 0)), radius_at(y) - _WALL_MM
    inner = inner + 2.4 - np.sqrt(np.maximum(2.4**2 - lip**2, 0))
    is_hollow = (rho < inner) & (y > 18.0)
    is_base = (rho < 46.0) & (y < 6.5)
    return np.asarray((rho < outer) & (y > 0) & (y < HEIGHT_MM) & ~is_hollow & ~is_base)


@lru_cache(maxsize=1)
def _section() -> F4:
    """Return the signed distance over the half plane, one value a cell, from an edge drawn four times finer."""
    fine = _CELL_MM / 4
    rho, y = np.meshgrid(np.arange(-1, 90, fine), np.arange(-3, 383, fine), indexing="ij")
    solid = _is_solid(np.abs(rho.ravel()), y.ravel()).reshape(rho.shape)
    edges = []
    for axis in (0, 1):
        changes = np.argwhere(np.diff(solid, axis=axis))
        edges.append((changes + 0.5 * np.eye(2)[axis]) * fine + [-1, -3])
    tree = cKDTree(np.vstack(edges))
    cells = np.stack(np.meshgrid(*(np.arange(n) * _CELL_MM for n in _GRID_SHAPE), indexing="ij"), -1) + _GRID_LOW
    away, _ = tree.query(cells.reshape(-1, 2))
    inside = _is_solid(np.abs(cells[..., 0]).ravel(), cells[..., 1].ravel())
    return np.asarray(np.where(inside, -away, away).reshape(_GRID_SHAPE), np.float32)


def distance_to_thrown(rho: F8, y: F8) -> F8:
    """Return the distance (n,) to the revolved form at radii and heights (n,), millimetres."""
    high = _GRID_LOW + (np.array(_GRID_SHAPE) - 2) * _CELL_MM
    u, v = np.clip(rho, 0, high[0]), np.clip(y, _GRID_LOW[1], high[1])
    cells = np.vstack([u - _GRID_LOW[0], v - _GRID_LOW[1]]) / _CELL_MM
    near = map_coordinates(_section(), cells, order=1, mode="nearest")
    over = np.hypot(rho - u, y - v)
    return np.asarray(np.where(over > 0, np.hypot(np.maximum(near, 0), over), near), np.float64)
