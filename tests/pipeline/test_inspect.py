import numpy as np
import pytest

from exhibit import formats
from exhibit.errors import SourceError, UsageError
from exhibit.geometry.regions import OPEN, judge_by_mask
from exhibit.pipeline.inspect import inspect, write_mask_template
from exhibit.pipeline.mask_file import check_mask, load_mask


def write_ply(path, points):
    points = np.asarray(points, "<f4")
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(points)}\n"
    header += "property float x\nproperty float y\nproperty float z\nend_header\n"
    path.write_bytes(header.encode() + points.tobytes())
    return path


def grid(step, n=60):
    x, y = np.meshgrid(np.arange(n) * step, np.arange(n) * step)
    return np.c_[x.ravel(), y.ravel(), np.zeros(n * n)]


def test_spacing_and_noise_of_a_known_plane_are_found(tmp_path):
    points = grid(0.01)
    clean = inspect(write_ply(tmp_path / "a.ply", points))
    assert clean.spacing == pytest.approx(0.01, rel=0.15)
    points[:, 2] += np.random.default_rng(0).normal(0, 0.002, len(points))
    noisy = inspect(write_ply(tmp_path / "b.ply", points))
    assert clean.noise < 1e-4 < noisy.noise < 0.003
    assert noisy.kind == "points" and noisy.n_points == 3600 and not noisy.has_colors


def test_the_unit_is_guessed_with_its_reason(tmp_path):
    assert inspect(write_ply(tmp_path / "a.ply", grid(0.01))).units_guess == "m"
    large = inspect(write_ply(tmp_path / "b.ply", grid(10.0)))
    assert large.units_guess == "mm" and "nothing states it" in large.units_reason


def test_points_that_are_not_finite_are_a_finding(tmp_path):
    points = grid(0.01)
    points[::7] = np.nan
    facts = inspect(write_ply(tmp_path / "a.ply", points))
    assert any(finding.code == "inspect.not-finite" for finding in facts.findings)
    assert np.isfinite(facts.extent).all()


@pytest.mark.parametrize("count", [1, 3])
def test_a_handful_of_points_has_no_spacing_but_is_no_crash(tmp_path, count):
    assert inspect(write_ply(tmp_path / "a.ply", np.eye(3)[:count])).spacing is None


def test_an_empty_file_is_one_sentence(tmp_path):
    path = tmp_path / "a.ply"
    path.touch()
    with pytest.raises(SourceError, match=r"a\.ply"):
        inspect(path)


def test_a_mask_template_is_written_once_and_only_for_points(tmp_path):
    scan, target = write_ply(tmp_path / "a.ply", grid(0.01)), tmp_path / "a.mask.json"
    write_mask_template(inspect(scan), target)
    mask = load_mask(target)
    check_mask(mask, scan)
    points = np.concatenate([block.positions for block in formats.read(scan).blocks()])
    assert (judge_by_mask(points, formats.read(scan).origin, mask) == OPEN).all(), "a template changes nothing"
    with pytest.raises(UsageError, match="is there already"):
        write_mask_template(inspect(scan), target)
