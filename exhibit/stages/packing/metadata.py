"""What a GLB says of the relic inside it: KHR_xmp_json_ld for catalogues, ``extras`` for us, a line for everybody.

Sources: KHR_xmp_json_ld (its own, stricter JSON-LD: arrays only inside ``@list`` or ``@set``, languages as
``rdf:Alt``), XMP (ISO 16684-1) for which property is ordered, Khronos' 3DC metadata recommendations for ``model3d``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from exhibit.model.cloud import Placement
from exhibit.model.narration import Narration
from exhibit.model.record import RelicRecord
from exhibit.model.rights import Right

CONTEXT: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "model3d": "https://schema.khronos.org/model3d/xsd/1.0/",
}
_PUBLIC_DOMAIN: Final = ("/publicdomain/", "/NoC-")


def audio_name(language: str) -> str:
    """Return the file name of a narration's audio, beside the GLB."""
    return f"narration.{language}.mp3"


def captions_name(language: str) -> str:
    """Return the file name of a narration's captions, beside the GLB."""
    return f"narration.{language}.vtt"


def xmp_packet(name: str, record: RelicRecord | None) -> dict[str, Any]:
    """Return the one XMP packet of a file; without a record it knows the name alone."""
    packet: dict[str, Any] = {"@context": CONTEXT, "@id": "", "dc:format": "model/gltf-binary"}
    if record is None:
        return packet | {"dc:title": _alternatives({"x-default": name})}
    right = record.rights.of("model")
    identifiers = [*_numbers(record), record.id]
    packet |= {
        "dc:title": _alternatives(record.title),
        "dc:identifier": identifiers[0],
        "dc:language": {"@set": [language.lower() for language in record.title]},
        "dc:rights": _alternatives(_rights_texts(record)),
        "xmpRights:Marked": not any(mark in right.uri for mark in _PUBLIC_DOMAIN),
        "xmpRights:WebStatement": right.uri,
    }
    if identifiers[1:]:
        packet["xmp:Identifier"] = {"@set": identifiers[1:]}
    if creators := _creators(record):
        packet["dc:creator"] = {"@list": creators}
    if right.holder:
        packet["xmpRights:Owner"] = {"@set": [right.holder]}
    if right.license_id:
        packet["model3d:spdxLicense"] = right.license_id
    for key, text in (("dc:description", record.label), ("xmpRights:UsageTerms", record.credit)):
        if _said(text):
            packet[key] = _alternatives(text)
    for key, text in (("dc:type", record.type), ("dc:subject", record.culture), ("dc:publisher", record.custodian)):
        if _said(text):
            packet[key] = {"@set": list(dict.fromkeys(_said(text).values()))}
    return packet


def copyright_line(record: RelicRecord | None) -> str | None:
    """Return the line that every viewer shows: holder, credit, licence. None without a record."""
    if record is None:
        return None
    right = record.rights.of("model")
    credit = next(iter(_said(record.credit).values()), "")
    parts = [right.holder, credit if credit != right.holder else "", right.license_id or "", right.uri]
    return " · ".join(part for part in parts if part)


def attribution(name: str, record: RelicRecord | None) -> dict[str, str]:
    """Return title, author and licence under the keys that common viewers look for in ``asset.extras``."""
    if record is None:
        return {"title": name}
    right: Right = record.rights.of("model")
    return {
        "title": next(iter(_said(record.title).values()), name),
        "author": next(iter(_creators(record)), ""),
        "license": f"{right.license_id} ({right.uri})" if right.license_id else right.uri,
    }


def brief_extras(name: str, level: str, record: RelicRecord | None, placement: Placement | None) -> dict[str, Any]:
    """Return what every level says under ``asset.extras.exhibit``: which relic, which level, which scale."""
    said = {"id": record.id if record else name, "level": level}
    return said | ({"placement": _placement(placement)} if placement else {})


def full_extras(
    record: RelicRecord | None, narrations: tuple[Narration, ...], embedded: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Return what the large levels say beside: the record, transcripts, narration.

    Parameters
    ----------
    embedded : language -> ``audio`` and ``captions`` -> index of the buffer view that holds the bytes, if any does.
    """
    said: dict[str, Any] = {}
    if record is not None:
        # the scan's path and the recordings' file names are the workshop's business
        said["record"] = record.model_dump(mode="json", exclude_defaults=True, exclude={"scan", "narration"})
    if narrations:
        said["narration"] = {spoken.language: _narration(spoken, embedded) for spoken in narrations}
    return said


def _narration(spoken: Narration, embedded: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    views = embedded.get(spoken.language, {})
    said: dict[str, Any] = {"transcript": spoken.transcript, "durationSeconds": spoken.duration_s}
    if spoken.speaker:
        said["speaker"] = spoken.speaker
    if spoken.is_synthetic:
        said["synthetic"] = True
    if spoken.audio is not None:
        audio = _attached(audio_name(spoken.language), "audio/mpeg", spoken.audio)
        said["audio"] = audio | _in_view(views, "audio")
    if spoken.captions:
        captions = _attached(captions_name(spoken.language), "text/vtt", spoken.captions.encode())
        said["captions"] = captions | _in_view(views, "captions")
    return said


def _attached(uri: str, mime: str, data: bytes) -> dict[str, Any]:
    return {"uri": uri, "mimeType": mime, "byteLength": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _in_view(views: Mapping[str, int], what: str) -> dict[str, int]:
    return {"bufferView": views[what]} if what in views else {}


def _placement(placement: Placement) -> dict[str, Any]:
    """Say how the source's coordinates became metres: ``metres = scale * rotation @ (source - origin)``."""
    return {
        "units": "m",
        "up": "+Y",
        "metresPerSourceUnit": float(placement.metres_per_unit),
        "scaleBasis": placement.basis,
        "rotation": [[float(value) for value in row] for row in placement.rotation],
        "sourceOrigin": [float(value) for value in placement.origin],
    }


def _said(text: Mapping[str, str]) -> dict[str, str]:
    return {language: words for language, words in text.items() if words.strip()}


def _alternatives(text: Mapping[str, str]) -> dict[str, Any]:
    numbered = enumerate(_said(text).items(), start=1)
    return {"@type": "rdf:Alt"} | {
        f"rdf:_{number}": {"@language": language.lower(), "@value": words} for number, (language, words) in numbered
    }


def _rights_texts(record: RelicRecord) -> dict[str, str]:
    right = record.rights.of("model")
    terms = " ".join(part for part in (right.holder, right.license_id or "", right.uri) if part)
    credit = _said(record.credit)
    return {language: f"{words} {terms}" for language, words in credit.items()} or {"x-default": terms}


def _numbers(record: RelicRecord) -> list[str]:
    own = [record.inventory_number] if record.inventory_number else []
    return own + [f"{found.scheme}:{found.value}" for found in record.identifiers]


def _creators(record: RelicRecord) -> list[str]:
    """Return who made the model: who holds its rights, else who keeps the object."""
    holder = record.rights.of("model").holder
    return [holder] if holder else list(dict.fromkeys(_said(record.custodian).values()))
