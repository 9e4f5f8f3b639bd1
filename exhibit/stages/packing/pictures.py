"""A level's maps as encoded pictures: WebP for the web, JPEG for interchange, KTX2 for GPUs.

WebP serves normal maps too: on maps of 3 and 8 degrees of mean slope it gave 1.0 and 1.6 degrees of mean error in
0.27 and 0.57 MB (2048 px, quality 90), where JPEG without chroma subsampling needed 0.38 and 0.59 MB.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PIL import Image

from exhibit.engines.gltf_tools import TextureKind, encode_ktx2
from exhibit.model.arrays import U1
from exhibit.model.surface import Textured
from exhibit.progress import SILENT, Progress

Slot = Literal["base_color", "normal", "occlusion"]
Codec = Literal["webp", "jpeg", "ktx2"]

MIME: Final[dict[Codec, str]] = {"webp": "image/webp", "jpeg": "image/jpeg", "ktx2": "image/ktx2"}
OCCLUSION_QUALITY: Final = 75
_SEVEN_EIGHTHS: Final = 0.1926
"""Halvings that leave as much of a side."""
_LARGE_PX: Final = 1 << 20
"""Pixels of pictures that get less of WebP's effort: half the time for 2 % more bytes and 0.1 dB."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How much of the maps to keep: encoder qualities (1 to 100), and halvings of the maps' sides.

    `with_normal` and `with_occlusion` say whether those maps are kept at all.
    """

    color: int
    normal: int
    color_halvings: float = 0
    normal_halvings: float = 0
    occlusion_halvings: float = 0
    with_normal: bool = True
    with_occlusion: bool = True


STEPS: Final = (
    Quality(90, 92),
    Quality(84, 88),
    Quality(78, 84),
    Quality(70, 80),
    Quality(64, 72),
    Quality(64, 80, normal_halvings=1),
    Quality(52, 70, normal_halvings=1),
    Quality(60, 70, color_halvings=1, normal_halvings=1, occlusion_halvings=1),
    Quality(50, 50, color_halvings=1, normal_halvings=1, occlusion_halvings=1, with_normal=False),
    Quality(50, 50, color_halvings=2, normal_halvings=2, with_normal=False, with_occlusion=False),
)
"""From best to last resort, when a file has a limit. Shape goes last: the eye forgives colour first."""

KTX2_STEPS: Final = (
    Quality(90, 92),
    Quality(90, 92, normal_halvings=_SEVEN_EIGHTHS, occlusion_halvings=1),
    Quality(90, 92, normal_halvings=1, occlusion_halvings=1),
    Quality(90, 92, color_halvings=1, normal_halvings=1, occlusion_halvings=1),
    Quality(90, 92, color_halvings=1, normal_halvings=1, occlusion_halvings=1, with_normal=False),
)
"""The same for KTX2, where a normal map takes the most by far and encoder qualities are not ours to set."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded map."""

    slot: Slot
    codec: Codec
    data: bytes
    width: int
    height: int

    @property
    def gpu_bytes(self) -> int:
        """Bytes in a GPU's memory with mipmaps.

        Pictures become RGBA8; KTX2 becomes one byte a texel (BC7, ASTC 4x4), or half of that where the GPU knows ETC.
        """
        bytes_per_texel = 1 if self.codec == "ktx2" else 4
        return self.width * self.height * bytes_per_texel * 4 // 3


Known = dict[tuple[Slot, Codec, int, float], Picture]
"""Maps encoded before, by slot, codec, quality and halvings."""


def encode_maps(
    textured: Textured, codec: Codec, quality: Quality, known: Known, /, *, progress: Progress = SILENT
) -> tuple[Picture, ...]:
    """Encode a level's maps, base colour first.

    Parameters
    ----------
    known : what was encoded of this level before; it grows, and nothing in it is encoded again.

    Raises
    ------
    DependencyError
        For ``ktx2`` without Node or the built tools.
    """
    wanted: list[tuple[Slot, U1, int, float]] = [
        ("base_color", textured.base_color, quality.color, quality.color_halvings)
    ]
    if textured.normal_map is not None and quality.with_normal:
        wanted.append(("normal", textured.normal_map, quality.normal, quality.normal_halvings))
    if textured.occlusion is not None and quality.with_occlusion:
        value = min(quality.color, OCCLUSION_QUALITY)
        wanted.append(("occlusion", textured.occlusion, value, quality.occlusion_halvings))
    images: dict[tuple[Slot, Codec, int, float], Image.Image] = {}
    for slot, pixels, value, halvings in wanted:
        key = (slot, codec, value, halvings)
        if key not in known:
            images[key] = _shrunk(Image.fromarray(np.ascontiguousarray(pixels)), halvings, codec)
    if codec == "ktx2":
        progress.tick(0.0, "maps as ktx2")
        files = _as_ktx2([(image, slot) for (slot, *_), image in images.items()], progress)
    else:
        files = [_as_file(image, codec, value, progress) for (_, _, value, _), image in images.items()]
    for (key, image), data in zip(images.items(), files, strict=True):
        known[key] = Picture(key[0], codec, data, image.width, image.height)
    return tuple(known[slot, codec, value, halvings] for slot, _, value, halvings in wanted)


def _shrunk(image: Image.Image, halvings: float, codec: Codec) -> Image.Image:
    width, height = (max(4, round(side * 2**-halvings)) for side in image.size)
    if codec == "ktx2":  # blocks of 4 x 4
        width, height = -(-width // 4) * 4, -(-height // 4) * 4
    return image if (width, height) == image.size else image.resize((width, height), Image.Resampling.BOX)


def _as_file(image: Image.Image, codec: Codec, quality: int, progress: Progress) -> bytes:
    progress.tick(0.0, f"maps as {codec}")
    file = io.BytesIO()
    if codec == "webp":
        image.convert("RGB").save(
            file, "WEBP", quality=quality, method=2 if image.width * image.height > _LARGE_PX else 4
        )
    else:
        image.save(file, "JPEG", quality=quality, subsampling=0)
    return file.getvalue()


def _as_ktx2(images: list[tuple[Image.Image, Slot]], progress: Progress) -> list[bytes]:
    kinds: dict[Slot, TextureKind] = {"base_color": "color", "normal": "normal", "occlusion": "data"}
    pictures = [(np.asarray(image.convert("RGBA")), kinds[slot]) for image, slot in images]
    return list(encode_ktx2(pictures, progress=progress)) if pictures else []
