"""A Chromium to open pages in, and the small site served.

Chromium is looked for in this order: the environment variable EXHIBIT_CHROMIUM, Playwright's own, the system's
Chromium or Chrome. Where there is none, everything here is skipped in one loud line; with EXHIBIT_REQUIRE_BROWSER=1 a
missing browser is an error.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "publish")]  # watching.py, small_site.py

FLAGS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""Software WebGL, the same on every machine, without a display."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    mine = [item for item in items if HERE in Path(item.path).parents]
    for item in mine:
        item.add_marker("browser")
    missing = why_no_browser() if mine else None
    if missing:
        # one test stands for all, so that pytest says it once and not a hundred times
        reason = f"NO BROWSER, SO {len(mine)} TESTS OPENED NO PAGE: {missing}"
        mine[0].add_marker(pytest.mark.skip(reason=reason))
        config.hook.pytest_deselected(items=mine[1:])
        items[:] = [item for item in items if item not in mine[1:]]


def on_this_machine() -> str | None:
    """Return the browser that was named, or the system's."""
    on_path = (shutil.which(name) for name in NAMES)
    named = os.environ.get("EXHIBIT_CHROMIUM")
    return named or next((path for path in (*on_path, *PLACES) if path and Path(path).is_file()), None)


def playwrights_own() -> str | None:
    """Return the browser that Playwright installed, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        path = started.chromium.executable_path
        return path if Path(path).is_file() else None


def why_no_browser() -> str | None:
    """Return why nothing can be opened, or None; an error where a browser is required."""
    if find_spec("playwright") is None:
        why = "playwright is not installed"
    elif on_this_machine() or playwrights_own():
        return None
    else:
        why = "no Chromium was found"
    if os.environ.get("EXHIBIT_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"EXHIBIT_REQUIRE_BROWSER=1, but {why}.")
    return f"{why}; install chromium or set EXHIBIT_CHROMIUM"


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the session."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        own = started.chromium.executable_path
        path = own if Path(own).is_file() and "EXHIBIT_CHROMIUM" not in os.environ else on_this_machine()
        running = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site on disk, with its scripts where they were built."""
    from small_site import small_site

    from exhibit.publish.plan import plan
    from exhibit.publish.write import write

    folder = tmp_path_factory.mktemp("small")
    write(plan(small_site()), folder)
    return folder


@pytest.fixture(scope="session")
def plain_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site without scripts: what the pages are by themselves."""
    import dataclasses

    from small_site import small_site

    from exhibit.publish.plan import plan
    from exhibit.publish.write import write

    site = small_site()
    folder = tmp_path_factory.mktemp("plain")
    write(plan(dataclasses.replace(site, template=dataclasses.replace(site.template, scripts=None))), folder)
    return folder


def _serve(folder: Path) -> Iterator[str]:
    from exhibit.publish.serve import SiteServer

    with SiteServer(folder, "127.0.0.1", 0) as server:
        yield server.url


@pytest.fixture(scope="session")
def small_url(small_folder: Path) -> Iterator[str]:
    """Address of the small site."""
    yield from _serve(small_folder)


@pytest.fixture(scope="session")
def plain_url(plain_folder: Path) -> Iterator[str]:
    """Address of the small site without scripts."""
    yield from _serve(plain_folder)
