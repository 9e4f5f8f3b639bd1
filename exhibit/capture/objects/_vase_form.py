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
_LIP_MM: Final = 2.4
_FLOOR_MM: Final = 18.0
_BASE_MM: Final = 6.5
_BASE_RADIUS_MM: Final = 46.0
_CELL_MM: Final = 0.6
_GRID_LOW: Final = np.array([-1.2, -12.0])
_GRID_SHAPE: Final = (170, 675)


def _walls(y: F8) -> tuple[F8, F8]:
    """Return the radii (n,) of the outer and the inner wall, foot and lip rounded, millimetres."""
    lip = np.sqrt(np.maximum(_LIP_MM**2 - np.clip(y - (HEIGHT_MM - _LIP_MM), 0, _LIP_MM) ** 2, 0)) - _LIP_MM
    middle = radius_at(y)
    return middle - np.clip(1.6 - y, 0, None) * 0.6 + lip, middle - _WALL_MM - lip


def _is_solid(rho: F8, y: F8) -> Bool:
    """Say which places (n,) of the half plane are porcelain: wall, floor and a foot ring about a hollow base."""
    outer, inner = _walls(y)
    is_hollow = (rho < inner) & (y > _FLOOR_MM)
    is_base = (rho < _BASE_RADIUS_MM) & (y < _BASE_MM)
    return np.asarray((rho < outer) & (y > 0) & (y < HEIGHT_MM) & ~is_hollow & ~is_base)


@lru_cache(maxsize=1)
def _section() -> F4:
    """Return the signed distance over the half plane, one value a cell."""
    y = np.arange(0.0, HEIGHT_MM, 0.03)
    outer, inner = _walls(y)
    level = np.arange(0.0, radius_at(np.array([_FLOOR_MM]))[0] - _WALL_MM, 0.03)
    is_ring, is_base = level >= _BASE_RADIUS_MM, y < _BASE_MM
    edges = [
        np.column_stack([outer, y]),
        np.column_stack([inner, y])[y > _FLOOR_MM],
        np.column_stack([level, np.full(len(level), _FLOOR_MM)])[level < inner[y > _FLOOR_MM][0]],
        np.column_stack([level, np.full(len(level), _BASE_MM)])[~is_ring],
        np.column_stack([np.full(len(y), _BASE_RADIUS_MM), y])[is_base],
        np.column_stack([np.arange(_BASE_RADIUS_MM, outer[0], 0.03), 0 * np.arange(_BASE_RADIUS_MM, outer[0], 0.03)]),
    ]
    tree = cKDTree(np.vstack([*edges, np.vstack(edges) * [-1, 1]]))
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
