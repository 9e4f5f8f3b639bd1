"""Points of a surface that is given by a signed distance: drawn onto it along the gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exhibit.model.arrays import F8

_CORNERS = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], dtype=np.float64)


def gradient_of(distance: Callable[[F8], F8], points: F8, step: float) -> F8:
    """Return the gradient (n, 3) from four samples at the corners of a tetrahedron of half size `step`."""
    return np.asarray(sum(corner * distance(points + step * corner)[:, None] for corner in _CORNERS)) / (4 * step)
