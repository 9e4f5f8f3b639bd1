"""A level in the unit square: checked, smooth across seams, the same every time."""

import numpy as np
import pytest
from meshes import box_mesh, level_of, plane_mesh, sphere_mesh

from exhibit.errors import Cancelled, StageError
from exhibit.progress import Recorder
from exhibit.stages import unwrap as module
from exhibit.stages.unwrap import UnwrapOptions, find_fault, unwrap


@pytest.mark.parametrize("engine", ["charts", "uvatlas"])
def test_a_sphere_is_laid_out_with_smooth_normals_and_unit_tangents(engine):
    vertices, faces = sphere_mesh(48)
    flat = unwrap(level_of(vertices, faces), UnwrapOptions(engine=engine))
    assert flat.findings == ()
    assert flat.uv.min() >= 0
    assert flat.uv.max() <= 1
    assert flat.n_charts < 20
    assert 0.3 < flat.utilisation < 1
    # the surface is the same, place for place
    assert flat.vertices[flat.faces] == pytest.approx(vertices[faces])
    radial = flat.vertices / np.linalg.norm(flat.vertices, axis=1, keepdims=True)
    assert (flat.normals * radial).sum(1).min() > np.cos(np.radians(1))
    assert np.linalg.norm(flat.tangents[:, :3], axis=1) == pytest.approx(1, abs=1e-5)
    assert (flat.tangents[:, :3] * flat.normals).sum(1) == pytest.approx(0, abs=1e-5)


def test_both_sides_of_a_seam_have_one_normal():
    flat = unwrap(level_of(*box_mesh()))
    at = np.round(flat.vertices * 1e5).astype(np.int64)
    _, group = np.unique(at, axis=0, return_inverse=True)
    group = group.ravel()
    first = np.full(group.max() + 1, -1)
    first[group[::-1]] = np.arange(len(group))[::-1]
    assert len(flat.vertices) > group.max() + 1
    assert flat.normals == pytest.approx(flat.normals[first[group]], abs=1e-6)


def test_equal_input_gives_equal_bytes():
    level = level_of(*sphere_mesh(32))
    one, two = unwrap(level), unwrap(level)
    for name in ("vertices", "normals", "tangents", "uv", "faces"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def test_an_atlas_that_uvatlas_cannot_make_is_made_by_our_own_charts_and_said_so(monkeypatch):
    def refuse(*_, **__):
        raise StageError("the engine for the atlas crashed.")

    monkeypatch.setattr(module, "run_in_child", refuse)
    flat = unwrap(level_of(*sphere_mesh(24)), UnwrapOptions(engine="uvatlas"))
    assert [finding.code for finding in flat.findings] == ["unwrap.fallback"]
    assert "crashed" in flat.findings[0].hint


@pytest.mark.parametrize("fault", ["nan", "outside", "mirrored", "flat", "shape"])
def test_a_bad_atlas_is_not_believed(monkeypatch, fault):
    vertices, faces = plane_mesh(6)
    good = np.stack([vertices[:, 0] + 0.5, vertices[:, 2] + 0.5], 1)[faces].astype(np.float32)
    assert find_fault(good, faces) == ""
    bad = good.copy()
    if fault == "nan":
        bad[3, 1, 0] = np.nan
    elif fault == "outside":
        bad[3, 1, 0] = 1.5
    elif fault == "mirrored":
        bad[:9] = bad[:9, ::-1]
    elif fault == "flat":
        bad[:] = 0.5
    else:
        bad = bad[1:]
    assert find_fault(bad, faces) != ""
    monkeypatch.setattr(module, "run_in_child", lambda *_, **__: bad)
    flat = unwrap(level_of(vertices, faces), UnwrapOptions(engine="uvatlas"))
    assert flat.findings[0].code == "unwrap.fallback"
    assert np.isfinite(flat.uv).all()


def test_a_non_manifold_mesh_is_laid_out_by_either_engine():
    # three faces on one edge: UVAtlas throws
    vertices = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, -1, 0]], np.float32)
    faces = np.array([[0, 1, 2], [1, 0, 3], [0, 1, 4]], np.int32)
    for engine in ("charts", "uvatlas"):
        flat = unwrap(level_of(vertices, faces, 64), UnwrapOptions(engine=engine))
        assert np.isfinite(flat.uv).all()
        assert len(flat.faces) == 3


def test_a_single_triangle_and_a_face_without_area_pass():
    for corners in ([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 0], [1, 0, 0], [2, 0, 0]]):
        flat = unwrap(level_of(np.array(corners, np.float32), np.array([[0, 1, 2]], np.int32), 64))
        assert np.isfinite(flat.tangents).all()
        assert np.linalg.norm(flat.normals, axis=1) == pytest.approx(1)


@pytest.mark.parametrize("what", ["no faces", "nan"])
def test_what_cannot_be_unwrapped_is_refused_in_one_sentence(what):
    vertices, faces = sphere_mesh(12)
    if what == "nan":
        vertices[0] = np.nan
    with pytest.raises(StageError, match=r"^hero: "):
        unwrap(level_of(vertices, faces[:0] if what == "no faces" else faces))


def test_it_can_be_cancelled():
    recorder = Recorder(cancel_after=3)
    with pytest.raises(Cancelled):
        unwrap(level_of(*sphere_mesh(24)), progress=recorder.progress())
