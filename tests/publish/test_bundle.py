"""The built scripts are found by the names that Vite gave them."""

import json

import pytest

from exhibit.errors import DependencyError
from exhibit.publish.bundle import find_bundle


def built(tmp_path, chunks):
    for name in ("main-1.js", "three-2.js", "decode-3.js", "main-4.css", "THIRD-PARTY.md"):
        (tmp_path / name).write_text(name)
    (tmp_path / "manifest.json").write_text(json.dumps(chunks))
    return tmp_path


def test_entry_styles_and_preloads_come_from_the_manifest(tmp_path):
    chunks = {
        "_three-2.js": {"file": "three-2.js", "imports": ["_decode-3.js"]},
        "_decode-3.js": {"file": "decode-3.js", "imports": ["_three-2.js"]},
        "src/main.ts": {"file": "main-1.js", "isEntry": True, "imports": ["_three-2.js"], "css": ["main-4.css"]},
    }
    bundle = find_bundle(built(tmp_path, chunks))
    assert bundle.entry == "main-1.js"
    assert bundle.styles == ("main-4.css",)
    assert bundle.preloads == ("three-2.js", "decode-3.js")
    assert bundle.files == ("THIRD-PARTY.md", "decode-3.js", "main-1.js", "main-4.css", "three-2.js")
    assert bundle.read("main-1.js") == b"main-1.js"


@pytest.mark.parametrize("text", [None, "", "{", "{}"])
def test_an_absent_or_broken_bundle_says_what_to_do(tmp_path, text):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(DependencyError, match="not built") as caught:
        find_bundle(tmp_path)
    assert "hatch_build.py" in caught.value.hint


def test_the_bundle_of_this_checkout_is_whole():
    bundle = find_bundle()
    assert {bundle.entry, *bundle.styles, *bundle.preloads} <= set(bundle.files)
