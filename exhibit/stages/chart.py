"""Chart: a mesh coloured by its deviation from a scan, from four sides, with a scale in millimetres."""

from __future__ import annotations

import numpy as np

from exhibit.geometry.sample_mesh import sample_mesh
from exhibit.model.arrays import U1
from exhibit.model.cloud import SourceMesh
from exhibit.model.comparison import Comparison
from exhibit.model.surface import ColourSource
from exhibit.progress import SILENT, Progress
from exhibit.stages.comparing.legend import DIM, INK, draw_ruler, draw_scale, draw_words, nice_limit, plain
from exhibit.stages.comparing.reference import places_of, reference_of, side_of
from exhibit.stages.comparing.views import SIDES, draw_side, fit_frame

_GROUND = (21, 23, 27)
_WIDTH = 1680
_MOST_HEIGHT = 760
_MARGIN = 26
_EDGE = 40
_TOP = 78
_BELOW = 250
_N_SAMPLES = 200_000
_WIDE = 0.9
"""Width over height from which on the views stand in two rows."""


def chart(
    mesh: SourceMesh, source: ColourSource, found: Comparison, /, *, title: str = "", progress: Progress = SILENT
) -> U1:
    """Draw the picture of a comparison.

    Parameters
    ----------
    mesh, source, found : what `exhibit.stages.compare.compare` was given and returned.
    title : a line above the views.

    Returns
    -------
    (h, 1680, 3) uint8 sRGB: blue where the mesh lies below the scan, orange where it stands above it, grey where there
    is no scan to be measured against. The scale ends at a round number beyond the 95 % quantile; what deviates more has
    the colour of its end.
    """
    from PIL import Image, ImageDraw, ImageFont

    reference = reference_of(source)
    side = side_of(mesh, reference)
    limit_mm = nice_limit(1.4 * found.mesh_to_scan.p95_mm)
    width, height, depth = found.size_mm
    n_columns = 2 if max(width, depth) > _WIDE * height else 4
    frame = fit_frame(mesh, (_WIDTH - 2 * _EDGE) // n_columns, _MOST_HEIGHT, _MARGIN)
    n_rows = len(SIDES) // n_columns
    row = frame.height + 34
    image = Image.new("RGB", (_WIDTH, _TOP + n_rows * row + _BELOW), _GROUND)
    pen = ImageDraw.Draw(image)
    font, large = ImageFont.load_default(18), ImageFont.load_default(26)
    pen.text((_EDGE, 26), plain(title), fill=INK, font=large)
    for number, (name, azimuth) in enumerate(SIDES.items()):
        part = progress.part(number / 5, (number + 1) / 5)
        part.tick(0.0, "drawing the deviation")
        view = draw_side(mesh, reference, side, azimuth, frame, limit_mm / 1000, np.array(_GROUND, np.uint8), part)
        left, top = _EDGE + number % n_columns * frame.width, _TOP + number // n_columns * row
        image.paste(Image.fromarray(view), (left, top))
        pen.text((left + frame.width / 2, top + frame.height + 4), name, fill=DIM, font=font, anchor="ma")
    places = sample_mesh(mesh.vertices, mesh.faces, _N_SAMPLES)
    at, facing = places_of(mesh, places.face, places.weights)
    deviation, has_scan = reference.deviation(at, side * facing, progress=progress.part(0.8, 1.0))
    bottom = image.height - 110
    draw_scale(
        pen, deviation[has_scan].astype(np.float64) * 1000, limit_mm, (_EDGE, bottom - 96, 980, bottom), found, font
    )
    draw_words(pen, found, (1090, bottom - 96), font, 30)
    draw_ruler(pen, frame.per_metre, (1090, bottom + 50), font)
    progress.tick(1.0, "drawn")
    return np.asarray(image)
