"""What each point of a cloud learns of colour from the points around it: its own, freed of noise, and how it changes.

A plane is laid through the colours of a point's surroundings (local linear regression: Cleveland, JASA 74, 1979;
Fan, JASA 87, 1992). A mean alone errs wherever points lie more to one side; the plane does not. How wide the
surroundings are is settled by leaving points out and guessing them from the others: noise asks for wide ones, fine
painting for narrow ones. A colour that nothing around a point resembles is a mistake and is left out.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from exhibit.geometry.point_grid import PointGrid
from exhibit.model.arrays import F4, I4

_WIDTHS = (0.6, 0.75, 1.0, 1.35)
_N_GUESSED = 4096
_MOST_AROUND = 64
_FEW = 5
_ENDS_AT = 2.2
_FACING = 0.1
_LEVEL = 0.06
_ERRORS = 6.0
_CAPPED = 0.15


class Learned:
    """Colours of points, and their slopes, learnt when first asked for.

    Parameters
    ----------
    grid : of the points.
    points, normals : (n, 3) float32; unit normals.
    light : (n, 3) float32, linear.
    spacing : (n,) float32.

    Attributes
    ----------
    light, slopes : (n, 3) and (n, 6) float32 of the points asked for: linear light, and how it changes along the two
        tangents of :func:`tangents_of`, in the unit of the points.
    """

    def __init__(self, grid: PointGrid, points: F4, normals: F4, light: F4, spacing: F4) -> None:
        self._order = grid.cells[1]
        # by cell, as the grid has the points: what is near then lies near in memory too
        self._around = normals[self._order], light[self._order]
        self._cells = grid.cells
        self._own = points, normals, light, spacing
        self.light, self.slopes = light.copy(), np.zeros((len(points), 6), np.float32)
        self._is_known = np.zeros(len(points), np.bool_)
        self.width, self.tolerance = self._settle()

    def learn(self, numbers: I4) -> None:
        """Learn the points with these numbers, of any shape."""
        is_asked = np.zeros(len(self._is_known), np.bool_)
        is_asked[numbers.reshape(-1)] = True
        new = self._order[(is_asked & ~self._is_known)[self._order]]
        self.light[new], self.slopes[new] = self._fit(new, self.width, self.tolerance, False)
        self._is_known |= is_asked

    def _settle(self) -> tuple[float, float]:
        """Return the width, in spacings, and the difference (of roots of light) from which a colour may be a mistake.

        Roots, for they are about as even to the eye as sRGB.
        """
        own = self._own[2]
        some = np.ascontiguousarray(self._order[:: max(1, len(own) // _N_GUESSED)])
        best = np.inf, _WIDTHS[0], 0.0
        for width in _WIDTHS:
            guess, _ = self._fit(some, width, np.inf, True)
            away = np.abs(np.sqrt(np.clip(guess, 0, None)) - np.sqrt(own[some]))
            error = float((np.minimum(away, _CAPPED).astype(np.float64) ** 2).mean())
            best = min(best, (error, width, float(np.median(away.max(axis=1)))))
        return best[1], max(_LEVEL, _ERRORS * best[2])

    def _fit(self, chosen: I4, width: float, tolerance: float, is_guess: bool) -> tuple[F4, F4]:
        light, slopes = self._own[2][chosen], np.zeros((len(chosen), 6), np.float32)
        limits = np.array([width, _ENDS_AT, tolerance, _FACING], np.float32)
        _fit(chosen, self._cells, self._around, self._own, limits, is_guess, light, slopes)
        return light, slopes


@nb.njit(cache=True)
def tangents_of(x, y, z):  # type: ignore[no-untyped-def]  # numba infers
    """Return two unit vectors across a unit vector and each other (Duff et al., JCGT 6, 2017)."""
    sign = np.float32(1) if z >= 0 else np.float32(-1)
    a = np.float32(-1) / (sign + z)
    b = x * y * a
    return (np.float32(1) + sign * x * x * a, sign * b, -sign * x), (b, sign + y * y * a, -y)


@nb.njit(cache=True)
def _fit(chosen, cells, surroundings, cloud, limits, is_guess, light, slopes):  # type: ignore[no-untyped-def]  # numba infers
    sorted_points, order, starts, counts, lower, per_metre = cells
    all_normals, colors = surroundings
    points, normals, _, spacing = cloud
    ends_at, tolerance, facing = limits[1], limits[2], limits[3]
    around = np.empty((_MOST_AROUND, 6), np.float32)  # along both tangents, weight, colour
    sums = np.empty(15, np.float64)
    for number in range(len(chosen)):
        i = chosen[number]
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        one, two = tangents_of(nx, ny, nz)
        width = limits[0] * spacing[i] + np.float32(1e-30)
        ball = ends_at * width
        falloff = np.float32(0.5) / (width * width)
        k = 0
        first_x, last_x = _span(x, ball, lower[0], per_metre, counts[0])
        first_y, last_y = _span(y, ball, lower[1], per_metre, counts[1])
        first_z, last_z = _span(z, ball, lower[2], per_metre, counts[2])
        for column in range(first_x, last_x + 1):
            for row in range(first_y, last_y + 1):
                line = (column * counts[1] + row) * counts[2]
                for q in range(starts[line + first_z], starts[line + last_z + 1]):
                    u, v, w = sorted_points[q, 0] - x, sorted_points[q, 1] - y, sorted_points[q, 2] - z
                    if u * u + v * v + w * w > ball * ball or k == _MOST_AROUND:
                        continue
                    looks = nx * all_normals[q, 0] + ny * all_normals[q, 1] + nz * all_normals[q, 2]
                    if looks <= facing or (is_guess and order[q] == i):
                        continue
                    here = around[k]
                    here[0] = u * one[0] + v * one[1] + w * one[2]
                    here[1] = u * two[0] + v * two[1] + w * two[2]
                    here[2] = np.exp(-falloff * (here[0] * here[0] + here[1] * here[1]))
                    here[3], here[4], here[5] = colors[q, 0], colors[q, 1], colors[q, 2]
                    k += 1
        if k == 0:
            continue
        found = around[:k]
        _lay_plane(found, width, sums, light[number], slopes[number])
        if k >= _FEW and _drop_mistakes(found, tolerance, light[number], slopes[number]):
            _lay_plane(found, width, sums, light[number], slopes[number])


@nb.njit(cache=True)
def _span(at, ball, lower, per_metre, count):  # type: ignore[no-untyped-def]  # numba infers
    first = int(max((at - ball - lower) * per_metre, np.float32(0)))
    last = int(max((at + ball - lower) * per_metre, np.float32(0)))
    return min(first, count - 1), min(last, count - 1)


@nb.njit(cache=True)
def _lay_plane(around, width, sums, light, slopes):  # type: ignore[no-untyped-def]  # numba infers
    sums[:] = 0
    for a in range(len(around)):
        u, v, weight = around[a, 0], around[a, 1], around[a, 2]
        sums[0] += weight
        sums[1] += weight * u
        sums[2] += weight * v
        sums[3] += weight * u * u
        sums[4] += weight * u * v
        sums[5] += weight * v * v
        for c in range(3):
            colour = weight * around[a, 3 + c]
            sums[6 + 3 * c] += colour
            sums[7 + 3 * c] += colour * u
            sums[8 + 3 * c] += colour * v
    total = sums[0]
    if not total > 0:
        return
    u, v = sums[1] / total, sums[2] / total
    # a few points in a row say nothing about the other way
    ridge = 0.01 * np.float64(width) * np.float64(width)
    uu, uv, vv = sums[3] / total - u * u + ridge, sums[4] / total - u * v, sums[5] / total - v * v + ridge
    determinant = uu * vv - uv * uv
    for c in range(3):
        mean = sums[6 + 3 * c] / total
        along, across = sums[7 + 3 * c] / total - mean * u, sums[8 + 3 * c] / total - mean * v
        slope, other = (vv * along - uv * across) / determinant, (uu * across - uv * along) / determinant
        light[c] = mean - slope * u - other * v
        slopes[2 * c], slopes[2 * c + 1] = slope, other


@nb.njit(cache=True)
def _differ(one, two, tolerance):  # type: ignore[no-untyped-def]  # numba infers
    # the roots of light by more than the tolerance, without taking roots
    return (one - two) * (one - two) > 4 * tolerance * tolerance * max(one, two, np.float32(1e-4))


@nb.njit(cache=True)
def _drop_mistakes(around, tolerance, light, slopes):  # type: ignore[no-untyped-def]  # numba infers
    has_dropped = False
    for a in range(len(around)):
        is_far = False
        for c in range(3):
            there = light[c] + slopes[2 * c] * around[a, 0] + slopes[2 * c + 1] * around[a, 1]
            is_far |= _differ(around[a, 3 + c], there, tolerance)
        if not is_far:
            continue
        has_fellow = False
        for b in range(len(around)):
            if b == a or has_fellow:
                continue
            has_fellow = not (
                _differ(around[a, 3], around[b, 3], tolerance)
                or _differ(around[a, 4], around[b, 4], tolerance)
                or _differ(around[a, 5], around[b, 5], tolerance)
            )
        if not has_fellow:
            around[a, 2] = 0
            has_dropped = True
    return has_dropped
