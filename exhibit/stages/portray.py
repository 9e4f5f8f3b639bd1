"""Photograph a relic: the picture on its card, its poster, the first thing that a page shows.

What each part of a pixel sees is lit as in a museum's studio, by one large soft lamp with a shadow, a
weak lamp from the other side, and the light of the room, which comes from above and is dimmed by the occlusion map. The
exposure follows the object, so that dark stone can be read and pale plaster does not burn out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from exhibit.errors import StageError
from exhibit.geometry.camera import Camera, frame, meets_plane
from exhibit.geometry.develop import develop, expose
from exhibit.geometry.draw_mesh import draw_mesh
from exhibit.geometry.shade import Finish
from exhibit.model.arrays import F4, U1, Bool
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress
from exhibit.stages.portraying.studio import Studio, studio_light
from exhibit.stages.portraying.surroundings import Surroundings

_SAMPLES_AT_ONCE = 1 << 18
_SHADOW_BLUR = 0.0028
_STRIDE = 2
_SHADOW_DEPTH = 0.85
_RIM = 0.1
_LIT_FROM_DEG = 25.0
"""Azimuth from which the light about an object is at its best: the lamp stands to the left."""


@dataclass(frozen=True, slots=True)
class PortrayOptions:
    """How the picture is taken.

    Parameters
    ----------
    width_px, height_px : of the picture.
    azimuth_deg : 0 looks from the front, 90 from its right hand.
    front_deg : where the object's front is: 0 is +Z, 90 is +X.
    elevation_deg : the camera's height above the horizon.
    background : sRGB bytes of the backdrop, brighter behind the object; None leaves it transparent.
    ground_shadow : draw the shadow on the floor that the object stands on.
    clay : show the shape in plain clay, without its colour.
    finish : how the surface meets light.
    light : (h, 2 h, 3) float32, the light about an object that faces +Z, as `exhibit.stages.surround` has it; it
        stands still before the camera. None is a photographer's lamps.
    margin : share of the picture left free on each side.
    samples : parts of a pixel each way.
    """

    width_px: int = 1200
    height_px: int = 900
    azimuth_deg: float = 25.0
    front_deg: float = 0.0
    elevation_deg: float = 12.0
    background: tuple[int, int, int] | None = None
    ground_shadow: bool = True
    clay: bool = False
    finish: Finish = field(default_factory=Finish)
    light: F4 | None = None
    margin: float = 0.09
    samples: int = 2


def portray(textured: Textured, options: PortrayOptions = PortrayOptions(), /, *, progress: Progress = SILENT) -> U1:
    """Take a picture of a textured level.

    Returns
    -------
    (height_px, width_px, 4) uint8, sRGB with straight alpha; a shadow on the floor is half-transparent black.

    Raises
    ------
    StageError
        There is nothing to see.
    """
    mesh = textured.mesh
    if len(mesh.faces) == 0:
        raise StageError("there is no surface to portray.", where=mesh.name)
    width, height, fine = options.width_px, options.height_px, options.samples
    toward_deg = options.azimuth_deg + options.front_deg
    camera = _camera(textured, options)
    light_from = (
        studio_light(toward_deg)
        if options.light is None
        else Surroundings.of(options.light, toward_deg - _LIT_FROM_DEG)
    )
    studio = Studio(textured, light_from, options.finish, clay=options.clay)
    seen = draw_mesh(camera.places(mesh.vertices, width * fine, height * fine), mesh.faces, width * fine, height * fine)
    light = np.zeros((height, width, 3), np.float32)
    rows_at_once = max(1, _SAMPLES_AT_ONCE // (width * fine * fine))
    for first in range(0, height, rows_at_once):
        progress.tick(0.8 * first / height, "taking the picture")
        parts = slice(first * fine, min(height, first + rows_at_once) * fine)
        own = studio.light(seen.face[parts], seen.weights[parts], camera.position.astype(np.float32))
        light[first : first + rows_at_once] = _mean(own, fine)
    progress.tick(0.8, "taking the picture")
    cover = _mean((seen.face >= 0).astype(np.float32)[:, :, None], fine)[:, :, 0]
    shadow = np.zeros((height, width), np.float32)
    if options.ground_shadow:
        shadow = _floor_shadow(studio, camera, seen.face[::fine, ::fine] < 0)
    return develop(expose(light, cover), cover, shadow, options.background)


def pixels_per_metre(textured: Textured, options: PortrayOptions = PortrayOptions()) -> float:
    """Return the scale of the picture at the object's middle, as far from the camera as that is."""
    seen = textured.mesh.vertices[np.unique(textured.mesh.faces)].astype(np.float64)
    camera = _camera(textured, options)
    away = float((camera.position - (seen.min(axis=0) + seen.max(axis=0)) / 2) @ camera.toward)
    return options.width_px / (2 * camera.slope_x * max(away, 1e-9))


def _camera(textured: Textured, options: PortrayOptions) -> Camera:
    seen = textured.mesh.vertices[np.unique(textured.mesh.faces)]
    aspect = options.width_px / options.height_px
    return frame(seen, options.azimuth_deg + options.front_deg, options.elevation_deg, aspect, margin=options.margin)


def _floor_shadow(studio: Studio, camera: Camera, is_free: Bool) -> F4:
    """Return how dark the object makes the floor (h, w), where it `is_free` (h, w) to be seen.

    It is blurred, so every other pixel of every other row is enough, and one place of each.
    """
    height, width = is_free.shape
    rows, columns = np.nonzero(is_free[::_STRIDE, ::_STRIDE])
    rows, columns = rows * _STRIDE, columns * _STRIDE
    directions = camera.directions(columns + np.float64(0.5), rows + np.float64(0.5), width, height)
    floor, meets = meets_plane(camera, directions, studio.floor)
    shadow, seen = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    rows, columns, floor = rows[meets], columns[meets], floor[meets]
    for first in range(0, len(rows), _SAMPLES_AT_ONCE):
        part = slice(first, first + _SAMPLES_AT_ONCE)
        shadow[rows[part], columns[part]] = studio.shadow(floor[part], columns[part] // _STRIDE, rows[part] // _STRIDE)
    seen[rows, columns] = 1
    return _smooth(shadow, seen, _SHADOW_BLUR * width) * np.float32(_SHADOW_DEPTH) * _rim(width, height)


def _smooth(shadow: F4, floor: F4, width_px: float) -> F4:
    """Blur away the grain that few rays leave, over the `floor` (h, w) only: the object has no shadow to add."""
    from scipy.ndimage import gaussian_filter

    smooth: F4 = gaussian_filter(shadow, width_px) / np.maximum(gaussian_filter(floor, width_px), np.float32(1e-6))
    return np.clip(smooth, 0, 1)


def _rim(width: int, height: int) -> F4:
    """Return a mask (height, width) that fades to 0 at the frame: a shadow cut off there would look like a fault."""
    across = np.minimum(np.arange(width) + 0.5, width - np.arange(width) - 0.5) / width
    along = np.minimum(np.arange(height) + 0.5, height - np.arange(height) - 0.5) / height
    mask: F4 = np.clip(np.minimum(across, along[:, None]) / _RIM, 0, 1).astype(np.float32)
    return mask * mask * (3 - 2 * mask)


def _mean(values: F4, fine: int) -> F4:
    """Return the mean (rows, width, d) over the parts of each pixel of values (rows * fine, width * fine, d)."""
    rows, width = values.shape[0] // fine, values.shape[1] // fine
    mean: F4 = values.reshape(rows, fine, width, fine, -1).mean(axis=(1, 3))
    return mean
