"""A small site that needs no meshing: two turned vessels and a bead, drawn and packed by hand."""

import io
import json
import math
import struct
from functools import cache

import numpy as np
from PIL import Image

from exhibit.model.asset import Asset, AssetFile, Deviation, LevelFigures
from exhibit.model.exhibition import Exhibition
from exhibit.model.narration import Cue, Narration
from exhibit.model.record import RelicRecord
from exhibit.publish.plan import SiteInput, SiteRelic
from exhibit.publish.template import read_site_template

PROFILES = {
    "vase": ((0.30, 0.0), (0.36, 0.03), (0.30, 0.10), (0.52, 0.35), (0.60, 0.55), (0.48, 0.75), (0.26, 0.86),
             (0.22, 0.92), (0.32, 1.0)),
    "bowl": ((0.30, 0.0), (0.32, 0.08), (0.26, 0.12), (0.62, 0.45), (0.80, 0.80), (0.88, 1.0)),
    "bead": ((0.05, 0.0), (0.55, 0.15), (0.72, 0.5), (0.55, 0.85), (0.05, 1.0)),
}  # fmt: skip
COLORS = {"vase": (108, 146, 128), "bowl": (176, 122, 78), "bead": (70, 118, 150)}


@cache
def poster(kind: str, size: int = 480) -> bytes:
    """A lit turned body on nothing: RGBA WebP."""
    at, radius = zip(*[(y, r) for r, y in PROFILES[kind]])
    rows = np.linspace(0, 1, size)
    height, width = 0.8, 0.8 / 1.2
    y = (1 - (rows - 0.1) / height)[:, None]
    inside = (y >= 0) & (y <= 1)
    edge = np.interp(y, at, radius) * width / 1.0
    slope = np.gradient(edge[:, 0], -y[:, 0])[:, None]
    x = np.linspace(-0.5, 0.5, size)[None, :] / 0.62
    seen = inside & (np.abs(x) < edge)
    nx = np.where(seen, x / np.maximum(edge, 1e-6), 0)
    nz = np.sqrt(np.clip(1 - nx**2, 0, 1))
    light = np.clip(-0.5 * nx + 0.35 * np.clip(slope, -1.2, 1.2) * 0.8 + 0.72 * nz, 0, None)
    shade = 0.16 + 0.8 * light + 0.5 * np.clip(light, 0, 1) ** 24
    bands = 0.9 + 0.1 * np.sign(np.sin(y * 60))
    rgba = np.zeros((size, size, 4), np.uint8)
    for channel, value in enumerate(COLORS[kind]):
        rgba[..., channel] = np.clip(value * shade * bands, 0, 255)
    rgba[..., 3] = 255 * seen
    out = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(out, "WEBP", quality=80)
    return out.getvalue()


@cache
def glb(kind: str, height_m: float, n_round: int = 24) -> bytes:
    """A valid GLB of the turned body: positions, normals, triangles, one material."""
    profile = np.array(PROFILES[kind]) * height_m * np.array([0.5, 1.0])
    angle = np.linspace(0, 2 * math.pi, n_round, endpoint=False)
    ring = np.stack([np.sin(angle), np.cos(angle)], 1)
    points = np.array([[r * s, y, r * c] for r, y in profile for s, c in ring], "<f4")
    slope = np.gradient(profile[:, 0], profile[:, 1])
    normals = np.array([[s, -k, c] for k in slope for s, c in ring], "<f4")
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    triangles = []
    for row in range(len(profile) - 1):
        for step in range(n_round):
            a, b = row * n_round + step, row * n_round + (step + 1) % n_round
            triangles += [(a, b, b + n_round), (a, b + n_round, a + n_round)]
    faces = np.array(triangles, "<u2")
    binary = points.tobytes() + normals.tobytes() + faces.tobytes()
    binary += b"\0" * (-len(binary) % 4)
    color = [(value / 255) ** 2.2 for value in COLORS[kind]]
    head = {
        "asset": {"version": "2.0", "generator": "exhibit tests"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [*color, 1], "metallicFactor": 0}}],
        "buffers": [{"byteLength": len(binary)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": points.nbytes, "target": 34962},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": normals.nbytes, "target": 34962},
            {"buffer": 0, "byteOffset": 2 * points.nbytes, "byteLength": faces.nbytes, "target": 34963},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(points), "type": "VEC3",
             "min": points.min(0).tolist(), "max": points.max(0).tolist()},
            {"bufferView": 1, "componentType": 5126, "count": len(points), "type": "VEC3"},
            {"bufferView": 2, "componentType": 5123, "count": faces.size, "type": "SCALAR"},
        ],
    }  # fmt: skip
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def figures(name: str, triangles: int, texture: int, n_bytes: int) -> LevelFigures:
    coarse = 300_000 / triangles
    deviation = Deviation(0.041 * coarse**0.5, 0.12 * coarse**0.5, 0.83, 0.05, 0.14, 1.2)
    return LevelFigures(
        name=name, n_triangles=triangles, n_vertices=triangles // 2, texture_px=texture, n_bytes=n_bytes,
        gpu_bytes=texture * texture * 4, deviation=deviation, color_error=1.3, texel_density=4.0, is_closed=True,
        share_scanned=0.913, share_filled=0.062, share_unseen=0.025,
    )  # fmt: skip


def asset(kind: str, size_m: tuple[float, float, float]) -> Asset:
    levels = (("thumb", 8_000, 512), ("room", 20_000, 1024), ("hero", 148_312, 2048), ("inspect", 298_764, 4096))
    body = glb(kind, size_m[1])
    files = [AssetFile(f"{name}.glb", body) for name, _, _ in levels if name != "inspect"]
    files += [
        AssetFile("model.glb", body),
        AssetFile("poster.webp", poster(kind)),
        AssetFile("report.json", b'{"version":1}\n'),
        AssetFile("timings.json", b'{"seconds":1}\n'),
    ]
    return Asset(
        files=tuple(files),
        figures=tuple(figures(name, triangles, texture, len(body)) for name, triangles, texture in levels),
        aliases=(("inspect", "hero"),),
        size_m=size_m,
    )


@cache
def silence(seconds: float = 4.0) -> bytes:
    """A quiet MP3."""
    import soundfile

    out = io.BytesIO()
    tone = 0.02 * np.sin(np.arange(int(24_000 * seconds)) * 2 * math.pi * 220 / 24_000)
    soundfile.write(out, tone, 24_000, format="MP3")
    return out.getvalue()


def narration(language: str, sentences: tuple[str, ...], *, synthetic: bool = False) -> Narration:
    each = 4.0 / len(sentences)
    cues = tuple(Cue(n * each, (n + 1) * each, text) for n, text in enumerate(sentences))
    lines = ["WEBVTT", ""]
    for cue in cues:
        lines += [f"00:00:{cue.start_s:06.3f} --> 00:00:{cue.end_s:06.3f}", cue.text, ""]
    joined = ("" if language.startswith("zh") else " ").join(sentences)
    speaker = "" if synthetic else {"en": "Mary Wu"}.get(language, "吴晓兰")
    return Narration(language, silence(), "\n".join(lines), joined, 4.0, speaker, synthetic, cues)


CC_BY = {"uri": "http://creativecommons.org/licenses/by/4.0/", "spdx": "CC-BY-4.0", "holder": "Hubei Provincial Museum"}
IN_COPYRIGHT = {"uri": "http://rightsstatements.org/vocab/InC/1.0/", "holder": "The Vase Trust"}

VASE = RelicRecord.model_validate({
    "id": "green-vase",
    "title": {"zh-Hans": "青釉弦纹瓶", "en": "Celadon vase with bow-string bands"},
    "alternative_titles": [{"zh-Hans": "弦纹瓶", "en": "String-band vase"}],
    "label": {
        "zh-Hans": "瓶身匀净，青釉温润如玉，肩与腹各饰弦纹数道。旋坯时留下的细线，在光下依次显现。",
        "en": "An even, jade-like glaze over a body turned on a fast wheel. The raised bands on shoulder and belly "
        "catch the light one after the other.",
    },
    "description": {
        "zh-Hans": "宋人以玉比瓷。此瓶不施纹彩，只凭器形与釉色取胜，弦纹既是装饰，也是拉坯时手指停留的痕迹。\n\n"
        "釉层厚处如凝脂，薄处露出胎骨的浅灰。瓶底有支钉痕五点，大小如芝麻，是窑中支烧所留。",
        "en": "Song potters measured their porcelain against jade. This vase carries no painted ornament: shape and "
        "glaze have to do the work, and the bands are both decoration and the trace of a finger that paused.\n\n"
        "Where the glaze is thick it looks like cream; where it thins out, the pale grey body shows through. Five tiny "
        "marks on the base, no larger than sesame seeds, tell how it stood in the kiln.",
    },
    "type": {"zh-Hans": "瓶", "en": "Vase"},
    "period": {"text": {"zh-Hans": "南宋", "en": "Southern Song dynasty"}, "earliest": 1127, "latest": 1279},
    "material": {"zh-Hans": "青瓷", "en": "Celadon stoneware"},
    "technique": {"zh-Hans": "拉坯，施釉，还原焰烧成", "en": "Thrown, glazed, fired in reduction"},
    "place": {"zh-Hans": "浙江龙泉", "en": "Longquan, Zhejiang"},
    "dimensions": {"height_mm": 314, "diameter_mm": 98.5, "weight_g": 1820},
    "inventory_number": "2019.44.1",
    "identifiers": [{"scheme": "wikidata", "value": "Q12345", "url": "https://www.wikidata.org/wiki/Q12345"}],
    "custodian": {"zh-Hans": "湖北省博物馆", "en": "Hubei Provincial Museum"},
    "credit": {"zh-Hans": "2019年捐赠", "en": "Gift, 2019"},
    "sources": [{"zh-Hans": "《中国陶瓷史》，1982年。", "en": "A History of Chinese Ceramics, 1982."},
                {"zh-Hans": "《格古要论》"}],
    "rights": {"default": CC_BY, "text": CC_BY},
    "hotspots": [
        {"id": "bands", "position_mm": [0, 230, 90], "title": {"zh-Hans": "弦纹", "en": "Raised bands"},
         "text": {"zh-Hans": "三道弦纹随旋坯拉出，并非贴附。",
                  "en": "Three bands, drawn up on the wheel, not applied."}},
        {"id": "lip", "position_mm": [0, 310, 40], "title": {"zh-Hans": "口沿", "en": "Lip"},
         "text": {"zh-Hans": "口沿釉薄，露出胎色。", "en": "The glaze runs thin here and lets the body show."}},
    ],
})  # fmt: skip

BOWL = RelicRecord.model_validate({
    "id": "ochre-bowl",
    "title": {"zh-Hans": "赭陶盛食碗", "en": "Ochre serving bowl"},
    "label": {"zh-Hans": "宴席上用以盛食的大碗。", "en": "A large bowl for serving food at a feast."},
    "period": {"text": {"zh-Hans": "新石器时代晚期", "en": "Late Neolithic"}, "earliest": -3300, "latest": -2800},
    "culture": {"zh-Hans": "屈家岭文化", "en": "Qujialing culture"},
    "material": {"zh-Hans": "陶", "en": "Earthenware"},
    "dimensions": {"height_mm": 142, "width_mm": 250},
    "inventory_number": "J.1987.3",
    "rights": {"default": IN_COPYRIGHT, "object": {"uri": "http://rightsstatements.org/vocab/NKC/1.0/"}},
})  # fmt: skip

BEAD = RelicRecord.model_validate({
    "id": "glass-bead",
    "title": {"en": "Glass eye bead"},
    "label": {"en": "Four millimetres of blue glass that travelled further than its owner."},
    "rights": {"default": {"uri": "http://creativecommons.org/publicdomain/zero/1.0/"}},
})  # fmt: skip

EXHIBITION = Exhibition.model_validate({
    "id": "quiet-vessels",
    "title": {"zh-Hans": "静器：三件容器的来处", "en": "Quiet Vessels: Where Three Objects Came From"},
    "statement": {
        "zh-Hans": "器物不言。三件器物，一瓶、一碗、一珠，跨越四千年，各自带着制作者的手温来到这里。"
        "\n\n我们用三维扫描记录它们的形貌，误差不到十分之一毫米，请您走近，看清那些从展柜外看不到的地方。",
        "en": "Objects do not speak. A vase, a bowl and a bead, four thousand years apart, each still hold the warmth "
        "of the hands that made them.\n\nWe scanned them to within a tenth of a millimetre. Come closer, and look at "
        "what no showcase lets you see.",
    },
    "makers": {"zh-Hans": "湖北省博物馆数字部", "en": "Digital department, Hubei Provincial Museum"},
    "relics": ["green-vase", "ochre-bowl", "glass-bead"],
    "license": "http://creativecommons.org/licenses/by/4.0/",
})  # fmt: skip


def relics() -> tuple[SiteRelic, ...]:
    spoken = (
        narration("zh-Hans", ("瓶身匀净，青釉温润如玉。", "肩与腹各饰弦纹数道。"), synthetic=True),
        narration("en", ("An even glaze, like jade.", "The bands catch the light.")),
    )
    return (
        SiteRelic(VASE, asset("vase", (0.19, 0.314, 0.19)), spoken),
        SiteRelic(BOWL, asset("bowl", (0.25, 0.142, 0.25))),
        SiteRelic(BEAD, asset("bead", (0.005, 0.004, 0.005))),
    )


def small_site(**changes: object) -> SiteInput:
    """The site, with some of the exhibition's fields changed."""
    exhibition = EXHIBITION.model_copy(update=changes)
    return SiteInput(exhibition, relics(), template=read_site_template())
