"""The living pages, looked at by axe-core, and how much they ask for."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("path", ["relics/ball-1", "room"])
def test_axe_finds_nothing_once_the_scripts_are_at_work(page, origin, until, path, language):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto(f"{origin}/{language}/{path}/?quality=low")
    until("document.documentElement.dataset.ready !== undefined")
    if path == "room":
        page.locator(".room-relics button").first.click()
        page.locator(".room-panel").wait_for()
    found = axe.Axe().run(page, context="body", options={"rules": {"region": {"enabled": False}}})
    assert found.violations_count == 0, found.generate_report()


def test_catalogue_and_front_page_do_not_load_the_engine(page, origin, site, until):
    text = (site / "en" / "room" / "index.html").read_text(encoding="utf-8")
    (site / "en" / "catalogue.html").write_text(
        text.replace('data-page="room"', 'data-page="catalogue"').replace("../../", "../"), encoding="utf-8"
    )
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{origin}/en/catalogue.html")
    page.wait_for_timeout(500)
    scripts = [url for url in asked if url.endswith(".js")]
    assert len(scripts) == 1
    assert sum(len((site / "bundle" / url.rsplit("/", 1)[1]).read_bytes()) for url in scripts) < 12_000
