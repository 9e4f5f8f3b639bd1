"""Points denser than their noise lets a surface follow, averaged: how wide, and where their surface runs.

A mean of m points is known sqrt(m) times better. Cells grow until what is left of the noise is a tenth of their side;
wider ones lose form: on a statue of 2 million points, noise .05 % of the diagonal, cells of .18 % leave .0152 / .0163 %
to and from the truth at 50,000 triangles (truth itself decimated: .0134), cells of .15 % .0148 / .0160 for 1.6 times
the time, cells of .23 % .0192 / .0230. A cell that a surface touches with a corner holds few points, far from it, so
planes and spheres through the cells around weigh them by their points (algebraic point set surfaces, see `settle`);
means as they are, all alike, left .0227 / .0208.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.neighbours import Neighbours, PointIndex, local_spacing
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.settle import find_strong_noise, flatten_cells, settle_cells
from exhibit.model.arrays import F4, Bool

LEFT = 0.1
"""Noise of a mean that is left, in sides of its cell."""
NARROWEST = 3.5
"""Side of a cell in standard deviations of the noise: narrower ones lie in layers."""
WORTH = 2.0
"""Side of a cell in spacings from which on averaging saves something."""
FEWEST = 150_000
"""Points that are left at least; as many as a fine level has triangles."""
PER_AREA = 1.4
"""Occupied cells of a grid for each square of their side that a rough surface has."""
N_AROUND = 16
_N_NEIGHBOURS = 20
_N_ASKED = 20_000
_FLAT_SHARE = 0.25
_N_FEW, _FEW, _BALL = 9, 2.0, 0.06
"""Means around that are looked at, points they hold on the average, and scatter across their plane, of lone ones."""
_SPARSE = 3.0
"""Median spacings above which a point does not count for more area."""


@dataclass(frozen=True, slots=True)
class Density:
    """How dense a cloud is: median distance between neighbouring points, their noise, and the area they cover."""

    spacing: float
    noise: float
    area: float

    @classmethod
    def of(cls, sample: F4, n_each: float) -> Density | None:
        """Estimate it from an even sample (n, 3), of which each point stands for `n_each`; None of too few points."""
        if len(sample) <= _N_NEIGHBOURS:
            return None
        # a tenth of the points tells as much, among all the others; they come first, as rows of a table do
        asked = np.zeros(len(sample), bool)
        asked[:: max(1, len(sample) // _N_ASKED)] = True
        points = np.concatenate([sample[asked], sample[~asked]])
        near = PointIndex(points).nearest(points[: int(asked.sum())], _N_NEIGHBOURS)
        spacing = local_spacing(near)
        middle = float(np.median(spacing))
        if middle <= 0:
            return None
        residuals = estimate_planes(points, near).residuals
        noise = float(np.quantile(residuals / np.maximum(spacing, 1e-30), _FLAT_SHARE)) * middle
        strong = find_strong_noise(sample, middle, noise)
        area = float((np.minimum(spacing, _SPARSE * middle).astype(np.float64) ** 2).mean()) * len(sample)
        return cls(middle / n_each**0.5, noise if strong is None else strong[0], area)

    def cell_for(self, n_points: int) -> float:
        """Return the side of cells of which about `n_points` are occupied."""
        return float((PER_AREA * self.area / n_points) ** 0.5)

    def noise_cell(self) -> float:
        """Return the side of cells that leave little noise; 0 where averaging is not worth its loss."""
        cell = max((self.noise * self.spacing / LEFT) ** 0.5, NARROWEST * self.noise)
        # cells any narrower lie in layers, and planes follow those: few points of strong noise are left as they are
        return cell if WORTH * self.spacing <= cell <= self.cell_for(FEWEST) else 0.0


def find_lone(means: F4, counts: F4, near: Neighbours, cell: float) -> Bool:
    """Return (n,) true for means (n, 3) of one or two points each, far apart and in no plane: strays in the open.

    Where a dense cloud is averaged, its strays are as many as the cells of its surface, and no longer look sparse.
    Of a statue of 2 to 20 million points this finds 85 % of the strays, and nothing else; the others lie at its skin.
    """
    if near.indices.shape[1] < _N_FEW:
        return np.zeros(len(means), bool)
    few = counts[near.indices[:, :_N_FEW]].mean(axis=1) <= _FEW
    is_lone: Bool = few & (local_spacing(near) > WORTH * cell)
    rows = np.flatnonzero(is_lone)
    points = np.concatenate([means[rows], means])
    table = Neighbours(near.distances[rows], near.indices[rows] + np.int32(len(rows)))
    is_lone[rows] = estimate_planes(points, table).scatter > _BALL
    return is_lone


@dataclass(frozen=True, slots=True)
class Averaged:
    """Means of points.

    Parameters
    ----------
    means : (n, 3) float32.
    counts : (n,) float32, points that each is the mean of.
    """

    means: F4
    counts: F4

    def on_planes(self, neighbours: Neighbours) -> F4:
        """Return the means (n, 3) moved onto the planes through their neighbours."""
        return flatten_cells(self.means, self.counts, neighbours.indices)

    def on_spheres(self, normals: F4, neighbours: Neighbours) -> F4:
        """Return the means (n, 3) moved onto the spheres through those around.

        Parameters
        ----------
        normals : (n, 3) float32, unit length, of settled sign.
        neighbours : of the means on their planes, whose neighbours follow the surface.
        """
        around = np.ascontiguousarray(neighbours.indices[:, :N_AROUND])
        return settle_cells(self.means, normals, self.counts, around)
