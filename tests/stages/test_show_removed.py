"""The picture of what was removed: its colours are those of the steps, and its places those of the points."""

import io

import numpy as np
import pytest
from analytic import scan_of, sphere
from meshes import cloud_of
from PIL import Image

from exhibit.errors import StageError
from exhibit.pipeline.removed_picture import picture_of_removed
from exhibit.progress import SILENT
from exhibit.stages.clean import CleanOptions, clean
from exhibit.stages.show_removed import COLORS, show_removed


def near(picture, color):
    """Whether each pixel has a colour's hue, however shaded."""
    pixels = picture.reshape(-1, 3).astype(float)
    unit = np.array(color) / np.linalg.norm(color)
    length = np.linalg.norm(pixels, axis=1)
    return (length > 60) & (pixels @ unit > 0.995 * length)


def cloud_with_neighbour():
    ball, other = sphere(8000).points, sphere(2000, radius=0.3).points + np.array([3.0, 0, 0])
    return clean(scan_of(np.concatenate([ball, other])), CleanOptions(up="+y", metres_per_unit=1.0))


def test_what_was_removed_has_the_colour_of_its_step_and_nothing_else_has():
    picture = show_removed(cloud_with_neighbour())
    views = picture[:640]
    assert near(views, COLORS["neighbours"]).sum() > 2000
    assert near(views, COLORS["table"]).sum() == 0
    # seen from the other side, what was right is left
    found = near(views, COLORS["neighbours"]).reshape(views.shape[:2])
    half = views.shape[1] // 2
    middles = [np.flatnonzero(part.any(axis=0)).mean() / half for part in (found[:, :half], found[:, half:])]
    assert middles[0] > 0.6 and middles[1] < 0.4


def test_far_strays_do_not_shrink_the_object_to_a_dot():
    ball = sphere(8000).points
    stray = np.random.default_rng(0).uniform(-300, 300, (40, 3))
    picture = show_removed(clean(scan_of(np.concatenate([ball, stray]))))
    assert (picture[:640, :700].max(axis=2) > 80).sum() > 12_000


def test_a_cloud_that_was_not_cleaned_is_refused_and_one_that_lost_nothing_has_no_picture():
    shape = sphere(500)
    bare = cloud_of(shape.points, shape.normals)
    with pytest.raises(StageError, match="nothing is known"):
        show_removed(bare)
    assert picture_of_removed(bare, SILENT) == b""
    assert picture_of_removed(clean(sphere(8000).scan()), SILENT) == b""


def test_the_file_is_a_webp_of_moderate_size_and_the_same_each_time():
    cloud = cloud_with_neighbour()
    first, second = picture_of_removed(cloud, SILENT), picture_of_removed(cloud, SILENT)
    assert first == second
    assert len(first) < 150_000
    assert Image.open(io.BytesIO(first)).size[0] == 1400
