"""Texels past the edge of a chart."""

import numpy as np

from exhibit.geometry.rasterise import rasterise, rasterise_with_rim

# two triangles side by side, a seam between them 6 texels wide, and a sliver
UV = np.array(
    [[10, 10], [40, 10], [10, 40], [46, 10], [60, 10], [46, 40], [10, 50.5], [60, 50.5], [35, 50.52]], np.float32
) / np.float32(64)  # fmt: skip
FACES = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8]], np.int32)


def test_charts_go_on_past_their_edges_by_the_rim_and_no_farther():
    plain, rimmed = rasterise(UV, FACES, 64), rasterise_with_rim(UV, FACES, 64, 0, 64, 2)
    was, now = plain.face >= 0, rimmed.face >= 0
    assert (rimmed.face[was] == plain.face[was]).all()
    assert (rimmed.weights[was] == plain.weights[was]).all()
    row, column = np.nonzero(now & ~was)
    away = [np.abs(np.argwhere(was) - place).max(axis=1).min() for place in np.stack([row, column], 1)]
    assert len(away) > 200
    assert max(away) == 2
    # their weights still say where they lie: the plane of the face goes on
    corner = UV[FACES[rimmed.face[row, column]]] * 64
    weights = rimmed.weights[row, column]
    at = corner[:, 0] + weights[:, :1] * (corner[:, 1] - corner[:, 0]) + weights[:, 1:] * (corner[:, 2] - corner[:, 0])
    assert np.abs(at - np.stack([column, row], 1) - 0.5).max() < 1e-3
    # beside a sliver a rim would lie anywhere
    assert np.abs(weights).max() < 4


def test_rows_come_out_the_same_whether_asked_for_together_or_in_bands():
    whole = rasterise_with_rim(UV, FACES, 64, 0, 64, 2)
    for rows in (1, 7, 32):
        bands = [rasterise_with_rim(UV, FACES, 64, first, min(rows, 64 - first), 2) for first in range(0, 64, rows)]
        assert np.array_equal(np.concatenate([band.face for band in bands]), whole.face)
        assert np.array_equal(np.concatenate([band.weights for band in bands]), whole.weights)


def test_nothing_and_what_is_not_a_number_have_no_rim():
    assert (rasterise_with_rim(UV, FACES[:0], 64, 0, 64, 2).face == -1).all()
    assert (rasterise_with_rim(np.full_like(UV, np.nan), FACES, 64, 0, 64, 2).face == -1).all()
