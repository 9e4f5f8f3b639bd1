"""Which points are the subject: connected parts, and which of them belong to it.

Two points are linked when they are close against BOTH local spacings. This alone separates the plants and the wall from
the stone lion of Takanawa, no colour used; any reach from 1.8 to 5 gives the same. The subject then grows from its
largest part over smooth parts beside it, near against THEIR spacing too: of the Buddha head, whose neck is ten times
sparser than its crown, .979 of the points stay instead of .952. Against labels drawn before (tests/real/labels) the
lion has precision 1.000 and recall .999, the head .999 and .979; nearness of 8 to 16 spacings gives the same, 24 lets
shrubs in. Leaves are recognised by colour (excess green: Woebbecke et al., Trans. ASAE 38 (1995) 259) AND roughness,
because green bronze and moss are also green.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exhibit.geometry.neighbours import Neighbours, PointIndex
from exhibit.geometry.normals import Planes
from exhibit.geometry.unions import label_components
from exhibit.model.arrays import F4, F8, I4, U1, Bool

LINK_REACH = 3.0
"""Spacings that a link may span."""
NEAR_GAP = 8.0
"""Spacings within which a smooth part still belongs to the subject."""
SPARSEST = 4.0
"""Times the subject's spacing up to which a part's own spacing says what is near."""
BIG_SHARE = 0.25
"""Share of the subject's area from which on a separate smooth part is kept wherever it is."""
MIN_PART = 20
GREEN = 0.10
OWN_GREEN = 0.05
"""Share of smooth places that are green, from which on the object is: 0.78 on a bronze, 0.30 on a jade, 0.10 on a horse
with green glaze, 0.001 on a stone lion."""

IN_SUBJECT, STRAY, FRAGMENT, NEIGHBOUR = 0, 1, 2, 3
"""Kinds of parts: the subject's; of fewer than `MIN_PART` points; near it, but rough as what hangs or grows there; the
others, which stand apart."""


@dataclass(frozen=True, slots=True)
class PartRules:
    """What is asked of the choice.

    Parameters
    ----------
    kinds_kept : kinds of parts that are kept too.
    keep_largest : keep this many parts, the largest by area, and no other; None leaves it to their nearness.
    """

    kinds_kept: frozenset[int] = frozenset()
    keep_largest: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The chosen points.

    Parameters
    ----------
    keep : (n,) bool.
    kind : (n,) uint8, kind of each point's part; of points out of question it means nothing.
    n_parts, n_kept : connected parts of more than one point, and those kept.
    leaf_share : share of the KEPT points that look like leaves (rough and green); they are not cut. 0 where the object
        itself is green.
    """

    keep: Bool
    kind: npt.NDArray[np.uint8]
    n_parts: int
    n_kept: int
    leaf_share: float


def link_parts(neighbours: Neighbours, spacing: F4, use: Bool, k: int = 8) -> tuple[int, I4]:
    """Label the connected parts among the points marked in `use`; every other point is a part of its own."""
    n = len(spacing)
    k = min(k, neighbours.indices.shape[1] - 1)
    a = np.repeat(np.arange(n, dtype=np.int32), k)
    b = neighbours.indices[:, 1 : k + 1].ravel()
    close = neighbours.distances[:, 1 : k + 1].ravel() < LINK_REACH * np.minimum(spacing[a], spacing[b])
    close &= use[a] & use[b]
    return label_components(n, a[close], b[close])


def choose_subject(
    points: F4,
    colors: U1 | None,
    spacing: F4,
    planes: Planes,
    neighbours: Neighbours,
    use: Bool,
    rules: PartRules = PartRules(),
) -> Subject:
    """Keep the largest part, and of the others those that are near or large, and smooth.

    Parameters
    ----------
    points : (n, 3) float32.
    colors : (n, 3) uint8 sRGB, or None.
    spacing : (n,) float32.
    use : (n,) bool, points still in question (outliers are not); at least one.
    """
    median = float(np.median(spacing[use]))
    # twice and a half the cloud's own roughness: a noisy green statue must not lose its skin
    rough = max(0.05, 2.5 * float(np.median(planes.scatter[use])))
    green = _excess_green(colors, len(points))
    n, labels = link_parts(neighbours, spacing, use)
    count = np.bincount(labels, minlength=n)
    # area, not count: a densely scanned leaf must not outweigh the object; single sparse points count little
    area = np.bincount(labels, weights=np.minimum(spacing, 3 * median).astype(np.float64) ** 2 * use, minlength=n)
    roughness = np.bincount(labels, weights=planes.scatter, minlength=n) / count
    greenness = np.bincount(labels, weights=green, minlength=n) / count
    own = np.bincount(labels, weights=spacing, minlength=n) / count
    main = int(area.argmax())
    able = (count >= MIN_PART) & (roughness < 1.2 * rough) & ~((roughness > rough) & (greenness > GREEN))
    kept = able & (area > BIG_SHARE * area[main])
    kept[main] = True
    reach = NEAR_GAP * np.clip(own, median, SPARSEST * median)
    gap = _grow(points, labels, use, able, kept, reach)
    kind = np.where(count < MIN_PART, STRAY, np.where(gap < reach, FRAGMENT, NEIGHBOUR))
    kind[kept] = IN_SUBJECT
    if rules.keep_largest is not None:
        kept[:] = False
        kept[np.argsort(-area, kind="stable")[: rules.keep_largest]] = True
        kept &= area > 0
        kind[~kept & (kind == IN_SUBJECT)] = NEIGHBOUR
    else:
        kept |= np.isin(kind, list(rules.kinds_kept))
    keep: Bool = kept[labels] & use
    leaf_share = _leaf_share(planes, green, neighbours, keep, rough)
    of_point = kind.astype(np.uint8)[labels]
    return Subject(keep, of_point, int((count > 1).sum()), int((kept & (count > 1)).sum()), leaf_share)


def _grow(points: F4, labels: I4, use: Bool, able: Bool, kept: Bool, reach: F8) -> F4:
    """Add to `kept` (by part, in place) what is able and within its reach; return each part's gap to what is kept."""
    gap = np.full(len(kept), np.inf, np.float32)
    fresh = kept.copy()
    while True:
        new, waiting = fresh[labels] & use, ~kept[labels] & use
        if not new.any() or not waiting.any():
            return gap
        found = PointIndex(points[new]).nearest(points[waiting], 1)
        np.minimum.at(gap, labels[waiting], found.distances[:, 0])
        fresh = able & ~kept & (gap < reach)
        kept |= fresh


def _excess_green(colors: U1 | None, n: int) -> F4:
    if colors is None:
        return np.zeros(n, np.float32)
    rgb = colors.astype(np.float32)
    excess: F4 = (2 * rgb[:, 1] - rgb[:, 0] - rgb[:, 2]) / (rgb.sum(axis=1) + 1)
    return excess


def _leaf_share(planes: Planes, green: F4, neighbours: Neighbours, keep: Bool, rough: float) -> float:
    around = neighbours.indices[:, :12]
    is_green = green[around].mean(axis=1) > GREEN
    is_rough = planes.scatter[around].mean(axis=1) > rough
    # where smooth places are green too, green is the object's own colour: bronze, jade, glaze
    if (is_green & keep & ~is_rough).sum() > OWN_GREEN * max(1, (keep & ~is_rough).sum()):
        return 0.0
    return float((is_green & is_rough & keep).sum() / max(1, keep.sum()))
