"""Directions over a hemisphere, cosine-weighted: what a matt surface collects light from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from exhibit.geometry.tangents import any_orthogonal
from exhibit.model.arrays import F4, F8

I8 = npt.NDArray[np.int64]

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])


def hammersley(n: int) -> F8:
    """Return (n, 2) float64 points of the unit square, evenly spread (Hammersley 1960, van der Corput in base 2)."""
    numbers = np.arange(n, dtype=np.uint64)
    reversed_bits = np.zeros(n)
    for bit in range(32):
        reversed_bits += ((numbers >> np.uint64(bit)) & np.uint64(1)) * 0.5 ** (bit + 1)
    return np.stack([(np.arange(n) + 0.5) / n, reversed_bits], axis=1)


def scramble(n: int, first: int = 0) -> F8:
    """Return (n, 2) float64 in [0, 1): the same well-mixed shift for the same number, counted from `first`."""
    numbers = np.arange(first, first + n, dtype=np.uint32)
    shifts = []
    for salt in (0x9E3779B9, 0x85EBCA6B):
        mixed = numbers ^ np.uint32(salt)
        # the finaliser of MurmurHash3 (Appleby)
        mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        shifts.append((mixed ^ (mixed >> np.uint32(16))) / 2.0**32)
    return np.stack(shifts, axis=1)


def shifts_in_tiles(columns: I8, rows: I8, n_directions: int) -> F8:
    """Return (n, 2) float64 in [0, 1): shifts for pixels; the rays of any 4 x 4 of them fill the square evenly.

    A blur as wide as that leaves next to no grain. Neighbours lie far apart (Bayer 1973).
    """
    order = _BAYER[rows % 4, columns % 4]
    return np.stack([order / (16.0 * n_directions), hammersley(16)[order, 1]], axis=1)


def cosine_directions(normals: F4, n_directions: int, first: int = 0, shifts: F8 | None = None) -> F4:
    """Return unit directions (n, n_directions, 3) float32 about each of `normals` (n, 3), cosine-weighted.

    Each normal gets the same pattern, shifted by a number of its own (Cranley & Patterson 1976), so that what remains
    of error is fine grain and not bands. `first` is the number of the first normal; `shifts` (n, 2) are given instead.
    """
    axis = normals.astype(np.float64)
    side = any_orthogonal(axis)
    other = np.cross(axis, side)
    shifts = scramble(len(normals), first) if shifts is None else shifts
    square = (hammersley(n_directions)[None] + shifts[:, None]) % 1.0
    radius, turn = np.sqrt(square[:, :, 0]), 2 * np.pi * square[:, :, 1]
    x, y, z = radius * np.cos(turn), radius * np.sin(turn), np.sqrt(1 - square[:, :, 0])
    directions = x[..., None] * side[:, None] + y[..., None] * other[:, None] + z[..., None] * axis[:, None]
    return directions.astype(np.float32)


def cone_directions(
    axis: F4, half_angle_deg: float, n: int, n_directions: int, first: int = 0, shifts: F8 | None = None
) -> F4:
    """Return unit directions (n, n_directions, 3) float32 inside a cone about the unit `axis` (3,): a round lamp.

    `first` numbers the first of the `n` places, each of which gets a pattern of its own; `shifts` (n, 2) are given
    instead.
    """
    center = axis.astype(np.float64)[None]
    side = any_orthogonal(center)
    other = np.cross(center, side)
    shifts = scramble(n, first) if shifts is None else shifts
    square = (hammersley(n_directions)[None] + shifts[:, None]) % 1.0
    slope = np.tan(np.radians(half_angle_deg)) * np.sqrt(square[:, :, 0])
    turn = 2 * np.pi * square[:, :, 1]
    ray = center + (slope * np.cos(turn))[..., None] * side + (slope * np.sin(turn))[..., None] * other
    unit: F4 = (ray / np.linalg.norm(ray, axis=2, keepdims=True)).astype(np.float32)
    return unit
