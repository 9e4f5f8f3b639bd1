"""Every page of the site, rendered. Pages are complete without a script; addresses in them are relative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from exhibit.locales import Words, load_words
from exhibit.model.asset import MOVING_PICTURE, MOVING_STILL
from exhibit.model.exhibition import Exhibition
from exhibit.publish.site import Content, SiteRelic
from exhibit.publish.template import SiteTemplate
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.addresses import PageKind
from exhibit.publish.webxr.drawing import Drawing
from exhibit.publish.webxr.fonts import STYLE as FONT_STYLE
from exhibit.publish.webxr.fonts import first_font
from exhibit.publish.webxr.layout import Hall
from exhibit.publish.webxr.policy import CONTENT_SECURITY_POLICY
from exhibit.publish.webxr.relic_view import RelicView, picture_size, public_files, relic_view
from exhibit.publish.webxr.rights import link_of, name_of
from exhibit.publish.webxr.structured_data import as_data_block, exhibition_data, relic_data
from exhibit.publish.webxr.wording import Reader, Said

STYLES = ("static/site.css", "static/pages.css")
RELIC_STYLE = "static/from-scan.css"
"""On relics' pages only: a style sheet holds up the first sight of a page."""
OWN_STYLE = "museum.css"
"""A museum's own style sheet, ``templates/static/museum.css`` of its overlay; comes last."""
DESCRIPTION_LENGTH = 200

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Show:
    """What all pages of a site are made from; `view_px` is the size of the hall's picture, None where it is drawn."""

    exhibition: Exhibition
    languages: tuple[str, ...]
    relics: tuple[SiteRelic, ...]
    template: SiteTemplate
    hall: Hall
    view: Drawing
    plan: Drawing
    view_px: tuple[int, int] | None = None

    def reader(self, language: str) -> Reader:
        """Return the reader of one of the site's languages."""
        return Reader(language, self.languages[0], load_words(language))

    @property
    def site_url(self) -> str | None:
        """The site's public address, if it has one."""
        return self.exhibition.site_url


@dataclass(frozen=True, slots=True)
class Feature:
    """The relic on the front page: its turning picture and its still, where there are any; else its poster."""

    relic: RelicView
    motion: str | None
    still: str | None
    still_px: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A language to choose: its tag, its own name, the page it leads to, the exhibition's title in it."""

    tag: str
    name: str
    path: str
    title: Said
    words: Words

    @property
    def say(self) -> Callable[..., str]:
        """The words of this language."""
        return self.words.say


def render_pages(show: Show) -> dict[str, bytes]:
    """Return every page of the site by its path."""
    environment = Environment(
        loader=DictLoader(dict(show.template.pages)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def render(name: str, context: Context) -> bytes:
        return environment.get_template(name).render(context).encode("utf-8")

    pages = {
        "index.html": render("choose.html", _choosing(show, "")),
        "404.html": render("missing.html", _missing(show)),
    }
    for language in show.languages:
        reader = show.reader(language)
        for path, name, context in _pages_in(show, reader):
            pages[path] = render(name, context)
    return pages


def _pages_in(show: Show, reader: Reader) -> list[tuple[str, str, Context]]:
    exhibition = reader.text(show.exhibition.title) or reader.own(show.exhibition.id)
    statement = reader.text(show.exhibition.statement)
    views = [
        relic_view(relic, number, reader, exhibition.text, show.site_url) for number, relic in enumerate(show.relics, 1)
    ]
    about = statement.text if statement else ""
    upright = show.exhibition.title_direction == "vertical" and exhibition.language.partition("-")[0] in ("zh", "ja")
    side = [reader.unit("m", reader.number(length, 0)) for length in (show.hall.width, show.hall.depth)]
    lamp = show.template.rooms[show.exhibition.room].look.light
    drawn: Context = {"view": show.view, "view_px": show.view_px, "view_url": addresses.VIEW,
                      "lamp": lamp, "relics": views}  # fmt: skip
    if show.view_px:
        drawn["picture"] = addresses.absolute(show.site_url, addresses.VIEW)
    pages: list[tuple[PageKind, Context]] = [
        ("front", {**drawn, "title": exhibition.text, "description": about, "statement": statement,
                   "feature": _feature(show, views), "is_upright": upright, "hall_size": side,
                   "data": _block(exhibition_data(show.exhibition, reader, show.site_url))}),
        ("room", {**drawn, "title": _titled(reader.words.page["room.title"], exhibition), "description": about,
                  "plan": show.plan, "plan_text": _plan_text(show, reader)}),
        ("catalogue", {"relics": views, "title": _titled(reader.words.page["catalogue.title"], exhibition),
                       "description": about}),
    ]  # fmt: skip
    rendered = [
        (addresses.page(reader.language, kind), f"{kind}.html", _common(show, reader, kind, "") | context)
        for kind, context in pages
    ]
    for number, (relic, view) in enumerate(zip(show.relics, views, strict=True)):
        context = _common(show, reader, "relic", view.id) | _relic_context(show, reader, relic, view)
        context |= {
            "title": _titled(view.title.text, exhibition),
            "previous": views[number - 1] if number else None,
            "next": views[number + 1] if number + 1 < len(views) else None,
        }
        rendered.append((view.page, "relic.html", context))
    return [(path, name, _finished(context)) for path, name, context in rendered]


def _relic_context(show: Show, reader: Reader, relic: SiteRelic, view: RelicView) -> Context:
    said = view.label or view.story
    return {
        "relic": view,
        "description": said.text if said else "",
        "picture": addresses.absolute(show.site_url, view.poster),
        "data": _block(relic_data(relic.record, view, reader, show.site_url)),
    }


def _common(show: Show, reader: Reader, kind: PageKind, relic_id: str) -> Context:
    path = addresses.page(reader.language, kind, relic_id)
    exhibition = show.exhibition
    return {
        **_head(show, addresses.root_of(path), reader.language, kind),
        "kind": kind,
        "relic_id": relic_id,
        "lang": reader.language,
        "direction": reader.words.direction,
        "w": reader.words.say,
        "exhibition": reader.text(exhibition.title) or reader.own(exhibition.id),
        "makers": reader.text(exhibition.makers),
        "note": reader.text(exhibition.note),
        "links": {name: addresses.page(reader.language, name) for name in ("front", "room", "catalogue")},
        "switch": _choices(show, kind, relic_id),
        "canonical": addresses.absolute(show.site_url, path),
        "alternates": _alternates(show, kind, relic_id),
        "strings": _block(dict(reader.words.ui)),
        "data": None,
        "is_making": _is_making(show),
        **_texts_license(show, reader),
    }


def _is_making(show: Show) -> bool:
    return any(relic.is_pending for relic in show.relics)


def _feature(show: Show, views: list[RelicView]) -> Feature | None:
    """Return the relic that turns on the front page; an empty plinth until it is made."""
    for relic, view in zip(show.relics, views, strict=True):
        if view.id == (show.exhibition.feature or views[0].id):
            files = public_files(relic)
            if relic.is_pending:
                return Feature(view, None, None, None)
            if not {MOVING_STILL, addresses.POSTER} & files.keys():
                return None
            still = addresses.relic_file(view.id, MOVING_STILL) if MOVING_STILL in files else None
            motion = addresses.relic_file(view.id, MOVING_PICTURE) if still and MOVING_PICTURE in files else None
            return Feature(view, motion, still, picture_size(files.get(MOVING_STILL)) or view.poster_px)
    return None


def _head(show: Show, root: str, language: str, kind: PageKind | None = None) -> Context:
    static, scripts = show.template.static, show.template.scripts
    own = (f"static/{OWN_STYLE}",) if OWN_STYLE in static else ()
    bundled = scripts.styles if scripts else ()
    type_style = (FONT_STYLE,) if show.template.fonts else ()
    of_kind = (RELIC_STYLE,) if kind == "relic" else ()
    return {
        "root": root,
        "font": first_font(show.template.fonts, language),
        "policy": CONTENT_SECURITY_POLICY,
        "styles": (*type_style, *STYLES, *of_kind, *bundled, *own),
        "scripts": scripts,
        "canonical": None,
        "alternates": (),
        "description": "",
        "picture": None,
    }


def _texts_license(show: Show, reader: Reader) -> Context:
    uri = show.exhibition.license
    if not uri:
        return {"texts_license": None, "texts_license_before": "", "texts_license_after": ""}
    before, _, after = reader.words.page["site.texts-license"].partition("{license}")
    license_ = {"link": link_of(uri), "name": name_of(uri, reader.words, uri)}
    return {"texts_license": license_, "texts_license_before": before, "texts_license_after": after}


def _choices(show: Show, kind: PageKind, relic_id: str = "") -> list[Choice]:
    choices = []
    for language in show.languages:
        reader = show.reader(language)
        title = reader.text(show.exhibition.title) or reader.own(show.exhibition.id)
        # a language without words of its own is at least called by its tag
        name = reader.words.name if reader.words.language == language else language
        choices.append(Choice(language, name, addresses.page(language, kind, relic_id), title, reader.words))
    return choices


def _alternates(show: Show, kind: PageKind, relic_id: str) -> list[tuple[str, str]]:
    found = [
        (language, addresses.absolute(show.site_url, addresses.page(language, kind, relic_id)))
        for language in show.languages
    ]
    links = [(tag, address) for tag, address in found if address]
    return [*links, ("x-default", links[0][1])] if links else []


def _choosing(show: Show, root: str) -> Context:
    choices = _choices(show, "front")
    titles = list(dict.fromkeys(choice.title.text for choice in choices))
    turning = _first_file(show, MOVING_STILL)
    still = turning or _first_file(show, addresses.POSTER)
    return {
        **_head(show, root, show.languages[0]),
        "lang": show.languages[0],
        "direction": choices[0].words.direction,
        "choices": choices,
        "still": still and still[0],
        "is_turning": turning is not None,
        "still_px": picture_size(still[1]) if still else None,
        "title": " · ".join(titles),
        "canonical": addresses.absolute(show.site_url, "index.html"),
        "alternates": _alternates(show, "front", ""),
        "strings": _block(dict(choices[0].words.ui)),
        "is_making": _is_making(show),
    }


def _first_file(show: Show, name: str) -> tuple[str, Content] | None:
    for relic in show.relics:
        content = public_files(relic).get(name)
        if content is not None:
            return addresses.relic_file(relic.record.id, name), content
    return None


def _missing(show: Show) -> Context:
    # a host shows this page at any depth, so its addresses begin at the host's root
    choosing = _choosing(show, addresses.base_path(show.site_url))
    titles = dict.fromkeys(choice.say("missing.title") for choice in choosing["choices"])
    return {**choosing, "title": " · ".join(titles), "canonical": None}


def _plan_text(show: Show, reader: Reader) -> str:
    width, depth = (reader.unit("m", reader.number(side, 1)) for side in (show.hall.width, show.hall.depth))
    return reader.words.say("room.plan-text", width=width, depth=depth)


def _titled(words: str, exhibition: Said) -> str:
    return f"{words} – {exhibition.text}"


def _finished(context: Context) -> Context:
    words = " ".join(context["description"].split())
    short = words if len(words) <= DESCRIPTION_LENGTH else words[: DESCRIPTION_LENGTH - 1].rstrip() + "…"
    return context | {"description": short}


def _block(value: object) -> Markup:
    return Markup(as_data_block(value))  # as_data_block leaves nothing that could end the element
