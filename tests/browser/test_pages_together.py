"""The pages with their scripts, their policy, their server, and opened by double-click."""

import pytest
from watching import Watch, until

PATHS = [
    "",
    *(f"{lang}/{page}" for lang in ("zh-Hans", "en") for page in ("", "room/", "relics/", "relics/green-vase/")),
]


@pytest.fixture(scope="module")
def context(browser):
    """One for all, because a browser takes seconds to clear one away that drew in 3D."""
    made = browser.new_context(viewport={"width": 640, "height": 480})
    made.watch = Watch("")
    made.watch.on(made)
    yield made
    made.close()


@pytest.fixture
def watch(context, small_url):
    context.watch.forget()
    context.watch.origin = small_url
    return context.watch


@pytest.fixture
def page(context, watch):
    opened = context.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_asks_another_host_or_breaks_its_policy(page, watch, small_url, path):
    page.goto(f"{small_url}{path}?quality=low")
    page.wait_for_timeout(1000)
    assert watch.faults() == []


def test_the_policy_does_forbid(page, watch, small_url):
    page.goto(f"{small_url}en/relics/")
    page.evaluate("""() => {
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true';
      document.body.append(script);
      document.body.setAttribute('style', 'color: red');
      document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x.png'}));
    }""")
    page.wait_for_timeout(300)
    assert page.evaluate("window.wasRun") is None
    refused = " ".join(said for said in watch.console if "Content Security Policy" in said)
    assert "inline script" in refused and "inline style" in refused and "elsewhere.example" in refused


def test_data_for_machines_is_readable_in_the_page(page, small_url):
    page.goto(f"{small_url}en/relics/green-vase/")
    kinds = """JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent)
      ['@graph'].map((node) => node['@type'])"""
    assert page.evaluate(kinds) == ["VisualArtwork", "3DModel", "AudioObject"]


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_opened_by_double_click_it_shows_text_and_pictures_and_says_how_to_serve_it(page, small_folder, lang):
    page.goto((small_folder / lang / "index.html").as_uri())
    notice = page.locator("[data-when=file]")
    assert notice.is_visible() and "exhibit serve" in notice.inner_text()
    page.locator(".card-link").first.click()
    assert page.url.endswith("relics/green-vase/index.html")
    assert page.locator(".story").is_visible()
    assert page.locator("[data-when=file]").is_visible()
    assert page.evaluate("document.querySelector('.viewer-poster').naturalWidth") > 0
    assert page.evaluate("getComputedStyle(document.querySelector('.viewer')).overflow") == "hidden"
    until(page, "document.querySelector('audio').readyState >= 1")


def test_over_http_nothing_is_said_of_folders(page, small_url):
    page.goto(f"{small_url}en/")
    page.wait_for_timeout(300)
    assert not page.locator("[data-when=file]").is_visible()


def test_a_page_reloads_itself_when_the_site_was_built_again(page, watch, tmp_path):
    from small_site import small_site

    from exhibit.publish.plan import plan
    from exhibit.publish.serve import SiteServer
    from exhibit.publish.write import write

    write(plan(small_site()), tmp_path)
    with SiteServer(tmp_path, "127.0.0.1", 0, watch=True) as server:
        watch.origin = server.url
        with page.expect_response("**/__reload"):
            page.goto(f"{server.url}en/relics/")
        write(plan(small_site(title={"en": "Another name"})), tmp_path)
        until(page, "document.title.includes('Another name')")
        assert watch.faults() == []


@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
@pytest.mark.parametrize("path", ["", "zh-Hans/", "en/room/", "en/relics/green-vase/"])
def test_nothing_that_is_being_read_moves_while_a_page_comes_alive(page, small_url, path, size):
    """Google's threshold for a good page is 0.1 (Core Web Vitals)."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        " if (!one.hadRecentInput) window.shifted += one.value; })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{small_url}{path}?quality=low")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.shifted") < 0.05
