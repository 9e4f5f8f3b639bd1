"""Cutting away what a reconstruction invented.

A face is invented when its CENTRE is far from every point (Poisson's faces are huge where it had no data, so testing
vertices misses them). Small, shallow patches of invented faces are holes worth filling; wide or far ones are the
balloon that Poisson blows over missing sides, and go, which leaves an honest open border. The usual density quantile
cut holes into closed objects and left 51 to 67 % of a real scan invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.geometry.adjacency import Adjacency, find_adjacency, label_face_parts
from exhibit.geometry.mesh_measures import face_areas, face_centres
from exhibit.geometry.neighbours import PointIndex
from exhibit.geometry.support import SEEN, measure_onesidedness, measure_support
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
    is_beyond : (m,) bool, off the points with all of them to one side: past their border, not in a gap.
    """

    support: F4
    is_filled: Bool
    is_unseen: Bool
    is_crumb: Bool
    is_beyond: Bool


def judge_faces(vertices: F4, faces: I4, index: PointIndex, spacing: F4) -> Trust:
    """Judge faces (m, 3) by the points: `index` is their search tree, `spacing` (p,) their local spacing."""
    centres = face_centres(vertices, faces)
    support = measure_support(centres, index, spacing)
    beyond = support > BORDER_REACH
    beyond[beyond] = measure_onesidedness(centres[beyond], index) > ONE_SIDED
    invented = support > SEEN
    adjacency = find_adjacency(faces)
    alike = invented[:, None] == invented[np.maximum(adjacency.across, 0)]
    n, labels = label_face_parts(adjacency, alike)
    areas = face_areas(vertices, faces)
    patch_area = np.bincount(labels, weights=areas, minlength=n)
    reach = np.zeros(n, np.float32)
    np.maximum.at(reach, labels, support)
    large = (reach > FILL_REACH) | (patch_area > FILL_SHARE * areas[~invented].sum())
    tiny = patch_area < CRUMB_AREA * float(np.median(spacing)) ** 2
    return Trust(support, invented & ~large[labels], invented & large[labels], ~invented & tiny[labels], beyond)


def find_trusted_faces(faces: I4, trust: Trust) -> Bool:
    """Mark (m,) the faces to keep where holes stay open: scanned ones, and small patches between them."""
    return _peel_rim(~(trust.is_unseen | trust.is_crumb), find_adjacency(faces), trust)


def _peel_rim(kept: Bool, adjacency: Adjacency, trust: Trust) -> Bool:
    """Drop kept faces that reach out of the data and hang on dropped ones, so that borders follow the last points.

    What lies past the border goes however wide it is, else a sparse rim swells the object by centimetres. Of the rest
    only a narrow rim: peeling on would cut the thin bridges that hold sparse parts.
    """
    across = np.maximum(adjacency.across, 0)
    for step in range(MOST_PEELS):
        beside = ((adjacency.across >= 0) & ~kept[across]).any(axis=1)
        loose = trust.is_beyond | (trust.support > RIM_REACH) if step < RIM_FACES else trust.is_beyond
        peeled = kept & beside & loose
        if not peeled.any():
            break
        kept = kept & ~peeled
    return kept
