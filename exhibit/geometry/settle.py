"""Points that scatter by more than they lie apart, averaged onto the surface they scatter about.

The nearest neighbours of such a point fill a ball inside the scatter: normals, spacing and noise told from them are
wrong (noise .44 of the true one at 1.2 spacings). So points are averaged over cells as wide as the scatter, which keeps
their statistics, planes are fitted to cells weighted by their points, and each cell's point is moved onto the algebraic
sphere through the planes around it (as in `project`; Guennebaud, Germann and Gross, Eurographics 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit, prange

from exhibit.geometry.eigen import smallest_eigenvector
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.thin_simple import sum_in_cells
from exhibit.model.arrays import F4, I4

STRONG = 0.3
"""Noise, in spacings as nearest neighbours tell it, from which on it is more (about 0.4) and has to be averaged."""
CELL = 2.0
"""Side of the averaged cells, standard deviations of the noise."""
FIRST_CELL = 2.5
"""The same in spacings, while the noise is unknown."""
N_AROUND = 32
"""Cells that a plane and a sphere are fitted to."""
N_MOVES = 2
FLAT_SHARE = 0.25
"""Share of cells, the flattest, that tell the noise; the others also hold the object's own curvature."""
MOST_ESTIMATES = 5
STEADY = 1.25
"""Growth of the noise from one scale to the next, 1.5 times larger, below which it is noise and not shape."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Points averaged over cells, with the planes through them.

    Parameters
    ----------
    of_point : (n,) int64, the cell of each point.
    places, middles, normals : (c, 3) float32: mean point, middle of the plane, its unit normal.
    counts : (c,) float32, points.
    lows : (c,) float32, variance of the points around across the plane.
    around : (c, k) int32, the nearest cells, itself first.
    """

    of_point: npt.NDArray[np.int64]
    places: F4
    middles: F4
    normals: F4
    counts: F4
    lows: F4
    around: I4

    def of(self, values: F4) -> F4:
        """Return the sums over the points of each cell (c, 3) of values (n, 3); NaN counts as zero."""
        known = np.nan_to_num(values)
        sums = [np.bincount(self.of_point, weights=known[:, axis], minlength=len(self.places)) for axis in range(3)]
        return np.stack(sums, axis=1).astype(np.float32)

    def on_planes(self) -> F4:
        """Return the mean points (c, 3) moved onto their planes: those of one sheet lie on one sheet."""
        heights = ((self.places - self.middles) * self.normals).sum(axis=1)
        return np.asarray(self.places - heights[:, None] * self.normals, np.float32)


def average_in_cells(points: F4, normals: F4 | None, side: float) -> Cells:
    """Average points (n, 3) over cells and fit planes.

    Parameters
    ----------
    normals : (n, 3) float32 unit normals of settled sign, which keep two sheets apart and sign the planes; or None.
    side : of the cells, unit of the points, > 0.
    """
    sums = sum_in_cells(points, points if normals is None else normals, side)
    places, counts = sums.middle.astype(np.float32), sums.count.astype(np.float32)
    around = PointIndex(places).nearest(None, N_AROUND).indices
    facing = np.zeros_like(places) if normals is None else sums.normal.astype(np.float32)
    return Cells(sums.of_point, places, *_fit_planes(places, facing, counts, around), around=around)


def find_strong_noise(points: F4, spacing: float, noise: float) -> tuple[float, Cells] | None:
    """Estimate the scatter of points (n, 3) about their surface where it is of the size of their spacing.

    Parameters
    ----------
    spacing : median spacing of the points, unit of the points.
    noise : standard deviation about the planes of nearest neighbours.

    Returns
    -------
    The standard deviation and cells wide enough for it; None where it is not strong, or where ever larger scales see
    ever more of it, since that is shape.
    """
    if noise <= STRONG * spacing:
        return None
    side = FIRST_CELL * spacing
    for step in range(MOST_ESTIMATES):
        cells = average_in_cells(points, None, side)
        own = cells.of_point
        away = ((points - cells.middles[own]) * cells.normals[own]).sum(axis=1)
        is_flat = cells.lows <= np.quantile(cells.lows, FLAT_SHARE)
        found = float(np.sqrt(np.mean(away[is_flat[own]].astype(np.float64) ** 2)))
        if step > 0 and found < STEADY * noise:
            return (found, cells) if found > STRONG * spacing else None
        noise, side = found, max(1.5 * side, CELL * found)
    return None


def settle_points(points: F4, normals: F4, noise: float) -> tuple[F4, F4]:
    """Average noisy points over cells as wide as their noise, and move the means onto their surface.

    Parameters
    ----------
    points, normals : (n, 3) float32; unit normals of settled sign.
    noise : standard deviation of the points about their surface, unit of the points, > 0.

    Returns
    -------
    Fewer points and unit normals (m, 3) float32.
    """
    cells = average_in_cells(points, normals, CELL * noise)
    places = cells.places
    for _ in range(N_MOVES):
        places = _move(places, cells.places, cells.normals, cells.counts, cells.around)
    return places, cells.normals


def flatten_cells(places: F4, counts: F4, around: I4) -> F4:
    """Return mean points (c, 3) on the planes through those `around` (c, k), weighted by `counts`."""
    middles, normals, _, _ = _fit_planes(places, np.zeros_like(places), counts, around)
    heights = ((places - middles) * normals).sum(axis=1)
    return np.asarray(places - heights[:, None] * normals, np.float32)


def settle_cells(places: F4, normals: F4, counts: F4, around: I4) -> F4:
    """Return mean points (c, 3) moved onto the spheres through those `around`; unit normals of settled sign."""
    planes = _fit_planes(places, normals, counts, around)[1]
    return _move(places, places, planes, counts, around)


@njit(parallel=True, cache=True)
def _fit_planes(places: F4, facing: F4, counts: F4, around: I4) -> tuple[F4, F4, F4, F4]:
    n, k = around.shape
    middles = np.empty((n, 3), np.float32)
    normals = np.empty((n, 3), np.float32)
    lows = np.empty(n, np.float32)
    for i in prange(n):
        fx, fy, fz = np.float64(facing[i, 0]), np.float64(facing[i, 1]), np.float64(facing[i, 2])
        for j in range(1, min(k, 9)):
            q = around[i, j]
            if facing[q, 0] * facing[i, 0] + facing[q, 1] * facing[i, 1] + facing[q, 2] * facing[i, 2] > 0:
                fx += facing[q, 0]
                fy += facing[q, 1]
                fz += facing[q, 2]
        last = around[i, k - 1]
        reach2 = 1e-30
        for axis in range(3):
            reach2 += (np.float64(places[last, axis]) - places[i, axis]) ** 2
        total = mx = my = mz = xx = xy = xz = yy = yz = zz = 0.0
        for j in range(k):
            q = around[i, j]
            if facing[q, 0] * fx + facing[q, 1] * fy + facing[q, 2] * fz < 0:  # another sheet of the object
                continue
            x = np.float64(places[q, 0]) - places[i, 0]
            y = np.float64(places[q, 1]) - places[i, 1]
            z = np.float64(places[q, 2]) - places[i, 2]
            weight = counts[q] * np.exp(-2 * (x * x + y * y + z * z) / reach2)
            total += weight
            mx += weight * x
            my += weight * y
            mz += weight * z
            xx += weight * x * x
            xy += weight * x * y
            xz += weight * x * z
            yy += weight * y * y
            yz += weight * y * z
            zz += weight * z * z
        total = max(total, 1e-30)
        mx /= total
        my /= total
        mz /= total
        nx, ny, nz, low, _, _ = smallest_eigenvector(
            xx / total - mx * mx,
            xy / total - mx * my,
            xz / total - mx * mz,
            yy / total - my * my,
            yz / total - my * mz,
            zz / total - mz * mz,
        )
        sign = 1.0 if nx * fx + ny * fy + nz * fz >= 0 else -1.0
        middles[i, 0] = places[i, 0] + mx
        middles[i, 1] = places[i, 1] + my
        middles[i, 2] = places[i, 2] + mz
        normals[i, 0] = sign * nx
        normals[i, 1] = sign * ny
        normals[i, 2] = sign * nz
        lows[i] = low
    return middles, normals, counts, lows


@njit(parallel=True, cache=True)
def _move(start: F4, places: F4, normals: F4, counts: F4, around: I4) -> F4:
    """Move each place `start` (n, 3) along its normal onto the sphere through the cells around."""
    n, k = around.shape
    moved = np.empty((n, 3), np.float32)
    for i in prange(n):
        last = around[i, k - 1]
        reach2 = 1e-30
        for axis in range(3):
            reach2 += (np.float64(places[last, axis]) - places[i, axis]) ** 2
        total = 1e-30
        px = py = pz = nx = ny = nz = pn = pp = 0.0
        for j in range(k):
            q = around[i, j]
            agreeing = normals[q, 0] * normals[i, 0] + normals[q, 1] * normals[i, 1] + normals[q, 2] * normals[i, 2]
            if agreeing < 0.3:
                continue
            x = np.float64(places[q, 0]) - start[i, 0]
            y = np.float64(places[q, 1]) - start[i, 1]
            z = np.float64(places[q, 2]) - start[i, 2]
            square = x * x + y * y + z * z
            weight = counts[q] * agreeing * np.exp(-2 * square / reach2)
            total += weight
            px += weight * x
            py += weight * y
            pz += weight * z
            nx += weight * normals[q, 0]
            ny += weight * normals[q, 1]
            nz += weight * normals[q, 2]
            pn += weight * (x * normals[q, 0] + y * normals[q, 1] + z * normals[q, 2])
            pp += weight * square
        spread = pp - (px * px + py * py + pz * pz) / total
        bend = 0.0
        if spread > 1e-6 * total * reach2:
            bend = 0.5 * (pn - (px * nx + py * ny + pz * nz) / total) / spread
        aside = (px * px + py * py + pz * pz) / (total * total * 0.25 * reach2)
        # beyond the rim of the points all lie to one side: a plane goes on sanely there, a sphere does not
        bend *= min(1.0, max(0.0, 1.5 - aside))
        ux = (nx - 2 * bend * px) / total
        uy = (ny - 2 * bend * py) / total
        uz = (nz - 2 * bend * pz) / total
        height = -(ux * px + uy * py + uz * pz + bend * pp) / total
        length = max(0.3, np.sqrt(ux * ux + uy * uy + uz * uz))
        for axis in range(3):
            moved[i, axis] = start[i, axis] - normals[i, axis] * height / length
    return moved
