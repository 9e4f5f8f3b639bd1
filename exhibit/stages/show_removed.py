"""Show what cleaning took away: the object in grey, each step's points in a colour of their own, from two sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from exhibit.errors import StageError
from exhibit.model.arrays import F4, F8, I4, U1
from exhibit.model.cleaning import STEPS, Removal
from exhibit.model.cloud import CleanCloud
from exhibit.progress import SILENT, Progress

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

COLORS: Final = {
    "crop": (146, 118, 196),
    "mask": (222, 86, 30),
    "outliers": (236, 170, 20),
    "strays": (240, 228, 66),
    "fragments": (226, 112, 176),
    "neighbours": (0, 178, 130),
    "table": (86, 180, 233),
}
"""After Okabe and Ito, "Color universal design", 2008: told apart by eyes that see fewer colours too."""
SIDES: Final = (("from one side", 20.0), ("from the other side", 200.0))
_WORDS: Final = {
    "crop": "outside the crop box",
    "mask": "removed by the mask",
    "non-finite": "without coordinates",
    "far": "absurdly far away",
    "duplicates": "exact copies",
    "outliers": "outliers: on no surface",
    "strays": "strays: clumps of a few",
    "fragments": "fragments: rough pieces beside it",
    "neighbours": "neighbours: what stands apart",
    "table": "table or floor",
}
_GROUND, _INK, _DIM = (21, 23, 27), (236, 233, 226), (160, 163, 170)
_TALL, _EDGE, _TOP, _LINE = 620, 36, 24, 30
_ELEVATION = 14.0
_OBJECT_MOST = 120_000
_STONE = (214, 210, 204)


@dataclass(frozen=True, slots=True)
class ShowRemovedOptions:
    """Parameters
    ----------
    width_px : of the whole picture.
    """

    width_px: int = 1400


def show_removed(
    cloud: CleanCloud, options: ShowRemovedOptions = ShowRemovedOptions(), /, *, progress: Progress = SILENT
) -> U1:
    """Draw the picture.

    Parameters
    ----------
    cloud : cleaned, with `removed`.

    Returns
    -------
    (h, width_px, 3) uint8 sRGB: two views side by side without perspective, and under them every step that took points
    or was skipped, with its count and share. The views frame the object and the middle 98 % of what was removed.

    Raises
    ------
    StageError
        Nothing is known of what was removed.
    """
    from PIL import Image, ImageDraw, ImageFont

    if cloud.removed is None:
        raise StageError("nothing is known of what was removed.", where="show removed")
    stride = max(1, len(cloud.positions) // _OBJECT_MOST)
    own, normals = cloud.positions[::stride], cloud.normals[::stride]
    spacing = cloud.spacing_m[::stride] * np.float32(stride**0.5)
    points = np.concatenate([own, cloud.removed.positions])
    shade = np.concatenate([np.full(len(own), -1, np.int32), cloud.removed.step.astype(np.int32)])
    rows = [one for one in cloud.removed.removals if one.n_points or one.was_skipped]
    wide = (options.width_px - 3 * _EDGE) // 2
    legend = _LINE * (2 + (len(rows) + 1) // 2)
    image = Image.new("RGB", (options.width_px, _TOP + _TALL + legend + _EDGE), _GROUND)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(18)
    for number, (name, azimuth) in enumerate(SIDES):
        progress.tick(number / 2, "drawing what was removed")
        view = _draw(points, normals, shade, azimuth, (wide, _TALL), spacing)
        left = _EDGE + number * (wide + _EDGE)
        image.paste(Image.fromarray(view), (left, _TOP))
        pen.text((left + wide / 2, _TOP + _TALL + 6), name, fill=_DIM, font=font, anchor="ma")
    top = _TOP + _TALL + _LINE + 14
    pen.rectangle((_EDGE, top + 2, _EDGE + 16, top + 18), fill=_STONE)
    pen.text((_EDGE + 28, top), f"kept: {len(cloud.positions):,} points", fill=_INK, font=font)
    for number, one in enumerate(rows):
        _tell(pen, one, _EDGE + number % 2 * (wide + _EDGE), top + _LINE * (1 + number // 2), font)
    progress.tick(1.0, "drawn")
    return np.asarray(image)


def _tell(pen: ImageDraw, one: Removal, left: int, top: int, font: object) -> None:
    color = COLORS.get(one.step)
    if color is not None and not one.was_skipped:
        pen.rectangle((left, top + 2, left + 16, top + 18), fill=color)
    share = f"{one.share:.2%}" if one.share >= 5e-5 else "under 0.01%"
    text = f"{_WORDS[one.step]}: {one.n_points:,} point{'' if one.n_points == 1 else 's'} ({share})"
    if one.was_skipped:
        text = f"{_WORDS[one.step]}: step skipped"
    pen.text((left + 28, top), text, fill=_DIM if one.was_skipped else _INK, font=font)  # type: ignore[arg-type]  # Pillow's own


def _draw(points: F4, normals: F4, shade: I4, azimuth_deg: float, size_px: tuple[int, int], spacing: F4) -> U1:
    """Draw points without perspective, near ones over far ones: (height, width, 3) uint8.

    The object's points come first; `normals` (k, 3) and `spacing` (k,) are theirs.
    """
    wide, tall = size_px
    turn, lift = np.radians(azimuth_deg), np.radians(_ELEVATION)
    toward = np.array([np.sin(turn) * np.cos(lift), np.sin(lift), np.cos(turn) * np.cos(lift)])
    right = np.array([np.cos(turn), 0.0, -np.sin(turn)])
    up = np.cross(toward, right)
    seen: F8 = points.astype(np.float64) @ np.stack([right, up, toward], axis=1)
    low, high = _framed(seen, shade)
    scale = float(min((wide - 8) / max(high[0] - low[0], 1e-12), (tall - 8) / max(high[1] - low[1], 1e-12)))
    middle = (low + high) / 2
    column = np.floor((seen[:, 0] - middle[0]) * scale + wide / 2).astype(np.int64)
    row = np.floor((middle[1] - seen[:, 1]) * scale + tall / 2).astype(np.int64)
    depth = np.clip((seen[:, 2] - low[2]) / max(float(high[2] - low[2]), 1e-12), 0, 1)
    palette = np.array([COLORS.get(step, _DIM) for step in STEPS] + [_STONE], np.float64)
    color = palette[shade] * (0.5 + 0.5 * depth)[:, None]
    # lit from the viewer's left; what faces away is the inside of a shell
    facing = normals.astype(np.float64) @ (toward + 0.35 * up - 0.35 * right)
    color[: len(normals)] *= (0.35 + 0.65 * np.clip(facing, 0, 1))[:, None]
    # points large enough to close the surface, so that the far side does not show through
    dot = np.clip(np.ceil(1.5 * spacing * scale), 1, 6).astype(np.int64)
    gone = int(np.clip(np.median(dot), 2, 3))
    size = np.concatenate([dot, np.full(len(points) - len(dot), gone)])
    largest = int(size.max())
    order = np.argsort(seen[:, 2], kind="stable")
    picture = np.full((tall, wide, 3), _GROUND, np.uint8)
    winner = np.full(tall * wide, -1, np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    for down in range(largest):
        for across in range(largest):
            c, r = column + across - size // 2, row + down - size // 2
            inside = (size > max(down, across)) & (c >= 0) & (c < wide) & (r >= 0) & (r < tall)
            np.maximum.at(winner, r[inside] * wide + c[inside], rank[inside])
    hit = winner >= 0
    picture.reshape(-1, 3)[hit] = color[order[winner[hit]]].astype(np.uint8)
    return picture


def _framed(seen: F8, shade: I4) -> tuple[F8, F8]:
    """Return the corners of what must be seen: all of the object, and the middle of what was removed."""
    own, gone = seen[shade < 0], seen[shade >= 0]
    low, high = own.min(axis=0), own.max(axis=0)
    if len(gone):
        some = np.quantile(gone, (0.01, 0.99), axis=0)
        # what is many times the object's size away would make a dot of the object
        room = 1.5 * float((high - low)[:2].max())
        low = np.minimum(low, np.maximum(some[0], low - room))
        high = np.maximum(high, np.minimum(some[1], high + room))
    return low, high
