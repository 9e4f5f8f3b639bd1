"""What the server answers a browser: headers, parts of files, copies that are still current, news of a build."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from exhibit.publish import site_files
from exhibit.publish.making import ADDRESS as MAKING
from exhibit.publish.making import Making
from exhibit.publish.site_files import Found, Moved
from exhibit.publish.squeezed import LEAST_BYTES, Squeezed, is_text, squeeze, takes_gzip
from exhibit.publish.webxr.policy import CONTENT_SECURITY_POLICY

RELOAD_SCRIPT: Final = "/__reload.js"
RELOAD_EVENTS: Final = "/__reload"
_BLOCK: Final = 1 << 16
_RELOAD_CODE: Final = b"""\
new EventSource('/__reload').addEventListener('rebuilt', () => location.reload());
"""
_RELOAD_TAG: Final = f'<script type="module" src="{RELOAD_SCRIPT}"></script>\n'.encode()


class Site(Protocol):
    """What an answer needs to know of the site that is served."""

    folder: Path
    watches: bool
    making: Making | None
    squeezed: Squeezed
    stopping: threading.Event

    def built_at(self) -> int:
        """Return a number that changes whenever the site was written again."""


class _Server(Protocol):
    site: Site


class SiteAnswer(BaseHTTPRequestHandler):
    """Answers one browser, request after request."""

    protocol_version = "HTTP/1.1"
    server_version = "exhibit"
    sys_version = ""
    timeout = 60
    server: _Server  # type: ignore[assignment]  # the base class knows only that it is a server

    def do_GET(self) -> None:
        """Answer with a file, a part of it, or the page for missing addresses."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer the same without the body."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: only the command line prints."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what the base class refuses: bad requests and other methods than GET and HEAD."""
        text = f"{code} {HTTPStatus(code).phrase}\n".encode()
        self.send_response(code)
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Connection", "close")
        self._finish_headers("text/plain; charset=utf-8", len(text), "no-store")
        if self.command != "HEAD":
            self.wfile.write(text)

    def _answer(self, *, with_body: bool) -> None:
        site = self.server.site
        if site.stopping.is_set():  # a connection that was kept open outlives the listening
            self.close_connection = True
            return
        path = urlsplit(self.path).path if self.path.startswith("/") else self.path
        if site.watches and path == RELOAD_EVENTS and with_body:
            self._tell_of_rebuilding()
        elif site.watches and path == RELOAD_SCRIPT:
            self._send_bytes(HTTPStatus.OK, site_files.TYPES[".js"], _RELOAD_CODE, with_body)
        elif site.making is not None and path == MAKING:
            told = json.dumps(site.making.as_json()).encode()
            self._send_bytes(HTTPStatus.OK, site_files.TYPES[".json"], told, with_body)
        else:
            found = site_files.locate(site.folder, self.path)
            if isinstance(found, Found):
                self._send_file(found.path, with_body)
            elif isinstance(found, Moved):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", found.target)
                self._finish_headers("text/plain; charset=utf-8", 0, "no-cache")
            else:
                self._send_missing(with_body)

    def _send_missing(self, with_body: bool) -> None:
        page = self.server.site.folder / "404.html"
        body = page.read_bytes() if page.is_file() else b"Not found\n"
        kind = site_files.TYPES[".html" if page.is_file() else ".txt"]
        self._send_bytes(HTTPStatus.NOT_FOUND, kind, body, with_body)

    def _send_file(self, path: Path, with_body: bool) -> None:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            kind = site_files.type_of(path)
            if self.server.site.watches and path.suffix == ".html":
                page = stream.read().replace(b"</body>", _RELOAD_TAG + b"</body>", 1)
                self._send_bytes(HTTPStatus.OK, kind, page, with_body)
                return
            plain = site_files.etag_of(status.st_size, status.st_mtime_ns)
            squeezes = "Range" not in self.headers and self._squeezes(kind, status.st_size)
            etag = site_files.squeezed_etag(plain) if squeezes else plain
            common = {
                "ETag": etag,
                "Last-Modified": formatdate(status.st_mtime, usegmt=True),
                "Accept-Ranges": "bytes",
            }
            if is_text(kind):
                common["Vary"] = "Accept-Encoding"
            if self._has_current(etag, status.st_mtime):
                self.send_response(HTTPStatus.NOT_MODIFIED)
                self._finish_headers(None, None, site_files.caching_of(path), common)
                return
            if squeezes:
                body = self.server.site.squeezed.get(str(path), plain, stream.read)
                self.send_response(HTTPStatus.OK)
                self._finish_headers(
                    kind, len(body), site_files.caching_of(path), common | {"Content-Encoding": "gzip"}
                )
                if with_body:
                    self.wfile.write(body)
                return
            try:
                part = site_files.range_of(self._range_header(etag), status.st_size)
            except ValueError:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self._finish_headers(kind, 0, "no-cache", common | {"Content-Range": f"bytes */{status.st_size}"})
                return
            first, end = part or (0, status.st_size)
            if part:
                common["Content-Range"] = f"bytes {first}-{end - 1}/{status.st_size}"
            self.send_response(HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK)
            self._finish_headers(kind, end - first, site_files.caching_of(path), common)
            if with_body:
                stream.seek(first)
                self._copy(stream, end - first)

    def _copy(self, stream: Any, n_bytes: int) -> None:
        while n_bytes > 0 and (block := stream.read(min(_BLOCK, n_bytes))):
            self.wfile.write(block)
            n_bytes -= len(block)
        if n_bytes:  # the file was cut short meanwhile: what was promised cannot be kept
            self.close_connection = True

    def _has_current(self, etag: str, mtime: float) -> bool:
        if (tags := self.headers.get("If-None-Match")) is not None:
            return site_files.is_current(tags, etag)
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            return int(mtime) <= parsedate_to_datetime(since).timestamp()
        return False

    def _range_header(self, etag: str) -> str | None:
        condition = self.headers.get("If-Range")
        return self.headers.get("Range") if condition in (None, etag) else None

    def _squeezes(self, kind: str, n_bytes: int) -> bool:
        return is_text(kind) and n_bytes >= LEAST_BYTES and takes_gzip(self.headers.get("Accept-Encoding"))

    def _send_bytes(self, status: HTTPStatus, kind: str, body: bytes, with_body: bool) -> None:
        more = {"Vary": "Accept-Encoding"} if is_text(kind) else {}
        if self._squeezes(kind, len(body)):
            body, more = squeeze(body), more | {"Content-Encoding": "gzip"}
        self.send_response(status)
        self._finish_headers(kind, len(body), "no-cache", more)
        if with_body:
            self.wfile.write(body)

    def _finish_headers(
        self, kind: str | None, length: int | None, caching: str, more: dict[str, str] | None = None
    ) -> None:
        headers = {"Cache-Control": caching, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        if kind is not None:
            headers["Content-Type"] = kind
            if kind.startswith("text/html"):
                headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        if length is not None:
            headers["Content-Length"] = str(length)
        for name, value in (headers | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()

    def _tell_of_rebuilding(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        site = self.server.site
        built, told = site.built_at(), time.monotonic()
        self.wfile.write(b"retry: 1000\n\n")
        while not site.stopping.wait(0.25):
            now = site.built_at()
            if now not in (built, 0):
                self.wfile.write(b"event: rebuilt\ndata: 1\n\n")
                built = now
            elif time.monotonic() - told > 15:
                self.wfile.write(b": still here\n\n")  # finds out whether the browser left
                told = time.monotonic()
