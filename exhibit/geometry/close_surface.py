"""Bounding what a reconstruction invents, so that it closes the object instead of ballooning away from it.

Poisson continues a surface smoothly into what was not seen. Inside the box of the points that is the best guess there
is; outside, it is cut, and what leans out is pressed flat against the box. Objects stand on a flat base that way.
"""

from __future__ import annotations

import numpy as np

from exhibit.model.arrays import F4, I4, Bool


def bound_invented(vertices: F4, faces: I4, invented: Bool, low: F4, high: F4) -> tuple[F4, Bool]:
    """Keep invented faces inside a box.

    Parameters
    ----------
    vertices, faces : (n, 3) float32 and (m, 3) int32.
    invented : (m,) bool.
    low, high : (3,) corners of the box.

    Returns
    -------
    vertices (n, 3) with those of invented faces pressed into the box, and (m,) bool, the faces that stay.
    """
    beyond = np.concatenate([vertices < low, vertices > high], axis=1)
    # all three corners beyond one wall: nothing of the face is inside
    outside = np.any(beyond[faces].all(axis=1), axis=1)
    scanned = np.zeros(len(vertices), bool)
    scanned[faces[~invented]] = True
    pressed = np.where(scanned[:, None], vertices, np.clip(vertices, low, high)).astype(np.float32)
    return pressed, ~(outside & invented)
