"""The scale under the views: how much of the mesh deviates how far, in millimetres, and the figures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from exhibit.model.comparison import Comparison
from exhibit.stages.comparing.views import NO_SCAN, color_of

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

INK: Final = (236, 233, 226)
DIM: Final = (160, 163, 170)
_LINE: Final = (112, 115, 122)
_N_BINS: Final = 121
_STEPS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def nice_limit(value: float) -> float:
    """Return the next round number, which a scale can end at and be halved."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step for step in _STEPS if step * power >= value * (1 - 1e-9)) * power)


def spoken_mm(value: float) -> str:
    """Return millimetres with three digits at most."""
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def draw_scale(
    pen: ImageDraw, deviation_mm: npt.NDArray[np.float64], limit_mm: float, box: tuple[int, int, int, int],
    found: Comparison, font: FreeTypeFont | ImageFont,
) -> None:  # fmt: skip
    """Draw a histogram of signed deviations (n,) over the colours of the scale into a box (left, top, right, bottom).

    Lines mark the mean and the 95 % quantile of their size on both sides of zero.
    """
    left, top, right, bottom = box
    edges = np.linspace(-limit_mm, limit_mm, _N_BINS + 1)
    counts = np.histogram(np.clip(deviation_mm, -limit_mm, limit_mm), edges)[0]
    # the square root, so that what is rare shows too
    tall = np.sqrt(counts / max(1, counts.max()))
    colors = color_of((edges[:-1] + edges[1:]) / 2 / limit_mm)
    across = np.round(np.linspace(left, right, _N_BINS + 1)).astype(int)
    for number in range(_N_BINS):
        span = (int(across[number]), int(across[number + 1]) - 1)
        color = tuple(int(value) for value in colors[number])
        pen.rectangle((span[0], bottom + 4, span[1], bottom + 16), fill=color)
        if counts[number]:
            height = max(1, round(float(tall[number]) * (bottom - top)))
            pen.rectangle((span[0], bottom - height, span[1], bottom), fill=color)

    def place(value: float) -> int:
        return round(left + (value / limit_mm + 1) / 2 * (right - left))

    for value in (-limit_mm, -limit_mm / 2, 0.0, limit_mm / 2, limit_mm):
        pen.line((place(value), bottom + 16, place(value), bottom + 22), fill=_LINE)
        sign = "+" if value > 0 else ""
        pen.text((place(value), bottom + 26), f"{sign}{spoken_mm(value)}", fill=INK, font=font, anchor="ma")
    marks = (("mean", found.mesh_to_scan.mean_mm, 0), ("95 %", found.mesh_to_scan.p95_mm, 24))
    for name, size, lower in marks:
        for value in (-size, size):
            if size <= limit_mm:
                pen.line((place(value), top - 6 + lower, place(value), bottom), fill=INK)
        text = f"{name} {spoken_mm(size)} mm"
        beside = min(place(min(size, limit_mm)) + 7, right - round(font.getlength(text)))
        pen.text((beside, top - 8 + lower), text, fill=INK, font=font)
    pen.text((left, bottom + 52), "below the scan", fill=DIM, font=font)
    pen.text(
        ((left + right) / 2, bottom + 52), "mm; height: root of the share of surface", fill=DIM, font=font, anchor="ma"
    )
    pen.text((right, bottom + 52), "above the scan", fill=DIM, font=font, anchor="ra")


def draw_words(
    pen: ImageDraw, found: Comparison, corner: tuple[int, int], font: FreeTypeFont | ImageFont, step: int
) -> None:
    """Write the figures as lines from a corner (left, top) on."""
    left, top = corner
    rows = [
        ("mesh to scan", _pair(found.mesh_to_scan.mean_mm, found.mesh_to_scan.p95_mm)),
        ("scan to mesh", _pair(found.scan_to_mesh.mean_mm, found.scan_to_mesh.p95_mm)),
        ("scan", f"spacing {spoken_mm(found.spacing_mm)} mm, noise {spoken_mm(found.noise_mm)} mm"),
        ("no scan near", f"{found.share_unscanned:.1%} of the mesh"),
    ]
    for number, (name, words) in enumerate(rows):
        at = top + number * step
        pen.text((left, at), name, fill=DIM, font=font)
        pen.text((left + 150, at), words, fill=INK, font=font)
    last = top + (len(rows) - 1) * step
    pen.rectangle((left - 26, last + 3, left - 10, last + 19), fill=NO_SCAN)


def draw_ruler(
    pen: ImageDraw, per_metre: float, corner: tuple[int, int], font: FreeTypeFont | ImageFont, longest_px: int = 240
) -> None:
    """Draw a bar of a round length, as the views show it."""
    left, top = corner
    power = 10.0 ** np.floor(np.log10(longest_px / per_metre))
    length_m = float(max(step for step in (1, 2, 5) if step * power * per_metre <= longest_px) * power)
    right = left + round(length_m * per_metre)
    pen.line((left, top, right, top), fill=INK, width=2)
    for end in (left, right):
        pen.line((end, top - 5, end, top + 5), fill=INK, width=2)
    pen.text((right + 12, top), f"{length_m * 1000:g} mm", fill=INK, font=font, anchor="lm")


def plain(text: str) -> str:
    """Return text without what the built-in font cannot show."""
    return "".join(letter if letter.isascii() or letter == "·" else "?" for letter in text)


def _pair(mean: float, p95: float) -> str:
    return f"mean {spoken_mm(mean)} mm, 95 % within {spoken_mm(p95)} mm"
