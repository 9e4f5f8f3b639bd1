"""Which parts are the subject's: one point and one part first, then nearness against the parts' own spacing."""

import numpy as np
import pytest
from analytic import plane, sphere

from exhibit.geometry.neighbours import PointIndex, local_spacing
from exhibit.geometry.normals import estimate_planes
from exhibit.geometry.parts import FRAGMENT, IN_SUBJECT, NEIGHBOUR, STRAY, PartRules, choose_subject


def chosen(*parts, rules=PartRules(), colors=None):
    points = np.concatenate(parts).astype(np.float32)
    neighbours = PointIndex(points).nearest(None, 20)
    spacing = local_spacing(neighbours)
    planes = estimate_planes(points, neighbours)
    subject = choose_subject(points, colors, spacing, planes, neighbours, np.ones(len(points), bool), rules)
    ends = np.cumsum([len(part) for part in parts])
    return [
        (float(keep.mean()), int(np.bincount(kind).argmax()))
        for keep, kind in zip(np.split(subject.keep, ends[:-1]), np.split(subject.kind, ends[:-1]), strict=True)
    ]


BALL = sphere(20_000).points
"""Spacing 0.025."""


def disc(n, radius, at):
    """An even sheet."""
    angle, r = np.arange(n) * 2.399963, radius * np.sqrt((np.arange(n) + 0.5) / n)
    return np.stack([r * np.cos(angle), r * np.sin(angle), np.zeros(n)], axis=1) + np.asarray(at)


def test_one_part_is_the_subject_whole():
    assert chosen(BALL) == [(1.0, IN_SUBJECT)]


def test_a_sparse_sheet_near_against_its_own_spacing_stays_and_a_dense_one_as_far_goes():
    # both hang 0.4 below the ball: 16 spacings of the ball, 4 of the sparse sheet's
    sparse, dense = disc(60, 0.4, (0, 0, -1.4)), disc(4000, 0.4, (0, 0, 1.4))
    assert chosen(BALL, sparse, dense) == [(1.0, IN_SUBJECT), (1.0, IN_SUBJECT), (0.0, NEIGHBOUR)]


def test_the_subject_grows_from_part_to_part():
    steps = [disc(300, 0.15, (0, 0, 1 + 0.15 * number)) for number in (1, 2, 3, 4)]
    assert [kind for _, kind in chosen(BALL, *steps)] == [IN_SUBJECT] * 5
    # without the second step the third has nothing to stand on
    assert [kind for _, kind in chosen(BALL, steps[0], steps[2], steps[3])] == [
        IN_SUBJECT,
        IN_SUBJECT,
        *[NEIGHBOUR] * 2,
    ]


def test_rough_things_beside_it_are_fragments_few_points_are_strays_and_each_kind_can_be_kept():
    rng = np.random.default_rng(2)
    tuft = rng.uniform(-0.1, 0.1, (400, 3)) + np.array([0, 0, 1.22])
    clump = rng.uniform(-0.02, 0.02, (8, 3)) + np.array([3.0, 0, 0])
    assert chosen(BALL, tuft, clump)[1:] == [(0.0, FRAGMENT), (0.0, STRAY)]
    kept = chosen(BALL, tuft, clump, rules=PartRules(frozenset({FRAGMENT, STRAY})))
    assert [share for share, _ in kept] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("wanted", "shares"), [(1, [1, 0, 0]), (2, [1, 1, 0])])
def test_only_the_largest_parts_are_kept_by_number_however_near_the_others(wanted, shares):
    wall, near = plane(4000, size=1.2).points + np.array([9.0, 0, 0]), disc(300, 0.15, (0, 0, 1.15))
    found = chosen(BALL, wall, near, rules=PartRules(keep_largest=wanted))
    assert [share for share, _ in found] == shares
