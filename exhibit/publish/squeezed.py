"""Texts sent compressed (gzip): squeezed once, kept in memory as long as their file is the same.

RFC 9110, sections 8.4.1.3 and 12.5.3.
Models, textures, pictures and sound are compressed by their own formats and are sent as they are.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

LEAST_BYTES: Final = 1024
"""Below this the headers outweigh what is saved."""
_BUDGET_BYTES: Final = 32 * 2**20
_LEVEL: Final = 6
_TEXTS: Final = ("text/", "application/json", "application/manifest+json", "application/xml", "application/wasm",
                 "image/svg+xml", "model/gltf+json")  # fmt: skip


class Squeezed:
    """Compressed files by their path and tag; the longest unasked go when they take more than `budget_bytes`."""

    def __init__(self, budget_bytes: int = _BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def get(self, path: str, etag: str, read: Callable[[], bytes]) -> bytes:
        """Return the compressed file, from memory if it was asked for before and did not change.

        Parameters
        ----------
        path, etag : of the file as it is now.
        read : returns its content.
        """
        key = path, etag
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        data = squeeze(read())
        with self._lock:
            self._kept[key] = data
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._budget_bytes:
                self._kept.popitem(last=False)
        return data


def squeeze(data: bytes) -> bytes:
    """Return `data` compressed, the same bytes every time."""
    return gzip.compress(data, _LEVEL, mtime=0)


def is_text(kind: str) -> bool:
    """Tell whether files of a MIME type get smaller."""
    return kind.startswith(_TEXTS)


def takes_gzip(accept_encoding: str | None) -> bool:
    """Tell whether a browser takes gzip (RFC 9110, section 12.5.3); one that says nothing is sent the plain file."""
    weights: dict[str, float] = {}
    for part in (accept_encoding or "").lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.replace(" ", "").partition("=")
        try:
            weights[coding.strip()] = float(value) if name == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0
