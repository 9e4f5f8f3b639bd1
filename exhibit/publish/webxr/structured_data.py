"""What a page tells machines: schema.org as JSON-LD.

Object, model and narration are three linked nodes, because a model's rights are not the object's. Addresses are
absolute or left out: they need the site's public address.
"""

from __future__ import annotations

import json
from typing import Any

from exhibit.model.exhibition import Exhibition
from exhibit.model.record import RelicRecord
from exhibit.publish.webxr import addresses
from exhibit.publish.webxr.relic_view import RelicView
from exhibit.publish.webxr.wording import Reader

Node = dict[str, Any]
CONTEXT = "https://schema.org"


def relic_data(record: RelicRecord, view: RelicView, reader: Reader, site_url: str | None) -> Node:
    """Return the nodes of one relic: VisualArtwork, 3DModel, and AudioObject where there is a recording."""
    page = addresses.absolute(site_url, view.page)
    model_right = record.rights.of("model")
    nodes: list[Node] = [
        {
            "@type": "VisualArtwork",
            "@id": page and f"{page}#object",
            "url": page,
            "name": view.title.text,
            "alternateName": [said.text for title in record.alternative_titles if (said := reader.text(title))],
            "description": _text(view.story or view.label),
            "image": addresses.absolute(site_url, view.poster),
            "artform": _text(reader.text(record.type)),
            "artMedium": _text(reader.text(record.material)),
            "temporalCoverage": _coverage(record),
            "identifier": record.inventory_number,
            "sameAs": [identifier.url for identifier in record.identifiers if identifier.url],
            "citation": [said.text for said in view.sources],
            "creditText": _text(reader.text(record.credit)),
            "provider": _organisation(_text(reader.text(record.custodian))),
            **_dimensions(record),
        },
        {
            "@type": "3DModel",
            "@id": page and f"{page}#model",
            "name": view.title.text,
            "inLanguage": reader.language,
            "license": model_right.uri,
            "copyrightHolder": _organisation(model_right.holder),
            "accessMode": "visual",
            "encoding": [_media(download.url, site_url) for download in view.downloads] if site_url else [],
            "about": {"@id": f"{page}#object"} if page else None,
        },
    ]
    if view.narration and view.narration.audio:
        nodes.append(
            {
                "@type": "AudioObject",
                "contentUrl": addresses.absolute(site_url, view.narration.audio),
                "encodingFormat": "audio/mpeg",
                "inLanguage": view.narration.language,
                "license": record.rights.of("audio").uri,
                "transcript": "\n\n".join(
                    "".join(phrase.text for phrase in paragraph) for paragraph in view.narration.paragraphs
                ),
                "about": {"@id": f"{page}#object"} if page else None,
            }
        )
    return {"@context": CONTEXT, "@graph": [_filled(node) for node in nodes]}


def exhibition_data(exhibition: Exhibition, reader: Reader, site_url: str | None) -> Node:
    """Return the node of the exhibition."""
    node = {
        "@type": "ExhibitionEvent",
        "name": _text(reader.text(exhibition.title)),
        "description": _text(reader.text(exhibition.statement)),
        "organizer": _organisation(_text(reader.text(exhibition.makers))),
        "inLanguage": reader.language,
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "url": addresses.absolute(site_url, addresses.page(reader.language, "front")),
    }
    return {"@context": CONTEXT, **_filled(node)}


def as_data_block(value: object) -> str:
    """Return JSON that may stand inside a script element: nothing in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _filled(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _text(said: object) -> str | None:
    return getattr(said, "text", None)


def _organisation(name: str | None) -> Node | None:
    return {"@type": "Organization", "name": name} if name else None


def _media(path: str, site_url: str) -> Node:
    kinds = {"glb": "model/gltf-binary", "usdz": "model/vnd.usdz+zip", "stl": "model/stl", "3mf": "model/3mf"}
    return {
        "@type": "MediaObject",
        "contentUrl": addresses.absolute(site_url, path),
        "encodingFormat": kinds.get(path.rpartition(".")[2], "application/octet-stream"),
    }


def _coverage(record: RelicRecord) -> str | None:
    """ISO 8601 interval; years BCE count from 0, so 1 BCE is 0000."""
    period = record.period
    if period is None or period.earliest is None or period.latest is None:
        return None
    return "/".join(_iso_year(year) for year in (period.earliest, period.latest))


def _iso_year(year: int) -> str:
    counted = year + 1 if year < 0 else year
    return f"-{-counted:04d}" if counted < 0 else f"{counted:04d}"


def _dimensions(record: RelicRecord) -> Node:
    sides = ("height", "width", "depth")
    sizes = {side: getattr(record.dimensions, f"{side}_mm") for side in sides}
    return {
        side: {"@type": "QuantitativeValue", "value": size, "unitCode": "MMT"}
        for side, size in sizes.items()
        if size is not None
    }
