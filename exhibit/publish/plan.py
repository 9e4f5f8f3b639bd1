"""Plan a site: every byte of it is decided here, and nothing is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from exhibit.errors import DefinitionError, Problem
from exhibit.locales import load_words
from exhibit.model.finding import Finding
from exhibit.progress import SILENT, Progress
from exhibit.publish.site import Content, SiteInput, SitePlan, SiteRelic, StoredFile, bytes_of
from exhibit.publish.template import SiteTemplate, read_site_template
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.architecture import plain_room
from exhibit.publish.webxr.floor_plan import draw_plan
from exhibit.publish.webxr.fonts import set_type
from exhibit.publish.webxr.hall_view import draw_view, read_poster
from exhibit.publish.webxr.pages import Show, render_pages
from exhibit.publish.webxr.relic_view import picture_size, public_files, untranslated
from exhibit.publish.webxr.scene import exhibition_document, facing_size, lay_out_relics

__all__ = ["PlanOptions", "SiteInput", "SitePlan", "SiteRelic", "StoredFile", "plan"]


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How a site is made.

    Parameters
    ----------
    for_robots : whether search engines are asked in or out.
    """

    for_robots: Literal["welcome", "keep-out"] = "welcome"


def plan(site: SiteInput, options: PlanOptions = PlanOptions(), /, *, progress: Progress = SILENT) -> SitePlan:
    """Decide every file of a site.

    Parameters
    ----------
    site : the exhibition, its relics, and the template.
    options : see `PlanOptions`.

    Returns
    -------
    All files by path; equal input gives equal bytes. Doubts are findings: those of `site`, ``site.no-address``,
    ``site.no-scripts``, ``site.no-relics``, ``locale.missing``, ``record.untranslated``, ``relic.no-poster``,
    ``relic.no-model``, ``layout.*``.

    Raises
    ------
    DefinitionError
        Two relics have one id, or the room's style does not exist.
    """
    template = site.template or read_site_template()
    languages = site.languages or site.exhibition.languages
    _check(site, template)
    style = template.rooms[site.exhibition.room]
    hall = lay_out_relics(site.exhibition, site.relics, style)
    progress.tick(0.1, "layout")
    room = site.room or plain_room(hall, style, tuple(map(facing_size, site.relics)))
    document = exhibition_document(site.exhibition, site.relics, languages, style, hall, room, template.fonts)
    posters = []
    for number, relic in enumerate(site.relics):
        picture = public_files(relic).get(addresses.POSTER)
        url = addresses.relic_file(relic.record.id, addresses.POSTER)
        posters.append(read_poster(url, bytes_of(picture)) if picture is not None else None)
        progress.tick(0.1 + 0.3 * number / len(site.relics), "posters")
    sizes = tuple(placed.size for placed in document.relics)
    show = Show(
        exhibition=site.exhibition,
        languages=languages,
        relics=site.relics,
        template=template,
        hall=hall,
        view=draw_view(hall, style.look, sizes, tuple(posters)),
        view_px=picture_size(site.view),
        plan=draw_plan(hall),
    )
    files: dict[str, Content] = {f"static/{name}": data for name, data in template.static.items()}
    files |= template.scripts.files if template.scripts else {}
    for relic in site.relics:
        files |= _relic_files(relic)
    files[addresses.ROOM] = room.glb
    if site.view is not None and show.view_px is not None:
        files[addresses.VIEW] = site.view
    pages = render_pages(show)
    type_ = set_type(pages.values(), template.fonts)
    files |= {**pages, **type_.files}
    progress.tick(0.9, "pages")
    files[addresses.DOCUMENT] = (document.model_dump_json() + "\n").encode("utf-8")
    files |= _for_machines(show, options)
    findings = (*site.findings, *hall.findings, *type_.findings, *_findings(site, template, languages))
    progress.tick(1.0, "planned")
    return SitePlan(dict(sorted(files.items())), findings)


def _check(site: SiteInput, template: SiteTemplate) -> None:
    problems = []
    ids = [relic.record.id for relic in site.relics]
    where = f"scenes/{site.exhibition.id}.toml"
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        problems.append(Problem(where, "relics", f"'{twice}' is named twice.", "Name each relic once."))
    if site.exhibition.room not in template.rooms:
        known = ", ".join(sorted(template.rooms))
        problems.append(Problem(where, "room", f"there is no style '{site.exhibition.room}'.", f"Use one of: {known}."))
    if problems:
        raise DefinitionError("the exhibition has faults.", where=where, problems=tuple(problems))


def _relic_files(relic: SiteRelic) -> dict[str, Content]:
    record = relic.record
    files = {addresses.relic_file(record.id, name): content for name, content in public_files(relic).items()}
    for narration in relic.narrations:
        if narration.audio:
            files[addresses.narration_file(record.id, narration.language, "mp3")] = narration.audio
            if narration.captions.strip():
                captions = narration.captions.encode("utf-8")
                files[addresses.narration_file(record.id, narration.language, "vtt")] = captions
    return files


def _for_machines(show: Show, options: PlanOptions) -> dict[str, Content]:
    title = show.reader(show.languages[0]).text(show.exhibition.title)
    name = title.text if title else show.exhibition.id
    manifest = {
        "name": name,
        "short_name": name[:12],
        "lang": show.languages[0],
        "start_url": "./",
        "display": "standalone",
        "background_color": "#1a1714",
        "theme_color": "#1a1714",
        "icons": [{"src": "static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    files: dict[str, Content] = {
        "manifest.webmanifest": (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8"),
    }
    rules = ["User-agent: *", "Allow: /" if options.for_robots == "welcome" else "Disallow: /"]
    if show.site_url and options.for_robots == "welcome":
        rules.append(f"Sitemap: {addresses.absolute(show.site_url, 'sitemap.xml')}")
        files["sitemap.xml"] = _sitemap(show)
    files["robots.txt"] = ("\n".join(rules) + "\n").encode("utf-8")
    return files


def _sitemap(show: Show) -> bytes:
    pages = [
        addresses.page(language, kind)
        for language in show.languages
        for kind in ("front", "room", "catalogue")
    ] + [
        addresses.page(language, "relic", relic.record.id) for language in show.languages for relic in show.relics
    ]  # fmt: skip
    rows = [f"<url><loc>{_xml(addresses.absolute(show.site_url, page) or '')}</loc></url>" for page in pages]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *rows,
        "</urlset>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _xml(address: str) -> str:
    return quote(address, safe=":/?#[]@!$()*+,;=%~").replace("&", "&amp;")


def _findings(site: SiteInput, template: SiteTemplate, languages: tuple[str, ...]) -> list[Finding]:
    findings = []
    if not site.exhibition.site_url:
        hint = "The scene has no site_url, so absolute links (QR, Open Graph, sitemap, JSON-LD addresses) are left out."
        findings.append(Finding("site.no-address", hint=hint))
    if template.scripts is None:
        hint = "The site's scripts were not built: pages show text and pictures, but no 3D."
        findings.append(Finding("site.no-scripts", hint=hint, severity="warning"))
    if not site.relics:
        findings.append(Finding("site.no-relics", 0, "relics", "The exhibition shows nothing.", "warning"))
    for language in languages:
        if load_words(language).language != language:
            hint = f"There are no words for '{language}' in exhibit/locales; its buttons are in another language."
            findings.append(Finding("locale.missing", hint=hint, severity="warning"))
    for relic in site.relics:
        if relic.is_pending:
            continue
        findings += untranslated(relic.record, languages)
        names = public_files(relic)
        if addresses.POSTER not in names:
            hint = f"'{relic.record.id}' has no poster; a drawn urn stands in for it."
            findings.append(Finding("relic.no-poster", hint=hint, severity="warning"))
        if not any(name.endswith(".glb") for name in names):
            hint = f"'{relic.record.id}' has no model; its page shows the picture only."
            findings.append(Finding("relic.no-model", hint=hint, severity="warning"))
    return findings
