"""Materials of a glTF document: what colour and picture they give a surface seen in plain light.

Sources: Khronos Group, *glTF 2.0* 3.9, *KHR_texture_transform*, *KHR_materials_pbrSpecularGlossiness*,
*EXT_texture_webp*, *EXT_texture_avif*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from exhibit.formats.gltf_document import Document, data_uri
from exhibit.formats.textures import texture_bytes, texture_file
from exhibit.model.arrays import F4, F8, U1
from exhibit.model.cloud import SourceMaterial
from exhibit.model.finding import Finding

_PICTURES: Final = ("EXT_texture_webp", "EXT_texture_avif")
_SPECULAR: Final = "KHR_materials_pbrSpecularGlossiness"


@dataclass(frozen=True, slots=True)
class Look:
    """A material, which set of coordinates its picture uses, and how those are changed first.

    Parameters
    ----------
    uv_transform : (3, 3) float64, applied to (u, v, 1).
    """

    material: SourceMaterial
    uv_set: int
    uv_transform: F8


def read_looks(document: Document) -> tuple[list[Look], list[Finding]]:
    """Return every material of a document, and a last white one for primitives that name none."""
    looks: list[Look] = []
    findings: list[Finding] = []
    pictures: dict[Any, U1 | None] = {}
    for entry in document.json.get("materials", []):
        metallic = entry.get("pbrMetallicRoughness", {})
        specular = entry.get("extensions", {}).get(_SPECULAR, {})
        factor = specular.get("diffuseFactor") or metallic.get("baseColorFactor") or [1, 1, 1, 1]
        place = specular.get("diffuseTexture") or metallic.get("baseColorTexture")
        texture = None
        uv_set, transform = 0, np.eye(3)
        if place is not None:
            uv_set, transform = _uv_change(place)
            source = _image_index(document, document.entry("textures", place["index"]))
            if source not in pictures:
                pictures[source], found = _picture(document, source)
                findings.extend(found)
            texture = pictures[source]
        looks.append(Look(SourceMaterial(_srgb_factor(factor), texture), uv_set, transform))
    looks.append(Look(SourceMaterial(np.full(4, 255, np.uint8)), 0, np.eye(3)))
    return looks, findings


def linear_to_srgb(linear: npt.NDArray[Any]) -> U1:
    """Return linear light 0-1 as 8-bit sRGB (IEC 61966-2-1)."""
    clipped = np.clip(np.nan_to_num(np.asarray(linear, np.float32)), 0.0, 1.0)
    curved = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(curved * 255), np.uint8)


def transformed_uv(uv: F4, transform: F8) -> F4:
    """Return coordinates (..., 2) after a texture transform (3, 3)."""
    return np.asarray(uv @ transform[:2, :2].T + transform[:2, 2], np.float32)


def _srgb_factor(factor: list[float]) -> U1:
    rgb = linear_to_srgb(np.array([float(one) for one in factor[:3]]))
    alpha = int(np.clip(np.nan_to_num(float(factor[3])) * 255, 0, 255))
    return np.array([*rgb, alpha], np.uint8)


def _uv_change(place: dict[str, Any]) -> tuple[int, F8]:
    change = place.get("extensions", {}).get("KHR_texture_transform")
    uv_set = int(place.get("texCoord", 0))
    if change is None:
        return uv_set, np.eye(3)
    (x, y), (sx, sy) = change.get("offset", (0, 0)), change.get("scale", (1, 1))
    cos, sin = np.cos(change.get("rotation", 0.0)), np.sin(change.get("rotation", 0.0))
    # the specification's translation * rotation * scale, whose rotation is counter-clockwise seen with v downward
    matrix = np.array([[cos * sx, sin * sy, x], [-sin * sx, cos * sy, y], [0, 0, 1]], np.float64)
    return int(change.get("texCoord", uv_set)), matrix


def _image_index(document: Document, texture: dict[str, Any]) -> int | None:
    extensions = texture.get("extensions", {})
    for name in _PICTURES:
        if "source" in extensions.get(name, {}):
            return int(extensions[name]["source"])
    source = texture.get("source")
    return None if source is None else int(source)


def _picture(document: Document, index: int | None) -> tuple[U1 | None, tuple[Finding, ...]]:
    if index is None:
        hint = "A texture is left out: it is KTX2 or of another kind we cannot read; export it as JPEG, PNG or WebP."
        return None, (Finding("formats.texture-unsupported", None, "", hint, "warning"),)
    image = document.entry("images", index)
    name = str(image.get("name") or f"image {index}")
    if "bufferView" in image:
        return texture_bytes(document.view(image["bufferView"]).tobytes(), name)
    uri = image.get("uri")
    if not isinstance(uri, str):
        hint = f"A texture is left out: '{name[-80:]}' has no picture."
        return None, (Finding("formats.texture-missing", None, "", hint, "warning"),)
    if uri.startswith("data:"):
        return texture_bytes(data_uri(document.path, uri), name)
    return texture_file(document.path, uri)
