"""Cutting away what a reconstruction invented.

A face is invented when its CENTRE is far from every point (Poisson's faces are huge where it had no data, so testing
vertices misses them). Small, shallow patches of invented faces are holes worth filling; wide or far ones are the
balloon that Poisson blows over missing sides, and go, which leaves an honest open border. The usual density quantile
cut holes into closed objects and left 51 to 67 % of a real scan invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.adjacency import Adjacency, label_face_parts
from exhibit.geometry.mesh_measures import face_areas, face_centres
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.support import SEEN, measure_onesidedness
from exhibit.model.arrays import F4, I4, Bool

FILL_REACH = 10.0
"""Spacings from the nearest point that a filled patch may reach."""
FILL_SHARE = 0.01
"""Share of the scanned area that one filled patch may have."""
CRUMB_AREA = 30.0
"""Squared spacings below which an island of scanned faces is noise on the balloon."""
RIM_REACH = 1.5
"""Spacings from the nearest point that the rim of an open border may reach."""
RIM_FACES = 2
BORDER_REACH = 0.8
"""Spacings from the nearest point beyond which a one-sided face lies past the border."""
ONE_SIDED = 0.8
"""A straight border has 0.64 on it, 0.85 one spacing beyond."""
MOST_PEELS = 200


@dataclass(frozen=True, slots=True)
class Trust:
    """What stands behind the faces of a reconstruction.

    Parameters
    ----------
    support : (m,) float32, spacings from a face's centre to the nearest point.
    is_filled : (m,) bool, in a small gap between points.
    is_unseen : (m,) bool, in a wide or deep hole.
    is_crumb : (m,) bool, in a small island of scanned faces amid unseen ones.
    """

    support: F4
    is_filled: Bool
    is_unseen: Bool
    is_crumb: Bool


def judge_faces(vertices: F4, faces: I4, adjacency: Adjacency, support: F4, spacing: float) -> Trust:
    """Judge faces (m, 3) by the points.

    Parameters
    ----------
    support : (m,) float32, spacings from a face's centre to the nearest point.
    spacing : median spacing of the points, unit of the vertices.
    """
    invented = support > SEEN
    alike = invented[:, None] == invented[np.maximum(adjacency.across, 0)]
    n, labels = label_face_parts(adjacency, alike)
    areas = face_areas(vertices, faces)
    patch_area = np.bincount(labels, weights=areas, minlength=n)
    reach = np.zeros(n, np.float32)
    np.maximum.at(reach, labels, support)
    large = (reach > FILL_REACH) | (patch_area > FILL_SHARE * areas[~invented].sum())
    tiny = patch_area < CRUMB_AREA * spacing**2
    return Trust(support, invented & ~large[labels], invented & large[labels], ~invented & tiny[labels])


def find_trusted_faces(vertices: F4, faces: I4, adjacency: Adjacency, trust: Trust, index: PointIndex) -> Bool:
    """Mark (m,) the faces to keep where holes stay open: scanned ones, and small patches between them.

    Faces that reach out of the data and hang on dropped ones go too, so that borders follow the last points: off the
    points with all of them to one side, hence past their border and not in a gap, however wide that is, else a sparse
    rim swells the object by centimetres. Of the rest only a narrow rim: peeling on would cut the thin bridges that hold
    sparse parts.
    """
    kept = ~(trust.is_unseen | trust.is_crumb)
    across = np.maximum(adjacency.across, 0)
    is_beyond = np.zeros(len(faces), bool)
    is_judged = trust.support <= BORDER_REACH
    for step in range(MOST_PEELS):
        beside = kept & ((adjacency.across >= 0) & ~kept[across]).any(axis=1)
        new = np.flatnonzero(beside & ~is_judged)
        is_beyond[new] = measure_onesidedness(face_centres(vertices, faces[new]), index) > ONE_SIDED
        is_judged[new] = True
        peeled = beside & (is_beyond | (trust.support > RIM_REACH) if step < RIM_FACES else is_beyond)
        if not peeled.any():
            break
        kept = kept & ~peeled
    return kept
