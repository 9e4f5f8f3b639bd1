"""The hall as seen from the entrance, with the relics' portraits on their plinths: a picture that needs no script."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from exhibit.publish.webxr.drawing import Drawing, Face, Glow, Picture, Point, Shape
from exhibit.publish.webxr.layout import Hall, Spot
from exhibit.publish.webxr.room import Look

VIEW_PX: Final = (1600, 800)
FOCAL_PX: Final = (1250.0, 1700.0)
"""Shortest and longest: a hall with few relics is seen from nearer."""
EYE_M: Final = 1.55
HORIZON_PX: Final = 380.0
MOST_PICTURES: Final = 12
"""Posters in the view; what stands behind them is too small to be worth the bytes."""
DUSK: Final = 0.62
"""The hall is drawn darker than its paint, so that the lamps over the relics tell."""


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster's address and, as shares of the picture, the box in which the relic is seen: x0, y0, x1, y1."""

    url: str
    width_px: int
    height_px: int
    seen: tuple[float, float, float, float]


def read_poster(url: str, data: bytes) -> Poster | None:
    """Measure a poster: where it is opaque is the relic. None where it is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            # the relic is solid, its shadow is not
            box = image.convert("RGBA").getchannel("A").point(lambda alpha: 255 * (alpha > 200)).getbbox()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    x0, y0, x1, y1 = box or (0, 0, width, height)
    return Poster(url, width, height, (x0 / width, y0 / height, x1 / width, y1 / height))


def draw_view(hall: Hall, look: Look, sizes_m: tuple[tuple[float, float, float], ...],
              posters: tuple[Poster | None, ...]) -> Drawing:  # fmt: skip
    """Draw the hall as seen from the entrance, with the posters standing on their plinths."""
    camera = _camera(hall)
    shapes: list[Shape] = [*_shell(hall, look, camera), *_lamps(hall, camera)]
    order = sorted(range(len(hall.spots)), key=lambda n: hall.spots[n].position[2])
    with_picture = set(order[-MOST_PICTURES:])
    for number in order:
        spot = hall.spots[number]
        shapes += _plinth(spot, look, camera)
        poster = posters[number] if number in with_picture else None
        if poster is not None:
            shapes.append(_standing(spot, sizes_m[number], poster, camera))
    return Drawing(*VIEW_PX, tuple(shapes))


@dataclass(frozen=True, slots=True)
class _Camera:
    """Stands at z on the hall's axis at eye height and looks level towards -Z."""

    z: float
    focal_px: float

    def scale(self, z: float) -> float:
        return self.focal_px / max(0.2, self.z - z)

    def see(self, x: float, y: float, z: float) -> Point:
        scale = self.scale(z)
        return round(VIEW_PX[0] / 2 + x * scale, 1), round(HORIZON_PX + (EYE_M - y) * scale, 1)


def _camera(hall: Hall) -> _Camera:
    z = hall.entrance[2] + 1.1
    slopes = [max(-spot.footprint()[0], spot.footprint()[2]) / max(0.2, z - spot.position[2]) for spot in hall.spots]
    focal = 0.42 * VIEW_PX[0] / max(slopes, default=1.0)
    return _Camera(z, min(FOCAL_PX[1], max(FOCAL_PX[0], focal)))


def _shell(hall: Hall, look: Look, camera: _Camera) -> list[Face]:
    right, top, far, near = hall.width / 2, hall.height, -hall.depth / 2, camera.z - 0.25

    def wall(*corners: tuple[float, float, float]) -> tuple[Point, ...]:
        return tuple(camera.see(*corner) for corner in corners)

    skirting = 0.12
    return [
        Face(wall((-right, 0, near), (right, 0, near), (right, 0, far), (-right, 0, far)), shade(look.floor, DUSK)),
        Face(
            wall((-right, top, near), (right, top, near), (right, top, far), (-right, top, far)),
            shade(look.ceiling, 0.7 * DUSK),
        ),
        Face(
            wall((-right, 0, near), (-right, top, near), (-right, top, far), (-right, 0, far)),
            shade(look.wall, 0.8 * DUSK),
        ),
        Face(
            wall((right, 0, near), (right, top, near), (right, top, far), (right, 0, far)),
            shade(look.wall, 0.74 * DUSK),
        ),
        Face(
            wall((-right, 0, far), (right, 0, far), (right, top, far), (-right, top, far)),
            shade(look.end_wall or look.wall, DUSK),
        ),
        Face(
            wall((-right, 0, far), (right, 0, far), (right, skirting, far), (-right, skirting, far)),
            shade(look.trim, DUSK),
        ),
    ]


def _lamps(hall: Hall, camera: _Camera) -> list[Glow]:
    """Pools of light: on the floor round each plinth, and on the end wall behind the last relics."""
    glows = []
    for spot in hall.spots:
        x, _, z = spot.position
        reach = (0.9 + max(spot.plinth.width, spot.plinth.depth)) * camera.scale(z)
        glows.append(Glow("light", camera.see(x, 0, z), (round(reach, 1), round(0.3 * reach, 1))))
    for spot in sorted(hall.spots, key=lambda spot: spot.position[2])[:3]:
        x, y, _ = spot.position
        reach = 2.1 * camera.scale(-hall.depth / 2)
        glows.append(Glow("light", camera.see(x, y + 0.45, -hall.depth / 2), (round(reach, 1), round(reach, 1))))
    return glows


def _plinth(spot: Spot, look: Look, camera: _Camera) -> list[Shape]:
    x0, z0, x1, z1 = spot.footprint()
    top = spot.position[1]
    ground = camera.see((x0 + x1) / 2, 0, (z0 + z1) / 2)
    scale = camera.scale((z0 + z1) / 2)
    reach = 0.75 * (x1 - x0) * scale
    faces: list[Shape] = [Glow("shadow", ground, (round(reach, 1), round(reach * 0.22, 1)))]

    def side(*corners: tuple[float, float, float]) -> tuple[Point, ...]:
        return tuple(camera.see(*corner) for corner in corners)

    if x0 > 0:
        faces.append(Face(side((x0, 0, z0), (x0, top, z0), (x0, top, z1), (x0, 0, z1)), shade(look.plinth, 0.55)))
    elif x1 < 0:
        faces.append(Face(side((x1, 0, z0), (x1, top, z0), (x1, top, z1), (x1, 0, z1)), shade(look.plinth, 0.55)))
    faces.append(Face(side((x0, 0, z1), (x1, 0, z1), (x1, top, z1), (x0, top, z1)), shade(look.plinth, 0.8)))
    if top < EYE_M:
        faces.append(Face(side((x0, top, z0), (x1, top, z0), (x1, top, z1), (x0, top, z1)), look.plinth))
    return faces


def _standing(spot: Spot, size_m: tuple[float, float, float], poster: Poster, camera: _Camera) -> Picture:
    x, y, z = spot.position
    scale = camera.scale(z)
    x0, y0, x1, y1 = poster.seen
    # the poster's relic is as high as the relic, or as broad, whichever keeps it within its plinth
    by_height = size_m[1] * scale / max(1e-3, (y1 - y0) * poster.height_px)
    by_width = 1.15 * max(size_m[0], size_m[2]) * scale / max(1e-3, (x1 - x0) * poster.width_px)
    zoom = min(by_height, by_width)
    width, height = poster.width_px * zoom, poster.height_px * zoom
    foot_x, foot_y = camera.see(x, y, z)
    left, top = foot_x - width * (x0 + x1) / 2, foot_y - height * y1
    return Picture(poster.url, round(left, 1), round(top, 1), round(width, 1), round(height, 1))


def shade(color: str, factor: float) -> str:
    """Return the sRGB colour ``#rrggbb`` made darker by `factor`."""
    return "#" + "".join(f"{round(int(color[at : at + 2], 16) * factor):02x}" for at in (1, 3, 5))
