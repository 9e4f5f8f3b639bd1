"""Light as Radiance pictures: what is written is read back, as exactly as a shared exponent allows."""

import numpy as np
import pytest

from exhibit.geometry.radiance_hdr import decode_hdr, encode_hdr


@pytest.mark.parametrize("width", [8, 9, 127, 128, 300])
def test_light_comes_back_within_a_step_of_its_brightest_channel(width):
    light = np.random.default_rng(2).lognormal(0, 3, (5, width, 3)).astype(np.float32)
    back = decode_hdr(encode_hdr(light))
    assert (np.abs(back - light) <= light.max(axis=2, keepdims=True) / 128 + 1e-30).all()


def test_darkness_and_long_runs_are_short():
    assert len(encode_hdr(np.zeros((4, 1000, 3), np.float32))) < 400
    assert (decode_hdr(encode_hdr(np.zeros((2, 8, 3), np.float32))) == 0).all()


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-5], lambda data: b"#?NOT" + data])
def test_what_is_no_whole_picture_is_refused(spoil):
    data = encode_hdr(np.random.default_rng(3).random((4, 16, 3)).astype(np.float32))
    with pytest.raises(ValueError, match="picture"):
        decode_hdr(spoil(data))
