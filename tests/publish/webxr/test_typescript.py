"""The TypeScript types of exhibition.json are those of its Python models."""

import pytest

from exhibit.publish.webxr import typescript
from exhibit.resources import shipped


def test_the_committed_types_are_current():
    committed = shipped("site_template") / "src" / "core" / "exhibition.ts"
    assert committed.read_text(encoding="utf-8") == typescript.exhibition_types(), (
        "run: python -m exhibit.publish.webxr.typescript > site_template/src/core/exhibition.ts"
    )


def test_every_field_of_the_document_is_declared_and_never_optional():
    text = typescript.exhibition_types()
    for name in ("languages: readonly string[]", "audio: string | null", "version: 1", "position: Vector"):
        assert f"readonly {name};" in text
    assert "?:" not in text


@pytest.mark.parametrize("schema", [{}, {"type": "object"}, {"type": "fancy"}])
def test_a_shape_the_generator_does_not_know_is_refused(schema):
    with pytest.raises(TypeError, match="does not know"):
        typescript._type(schema)
