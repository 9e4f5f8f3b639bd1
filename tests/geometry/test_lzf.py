import numpy as np
import pytest

from exhibit.geometry.lzf import decompress_lzf


def unpacked(packed: bytes, n_bytes: int) -> bytes:
    return decompress_lzf(np.frombuffer(packed, np.uint8), n_bytes).tobytes()


def test_literal_runs_are_copied():
    assert unpacked(b"\x04hello\x00!", 6) == b"hello!"


def test_a_short_reference_copies_earlier_output():
    # three bytes (1 + 2) from four back
    assert unpacked(b"\x03abcd" + bytes([1 << 5, 3]), 7) == b"abcdabc"


def test_a_long_reference_takes_its_length_from_the_next_byte():
    assert unpacked(b"\x00a" + bytes([7 << 5, 91, 0]), 101) == b"a" * 101


def test_a_reference_may_reach_into_what_it_writes():
    assert unpacked(b"\x01ab" + bytes([4 << 5, 1]), 8) == b"abababab"


def test_distances_use_the_lower_five_bits_as_their_high_byte():
    plain = bytes(range(256)) * 2
    packed = b"".join(bytes([31]) + plain[i : i + 32] for i in range(0, 512, 32)) + bytes([1 << 5 | 1, 255])
    assert unpacked(packed, 515) == plain + plain[:3]


@pytest.mark.parametrize(
    ("packed", "n_bytes"),
    [
        (b"", 1), (b"\x04hel", 5), (b"\x04hello", 4), (b"\x04hello", 6), (bytes([1 << 5, 0]), 3),
        (b"\x00a" + bytes([1 << 5]), 4), (b"\x00a" + bytes([7 << 5, 9]), 12), (b"\x00a" + bytes([1 << 5, 5]), 4),
        (b"\x00a", 2**40),
    ],
)  # fmt: skip
def test_damaged_data_are_refused(packed, n_bytes):
    with pytest.raises(ValueError, match="compressed data"):
        unpacked(packed, n_bytes)
