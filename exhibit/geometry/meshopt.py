"""Decoding of meshopt-compressed buffers, as glTF's EXT_ and KHR_meshopt_compression hold them.

Sources: Khronos Group, *EXT_meshopt_compression* (ratified), Appendix A (bitstreams) and B (filters), and
*KHR_meshopt_compression*, which adds version 1 of the attribute stream and the colour filter. Three streams:
attributes (each byte of a vertex as differences to the vertex before it, in blocks), triangles (indices by reference
to recent edges and vertices) and indices (differences to one of two baselines).

A stream tells neither its length nor its counts, so every step checks that it stays inside.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from exhibit.geometry.meshopt_filters import apply_filter
from exhibit.geometry.wide_integers import wide
from exhibit.model.arrays import U1

U4 = npt.NDArray[np.uint32]
_MAX_EXPANSION: Final = 1024
"""A block of 256 elements takes at least a quarter byte per byte of stride."""


def decode_meshopt(data: U1, n_elements: int, stride: int, mode: str, filter_name: str = "NONE") -> U1:
    """Decode one compressed buffer view.

    Parameters
    ----------
    data : (k,) uint8, the compressed bytes.
    n_elements, stride : elements to decode and bytes of each.
    mode : ``ATTRIBUTES``, ``TRIANGLES`` or ``INDICES``.
    filter_name : ``NONE``, ``OCTAHEDRAL``, ``QUATERNION``, ``EXPONENTIAL`` or ``COLOR``.

    Returns
    -------
    (n_elements * stride,) uint8, as the uncompressed buffer view has them.

    Raises
    ------
    ValueError
        The bytes are no such stream, or claim more than they can hold.
    """
    data = np.ascontiguousarray(data)
    if n_elements < 0 or n_elements * stride > _MAX_EXPANSION * len(data):
        raise ValueError("a meshopt buffer promises more than it can hold")
    if mode == "ATTRIBUTES":
        if not 0 < stride <= 256 or stride % 4:
            raise ValueError(f"a meshopt buffer has a stride of {stride} bytes")
        decoded = np.zeros(n_elements * stride, np.uint8)
        if not _decode_attributes(data, n_elements, stride, decoded):
            raise ValueError("a meshopt attribute buffer is damaged")
        return apply_filter(decoded, stride, filter_name)
    if stride not in (2, 4) or mode not in ("TRIANGLES", "INDICES") or (mode == "TRIANGLES" and n_elements % 3):
        raise ValueError(f"a meshopt buffer of {n_elements} elements of {stride} bytes cannot be {mode}")
    indices = np.zeros(n_elements, np.uint32)
    is_sound = _decode_triangles(data, indices) if mode == "TRIANGLES" else _decode_indices(data, indices)
    if not is_sound:
        raise ValueError("a meshopt index buffer is damaged")
    return indices.astype("<u2" if stride == 2 else "<u4").view(np.uint8)


@njit(cache=True, nogil=True)
def _unzigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


@njit(cache=True, nogil=True)
def _decode_attributes(data: U1, n_elements: int, stride: int, output: U1) -> bool:
    if len(data) < 1 or (data[0] != 0xA0 and data[0] != 0xA1):
        return False
    version = wide(data[0]) & 15
    n_channels = stride // 4 if version == 1 else 0
    tail = len(data) - stride - n_channels
    # the tail is padded, so that readers may look ahead of the last block
    end = len(data) - max(stride + n_channels, 24 if version == 1 else 32)
    if end < 1:
        return False
    previous = data[tail : tail + stride].copy()
    channels = data[tail + stride :]
    block = min(8192 // stride // 16 * 16, 256)
    deltas = np.zeros((stride, block), np.uint8)
    at = 1
    for first in range(0, n_elements, block):
        n_block = min(block, n_elements - first)
        control = at
        at += n_channels
        if at > end:
            return False
        for byte in range(stride):
            mode = (wide(data[control + byte // 4]) >> (byte % 4 * 2)) & 3 if version == 1 else -1
            at = _read_deltas(data, at, end, mode, n_block, deltas[byte])
            if at < 0:
                return False
        for four in range(0, stride, 4):
            channel = wide(channels[four // 4]) if version == 1 else 0
            if channel & 3 == 3:
                return False
            for i in range(n_block):
                _add_delta(deltas, i, four, channel, previous)
                place = (first + i) * stride + four
                for k in range(4):
                    output[place + k] = previous[four + k]
    return at == end


@njit(cache=True, nogil=True)
def _read_deltas(data: U1, at: int, end: int, mode: int, n_block: int, deltas: U1) -> int:
    """Read one byte's differences of a block; return where the next begin, or -1.

    `mode` is -1 in version 0; in version 1 it is 0 or 1 (which bit widths the groups have), 2 (all zero) or 3 (plain).
    """
    deltas[:] = 0
    if mode == 2:
        return at
    if mode == 3:
        if at + n_block > end:
            return -1
        deltas[:n_block] = data[at : at + n_block]
        return at + n_block
    n_groups = (n_block + 15) // 16
    header = at
    at += (n_groups + 3) // 4
    if at > end:
        return -1
    for group in range(n_groups):
        choice = (wide(data[header + group // 4]) >> (group % 4 * 2)) & 3
        if mode == 0:
            n_bits = (0, 1, 2, 4)[choice]
        elif mode == 1:
            n_bits = (1, 2, 4, 8)[choice]
        else:
            n_bits = (0, 2, 4, 8)[choice]
        at = _read_group(data, at, end, n_bits, deltas[group * 16 : group * 16 + 16])
        if at < 0:
            return -1
    return at


@njit(cache=True, nogil=True)
def _read_group(data: U1, at: int, end: int, n_bits: int, deltas: U1) -> int:
    """Read sixteen differences of `n_bits` each; the largest value means that a whole byte follows."""
    if n_bits == 0:
        return at
    packed = at
    at += 2 * n_bits
    if at > end:
        return -1
    if n_bits == 8:
        deltas[:] = data[packed:at]
        return at
    escape = (1 << n_bits) - 1
    per_byte = 8 // n_bits
    for i in range(16):
        place = i % per_byte
        # one-bit values are stored from the lowest bit up, wider ones from the highest down
        shift = place if n_bits == 1 else 8 - n_bits * (place + 1)
        delta = (wide(data[packed + i // per_byte]) >> shift) & escape
        if delta == escape:
            if at >= end:
                return -1
            delta = wide(data[at])
            at += 1
        deltas[i] = delta
    return at


@njit(cache=True, nogil=True)
def _add_delta(deltas: U1, i: int, four: int, channel: int, previous: U1) -> None:
    """Apply the differences of element `i` to four bytes of the element before it, in place."""
    if channel & 3 == 0:
        for k in range(four, four + 4):
            previous[k] = (wide(previous[k]) + _unzigzag(wide(deltas[k, i]))) & 0xFF
    elif channel & 3 == 1:
        for k in range(four, four + 4, 2):
            delta = _unzigzag(wide(deltas[k, i]) | wide(deltas[k + 1, i]) << 8)
            value = ((wide(previous[k]) | wide(previous[k + 1]) << 8) + delta) & 0xFFFF
            previous[k] = value & 0xFF
            previous[k + 1] = value >> 8
    else:
        delta = 0
        value = 0
        for k in range(4):
            delta |= wide(deltas[four + k, i]) << (8 * k)
            value |= wide(previous[four + k]) << (8 * k)
        turn = channel >> 4
        value ^= ((delta >> turn) | (delta << (32 - turn))) & 0xFFFFFFFF
        for k in range(4):
            previous[four + k] = (value >> (8 * k)) & 0xFF


@njit(cache=True, nogil=True)
def _read_varint(data: U1, at: int, end: int):  # type: ignore[no-untyped-def]  # numba infers
    """Return (value, where the next begins, or -1)."""
    value = 0
    for shift in range(0, 35, 7):
        if at >= end:
            return 0, -1
        byte = wide(data[at])
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFF, at
    return 0, -1


@njit(cache=True, nogil=True)
def _decode_indices(data: U1, indices: U4) -> bool:
    end = len(data) - 4  # four bytes of padding close the stream
    if len(data) < 5 or data[0] != 0xD1:
        return False
    baselines = np.zeros(2, np.int64)
    at = 1
    for i in range(len(indices)):
        value, at = _read_varint(data, at, end)
        if at < 0:
            return False
        which = value & 1
        baselines[which] = (baselines[which] + _unzigzag(value >> 1)) & 0xFFFFFFFF
        indices[i] = baselines[which]
    return at == end


# state of the triangle decoder, in one array so that helpers can change it
_AT, _NEXT, _LAST, _N_EDGES, _N_VERTICES = 0, 1, 2, 3, 4


@njit(cache=True, nogil=True)
def _decode_triangles(data: U1, indices: U4) -> bool:
    n_triangles = len(indices) // 3
    end = len(data) - 16  # sixteen frequent codes close the stream
    if len(data) < 17 + n_triangles or data[0] != 0xE1:
        return False
    edges = np.zeros((16, 2), np.int64)
    vertices = np.zeros(16, np.int64)
    state = np.zeros(5, np.int64)
    state[_AT] = 1 + n_triangles
    for triangle in range(n_triangles):
        code = wide(data[1 + triangle])
        if code >> 4 < 15:
            edge = (state[_N_EDGES] - 1 - (code >> 4)) & 15
            a = edges[edge, 0]
            b = edges[edge, 1]
            c = _third_vertex(data, end, code & 15, vertices, state)
        else:
            a, b, c = _new_triangle(data, end, code & 15, vertices, state)
            _push_edge(edges, state, b, a)
        _push_edge(edges, state, c, b)
        _push_edge(edges, state, a, c)
        if state[_AT] < 0:
            return False
        indices[3 * triangle] = a
        indices[3 * triangle + 1] = b
        indices[3 * triangle + 2] = c
    return bool(state[_AT] == end)


@njit(cache=True, nogil=True)
def _push_edge(edges: npt.NDArray[np.int64], state: npt.NDArray[np.int64], a: int, b: int) -> None:
    place = state[_N_EDGES] & 15
    edges[place, 0] = a
    edges[place, 1] = b
    state[_N_EDGES] += 1


@njit(cache=True, nogil=True)
def _push_vertex(vertices: npt.NDArray[np.int64], state: npt.NDArray[np.int64], vertex: int) -> None:
    vertices[state[_N_VERTICES] & 15] = vertex
    state[_N_VERTICES] += 1


@njit(cache=True, nogil=True)
def _next_vertex(state: npt.NDArray[np.int64]) -> int:
    vertex = wide(state[_NEXT])
    state[_NEXT] = (vertex + 1) & 0xFFFFFFFF
    return vertex


@njit(cache=True, nogil=True)
def _stated_vertex(data: U1, end: int, state: npt.NDArray[np.int64]) -> int:
    """Read a vertex as the difference to the last one so stated."""
    if state[_AT] < 0:
        return 0
    value, at = _read_varint(data, state[_AT], end)
    state[_AT] = at
    state[_LAST] = (state[_LAST] + _unzigzag(value)) & 0xFFFFFFFF
    return wide(state[_LAST])


@njit(cache=True, nogil=True)
def _third_vertex(data: U1, end: int, low: int, vertices: npt.NDArray[np.int64], state: npt.NDArray[np.int64]) -> int:
    """Return the vertex opposite a recent edge."""
    if 0 < low < 13:
        return wide(vertices[(state[_N_VERTICES] - 1 - low) & 15])
    if low == 0:
        vertex = _next_vertex(state)
    elif low == 15:
        vertex = _stated_vertex(data, end, state)
    else:
        vertex = (wide(state[_LAST]) + (-1 if low == 13 else 1)) & 0xFFFFFFFF
        state[_LAST] = vertex
    _push_vertex(vertices, state, vertex)
    return vertex


@njit(cache=True, nogil=True)
def _new_triangle(data: U1, end: int, low: int, vertices: npt.NDArray[np.int64], state: npt.NDArray[np.int64]):  # type: ignore[no-untyped-def]  # numba infers
    """Return the three vertices of a triangle without a recent edge."""
    if low < 14:
        pair = wide(data[len(data) - 16 + low])
    else:
        if state[_AT] >= end:
            state[_AT] = -1
            return 0, 0, 0
        pair = wide(data[state[_AT]])
        state[_AT] += 1
        if pair == 0:
            state[_NEXT] = 0
    n_before = state[_N_VERTICES]
    # recent vertices are counted from before this triangle, so nothing is pushed until all three are known
    a = _stated_vertex(data, end, state) if low == 15 else _next_vertex(state)
    found = np.zeros(2, np.int64)
    for i in range(2):
        half = (pair >> 4) if i == 0 else pair & 15
        if half == 0:
            found[i] = _next_vertex(state)
        elif half == 15:
            found[i] = _stated_vertex(data, end, state)
        else:
            found[i] = vertices[(n_before - half) & 15]
    _push_vertex(vertices, state, a)
    for i in range(2):
        half = (pair >> 4) if i == 0 else pair & 15
        if half == 0 or half == 15:
            _push_vertex(vertices, state, found[i])
    return a, found[0], found[1]
