"""A Chromium to open pages in, and the small site served.

Chromium is looked for in this order: the environment variable EXHIBIT_CHROMIUM, Playwright's own, the system's
Chromium or Chrome. Where there is none, everything here is skipped in one loud line; with EXHIBIT_REQUIRE_BROWSER=1 a
missing browser is an error.
"""

import os
import shutil
import sys
from collections.abc import Iterator
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker("browser")


def find_chromium(playwrights_own: str) -> str | None:
    """Return the browser to start, or None where there is none."""
    named = os.environ.get("EXHIBIT_CHROMIUM")
    if named:
        return named
    if Path(playwrights_own).is_file():
        return playwrights_own
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in (*on_path, *PLACES) if path and Path(path).is_file()), None)


def no_browser(why: str) -> None:
    if os.environ.get("EXHIBIT_REQUIRE_BROWSER") == "1":
        pytest.fail(f"EXHIBIT_REQUIRE_BROWSER=1, but {why}", pytrace=False)
    pytest.skip(f"NO BROWSER, SO NO PAGE WAS OPENED: {why}; install chromium or set EXHIBIT_CHROMIUM")


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the session."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        no_browser("playwright is not installed")
    with sync_playwright() as started:
        path = find_chromium(started.chromium.executable_path)
        if path is None:
            no_browser("no Chromium was found")
        try:
            running = started.chromium.launch(executable_path=path, args=list(FLAGS))
        except Error as fault:
            no_browser(f"{path} does not start: {str(fault).splitlines()[0]}")
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
