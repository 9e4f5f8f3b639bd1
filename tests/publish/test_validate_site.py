"""Validating a site finds what is broken, and nothing in a sound one."""

import json
import shutil

import pytest

from exhibit.engines import gltf_tools
from exhibit.errors import DependencyError, UsageError
from exhibit.publish import validate_site as module
from exhibit.publish.validate import validate
from exhibit.publish.validate_site import validate_site
from exhibit.publish.write import write


@pytest.fixture(scope="module")
def built(tmp_path_factory, small_plan):
    folder = tmp_path_factory.mktemp("validate") / "site"
    write(small_plan, folder)
    return folder


@pytest.fixture
def site(built, tmp_path, monkeypatch):
    """A copy to break, without looking into the models."""
    empty = gltf_tools.ValidationReport(0, 0, 0)
    monkeypatch.setattr(module, "validate_glb", lambda data: empty)
    return shutil.copytree(built, tmp_path / "site")


def faults(folder):
    return [(finding.code, finding.hint) for finding in validate_site(folder) if finding.severity == "warning"]


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_site_has_no_faults(built):
    try:
        gltf_tools.validate_glb((built / "relics" / "green-vase" / "hero.glb").read_bytes())
    except DependencyError as error:
        pytest.skip(f"THE VALIDATOR IS NOT BUILT: {error}")
    assert validate(built) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        ("en/index.html", 'href="../en/room/index.html"', 'href="../en/hall/index.html"', "site.link", "leads nowhere"),
        ("en/index.html", 'href="../en/room/index.html"', 'href="../../../x.html"', "site.link", "out of the site"),
        ("en/index.html", 'href="#content"', 'href="#nowhere"', "site.link", "names a place"),
        ("en/index.html", "../static/site.css", "https://fonts.example/a.css", "site.foreign", "another host"),
        ("en/index.html", "<main", '<main style="color:red"', "site.page", "style attribute"),
        ("en/index.html", "<main", '<main onclick="x()"', "site.page", "onclick"),
        ("en/index.html", "</main>", "<script>x()</script></main>", "site.page", "inline script"),
        ("en/index.html", "</main>", "", "site.page", "closes nothing"),
        ("en/index.html", 'lang="en"', 'lang="english"', "site.language", "not the tag"),
        ("en/index.html", 'lang="en"', 'lang="de"', "site.language", "says it is in 'de'"),
        ("en/index.html", "object-src &#39;none&#39;", "object-src *", "site.page", "Content-Security-Policy"),
        ("en/relics/green-vase/index.html", 'alt="3D model of', 'data-x="', "site.page", "alternative text"),
        ("en/relics/green-vase/index.html", 'id="story"', 'id="rights"', "site.page", "more than once"),
        ("static/site.css", ":root {", '@import "https://x.example/a.css"; :root {', "site.foreign", "another host"),
        ("static/pages.css", ".niche {", ".niche { background: url(gone.png);", "site.link", "leads nowhere"),
        ("exhibition.json", '"version":1', '"version":2', "site.document", "damaged"),
        ("exhibition.json", "green-vase/hero.glb", "green-vase/gone.glb", "site.link", "leads nowhere"),
    ],
)
def test_each_fault_is_found_and_named(site, file, old, new, code, words):
    edit(site / file, old, new)
    found = faults(site)
    assert any(fault == code and words in hint and file in hint for fault, hint in found), found


def test_a_missing_document_is_a_fault(site):
    (site / "exhibition.json").unlink()
    assert faults(site) == [("site.document", "exhibition.json is missing: nothing in 3D can start.")]


def test_a_damaged_model_is_named(site, monkeypatch):
    remark = gltf_tools.ValidationMessage("error", "ACCESSOR_MIN_MISMATCH", "wrong", "/accessors/0")
    allowed = gltf_tools.ValidationMessage("warning", "IMAGE_UNRECOGNIZED_FORMAT", "ktx2", "/images/0")
    monkeypatch.setattr(module, "validate_glb", lambda data: gltf_tools.ValidationReport(1, 1, 0, (remark, allowed)))
    found = faults(site)
    assert all(code == "glb.invalid" and "ACCESSOR_MIN_MISMATCH" in hint for code, hint in found)
    assert len(found) == len(list(site.rglob("*.glb")))


def test_a_file_that_is_no_model_is_a_fault_and_no_error(tmp_path):
    (tmp_path / "a.glb").write_bytes(b"not a model")
    try:
        findings = validate(tmp_path)
    except DependencyError as error:
        pytest.skip(f"THE VALIDATOR IS NOT BUILT: {error}")
    assert [finding.code for finding in findings] == ["glb.invalid"]
    assert findings[0].hint.startswith("a.glb: ")


def test_without_a_validator_models_are_said_to_be_unchecked(site, monkeypatch):
    def missing(data):
        raise DependencyError("No Node here.")

    monkeypatch.setattr(module, "validate_glb", missing)
    (finding,) = validate_site(site)
    assert (finding.code, finding.severity) == ("glb.unchecked", "note")


def test_a_site_with_an_address_in_a_sub_folder_is_sound(tmp_path, monkeypatch):
    from small_site import small_site

    from exhibit.publish.plan import plan

    monkeypatch.setattr(module, "validate_glb", lambda data: gltf_tools.ValidationReport(0, 0, 0))
    write(plan(small_site(site_url="https://museum.example/some/where/")), tmp_path)
    assert faults(tmp_path) == []


def test_what_is_nothing_of_the_kind_is_one_sentence(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    for path in (tmp_path, tmp_path / "notes.txt", tmp_path / "gone"):
        with pytest.raises(UsageError):
            validate(path)
    with pytest.raises(UsageError):
        validate_site(tmp_path)


def test_the_document_of_the_small_site_is_json(built):
    assert json.loads((built / "exhibition.json").read_text(encoding="utf-8"))["version"] == 1
