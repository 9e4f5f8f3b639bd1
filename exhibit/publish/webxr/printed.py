"""What is printed in the hall, for its picture: the title on the end wall, a label at each plinth.

The same words at the same places as the room's script writes them (``wall-title.ts``, ``labels.ts``), in the site's
first language and small in its second.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from exhibit.geometry.colour_spaces import linear_from_srgb, luminance
from exhibit.model.exhibition import Exhibition
from exhibit.model.record import Text, pick
from exhibit.model.viewpoint import Sheet
from exhibit.publish.site import SiteRelic
from exhibit.publish.webxr.document import Vector, WallLine, WallText
from exhibit.publish.webxr.fonts import codes_of
from exhibit.publish.webxr.layout import Hall, Spot
from exhibit.publish.webxr.line_breaks import break_lines
from exhibit.publish.webxr.room import Look
from exhibit.publish.webxr.wall_words import LEADING, TALL_M, wall_lines

PX_PER_M: Final = 240
ABOVE_M: Final = 0.8
STRENGTH: Final = {"title": 0.96, "other": 0.8, "statement": 0.78}
LABEL_M: Final = 0.26
LABEL_PX: Final = (256, 128)
LOWEST_FRONT_M: Final = 0.45
PAPER: Final = "#fbf7ef"


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one size and colour, at most `lines` lines of them, `gap_px` below what came before.

    `least` is the share of the size to which they may shrink to fit.
    """

    text: str
    size_px: int
    color: tuple[int, int, int, int]
    lines: int = 1
    gap_px: int = 0
    least: float = 1.0


def printed_sheets(
    exhibition: Exhibition, relics: tuple[SiteRelic, ...], languages: tuple[str, ...], hall: Hall, look: Look,
    wall: WallText, fonts: dict[str, bytes],
) -> tuple[Sheet, ...]:  # fmt: skip
    """Return the sheets; words that no font of the site holds are left out."""
    face = _Face(fonts)
    first, second = languages[0], next(iter(languages[1:]), languages[0])

    def said(text: Text) -> tuple[str, str]:
        own, other = pick(text, first, first) or "", pick(text, second, first) or ""
        return own, "" if other == own else other

    lines = wall_lines(exhibition, languages, wall.width, fonts)[first]
    sheets = [_wall(lines, hall, look, wall, face)]
    for number, (relic, spot) in enumerate(zip(relics, hall.spots, strict=True), 1):
        if spot.plinth.height > 0:
            sheets.append(_label(number, *said(relic.record.title), spot, look, face))
    return tuple(sheets)


class _Face:
    """Writes in the first font that holds all of a text."""

    def __init__(self, fonts: dict[str, bytes]) -> None:
        self._fonts = codes_of(fonts)

    def _holding(self, text: str) -> bytes | None:
        return next((data for data, codes in self._fonts if all(ord(one) in codes for one in text)), None)

    def print(self, image: Image.Image, line: WallLine, color: tuple[int, int, int, int]) -> None:
        """Write a line of the end wall where it stands."""
        data = self._holding(line.text)
        if data is not None:
            font = ImageFont.truetype(io.BytesIO(data), round(line.size_m * PX_PER_M))
            ImageDraw.Draw(image).text((0, round(line.base_m * PX_PER_M)), line.text, color, font, anchor="ls")

    def write(self, image: Image.Image, lines: list[Line], x: int, y: int, width: int) -> int:
        """Write lines from the top left of a box; return how far down they reach."""
        pen = ImageDraw.Draw(image)
        for line in lines:
            text = " ".join(line.text.split())
            data = self._holding(text)
            if not text or data is None:
                continue
            font = _fitting(data, text, line, width)
            y += line.gap_px
            step = round(font.size * LEADING)
            for row in break_lines(text, font.getlength, width, min(line.lines, (image.height - y) // step)):
                pen.text((x, y + round(font.size)), row, line.color, font, anchor="ls")
                y += step
        return y


def _fitting(data: bytes, text: str, line: Line, width: int) -> ImageFont.FreeTypeFont:
    """Return the font as large as it may be: shrunk to one line where little is missing, else until all lines fit."""
    font = ImageFont.truetype(io.BytesIO(data), line.size_px)
    share = width / max(font.getlength(text), 1.0)
    if line.least < share < 1:
        return font.font_variant(size=int(share * line.size_px))
    size = line.size_px
    while (
        size > line.least * line.size_px and len(break_lines(text, font.getlength, width, line.lines + 1)) > line.lines
    ):
        size -= 1
        font = font.font_variant(size=size)
    return font


def _wall(lines: tuple[WallLine, ...], hall: Hall, look: Look, wall: WallText, face: _Face) -> Sheet:
    ink = (246, 238, 224) if _lightness(look.end_wall or look.wall) < 0.32 else (38, 30, 24)
    image = Image.new("RGBA", (round(wall.width * PX_PER_M), round(TALL_M * PX_PER_M)), (*ink, 0))
    for line in lines:
        face.print(image, line, (*ink, round(255 * STRENGTH[line.kind])))
    corner = (wall.x - wall.width / 2, wall.y + ABOVE_M, -hall.depth / 2 + 0.006)
    return Sheet(corner, (wall.width, 0.0, 0.0), (0.0, -TALL_M, 0.0), np.asarray(image))


def _label(number: int, title: str, other: str, spot: Spot, look: Look, face: _Face) -> Sheet:
    image = Image.new("RGBA", LABEL_PX, PAPER)
    ImageDraw.Draw(image).rectangle((0, 0, 4, LABEL_PX[1]), look.trim)
    lines = [
        Line(str(number), 17, _rgba(look.trim)),
        Line(title, 25, (31, 26, 22, 255), 2, 1, 0.75),
        Line(other, 15, (95, 86, 76, 255), 1, 1),
    ]
    face.write(image, lines, 20, 9, LABEL_PX[0] - 37)
    is_tall = spot.plinth.height >= LOWEST_FRONT_M
    width = min(LABEL_M, spot.plinth.width - 0.06) if is_tall else 1.5 * LABEL_M
    height = width * LABEL_PX[1] / LABEL_PX[0]
    front = spot.plinth.depth / 2
    if is_tall:
        top, down = (-width / 2, spot.plinth.height - 0.09, front + 0.004), (0.0, -height, 0.0)
    else:
        # too low for its front: the label leans on the foot
        lean = math.radians(48)
        half_up, half_out = math.cos(lean) * height / 2, math.sin(lean) * height / 2
        top = (-width / 2, 0.36 * height + half_up, front + 0.42 * height - half_out)
        down = (0.0, -2 * half_up, 2 * half_out)
    x, y, z = _turned(top, spot.yaw_deg)
    corner = (spot.position[0] + x, y, spot.position[2] + z)
    return Sheet(corner, _turned((width, 0.0, 0.0), spot.yaw_deg), _turned(down, spot.yaw_deg), np.asarray(image))


def _turned(vector: Vector, yaw_deg: float) -> Vector:
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    x, y, z = vector
    return c * x + s * z, y, c * z - s * x


def _rgba(color: str) -> tuple[int, int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16), 255


def _lightness(color: str) -> float:
    return float(luminance(linear_from_srgb(np.array(_rgba(color)[:3], np.uint8))))
