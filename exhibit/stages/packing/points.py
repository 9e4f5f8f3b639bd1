"""Raw points as a GLB: one POINTS primitive, positions as 16-bit integers, colours as bytes.

Source: glTF 2.0, sections 3.7.2 (a primitive without indices and material; COLOR_0 is linear) and 3.9.5 (points
without normals are not lit), KHR_mesh_quantization.
"""

from __future__ import annotations

import numpy as np

from exhibit.geometry.colour_spaces import linear_from_srgb
from exhibit.model.points import RawPoints
from exhibit.stages.packing.glb import GENERATOR, join_glb
from exhibit.stages.packing.streams import quantise_positions

_SHORT, _UNSIGNED_BYTE, _ARRAY_BUFFER, _POINTS = 5122, 5121, 34962, 0


def points_glb(raw: RawPoints, position_bits: int) -> bytes:
    """Return the points in their order as a GLB; at least one point, `position_bits` of precision (8 to 16)."""
    stored, scale, centre = quantise_positions(raw.positions, position_bits)
    count = len(stored)
    used = stored[:, :3]
    parts, accessors = [stored.tobytes()], [
        {"bufferView": 0, "componentType": _SHORT, "normalized": True, "count": count, "type": "VEC3",
         "min": used.min(axis=0).tolist(), "max": used.max(axis=0).tolist()},
    ]  # fmt: skip
    attributes = {"POSITION": 0}
    strides = [8]
    if raw.colors is not None:
        linear = np.zeros((count, 4), np.uint8)
        linear[:, :3] = np.round(linear_from_srgb(raw.colors) * 255)
        parts.append(linear.tobytes())
        strides.append(4)
        accessors.append({"bufferView": 1, "componentType": _UNSIGNED_BYTE, "normalized": True, "count": count,
                          "type": "VEC3"})  # fmt: skip
        attributes["COLOR_0"] = 1
    offsets = np.cumsum([0, *(len(part) for part in parts)]).tolist()
    document = {
        "asset": {"version": "2.0", "generator": GENERATOR},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": [float(x) for x in centre], "scale": [scale] * 3}],
        "meshes": [{"primitives": [{"attributes": attributes, "mode": _POINTS}]}],
        "accessors": accessors,
        "bufferViews": [
            {"buffer": 0, "byteOffset": offset, "byteLength": len(part), "byteStride": stride, "target": _ARRAY_BUFFER}
            for offset, part, stride in zip(offsets, parts, strides, strict=False)
        ],
        "buffers": [{"byteLength": offsets[-1]}],
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
    }
    return join_glb(document, b"".join(parts))
