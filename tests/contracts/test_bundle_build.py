"""The build hook: runs Node only when it must, ships what belongs beside the code, and fails in one sentence."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site_template"


@pytest.fixture(scope="module")
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(hook, tmp_path):
    """Return a site whose bundle is current."""
    for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "src/main.ts", "tools/a.ts"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"one\ntwo\n")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "stamp.txt").write_text(hook.digest_sources(tmp_path) + "\n")
    return tmp_path


def test_a_current_bundle_needs_no_node(hook, site):
    assert hook.is_current(site) and not hook.must_build(site)


@pytest.mark.parametrize("name", ["src/main.ts", "src/new.ts", "tools/a.ts", "package-lock.json", "vite.config.ts"])
def test_a_changed_source_is_built_again(hook, site, name):
    (site / name).write_text("three")
    assert hook.must_build(site)


def test_a_removed_or_renamed_source_is_built_again(hook, site):
    (site / "src" / "main.ts").rename(site / "src" / "other.ts")
    assert hook.must_build(site)


def test_line_ends_and_templates_do_not_count(hook, site):
    (site / "src" / "main.ts").write_bytes(b"one\r\ntwo\r\n")
    (site / "templates").mkdir()
    (site / "templates" / "front.html").write_text("new")
    assert not hook.must_build(site)


def test_without_bundle_means_never_node(hook, site, monkeypatch):
    (site / "dist" / "stamp.txt").unlink()
    assert hook.must_build(site)
    monkeypatch.setenv("EXHIBIT_WITHOUT_BUNDLE", "1")
    assert not hook.must_build(site)


def test_only_folders_that_exist_are_shipped(hook, tmp_path):
    (tmp_path / "site_template" / "templates").mkdir(parents=True)
    (tmp_path / "scenes").mkdir()
    assert hook.shipped_files(tmp_path) == {
        str(tmp_path / "site_template/templates"): "exhibit/_shipped/site_template/templates",
        str(tmp_path / "scenes"): "exhibit/_shipped/scenes",
    }


@pytest.mark.parametrize(
    "said, words",
    [
        ("npm error code ENOTFOUND\nnpm error network", "cannot be reached"),
        ("npm error code ETIMEDOUT", "cannot be reached"),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"),
        ("npm error code E401", "login"),
        ("npm error code ENOSPC", "disk is full"),
        ("something new", "npm said:\nsomething new"),
    ],
)
def test_what_npm_says_becomes_a_sentence_with_the_remedy(hook, said, words):
    assert words in hook.explain_npm(said)


def test_the_build_environment_drops_what_breaks_it(hook, tmp_path, monkeypatch):
    monkeypatch.setenv("NODE_OPTIONS", "--require /nonexistent.js")
    monkeypatch.setenv("NODE_ENV", "production")
    monkeypatch.setenv("HOME", str(tmp_path / "absent"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "absent"))
    monkeypatch.delenv("npm_config_cache", raising=False)
    env = hook.node_environment(tmp_path)
    assert "NODE_OPTIONS" not in env and env["NODE_ENV"] == "development"
    assert env["npm_config_cache"] == str(tmp_path)


def test_the_lockfile_names_no_host_to_download_from():
    lock = json.loads((SITE / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert "omit-lockfile-registry-resolved=true" in (SITE / ".npmrc").read_text(encoding="utf-8")


def test_every_npm_package_is_pinned_and_the_lock_agrees():
    wanted = json.loads((SITE / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((SITE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert locked[""].get(kind) == wanted[kind]
        for name, version in wanted[kind].items():
            if re.match(r"\d", version):
                assert locked[f"node_modules/{name}"]["version"] == version
