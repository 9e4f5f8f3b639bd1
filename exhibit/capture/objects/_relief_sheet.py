"""Relief drawn with strokes and outlines on a flat sheet, looked up when it is wrapped about an object.

A stroke is drawn once into a grid of heights, so however rich the ornament, a point of the object costs one look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from exhibit.model.arrays import F8

_FAR: Final = 1e3
_MARGIN: Final = 4.0
"""How far about a stroke heights and gaps are worked out, in the unit of u and v."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Values on a grid, interpolated between its nodes and held beyond its edges.

    Parameters
    ----------
    values : (rows, columns) float64; rows along v, columns along u.
    lower : u and v of the first node.
    cell : between nodes, in the unit of u and v.
    """

    values: F8
    lower: tuple[float, float]
    cell: float

    def at(self, u: F8, v: F8) -> F8:
        """Return the value (n,) at u (n,) and v (n,)."""
        found = np.empty(len(u))
        _look_up(self.values, (u - self.lower[0]) / self.cell, (v - self.lower[1]) / self.cell, found)
        return found

    def slack(self, reach: float) -> Sheet:
        """Return by what distances to the relief are to be divided: for the steepest slope within `reach`."""
        along_v, along_u = np.gradient(self.values, self.cell)
        worst, size = np.hypot(1.0, np.hypot(along_u, along_v)), int(np.ceil(reach / self.cell))
        for take in (np.max, np.mean):
            for axis in (0, 1):
                held = np.pad(worst, [(size, size) if axis == n else (0, 0) for n in (0, 1)], mode="edge")
                worst = take(sliding_window_view(held, 2 * size + 1, axis), axis=-1)
        return Sheet(np.ascontiguousarray(worst), self.lower, self.cell)


def displaced(plain: F8, height: F8, slack: F8, top: float) -> F8:
    """Return the distance to a surface that stands out from a plain one, from the distance to that.

    Parameters
    ----------
    plain : (n,) distances to the plain surface.
    height, slack : (n,) of the relief there, and by what to divide; see :meth:`Sheet.slack`.
    top : the relief's highest.
    """
    # the slack holds near by; further away a slope from beside may be nearer, but never higher than the top
    far = np.clip(np.abs(plain - height) / top - 0.5, 0.0, 1.0)
    return np.asarray(np.maximum((plain - height) / (slack + far * np.maximum(1.9 - slack, 0.0)), plain - top))


def outline_sheet(outline: F8, lower: tuple[float, float], upper: tuple[float, float], cell: float) -> Sheet:
    """Tabulate the distance to a closed outline (m, 2), negative inside: a profile to revolve or to draw out."""
    us, vs = (np.arange(low, high + cell, cell) for low, high in zip(lower, upper))
    return Sheet(_signed(us, vs, np.asarray(outline, dtype=np.float64), _FAR), lower, cell)


class Relief:
    """A sheet being drawn on: heights, and how far each place is from what is raised.

    Parameters
    ----------
    lower, upper : corners (u, v).
    cell : between nodes, in the unit of u and v.
    slope : rise over run of the sides of whatever is drawn, at their middle.
    """

    def __init__(self, lower: tuple[float, float], upper: tuple[float, float], cell: float, slope: float) -> None:
        self.us, self.vs = (np.arange(low, high + cell, cell) for low, high in zip(lower, upper))
        self.lower, self.cell, self.slope = lower, cell, slope
        self.heights = np.zeros((len(self.vs), len(self.us)))
        self.beside = np.full_like(self.heights, _FAR)

    def raise_stroke(self, path: F8, half_widths: F8 | float, height: float, *, groove: float = 0.0) -> None:
        """Raise a line along `path` (m, 2) to `height`; `groove` is the half width of a line cut along its middle."""
        thick = np.broadcast_to(np.asarray(half_widths, dtype=np.float64), (len(path),))
        window, us, vs = self._window(path, float(thick.max()))
        self._raise(window, _distances(us, vs, path, np.ascontiguousarray(thick), _MARGIN), height)
        if groove:
            self.cut_stroke(path[1:-1], groove, 0.7)

    def raise_outline(self, outline: F8, height: float) -> None:
        """Raise the inside of a closed outline (m, 2)."""
        window, us, vs = self._window(outline, 0.0)
        self._raise(window, _signed(us, vs, outline, _MARGIN), height)

    def raise_dome(self, middle: tuple[float, float], radii: tuple[float, float], height: float) -> None:
        """Raise a bulge, steep at its foot and round above."""
        window, us, vs = self._window(np.array([middle]), max(radii))
        across, along = np.meshgrid((us - middle[0]) / radii[0], (vs - middle[1]) / radii[1])
        away = np.hypot(across, along)
        dome = height * np.sin(np.pi / 2 * np.clip(1 - away, 0, 1)) ** 0.8
        self.heights[window] = np.maximum(self.heights[window], np.where(away < 1, dome, 0))
        self.beside[window] = np.minimum(self.beside[window], (away - 1) * min(radii))

    def cut_stroke(self, path: F8, half_width: float, depth: float) -> None:
        """Cut a line along `path` (m, 2) down from whatever is there."""
        window, us, vs = self._window(path, half_width)
        away = _distances(us, vs, path, np.full(len(path), half_width), _MARGIN)
        self.heights[window] -= depth * _step(-away * self.slope / depth + 0.5)

    def fill_ground(self, ground: F8, gap: float) -> None:
        """Add heights (rows, columns) to all that is further than `gap` from what is raised."""
        self.heights += ground * np.clip((self.beside - gap) / (2 * self.cell), 0, 1)

    def sheet(self) -> Sheet:
        """Return what is drawn, its steepest corners eased."""
        eased = self.heights
        for _ in range(2):
            for axis in (0, 1):
                held = np.pad(eased, [(1, 1) if axis == n else (0, 0) for n in (0, 1)], mode="edge")
                size = eased.shape[axis]
                before, after = held.take(range(size), axis), held.take(range(2, size + 2), axis)
                eased = (before + 2 * eased + after) / 4
        return Sheet(eased, self.lower, self.cell)

    def _raise(self, window: tuple[slice, slice], away: F8, height: float) -> None:
        raised = height * _step(-away * self.slope / height + 0.5)
        self.heights[window] = np.maximum(self.heights[window], raised)
        self.beside[window] = np.minimum(self.beside[window], away)

    def _window(self, path: F8, half_width: float) -> tuple[tuple[slice, slice], F8, F8]:
        """Return the part of the sheet that a path may change, and its nodes along u and v."""
        reach = half_width + _MARGIN
        columns, rows = (
            slice(*np.searchsorted(nodes, (path[:, n].min() - reach, path[:, n].max() + reach)))
            for n, nodes in enumerate((self.us, self.vs))
        )
        return (rows, columns), self.us[columns], self.vs[rows]


def curve(points: list[tuple[float, float]], n: int = 8) -> F8:
    """Return a smooth line (m, 2) through points: Catmull and Rom, "A class of local interpolating splines" (1974)."""
    held = np.array([points[0], *points, points[-1]], dtype=np.float64)
    held[0], held[-1] = 2 * held[1] - held[2], 2 * held[-2] - held[-3]
    t = np.arange(n)[:, None] / n
    pieces = [
        0.5
        * (
            2 * held[k]
            + (held[k + 1] - held[k - 1]) * t
            + (2 * held[k - 1] - 5 * held[k] + 4 * held[k + 1] - held[k + 2]) * t**2
            + (3 * held[k] - held[k - 1] - 3 * held[k + 1] + held[k + 2]) * t**3
        )
        for k in range(1, len(held) - 2)
    ]
    return np.vstack([*pieces, held[-2:-1]])


def tapered(path: F8, *half_widths: float) -> F8:
    """Return half widths (m,) that change along `path` through those given."""
    gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    return np.asarray(np.interp(gone / gone[-1], np.linspace(0, 1, len(half_widths)), half_widths))


def _signed(us: F8, vs: F8, outline: F8, margin: float) -> F8:
    """Return the distances (rows, columns) to a closed outline, right within `margin` of it."""
    closed = np.vstack([outline, outline[:1]])
    away = _distances(us, vs, closed, np.zeros(len(closed)), margin)
    inside = np.empty(away.shape, dtype=np.bool_)
    _is_inside(us, vs, np.ascontiguousarray(outline), inside)
    return np.where(inside, -away, away)


def _distances(us: F8, vs: F8, path: F8, half_widths: F8, margin: float) -> F8:
    """Return the distances (rows, columns) to a line as thick as that, right within `margin` of it."""
    away = np.full((len(vs), len(us)), _FAR)
    _distance_to_path(us, vs, np.ascontiguousarray(path, dtype=np.float64), half_widths, margin, away)
    return away


def _step(ramp: F8) -> F8:
    held = np.clip(ramp, 0, 1)
    return np.asarray(held * held * (3 - 2 * held))


@nb.njit(cache=True)
def _look_up(values, u, v, found):  # type: ignore[no-untyped-def]  # numba infers
    rows, columns = values.shape
    for n in range(len(u)):
        x = min(max(u[n], 0.0), columns - 1.000001)
        y = min(max(v[n], 0.0), rows - 1.000001)
        i, j = int(y), int(x)
        s, t = y - i, x - j
        low = values[i, j] * (1 - t) + values[i, j + 1] * t
        found[n] = low * (1 - s) + (values[i + 1, j] * (1 - t) + values[i + 1, j + 1] * t) * s


@nb.njit(cache=True)
def _distance_to_path(us, vs, path, half_widths, margin, away):  # type: ignore[no-untyped-def]  # numba infers
    for k in range(len(path) - 1):
        au, av = path[k]
        bu, bv = path[k + 1]
        du, dv = bu - au, bv - av
        squared = max(du * du + dv * dv, 1e-18)
        reach = margin + max(half_widths[k], half_widths[k + 1])
        first = np.searchsorted(us, min(au, bu) - reach)
        last = np.searchsorted(us, max(au, bu) + reach)
        for i in range(len(vs)):
            if vs[i] < min(av, bv) - reach or vs[i] > max(av, bv) + reach:
                continue
            for j in range(first, last):
                t = min(max(((us[j] - au) * du + (vs[i] - av) * dv) / squared, 0.0), 1.0)
                thick = half_widths[k] + (half_widths[k + 1] - half_widths[k]) * t
                here = np.hypot(us[j] - au - t * du, vs[i] - av - t * dv) - thick
                away[i, j] = min(away[i, j], here)


@nb.njit(cache=True)
def _is_inside(us, vs, outline, inside):  # type: ignore[no-untyped-def]  # numba infers
    for i in range(len(vs)):
        for j in range(len(us)):
            odd = False
            for k in range(len(outline)):
                au, av = outline[k - 1]
                bu, bv = outline[k]
                if (av > vs[i]) != (bv > vs[i]) and us[j] < (bu - au) * (vs[i] - av) / (bv - av) + au:
                    odd = not odd
            inside[i, j] = odd
