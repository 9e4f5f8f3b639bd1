"""Disjoint sets (Tarjan, J. ACM 22 (1975)) over numbered things, by kernels without bounds to trip over."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from exhibit.model.arrays import I4

Ints = npt.NDArray[np.integer]
Signs = npt.NDArray[np.int8]


def _check(n: int, first: Ints, second: Ints) -> None:
    if len(first) and (min(first.min(), second.min()) < 0 or max(first.max(), second.max()) >= n):
        raise ValueError("a link names a thing that is not there")


def label_components(n: int, first: Ints, second: Ints) -> tuple[int, I4]:
    """Label the connected components of `n` things under the links ``first[i] - second[i]``.

    Returns
    -------
    the number of components, and (n,) int32 labels 0, 1, ... in order of their first member.
    """
    _check(n, first, second)
    roots = _join(n, np.ascontiguousarray(first, np.int32), np.ascontiguousarray(second, np.int32))
    # roots are the lowest members, so counting them along numbers components by first appearance
    number = np.cumsum(roots == np.arange(n)) - 1
    return int(number[-1]) + 1 if n else 0, number[roots].astype(np.int32)


def join_signed(n: int, first: Ints, second: Ints, agree: Signs) -> tuple[I4, Signs]:
    """Join things by links that say whether both ends have the same sign, earlier links first.

    Parameters
    ----------
    first, second : (m,) ends of the links, in the order in which they are to be believed (Kruskal's).
    agree : (m,) int8, 1 for the same sign, -1 for opposite signs. Links within a joined set are ignored.

    Returns
    -------
    (n,) int32, one member that stands for each thing's set, and (n,) int8, the sign relative to that member.
    """
    _check(n, first, second)
    return _join_signed(n, np.ascontiguousarray(first, np.int32), np.ascontiguousarray(second, np.int32), agree)


@njit(cache=True)
def _join(n: int, first: I4, second: I4) -> I4:
    parent = np.arange(n).astype(np.int32)
    for t in range(len(first)):
        a = first[t]
        b = second[t]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a != b:
            parent[max(a, b)] = min(a, b)
    for a in range(n):
        root = a
        while parent[root] != root:
            root = parent[root]
        parent[a] = root
    return parent


@njit(inline="always")
def _root(parent: I4, sign: Signs, a: int) -> tuple[int, int]:
    """Find the root of `a` and the sign of `a` relative to it, halving the path on the way."""
    relative = 1
    while parent[a] != a:
        p = parent[a]
        sign[a] = sign[a] * sign[p]
        parent[a] = parent[p]
        relative *= sign[a]
        a = parent[a]
    return a, relative


@njit(cache=True)
def _join_signed(n: int, first: I4, second: I4, agree: Signs) -> tuple[I4, Signs]:
    parent = np.arange(n).astype(np.int32)
    sign = np.ones(n, np.int8)
    size = np.ones(n, np.int32)
    for t in range(len(first)):
        a, sign_a = _root(parent, sign, first[t])
        b, sign_b = _root(parent, sign, second[t])
        if a == b:
            continue
        if size[a] < size[b]:
            a, b = b, a
        parent[b] = a
        sign[b] = sign_a * sign_b * agree[t]
        size[a] += size[b]
    roots = np.empty(n, np.int32)
    relative = np.empty(n, np.int8)
    for i in range(n):
        roots[i], relative[i] = _root(parent, sign, i)
    return roots, relative
