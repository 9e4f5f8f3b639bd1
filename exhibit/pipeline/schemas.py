"""JSON Schemas of everything people write, so that their editor completes keys and marks mistakes."""

from __future__ import annotations

import json
from typing import Any, Final

from exhibit.model.exhibition import Exhibition
from exhibit.model.record import RelicRecord, ScanSource
from exhibit.model.written import Written

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""What TOML editors (Taplo, Even Better TOML) read."""

_WRITTEN: Final[dict[str, tuple[type[Written], str]]] = {
    "relic": (RelicRecord, "The record of a relic: relic.toml"),
    "scene": (Exhibition, "An exhibition: scenes/*.toml"),
    "scan": (ScanSource, "How to read one scan: <scan>.toml beside it"),
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema (draft 7) of each kind of file by name: ``relic``, ``scene``, ``scan``."""
    return {name: _schema(model, title) for name, (model, title) in _WRITTEN.items()}


def schema_files() -> dict[str, bytes]:
    """Return the schemas as files by name (``relic.schema.json``), the same bytes every time."""
    return {
        f"{name}.schema.json": (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()
        for name, schema in schemas().items()
    }


def _schema(model: type[Written], title: str) -> dict[str, Any]:
    schema = _as_draft_7(model.model_json_schema())
    # the id comes from the folder's or the file's name
    schema["required"] = [name for name in schema.get("required", []) if name != "id"]
    if not schema["required"]:
        del schema["required"]
    return {"$schema": DIALECT, **schema, "title": title}


def _as_draft_7(node: Any) -> Any:
    """Return a schema of pydantic's dialect (2020-12) in that of draft 7: definitions and tuples differ."""
    if isinstance(node, list):
        return [_as_draft_7(item) for item in node]
    if not isinstance(node, dict):
        return node.replace("#/$defs/", "#/definitions/") if isinstance(node, str) else node
    draft = {
        {"$defs": "definitions", "prefixItems": "items"}.get(key, key): _as_draft_7(item) for key, item in node.items()
    }
    if "$ref" in draft and len(draft) > 1:  # draft 7 ignores whatever stands beside a $ref
        draft["allOf"] = [{"$ref": draft.pop("$ref")}]
    if "patternProperties" in draft:  # a key that is no language tag is a fault, not something more
        draft.setdefault("additionalProperties", False)
    return draft
