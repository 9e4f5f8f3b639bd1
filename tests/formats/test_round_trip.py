"""What was written is what is read, for every format and every way of writing it."""

import pickle

import numpy as np
import pytest
from formats.reading import corners_of, outcome, points_of
from formats.writers import WRITERS, ball

from exhibit.formats import all_formats, format_of, is_supported, read, stem_of
from exhibit.model.cloud import Scan, SourceMesh
from exhibit.progress import Recorder

every_way = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)


def test_every_format_of_the_registry_is_written_by_a_test():
    assert {writer.key for writer in WRITERS} == set(all_formats())


@every_way
def test_positions_colours_and_normals_come_back_as_written(writer, tmp_path):
    sample = writer.fitting(ball())
    found = outcome(writer.file(tmp_path, sample))
    assert found.format == writer.key
    assert found.name == "vase"
    if writer.is_mesh:
        assert isinstance(found, SourceMesh)
        np.testing.assert_allclose(corners_of(found), sample.positions[sample.faces], atol=writer.tolerance)
        if sample.colors is not None:
            np.testing.assert_array_equal(found.vertex_colors, sample.colors)
        if sample.normals is not None:
            np.testing.assert_allclose(found.normals, sample.normals, atol=1e-6)
        return
    assert isinstance(found, Scan)
    positions, colors, normals = points_of(found)
    assert found.n_points == len(sample.positions)
    np.testing.assert_allclose(positions, sample.positions, atol=writer.tolerance)
    np.testing.assert_array_equal(colors, sample.colors)
    if sample.normals is not None:
        np.testing.assert_allclose(normals, sample.normals, atol=1e-6)


@every_way
def test_bare_positions_are_read_without_inventing_colours_or_normals(writer, tmp_path):
    sample = ball()
    bare = type(sample)(sample.positions, None, None, sample.faces)
    found = outcome(writer.file(tmp_path, bare))
    assert not found.has_colors
    assert not (found.has_normals if isinstance(found, Scan) else found.normals is not None)


@every_way
def test_blocks_can_be_read_again_and_are_read_only(writer, tmp_path):
    found = read(writer.file(tmp_path, ball()))
    if isinstance(found, SourceMesh):
        assert not found.vertices.flags.writeable
        return
    once, again = points_of(found), points_of(found)
    np.testing.assert_array_equal(once[0], again[0])
    assert not any(block.positions.flags.writeable for block in found.blocks())


@every_way
def test_reading_ticks_and_ends_at_one(writer, tmp_path):
    recorder = Recorder()
    read(writer.file(tmp_path, ball()), progress=recorder.progress())
    fractions = [fraction for fraction, _ in recorder.ticks]
    assert fractions
    assert max(fractions) <= 1.0
    assert fractions == sorted(fractions)


@every_way
def test_the_file_is_known_by_its_name_and_its_content(writer, tmp_path):
    path = writer.file(tmp_path, ball())
    assert format_of(path).key == writer.key
    assert is_supported(path)
    assert stem_of(path) == "vase"
    upper = path.rename(path.with_name(path.name.upper()))
    assert format_of(upper).key == writer.key


@every_way
def test_ten_million_kilometres_away_a_tenth_of_a_millimetre_survives(writer, tmp_path):
    if not writer.is_double:
        pytest.skip("this way of writing stores float32, which has lost them already")
    far = np.array([1e10, -1e10, 1e10])
    steps = np.arange(60)[:, None] * [1e-4, 2e-4, 0]
    sample = ball(60)
    sample = type(sample)(far + steps, sample.colors, sample.normals, sample.faces)
    found = outcome(writer.file(tmp_path, sample))
    if isinstance(found, SourceMesh):
        positions = found.vertices[found.faces[:, 0]].astype(np.float64)
        expected = steps[: len(positions)]
    else:
        positions = np.concatenate([block.positions for block in found.blocks()]).astype(np.float64)
        expected = steps
    # float64 itself steps by two thousandths of a millimetre at this distance
    np.testing.assert_allclose(positions - positions[0], expected - expected[0], atol=5e-6)
    np.testing.assert_allclose(found.origin, far, atol=1)


@every_way
def test_what_was_read_crosses_process_borders(writer, tmp_path):
    found = read(writer.file(tmp_path, ball(40)))
    again = pickle.loads(pickle.dumps(found))
    if isinstance(found, SourceMesh):
        np.testing.assert_array_equal(corners_of(again), corners_of(found))
    else:
        np.testing.assert_array_equal(points_of(again)[0], points_of(found)[0])
