"""Check a built site: everything resolves, nothing comes from elsewhere, every model is sound."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from exhibit.engines.gltf_tools import validate_glb
from exhibit.errors import DependencyError, StageError, UsageError
from exhibit.model.finding import Finding
from exhibit.model.language import is_language
from exhibit.progress import SILENT, Progress
from exhibit.publish.page_reader import Address, PageContent, read_page
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.document import ExhibitionDocument
from exhibit.publish.webxr.policy import CONTENT_SECURITY_POLICY

_CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
ALLOWED_WARNINGS = frozenset({"VALUE_NOT_IN_LIST", "IMAGE_UNRECOGNIZED_FORMAT"})
"""The validator does not know the ratified KHR_texture_basisu."""
_NOT_FILES = ("data:", "blob:", "mailto:", "tel:")


def validate_site(folder: Path, *, progress: Progress = SILENT) -> tuple[Finding, ...]:
    """Check the site in `folder`.

    Returns
    -------
    Findings; those of severity ``warning`` are faults. Codes: ``site.page`` (not well formed, or against the policy),
    ``site.language``, ``site.link`` (leads nowhere), ``site.foreign`` (fetched from elsewhere), ``site.document``
    (``exhibition.json``), ``glb.invalid``, ``glb.unchecked`` (no validator here).

    Raises
    ------
    UsageError
        There is no site.
    """
    if not (folder / "index.html").is_file():
        raise UsageError("holds no site: there is no index.html.", where=str(folder), hint="Run `exhibit build` first.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    pages = {path: _read(path) for path in files if path.suffix == ".html"}
    findings: list[Finding] = []
    for number, (path, page) in enumerate(pages.items()):
        progress.tick(0.4 * number / len(pages), path.name)
        name = path.relative_to(folder).as_posix()
        findings += _check_page(name, page)
        for address in page.addresses:
            findings += _check_address(folder, name, address, pages)
    for path in files:
        if path.suffix == ".css":
            findings += _check_style(folder, path, pages)
    findings += _check_document(folder)
    findings += _check_models([path for path in files if path.suffix == ".glb"], folder, progress.part(0.5, 1.0))
    return tuple(findings)


def check_glb(name: str, data: bytes) -> list[Finding]:
    """Return what the validator holds against one GLB: every error, and the warnings this house does not allow."""
    try:
        report = validate_glb(data)
    except StageError as error:
        return [_fault("glb.invalid", f"{name}: {error.message}")]
    messages = [message for message in report.of("warning") if message.code not in ALLOWED_WARNINGS]
    return [
        _fault("glb.invalid", f"{name}: {message.code} at {message.pointer or 'the file'}: {message.message}")
        for message in (*report.of("error"), *messages)
    ]


def _check_models(paths: list[Path], folder: Path, progress: Progress) -> list[Finding]:
    findings: list[Finding] = []
    for number, path in enumerate(paths):
        progress.tick(number / len(paths), path.name)
        try:
            findings += check_glb(path.relative_to(folder).as_posix(), path.read_bytes())
        except DependencyError as error:
            hint = f"{len(paths)} models were not checked: {error.message} {error.hint}".strip()
            return [*findings, Finding("glb.unchecked", len(paths), "files", hint)]
    return findings


def _check_page(name: str, page: PageContent) -> Iterator[Finding]:
    for fault in page.faults:
        yield _fault("site.page", f"{name}: {fault}.")
    if not page.title.strip():
        yield _fault("site.page", f"{name}: the page has no title.")
    if page.policy != CONTENT_SECURITY_POLICY:
        yield _fault("site.page", f"{name}: the page's Content-Security-Policy is not the site's.")
    if not is_language(page.language):
        yield _fault("site.language", f"{name}: '{page.language}' is not the tag of a language.")
    folder = name.partition("/")[0] if "/" in name else page.language
    if is_language(folder) and page.language != folder:
        yield _fault("site.language", f"{name}: the page says it is in '{page.language}'.")


def _check_address(folder: Path, name: str, address: Address, pages: dict[Path, PageContent]) -> Iterator[Finding]:
    url = address.url.strip()
    if url.startswith(_NOT_FILES) and not (address.is_loaded and url.startswith(("mailto:", "tel:"))):
        return
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        if address.is_loaded:
            yield _fault("site.foreign", f"{name}: {address.place} fetches {url} from another host.")
        return
    target = _target(folder, name, parts.path)
    if target is None:
        yield _fault("site.link", f"{name}: {address.place} {url} leads out of the site.")
    elif not target.is_file():
        yield _fault("site.link", f"{name}: {address.place} {url} leads nowhere.")
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        yield _fault("site.link", f"{name}: {address.place} {url} names a place that is not on that page.")


def _target(folder: Path, name: str, path: str) -> Path | None:
    """Return the file an address means; None where that is outside of the site."""
    if path.startswith("/"):
        # only the page for missing addresses may say so: it is shown at any depth; its site may be in a sub-folder
        if name != "404.html":
            return None
        wanted = path.rstrip("/").split("/")
        ways = ["/".join(wanted[start:]) for start in range(1, len(wanted) + 1)]
        inside = next((way for way in ways if (folder / unquote(way)).is_file()), ways[0])
    else:
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    if inside.startswith(".."):
        return None
    target = folder / unquote(inside)
    return target / "index.html" if target.is_dir() else target


def _check_style(folder: Path, path: Path, pages: dict[Path, PageContent]) -> Iterator[Finding]:
    name = path.relative_to(folder).as_posix()
    for match in _CSS_ADDRESS.finditer(path.read_text(encoding="utf-8", errors="replace")):
        url = match[1] or match[2]
        if not url.startswith("#"):
            yield from _check_address(folder, name, Address("url()", url, True), pages)


def _check_document(folder: Path) -> Iterator[Finding]:
    path = folder / addresses.DOCUMENT
    try:
        document = ExhibitionDocument.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        yield _fault("site.document", f"{addresses.DOCUMENT} is missing: nothing in 3D can start.")
        return
    except (ValidationError, ValueError) as fault:
        first = str(fault).splitlines()
        yield _fault("site.document", f"{addresses.DOCUMENT} is damaged: {' '.join(first[:3])}")
        return
    for relic in document.relics:
        links = [relic.poster, *(level.url for level in relic.levels), *relic.page.values()]
        links += [url for told in relic.narration.values() for url in (told.audio, told.captions) if url]
        for url in links:
            yield from _check_address(folder, addresses.DOCUMENT, Address(f"relic '{relic.id}'", url, True), {})


def _read(path: Path) -> PageContent:
    return read_page(path.read_text(encoding="utf-8", errors="replace"))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _fault(code: str, hint: str) -> Finding:
    return Finding(code, hint=hint, severity="warning")
