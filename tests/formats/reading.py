"""What was read, put together again for comparing."""

from pathlib import Path

import numpy as np

from exhibit.errors import SourceError
from exhibit.formats import read
from exhibit.model.cloud import Scan, SourceMesh


def points_of(scan: Scan) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Return all positions (float64, absolute), colours and normals of a scan."""
    blocks = list(scan.blocks())
    positions = np.concatenate([block.positions.astype(np.float64) for block in blocks]) + scan.origin
    colors = np.concatenate([block.colors for block in blocks]) if scan.has_colors else None
    normals = np.concatenate([block.normals for block in blocks]) if scan.has_normals else None
    return positions, colors, normals


def corners_of(mesh: SourceMesh) -> np.ndarray:
    """Return the corners (m, 3, 3) of a mesh's faces, float64, absolute."""
    return (mesh.vertices.astype(np.float64) + mesh.origin)[mesh.faces]


def outcome(path: Path) -> Scan | SourceMesh | SourceError:
    """Read a file to its last point: a sensible value or one good error; anything else fails the test."""
    try:
        found = read(path)
        if isinstance(found, Scan):
            blocks = list(found.blocks())
            assert sum(len(block.positions) for block in blocks) == found.n_points > 0
            for block in blocks:
                assert block.positions.dtype == np.float32
                assert (block.colors is not None) == found.has_colors
                assert (block.normals is not None) == found.has_normals
            return found
        n_vertices, n_faces = len(found.vertices), len(found.faces)
        assert n_faces > 0
        assert found.vertices.dtype == np.float32
        assert found.faces.min() >= 0
        assert found.faces.max() < n_vertices
        assert found.face_material.shape == (n_faces,)
        assert found.face_material.min() >= 0
        assert found.face_material.max() < len(found.materials)
        assert found.corner_uv is None or found.corner_uv.shape == (n_faces, 3, 2)
        assert found.vertex_colors is None or found.vertex_colors.shape == (n_vertices, 3)
        assert found.normals is None or found.normals.shape == (n_vertices, 3)
        return found
    except SourceError as error:
        assert_good(error, path)
        return error


def assert_good(error: SourceError, path: Path) -> None:
    """An error is one line, ends as a sentence, names the file, and says what to do."""
    assert "\n" not in str(error)
    assert error.message.endswith(".")
    assert error.where == str(path)
    assert error.hint.endswith((".", "copc.laz"))
