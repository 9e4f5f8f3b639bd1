"""The hard cases as pictures: the truth, ours and the scripts side by side, in clay, under one light.

Blue is what ours says it filled; red is the inner side of the surface, which a sound object shows only where it is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.hard_cases import CASES, UNSEEN, truth_of
from tests.bench.truth import Scene

U1 = npt.NDArray[np.uint8]

SHOWN = {
    "truth": "the truth", "ours": "ours", "script": "Open3D script, depth 10", "tuned": "the script at its best depth",
}  # fmt: skip
_TILE, _MARGIN, _ABOVE = 360, 6, 26
_CLAY, _BLUE, _RED, _PAPER = (205, 196, 184), (120, 160, 205), (176, 92, 78), (255, 255, 255)
_MADE = ("vertices", "faces", "provenance")


@dataclass(frozen=True, slots=True)
class View:
    """A parallel view.

    Parameters
    ----------
    toward : direction in which it looks.
    middle, extent : of the picture, unit of the object.
    cut : whether what lies in front of `middle` is left away.
    """

    toward: tuple[float, float, float]
    middle: tuple[float, float, float] = (0.0, 0.0, 0.0)
    extent: float = 1.25
    cut: bool = False


VIEWS = {
    "hard-bowl": (View((0, 1, -0.6), (0, 0, -0.2)), View((0, 1, 0), (0.43, 0.0, -0.1), 0.26, cut=True)),
    "hard-slab": (View((-0.7, 1, -0.5), extent=1.7), View((0, 0, -1), (0.4, 0.0, 0.1), 0.26, cut=True)),
    "hard-gradient": (View((0.3, 1, 0)),),
    "hard-step": (View((0.3, 1, -0.2)), View((0.3, 1, 0.3), extent=0.6)),
    "hard-holes": (View((0.15, 0.35, -0.55)), View((0.5, -0.85, -0.1)), View((0.3, 1, 0.9))),
    "hard-cube": (View((-0.7, 1, -0.6), extent=1.5), View((-0.7, 1, -0.6), (0.5, -0.4, 0.35), 0.3)),
    "hard-prism": (View((-0.7, 1, -0.8), extent=1.4), View((-0.5, 1, -0.9), (0.0, -0.3, 0.35), 0.5)),
    "hard-letters": (View((0, 0.25, -1), (0, 0, 0.08), 1.05), View((0, 0.25, -1), (-0.25, -0.2, 0.08), 0.4)),
}


def keep(name: str, way: str, made: dict[str, Any]) -> None:
    """Keep a contender's mesh of a hard case for its picture."""
    if name in CASES and way in SHOWN:
        np.savez(_kept(name, way), **{one: made[one] for one in _MADE if one in made})


def draw_hard(folder: Path) -> list[Path]:
    """Draw every case of which meshes are kept; return the files."""
    return [_draw(name, folder / f"{name}.png") for name in CASES if _kept(name, "ours").is_file()]


def _kept(name: str, way: str) -> Path:
    from tests.bench.subjects import cache_folder

    return cache_folder() / f"{name}-{way}.mesh.npz"


def _draw(name: str, path: Path) -> Path:
    from PIL import Image, ImageDraw, ImageFont

    known = {way: made for way in SHOWN if (made := _made(name, way)) is not None}
    scenes = {way: Scene(made["vertices"], made["faces"]) for way, made in known.items()}
    blank = np.full((_TILE, _TILE, 3), 255, np.uint8)
    rows = []
    for view in VIEWS[name]:
        tiles = [_look(scenes[way], known[way], view) if way in known else blank for way in SHOWN]
        row = np.concatenate(tiles, axis=1)
        filled = np.flatnonzero((row < 255).any(axis=(1, 2)))
        rows += [row[max(0, filled[0] - _MARGIN) : filled[-1] + 1 + _MARGIN], np.full_like(row[:4], 255)]
    picture = np.concatenate(rows)
    sheet = Image.new("RGB", (picture.shape[1], picture.shape[0] + _ABOVE), _PAPER)
    sheet.paste(Image.fromarray(picture), (0, _ABOVE))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for column, (way, title) in enumerate(SHOWN.items()):
        draw.text((column * _TILE + 8, 4), title, fill=(50, 50, 50), font=font)
        if way not in known:
            draw.text((column * _TILE + 8, 40), "not run yet", fill=(150, 150, 150), font=font)
    sheet.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def _made(name: str, way: str) -> dict[str, npt.NDArray[Any]] | None:
    if way == "truth":
        truth = truth_of(name)
        seen = truth.faces[truth.part != UNSEEN]
        return {"vertices": truth.vertices.astype(np.float32), "faces": seen}
    if not _kept(name, way).is_file():
        return None
    with np.load(_kept(name, way)) as arrays:
        return {one: arrays[one] for one in arrays.files}


def _look(scene: Scene, made: dict[str, npt.NDArray[Any]], view: View) -> U1:
    toward = np.array(view.toward, np.float64)
    toward /= np.linalg.norm(toward)
    right = np.cross(toward, [0, 1, 0] if abs(toward[2]) > 0.9 else [0, 0, 1])
    right /= np.linalg.norm(right)
    up = np.cross(right, toward)
    # four rays a pixel
    step = (np.arange(2 * _TILE) + 0.5) / (2 * _TILE) - 0.5
    x, y = np.meshgrid(step * view.extent, -step * view.extent)
    origin = np.array(view.middle) + x[..., None] * right + y[..., None] * up - (0 if view.cut else 5) * toward
    rays = np.concatenate([origin, np.broadcast_to(toward, origin.shape)], axis=2).astype(np.float32)
    answer = scene.scene.cast_rays(scene.tensor(rays))
    face = answer["primitive_ids"].numpy().astype(np.int64)
    is_hit = np.isfinite(answer["t_hit"].numpy())
    face = np.where(is_hit, face, 0)
    normal = answer["primitive_normals"].numpy().astype(np.float64)
    is_back = normal @ toward > 0
    light = -0.55 * toward + 0.55 * up - 0.5 * right
    light /= np.linalg.norm(light)
    shade = 0.25 + 0.75 * np.clip((normal * np.where(is_back, -1, 1)[..., None]) @ light, 0, 1)
    colour = np.full((*face.shape, 3), _CLAY, np.float64)
    if "provenance" in made:
        colour[made["provenance"][face] > 0] = _BLUE
    colour[is_back] = _RED
    picture = np.where(is_hit[..., None], colour * shade[..., None], np.array(_PAPER))
    return np.asarray(picture.reshape(_TILE, 2, _TILE, 2, 3).mean(axis=(1, 3)).astype(np.uint8))
