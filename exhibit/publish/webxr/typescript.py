"""TypeScript types of ``exhibition.json``, written from the JSON Schema of its Python models.

Run after every change of `exhibit.publish.webxr.document`::

    python -m exhibit.publish.webxr.typescript > site_template/src/core/exhibition.ts

A test compares the committed file with what this module writes, so the two halves cannot drift.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from exhibit.publish.webxr.document import ExhibitionDocument

HEADER: Final = """\
// Written by `python -m exhibit.publish.webxr.typescript` from exhibit/publish/webxr/document.py: change it there.

export type Vector = [number, number, number];

/** The same text per language. */
export type Text = Readonly<Record<string, string>>;
"""

_NAMED: Final = {
    "readonly [number, number, number]": "Vector",
    "Readonly<Record<string, string>>": "Text",
}
_SIMPLE: Final = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def exhibition_types() -> str:
    """Return the TypeScript module: one exported interface per part, the whole document last."""
    schema = ExhibitionDocument.model_json_schema(mode="serialization")
    parts: dict[str, Any] = schema.pop("$defs", {})
    interfaces = [_interface(name, part) for name, part in parts.items()]
    return "\n".join([HEADER, *interfaces, _interface(str(schema["title"]), schema)])


def _interface(name: str, schema: dict[str, Any]) -> str:
    # the document is written whole, so a default is no reason for a question mark
    lines = [*_comment(schema, ""), f"export interface {name} {{"]
    for key, value in schema.get("properties", {}).items():
        lines += [*_comment(value, "  "), f"  readonly {key}: {_named(value)};"]
    return "\n".join([*lines, "}", ""])


def _comment(schema: dict[str, Any], indent: str) -> list[str]:
    text = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    return [f"{indent}/** {text} */"] if text else []


def _named(schema: dict[str, Any]) -> str:
    expression = _type(schema)
    return _NAMED.get(expression, expression)


def _type(schema: dict[str, Any]) -> str:
    """Return the type expression of one schema; raise TypeError on what this small generator does not know."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"Readonly<Record<string, {_type(schema['additionalProperties'])}>>"
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    raise TypeError(f"The generator of TypeScript types does not know {schema}; teach it in {__name__}.")


def _array(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"readonly [{', '.join(_type(item) for item in schema['prefixItems'])}]"
    item = _type(schema["items"])
    return f"readonly ({item})[]" if " " in item else f"readonly {item}[]"


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    sys.stdout.write(exhibition_types())
