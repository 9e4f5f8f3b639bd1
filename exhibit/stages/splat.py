"""Splat: a picture of raw points, taken by the very camera that portrays the finished relic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exhibit.errors import StageError
from exhibit.geometry.camera import frame
from exhibit.model.arrays import F4, U1
from exhibit.model.points import RawPoints
from exhibit.progress import SILENT, Progress

_PLAIN = (196, 186, 172)
"""Of points that were measured without colour."""
_NEAREST_LIGHT, _FARTHEST_LIGHT = 1.12, 0.5
"""How bright the points in front and at the back are: without it a cloud reads as flat."""
_TYPICAL_LIGHT, _MOST_GAIN = 165.0, 2.6
"""Scans are often dim: their brighter half is brought to this sRGB value, as a photograph is exposed."""
_USUAL_NUMBER = 60_000


@dataclass(frozen=True, slots=True)
class SplatOptions:
    """How the picture is taken; sizes and angles as in `exhibit.stages.portray.PortrayOptions`.

    Parameters
    ----------
    dot_px : diameter of a point at the object's middle, for some 60,000 of them.
    samples : parts of a pixel each way.
    """

    width_px: int = 480
    height_px: int = 480
    azimuth_deg: float = 25.0
    elevation_deg: float = 12.0
    margin: float = 0.09
    dot_px: float = 1.85
    samples: int = 3


def splat(raw: RawPoints, framed: F4, options: SplatOptions = SplatOptions(), /, *, progress: Progress = SILENT) -> U1:
    """Take a picture of raw points.

    Parameters
    ----------
    raw : at least one point.
    framed : (n, 3) float32, metres; the model's vertices: what the camera frames.

    Returns
    -------
    (height_px, width_px, 4) uint8, sRGB with straight alpha. Nearer points hide farther ones.

    Raises
    ------
    StageError
        There is nothing to see.
    """
    if not len(raw.positions) or not len(framed):
        raise StageError("there are no points to show.", where="splat")
    o, fine = options, options.samples
    width, height = o.width_px * fine, o.height_px * fine
    camera = frame(framed, o.azimuth_deg, o.elevation_deg, o.width_px / o.height_px, margin=o.margin)
    at = raw.positions.astype(np.float64) - camera.position
    depth = -(at @ camera.toward)
    ahead = depth > 1e-6
    at, depth = at[ahead], depth[ahead]
    x = ((at @ camera.right) / (depth * camera.slope_x) + 1) / 2 * width
    y = (1 - (at @ camera.up) / (depth * camera.slope_y)) / 2 * height
    typical = float(np.median(depth))
    # fewer points are drawn larger, so that a thin scan is seen as well
    dot = o.dot_px * float(np.clip((_USUAL_NUMBER / len(depth)) ** 0.5, 1, 3))
    radius = np.clip(dot * fine / 2 * typical / depth, 0.6, 4 * fine)
    order = np.argsort(-depth, kind="stable")
    color = np.full((len(depth), 3), _PLAIN, np.uint8) if raw.colors is None else raw.colors[ahead]
    near, far = np.quantile(depth, (0.02, 0.98))
    back = np.clip((depth - near) / max(far - near, 1e-9), 0, 1)[:, None]
    gain = np.clip(_TYPICAL_LIGHT / max(float(np.quantile(color.max(axis=1), 0.6)), 1.0), 1, _MOST_GAIN)
    lit = color * gain * (_NEAREST_LIGHT - (_NEAREST_LIGHT - _FARTHEST_LIGHT) * back)
    picture = np.zeros((height * width, 4), np.float32)
    progress.tick(0.3, "drawing points")
    reach = int(np.ceil(radius.max()))
    winner = np.full(height * width, -1, np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            c, r = column + across, row + down
            inside = (c >= 0) & (c < width) & (r >= 0) & (r < height)
            inside &= np.hypot(c + 0.5 - x, r + 0.5 - y) <= radius
            np.maximum.at(winner, r[inside] * width + c[inside], rank[inside])
    hit = winner >= 0
    chosen = order[winner[hit]]
    picture[hit, :3] = np.minimum(lit[chosen], 255)
    picture[hit, 3] = 1
    parts = picture.reshape(o.height_px, fine, o.width_px, fine, 4)
    cover = parts[..., 3:].mean(axis=(1, 3))
    mean = parts[..., :3].sum(axis=(1, 3)) / np.maximum(parts[..., 3:].sum(axis=(1, 3)), 1)
    progress.tick(1.0, "drawn")
    return np.concatenate([mean + 0.5, cover * 255 + 0.5], axis=2).astype(np.uint8)
