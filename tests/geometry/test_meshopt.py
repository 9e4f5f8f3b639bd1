"""Decoding of meshopt buffers against streams that the official encoder made."""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from exhibit.geometry.meshopt import decode_meshopt

VECTORS = json.loads((Path(__file__).parent / "meshopt_vectors.json").read_text("utf-8"))["vectors"]
PLAIN = [vector for vector in VECTORS if vector["filter"] == "NONE"]
FILTERED = [vector for vector in VECTORS if vector["filter"] != "NONE"]


def encoded(vector):
    return np.frombuffer(base64.b64decode(vector["encoded"]), np.uint8)


def decode(vector, data=None):
    data = encoded(vector) if data is None else data
    return decode_meshopt(data, vector["count"], vector["stride"], vector["mode"], vector["filter"])


@pytest.mark.parametrize("vector", PLAIN, ids=lambda vector: vector["name"])
def test_streams_decode_to_the_bytes_that_were_encoded(vector):
    assert zlib.crc32(decode(vector).tobytes()) == vector["crc32"]


@pytest.mark.parametrize("vector", FILTERED, ids=lambda vector: vector["name"])
def test_filters_agree_with_the_official_decoder_to_one_step(vector):
    expected = np.frombuffer(base64.b64decode(vector["decoded"]), np.uint8)
    kind = {"OCTAHEDRAL": "i", "QUATERNION": "i", "COLOR": "u"}.get(vector["filter"])
    found = decode(vector)
    if kind is None:
        np.testing.assert_array_equal(found, expected)  # the specification wants this one exact
        return
    dtype = f"<{kind}{vector['stride'] // 4}"
    steps = np.abs(found.view(dtype).astype(int) - expected.view(dtype).astype(int))
    assert steps.max() <= 1
    assert expected.view(dtype).astype(int).std() > 10  # there was something to decode


def test_the_worked_example_of_the_specification():
    group = bytes.fromhex("175ff0bc77a9210034b5")
    # one block of 16 elements, four bytes each: the example in the first byte, nothing in the others
    stream = b"\xa0" + b"\x02" + group + b"\x00" * 3 + bytes(32)
    found = decode_meshopt(np.frombuffer(stream, np.uint8), 16, 4, "ATTRIBUTES").reshape(16, 4)
    deltas = [-1, -4, -3, 26, -91, 0, -6, 6, -4, -4, 5, -5, 1, -1, 0, 0]
    np.testing.assert_array_equal(found[:, 0], np.cumsum(deltas) % 256)
    assert not found[:, 1:].any()


def test_index_streams_add_each_difference_to_the_baseline_it_names():
    # the specification's varints: 0x7f, 0x201 and 0x1fd005 would name baseline 1 each time
    values = {b"\x7f": 0x7F, b"\x81\x04": 0x201, b"\xff\xa0\x05": 0x7F | 0x20 << 7 | 0x05 << 14, b"\x08": 8}
    stream = b"\xd1" + b"".join(values) + bytes(4)
    found = decode_meshopt(np.frombuffer(stream, np.uint8), 4, 4, "INDICES").view("<u4")
    baselines = [0, 0]
    for value, index in zip(values.values(), found):
        difference = ~(value >> 2) if value & 2 else value >> 2
        baselines[value & 1] += difference
        assert index == baselines[value & 1] % 2**32


@pytest.mark.parametrize("vector", PLAIN, ids=lambda vector: vector["name"])
def test_a_stream_cut_off_anywhere_is_refused(vector):
    data = encoded(vector)
    for end in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises(ValueError, match="meshopt"):
            decode(vector, data[:end])


@pytest.mark.parametrize("vector", PLAIN, ids=lambda vector: vector["name"])
def test_a_stream_with_bytes_too_many_is_refused(vector):
    data = encoded(vector)
    tail = {"ATTRIBUTES": max(32, vector["stride"] * 5 // 4), "TRIANGLES": 16, "INDICES": 4}[vector["mode"]]
    with pytest.raises(ValueError, match="damaged"):
        decode(vector, np.insert(data, len(data) - tail, np.zeros(3, np.uint8)))


@pytest.mark.parametrize("vector", PLAIN, ids=lambda vector: vector["name"])
def test_a_damaged_stream_never_reads_or_writes_outside(vector):
    rng = np.random.default_rng(3)
    n_refused = 0
    for _ in range(200):
        data = encoded(vector).copy()
        data[rng.integers(0, len(data), 3)] = rng.integers(0, 256, 3)
        try:
            assert len(decode(vector, data)) == vector["count"] * vector["stride"]
        except ValueError:
            n_refused += 1
    assert n_refused > 0


@pytest.mark.parametrize(
    ("count", "stride", "mode", "filter_name"),
    [
        (2**60, 4, "ATTRIBUTES", "NONE"), (-1, 4, "ATTRIBUTES", "NONE"), (1, 0, "ATTRIBUTES", "NONE"),
        (1, 6, "ATTRIBUTES", "NONE"), (1, 260, "ATTRIBUTES", "NONE"), (4, 2, "TRIANGLES", "NONE"),
        (3, 3, "TRIANGLES", "NONE"), (3, 2, "SOMETHING", "NONE"), (1, 4, "ATTRIBUTES", "MAGIC"),
        (1, 12, "ATTRIBUTES", "OCTAHEDRAL"),
    ],
)  # fmt: skip
def test_claims_that_cannot_be_are_refused(count, stride, mode, filter_name):
    data = np.frombuffer(b"\xa0" + b"\0" * (4 * 16) + bytes(32), np.uint8)
    with pytest.raises(ValueError, match="meshopt"):
        decode_meshopt(data, count, stride, mode, filter_name)
