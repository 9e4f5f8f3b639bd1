"""Where everything stands in the site. Addresses are stable: they are printed on labels as QR codes."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

PageKind = Literal["front", "room", "catalogue", "relic"]

DOCUMENT: Final = "exhibition.json"
POSTER: Final = "poster.webp"
PLACEHOLDER: Final = "static/placeholder.svg"
PLINTH: Final = "static/plinth.svg"
REPORT: Final = "report.json"
ROOM: Final = "room.glb"
VIEW: Final = "hall.webp"


def page(language: str, kind: PageKind, relic_id: str = "") -> str:
    """Return the path of a page's file from the site's root."""
    folder = {"front": "", "room": "room/", "catalogue": "relics/", "relic": f"relics/{relic_id}/"}[kind]
    return f"{language}/{folder}index.html"


def relic_file(relic_id: str, name: str) -> str:
    """Return the path of a relic's file, shared by all languages."""
    return f"relics/{relic_id}/{name}"


def narration_file(relic_id: str, language: str, suffix: Literal["mp3", "vtt"]) -> str:
    """Return the path of a relic's recording or captions."""
    return relic_file(relic_id, f"narration.{language}.{suffix}")


def root_of(path: str) -> str:
    """Return the way from a page to the site's root: ``../../``."""
    return "../" * path.count("/")


def absolute(site_url: str | None, path: str) -> str | None:
    """Return the public address of `path`, without ``index.html``; None where the site has no address."""
    if not site_url:
        return None
    return f"{site_url.rstrip('/')}/{path.removesuffix('index.html')}"


def base_path(site_url: str | None) -> str:
    """Return where the site stands on its host: ``/museum/``; ``/`` when nobody said."""
    return f"{urlsplit(site_url).path.rstrip('/')}/" if site_url else "/"
