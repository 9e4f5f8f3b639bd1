"""Vertices on a lattice, as integers store them, without a face that collapses or turns over by the rounding.

Rounding each coordinate for itself lets the corners of small faces fall together, which tears or pinches the mesh.
Such a vertex goes to another of the lattice points around it, the nearest that leaves all its faces sound.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from exhibit.geometry.weld import find_equal_points
from exhibit.model.arrays import F8, I4, Bool

Places = npt.NDArray[np.int64]
_ROUNDS = 6
_LEAST_FACING = 0.5
_OFFSETS = np.array(list(itertools.product((-1, 0, 1), repeat=3)))


def round_to_lattice(places: F8, faces: I4) -> tuple[Places, int]:
    """Round the vertices of a mesh.

    Parameters
    ----------
    places : (n, 3) float64 in units of the lattice; vertices at one place (seams) stay at one.
    faces : (m, 3) int32.

    Returns
    -------
    (n, 3) int64, no coordinate further than 1.5 from where it was, and how many faces are still unsound: without area,
    turned by more than 60 degrees, or with a corner where another vertex is.
    """
    first = find_equal_points(places.astype(np.float32))
    joined = first[faces].astype(np.int32)
    rounded = np.rint(places).astype(np.int64)[first]
    for _ in range(_ROUNDS):
        is_bad = _find_unsound(places, rounded, joined, first)
        if not is_bad.any():
            break
        _mend(places, rounded, joined, is_bad)
        rounded = rounded[first]
    return rounded, int(_find_unsound(places, rounded, joined, first).sum())


def _find_unsound(places: F8, rounded: Places, faces: I4, first: Places) -> Bool:
    """Mark (m,) faces; those without area in truth cannot be unsound."""
    bad: Bool = ~_are_sound(places[faces], rounded[faces].astype(np.float64))
    is_used = np.zeros(len(first), bool)
    is_used[faces] = True
    own = np.flatnonzero(is_used)
    _, which, counts = np.unique(_keys(rounded[own]), return_inverse=True, return_counts=True)
    shares = np.zeros(len(first), bool)
    shares[own] = counts[which] > 1
    return bad | shares[faces].any(axis=1)


def _keys(rounded: Places) -> Places:
    """Return a number for each lattice point (..., 3), different within 2^20 along each axis."""
    at = rounded + (1 << 19)
    return np.asarray((at[..., 0] << 40) + (at[..., 1] << 20) + at[..., 2], np.int64)


def _are_sound(true: F8, stored: F8) -> Bool:
    before = np.cross(true[..., 1, :] - true[..., 0, :], true[..., 2, :] - true[..., 0, :])
    after = np.cross(stored[..., 1, :] - stored[..., 0, :], stored[..., 2, :] - stored[..., 0, :])
    facing = (before * after).sum(axis=-1)
    lengths = np.linalg.norm(before, axis=-1) * np.linalg.norm(after, axis=-1)
    sound: Bool = (facing > _LEAST_FACING * lengths) | (np.linalg.norm(before, axis=-1) == 0)
    return sound


def _mend(places: F8, rounded: Places, faces: I4, is_bad: Bool) -> None:
    """Move corners of bad faces in place."""
    suspects = np.unique(faces[is_bad])
    touched = np.zeros(len(places), bool)
    touched[suspects] = True
    near = faces[touched[faces].any(axis=1)]
    is_used = np.zeros(len(places), bool)
    is_used[faces] = True
    keys = np.sort(_keys(rounded[is_used]))
    moved: dict[int, int] = {}
    for vertex in suspects:
        star = near[(near == vertex).any(axis=1)]
        options = np.rint(places[vertex]).astype(np.int64) + _OFFSETS
        corners = np.repeat(rounded[star][None].astype(np.float64), len(options), axis=0)
        for k in range(3):
            here = star[:, k] == vertex
            corners[:, here, k] = options[:, None]
        n_bad = (~_are_sound(places[star], corners)).sum(axis=1)
        now, there = int(_keys(rounded[vertex])), _keys(options)
        held = np.searchsorted(keys, there, "right") - np.searchsorted(keys, there, "left") - (there == now)
        held += [moved.get(int(key), 0) for key in there]
        away = np.linalg.norm(options - places[vertex], axis=1)
        best = np.lexsort((away, n_bad + (held > 0)))[0]
        rounded[vertex] = options[best]
        moved[now] = moved.get(now, 0) - 1
        moved[int(there[best])] = moved.get(int(there[best]), 0) + 1
