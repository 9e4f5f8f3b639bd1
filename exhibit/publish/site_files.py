"""Which file a request means, and what a browser is told of it. Pure but for looking at the disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".ktx2": "image/ktx2",
    ".hdr": "image/vnd.radiance",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".usdz": "model/vnd.usdz+zip",
    ".stl": "model/stl",
    ".3mf": "model/3mf",
    ".wasm": "application/wasm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}
"""Kept here and not asked of the system, whose tables differ and know no glTF."""

_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Found:
    """The file a path means."""

    path: Path


@dataclass(frozen=True, slots=True)
class Moved:
    """A folder asked for without its slash; `target` is relative to the request."""

    target: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing there that anybody may see."""


def locate(folder: Path, request_path: str) -> Found | Moved | Missing:
    """Return what a request means in the site's folder.

    Parameters
    ----------
    folder : the site.
    request_path : as it came, percent-encoded, with or without a query.

    Nothing outside of the folder is ever found, be it through dots, encoded dots, absolute paths, backslashes or
    links; nor are names that begin with a dot.
    """
    raw = request_path.partition("?")[0].partition("#")[0]
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return Missing()
    if not path.startswith("/") or "\\" in path or "\0" in path or ":" in path:
        return Missing()
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") for part in parts):
        return Missing()
    root = folder.resolve()
    try:
        place = root.joinpath(*parts).resolve()
        if not place.is_relative_to(root):
            return Missing()
        if place.is_dir():
            if not path.endswith("/"):
                return Moved(f"{raw.rpartition('/')[2]}/")
            place /= "index.html"
            if not place.resolve().is_relative_to(root):
                return Missing()
        elif path.endswith("/"):
            return Missing()
        return Found(place) if place.is_file() else Missing()
    except OSError:  # a name too long, a loop of links
        return Missing()


def type_of(path: Path) -> str:
    """Return the MIME type of a file."""
    return TYPES.get(path.suffix.lower(), "application/octet-stream")


def caching_of(path: Path) -> str:
    """Return how long a browser may keep a file: scripts named by their content for ever, all else with asking."""
    if path.parent.name == "bundle" and _HASHED.search(path.name):
        return "public, max-age=31536000, immutable"
    return "no-cache"


def etag_of(size: int, mtime_ns: int) -> str:
    """Return the tag by which a browser asks whether its copy is current."""
    return f'"{size:x}-{mtime_ns:x}"'


def squeezed_etag(etag: str) -> str:
    """Return the tag of a file's compressed form, which is another representation of it."""
    return f'{etag[:-1]}-gz"'


def is_current(if_none_match: str, etag: str) -> bool:
    """Tell whether the browser's copy is the file (RFC 9110, section 13.1.2: weak comparison)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


def range_of(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the bytes asked for as (first, end after last), or None for the whole file (RFC 9110, section 14).

    Several ranges, and what is not a range at all, get the whole file, as the specification allows.

    Raises
    ------
    ValueError
        The range lies outside of the file: the answer is 416.
    """
    if not header:
        return None
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise ValueError("an empty end of the file was asked for")
        return size - length, size
    begin = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise ValueError("the range begins behind the file's end")
    return begin, end
