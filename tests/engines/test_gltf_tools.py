"""Validator, meshoptimizer and Basis do what they promise to bytes."""

import struct

import numpy as np
import pytest

from exhibit.engines.gltf_tools import compress_meshopt, encode_ktx2, validate_glb
from exhibit.errors import StageError

EMPTY = b'{"asset":{"version":"2.0"}}'


def glb_of(text):
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text), len(text), b"JSON") + text


def test_a_sound_file_has_no_message():
    report = validate_glb(glb_of(EMPTY))
    assert (report.errors, report.warnings, report.infos, report.messages) == (0, 0, 0, ())


def test_faults_are_counted_and_named():
    report = validate_glb(glb_of(b'{"asset":{"version":"2.0"},"scene":3,"nodes":[{"mesh":7}]}'))
    assert report.errors == len(report.of("error")) == 2
    assert {message.code for message in report.of("error")} == {"UNRESOLVED_REFERENCE"}
    assert "/nodes/0/mesh" in {message.pointer for message in report.messages}


@pytest.mark.parametrize("data", [b"", b"glTF", b"no model at all", glb_of(EMPTY)[:-3], glb_of(b"{")])
def test_what_is_no_glb_is_an_error_in_the_report_not_a_crash(data):
    try:
        assert validate_glb(data).errors > 0
    except StageError as error:
        assert "cannot read" in error.message


@pytest.mark.parametrize("data", [b"", b"no model at all", glb_of(b"{")])
def test_compressing_what_is_no_glb_is_refused(data):
    with pytest.raises(StageError):
        compress_meshopt(data)


def test_ktx2_says_its_size_its_mipmaps_and_its_colour_space():
    picture = np.random.default_rng(1).integers(0, 256, (64, 128, 4), np.uint8)
    for kind, is_srgb, is_uastc in (("color", True, False), ("data", False, False), ("normal", False, True)):
        (data,) = encode_ktx2([(picture, kind)])
        assert data[:12] == b"\xabKTX 20\xbb\r\n\x1a\n"
        width, height = struct.unpack_from("<II", data, 20)
        (n_levels,) = struct.unpack_from("<I", data, 40)
        (descriptor,) = struct.unpack_from("<I", data, 48)
        model, transfer = data[descriptor + 12], data[descriptor + 14]
        assert (width, height, n_levels) == (128, 64, 8)
        assert transfer == (2 if is_srgb else 1)
        assert model == (166 if is_uastc else 163)


def test_ktx2_is_the_same_each_time():
    picture = np.random.default_rng(2).integers(0, 256, (32, 32, 4), np.uint8)
    assert encode_ktx2([(picture, "color")]) == encode_ktx2([(picture, "color")])


@pytest.mark.parametrize("shape", [(30, 32, 4), (32, 33, 4), (32, 32, 3)])
def test_ktx2_refuses_sides_that_are_no_blocks(shape):
    with pytest.raises(StageError, match="cannot become KTX2"):
        encode_ktx2([(np.zeros(shape, np.uint8), "color")])
