"""Read one page of a site: what it links to, what it loads, and what its policy would forbid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_LOADED: Final = {
    "script": ("src",), "img": ("src",), "source": ("src",), "audio": ("src",), "video": ("src", "poster"),
    "track": ("src",), "iframe": ("src",), "embed": ("src",), "object": ("data",), "input": ("src",),
    "image": ("href", "xlink:href"), "use": ("href", "xlink:href"),
}  # fmt: skip
"""Attributes whose address a browser fetches by itself."""
_LOADING_RELS: Final = frozenset({"stylesheet", "icon", "manifest", "modulepreload", "preload", "apple-touch-icon"})
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_MAY_STAY_OPEN: Final = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option"})
DATA_TYPES: Final = frozenset({"application/json", "application/ld+json", "importmap", "speculationrules"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address in a page: where it stands, what it says, and whether a browser fetches it without being asked."""

    place: str
    url: str
    is_loaded: bool


@dataclass
class PageContent:
    """What was found in a page."""

    language: str = ""
    title: str = ""
    policy: str = ""
    ids: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_page(text: str) -> PageContent:
    """Read a page's HTML; faults are sentences about what is not well formed or not allowed."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content = PageContent()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in _MAY_STAY_OPEN:
            self.open.pop()
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in _VOID:
            self.content.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.content.title += data

    def finished(self) -> PageContent:
        left = [tag for tag in self.open if tag not in _MAY_STAY_OPEN]
        if left:
            self.content.faults.append(f"<{left[-1]}> is never closed")
        for twice in sorted({name for name in self.content.ids if self.content.ids.count(name) > 1}):
            self.content.faults.append(f"the id '{twice}' is used more than once")
        return self.content

    def _look_at(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        content = self.content
        if tag == "html":
            content.language = attributes.get("lang", "")
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "content-security-policy":
            content.policy = attributes.get("content", "")
        if "id" in attributes:
            content.ids.append(attributes["id"])
        if tag in ("img", "area") and "alt" not in attributes:
            content.faults.append(f"the picture {attributes.get('src', '')} has no alternative text")
        content.faults += list(_forbidden(tag, attributes))
        content.addresses += list(_addresses(tag, attributes))


def _forbidden(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    """What the pages' policy forbids, so that it would silently not work."""
    if tag == "style":
        yield "a <style> element, which the policy forbids"
    if tag == "script" and "src" not in attributes and attributes.get("type", "") not in DATA_TYPES:
        yield "an inline script, which the policy forbids"
    for name, value in attributes.items():
        if name == "style":
            yield f"a style attribute on <{tag}>, which the policy forbids"
        elif name.startswith("on"):
            yield f"an inline {name} on <{tag}>, which the policy forbids"
        elif value.strip().lower().startswith("javascript:"):
            yield f"a javascript: address on <{tag}>, which the policy forbids"


def _addresses(tag: str, attributes: dict[str, str]) -> Iterator[Address]:
    for name in _LOADED.get(tag, ()):
        if name in attributes:
            yield Address(f"<{tag} {name}>", attributes[name], True)
    for candidate in attributes.get("srcset", "").split(","):
        if candidate.strip():
            yield Address(f"<{tag} srcset>", candidate.split()[0], True)
    if tag in ("a", "area", "form") and (url := attributes.get("href", attributes.get("action"))) is not None:
        yield Address(f"<{tag}>", url, False)
    if tag == "link" and "href" in attributes:
        loads = bool(_LOADING_RELS & set(attributes.get("rel", "").lower().split()))
        yield Address(f"<link {attributes.get('rel', '')}>", attributes["href"], loads)
