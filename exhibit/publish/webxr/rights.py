"""Rights statements by name: what a page says instead of a URI."""

from __future__ import annotations

import re
from typing import Final

from exhibit.locales import Words
from exhibit.model.language import is_missing
from exhibit.model.rights import Right, statement_of
from exhibit.publish.webxr.wording import Reader, Said

_CREATIVE_COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)")
_STATEMENT_KEYS: Final = {
    "InC": "in-c", "InC-EDU": "in-c-edu", "InC-NC": "in-c-nc", "InC-OW-EU": "in-c-ow-eu", "InC-RUU": "in-c-ruu",
    "NoC-NC": "no-c-nc", "NoC-OKLR": "no-c-oklr", "NoC-CR": "no-c-cr", "NoC-US": "no-c-us", "CNE": "cne", "UND": "und",
    "NKC": "nkc",
}  # fmt: skip


def name_of(uri: str, words: Words, license_id: str | None = None) -> str:
    """Return the name of the statement behind `uri` in the reader's language; what is unknown keeps its SPDX name."""
    match = _CREATIVE_COMMONS.match(uri)
    if match is not None:
        kind = {"zero": "cc0", "mark": "pdm"}.get(match[2], f"cc-{match[2]}")
        if f"rights.{kind}" in words.page:
            return words.say(f"rights.{kind}", version=match[3])
    code = statement_of(uri)
    if code in _STATEMENT_KEYS:
        return words.page[f"rights.{_STATEMENT_KEYS[code]}"]
    return license_id or words.page["rights.other"]


def name_of_right(right: Right, words: Words) -> str:
    """Return the name of `right` in the reader's language."""
    return name_of(right.uri, words, right.license_id)


def holder_of(right: Right, reader: Reader) -> Said | None:
    """Return who holds `right`, by the name they have in the reader's language; None where nobody is named."""
    if right.holder_in and (not right.holder or not is_missing(right.holder_in, reader.language)):
        return reader.text(right.holder_in)
    if not right.holder:
        return None
    return reader.marked(reader.own(right.holder))


def link_of(uri: str) -> str:
    """Return the address a person follows; the canonical URIs of both bodies are http, their pages https."""
    return re.sub(r"^http://(?=(www\.)?(creativecommons|rightsstatements)\.org/)", "https://", uri)
